"""What staff are shown, as plain JSON values. Times are ISO 8601 in UTC.

A line carries nothing that a patient wrote; only the view of one ticket does, and the ledger says
who had it.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from triagewire.arrival import Requester
from triagewire.automated import Automated
from triagewire.channels.reading.payload import decoded
from triagewire.clock.explain import explain
from triagewire.clock.promise import Clock, PauseReason
from triagewire.clock.sla import is_breached
from triagewire.desk.lengths import fitting
from triagewire.desk.message_views import message_view
from triagewire.desk.shapes import (
    ClockView,
    Line,
    QuarantineView,
    ReasonView,
    RequesterView,
    VerdictView,
)
from triagewire.desk.ticket_shapes import (
    AutomationView,
    EventView,
    HoldView,
    RoutesView,
    SurveyView,
    TicketView,
)
from triagewire.ledger.event import Event
from triagewire.ledger.routes import History, routes_of
from triagewire.message import Message
from triagewire.policy.model import Site
from triagewire.quarantined import KeptBody
from triagewire.retention import Hold
from triagewire.survey import Survey
from triagewire.ticket import Ticket, TimerKind
from triagewire.verdict import Reason, Verdict

MOST_SHOWN = 50_000
"""Characters of an unreadable body: what a person looks through, and an answer can carry."""
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]{1,40})", re.IGNORECASE)


def line(ticket: Ticket, site: Site, now: datetime) -> Line:
    """A ticket as a queue shows it and as every action answers it: ids, codes and times."""
    told = ticket.escalation
    return {
        "id": ticket.id,
        "site": ticket.site,
        "team": ticket.team,
        "status": ticket.status,
        "urgency": int(ticket.urgency),
        "review": ticket.in_review,
        "topic": ticket.verdict.topic if ticket.verdict else None,
        "assignee": ticket.assignee,
        "language": spoken_in(ticket),
        "channels": list(ticket.channels),
        "duplicate_channels": list(ticket.duplicate_channels),
        "received_at": ticket.received_at.isoformat(),
        "routed_at": _iso(ticket.routed_at),
        "assigned_at": _iso(ticket.assigned_at),
        "accepted_at": _iso(ticket.accepted_at),
        "responded_at": _iso(ticket.responded_at),
        "waiting_for": waiting_for(ticket),
        "wake_at": _iso(ticket.wake_at),
        "clock": clock_view(ticket, ticket.clock, site, now),
        "resolution": clock_view(ticket, ticket.resolution, site, now),
        "pages": told.pages,
        "acknowledged_at": _iso(told.acknowledged_at),
        "acknowledged_by": told.acknowledged_by,
        "reminded_at": _iso(told.reminded_at),
        "breached_at": _iso(told.breached_at),
        "handoffs": ticket.handoffs,
        "bounces": ticket.bounces,
        "reopened": ticket.reopened,
        "outcome": ticket.outcome,
        "resolved_at": _iso(ticket.resolved_at),
        "version": ticket.version,
    }


def spoken_in(ticket: Ticket) -> str | None:
    """The language that its words are in, as far as scoring could tell; else the one its sender
    states.
    """
    heard = ticket.verdict.language if ticket.verdict else ""
    return heard or ticket.language


def ticket_view(
    ticket: Ticket,
    messages: Sequence[Message],
    timeline: Sequence[Event],
    site: Site,
    now: datetime,
    kept: KeptBody | None = None,
    body: bytes = b"",
) -> TicketView:
    """One ticket with everything said on it, why it was scored so, and what happened to it.

    `kept` and `body` are what was sent and could not be read, for a person to read instead: the
    text ends at `MOST_SHOWN` characters.
    """
    return {
        **line(ticket, site, now),
        "source": ticket.source,
        "requester": requester_view(ticket.requester),
        "verdict": verdict_view(ticket.verdict) if ticket.verdict else None,
        "unreadable": ticket.unreadable,
        "body": None if kept is None else shown_text(kept, body),
        "quarantine": None if kept is None else quarantine_view(kept, body),
        "quiet": ticket.quiet,
        "unreachable": ticket.unreachable,
        "delivery": ticket.delivery or None,
        "asked": list(ticket.asked),
        "automation": automation_view(ticket.automation) if ticket.automation else None,
        "survey": survey_view(ticket.survey) if ticket.survey else None,
        "hold": hold_view(ticket.hold) if ticket.hold else None,
        "closed_at": _iso(ticket.closed_at),
        "purge_at": _iso(_purge_at(ticket)),
        "purged_at": _iso(ticket.purged_at or ticket.purging_since),
        "merged_from": list(ticket.merged_from),
        "linked": list(ticket.linked),
        "policy_version": ticket.policy_version,
        "messages": [message_view(message) for message in fitting(messages)],
        "routes": routes_view(routes_of(timeline)),
        "timeline": [event_view(event) for event in timeline],
    }


def automation_view(asked: Automated) -> AutomationView:
    """What became of a request that was announced to programs."""
    return {
        "type": asked.type,
        "state": asked.state,
        "requested_at": asked.requested_at.isoformat(),
        "due_at": asked.due_at.isoformat(),
        "at": asked.at.isoformat(),
        "reference": asked.reference or None,
    }


def survey_view(survey: Survey) -> SurveyView:
    """Whether a requester was asked how it was, and what they said."""
    return {
        "due_at": _iso(survey.due_at),
        "asked_at": _iso(survey.asked_at),
        "score": survey.score,
    }


def hold_view(hold: Hold) -> HoldView:
    """A legal hold, with the words of who placed it."""
    return {"by": hold.by, "at": hold.at.isoformat(), "reason": hold.reason, "why": hold.why}


def _purge_at(ticket: Ticket) -> datetime | None:
    timer = ticket.timer
    return timer.at if timer is not None and timer.kind is TimerKind.PURGE else None


def quarantine_view(kept: KeptBody, body: bytes) -> QuarantineView:
    """A body that could not be read: where it came from, when, and why it stands here.

    `shown_whole` says whether the ticket's `body` is all of it; if not, and there is no link,
    `triagewire quarantine show` prints the rest.
    """
    return {
        "source": kept.source,
        "reason": kept.reason,
        "received_at": kept.received_at.isoformat(),
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
        "link": kept.link or None,
        "shown_whole": not kept.link and len(shown_text(kept, body)) < MOST_SHOWN,
        "settled": kept.settled.value if kept.settled else None,
        "settled_at": _iso(kept.settled_at),
        "tickets": list(kept.tickets),
    }


def shown_text(kept: KeptBody, body: bytes) -> str:
    """The beginning of a body as text, in the character set that its sender named."""
    named = _CHARSET.search(kept.headers.get("content-type", ""))
    return decoded(body, named[1] if named else "utf-8")[:MOST_SHOWN]


def clock_view(ticket: Ticket, clock: Clock | None, site: Site, now: datetime) -> ClockView | None:
    """A promise on a ticket; one that was kept or given up stands still at that moment."""
    if clock is None:
        return None
    ended = clock.stopped_at or (None if ticket.is_open else ticket.resolved_at)
    until = ended or now
    shown: ClockView = {
        **explain(clock, site.calendar, until),
        "breached": is_breached(clock, until),
    }
    if ended is not None or not ticket.is_open:
        shown["state"] = "stopped"
    return shown


def waiting_for(ticket: Ticket) -> PauseReason | None:
    """Whom a ticket waits for, while it does."""
    clocks = (ticket.clock, ticket.resolution)
    reasons = (clock.paused_for for clock in clocks if clock is not None)
    return next((each for each in reasons if each is not None), None)


def requester_view(requester: Requester) -> RequesterView:
    """Who asks, with the identities that the sender stated."""
    born = requester.date_of_birth
    return {
        "kind": requester.kind,
        "name": requester.name,
        "patient_id": requester.patient_id,
        "date_of_birth": born.isoformat() if born else None,
        "email": requester.email,
        "phone": requester.phone,
        "on_behalf": requester.on_behalf,
    }


def verdict_view(verdict: Verdict) -> VerdictView:
    """What scoring or a person said, with the reasons, words included."""
    return {
        "score": int(verdict.score),
        "candidate": int(verdict.candidate),
        "topic": verdict.topic,
        "team": verdict.team,
        "confidence": verdict.confidence,
        "review": verdict.review,
        "crisis": verdict.crisis,
        "missing": list(verdict.missing),
        "language": verdict.language or None,
        "unknown": list(verdict.unknown),
        "reasons": [reason_view(reason) for reason in verdict.reasons],
    }


def reason_view(reason: Reason) -> ReasonView:
    """One thing that moved the verdict."""
    return {
        "rule": reason.rule,
        "set": reason.set,
        "text_span": reason.text_span,
        "effect": reason.effect,
        "source": reason.source,
        "why": reason.why,
    }


def routes_view(history: History) -> RoutesView:
    """Where a ticket has been, by its ledger: every assignment, and how often it was passed on."""
    return {
        "legs": [
            {
                "at": leg.at.isoformat(),
                "actor": leg.actor,
                "team": leg.team,
                "member": leg.member,
                "why": leg.why,
                "handoff": leg.handoff,
            }
            for leg in history.legs
        ],
        "handoffs": history.handoffs,
        "misroutes": history.misroutes,
        "bounces": history.bounces,
    }


def event_view(event: Event) -> EventView:
    """One line of the timeline: who did what, when, why and under which policy."""
    return {
        "number": event.sequence,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "why": event.why,
        "detail": dict(event.detail),
        "policy_version": event.policy_version,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
