"""All that goes over the wire to AWS: recorded, one call at a time, failing on demand."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError


class Died(BaseException):
    """The function was killed: nothing of it catches this, as nothing catches a lost process."""


class Fault(StrEnum):
    """What befalls a call: it is refused, it is done but its answer is lost, or the caller dies.

    `rejected` is a mail that will never be taken; `conflict` is a transaction that met another one
    on the same item and was cancelled.
    """

    REFUSED = "refused"
    REJECTED = "rejected for good"
    LOST = "lost"
    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its caller made it."""

    service: str
    operation: str
    arguments: dict[str, Any]


@dataclass(slots=True)
class Wire:
    """All calls since the test began. Calls exclude each other, as transactions of a table do."""

    calls: list[Call] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _fault: Callable[[int, Call], Fault | None] = field(default=lambda _number, _call: None)
    _counted: int = 0

    def of(self, operation: str) -> list[dict[str, Any]]:
        """The arguments of every call of an operation, in order."""
        return [call.arguments for call in self.calls if call.operation == operation]

    @contextmanager
    def faulty(self, fault: Fault, nth: int, times: int = 1) -> Iterator["Wire"]:
        """Let the `nth` call from now on (and the following, for `times`) have the fault."""
        with self.failing(lambda at, _call: fault if nth <= at < nth + times else None):
            yield self

    @contextmanager
    def failing(self, fault: Callable[[int, Call], Fault | None]) -> Iterator["Wire"]:
        """Let `fault` say of each call, numbered from 0, what befalls it."""
        self._fault, self._counted = fault, 0
        try:
            yield self
        finally:
            self._fault = lambda _number, _call: None

    @property
    def counted(self) -> int:
        """How many calls were made since a fault was last set up."""
        return self._counted

    def carry(self, call: Call, send: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Pass a call on, or do to it what was asked for."""
        with self._lock:
            self.calls.append(call)
            fault = self._fault(self._counted, call)
            self._counted += 1
            if fault is Fault.REFUSED:
                raise _error(call, "InternalServerError")
            if fault is Fault.REJECTED:
                raise _error(call, "MessageRejected")
            if fault is Fault.DIES_BEFORE:
                raise Died
            if fault is Fault.CONFLICT and call.operation == "TransactWriteItems":
                raise _conflict(call)
            answer = send()
            if fault is Fault.DIES_AFTER:
                raise Died
            if fault is Fault.LOST:
                raise ReadTimeoutError(endpoint_url="https://aws.example")
            return answer


@contextmanager
def tapped() -> Iterator[Wire]:
    """The wire of every client there is."""
    wire = Wire()
    direct = BaseClient._make_api_call  # type: ignore[attr-defined]

    def through(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
        if operation == "Scan":  # only the tests look at whole tables
            return direct(client, operation, arguments)
        call = Call(client.meta.service_model.service_name, operation, arguments)
        return wire.carry(call, lambda: direct(client, operation, arguments))

    with patch.object(BaseClient, "_make_api_call", through):
        yield wire


def _error(call: Call, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "injected"}}, call.operation)


def _conflict(call: Call) -> ClientError:
    reasons = [{"Code": "TransactionConflict"} for _ in call.arguments["TransactItems"]]
    error: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "injected"},
        "CancellationReasons": reasons,
    }
    return ClientError(error, call.operation)
