"""Who wrote a FHIR Communication: patients, relatives, staff, devices, and nobody that is named."""

from datetime import date

import pytest

from tests.unit.channels.fhir_bodies import Resource, a_bundle, a_communication, said
from triagewire.arrival import Requester, RequesterKind

PATIENT = {
    "resourceType": "Patient",
    "id": "p17",
    "identifier": [
        {"system": "urn:oid:1.2.36.146", "value": "00112233"},
        {"system": "urn:other", "value": "9"},
    ],
    "name": [{"use": "official", "family": "Tran", "given": ["Lou", "Anh"]}],
    "telecom": [
        {"system": "phone", "value": "(415) 555-0100", "use": "old"},
        {"system": "phone", "value": "(415) 555-0199", "use": "mobile"},
        {"system": "email", "value": "Lou@Mail.example"},
    ],
    "birthDate": "1961-05-17",
}
RELATIVE = {
    "resourceType": "RelatedPerson",
    "id": "r5",
    "patient": {"reference": "Patient/p17"},
    "name": [{"text": "Chidi Okafor"}],
    "telecom": [{"system": "email", "value": "chidi@mail.example"}],
}


def requester(resource: Resource, **options: object) -> Requester:
    return said(resource, **options).requester


def test_a_patient_writes() -> None:
    assert requester(a_communication()) == Requester(
        kind=RequesterKind.PATIENT, patient_id="Patient/p17", name="Lou Tran"
    )


def test_what_is_known_of_the_patient_beside_the_message_is_taken() -> None:
    arrival = said(a_bundle(a_communication(), PATIENT), patient_system="urn:oid:1.2.36.146")

    assert arrival.requester == Requester(
        kind=RequesterKind.PATIENT,
        patient_id="00112233",
        name="Lou Anh Tran",
        phone="+14155550199",
        email="lou@mail.example",
        date_of_birth=date(1961, 5, 17),
    )
    assert arrival.context.age_years == pytest.approx(65.5, abs=0.1)


def test_a_contained_patient_is_found() -> None:
    arrival = said(
        a_communication(
            contained=[{**PATIENT, "id": "me"}],
            subject={"reference": "#me"},
            sender={"reference": "#me"},
        )
    )

    assert arrival.requester.kind is RequesterKind.PATIENT
    assert arrival.requester.patient_id == "urn:oid:1.2.36.146|00112233"


def test_an_address_that_means_nothing_outside_its_bundle_is_nobody_s_number() -> None:
    stated = {"reference": "urn:uuid:8a4b", "type": "Patient"}

    assert requester(a_communication(subject=stated, sender=stated)).patient_id is None


@pytest.mark.parametrize(
    ("subject", "patient_id"),
    [
        ({"identifier": {"system": "urn:oid:1.2", "value": "5"}}, "5"),
        ({"identifier": {"system": "urn:other", "value": "5"}}, "urn:other|5"),
        ({"reference": "https://fhir.example/r4/Patient/p17/_history/2"}, "Patient/p17"),
        ({"reference": "https://else.example/Patient/p17"}, "https://else.example/Patient/p17"),
    ],
)
def test_the_record_number_keeps_its_system_unless_it_is_the_group_s_own(
    subject: dict[str, object], patient_id: str
) -> None:
    options = {
        "patient_system": "urn:oid:1.2",
        "reader": {"base_url": "https://fhir.example/r4"},
    }

    assert requester(a_communication(subject=subject), **options).patient_id == patient_id


def test_a_relative_writes_under_an_own_name_for_the_patient() -> None:
    sender = {"reference": "RelatedPerson/r5"}

    found = requester(a_bundle(a_communication(sender=sender), RELATIVE, PATIENT))

    assert (found.name, found.email, found.on_behalf) == (
        "Chidi Okafor",
        "chidi@mail.example",
        True,
    )
    assert (found.kind, found.patient_id) == (RequesterKind.PATIENT, "Patient/p17")
    assert found.phone is None


def test_a_relative_may_be_the_only_one_who_names_the_patient() -> None:
    sender = {"reference": "RelatedPerson/r5"}

    found = requester(a_bundle(a_communication(sender=sender, subject=None), RELATIVE))

    assert (found.patient_id, found.on_behalf) == ("Patient/p17", True)


def test_one_patient_who_writes_about_another_is_a_proxy() -> None:
    found = requester(a_communication(subject={"reference": "Patient/p18"}))

    assert (found.patient_id, found.on_behalf) == ("Patient/p18", True)


@pytest.mark.parametrize("kind", ["Practitioner", "PractitionerRole", "Organization"])
def test_staff_write_whatever_the_source_usually_brings(kind: str) -> None:
    sender = {"reference": f"{kind}/s1", "display": "Nora Quist"}

    found = requester(a_communication(sender=sender), requester_kind="patient")

    assert (found.kind, found.name, found.on_behalf) == (RequesterKind.STAFF, "Nora Quist", False)


def test_the_type_of_a_sender_may_be_said_apart() -> None:
    sender = {"type": "Practitioner", "display": "Nora Quist"}

    assert requester(a_communication(sender=sender)).kind is RequesterKind.STAFF


def test_a_device_is_no_person() -> None:
    arrival = said(a_communication(sender={"reference": "Device/d9"}))

    assert (arrival.automatic, arrival.requester.kind) == (True, RequesterKind.UNKNOWN)


def test_an_unstated_sender_is_whom_the_source_usually_brings() -> None:
    message = a_communication(sender=None)

    assert requester(message).kind is RequesterKind.UNKNOWN
    assert requester(message, requester_kind="patient").kind is RequesterKind.PATIENT


@pytest.mark.parametrize("reference", ["Group/g1", "#us"])
def test_a_group_is_no_patient(reference: str) -> None:
    group = {"resourceType": "Group", "id": "us", "identifier": [{"system": "s", "value": "1"}]}
    message = a_communication(subject={"reference": reference}, sender=None, contained=[group])

    assert requester(message).patient_id is None
