"""Doubt, failures and unreadable bodies: nothing is dropped, a person looks."""

import json

import pytest

from tests.aws.clinic import Clinic, ticket_id_of
from tests.aws.said import APPOINTMENT, BREAKS, CHEST_PAIN, REFILL, UNCLEAR
from tests.aws.senders import by_mail, by_portal, gateway_event, unreadable
from tests.builders import MEMBERS, TEAMS, a_policy, a_site, minutes
from triagewire import aws
from triagewire.ledger.event import Action
from triagewire.store.quarantine import load_kept
from triagewire.ticket import REVIEW


def kept_body(ticket_id: str) -> bytes:
    found = load_kept(aws.tables(), "north", ticket_id)
    assert found is not None
    return found[1]


def test_a_message_in_doubt_is_reviewed_within_fifteen_minutes(clinic: Clinic) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1")))

    assert (ticket.team, ticket.assignee) == (REVIEW, "rhea")
    assert ticket.clock is not None
    assert ticket.clock.due_at == clinic.now + minutes(15)


def test_a_review_that_nobody_does_is_told_to_its_lead(clinic: Clinic) -> None:
    clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1"))

    clinic.pass_minutes(15)

    assert [each["team"] for each in clinic.notices("breach")] == [REVIEW]


def test_a_ticket_under_review_stands_at_the_higher_urgency(clinic: Clinic) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1")))

    assert int(ticket.urgency) == 4


def test_a_message_on_which_scoring_fails_is_reviewed_on_the_urgent_clock(clinic: Clinic) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(BREAKS, clinic.now, "evt-1")))

    assert (ticket.team, int(ticket.urgency)) == (REVIEW, 5)
    assert ticket.verdict is not None
    assert ticket.verdict.topic == "scoring_failed"


def test_at_night_a_failed_scoring_waits_for_no_opening_hour(clinic: Clinic) -> None:
    clinic.now += minutes(17 * 60)
    ticket = clinic.ticket(clinic.take(by_portal(BREAKS, clinic.now, "evt-1")))

    clinic.pass_minutes(16)

    assert ticket.clock is not None
    assert ticket.clock.due_at == ticket.received_at + minutes(15)
    assert [each["person"] for each in clinic.notices("breach")] == ["dr-okafor"]


def test_a_failed_scoring_spoils_no_other_message(clinic: Clinic) -> None:
    clinic.post(by_portal(BREAKS, clinic.now, "evt-1"))
    clinic.post(by_mail(CHEST_PAIN, clinic.now, "mail-1"))
    clinic.settle()

    assert sorted(ticket.team or "" for ticket in clinic.tickets()) == ["clinical", REVIEW]


def test_a_signed_body_that_cannot_be_read_is_kept_whole_and_reviewed(clinic: Clinic) -> None:
    event = unreadable(clinic.now, "evt-1", {"type": "lab_result.created", "value": "Ärztin 7,4"})
    answer = clinic.post(event)
    clinic.settle()

    ticket = clinic.ticket(ticket_id_of(answer))
    body = kept_body(ticket.id)
    assert (answer["statusCode"], json.loads(answer["body"])["outcome"]) == (202, "quarantined")
    assert (ticket.team, int(ticket.urgency), ticket.unreadable) == (REVIEW, 5, True)
    assert json.loads(body) == {"type": "lab_result.created", "value": "Ärztin 7,4"}


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe\x00", b"[1]", b"{" * 5000])
def test_no_signed_body_whatever_it_holds_is_dropped(clinic: Clinic, body: bytes) -> None:
    headers = by_mail("", clinic.now, "mail-1")["headers"]
    mail = gateway_event("north", "mailbox", (headers, body), clinic.now)

    answer = clinic.post(mail)
    clinic.settle()

    (ticket,) = clinic.tickets()
    assert answer["statusCode"] == 200
    assert ticket.team == REVIEW
    assert kept_body(ticket.id) == body


def test_the_same_unreadable_body_again_is_the_same_ticket(clinic: Clinic) -> None:
    event = unreadable(clinic.now, "evt-1", {"type": "lab_result.created"})

    first, again = clinic.post(event), clinic.post(event)

    assert first["body"] == again["body"]
    assert len(clinic.tickets()) == 1


def test_what_no_team_of_the_site_handles_is_reviewed(clinic: Clinic) -> None:
    teams = {name: team for name, team in TEAMS.items() if name != "billing"}
    clinic.publish(a_policy(site=a_site(teams=teams)))

    ticket = clinic.take(
        by_portal(
            "My insurance wants an approval before the MRI tomorrow morning.", clinic.now, "e"
        )
    )

    assert clinic.ticket(ticket).team == REVIEW


def test_review_has_a_capacity_and_then_waits_in_its_queue(clinic: Clinic) -> None:
    clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1"))
    second = clinic.ticket(clinic.take(by_portal(UNCLEAR, clinic.now, "evt-2")))

    assert (second.team, second.assignee) == (REVIEW, None)
    assert MEMBERS["rhea"].capacity == 1


def test_a_verdict_is_in_the_ledger_by_the_rules_that_made_it(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    (event,) = [each for each in clinic.ledger(refill) if each.action is Action.SCORED]
    assert event.detail["rules"] == ["refill-rule"]
    assert event.detail["score"] == 4


def test_a_review_is_answered_by_nobody_but_a_person(clinic: Clinic) -> None:
    clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1"))
    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-2"))

    assert len(clinic.mails()) == 1


def test_a_ticket_that_cannot_be_routed_stands_before_a_person(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise LookupError("a policy that no check foresaw")

    monkeypatch.setattr("triagewire.flow.triage.give", broken)

    ticket = clinic.ticket(clinic.take(by_portal(REFILL, clinic.now, "evt-1")))

    assert (ticket.team, ticket.assignee, int(ticket.urgency)) == (REVIEW, None, 5)
    assert ticket.clock is not None
    assert ticket.clock.due_at == clinic.now + minutes(15)
    assert ticket.timer is not None
