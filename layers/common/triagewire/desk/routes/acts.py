"""What staff do with a ticket: each act says which version of it was decided on, if known."""

from triagewire.desk.api import Call, Route
from triagewire.desk.requests import (
    ActionBody,
    DecideBody,
    MergeBody,
    NoteBody,
    ReassignBody,
    ReopenBody,
    RescoreBody,
    ResolveBody,
    RespondBody,
    UnmergeBody,
    WaitBody,
    checked_ticket_id,
)
from triagewire.desk.routes.tickets import line_of, ticket_of
from triagewire.desk.shapes import Line
from triagewire.flow import acknowledging, merging, noting, rescoring, staff, unmerging, working


def claim(call: Call) -> Line:
    """Take a ticket of the queue."""
    seen = call.body(ActionBody).version
    return line_of(call, working.claim(call.context, call.principal, ticket_of(call), seen=seen))


def accept(call: Call) -> Line:
    """Take up what one was given."""
    seen = call.body(ActionBody).version
    return line_of(call, working.accept(call.context, call.principal, ticket_of(call), seen=seen))


def respond(call: Call) -> Line:
    """Say that a person has answered the requester by telephone, in person or elsewhere."""
    body = call.body(RespondBody)
    wanted = ticket_of(call)
    done = working.respond(call.context, call.principal, wanted, body.how, seen=body.version)
    return line_of(call, done)


def wait(call: Call) -> Line:
    """Let a ticket wait for somebody outside."""
    body = call.body(WaitBody)
    wanted, reason = ticket_of(call), body.waiting_for
    waits = working.wait(
        call.context, call.principal, wanted, reason, body.until, seen=body.version
    )
    return line_of(call, waits)


def resume(call: Call) -> Line:
    """Go on with a ticket that waits."""
    seen = call.body(ActionBody).version
    return line_of(call, working.resume(call.context, call.principal, ticket_of(call), seen=seen))


def acknowledge(call: Call) -> Line:
    """Say that a page was heard."""
    seen = call.body(ActionBody).version
    wanted = ticket_of(call)
    return line_of(call, acknowledging.acknowledge(call.context, call.principal, wanted, seen=seen))


def reassign(call: Call) -> Line:
    """Hand a ticket to another team or member, with the reason."""
    body = call.body(ReassignBody)
    wanted, handoff = ticket_of(call), body.handoff()
    done = staff.reassign(call.context, call.principal, wanted, handoff, seen=body.version)
    return line_of(call, done)


def decide(call: Call) -> Line:
    """Say what a ticket under review is."""
    body = call.body(DecideBody)
    wanted, handoff = ticket_of(call), body.handoff()
    done = staff.decide(call.context, call.principal, wanted, handoff, seen=body.version)
    return line_of(call, done)


def note(call: Call) -> Line:
    """Write a note for colleagues on a ticket."""
    body = call.body(NoteBody)
    wanted = ticket_of(call)
    done = noting.note(call.context, call.principal, wanted, body.text, seen=body.version)
    return line_of(call, done)


def rescore(call: Call) -> Line:
    """Say what a ticket is that scoring judged otherwise."""
    body = call.body(RescoreBody)
    wanted, said = ticket_of(call), body.rescore()
    done = rescoring.rescore(call.context, call.principal, wanted, said, seen=body.version)
    return line_of(call, done)


def resolve(call: Call) -> Line:
    """Close a ticket with its outcome."""
    body = call.body(ResolveBody)
    wanted = ticket_of(call)
    done = staff.resolve(call.context, call.principal, wanted, body.outcome, seen=body.version)
    return line_of(call, done)


def reopen(call: Call) -> Line:
    """Open a resolved ticket again."""
    body = call.body(ReopenBody)
    wanted = ticket_of(call)
    done = staff.reopen(call.context, call.principal, wanted, body.reason, seen=body.version)
    return line_of(call, done)


def merge(call: Call) -> Line:
    """Merge another ticket of the same person into a ticket."""
    body = call.body(MergeBody)
    wanted, other = ticket_of(call), checked_ticket_id(body.ticket)
    one = merging.merge_in(
        call.context,
        call.principal,
        wanted,
        other,
        body.reason,
        seen=body.version,
        other_seen=body.other_version,
    )
    return line_of(call, one)


def unmerge(call: Call) -> Line:
    """Take a merged ticket out of its survivor again."""
    body = call.body(UnmergeBody)
    wanted, merged = ticket_of(call), body.ticket
    survivor = unmerging.unmerge(
        call.context, call.principal, wanted, merged, body.reason, seen=body.version
    )
    return line_of(call, survivor)


ROUTES = (
    Route("POST", "/desk/tickets/{ticket_id}/claim", claim, takes=ActionBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/accept", accept, takes=ActionBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/respond", respond, takes=RespondBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/wait", wait, takes=WaitBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/resume", resume, takes=ActionBody, gives=Line),
    Route(
        "POST", "/desk/tickets/{ticket_id}/acknowledge", acknowledge, takes=ActionBody, gives=Line
    ),
    Route("POST", "/desk/tickets/{ticket_id}/reassign", reassign, takes=ReassignBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/decide", decide, takes=DecideBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/note", note, takes=NoteBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/rescore", rescore, takes=RescoreBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/resolve", resolve, takes=ResolveBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/reopen", reopen, takes=ReopenBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/merge", merge, takes=MergeBody, gives=Line),
    Route("POST", "/desk/tickets/{ticket_id}/unmerge", unmerge, takes=UnmergeBody, gives=Line),
)
