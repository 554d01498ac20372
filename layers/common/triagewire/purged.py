"""What is left of a ticket once its words are purged: ids, times, urgency, topic, route and clocks.

Of a message is kept what is named here, so that a field which is added later is purged too; of a
ticket everything but what is named, and a test names every field of it.
"""

from dataclasses import replace

from triagewire.arrival import Requester
from triagewire.message import Message
from triagewire.quarantined import KeptBody, Settled
from triagewire.ticket import Joined, Stood, Ticket
from triagewire.verdict import Need, Reason, Verdict


def bare_ticket(ticket: Ticket) -> Ticket:
    """A ticket without who asked, without words that scoring quoted, and without a reason of a
    hold. The keyed hashes of its requester stay: by them its ledger is found for the person it is
    about, and by nothing else.
    """
    automation = ticket.automation
    return replace(
        ticket,
        requester=Requester(kind=ticket.requester.kind),
        language=None,
        verdict=None if ticket.verdict is None else bare_verdict(ticket.verdict),
        joined=None if ticket.joined is None else _bare_joined(ticket.joined),
        automation=None if automation is None else replace(automation, reference=""),
        hold=None,
    )


def bare_verdict(verdict: Verdict) -> Verdict:
    """A verdict that says what was decided and by which rules, and quotes nothing."""
    return replace(
        verdict,
        reasons=tuple(_bare_reason(each) for each in verdict.reasons),
        others=tuple(_bare_need(each) for each in verdict.others),
    )


def bare_message(message: Message) -> Message:
    """A message as a thing that happened: when, which way, by whom of ours, and how it ended."""
    return Message(
        ticket_id=message.ticket_id,
        at=message.at,
        number=message.number,
        direction=message.direction,
        channel=message.channel,
        text="",
        automatic=message.automatic,
        awaits=message.awaits,
        doubtful_sender=message.doubtful_sender,
        author=message.author,
        made_by=message.made_by,
        way=message.way,
        source=message.source,
        send_at=message.send_at,
        then=message.then,
        urgency=message.urgency,
        delivery=message.delivery,
        tries=message.tries,
        why=message.why,
    )


def bare_kept(kept: KeptBody) -> KeptBody:
    """A quarantined body that nobody can read again: where it came from, when and why it was."""
    settled = kept.settled or Settled.PURGED
    return replace(kept, headers={}, link="", settled=settled)


def _bare_joined(joined: Joined) -> Joined:
    return replace(joined, before=_bare_stood(joined.before), made=_bare_stood(joined.made))


def _bare_stood(stood: Stood) -> Stood:
    return replace(
        stood,
        requester=Requester(kind=stood.requester.kind),
        verdict=None if stood.verdict is None else bare_verdict(stood.verdict),
    )


def _bare_need(need: Need) -> Need:
    return replace(need, reasons=tuple(_bare_reason(each) for each in need.reasons))


def _bare_reason(reason: Reason) -> Reason:
    """The rule and what it did: why is left out, for of an assistant that is free text."""
    return Reason(rule=reason.rule, set=reason.set, text_span="", effect=reason.effect)
