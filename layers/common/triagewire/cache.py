"""Values that a warm function keeps for a while: the policy and the secrets."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

RETRY_SECONDS = 15.0
"""How soon a failed reload is tried again."""


@dataclass(slots=True)
class Kept[T]:
    """The value that `load` gave, read again after `seconds`.

    A failed reload keeps the last good value, but never for more than `longest` seconds: for what
    can be revoked, an old value is worse than none.
    """

    load: Callable[[], T]
    seconds: float
    on_failure: Callable[[Exception], None] | None = None
    longest: float = inf
    _value: T | None = None
    _loaded_at: float = -inf
    _tried_at: float = -inf
    _wait: float = 0.0

    def get(self) -> T:
        """The value, at most `seconds` old while loading works.

        Raises what `load` raises if there is none yet, and RuntimeError when it has become too old.
        """
        if self._value is None or time.monotonic() - self._tried_at >= self._wait:
            self._reload()
        if self._value is None:
            raise RuntimeError("load returned nothing")
        if time.monotonic() - self._loaded_at >= self.longest:
            raise RuntimeError("the kept value is too old, and cannot be loaded again")
        return self._value

    def renew(self, after: float) -> bool:
        """Load again at once if the last try is at least `after` seconds old; whether it changed.

        However often it is called, `load` runs once in `after` seconds at most.
        """
        if self._value is None or time.monotonic() - self._tried_at < after:
            return False
        before = self._value
        self._reload()
        return self._value != before

    def _reload(self) -> None:
        self._tried_at = time.monotonic()
        try:
            self._value = self.load()
        except Exception as error:
            self._wait = min(self.seconds, RETRY_SECONDS)
            if self._value is None:
                raise
            if self.on_failure is not None:
                self.on_failure(error)
        else:
            self._loaded_at, self._wait = self._tried_at, self.seconds
