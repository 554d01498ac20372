"""What leaves the documents of tickets and messages: where no word of a patient may stand."""

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from tests.aws.clinic import Clinic
from tests.aws.wire import Call
from tests.conftest import Written

OWN_DESTINATION = ("PhoneNumber", "Message")
"""A text to a requester, at the number that they wrote from."""
OWN_WORDS = {"text", "fields", "requester", "subject"}
"""What a program that settles a request of staff is told of it, by contract."""


def everything_that_left(clinic: Clinic, written: Written) -> Iterator[tuple[str, str]]:
    """Logs, metrics, notices, queues, keys, plain attributes, the ledger: all but the documents."""
    yield "logs and metrics", written.getvalue()
    yield from all_calls(clinic)
    yield from all_items(clinic)


def all_calls(clinic: Clinic) -> Iterator[tuple[str, str]]:
    """What was said to AWS, but for what is sealed there: every text once for each operation."""
    said: dict[str, set[str]] = {}
    for call in clinic.wire.calls:
        said.setdefault(call.operation, set()).update(_texts(_told(call)))
    for operation, texts in said.items():
        yield f"a call of {operation}", "\n".join(texts)


def _told(call: Call) -> object:
    match call.service:
        case "ses" | "sesv2":
            return None  # a mail to the requester themselves
        case "sns" if "PhoneNumber" in call.arguments:
            return _without(call.arguments, *OWN_DESTINATION)
        case "events":
            return [_without_words(entry) for entry in call.arguments["Entries"]]
        case "s3":
            return _without(call.arguments, "Body")
    return call.arguments


def _without_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "Detail": _without(json.loads(entry["Detail"]), *OWN_WORDS)}


def all_items(clinic: Clinic) -> Iterator[tuple[str, str]]:
    """Keys and plain attributes of what is stored, and the whole ledger."""
    for item in clinic.items():
        yield f"an item {item['sk']['S'][:6]}", "\n".join(_texts(item))
    for item in clinic.items("ledger"):
        for name, value in item.items():
            said = zlib.decompress(value["B"]).decode() if "B" in value else str(value)
            yield f"the ledger's {name}", said


def _without(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


def _texts(value: object) -> Iterator[str]:
    """All that can be read of a value, names of fields too: bytes are packed or sealed documents.

    Texts that are JSON are read as they are: an escape in them is a form that the search knows.
    """
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif not isinstance(value, bytes | bytearray | None):
        yield str(value)
