"""How requesters were served, counted by the month in which their ticket was resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from triagewire.store.codec import number, read_number
from triagewire.store.table import Tables, Write, get_item, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How many requesters of a site were asked about tickets of a month, and how many answered with
    which score.
    """

    asked: int = 0
    by_score: Mapping[int, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(self.by_score.values())

    @property
    def mean(self) -> float | None:
        """The mean score, to two places; None where nobody answered."""
        total = sum(score * times for score, times in self.by_score.items())
        return round(total / self.answered, 2) if self.answered else None


def count_asked(tables: Tables, site: str, month: str) -> Write:
    """The write that counts one more requester who was asked."""
    return _counted(tables, site, month, {"asked": 1})


def count_score(tables: Tables, site: str, month: str, score: int, before: int | None) -> Write:
    """The write that counts a score, in place of the one given before it."""
    changes = {f"score_{score}": 1}
    if before is not None:
        changes[f"score_{before}"] = -1
    return _counted(tables, site, month, changes)


def read_satisfaction(tables: Tables, site: str, month: str) -> Satisfaction:
    """What is counted of a month; nothing yet for one in which nobody was asked."""
    item = get_item(tables.client, tables.tickets, _pk(site), month) or {}
    by_score = {score: read_number(item, f"score_{score}") for score in range(1, 6)}
    return Satisfaction(asked=read_number(item, "asked"), by_score=by_score)


def _counted(tables: Tables, site: str, month: str, changes: Mapping[str, int]) -> Write:
    parts = [f"#{name} :{name}" for name in changes]
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(site), month),
            "UpdateExpression": "ADD " + ", ".join(parts),
            "ExpressionAttributeNames": {f"#{name}": name for name in changes},
            "ExpressionAttributeValues": {f":{name}": number(by) for name, by in changes.items()},
        }
    }
    return Write(update, f"count of satisfaction of {month}")


def _pk(site: str) -> str:
    return f"SATISFACTION#{site}"
