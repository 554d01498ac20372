"""Promises about what a nurse would trust: records, conversations, second looks, rules."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from local.demo.facts import Facts
from local.demo.neighbours.around import ASSISTANT_SITE, RECORD_SITE, SILENT_AT
from local.demo.promises_of_time import ROUTED_SECONDS
from local.demo.replay import Posted
from triagewire.ledger.event import Action, Event
from triagewire.scoring.assistant import Outcome
from triagewire.scoring.difference import Kind
from triagewire.verdict import Urgency

NOT_READ = "record"
SILENT_WITHIN = timedelta(minutes=2)
"""The server falls silent within the minute in which it is told to."""
OUTCOMES = {
    "honest": Outcome.RAISED,
    "talked_round": Outcome.REFUSED,
    "slow": Outcome.FAILED,
}
"""What must come of each way in which the model may take a message."""


def records_raise(facts: Facts) -> Iterator[str]:
    """The same words page where the record knows of blood thinners; elsewhere it is not known."""
    for each in facts.posted:
        if each.message.patient.only_in_record and not _opened(facts, each):
            yield f"{each.message.id}: its record was not read"
        portal = each.message.by == "portal"
        if portal and each.message.site != RECORD_SITE and not _unknown(facts, each):
            yield f"{each.message.id}: nobody says that the record is not known"


def goes_on_without_records(facts: Facts) -> Iterator[str]:
    """After the record server fell silent, messages are judged without it and in time."""
    since = SILENT_AT + SILENT_WITHIN
    later = [
        each
        for each in facts.posted
        if each.at > since and each.message.site == RECORD_SITE and each.message.by == "portal"
    ]
    for each in later:
        # a record that was read just before may still be used
        if not (_unknown(facts, each) or _opened(facts, each)):
            yield f"{each.message.id}: nobody says that the record is not known"
        if each.seconds is None or each.seconds > ROUTED_SECONDS:
            yield f"{each.message.id}: routed after {each.seconds} s"


def assistant_only_raises(facts: Facts) -> Iterator[str]:
    """An honest model may raise; one that was talked round, or is slow, changes nothing."""
    marked = {each.message.id: each for each in facts.posted if each.message.model}
    if set(facts.met.model_asked) != set(marked):
        yield f"the model was shown {', '.join(facts.met.model_asked) or 'no marked message'}"
    for name, each in marked.items():
        said = _scored(facts, each, "assistant")
        if said != OUTCOMES[each.message.model]:
            yield f"{name}: {said or 'not asked'}"
    for each in facts.posted:
        if each.message.site != ASSISTANT_SITE and _scored(facts, each, "assistant"):
            yield f"{each.message.id}: its site has no assistant"


def conversations_are_heard(facts: Facts) -> Iterator[str]:
    """What continues a conversation lands on its ticket, and is understood in it."""
    for each in facts.posted:
        label = each.message.expected
        if not label.joins:
            continue
        ticket = facts.ticket_of(each.message)
        survivor = facts.tickets[facts.posted_of(label.joins).post.ticket_id]
        if ticket.merged_into != survivor.id:
            yield f"{each.message.id} did not land on {label.joins}"
            continue
        reviewed = _sent_to_review(facts.events[survivor.id], each)
        if reviewed != (label.then == "review"):
            went = "went" if reviewed else "did not go"
            yield f"{each.message.id}: {label.joins} {went} to review"


def staff_are_asked_once(facts: Facts) -> Iterator[str]:
    """A staff request that lacks something is asked for it once, and the answer completes it."""
    told = [each for each in facts.posted if each.message.expected.then == "told"]
    for each in told:
        ticket = facts.tickets[facts.posted_of(each.message.expected.joins).post.ticket_id]
        missing = ticket.verdict.missing if ticket.verdict else ()
        if not ticket.asked or missing:
            yield f"{each.message.id}: asked for {ticket.asked}, still missing {missing}"


def second_needs_linked(facts: Facts) -> Iterator[str]:
    """A clinical and an office need are two linked tickets, each with its own team."""
    for each in facts.posted:
        wanted = each.message.expected.linked
        teams = [facts.tickets[child].team for child in each.ticket_ids[1:]]
        if wanted and wanted not in teams:
            yield f"{each.message.id}: no linked ticket for {wanted}"


def read_by_who_can(facts: Facts) -> Iterator[str]:
    """A message in another language goes to the reviewer who reads it."""
    for each in facts.posted:
        routed = facts.first(each.post.ticket_id, Action.ROUTED)
        wanted = each.message.expected.reader
        if wanted and (routed is None or routed.detail.get("member") != wanted):
            yield f"{each.message.id}: {routed.detail.get('member') if routed else 'nobody'}"


def decisions_are_labels(facts: Facts) -> Iterator[str]:
    """Each decision in review is a label that the next change of rules can learn from."""
    decided = facts.count(Action.LABELLED)
    said = facts.said.get("labels")
    counted = next(iter(said.totals.values()), 0) if said else 0
    if counted != decided:
        yield f"{counted} labels of {decided} decisions"


def candidate_is_seen(facts: Facts) -> Iterator[str]:
    """The day shows what a candidate policy would change before it may decide anything."""
    for name in ("shadow_began", "shadow", "diff", "explain"):
        said = facts.said.get(name)
        if said is None or said.status:
            yield f"{name}: {said.text[:200] if said else 'was not asked'}"
    for name in ("shadow", "diff"):
        totals = facts.said[name].totals if name in facts.said else {}
        if totals.get(Kind.RAISED) != 1 or totals.keys() & {Kind.LOWERED, Kind.UNSEEN}:
            yield f"{name}: the candidate would change {dict(totals)}"


def _scored(facts: Facts, posted: Posted, name: str) -> object:
    scored = facts.first(posted.post.ticket_id, Action.SCORED)
    return scored.detail.get(name) if scored else None


def _opened(facts: Facts, posted: Posted) -> bool:
    return facts.first(posted.post.ticket_id, Action.FETCHED) is not None


def _unknown(facts: Facts, posted: Posted) -> bool:
    """Whether the verdict says that no record was read; a 5 by its words asks for none."""
    unknown = _scored(facts, posted, "unknown")
    urgent = _scored(facts, posted, "score") == Urgency.CLINICAL_URGENT
    return urgent or (isinstance(unknown, list) and NOT_READ in unknown)


def _sent_to_review(events: tuple[Event, ...], posted: Posted) -> bool:
    """Whether a message sent the ticket that it landed on to review."""
    landed = next(
        place
        for place, event in enumerate(events)
        if event.action is Action.ABSORBED and event.detail["ticket"] == posted.post.ticket_id
    )
    return any(
        event.action is Action.ROUTED and event.detail["review"] and event.at == events[landed].at
        for event in events[landed:]
    )


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "a small bump pages where the record knows of blood thinners": records_raise,
    "without an answer of the EHR nobody waits, and each verdict says so": goes_on_without_records,
    "the assistant may raise; talked round or slow, it changes nothing": assistant_only_raises,
    "worse, yes, thanks: each is heard in its conversation": conversations_are_heard,
    "staff are asked once for what is missing, and their answer completes it": staff_are_asked_once,
    "a clinical and an office need become two linked tickets": second_needs_linked,
    "who reads the language gets the message": read_by_who_can,
    "every decision in review is kept as a label": decisions_are_labels,
    "a new rule is tried beside the day: one now urgent, none lowered": candidate_is_seen,
}
