"""Two needs, two tickets: each goes its own way, and the clinical one waits for nothing."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic, bare
from tests.builders import a_policy, a_requester, a_stamp, an_arrival, minutes
from tests.shipped import shipped_engine
from triagewire import aws
from triagewire.arrival import Channel, RequesterKind
from triagewire.flow.context import Context
from triagewire.flow.placing import Placed, give
from triagewire.flow.receive import receive
from triagewire.ledger.event import Action
from triagewire.policy.model import Site
from triagewire.scoring.score import Engine
from triagewire.ticket import REVIEW, Ticket

MIXED = "I have crushing chest pain. Also, why was I billed twice for my visit in January?"
MOVE = "I would like to move my appointment from Tuesday to Thursday."
BILL = "Why was I billed twice for my visit in January?"
REFILL = "Could you renew my lisinopril? I have three tablets left."
PRINTER = "The printer at the front desk jams and needs a new drum."
STAFF = a_requester(
    kind=RequesterKind.STAFF, patient_id=None, email="pat@clinic.example", phone=None, name="Pat"
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped rules, compiled once."""
    return shipped_engine()


@pytest.fixture
def real(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic that scores with them."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: engine)
    with ExitStack() as stack:
        clinic = stack.enter_context(bare())
        clinic.publish(a_policy())
        yield clinic
        clinic.check()


def said(clinic: Clinic, text: str, **changes: object) -> str:
    return arrives(clinic, mailed(text, "m-0", subject="", **changes))


def follows(clinic: Clinic, ticket: str, text: str, **changes: object) -> Ticket:
    clinic.now += minutes(20)
    stated = {"subject": "", "thread_token": token_of(ticket), **changes}
    arrives(clinic, mailed(text, "m-1", **stated))
    return clinic.ticket(ticket)


def beside(clinic: Clinic, ticket: str) -> list[Ticket]:
    """The tickets that are linked to one."""
    return [clinic.ticket(each) for each in clinic.ticket(ticket).linked]


def test_a_clinical_and_an_office_need_are_two_linked_tickets_and_the_clinical_one_leads(
    real: Clinic,
) -> None:
    lead = said(real, MIXED)

    (office,) = beside(real, lead)
    assert real.ticket(lead).must_page
    assert (office.team, office.linked) == ("billing", (lead,))
    assert real.paged()
    assert real.mails() == []


def failing_for(team: str, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let nothing be given to a team any more."""

    def give_or_fail(ticket: Ticket, why: str, site: Site, context: Context) -> Placed:
        if ticket.team == team:
            raise error
        return give(ticket, why, site, context)

    monkeypatch.setattr("triagewire.flow.triage.give", give_or_fail)


def test_the_clinical_one_pages_at_once_although_the_office_one_cannot_be_routed(
    real: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_for("billing", monkeypatch, LookupError("no such team"))

    lead = said(real, MIXED)

    (office,) = beside(real, lead)
    assert real.paged()
    assert real.ticket(lead).must_page
    assert office.team == REVIEW


def test_it_pages_although_handling_the_office_one_breaks_down(
    real: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_for("billing", monkeypatch, RuntimeError("a fault that nobody foresaw"))
    arrival = mailed(MIXED, "m-0", subject="")
    lead = receive(aws.tables(), arrival, a_stamp(real.now))

    assert real.hand_over(real.records()) == []
    assert real.paged()
    assert len(real.hand_over(real.records())) == 1
    assert real.ticket(lead).must_page

    monkeypatch.undo()


def test_an_emergency_on_an_office_ticket_takes_it_over_and_the_office_need_gets_its_own(
    real: Clinic,
) -> None:
    ticket = said(real, MOVE)

    after = follows(real, ticket, "I have crushing chest pain now and can hardly breathe.")

    (office,) = beside(real, ticket)
    assert (after.team, office.team) == ("clinical", "scheduling")
    assert real.paged()


def test_an_office_need_on_a_clinical_ticket_gets_its_own(real: Clinic) -> None:
    ticket = said(real, REFILL)

    after = follows(real, ticket, BILL)

    (office,) = beside(real, ticket)
    assert (after.team, office.team) == ("clinical", "billing")


def by_staff(clinic: Clinic, text: str, event_id: str, **changes: object) -> str:
    stated = {"source": "it-form", "channel": Channel.WEB, "subject": "", "requester": STAFF}
    return arrives(clinic, an_arrival(**{**stated, "text": text, "event_id": event_id, **changes}))


def test_an_it_need_on_an_office_ticket_gets_its_own_and_the_other_way_round(
    real: Clinic,
) -> None:
    ticket = by_staff(real, "Please move the patient's appointment to Thursday.", "s-0")
    assert real.ticket(ticket).team == "scheduling"
    real.now += minutes(20)

    by_staff(real, PRINTER, "s-1", thread_token=token_of(ticket))

    (technical,) = beside(real, ticket)
    assert technical.team == "it"
    assert Action.LINKED in real.actions(ticket)


def test_an_urgent_it_need_that_takes_an_office_ticket_over_leaves_the_office_its_own(
    real: Clinic,
) -> None:
    ticket = by_staff(real, "Please move the patient's appointment to Thursday.", "s-0")
    real.now += minutes(20)

    urgent = "The printer for wristbands is down and patients are waiting to be admitted."
    by_staff(real, urgent, "s-1", thread_token=token_of(ticket))

    assert sorted(str(each.team) for each in (real.ticket(ticket), *beside(real, ticket))) == [
        "it",
        "scheduling",
    ]


def test_more_about_the_same_kind_of_need_opens_nothing(real: Clinic) -> None:
    ticket = said(real, MOVE)

    after = follows(real, ticket, "Thursday morning would be best for the appointment.")

    assert after.linked == ()


def test_a_nod_opens_nothing_on_an_it_ticket(real: Clinic) -> None:
    ticket = by_staff(real, PRINTER, "s-0")

    by_staff(real, "ok thank you, done", "s-1", thread_token=token_of(ticket))

    assert real.ticket(ticket).linked == ()
    assert len(real.tickets()) == 2


@pytest.mark.parametrize("topic", ["billing", "hours", "Not urgent", "medication_refill"])
def test_the_topic_that_the_requester_chose_moves_no_emergency(real: Clinic, topic: str) -> None:
    ticket = said(
        real, "It's probably nothing, but I have crushing chest pain.", request_type=topic
    )

    assert real.ticket(ticket).must_page
