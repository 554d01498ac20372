"""What a person should have thought about before a policy lets words be purged."""

from collections.abc import Iterator

from triagewire.policy.document import Document, Problem
from triagewire.policy.model import Policy
from triagewire.policy.retention import Retention
from triagewire.policy.schema import problem_at

SIX_YEARS = 2_192
"""In days, two leap years in it at most: 45 CFR 164.316(b)(2)(i) and 164.528 look back so far."""


def retention_warnings(policy: Policy, document: Document) -> Iterator[str]:
    """What a person should have thought about before words are purged, one line each: it may be
    right, so it keeps no policy from becoming active.
    """
    for site_id, site in policy.sites.items():
        if problem := _too_soon(site.retention):
            place, words = problem
            yield problem_at(document, ("sites", site_id, *place), words)


def _too_soon(retention: Retention) -> Problem | None:
    days = retention.message_days
    if days is None or days >= SIX_YEARS:
        return None
    return (
        ("retention", "message_days"),
        f"{days} days are fewer than the {SIX_YEARS} of six years: fit only where every message "
        "also stands in the chart, and state law asks for no more",
    )
