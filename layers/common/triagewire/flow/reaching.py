"""Looking at whether people can be reached: what the topics have is compared with the roster, and
of an on-call person or catch-all whom no page reaches somebody else is told, once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from triagewire.errors import ConflictError
from triagewire.escalation.addresses import Subscription, has_ways, reach_of
from triagewire.escalation.coverage import shifts
from triagewire.escalation.notice import NoticeKind, PersonNotice
from triagewire.escalation.reach import Reach, ways_of
from triagewire.flow.context import Context, Plan
from triagewire.flow.notifying import put_out
from triagewire.observability import count, logger
from triagewire.policy.model import Policy, Site
from triagewire.store.reach import Looked, read_looked, write_looked

SOON = timedelta(days=7)
"""So long before their turn it is told that somebody on call cannot be reached."""
LOOK_EVERY = timedelta(hours=1)
LOOK_AGAIN_EVERY = timedelta(minutes=10)
"""While somebody cannot be reached: who has just confirmed is not to wait an hour to be paged."""
CLINICAL = "clinical"


def look_at_reach(context: Context) -> int:
    """Look at people's ways when it is time to; returns how often that failed, which is 0 or 1.

    A group in which nobody has a way of their own is never looked at.
    """
    if not context.notifies:
        count("DebugMode")
    if context.subscribed is None or not has_ways(context.policy.policy):
        return 0
    try:
        looked = read_looked(context.tables)
        if _due(looked, context):
            looked = look(context, looked, context.subscribed(), looked.stopped)
        count("UnreachableOnCall", len(looked.unreachable))
    except Exception as error:
        logger.error("ways of people not looked at", error=type(error).__name__)
        return 1
    return 0


def look(
    context: Context, before: Looked, found: Iterable[Subscription], stopped: frozenset[str]
) -> Looked:
    """Compare what the topics have with the roster, keep what is broken, and put out a notice of
    everybody who has become unreachable, or reachable again, since `before`.

    `stopped` are the members who have said STOP to texts: SNS tells that to nobody who is granted
    less than every number of the account, so the operator's command asks, and the sweep keeps its
    answer. Returns `before` if somebody else has looked meanwhile.
    """
    policy = context.policy.policy
    reach = reach_of(policy, found, stopped)
    since = unreachable(policy, reach, context.now)
    after = Looked(
        reach=reach,
        stopped=stopped,
        broken_since={way: before.broken_since.get(way, context.now) for way in broken_ways(reach)},
        unreachable={who: before.unreachable.get(who, context.now) for who in since},
        looked_at=context.now,
        policy_version=context.policy.version,
        revision=before.revision,
    )
    plan = Plan(writes=[write_looked(context.tables, after)])
    put_out(context, _notices(policy, before, after, context.now), plan)
    try:
        plan.commit(context)
    except ConflictError:
        return before
    return replace(after, revision=after.revision + 1)


def unreachable(policy: Policy, reach: Reach, now: datetime) -> tuple[str, ...]:
    """Whom no page reaches of those who are on call now or soon, and of the catch-alls, as
    `site/member`.
    """
    return tuple(
        f"{site_id}/{person}"
        for site_id, site in policy.sites.items()
        for person in dict.fromkeys((*soon_on_call(site, now), site.catch_all))
        if not ways_of(site, person, reach.pages)
    )


def soon_on_call(site: Site, now: datetime) -> Iterator[str]:
    """Whoever is on call from `now` (UTC) until a week from then."""
    for shift in shifts(site, now, now + SOON):
        if shift.member is not None:
            yield shift.member


def broken_ways(reach: Reach) -> Iterator[str]:
    """Every way that does not carry both pages and alerts, as `member/way`."""
    for known in (reach, reach.pages):
        for person, ways in known.broken.items():
            yield from (f"{person}/{way.value}" for way in sorted(ways))


def _due(looked: Looked, context: Context) -> bool:
    if looked.looked_at is None or looked.policy_version != context.policy.version:
        return True
    every = LOOK_AGAIN_EVERY if looked.unreachable else LOOK_EVERY
    return context.now - looked.looked_at >= every


def _notices(
    policy: Policy, before: Looked, after: Looked, now: datetime
) -> Iterator[PersonNotice]:
    for who, since in after.unreachable.items():
        if who not in before.unreachable:
            yield from _told(policy, who, NoticeKind.UNREACHABLE, after, since, now)
    for who, since in before.unreachable.items():
        if who not in after.unreachable and _still_there(policy, who, after.reach):
            yield from _told(policy, who, NoticeKind.REACHABLE, after, since, now)


def _still_there(policy: Policy, who: str, reach: Reach) -> bool:
    """Whether somebody works again, and is not only needed no more or gone from the roster."""
    site_id, _, person = who.partition("/")
    site = policy.sites.get(site_id)
    return site is not None and person in site.members and bool(ways_of(site, person, reach.pages))


def _told(
    policy: Policy, who: str, kind: NoticeKind, after: Looked, since: datetime, now: datetime
) -> Iterator[PersonNotice]:
    site_id, _, about = who.partition("/")
    site = policy.sites[site_id]
    broken = after.reach.pages.broken.get(about, frozenset())
    for person in dict.fromkeys((_clinical_lead(site), site.catch_all)):
        yield PersonNotice(
            kind=kind,
            person=person,
            site=site_id,
            about=about,
            broken=tuple(sorted(broken)),
            since=since,
            at=now,
        )


def _clinical_lead(site: Site) -> str:
    """Who leads the team that handles clinical tickets."""
    for team_id, team in site.teams.items():
        if CLINICAL in (team_id, *team.handles):
            return team.lead
    return site.catch_all
