"""What is left of a ticket, a message and a body once their words are purged."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import msgspec

from tests.builders import MONDAY_MORNING, a_message, a_requester, a_ticket, a_verdict
from triagewire.arrival import Attachment, PatientContext, PatientRecord, StaffRequest
from triagewire.automated import Automated, AutomationState
from triagewire.message import Message
from triagewire.purged import bare_kept, bare_message, bare_ticket
from triagewire.quarantined import KeptBody, Settled
from triagewire.retention import Hold, HoldReason
from triagewire.routing.merge import stood
from triagewire.ticket import Joined, Ticket
from triagewire.verdict import Need, Reason, RuleSet, Urgency

PHI = "Zzyzx"
REASON = Reason(
    rule="chest-pain", set=RuleSet.CLINICAL, text_span=PHI, effect="scores 5", source="x", why=PHI
)
NEED = Need(score=Urgency.CLINICAL_URGENT, topic="refill", team="clinical", reasons=(REASON,))
VERDICT = a_verdict(4, reasons=(REASON,), others=(NEED,))
WHO = a_requester(name=PHI, email=f"{PHI}@mail.example", phone=PHI, patient_id=PHI)
FULL = a_message(
    text=PHI,
    full_text=PHI,
    subject=PHI,
    language=PHI,
    request_type=PHI,
    staff_request=StaffRequest(for_whom=PHI),
    context=PatientContext(conditions=(PHI,)),
    record=PatientRecord(born=date(1937, 11, 23), language=PHI),
    attachments=(Attachment(name=PHI, link=PHI),),
    remarks=(PHI,),
    occurred_at=datetime(1937, 11, 23, tzinfo=UTC),
    thread=PHI,
    thread_token=PHI,
    pointer=PHI,
    to=PHI,
    reply_to=PHI,
)
STAYS = {
    *("id", "site", "source", "received_at", "channels", "content_digest", "status", "version"),
    *("ledger_head", "policy_version", "unreadable", "quiet", "awaits", "unreachable", "asked"),
    *("delivery", "team", "assignee", "load", "skill", "stands_in_for", "assigned_at"),
    *("accepted_at", "declined", "worked_at", "try_at", "wake_at", "known_as", "routed_at"),
    *("responded_at", "clock", "resolution", "escalation", "timer", "duplicate_channels"),
    *("merged_into", "merged_from", "thread_hash", "linked", "outcome", "resolved_at", "survey"),
    *("reopened", "handoffs", "bounces", "notices", "closed_at", "unheld_at", "purging_since"),
    "purged_at",
}
"""Ids, codes, times, counts and keyed hashes."""
IS_BARED = {"requester", "verdict", "joined", "automation", "hold", "language"}


def a_full_ticket() -> Ticket:
    """A ticket with a word of a patient wherever one can stand."""
    ticket = a_ticket(VERDICT, requester=WHO, language=PHI)
    asked = Automated(
        type="password_reset",
        state=AutomationState.DONE,
        requested_at=MONDAY_MORNING,
        due_at=MONDAY_MORNING,
        at=MONDAY_MORNING,
        reference=PHI,
    )
    return replace(
        ticket,
        joined=Joined(at=MONDAY_MORNING, before=stood(ticket), made=stood(ticket)),
        automation=asked,
        hold=Hold(by="audra", at=MONDAY_MORNING, reason=HoldReason.AUDIT, why=PHI),
    )


def test_no_word_of_a_patient_is_left_in_a_ticket() -> None:
    assert PHI.encode() in msgspec.json.encode(a_full_ticket())
    assert PHI.encode() not in msgspec.json.encode(bare_ticket(a_full_ticket()))
    assert b"1961" not in msgspec.json.encode(bare_ticket(a_full_ticket()))


def test_of_every_field_of_a_ticket_it_is_decided_whether_it_stays() -> None:
    assert {each.name for each in fields(Ticket)} == STAYS | IS_BARED
    assert not STAYS & IS_BARED


def test_what_stays_of_a_ticket_is_as_it_was() -> None:
    before, after = a_full_ticket(), bare_ticket(a_full_ticket())

    assert {name for name in STAYS if getattr(before, name) != getattr(after, name)} == set()


def test_a_verdict_still_says_what_was_decided_and_by_which_rules() -> None:
    verdict = bare_ticket(a_full_ticket()).verdict

    assert verdict is not None
    assert (verdict.score, verdict.topic, verdict.team) == (4, "refill", "clinical")
    assert [(each.rule, each.effect) for each in verdict.reasons] == [("chest-pain", "scores 5")]


def test_no_word_of_a_patient_is_left_in_a_message() -> None:
    assert PHI.encode() not in msgspec.json.encode(bare_message(FULL))
    assert b"1937" not in msgspec.json.encode(bare_message(FULL))


def test_of_every_field_of_a_message_the_test_has_a_word() -> None:
    plain = Message(ticket_id="T", at=MONDAY_MORNING, channel=FULL.channel, text="")
    texts = {
        each.name for each in fields(Message) if each.type in (str, str | None, tuple[str, ...])
    }
    codes = {"ticket_id", "author", "made_by", "source", "then", "why"}

    assert {name for name in texts - codes if getattr(FULL, name) == getattr(plain, name)} == set()


def test_a_message_is_still_there_when_it_was_said_by_whom_and_how_it_ended() -> None:
    bare = bare_message(FULL)

    assert (bare.at, bare.number, bare.direction, bare.channel, bare.delivery) == (
        FULL.at,
        FULL.number,
        FULL.direction,
        FULL.channel,
        FULL.delivery,
    )
    assert bare_message(bare) == bare


def test_a_body_cannot_be_read_again_and_says_why_it_was_there() -> None:
    kept = KeptBody(
        ticket_id="T",
        site="north",
        source="portal",
        received_at=MONDAY_MORNING,
        reason="data.body: is missing",
        method="POST",
        headers={"webhook-id": PHI},
        size_bytes=7,
        link=f"s3://bucket/{PHI}",
    )

    bare = bare_kept(kept)

    assert PHI.encode() not in msgspec.json.encode(bare)
    assert (bare.settled, bare.reason) == (Settled.PURGED, kept.reason)
