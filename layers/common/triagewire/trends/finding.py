"""A finding: one line of a trend review, and the change to the policy that it suggests.

It holds ticket ids, ids of rules, articles, sources and members, numbers, and words of the policy:
never a word that a requester wrote.
"""

from enum import StrEnum

from msgspec import Struct

MOST_TICKETS = 20
"""A finding names so many tickets at most; `n` says how many there are."""


class Kind(StrEnum):
    """What a finding is about."""

    UNDER_TRIAGE = "under_triage"
    WRONG_SCORE = "wrong_score"
    MISROUTE = "misroute"
    BREACHES = "breaches"
    ESCALATIONS = "escalations"
    MISSING_FIELDS = "missing_fields"
    REOPENED = "reopened"
    ARTICLE_UNUSED = "article_unused"
    ARTICLE_RETURNS = "article_returns"
    UNBALANCED = "unbalanced"
    HAND_BACKS = "hand_backs"
    NOBODY_AT_WORK = "nobody_at_work"
    UNREADABLE = "unreadable"
    UNDELIVERED = "undelivered"
    SILENT = "silent"
    DUPLICATES = "duplicates"


class Standing(StrEnum):
    """Whether the period before had the finding too. One that is gone says what it was then."""

    NEW = "new"
    AGAIN = "again"
    GONE = "gone"


class Draft(Struct, frozen=True, kw_only=True):
    """A change to the policy. `file` is below the policy folder (`sites/north.yaml`), `place` the
    mapping in it that `text` extends (`routing`; "" for the end of the file). `right` tickets of
    the period would have gone right by it, `wrong` that went right would have gone wrong.

    With `by_hand` the text is a comment that says what a person has to write: no program lowers or
    raises an urgency.
    """

    file: str
    place: str
    name: str
    text: str
    right: int = 0
    wrong: int = 0
    by_hand: bool = False


class Finding(Struct, frozen=True, kw_only=True):
    """One line of a trend review. `id` is the same in every week in which it is found.

    It is about `n` of `of` tickets (or whatever `title` counts); `sure` is the lower bound of their
    share, 0 to 1, which holds in 39 of 40 cases (0 where no share is meant). The list is sorted by
    `weight`, the gravest first. `title` says what it is and `told` what else the tickets show, in
    words for people; `words` are terms of the policy's own rules; `suggestion` says what to do.
    """

    id: str
    kind: Kind
    site: str
    title: str
    weight: float
    n: int
    of: int = 0
    sure: float = 0.0
    standing: Standing = Standing.NEW
    told: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    suggestion: str = ""
    draft: Draft | None = None

    @property
    def share(self) -> float | None:
        """How many of those that could be: 0 to 1; None where there is nothing to compare with."""
        return self.n / self.of if self.of else None
