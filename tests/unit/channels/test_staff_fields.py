"""The fields of a staff request, by every way in that has fields."""

import pytest

from ops.senders.standard import signed_standard
from ops.senders.web import signed_web
from tests.unit.channels.builders import NOW, SECRET, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, StaffRequest
from triagewire.channels.desks.template import Template
from triagewire.channels.forms.answers import Answered, arrival_from
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.reading.fields import MOST_LINE_CHARACTERS, Fields
from triagewire.channels.reading.staff import STAFF_FIELDS, left_over, staff_request_from

FILLED = {
    "text": "It has been stuck since eight.",
    "category": "Hardware",
    "urgency": "High",
    "department": "Front desk",
    "place": "Room 3",
    "asset": "PRN-0412",
    "patient_impact": "patients waiting",
}
STATED = StaffRequest(**{name: value for name, value in FILLED.items() if name != "text"})


def by_web(kind: str, **fields: object) -> Arrival:
    signed = signed_web(SECRET, NOW, {**FILLED, **fields}, event_id="form-1")
    return the_arrival(an_outcome(signed, a_source("web", requester_kind=kind)))


def by_standard(**fields: object) -> Arrival:
    payload = {"text": "It is stuck.", "requester": {"kind": "staff"}, **fields}
    signed = signed_standard(SECRET, NOW, payload, event_id="evt-1")
    return the_arrival(an_outcome(signed, a_source("standard")))


def test_a_staff_form_of_the_clinic_fills_the_request() -> None:
    arrival = by_web("staff")

    assert arrival.staff_request == STATED
    assert (arrival.text, arrival.full_text) == (FILLED["text"], "")


def test_the_same_fields_of_a_patients_form_stay_among_the_words() -> None:
    arrival = by_web("patient")

    assert arrival.staff_request is None
    assert "department: Front desk" in arrival.full_text


def test_a_ticked_box_says_that_patient_care_suffers() -> None:
    request = by_web("staff", patient_impact=True).staff_request

    assert request is not None
    assert request.patient_impact == "yes"


def test_an_answer_that_is_longer_than_a_line_is_in_the_text_too() -> None:
    story = "no chart opens " * 100

    arrival = by_web("staff", business_impact=story)

    assert arrival.text.endswith(f"business_impact: {story.strip()}")


def test_the_standard_contract_has_them_in_an_object_of_their_own() -> None:
    request = by_standard(staff_request={"application": "Epic", "patient_impact": True})

    assert request.staff_request == StaffRequest(application="Epic", patient_impact="yes")


def test_a_field_that_is_no_text_is_named_and_the_body_kept() -> None:
    payload = {"text": "It is stuck.", "staff_request": {"asset": {"tag": 4}}}
    signed = signed_standard(SECRET, NOW, payload, event_id="evt-1")

    outcome = an_outcome(signed, a_source("standard"))

    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.QUARANTINED,
        "staff_request.asset: must be text",
    )


def test_a_message_without_fields_has_no_request() -> None:
    assert by_standard().staff_request is None


@pytest.mark.parametrize("name", STAFF_FIELDS)
def test_every_field_can_be_mapped_to_a_question_of_a_form(name: str) -> None:
    answers = (
        Answered(keys=("q1",), question="What is wrong?", text="It is stuck."),
        Answered(keys=("q2",), question="And?", text="as stated"),
    )

    arrival = arrival_from(answers, a_source("typeform", fields={"text": "q1", name: "q2"}), "e-1")

    assert arrival.staff_request == StaffRequest(**{name: "as stated"})
    assert arrival.text == "It is stuck."


@pytest.mark.parametrize(
    ("payload", "request_"),
    [
        (
            {"asset": "WS-77", "ticket_priority": "High"},
            StaffRequest(asset="WS-77", urgency="High"),
        ),
        (
            {"application": "", "category": "Access &amp; rights"},
            StaffRequest(category="Access & rights"),
        ),
        ({"text": "It is stuck."}, None),
        ({"asset": {"id": 4}, "priority": 2}, None),
    ],
    ids=["its usual keys", "escaped", "none", "of other shapes"],
)
def test_a_help_desks_template_fills_the_request(
    payload: dict[str, object], request_: StaffRequest | None
) -> None:
    assert Template(Fields(payload), {}).staff_request() == request_


def test_another_template_is_mapped() -> None:
    template = Template(Fields({"custom": {"tag": "WS-77"}}), {"asset": "custom.tag"})

    assert template.staff_request() == StaffRequest(asset="WS-77")


def test_a_line_can_forge_no_second_one() -> None:
    request = staff_request_from({"asset": "WS-77\r\nfor: everybody"})

    assert request == StaffRequest(asset="WS-77 for: everybody")


def test_nothing_longer_than_a_line_is_lost() -> None:
    stated = {"asset": "x" * MOST_LINE_CHARACTERS, "place": "y" * (MOST_LINE_CHARACTERS + 1)}

    assert left_over(stated) == (f"place: {stated['place']}",)
