"""The day in numbers, with a few of its tickets as examples: what report.json holds."""

from collections import Counter
from typing import Any

from local.demo.facts import Facts, percentile
from local.demo.promises import Promise
from local.demo.promises_of_service import wrong_label
from local.demo.promises_of_time import pages_of
from local.demo.replay import Posted
from triagewire.ledger.event import Action

EXAMPLES = (
    "r-invoice-and-face",
    "m-dolor-de-pecho",
    "r-refill",
    "r-mri-tomorrow",
    "r-order-set",
    "r-last-year",
)
MERGED, ANSWERED, REVIEW = "merged", "answered", "review"

type Report = dict[str, Any]


def report_of(facts: Facts, promises: list[Promise], seconds: dict[str, float]) -> Report:
    """Everything that the demo prints, as plain values."""
    return {
        "kept": all(promise.kept for promise in promises),
        "promises": [
            {"promise": each.name, "kept": each.kept, "broken": list(each.broken)}
            for each in promises
        ],
        "messages": _messages(facts),
        "webhook_to_routed_seconds": _spread([each.seconds or 0.0 for each in facts.posted]),
        "urgent": _urgent(facts),
        "time": _time(facts),
        "replies": _replies(facts),
        "hostile": [
            {"post": each.name, "status": each.got, "as_wanted": each.as_wanted}
            for each in facts.seen.refusals
        ],
        "ledger": {
            "tickets": len(facts.tickets),
            "events": sum(len(events) for events in facts.events.values()),
        },
        "staff": _staff(facts),
        "second_looks": _second_looks(facts),
        "administrator": {name: each.text for name, each in facts.said.items()},
        "examples": [_example(facts, each) for each in EXAMPLES],
        "elapsed_seconds": seconds,
    }


def way_of(facts: Facts, posted: Posted) -> str:
    """Where a message went: `merged`, `answered`, `review` or the queue of a team."""
    ticket_id = posted.post.ticket_id
    if facts.first(ticket_id, Action.MERGED):
        return MERGED
    if facts.first(ticket_id, Action.ANSWERED):
        return ANSWERED
    routed = facts.first(ticket_id, Action.ROUTED)
    return str(routed.detail["team"]) if routed else "nowhere"


def _messages(facts: Facts) -> Report:
    ways = Counter(way_of(facts, each) for each in facts.posted)
    asked = {each.post.ticket_id for each in facts.posted}
    linked = {each for posted in facts.posted for each in posted.ticket_ids} - asked
    return {
        "posted": len(facts.posted),
        "without_a_person": len(facts.posted) - ways[REVIEW],
        "to_review": ways[REVIEW],
        "review_share": round(ways[REVIEW] / len(facts.posted), 3),
        "merged": ways[MERGED],
        "answered": ways[ANSWERED],
        "queues": dict(ways.most_common()),
        "linked_tickets": len(linked),
        "repeated_webhooks": sum(len(each.statuses) - 1 for each in facts.posted),
        "off_label": [each.message.id for each in facts.posted if wrong_label(facts, each)],
    }


def _urgent(facts: Facts) -> Report:
    waited = {
        each.message.id: round((pages[0] - each.at).total_seconds(), 2)
        for each in facts.posted
        if each.message.kind == "urgent" and (pages := pages_of(facts, each.post.ticket_id))
    }
    return {"seconds_to_page": waited, "pages": facts.count(Action.PAGED)}


def _time(facts: Facts) -> Report:
    return {
        "sweeps": facts.seen.sweeps,
        "reminders": facts.count(Action.REMINDED),
        "breaches": facts.count(Action.BREACHED),
        "ladder_steps": facts.count(Action.ESCALATED),
        "notices_delivered": len(facts.seen.notices),
        "open_at_the_end": sum(ticket.is_open for ticket in facts.tickets.values()),
    }


def _replies(facts: Facts) -> Report:
    made = Counter(reply.made_by for replies in facts.replies.values() for reply in replies)
    return {
        "sent": facts.count(Action.REPLY_SENT),
        "mails_in_the_outbox": len(facts.mails),
        "by_text": dict(made.most_common()),
    }


def _staff(facts: Facts) -> Report:
    return {
        "desk_calls": facts.desk_calls,
        "queue_lines_read": facts.listed,
        "acknowledged": facts.count(Action.ACKNOWLEDGED),
        "claimed": facts.count(Action.CLAIMED),
        "accepted": facts.count(Action.ACCEPTED),
        "returned": facts.count(Action.RETURNED),
        "answered": facts.count(Action.RESPONDED),
        "waits": facts.count(Action.PAUSED),
        "merges_undone": facts.count(Action.UNMERGED),
        "resolved": facts.count(Action.RESOLVED),
        "reviews_decided": _handoffs(facts, misroute=False),
        "misroutes": _handoffs(facts, misroute=True),
        "other_site_status": facts.seen.intruder_status,
    }


def _second_looks(facts: Facts) -> Report:
    """What records, the assistant and conversations added to the words of a message."""
    outcomes = Counter(
        str(scored.detail["assistant"])
        for each in facts.posted
        if (scored := facts.first(each.post.ticket_id, Action.SCORED))
        and "assistant" in scored.detail
    )
    return {
        "records_read": facts.count(Action.FETCHED),
        "assistant": dict(outcomes.most_common()),
        "conversations": sum(bool(each.message.expected.joins) for each in facts.posted),
        "labels": facts.count(Action.LABELLED),
    }


def _handoffs(facts: Facts, *, misroute: bool) -> int:
    return sum(
        event.action is Action.REASSIGNED and event.detail["misroute"] is misroute
        for events in facts.events.values()
        for event in events
    )


def _example(facts: Facts, message_id: str) -> Report:
    """A ticket with what was said and why it was scored so. The people are invented."""
    posted = facts.posted_of(message_id)
    ticket = facts.ticket_of(posted.message)
    scored = facts.first(ticket.id, Action.SCORED)
    reasons = ticket.verdict.reasons if ticket.verdict else ()
    return {
        "message": message_id,
        "channel": ticket.channels[0].value,
        "text": posted.message.text,
        "score": scored.detail["score"] if scored else None,
        "went_to": way_of(facts, posted),
        "duplicate_channels": [channel.value for channel in ticket.duplicate_channels],
        "reasons": [
            {"rule": each.rule, "set": each.set.value, "words": each.text_span, "why": each.effect}
            for each in reasons
        ],
        "events": [event.action.value for event in facts.events[ticket.id]],
    }


def _spread(values: list[float]) -> Report:
    shares = {f"p{share}": round(percentile(values, share), 3) for share in (50, 95, 99)}
    return {**shares, "max": round(max(values), 3)}
