"""How much of a mail is taken apart: the standard library takes a mail of any shape, but some
shapes cost it minutes, and anybody can send one.
"""

from dataclasses import dataclass, field
from email.policy import EmailPolicy
from typing import Any, cast

MOST_PARAMETER_CHARACTERS = 4_000
"""Of one header with parameters, whose parsing takes quadratic time; a real one has some hundred
characters, and a long name in Japanese three thousand."""
SHORT_PARAMETER_CHARACTERS = 150
MOST_IN_ALL_CHARACTERS = 150_000
"""Of all such headers of a mail; beyond it they are read only at their beginning."""
BEGINNING_BYTES = 250_000
"""Read of a mail of a costly shape: the words stand before the files."""

_MOST_LINES = 2_000_000
_MOST_MARKS = 20_000
_MOST_STEPS = 50_000_000
_DEEPEST = 100


@dataclass(slots=True)
class _Parsed:
    """The headers of one mail that were parsed; each is asked for several times."""

    known: dict[tuple[str, str], Any] = field(default_factory=dict)
    characters: int = 0


class BoundedPolicy(EmailPolicy):
    """The standard library's modern policy; one for each mail. Its parsers see no more of a header
    than any real one has.
    """

    parsed: _Parsed | None = None

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ANN401  a header, parsed
        """The header, parsed."""
        before = self.parsed or _Parsed()
        if (name, value) not in before.known:
            short = before.characters > MOST_IN_ALL_CHARACTERS
            read = value[: SHORT_PARAMETER_CHARACTERS if short else MOST_PARAMETER_CHARACTERS]
            before.characters += len(read)
            before.known[name, value] = self._read(name, read)
        return before.known[name, value]

    def _read(self, name: str, value: str) -> Any:  # noqa: ANN401  as above
        try:
            return super().header_fetch_parse(name, value)
        except Exception:
            # The parsers raise all kinds over half a parameter. As text it has its first word.
            return value


def a_policy() -> BoundedPolicy:
    """The policy for one mail."""
    # Policies take what their class has as keywords, of which their types know nothing.
    return cast(BoundedPolicy, BoundedPolicy(parsed=_Parsed()))  # type: ignore[call-overload]


def affordable(raw: bytes) -> bytes:
    """The mail, or its beginning where its shape would cost minutes: hundreds of thousands of
    parts, or of lines that are compared with the boundary of every level.
    """
    lines = raw.count(b"\n")
    marks = raw.count(b"\n--")
    if b"delivery-status" in raw:
        marks += raw.count(b"\n\r\n") + raw.count(b"\n\n")
    steps = lines * min(raw.count(b"boundary"), _DEEPEST)
    costly = lines > _MOST_LINES or marks > _MOST_MARKS or steps > _MOST_STEPS
    return raw[:BEGINNING_BYTES] if costly else raw
