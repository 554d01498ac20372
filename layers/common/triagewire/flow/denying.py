"""What somebody tried and may not: recorded, but so rarely that nobody fills the ledger by it.

The answer is the same whatever comes of recording it: it must not tell what there is.
"""

import hashlib
from datetime import timedelta

from triagewire.channels.bucket import MICROSECOND, Bucket
from triagewire.errors import ConflictError, DeniedError, NotAllowedError
from triagewire.flow.context import Context, Plan
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count, logger
from triagewire.store.denials import noted_denial
from triagewire.store.source_states import take_callers_token

ATTEMPTS = 3
DENIALS = Bucket(spacing=timedelta(minutes=1) // MICROSECOND, size=10)
"""Of one member's tries of one ticket, or of one site, so many are recorded: each is a write, and
who may not even see a ticket could hold up those who work on it.
"""


def is_to_record(context: Context, member: str, what: str) -> bool:
    """Whether another try of `what` (a ticket or a site) by this member is still recorded."""
    named = f"denied\0{member}\0{what}".encode("utf-8", "replace")
    caller = hashlib.sha256(named).hexdigest()
    return not take_callers_token(context.tables, caller, DENIALS, context.now)


def not_recorded(member: str, what: str) -> None:
    """Count a try that the ledger does not have; `what` is the id of a ticket or of a site."""
    count("DenialsNotRecorded")
    logger.warning("denial not recorded", subject=what, member=member)


def note_denied(context: Context, member: str, tried: DeniedError | NotAllowedError) -> None:
    """Record that a member tried to see, or to do, at a site what is not theirs."""
    wanted = "to see it" if isinstance(tried, DeniedError) else "to do that"
    detail = {"site": tried.site, "team": tried.team, "member": member}
    entry = Entry(action=Action.DENIED, why=f"no right {wanted}", detail=detail)
    try:
        noted = _noted(context, member, tried.site, entry)
    except Exception as error:
        logger.error("denial failed", error=type(error).__name__)
        noted = False
    if not noted:
        not_recorded(member, tried.site)


def _noted(context: Context, member: str, site: str, entry: Entry) -> bool:
    """Write a denial; False where there are too many, or every attempt lost a race."""
    if not is_to_record(context, member, site):
        return False
    for around in context.tries(ATTEMPTS):
        try:
            writes = noted_denial(around.tables, site, member, entry, around.stamp)
            Plan(writes=writes).commit(around)
        except ConflictError:
            continue
        return True
    return False
