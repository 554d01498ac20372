"""Sending one message to one person by their ways, and what the ledger says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from triagewire.escalation.bundle import Bundle
from triagewire.escalation.dispatch import Dispatch
from triagewire.escalation.notice import AnyNotice
from triagewire.flow.context import Context
from triagewire.ladder import Way
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.observability import count, logger


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Which ways took a message, and which did not."""

    sent: tuple[Way, ...] = ()
    failed: tuple[Way, ...] = ()


def send_by(context: Context, bundle: Bundle, what: Dispatch) -> Tried:
    """Publish by every way, or until one takes it; a way that fails holds up no other."""
    sent: list[Way] = []
    failed: list[Way] = []
    for way in (*what.ways, *what.otherwise):
        if sent and (way in what.otherwise or not what.every_way):
            break
        try:
            context.publish(replace(bundle, first=not sent), way)
        except Exception as error:
            count("NoticeFailed")
            logger.error("notice not sent", way=way.value, error=type(error).__name__)
            failed.append(way)
        else:
            sent.append(way)
    if not sent and bundle.is_page:
        count("PageUndelivered")
    return Tried(sent=tuple(sent), failed=tuple(failed))


def entries_of(
    context: Context,
    what: Dispatch,
    tried: Tried,
    moot: Sequence[AnyNotice],
    unreachable: bool,
) -> Iterator[Entry]:
    """What the ledger says of a look that sent, failed to send, or threw away; nothing of one that
    did none of it. `unreachable` says that no way of the person's own works.
    """
    detail: dict[str, Detail] = {
        "notices": [each.id for each in what.notices],
        "ways": [way.value for way in tried.sent],
        "failed": [way.value for way in tried.failed],
    }
    if unreachable:
        detail["unreachable"] = True
    if tried.sent:
        why = "notices were sent" if context.notifies else "debug mode: nothing was sent"
        yield Entry(action=Action.TOLD, why=why, detail=detail)
    elif what.notices:
        yield Entry(action=Action.NOTICE_FAILED, why="no way took the message", detail=detail)
    if moot:
        why = "acknowledged, answered or closed before it was sent"
        dropped: dict[str, Detail] = {"notices": [each.id for each in moot]}
        yield Entry(action=Action.NOTICE_DROPPED, why=why, detail=dropped)
