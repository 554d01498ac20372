"""The findings of a week: as the weekly report has them, else worked out anew from the tickets'
lives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from triagewire.errors import NotFoundError
from triagewire.flow.around_measures import around, go_live, policies_of
from triagewire.flow.finding_trends import beside_of
from triagewire.flow.measuring import Kept, lives_since
from triagewire.measures.due import Each, folder
from triagewire.measures.encoded import from_json
from triagewire.measures.figures import Asked
from triagewire.measures.period import A_DAY, Period, week_name, week_of
from triagewire.policy.model import PublishedPolicy
from triagewire.store.active import active_version
from triagewire.store.policies import load_usable_policy
from triagewire.store.table import Tables
from triagewire.trends.finding import Finding
from triagewire.trends.review import findings

SLACK = timedelta(days=2)
"""Zones and late copies: so much sooner than the week before begins are lives read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where findings come from: the bucket of reports, the tables, and when it is (UTC)."""

    kept: Kept
    tables: Tables
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """The findings of a week, and what to know before believing them."""

    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()


def last_week_before(now: datetime) -> Period:
    """The last whole week by UTC."""
    return week_of(now.date() - 7 * A_DAY)


def findings_of(where: Found, site: str, week: Period) -> Reviewed:
    """The findings of a week, of a site or ("") of all. Raises NotFoundError for a site that the
    policy does not have.
    """
    active = load_usable_policy(where.tables, active_version(where.tables))
    known = sorted(active.policy.sites)
    if site and site not in known:
        raise NotFoundError(f"the policy has no site {site}: it has {', '.join(known)}")
    body = where.kept.read(f"{folder(site, Each.WEEKLY)}{week_name(week.first)}.json")
    if body is None:
        return _worked_out(where, active, site, week)
    filed = from_json(body, Finding)
    return Reviewed(findings=filed.findings, warnings=_warnings(filed.report.trust.faults))


def one_of(found: Sequence[Finding], finding_id: str) -> Finding:
    """The finding of that id. Raises NotFoundError, with the ones that are called alike."""
    for each in found:
        if each.id == finding_id:
            return each
    alike = get_close_matches(finding_id, [each.id for each in found], n=3, cutoff=0.4)
    hint = f": is it {' or '.join(alike)}?" if alike else ": `triagewire trends list` shows them"
    raise NotFoundError(f"the week has no such finding{hint}")


def _worked_out(where: Found, active: PublishedPolicy, site: str, week: Period) -> Reviewed:
    """Findings of a week that has no report: it is not over, or nothing ran then."""
    begins = week.before.begins("UTC") - SLACK
    gathered, lives = lives_since(where.kept, begins)
    asked = Asked(
        period=week,
        around=around(active, policies_of(where.tables), lives.values()),
        site=site,
        go_live=go_live(active),
    )
    beside = beside_of(where.tables, active.policy, where.now)
    until = gathered.mark.until
    told = f"up to {until:%Y-%m-%d %H:%M} UTC" if until else "and none was gathered yet"
    return Reviewed(
        findings=findings(lives.values(), asked, beside),
        warnings=(
            f"no report of this week: worked out from the lives of tickets, {told}",
            *_warnings(gathered.trust.faults),
        ),
    )


def _warnings(faults: Sequence[str]) -> tuple[str, ...]:
    if not faults:
        return ()
    return (f"the ledger does not verify in {len(faults)} places; nothing counts from there on",)
