"""A reply lands on its ticket by our token or as a participant's, and by nothing else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.aws.arriving import arrives, mailed, token_of, told
from tests.aws.clinic import Clinic
from tests.aws.said import (
    APPOINTMENT,
    AUTHORIZATION,
    BOTH,
    BREAKS,
    CHEST_PAIN,
    HOURS,
    MIXED,
    REFILL,
    UNCLEAR,
)
from tests.aws.senders import by_mail, by_portal
from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    REPLIES,
    a_policy,
    a_requester,
    a_site,
    a_stamp,
    an_arrival,
    minutes,
)
from triagewire import aws
from triagewire.arrival import FactKind, RequesterKind
from triagewire.flow.follow_up import OTHER_SENDER, TOKEN_REFUSED
from triagewire.flow.receive import Late, receive
from triagewire.ids import thread_token
from triagewire.ledger.event import Action
from triagewire.policy.load import default_rules
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

SPOUSE = a_requester(patient_id=None, email="sam@mail.example", phone=None, name="Sam Marlow")
THANKS = "Thank you so much for your help!"


def asked(clinic: Clinic, text: str = APPOINTMENT, event_id: str = "evt-1") -> str:
    """Ada has written through the portal."""
    return clinic.take(by_portal(text, clinic.now, event_id))


def closed(clinic: Clinic, text: str = APPOINTMENT, by: str = "sami") -> str:
    """Ada has written, and a person has closed her ticket."""
    ticket = asked(clinic, text)
    clinic.resolve(ticket, by)
    return ticket


def answer(
    clinic: Clinic, ticket: str, text: str, event_id: str = "re-1", **changes: object
) -> str:
    """Ada answers our mail about a ticket, half an hour later."""
    clinic.now += minutes(30)
    stated = {"thread_token": token_of(ticket), **changes}
    return arrives(clinic, mailed(text, event_id, **stated))


def absorbed(clinic: Clinic, ticket: str) -> Ticket:
    """The ticket, which has taken in exactly one other."""
    after = clinic.ticket(ticket)
    assert len(after.merged_from) == 1
    assert clinic.ticket(after.merged_from[0]).status is Status.MERGED
    return after


# An open ticket


def test_an_answer_with_our_token_joins_its_ticket(clinic: Clinic) -> None:
    ticket = asked(clinic)

    answer(clinic, ticket, HOURS)

    assert absorbed(clinic, ticket).status is Status.ROUTED
    assert clinic.actions(ticket)[-1] is Action.ABSORBED
    assert clinic.ledger(ticket)[-1].why == "it carries our token of this conversation"


def test_it_joins_long_after_the_window_for_duplicates(clinic: Clinic) -> None:
    ticket = asked(clinic)
    clinic.now += timedelta(hours=5)

    answer(clinic, ticket, HOURS)

    assert absorbed(clinic, ticket).merged_from


def test_a_participant_who_writes_in_the_same_thread_joins_the_ticket(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))
    clinic.now += timedelta(hours=5)

    arrives(clinic, mailed(HOURS, "m-2", thread="root@mail.example"))

    assert absorbed(clinic, first).status is Status.ROUTED
    (landed,) = (each for each in clinic.ledger(first) if each.action is Action.ABSORBED)
    assert landed.why == "a participant wrote again in the same thread"


def test_a_second_mail_of_a_conversation_finds_the_first(clinic: Clinic) -> None:
    own = [{"Name": "Message-ID", "Value": "<root@mail.example>"}]
    answers = [
        {"Name": "Message-ID", "Value": "<second@mail.example>"},
        {"Name": "References", "Value": "<root@mail.example> <x@mail.example>"},
        {"Name": "In-Reply-To", "Value": "<x@mail.example>"},
    ]
    first = clinic.take(by_mail(APPOINTMENT, clinic.now, "m-1", Headers=own))
    clinic.now += timedelta(hours=5)

    clinic.take(by_mail(HOURS, clinic.now, "m-2", Headers=answers))

    assert absorbed(clinic, first).status is Status.ROUTED


def test_an_answer_to_our_mail_comes_in_at_its_address(clinic: Clinic) -> None:
    ticket = asked(clinic)
    (mail,) = clinic.mails()
    (address,) = mail["ReplyToAddresses"]
    clinic.now += timedelta(hours=5)

    clinic.take(by_mail(HOURS, clinic.now, "m-1", To=address, ToFull=[{"Email": address}]))

    assert absorbed(clinic, ticket).status is Status.ROUTED


def test_a_thread_is_known_half_a_year_after_its_last_message(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))
    for number in range(3):
        clinic.now += timedelta(days=100)
        arrives(clinic, mailed(HOURS, f"n-{number}", thread="root@mail.example"))
    clinic.now += timedelta(days=181)
    arrives(clinic, mailed(HOURS, "late", thread="root@mail.example"))

    assert len(clinic.ticket(first).merged_from) == 3


def test_a_worse_follow_up_raises_the_ticket_moves_it_and_pages(clinic: Clinic) -> None:
    ticket = asked(clinic)

    answer(clinic, ticket, CHEST_PAIN)

    after = absorbed(clinic, ticket)
    assert (after.team, after.urgency) == ("clinical", Urgency.CLINICAL_URGENT)
    assert len(clinic.paged()) == 1


def test_an_urgent_follow_up_pages_again_although_the_ticket_was_acknowledged(
    clinic: Clinic,
) -> None:
    ticket = asked(clinic, CHEST_PAIN)
    clinic.acknowledge(ticket, "dr-okafor")

    answer(clinic, ticket, CHEST_PAIN)

    assert len(clinic.paged()) == 2


def test_a_milder_follow_up_lowers_nothing_and_leaves_the_promise(clinic: Clinic) -> None:
    ticket = asked(clinic, REFILL)
    before = clinic.ticket(ticket)

    answer(clinic, ticket, APPOINTMENT)

    after = absorbed(clinic, ticket)
    assert (after.urgency, after.clock, after.team) == (before.urgency, before.clock, before.team)


def test_a_doubtful_follow_up_that_may_be_worse_brings_the_ticket_to_review(
    clinic: Clinic,
) -> None:
    ticket = asked(clinic)
    due = clinic.ticket(ticket).clock
    clinic.now += minutes(1)

    answer(clinic, ticket, UNCLEAR)

    after = absorbed(clinic, ticket)
    assert (after.in_review, after.urgency) == (True, Urgency.CLINICAL_STANDARD)
    assert after.clock is not None
    assert due is not None
    assert after.clock.due_at < due.due_at


def test_an_urgent_follow_up_pages_although_the_ticket_was_already_feared_to_be_urgent(
    clinic: Clinic,
) -> None:
    ticket = asked(clinic, BREAKS)
    assert (clinic.ticket(ticket).in_review, clinic.paged()) == (True, [])

    answer(clinic, ticket, CHEST_PAIN)

    after = absorbed(clinic, ticket)
    assert (after.in_review, after.must_page) == (False, True)
    assert len(clinic.paged()) == 1


def test_a_doubtful_follow_up_that_cannot_be_worse_stays_with_the_owner(clinic: Clinic) -> None:
    ticket = asked(clinic, REFILL)
    before = clinic.ticket(ticket)

    answer(clinic, ticket, UNCLEAR)

    after = absorbed(clinic, ticket)
    assert (after.team, after.assignee, after.verdict) == (
        before.team,
        before.assignee,
        before.verdict,
    )


def test_a_further_need_of_a_follow_up_is_a_linked_ticket(clinic: Clinic) -> None:
    ticket = asked(clinic, REFILL)

    answer(clinic, ticket, MIXED)

    after = absorbed(clinic, ticket)
    (linked,) = after.linked
    assert (after.team, clinic.ticket(linked).team) == ("clinical", "billing")


def test_an_administrative_need_is_not_lost_when_a_clinical_one_takes_its_ticket(
    clinic: Clinic,
) -> None:
    ticket = asked(clinic, AUTHORIZATION)

    answer(clinic, ticket, CHEST_PAIN)

    (linked,) = absorbed(clinic, ticket).linked
    left = clinic.ticket(linked)
    assert (left.team, left.urgency, left.status) == (
        "billing",
        Urgency.ADMINISTRATIVE_URGENT,
        Status.ROUTED,
    )
    assert left.clock is not None
    assert left.clock.started_at == MONDAY_MORNING
    assert AUTHORIZATION in [message.text for message in clinic.said(linked)]


def test_a_need_that_was_pushed_aside_is_not_acknowledged_twice(clinic: Clinic) -> None:
    ticket = asked(clinic)
    assert len(clinic.mails()) == 1

    answer(clinic, ticket, REFILL)

    (linked,) = absorbed(clinic, ticket).linked
    assert clinic.ticket(linked).team == "scheduling"
    assert len(clinic.mails()) == 1


@pytest.mark.parametrize("first", [REFILL, CHEST_PAIN])
def test_an_administrative_follow_up_on_a_clinical_ticket_reaches_its_own_team_too(
    clinic: Clinic, first: str
) -> None:
    ticket = asked(clinic, first)
    team = clinic.ticket(ticket).team

    answer(clinic, ticket, AUTHORIZATION)

    (linked,) = absorbed(clinic, ticket).linked
    beside = clinic.ticket(linked)
    assert (clinic.ticket(ticket).team, beside.team, beside.status) == (
        team,
        "billing",
        Status.ROUTED,
    )
    assert clinic.mails() == []


@pytest.mark.parametrize("first", [CHEST_PAIN, UNCLEAR])
def test_a_further_need_beside_an_urgent_or_doubtful_ticket_is_not_answered_by_a_robot(
    clinic: Clinic, first: str
) -> None:
    ticket = asked(clinic, first)

    answer(clinic, ticket, BOTH)

    (linked,) = absorbed(clinic, ticket).linked
    assert clinic.ticket(linked).team == "billing"
    assert clinic.mails() == []


def test_a_further_need_of_who_wants_no_texts_is_not_answered_by_a_robot(clinic: Clinic) -> None:
    ticket = asked(clinic, REFILL)
    told(clinic, FactKind.OPT_OUT, thread_token=token_of(ticket))

    answer(clinic, ticket, BOTH)

    assert clinic.mails() == []


def test_a_follow_up_that_was_held_up_brings_its_earlier_clock_along(clinic: Clinic) -> None:
    ticket = asked(clinic, REFILL)
    held_up = Late(received_at=clinic.now - timedelta(hours=1), review="REVIEW-TICKET")
    late = mailed(REFILL, "held-up", thread_token=token_of(ticket))

    receive(aws.tables(), late, a_stamp(clinic.now), held_up)
    clinic.settle()

    clock = absorbed(clinic, ticket).clock
    assert clock is not None
    assert clock.started_at == held_up.received_at


# A resolved ticket


def test_a_follow_up_reopens_a_resolved_ticket_with_a_promise_from_now(clinic: Clinic) -> None:
    ticket = closed(clinic)

    answer(clinic, ticket, APPOINTMENT)

    after = absorbed(clinic, ticket)
    assert (after.status, after.reopened, after.outcome) == (Status.REOPENED, 1, None)
    assert after.clock is not None
    assert after.clock.started_at == clinic.now
    assert Action.REOPENED in clinic.actions(ticket)


def test_its_promise_runs_from_the_receipt_of_a_follow_up_that_was_held_up(clinic: Clinic) -> None:
    ticket = closed(clinic)
    late = mailed(CHEST_PAIN, "held-up", thread_token=token_of(ticket))
    receive(aws.tables(), late, a_stamp(clinic.now))
    written, clinic.now = clinic.now, clinic.now + timedelta(hours=1)

    clinic.settle()

    after = absorbed(clinic, ticket)
    assert after.clock is not None
    assert after.clock.started_at == written
    assert len(clinic.paged()) == 1


def test_it_goes_back_to_its_owner_who_is_on_duty(clinic: Clinic) -> None:
    ticket = asked(clinic, REFILL)
    owner = clinic.ticket(ticket).assignee
    clinic.resolve(ticket, "nora")

    answer(clinic, ticket, REFILL)

    assert absorbed(clinic, ticket).assignee == owner
    assert clinic.loads("clinical")[owner or ""] == 4


def test_it_goes_to_the_team_when_its_owner_is_not_on_duty(clinic: Clinic) -> None:
    ticket = closed(clinic)
    clinic.now = AT_NIGHT

    answer(clinic, ticket, APPOINTMENT)

    after = absorbed(clinic, ticket)
    assert (after.status, after.team, after.assignee) == (Status.REOPENED, "scheduling", None)


def test_a_worse_follow_up_reopens_it_as_what_it_is_now(clinic: Clinic) -> None:
    ticket = closed(clinic)

    answer(clinic, ticket, CHEST_PAIN)

    after = absorbed(clinic, ticket)
    assert (after.team, after.urgency, after.reopened) == ("clinical", 5, 1)
    assert len(clinic.paged()) == 1


def test_thanks_alone_leave_it_resolved_and_are_kept(clinic: Clinic) -> None:
    ticket = closed(clinic)

    answer(clinic, ticket, THANKS)

    assert absorbed(clinic, ticket).status is Status.RESOLVED
    assert Action.REOPENED not in clinic.actions(ticket)


def test_thanks_under_the_subject_of_our_mail_leave_it_resolved(bare_clinic: Clinic) -> None:
    clinic = bare_clinic
    clinic.publish(a_policy(rules=default_rules()))
    ticket = arrives(clinic, mailed("Could you renew my lisinopril?", "m-1", subject="My refill"))
    clinic.resolve(ticket, "nora")

    answer(clinic, ticket, "Thanks!", subject="Re: My refill")
    assert absorbed(clinic, ticket).status is Status.RESOLVED

    answer(clinic, ticket, "Thanks!", "re-2", subject="Re: My rash is worse")
    assert clinic.ticket(ticket).status is Status.REOPENED


@pytest.mark.parametrize(
    "text", ["Thanks, but the pain is worse.", "Thank you for everything. Goodbye.", "yes", ""]
)
def test_any_doubt_about_thanks_reopens(clinic: Clinic, text: str) -> None:
    ticket = closed(clinic)

    answer(clinic, ticket, text)

    assert absorbed(clinic, ticket).status is Status.REOPENED


@pytest.mark.parametrize("text", ["ok", "Perfect, see you then!", "\U0001f44d"])
def test_a_nod_leaves_a_resolved_ticket_in_peace(clinic: Clinic, text: str) -> None:
    ticket = closed(clinic)

    answer(clinic, ticket, text, subject="Re: My refill")

    assert absorbed(clinic, ticket).status is Status.RESOLVED


def test_what_a_robot_has_answered_is_a_persons_when_the_requester_writes_again(
    clinic: Clinic,
) -> None:
    ticket = asked(clinic, HOURS)
    assert clinic.ticket(ticket).status is Status.RESOLVED

    answer(clinic, ticket, HOURS)

    after = absorbed(clinic, ticket)
    assert (after.status, after.team, after.assignee) == (Status.REOPENED, "scheduling", "sami")
    assert len(clinic.mails()) == 1


def test_long_after_it_was_resolved_a_linked_ticket_takes_the_thread_on(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="SMS-7"))
    clinic.resolve(first, "sami")
    clinic.now += timedelta(days=40)
    second = arrives(clinic, mailed(REFILL, "m-2", thread="SMS-7"))
    clinic.now += timedelta(hours=5)
    arrives(clinic, mailed(HOURS, "m-3", thread="SMS-7"))

    assert (clinic.ticket(first).status, clinic.ticket(first).linked) == (
        Status.RESOLVED,
        (second,),
    )
    assert absorbed(clinic, second).linked == (first,)


# Robots


def test_a_robots_answer_reopens_nothing(clinic: Clinic) -> None:
    ticket = closed(clinic)

    answer(clinic, ticket, UNCLEAR, automatic=True)

    assert absorbed(clinic, ticket).status is Status.RESOLVED


def test_a_robots_answer_moves_nothing_on_an_open_ticket(clinic: Clinic) -> None:
    ticket = asked(clinic)
    before = clinic.ticket(ticket)

    answer(clinic, ticket, UNCLEAR, automatic=True)

    after = absorbed(clinic, ticket)
    assert (after.status, after.clock, after.verdict, after.timer, after.escalation) == (
        before.status,
        before.clock,
        before.verdict,
        before.timer,
        before.escalation,
    )


def test_what_reads_like_an_emergency_is_heard_although_a_robot_may_have_sent_it(
    clinic: Clinic,
) -> None:
    ticket = closed(clinic)

    own = answer(clinic, ticket, CHEST_PAIN, automatic=True)

    assert clinic.ticket(ticket).status is Status.RESOLVED
    assert clinic.ticket(own).must_page
    assert clinic.ticket(own).linked == (ticket,)


def test_two_robots_that_answer_each_other_end_within_two_mails(clinic: Clinic) -> None:
    clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    heard = 0
    while heard < len(clinic.mails()) and heard < 10:
        (tagged,) = clinic.mails()[heard]["ReplyToAddresses"]
        token = tagged.partition("+")[2].partition("@")[0]
        heard += 1
        clinic.now += timedelta(hours=3)
        arrives(clinic, mailed(HOURS, f"echo-{heard}", thread_token=token))

    assert len(clinic.mails()) <= 2


def test_a_robot_that_forgets_the_token_is_answered_once_in_the_window(clinic: Clinic) -> None:
    for number in range(6):
        arrives(clinic, mailed(HOURS, f"echo-{number}"))
        clinic.now += minutes(15)

    assert len(clinic.mails()) <= 2


def test_a_slow_robot_that_hides_every_trace_is_not_answered_for_ever(clinic: Clinic) -> None:
    for number in range(24):
        arrives(clinic, mailed(HOURS, f"echo-{number}"))
        clinic.now += timedelta(hours=3)

    assert len(clinic.mails()) <= 10
    assert clinic.tickets()[-1].status in (Status.ROUTED, Status.MERGED)


def test_texts_to_one_address_at_once_are_all_counted(clinic: Clinic) -> None:
    for number, text in enumerate((APPOINTMENT, AUTHORIZATION, HOURS)):
        receive(aws.tables(), mailed(text, f"m-{number}"), a_stamp(clinic.now))
    with ThreadPoolExecutor(3) as routers:
        batches = [[record] for record in clinic.records()]
        assert list(routers.map(clinic.hand_over, batches)) == [[], [], []]

    (counted,) = [item for item in clinic.items() if item["pk"]["S"].startswith("TEXTS#")]
    assert counted["version"]["N"] == "3"
    assert "marlow" not in counted["pk"]["S"]


# Who may


def test_a_token_is_authority_for_another_sender_who_is_marked(clinic: Clinic) -> None:
    ticket = asked(clinic)
    before = clinic.ticket(ticket)

    own = answer(clinic, ticket, HOURS, requester=SPOUSE)

    after = absorbed(clinic, ticket)
    assert (after.requester, after.quiet) == (before.requester, True)
    assert clinic.said(own)[0].remarks == (OTHER_SENDER,)
    assert clinic.ledger(ticket)[-1].detail["other_sender"] is True


def test_mail_of_a_doubtful_sender_with_our_token_is_from_another_sender(clinic: Clinic) -> None:
    ticket = asked(clinic)

    own = answer(clinic, ticket, HOURS, doubtful_sender=True)

    assert absorbed(clinic, ticket).quiet
    assert clinic.said(own)[0].remarks == (OTHER_SENDER,)


@pytest.mark.parametrize(
    "changes",
    [
        {"requester": SPOUSE},
        {"doubtful_sender": True},
        {"requester": a_requester(name="Ben Marlow", patient_id=None, date_of_birth=None)},
    ],
    ids=["another address", "a doubtful sender", "another name behind the address"],
)
def test_who_is_no_participant_of_a_thread_gets_a_linked_ticket(
    clinic: Clinic, changes: dict[str, object]
) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))

    own = arrives(clinic, mailed(HOURS, "m-2", thread="root@mail.example", **changes))

    assert (clinic.ticket(own).linked, clinic.ticket(first).linked) == ((first,), (own,))
    assert clinic.ticket(own).merged_into is None
    assert Action.LINKED in clinic.actions(own)
    assert Action.LINKED in clinic.actions(first)


def test_a_stranger_cannot_fill_a_ticket_with_links(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))
    for number in range(25):
        who = a_requester(patient_id=None, email=f"{number}@spam.example", phone=None)
        arrives(
            clinic,
            mailed(REFILL, f"s-{number}", thread="root@mail.example", requester=who),
        )

    assert len(clinic.ticket(first).linked) == 20


def test_a_stranger_does_not_take_a_thread_away(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))
    arrives(clinic, mailed(HOURS, "m-2", thread="root@mail.example", requester=SPOUSE))

    arrives(clinic, mailed(HOURS, "m-3", thread="root@mail.example"))

    assert len(clinic.ticket(first).merged_from) == 1


def test_a_forged_token_opens_a_ticket_of_its_own_and_is_remarked(clinic: Clinic) -> None:
    ticket = asked(clinic)
    forged = thread_token(b"another key", ticket)

    own = answer(clinic, ticket, REFILL, thread_token=forged, requester=SPOUSE)

    assert clinic.ticket(own).status is Status.ROUTED
    assert clinic.ticket(own).linked == ()
    assert clinic.ticket(ticket).linked == ()
    assert clinic.said(own)[0].remarks == (TOKEN_REFUSED,)


def test_a_token_of_another_site_is_no_authority_here(clinic: Clinic) -> None:
    elsewhere = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1", site="west"))

    own = answer(clinic, elsewhere, REFILL)

    assert clinic.ticket(elsewhere).merged_from == ()
    assert clinic.ticket(own).linked == ()
    assert clinic.said(own)[0].remarks == (TOKEN_REFUSED,)


def test_a_ticket_number_in_a_subject_is_no_authority(clinic: Clinic) -> None:
    ticket = asked(clinic)

    own = arrives(clinic, mailed(REFILL, "re-1", subject=f"Re: [{ticket}]", requester=SPOUSE))

    assert (clinic.ticket(own).merged_into, clinic.ticket(own).linked) == (None, ())


def test_the_thread_of_one_source_says_nothing_to_another(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="T-1"))

    arrives(clinic, an_arrival(text=REFILL, event_id="p-1", thread="T-1"))

    assert clinic.ticket(first).merged_from == ()


def test_mail_of_a_doubtful_sender_repeats_nobodys_ticket_and_gets_no_answer(
    clinic: Clinic,
) -> None:
    asked(clinic, REFILL)
    own = arrives(clinic, mailed(REFILL, "m-1", doubtful_sender=True))
    arrives(clinic, mailed(HOURS, "m-2", doubtful_sender=True))

    assert clinic.ticket(own).status is Status.ROUTED
    assert clinic.mails() == []


def test_no_thread_and_no_address_stands_in_a_key(clinic: Clinic) -> None:
    arrives(clinic, mailed(APPOINTMENT, "m-1", thread="ada.marlow@mail.example"))

    keys = " ".join(f"{item['pk']['S']} {item['sk']['S']}" for item in clinic.items())
    assert "THREAD#north#mailbox#" in keys
    assert "marlow" not in keys


def test_an_unknown_sender_in_a_thread_is_known_by_the_address(clinic: Clinic) -> None:
    unknown = a_requester(kind=RequesterKind.UNKNOWN, patient_id=None, phone=None)
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="r", requester=unknown))
    arrives(clinic, mailed(HOURS, "m-2", thread="r", requester=unknown))

    assert absorbed(clinic, first).quiet


def test_each_site_is_answered_at_its_own_mailbox(clinic: Clinic) -> None:
    replies = replace(REPLIES, address="north@clinic.example")
    clinic.publish(a_policy(site=a_site(replies=replies)))
    ticket = asked(clinic)

    (mail,) = clinic.mails()
    assert mail["ReplyToAddresses"] == [f"north+{token_of(ticket)}@clinic.example"]


# Races


def test_two_follow_ups_at_once_both_land(clinic: Clinic) -> None:
    ticket = closed(clinic)
    for number in range(2):
        arrival = mailed(APPOINTMENT, f"r-{number}", thread_token=token_of(ticket))
        receive(aws.tables(), arrival, a_stamp(clinic.now))

    with ThreadPoolExecutor(2) as routers:
        batches = [[record] for record in clinic.records()]
        assert list(routers.map(clinic.hand_over, batches)) == [[], []]

    after = clinic.ticket(ticket)
    assert (len(after.merged_from), after.reopened, after.status) == (2, 1, Status.REOPENED)
    assert clinic.loads("scheduling") == {"sami": after.load}


def test_two_first_messages_of_one_thread_at_once_are_one_ticket(clinic: Clinic) -> None:
    for number, text in enumerate((APPOINTMENT, HOURS)):
        arrival = mailed(text, f"r-{number}", thread="root@mail.example")
        receive(aws.tables(), arrival, a_stamp(clinic.now))

    with ThreadPoolExecutor(2) as routers:
        batches = [[record] for record in clinic.records()]
        assert list(routers.map(clinic.hand_over, batches)) == [[], []]
    clinic.settle()

    statuses = sorted(ticket.status for ticket in clinic.tickets())
    assert Status.MERGED in statuses
    assert set(statuses) & {Status.ROUTED, Status.REOPENED, Status.RESOLVED}


def test_a_follow_up_and_a_resolve_at_once_lose_neither(clinic: Clinic) -> None:
    ticket = asked(clinic)
    arrival = mailed(APPOINTMENT, "re-1", thread_token=token_of(ticket))
    receive(aws.tables(), arrival, a_stamp(clinic.now))
    (record,) = clinic.records()

    with ThreadPoolExecutor(2) as both:
        landing = both.submit(clinic.hand_over, [record])
        closing = both.submit(clinic.resolve, ticket, "sami")
        assert landing.result() == []
        closing.result()

    after = absorbed(clinic, ticket)
    order = [each for each in clinic.actions(ticket) if each in (Action.ABSORBED, Action.RESOLVED)]
    reopened = order == [Action.RESOLVED, Action.ABSORBED]
    assert after.status is (Status.REOPENED if reopened else Status.RESOLVED)
    assert after.reopened == int(reopened)


def test_a_record_that_comes_again_lands_once(clinic: Clinic) -> None:
    ticket = asked(clinic)
    arrival = mailed(CHEST_PAIN, "re-1", thread_token=token_of(ticket))
    receive(aws.tables(), arrival, a_stamp(clinic.now))
    records = clinic.records()
    for _ in range(3):
        assert clinic.hand_over(records) == []

    assert len(absorbed(clinic, ticket).merged_from) == 1
    assert len(clinic.paged()) == 1
