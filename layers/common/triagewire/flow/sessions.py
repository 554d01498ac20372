"""Automatic log-off, on the server (45 CFR 164.312(a)(2)(iii)): tokens that are still valid open
nothing once nobody has done anything with them for a while, or once their owner has signed out.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triagewire.errors import ConflictError, SignedOutError
from triagewire.flow.context import Context, Plan
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.store.sessions import Session, read_session, touch, write_session

IDLE = timedelta(minutes=15)
NOTED_EVERY = timedelta(minutes=1)
"""How often it is written that a session is used: log-off may come so much sooner, never later."""
KEPT = timedelta(hours=14)
"""Longer than a refresh token and the last token that it gives: what ended never seems new."""
ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What a verified token says of the signing-in that it is from: who, which one, and when (UTC)
    the token was given.
    """

    member: str
    session: str
    given_at: datetime


def admit(context: Context, sign_in: SignIn, *, works: bool) -> Session | None:
    """Let a request of a session pass; what a person `works` keeps the session alive, and what
    their program asks by itself does not. Returns the session as it stands, None for one that is
    used for the first time. Raises SignedOutError.
    """
    known = read_session(context.tables, sign_in.session)
    if known is None:
        if context.now > sign_in.given_at + IDLE:
            raise SignedOutError("the token was given too long ago")
        if works:
            _begin(context, sign_in)
        return None
    if known.ended_at is not None or known.member != sign_in.member:
        raise SignedOutError("the session has ended")
    if context.now > known.seen_at + IDLE:
        _log_off(context, known)
        raise SignedOutError("nobody used the session for too long")
    if works and context.now >= known.seen_at + NOTED_EVERY:
        alive = touch(context.tables, known.id, context.now, context.now + KEPT)
        if not alive:
            raise SignedOutError("the session has ended")
        # Who writes the session again must not take back that it was used just now.
        return replace(known, seen_at=context.now)
    return known


def sign_out(context: Context, sign_in: SignIn) -> None:
    """End a session for good, for all tokens of it. Raises ConflictError."""
    for _ in context.tries(ATTEMPTS):
        known = read_session(context.tables, sign_in.session) or _new(context, sign_in)
        if known.ended_at is not None:
            return
        if _ended(context, known, Entry(action=Action.SIGNED_OUT, why="asked for")):
            return
    raise ConflictError("the session is changing too fast: try again")


def without_emergency(known: Session, why: str) -> tuple[Session, tuple[Entry, ...]]:
    """A session without the emergency access that it has, if any, and what the ledger says of
    that.
    """
    if known.emergency is None:
        return known, ()
    detail: dict[str, Detail] = {
        "site": known.emergency.site,
        "member": known.member,
        "until": known.emergency.until.isoformat(),
        "emergency": True,
    }
    entry = Entry(action=Action.EMERGENCY_ENDED, why=why, detail=detail)
    return replace(known, emergency=None), (entry,)


def written(context: Context, session: Session, entries: tuple[Entry, ...]) -> bool:
    """Write a session as it is now with its ledger events; False if it was changed meanwhile."""
    expires = context.now + KEPT
    writes = write_session(context.tables, session, entries, context.stamp, expires)
    try:
        Plan(writes=writes).commit(context)
    except ConflictError:
        return False
    return True


def _begin(context: Context, sign_in: SignIn) -> None:
    """Note a session that is used for the first time; of two requests at once one does it."""
    entry = Entry(action=Action.SIGNED_IN, why="first used")
    written(context, _new(context, sign_in), (entry,))


def _log_off(context: Context, known: Session) -> None:
    """End a session that was left alone, once: it is over since its time was up, and the ledger
    has it from the first request that came too late.
    """
    detail = {"seen_at": known.seen_at.isoformat()}
    entry = Entry(action=Action.SIGNED_OUT, why="nobody used it for too long", detail=detail)
    _ended(context, known, entry)


def _ended(context: Context, known: Session, entry: Entry) -> bool:
    """End a session, and emergency access with it."""
    closed, entries = without_emergency(known, "the session ended")
    return written(context, replace(closed, ended_at=context.now), (*entries, entry))


def _new(context: Context, sign_in: SignIn) -> Session:
    return Session(id=sign_in.session, member=sign_in.member, seen_at=context.now)
