"""The rules of a site through webhooks: what staff state, who knows the patient, what stays put."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ops.senders.standard import signed_standard
from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic
from tests.aws.deployment import SECRETS
from tests.aws.said import APPOINTMENT, CHEST_PAIN, REFILL, UNCLEAR
from tests.aws.senders import gateway_event
from tests.builders import MEMBERS, TEAMS, a_policy, a_requester, a_site, minutes
from triagewire.ledger.event import Action
from triagewire.policy.roster import Member, RoutingRule, Team, When
from triagewire.ticket import REVIEW, Ticket

PRINTERS = {
    "printers": RoutingRule(
        when=When(applications=("label studio",)), team="printing", skill="labels"
    )
}
KNOWN = {"known": RoutingRule(when=When(usual_teams=("front",)), team="front")}
MEDICINES = {"medicines": RoutingRule(when=When(topics=("refill", "symptom")), team="medicines")}


@pytest.fixture
def staffed(clinic: Clinic) -> Clinic:
    """A clinic with three more queues; a test says by which rules they get anything."""
    opened(clinic, {})
    return clinic


def opened(clinic: Clinic, routing: Mapping[str, RoutingRule]) -> None:
    """Publish a policy with these rules."""
    teams = TEAMS | {each: Team(lead="pia") for each in ("printing", "front", "medicines")}
    members = MEMBERS | {
        "pat": Member(name="Pat Lowe", teams=("printing",)),
        "lena": Member(name="Lena Roy", teams=("printing",), skills=("labels",)),
        "finn": Member(name="Finn Bay", teams=("front", "scheduling")),
        "nell": replace(MEMBERS["nell"], teams=("clinical", "medicines")),
    }
    clinic.publish(a_policy(a_site(teams=teams, members=members, routing=routing)))


def by_it_form(clinic: Clinic, event_id: str = "it-1", **fields: str) -> Ticket:
    """Staff fill in the form of the help desk."""
    payload = {
        "text": "It prints blank labels since this morning.",
        "requester": {"kind": "staff", "email": "kenji@clinic.example", "name": "Kenji Sato"},
        "staff_request": fields,
    }
    signed = signed_standard(SECRETS["it-form"], clinic.now, payload, event_id=event_id)
    return clinic.ticket(clinic.take(gateway_event("north", "it-form", signed, clinic.now)))


def routed(clinic: Clinic, ticket: Ticket) -> str:
    """Why the ledger says that a ticket stands where it does."""
    events = (each for each in clinic.ledger(ticket.id) if each.action is Action.ROUTED)
    return next(events).why


def test_the_application_that_staff_state_leads_to_who_knows_it(staffed: Clinic) -> None:
    opened(staffed, PRINTERS)

    ticket = by_it_form(staffed, application="Label Studio 4 (front desk)")

    assert (ticket.team, ticket.assignee, ticket.skill) == ("printing", "lena", "labels")
    assert routed(staffed, ticket).startswith("routing rule printers sends it to printing")
    assert "Studio" not in str(staffed.ledger(ticket.id))


def test_what_no_rule_describes_goes_where_scoring_says(staffed: Clinic) -> None:
    opened(staffed, PRINTERS)

    assert by_it_form(staffed, application="Calendar").team == "scheduling"


def test_a_patient_goes_back_to_the_team_that_knows_them(staffed: Clinic) -> None:
    opened(staffed, KNOWN | {"new": RoutingRule(when=When(sources=("mailbox",)), team="front")})
    first = staffed.ticket(arrives(staffed, mailed(APPOINTMENT, "m-1", subject="")))
    staffed.resolve(first.id, "finn")
    staffed.now += minutes(180)

    again = staffed.ticket(arrives(staffed, mailed(APPOINTMENT, "m-2", subject="Something new")))

    assert routed(staffed, first).startswith("routing rule new sends it to front")
    assert routed(staffed, again).startswith("routing rule known sends it to front")


def test_clinical_work_may_go_to_nurses_of_another_queue(staffed: Clinic) -> None:
    opened(staffed, MEDICINES)

    ticket = staffed.ticket(arrives(staffed, mailed(REFILL, "m-1", subject="")))

    assert (ticket.team, ticket.assignee) == ("medicines", "nell")


def test_what_is_urgent_or_in_doubt_stays_where_scoring_put_it(staffed: Clinic) -> None:
    rule = RoutingRule(when=When(channels=("email",)), team="medicines")
    opened(staffed, {"all-mail": rule})

    urgent = staffed.ticket(arrives(staffed, mailed(CHEST_PAIN, "m-1", subject="")))
    cleo = a_requester(patient_id="MRN-77", email="cleo@mail.example", phone=None)
    doubtful = staffed.ticket(arrives(staffed, mailed(UNCLEAR, "m-2", subject="", requester=cleo)))

    assert (urgent.team, doubtful.team) == ("clinical", REVIEW)
    passed_over = "routing rule all-mail is passed over: it may not move what is clinical urgent"
    assert passed_over in routed(staffed, urgent)


def test_a_patient_states_no_department_and_none_is_looked_for(staffed: Clinic) -> None:
    desk = RoutingRule(when=When(departments=("front desk",)), team="medicines")
    opened(staffed, {"desk": desk})
    first = staffed.ticket(arrives(staffed, mailed(APPOINTMENT, "m-1", subject="")))
    staffed.now += minutes(10)

    arrives(staffed, mailed(REFILL, "m-2", subject="", thread_token=token_of(first.id)))

    assert staffed.ticket(first.id).team == "clinical"


def test_a_follow_up_that_raises_a_ticket_is_routed_by_the_request_that_it_continues(
    staffed: Clinic,
) -> None:
    desk = RoutingRule(when=When(departments=("front desk",), topics=("refill",)), team="medicines")
    opened(staffed, {"desk": desk})
    first = by_it_form(staffed, department="Front desk")
    staffed.now += minutes(10)
    raises = {"subject": "", "thread_token": token_of(first.id), "requester": first.requester}

    arrives(staffed, mailed(REFILL, "m-1", **raises))

    after = staffed.ticket(first.id)
    assert (first.team, after.team) == ("scheduling", "medicines")
