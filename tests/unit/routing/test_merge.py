"""What two tickets become when they are one."""

from dataclasses import replace

from tests.builders import (
    MONDAY_MORNING,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.arrival import Channel, RequesterKind
from triagewire.escalation.timers import next_timer
from triagewire.routing.merge import merge, record
from triagewire.ticket import Escalation, Status, TimerKind

LATER = MONDAY_MORNING + minutes(20)
REFILL = a_ticket(id="REFILL")
VOICEMAIL = a_ticket(id="VOICEMAIL", at=LATER, channels=(Channel.PHONE,))
CHEST_PAIN = a_ticket(a_verdict(5), id="CHEST-PAIN", at=LATER, channels=(Channel.PHONE,))


def test_the_newcomer_becomes_part_of_the_survivor() -> None:
    merged = merge(REFILL, VOICEMAIL)

    assert merged.survivor.merged_from == ("VOICEMAIL",)
    assert (merged.merged.status, merged.merged.merged_into) == (Status.MERGED, "REFILL")
    assert merged.merged.timer is None


def test_the_second_channel_is_flagged_as_a_duplicate() -> None:
    survivor = merge(REFILL, VOICEMAIL).survivor

    assert survivor.channels == (Channel.EHR, Channel.PHONE)
    assert survivor.duplicate_channels == (Channel.PHONE,)


def test_a_repetition_on_the_first_channel_flags_nothing() -> None:
    again = replace(VOICEMAIL, channels=(Channel.EHR,))

    assert merge(REFILL, again).survivor.duplicate_channels == ()


def test_a_worse_newcomer_brings_its_verdict() -> None:
    merged = merge(REFILL, CHEST_PAIN)

    assert merged.worse
    assert merged.survivor.verdict == CHEST_PAIN.verdict


def test_a_certain_emergency_is_worse_than_a_feared_one() -> None:
    feared = a_ticket(for_review(candidate=5, score=4), id="FEARED")

    merged = merge(feared, CHEST_PAIN)

    assert merged.worse
    assert merged.survivor.verdict == CHEST_PAIN.verdict


def test_a_feared_emergency_takes_nothing_from_a_certain_one() -> None:
    feared = a_ticket(for_review(candidate=5, score=4), id="FEARED", at=LATER)

    merged = merge(CHEST_PAIN, feared)

    assert not merged.worse
    assert merged.survivor.verdict == CHEST_PAIN.verdict


def test_a_milder_newcomer_changes_no_verdict() -> None:
    merged = merge(CHEST_PAIN, VOICEMAIL)

    assert not merged.worse
    assert merged.survivor.verdict == CHEST_PAIN.verdict


def test_the_promise_runs_from_the_first_message() -> None:
    survivor = merge(REFILL, CHEST_PAIN).survivor

    assert survivor.received_at == MONDAY_MORNING
    assert survivor.clock == REFILL.clock


def test_an_urgent_repetition_pages_again_although_somebody_had_acknowledged() -> None:
    heard = replace(
        CHEST_PAIN,
        escalation=Escalation(
            pages=1, paged_at=LATER, acknowledged_at=LATER, acknowledged_by="nick"
        ),
    )
    again = a_ticket(a_verdict(5), id="AGAIN", at=LATER + minutes(9))

    survivor = merge(heard, again).survivor
    timer = next_timer(survivor, a_site())

    assert timer is not None
    assert timer.kind is TimerKind.PAGE
    assert timer.at <= LATER + minutes(9)


def test_an_urgent_repetition_does_not_repeat_what_the_lead_was_told() -> None:
    breached_at = LATER + minutes(10)
    told = Escalation(pages=3, paged_at=breached_at, breached_at=breached_at, level=1)
    told = replace(told, told_at=breached_at + minutes(30))
    again = a_ticket(a_verdict(5), id="AGAIN", at=breached_at + minutes(35))

    after = merge(replace(CHEST_PAIN, escalation=told), again).survivor.escalation

    assert (after.breached_at, after.level, after.told_at) == (breached_at, 1, told.told_at)


def test_who_a_nameless_caller_was_is_known_once_a_message_says_it() -> None:
    nameless = replace(REFILL, requester=a_requester(name=None, patient_id=None, email=None))
    named = replace(VOICEMAIL, requester=a_requester())

    assert merge(nameless, named).survivor.requester == a_requester()


def test_what_the_survivor_states_of_its_requester_stays() -> None:
    initials = replace(VOICEMAIL, requester=a_requester(name="A. Marlow"))

    assert merge(REFILL, initials).survivor.requester == REFILL.requester


def test_no_automatic_text_once_an_unknown_requester_is_part_of_a_ticket() -> None:
    unknown = replace(VOICEMAIL, requester=a_requester(kind=RequesterKind.UNKNOWN))

    assert merge(REFILL, unknown).survivor.quiet


def test_both_tickets_say_in_the_ledger_what_happened() -> None:
    merged = merge(REFILL, VOICEMAIL)

    assert merged.survivor_entry.detail == {
        "ticket": "VOICEMAIL",
        "worse": False,
        "channel": "phone",
    }
    assert merged.merged_entry.detail == {"into": "REFILL"}


def test_doubt_that_raises_a_ticket_lowers_no_score_that_was_sure() -> None:
    doubt = a_ticket(for_review(candidate=5, score=2), id="DOUBT", at=LATER)

    verdict = merge(REFILL, doubt).survivor.verdict

    assert verdict is not None
    assert (verdict.score, verdict.candidate, verdict.review) == (4, 5, True)


def test_a_crisis_stays_one_whichever_message_it_was_in() -> None:
    crisis = a_ticket(a_verdict(5, crisis=True), id="CRISIS", at=LATER)

    verdict = merge(a_ticket(a_verdict(5)), crisis).survivor.verdict

    assert verdict is not None
    assert verdict.crisis


def test_of_another_sender_nothing_is_believed_about_the_requester() -> None:
    spouse = replace(VOICEMAIL, requester=a_requester(email="sam@mail.example", name="Sam Marlow"))

    merged = merge(REFILL, spouse, "it carries our token", other_sender=True)

    assert merged.survivor.requester == REFILL.requester
    assert merged.survivor.quiet
    assert merged.survivor_entry.detail["other_sender"] is True


def test_what_is_only_recorded_moves_nothing() -> None:
    kept = record(REFILL, CHEST_PAIN, "a robot wrote").survivor

    assert kept.merged_from == ("CHEST-PAIN",)
    assert (kept.status, kept.verdict, kept.clock, kept.timer, kept.quiet) == (
        REFILL.status,
        REFILL.verdict,
        REFILL.clock,
        REFILL.timer,
        REFILL.quiet,
    )
