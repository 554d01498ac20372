"""All findings of a period, the gravest first, beside those of the period before."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from triagewire.measures.figures import Asked
from triagewire.measures.life import Life
from triagewire.trends.answers import reopened, returning_articles, unused_articles
from triagewire.trends.finding import Finding, Standing
from triagewire.trends.judged import under_triage, vain_reviews, wrong_topics
from triagewire.trends.looked import Beside, Looked, looked_at
from triagewire.trends.misroutes import misroutes
from triagewire.trends.promises import breaches, missing_fields, unheard_pages
from triagewire.trends.senders import duplicates, failing_senders, silent_senders
from triagewire.trends.staffing import hand_backs, nobody_at_work, unbalanced

type Look = Callable[[Looked], Iterator[Finding]]

LOOKS: tuple[Look, ...] = (
    *(under_triage, wrong_topics, vain_reviews),
    misroutes,
    *(breaches, unheard_pages, missing_fields),
    *(reopened, returning_articles, unused_articles),
    *(unbalanced, hand_backs, nobody_at_work),
    *(failing_senders, silent_senders, duplicates),
)


def findings(lives: Iterable[Life], asked: Asked, beside: Beside) -> tuple[Finding, ...]:
    """What the tickets of a period show, for one site or (`asked.site` is "") for all that the
    policy has, the gravest first; at the end what was found in the period before and is gone.

    `lives` must reach back to the beginning of the period before.
    """
    known = tuple(lives)
    sites = [asked.site] if asked.site else sorted(beside.policy.sites)
    now = _found(known, asked, beside, sites)
    before = _found(known, replace(asked, period=asked.period.before), beside, sites)
    again, today = {each.id for each in before}, {each.id for each in now}
    standing = [_stands(each, Standing.AGAIN) if each.id in again else each for each in now]
    gone = [_stands(each, Standing.GONE) for each in before if each.id not in today]
    return (*_ranked(standing), *_ranked(gone))


def _found(
    lives: tuple[Life, ...], asked: Asked, beside: Beside, sites: Iterable[str]
) -> list[Finding]:
    """Those of the sites that the policy has."""
    looked = (
        looked_at(each, lives, asked, beside) for each in sites if each in beside.policy.sites
    )
    return [finding for each in looked for look in LOOKS for finding in look(each)]


def _stands(finding: Finding, standing: Standing) -> Finding:
    changes: dict[str, Any] = {"standing": standing}
    if standing is Standing.GONE:
        changes |= {"draft": None, "weight": 0.0, "suggestion": ""}
    return msgspec.structs.replace(finding, **changes)


def _ranked(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda each: (-each.weight, -each.n, each.id))
