"""What two tickets become when they are one: the highest urgency, the earliest arrival, every
channel.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from triagewire.arrival import Channel, Requester, RequesterKind
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.states import awake_status
from triagewire.ticket import Escalation, Joined, Status, Stood, Ticket
from triagewire.verdict import Urgency, Verdict

WHY = "the same person wrote about the same topic within the window"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The survivor and the merged newcomer, with what the ledger says of each.

    `worse` asks for a new route: the newcomer is more urgent than the survivor was, or surely as
    urgent as was only feared of it. `recorded` says that it moved nothing, `by_hand` that a person
    did it.
    """

    survivor: Ticket
    merged: Ticket
    survivor_entry: Entry
    merged_entry: Entry
    worse: bool
    recorded: bool = False
    other_sender: bool = False
    by_hand: bool = False


def merge(
    survivor: Ticket, newcomer: Ticket, why: str = WHY, *, other_sender: bool = False
) -> Merge:
    """Merge a scored newcomer into an open ticket of the same person and topic or conversation.

    A newcomer that is more urgent brings its verdict along; one that is clinical urgent pages again
    in any case. A survivor that waited is open again: the requester has something new to say.
    Its clock is left to the caller, who knows the calendar. Of a newcomer from another sender
    nothing is believed about the requester, and no automatic text follows.
    """
    worse = newcomer.urgency > survivor.urgency or (
        # What is feared stands in review and pages nobody, what is certain must.
        _surely_urgent(newcomer) and not _surely_urgent(survivor)
    )
    taken_in = _taken_in(survivor, newcomer, worse=worse, why=why, other_sender=other_sender)
    stranger = other_sender or _somebody_unknown(survivor, newcomer)
    known = survivor.requester if other_sender else _known(survivor.requester, newcomer.requester)
    after = replace(
        taken_in.survivor,
        requester=known,
        status=_status(survivor),
        verdict=_verdict(survivor.verdict, newcomer.verdict, worse=worse),
        escalation=_escalation(survivor, newcomer, worse=worse),
        quiet=survivor.quiet or newcomer.quiet or stranger,
    )
    return replace(taken_in, survivor=after)


def record(survivor: Ticket, newcomer: Ticket, why: str, *, other_sender: bool = False) -> Merge:
    """Keep a newcomer on a ticket, open or resolved, without moving anything on it."""
    kept = _taken_in(survivor, newcomer, worse=False, why=why, other_sender=other_sender)
    return replace(kept, recorded=True)


def sealed(merged: Merge, before: Ticket, at: datetime) -> Ticket:
    """The merged ticket with all that a person needs who takes the two apart again; the survivor
    was `before` and is now as the merge says.
    """
    joined = Joined(
        at=at,
        before=stood(before),
        made=stood(merged.survivor),
        recorded=merged.recorded,
        other_sender=merged.other_sender,
        by_hand=merged.by_hand,
    )
    return replace(merged.merged, joined=joined)


def stood(ticket: Ticket) -> Stood:
    """What a merge may change of a ticket, as it stands now."""
    return Stood(**{each.name: getattr(ticket, each.name) for each in fields(Stood)})


def _taken_in(
    survivor: Ticket, newcomer: Ticket, *, worse: bool, why: str, other_sender: bool
) -> Merge:
    """What every newcomer leaves behind, whatever it says."""
    after = replace(
        survivor,
        channels=tuple(dict.fromkeys((*survivor.channels, *newcomer.channels))),
        duplicate_channels=_duplicate_channels(survivor, newcomer),
        merged_from=(*survivor.merged_from, newcomer.id),
        received_at=min(survivor.received_at, newcomer.received_at),
        hold=survivor.hold or newcomer.hold,
    )
    # A hold is the survivor's from now on: it stands once, and holds all parts.
    gone = replace(newcomer, status=Status.MERGED, merged_into=survivor.id)
    merged = replace(gone, timer=None, hold=None)
    detail: dict[str, Detail] = {
        "ticket": newcomer.id,
        "worse": worse,
        "channel": newcomer.channels[0].value,
    }
    if other_sender:
        detail["other_sender"] = True
    if newcomer.hold is not None:
        detail["held"] = True
    return Merge(
        survivor=after,
        merged=merged,
        survivor_entry=Entry(action=Action.ABSORBED, why=why, detail=detail),
        merged_entry=Entry(action=Action.MERGED, why=why, detail={"into": survivor.id}),
        worse=worse,
        other_sender=other_sender,
    )


def _status(survivor: Ticket) -> Status:
    """One that waited is worked on again, and one that was resolved is open again."""
    match survivor.status:
        case Status.WAITING:
            return awake_status(survivor)
        case Status.RESOLVED:
            return Status.REOPENED
    return survivor.status


def _verdict(survivor: Verdict | None, newcomer: Verdict | None, *, worse: bool) -> Verdict | None:
    """The worse of two verdicts: its doubt lowers no sure score, a crisis stays one, and so does
    the need of somebody who reads another language.
    """
    if survivor is None or newcomer is None:
        return newcomer if worse else survivor
    worst = newcomer if worse else survivor
    crisis = survivor.crisis or newcomer.crisis
    score = max(worst.score, survivor.score) if worst.review else worst.score
    language = worst.language or survivor.language or newcomer.language
    return (
        worst
        if (score, crisis, language) == (worst.score, worst.crisis, worst.language)
        else replace(worst, score=score, crisis=crisis, language=language)
    )


def _known(survivor: Requester, newcomer: Requester) -> Requester:
    """All that both state of the one person they are: a later stranger is held against all of it.

    A nameless caller would contradict nobody, and so join mother and child.
    """
    if survivor.kind is not RequesterKind.UNKNOWN and newcomer.kind is RequesterKind.UNKNOWN:
        return survivor  # anybody can state an address in a form: it adds nothing to a known person
    if survivor.kind is RequesterKind.UNKNOWN and newcomer.kind is not RequesterKind.UNKNOWN:
        return newcomer
    kind = survivor.kind
    return Requester(
        kind=kind,
        patient_id=survivor.patient_id or newcomer.patient_id,
        email=survivor.email or newcomer.email,
        phone=survivor.phone or newcomer.phone,
        name=max(survivor.name, newcomer.name, key=lambda name: len(name or "")),
        date_of_birth=survivor.date_of_birth or newcomer.date_of_birth,
        on_behalf=survivor.on_behalf,
    )


def _somebody_unknown(*tickets: Ticket) -> bool:
    return any(ticket.requester.kind is RequesterKind.UNKNOWN for ticket in tickets)


def _escalation(survivor: Ticket, newcomer: Ticket, *, worse: bool) -> Escalation:
    told = survivor.escalation
    if worse:
        # What is more urgent is told anew, but no target is breached twice.
        return Escalation(
            breached_at=told.breached_at,
            resolution_breached_at=told.resolution_breached_at,
            told_at=told.told_at,
            bounced_at=told.bounced_at,
            bounce_told_at=told.bounce_told_at,
        )
    if _surely_urgent(newcomer):
        # Pages begin anew; what the breach has set going goes on from where it is.
        return survivor.escalation.paging_anew
    return survivor.escalation


def _surely_urgent(ticket: Ticket) -> bool:
    return ticket.verdict is not None and ticket.verdict.score is Urgency.CLINICAL_URGENT


def _duplicate_channels(survivor: Ticket, newcomer: Ticket) -> tuple[Channel, ...]:
    """The channels other than the first by which the same need came in again."""
    again = (each for each in newcomer.channels if each is not survivor.channels[0])
    return tuple(dict.fromkeys((*survivor.duplicate_channels, *again)))
