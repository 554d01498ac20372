"""Emergency access: opened by a person with a reason, told of at once, closed at its minute.

It lives in the session: it is read with every request anyway, and ends with it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from triagewire.access import Principal
from triagewire.emergency import Emergency, EmergencyReason
from triagewire.errors import (
    ConflictError,
    DeniedError,
    InvalidFieldError,
    NotFoundError,
    RefusedError,
)
from triagewire.escalation.notice import EmergencyNotice
from triagewire.flow.context import Context, Plan
from triagewire.flow.notifying import put_out
from triagewire.flow.sessions import ATTEMPTS, KEPT, SignIn, without_emergency, written
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count
from triagewire.policy.model import Site
from triagewire.store.sessions import Session, read_session, write_session

BY_HAND = "ended by hand"
TIME_UP = "its time was up"
NOT_ALLOWED = "the policy allows it no more"


def standing(context: Context, known: Session | None) -> Emergency | None:
    """The emergency access that a session has now.

    One whose time is up, or that the roster or the policy allows no more, opens nothing; the ledger
    has its end from the first request that finds it so.
    """
    if known is None or known.emergency is None:
        return None
    found, policy = known.emergency, context.policy.policy
    if not found.stands(context.now):
        _closed(context, known, TIME_UP)
        return None
    if not Principal(id=known.member, policy=policy).may_have_emergency(found.site):
        _closed(context, known, NOT_ALLOWED)
        return None
    return found


def start(
    context: Context,
    principal: Principal,
    sign_in: SignIn,
    site_id: str,
    why: EmergencyReason,
    minutes: int | None = None,
) -> Emergency:
    """Open a site for the session of a principal, and put out what its leads are told of it.

    Raises NotFoundError for a site that they may not open, RefusedError 409 while one stands or for
    a site that is wholly theirs, InvalidFieldError for too many minutes, and ConflictError.
    """
    site = _allowed(principal, site_id)
    most = site.emergency_access.minutes
    if minutes is not None and minutes > most:
        raise InvalidFieldError("minutes", f"must be at most {most}")
    until = context.now + timedelta(minutes=minutes or most)
    emergency = Emergency(site=site_id, until=until, why=why)
    for around in context.tries(ATTEMPTS):
        known = read_session(around.tables, sign_in.session)
        if known is None or known.ended_at is not None:
            continue
        if known.emergency is not None and known.emergency.stands(around.now):
            raise RefusedError(409, "emergency access stands already: end it first")
        if _started(around, known, emergency, site):
            count("EmergencyAccess")
            return emergency
    raise ConflictError("the session is changing too fast: try again")


def end(context: Context, sign_in: SignIn) -> None:
    """End what emergency access a session has; without any nothing happens. Raises
    ConflictError.
    """
    for around in context.tries(ATTEMPTS):
        known = read_session(around.tables, sign_in.session)
        if known is None or known.emergency is None:
            return
        if _closed(around, known, BY_HAND):
            return
    raise ConflictError("the session is changing too fast: try again")


def _allowed(principal: Principal, site_id: str) -> Site:
    site = principal.policy.sites.get(site_id)
    if site is None:
        raise NotFoundError("no such site")
    if not principal.may_have_emergency(site_id):
        raise DeniedError("no such site", site=site_id)
    if principal.owns_all_of(site_id):
        raise RefusedError(409, "the site is yours already")
    return site


def _started(context: Context, known: Session, emergency: Emergency, site: Site) -> bool:
    """Write it, with its ledger event and its notices: all of it or nothing."""
    entry = Entry(
        action=Action.EMERGENCY_STARTED,
        why=emergency.why.value,
        detail={
            "site": emergency.site,
            "member": known.member,
            "until": emergency.until.isoformat(),
            "emergency": True,
        },
    )
    after = replace(known, emergency=emergency)
    expires = context.now + KEPT
    writes = write_session(context.tables, after, (entry,), context.stamp, expires)
    plan = Plan(writes=writes)
    put_out(context, _notices(context, known.member, emergency, site), plan)
    try:
        plan.commit(context)
    except ConflictError:
        return False
    return True


def _notices(
    context: Context, member: str, emergency: Emergency, site: Site
) -> Iterator[EmergencyNotice]:
    """One for each lead of the site and for the catch-all; who did it knows."""
    leads = dict.fromkeys((*(team.lead for team in site.teams.values()), site.catch_all))
    told = [each for each in leads if each != member] or [site.catch_all]
    for person in told:
        yield EmergencyNotice(
            person=person,
            site=emergency.site,
            about=member,
            why=emergency.why,
            until=emergency.until,
            at=context.now,
        )


def _closed(context: Context, known: Session, why: str) -> bool:
    """Write an end; False if somebody else was quicker, as the other of two requests that find
    it.
    """
    return written(context, *without_emergency(known, why))
