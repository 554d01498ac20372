"""A staff request from its form to its answer: asked for once, answered by mail, never lowered."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops.senders.standard import signed_standard
from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic, bare
from tests.aws.deployment import SECRETS
from tests.aws.senders import Event, gateway_event
from tests.builders import MEMBERS, REPLIES, TEAMS, a_policy, a_requester, a_site, minutes
from tests.shipped import shipped_engine
from triagewire.arrival import RequesterKind
from triagewire.ledger.event import Action
from triagewire.policy.model import Intake, Policy
from triagewire.policy.replies import Template
from triagewire.policy.roster import Member, Pair
from triagewire.scoring.score import Engine
from triagewire.ticket import REVIEW, Status
from triagewire.verdict import Urgency

QUESTION = "template:question"
KENJI = a_requester(
    kind=RequesterKind.STAFF,
    patient_id=None,
    email="kenji@clinic.example",
    phone=None,
    name="Kenji Sato",
    date_of_birth=None,
)
JAMMED = "The label printer is jammed."


def a_policy_that_asks() -> Policy:
    intake = Intake(
        critical={
            "it_access": ("account", "for_whom"),
            "it_endpoint": ("asset", "place"),
            "it_application": ("application",),
            "it_ehr": ("patient_impact",),
        },
        fields={"place": {"en": "where it is"}, "account": {"en": "which account it is"}},
    )
    question = Template(subject={"en": "One question"}, text={"en": "Tell us\n{missing}"})
    it = replace(
        TEAMS["it"],
        primary="ivo",
        secondary="ida",
        groups={"it_ehr": Pair(primary="ida", secondary="ivo")},
    )
    members = {**MEMBERS, "ida": Member(name="Ida Frank", teams=("it",))}
    replies = replace(REPLIES, question=question)
    site = a_site(intake=intake, replies=replies, members=members, teams={**TEAMS, "it": it})
    return a_policy(site)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped rules, compiled once."""
    return shipped_engine()


