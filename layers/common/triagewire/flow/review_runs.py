"""What the review function does at each of its times, with the buckets, the key and the policy of
its deployment.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from triagewire import aws
from triagewire.errors import PolicyMissingError
from triagewire.flow import measuring
from triagewire.flow.around_measures import around, go_live, policies_of
from triagewire.flow.finding_trends import finding
from triagewire.flow.measuring import Gathered, gathered_so_far
from triagewire.flow.policies import current_policy
from triagewire.flow.reviewing import Reviewing, is_overdue, make
from triagewire.ledger.checkpoint_chain import Genuine
from triagewire.lockbox import LockBox
from triagewire.measures.burn import burn_of
from triagewire.measures.due import Due, Each
from triagewire.measures.encoded import Filed
from triagewire.measures.word import word_of
from triagewire.observability import count, logger
from triagewire.policy.model import PublishedPolicy
from triagewire.reporting import tell_leads
from triagewire.reports import ReportBox
from triagewire.settings import settings
from triagewire.signing import SigningKey
from triagewire.trends.finding import Finding
from triagewire.trusted_keys import genuine_by

type TimeLeft = Callable[[], bool]


def gather(now: datetime, time_left: TimeLeft) -> dict[str, Any]:
    """Take up what was signed since the last run, and tell how the promises stand. The heart beats
    when nothing is left to take up and no report is overdue.
    """
    events, faults = _counts_so_far()
    read = _all_of(time_left)
    found = len(read.gathering.faults) - faults
    count("EventsGathered", read.gathering.events - events)
    if found > 0:
        count("MeasuresUntrusted", found)
        logger.error("the ledger behind the measures does not verify", records=found)
    well = not read.more and _reports_are_there(read, now)
    if well:
        count("ReviewHeartbeat")
    return {"events": read.gathering.events - events, "faults": found, "well": well}


def daily(now: datetime, time_left: TimeLeft) -> dict[str, Any]:
    """Make the reports of days that are over."""
    return _make(Each.DAILY, now, time_left)


def weekly(now: datetime, time_left: TimeLeft) -> dict[str, Any]:
    """Make the trend reviews of weeks that are over."""
    return _make(Each.WEEKLY, now, time_left)


def _make(each: Each, now: datetime, time_left: TimeLeft) -> dict[str, Any]:
    active = _policy()
    if active is None:
        return {}
    made = make(_reviewing(active, now, time_left), each)
    return {**made}


def _counts_so_far() -> tuple[int, int]:
    """How many events and faults are known; the lives themselves are let go at once."""
    known = gathered_so_far(_kept()).gathering
    return known.events, len(known.faults)


def _all_of(time_left: TimeLeft) -> Gathered:
    """Everything that is signed, a day of the ledger at a time."""
    while True:
        read = measuring.gather(_locked(), _kept(), _genuine())
        if not read.more or not time_left():
            return read


def _reports_are_there(read: Gathered, now: datetime) -> bool:
    """Whether no report is overdue; tells how each site's promises stand by the way."""
    active = _policy()
    if active is None:
        return True
    run = _reviewing(active, now, lambda: False)
    lives = read.gathering.lives
    if read.mark.until is not None:
        beside = around(active, run.policy_of, lives.values())
        levels: dict[str, float] = {}
        for burn in burn_of(lives.values(), read.mark.until, beside, go_live(active)):
            levels[burn.site] = max(burn.level, levels.get(burn.site, 0.0))
            if burn.level >= 1:
                logger.warning("promises burn", site=burn.site, kind=burn.promise.value)
        for site, level in levels.items():
            count("SloBurn", level, site=site)
    return not is_overdue(run, lives)


def _reviewing(active: PublishedPolicy, now: datetime, time_left: TimeLeft) -> Reviewing:
    return Reviewing(
        kept=_kept(),
        active=active,
        policy_of=policies_of(aws.tables()),
        now=now,
        find=finding(aws.tables(), active.policy, now),
        tell=lambda what, filed: _tell(active, what, filed),
        time_left=time_left,
    )


def _tell(active: PublishedPolicy, what: Due, filed: Filed[Finding]) -> None:
    site = active.policy.sites[what.site]
    tell_leads(what, site, word_of(what, filed, site.name, settings().desk_url))


def _policy() -> PublishedPolicy | None:
    """The active policy; None before the first: there is nothing to report on then."""
    try:
        return current_policy().get()
    except PolicyMissingError:
        return None


def _locked() -> LockBox:
    return LockBox(aws.s3(), settings().audit_bucket)


def _kept() -> ReportBox:
    return ReportBox(aws.s3(), settings().reports_bucket)


@cache
def _genuine() -> Genuine:
    """The deployment's own key, as KMS has it, and no other."""
    return genuine_by([SigningKey(aws.kms(), settings().signing_key_arn).pem.encode()])
