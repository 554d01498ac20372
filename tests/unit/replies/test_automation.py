"""Which requests of staff a program may settle, and what it is told of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_MORNING, a_message, a_requester, a_site, a_ticket, a_verdict
from tests.builders import for_review as in_doubt
from triagewire.arrival import RequesterKind, StaffRequest
from triagewire.automated import Automated, AutomationState
from triagewire.message import Message
from triagewire.policy.automation import Automation, RequestType, When
from triagewire.replies.automation import (
    Wanted,
    event_of,
    fields_of,
    requested,
    wanted_from_program,
)
from triagewire.ticket import Status, Ticket

RESET = RequestType(
    when=When(topics=("access",), words=("password", "contraseña", "locked out")),
    needs=("account",),
    minutes=30,
)
KENJI = a_requester(
    kind=RequesterKind.STAFF,
    patient_id=None,
    email="kenji@clinic.example",
    phone=None,
    name="Kenji Sato",
    date_of_birth=None,
)
EPIC = StaffRequest(account="Epic")
ASKED_BEFORE = Automated(
    type="password_reset",
    state=AutomationState.GIVEN_BACK,
    requested_at=MONDAY_MORNING,
    due_at=MONDAY_MORNING,
    at=MONDAY_MORNING,
)
ACCESS = a_verdict(2, topic="access", team="it_access")


def a_request(verdict: Any = ACCESS, **changes: Any) -> Ticket:  # noqa: ANN401
    """Kenji's request, as it stands in the queue of IT."""
    stated = {"id": "A7" * 13, "requester": KENJI, "team": "it", **changes}
    return a_ticket(verdict, **stated)


def said(text: str = "I forgot my password.", **stated: Any) -> Message:  # noqa: ANN401
    """What Kenji wrote."""
    return a_message(**{"text": text, "subject": "", "staff_request": EPIC, **stated})


def settled_by(ticket: Ticket, *messages: Message, **types: RequestType) -> str | None:
    """The type that a request is of at a clinic with these types."""
    site = a_site(automation=Automation(types=types or {"password_reset": RESET}))
    wanted = wanted_from_program(ticket, messages or (said(),), site)
    return wanted.name if wanted else None


def test_a_plain_request_with_all_that_is_needed_is_one() -> None:
    assert settled_by(a_request()) == "password_reset"


@pytest.mark.parametrize(
    "text", ["My PASSWORD expired", "Olvidé mi contraseña", "olvide mi CONTRASENA", "Locked  out!"]
)
def test_words_are_found_however_they_are_typed(text: str) -> None:
    assert settled_by(a_request(), said(text)) == "password_reset"


@pytest.mark.parametrize("text", ["My passwordless key is gone", "Please unlock it", ""])
def test_a_word_is_a_whole_word(text: str) -> None:
    assert settled_by(a_request(), said(text)) is None


@pytest.mark.parametrize(
    "ticket",
    [
        a_request(requester=replace(KENJI, kind=RequesterKind.PATIENT)),
        a_request(requester=replace(KENJI, kind=RequesterKind.UNKNOWN)),
        a_request(in_doubt()),
        a_request(a_verdict(5)),
        a_request(a_verdict(4)),
        a_request(replace(ACCESS, crisis=True)),
        a_request(replace(ACCESS, review=True)),
        a_request(replace(ACCESS, team="billing")),
        a_request(team="review"),
        a_request(status=Status.RESOLVED),
        a_request(automation=ASKED_BEFORE),
    ],
)
def test_what_a_person_must_see_first_is_none(ticket: Ticket) -> None:
    assert settled_by(ticket) is None


@pytest.mark.parametrize(
    "stated", [{"doubtful_sender": True}, {"automatic": True}, {"pointer": "Binary/1"}]
)
def test_nor_is_one_of_a_sender_that_is_doubted(stated: dict[str, Any]) -> None:
    assert settled_by(a_request(), said(**stated)) is None


def test_without_what_it_needs_it_is_for_people_until_that_is_told() -> None:
    first = said(staff_request=None)
    answer = said("It is for Epic.", staff_request=StaffRequest(account="Epic"))

    assert settled_by(a_request(), first) is None
    assert settled_by(a_request(), first, answer) == "password_reset"


def test_of_several_types_the_first_that_fits_counts() -> None:
    other = replace(RESET, needs=())

    assert settled_by(a_request(), a=replace(RESET, enabled=False), b=other, c=RESET) == "b"


def test_a_type_may_ask_for_an_application_in_field_or_words() -> None:
    labs = RequestType(when=When(applications=("Orchard Labs",)))
    by_field = said("Please reset it.", staff_request=StaffRequest(application="orchard labs 4"))

    assert settled_by(a_request(), by_field, labs=labs) == "labs"
    assert settled_by(a_request(), said("Orchard-Labs is stuck"), labs=labs) == "labs"
    assert settled_by(a_request(), said("Orchard is stuck"), labs=labs) is None


def test_a_type_that_asks_for_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="match nothing"):
        RequestType(when=When())


def test_an_event_holds_the_fields_and_not_a_word_of_the_message() -> None:
    wanted = wanted_from_program(
        a_request(), (said(),), a_site(automation=Automation(types={"password_reset": RESET}))
    )
    assert wanted is not None
    automated = requested(wanted, MONDAY_MORNING)

    event = event_of(a_request(), automated, fields_of((said(),)))

    assert event == {
        "version": 1,
        "ticket": "A7" * 13,
        "site": "north",
        "type": "password_reset",
        "requester": {"email": "kenji@clinic.example", "name": "Kenji Sato"},
        "fields": {"account": "Epic"},
        "due_at": (MONDAY_MORNING + timedelta(minutes=30)).isoformat(),
    }


def test_what_was_stated_first_stays() -> None:
    later = said(staff_request=StaffRequest(account="Citrix", for_whom="me"))

    assert fields_of((said(), later)) == {"account": "Epic", "for_whom": "me"}


def test_no_program_is_told_which_patients_wait_for_a_request() -> None:
    waits = StaffRequest(
        account="Epic",
        business_impact="two of us stand idle",
        patient_impact="Mrs. Ruiz in bed 4 waits for her insulin order",
    )
    automated = requested(Wanted("password_reset", RESET), MONDAY_MORNING)

    event = event_of(a_request(), automated, fields_of((said(staff_request=waits),)))

    assert event["fields"] == {"account": "Epic"}
