"""Values that a warm function keeps for a while: the policy and the secrets."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Kept[T]:
    """The value that `load` gave, read again after `seconds`. A failed reload keeps the last good
    value.
    """

    load: Callable[[], T]
    seconds: float
    on_failure: Callable[[Exception], None] | None = None
    _value: T | None = None
    _read_at: float = float("-inf")

    def get(self) -> T:
        """The value, at most `seconds` old while loading works. Raises what `load` raises if there
        is none yet.
        """
        if self._value is None or time.monotonic() - self._read_at >= self.seconds:
            self._reload()
        if self._value is None:
            raise RuntimeError("load returned nothing")
        return self._value

    def _reload(self) -> None:
        try:
            self._value = self.load()
        except Exception as error:
            if self._value is None:
                raise
            if self.on_failure is not None:
                self.on_failure(error)
        self._read_at = time.monotonic()
