"""What findings are made of: the tickets of one site and what happened to them in a period."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict, Unpack

from triagewire.measures.figures import Asked, why_left_out
from triagewire.measures.life import Life
from triagewire.measures.period import Period, week_name
from triagewire.policy.model import Policy, Site
from triagewire.replies.uses import Use
from triagewire.scoring.rulebook import Rules
from triagewire.trends.chances import sure
from triagewire.trends.finding import MOST_TICKETS, Draft, Finding, Kind

type ArticleUses = Mapping[str, Mapping[Use, int]]
"""How often each article was used in the last months, by its id."""

GRAVITY: Mapping[Kind, float] = {
    Kind.UNDER_TRIAGE: 1000,
    Kind.ESCALATIONS: 50,
    Kind.SILENT: 20,
    Kind.BREACHES: 10,
    Kind.MISROUTE: 8,
    Kind.UNDELIVERED: 8,
    Kind.UNREADABLE: 8,
    Kind.REOPENED: 5,
    Kind.ARTICLE_RETURNS: 5,
    Kind.HAND_BACKS: 4,
    Kind.NOBODY_AT_WORK: 4,
    Kind.WRONG_SCORE: 3,
    Kind.MISSING_FIELDS: 3,
    Kind.UNBALANCED: 0.1,
    Kind.DUPLICATES: 1,
    Kind.ARTICLE_UNUSED: 1,
}
"""What one ticket of a kind weighs: harm first, then lost time, then comfort. Ours, to sort by."""


class More(TypedDict, total=False):
    """What a finding may say besides, as `Finding` has it."""

    told: tuple[str, ...]
    rules: tuple[str, ...]
    words: tuple[str, ...]
    suggestion: str
    draft: Draft | None


_NOT_IN_AN_ID = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What findings need beside the tickets: the active policy with its rules built, and by site
    how often its articles were used; a site whose uses nobody read has none.
    """

    policy: Policy
    rules: Rules
    uses: Mapping[str, ArticleUses] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One site in a period. `lives` are the tickets that measures count; `every` has also those of
    robots and those merged into others. Both may hold tickets of other weeks. The period is from
    `begins` to before `ends` (UTC); `earlier` begins one just as long before it.
    """

    id: str
    site: Site
    beside: Beside
    period: Period
    begins: datetime
    ends: datetime
    earlier: datetime
    lives: tuple[Life, ...]
    every: tuple[Life, ...]

    def happened(self, at: datetime | None) -> bool:
        """Whether a moment (UTC) is in the period."""
        return at is not None and self.begins <= at < self.ends

    @property
    def came(self) -> tuple[Life, ...]:
        """The counted tickets that came in the period."""
        return tuple(life for life in self.lives if self.happened(life.received_at))

    @property
    def named(self) -> str:
        """The period and the site, for a comment in a file of the policy."""
        return f"{week_name(self.period.first)}, {self.id}"

    def finding(
        self,
        kind: Kind,
        about: Sequence[str],
        title: str,
        tickets: Iterable[Life] = (),
        *,
        n: int | None = None,
        of: int = 0,
        **more: Unpack[More],
    ) -> Finding:
        """A finding of this site about some tickets, `of` so many; `n` where it counts something
        else than them.
        """
        ids = sorted(each.ticket for each in tickets)
        count = len(ids) if n is None else n
        bound = round(sure(count, of), 4)
        return Finding(
            id=finding_id(kind, self.id, *about),
            kind=kind,
            site=self.id,
            title=title,
            weight=round(GRAVITY[kind] * max(bound * of, 1.0), 2),
            n=count,
            of=of,
            sure=bound,
            tickets=tuple(ids[:MOST_TICKETS]),
            **more,
        )


def finding_id(kind: Kind, *about: str) -> str:
    """`misroute.north.billing.portal.portal-mention`: the same for the same thing in any week."""
    return ".".join(_NOT_IN_AN_ID.sub("-", each.casefold()) or "none" for each in (kind, *about))


def looked_at(site_id: str, lives: Iterable[Life], asked: Asked, beside: Beside) -> Looked:
    """One site's tickets, as findings of a period look at them."""
    site, period = beside.policy.sites[site_id], asked.period
    every = tuple(
        life for life in lives if life.site == site_id and life.received_at and not life.broken
    )
    return Looked(
        id=site_id,
        site=site,
        beside=beside,
        period=period,
        begins=period.begins(site.zone),
        ends=period.ends(site.zone),
        earlier=period.before.begins(site.zone),
        lives=tuple(life for life in every if not why_left_out(life, asked)),
        every=every,
    )


def most_common[T](values: Iterable[T]) -> tuple[T, int] | None:
    """The value that occurs most often, and how often; the smallest of several."""
    counts: dict[T, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return min(counts.items(), key=lambda each: (-each[1], str(each[0])), default=None)