@pytest.fixture
def clinic(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic that scores with them and asks staff for what is missing."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: engine)
    with ExitStack() as stack:
        clinic = stack.enter_context(bare())
        clinic.publish(a_policy_that_asks())
        yield clinic
        clinic.check()


def by_it_form(clinic: Clinic, text: str, event_id: str = "it-1", **fields: str) -> Event:
    """Kenji fills in the IT form of the clinic."""
    payload = {
        "text": text,
        "requester": {"kind": "staff", "email": KENJI.email, "name": KENJI.name},
        **({"staff_request": fields} if fields else {}),
    }
    signed = signed_standard(SECRETS["it-form"], clinic.now, payload, event_id=event_id)
    return gateway_event("north", "it-form", signed, clinic.now)


def questions(clinic: Clinic, ticket: str) -> list[str]:
    return [each.text for each in clinic.said(ticket) if each.made_by == QUESTION]


def answers(clinic: Clinic, ticket: str, text: str, event_id: str = "re-1") -> str:
    """He answers our mail, into the mailbox that patients write to."""
    clinic.now += minutes(10)
    asked = replace(KENJI, kind=RequesterKind.PATIENT)
    stated = {"thread_token": token_of(ticket), "requester": asked, "subject": "Re: One question"}
    return arrives(clinic, mailed(text, event_id, **stated))


def test_what_is_missing_is_asked_for_while_the_ticket_is_worked_on(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    assert questions(clinic, ticket) == ["Tell us\n- where it is"]
    stored = clinic.ticket(ticket)
    assert (stored.team, stored.assignee, stored.asked) == ("it", "ivo", ("place",))
    assert stored.clock is not None
    assert stored.clock.paused_at is None
    (mail,) = clinic.mails()
    assert mail["Destination"] == {"ToAddresses": ["kenji@clinic.example"]}


def test_the_ledger_names_the_fields_and_no_words(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    (queued,) = (e for e in clinic.ledger(ticket) if e.action is Action.REPLY_QUEUED)
    assert queued.detail == {
        "made_by": QUESTION,
        "language": "en",
        "way": "email",
        "asks": ["place"],
        "state_before": ["status=new", "team=", "owner=", "urgency=5"],
        "state_after": ["status=routed", "team=it", "owner=ivo", "urgency=2"],
    }


def test_a_form_that_says_it_all_is_acknowledged(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED, asset="PRN-0412", place="Room 3"))

    (sent,) = (each for each in clinic.said(ticket) if each.made_by)
    assert sent.made_by == "template:acknowledgement"


def test_the_answer_lands_on_the_ticket_and_nothing_is_missing_any_more(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    answers(clinic, ticket, "PRN-0412, on the counter of the lobby")

    stored = clinic.ticket(ticket)
    assert len(stored.merged_from) == 1
    assert (stored.team, stored.urgency) == ("it", Urgency.ADMINISTRATIVE_STANDARD)
    assert stored.verdict is not None
    assert stored.verdict.missing == ()


def test_an_answer_that_still_lacks_something_is_not_asked_about_again(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    answers(clinic, ticket, "the white one")
    answers(clinic, ticket, "the older one of the two", "re-2")

    assert len(questions(clinic, ticket)) == 1
    stored = clinic.ticket(ticket)
    assert (stored.team, stored.verdict and stored.verdict.missing) == ("it", ("place",))


def test_an_answer_that_tells_of_waiting_patients_raises_the_ticket(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    answers(clinic, ticket, "Front desk. Patients are waiting for their labels.")

    assert clinic.ticket(ticket).urgency is Urgency.ADMINISTRATIVE_URGENT


def test_an_emergency_in_the_answer_pages(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    answers(clinic, ticket, "Room 3. The patient there has collapsed and is not breathing!")

    assert clinic.ticket(ticket).urgency is Urgency.CLINICAL_URGENT
    assert clinic.paged()


def test_worry_in_the_answer_is_seen_by_a_person(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    answers(clinic, ticket, "Necesito ayuda, ich habe starke Schmerzen in der Brust")

    assert clinic.ticket(ticket).urgency is Urgency.CLINICAL_URGENT


def test_an_answer_to_a_resolved_ticket_reopens_it_and_asks_nothing(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, JAMMED))
    clinic.resolve(ticket, "ivo")

    answers(clinic, ticket, "it is jammed again, in the lobby")

    assert clinic.ticket(ticket).status is Status.REOPENED
    assert len(questions(clinic, ticket)) == 1


def test_a_request_of_no_group_is_not_asked_but_shown_to_a_person(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, "It does not work."))

    stored = clinic.ticket(ticket)
    assert stored.team == REVIEW
    assert questions(clinic, ticket) == []
    assert stored.verdict is not None
    assert "intake-missing" in {each.rule for each in stored.verdict.reasons}


def test_the_group_named_by_the_request_has_its_own_primary(clinic: Clinic) -> None:
    ticket = clinic.take(by_it_form(clinic, "Epic is slow", patient_impact="yes, two rooms"))

    assert clinic.ticket(ticket).assignee == "ida"
    (routed,) = (each for each in clinic.ledger(ticket) if each.action is Action.ROUTED)
    assert routed.why.endswith("primary of it_ehr")


EVENTS = st.lists(
    st.sampled_from([
        "PRN-0412, in the lobby", "ok", "?", "the older one", "still jammed", "thanks",
        "Patients are waiting", "resolve", "form", "It does not work.",
    ]),
    max_size=4,
)  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_whatever_comes_a_ticket_is_asked_about_at_most_once(
    clinic: Clinic, events: list[str]
) -> None:
    begin_again = clinic.remember()
    ticket = clinic.take(by_it_form(clinic, JAMMED))

    for number, event in enumerate(events):
        if event == "resolve" and clinic.ticket(ticket).is_open:
            if not clinic.ticket(ticket).in_review:
                clinic.resolve(ticket, "ivo")
        elif event == "form":
            clinic.take(by_it_form(clinic, JAMMED, f"it-again-{number}"))
        elif event != "resolve":
            answers(clinic, ticket, event, f"re-{number}")

    for each in clinic.tickets():
        assert len(questions(clinic, each.id)) <= 1
    assert len(questions(clinic, ticket)) == 1
    begin_again()
