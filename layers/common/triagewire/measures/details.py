"""What the detail of an event holds, read without trust in its types."""

from datetime import datetime

from triagewire.ledger.event import Detail, Event


def text_of(event: Event, name: str) -> str:
    """A text that an event states; "" where it states none."""
    value = event.detail.get(name)
    return value if isinstance(value, str) else ""


def number_of(event: Event, name: str) -> int:
    """A whole number that it states; 0 where it states none."""
    value = event.detail.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def texts_of(event: Event, name: str) -> list[str]:
    """The texts of a list that it states."""
    value: Detail = event.detail.get(name)
    return value if isinstance(value, list) else []


def moment_of(event: Event, name: str) -> datetime | None:
    """A time that an event states; None where it states none that can be read."""
    try:
        at = datetime.fromisoformat(text_of(event, name))
    except ValueError:
        return None
    return at if at.tzinfo else None
