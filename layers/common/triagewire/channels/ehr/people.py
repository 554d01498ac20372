"""Who wrote a FHIR Communication, and for which patient.

Rules: HL7 FHIR R4, Communication.sender and Communication.subject. Every part may be absent.
"""

from dataclasses import dataclass

from triagewire.arrival import Requester, RequesterKind
from triagewire.channels.ehr.bundle import Bundle, resolved
from triagewire.channels.ehr.values import (
    Reference,
    contact,
    day_or_none,
    person_name,
    reference_from,
    relative,
)
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.source import Source

_KINDS = {
    "Patient": RequesterKind.PATIENT,
    "RelatedPerson": RequesterKind.PATIENT,
    "Practitioner": RequesterKind.STAFF,
    "PractitionerRole": RequesterKind.STAFF,
    "CareTeam": RequesterKind.STAFF,
    "HealthcareService": RequesterKind.STAFF,
    "Organization": RequesterKind.STAFF,
    "Device": RequesterKind.UNKNOWN,
}
_PEOPLE = frozenset({"Patient", "RelatedPerson", "Practitioner"})
_NOBODY = Fields({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who asks; `automatic` when no person wrote but a device."""

    requester: Requester
    automatic: bool = False


def writer_of(communication: Fields, bundle: Bundle, source: Source) -> Writer:
    """The writer with every identity that is stated.

    The type of the sender counts before the source's `requester_kind`, which is for senders that
    say no type: a nurse who writes through the patients' portal is no patient.
    """
    sender = reference_from(communication, "sender")
    person = resolved(sender, communication, bundle)
    kind = sender.kind or (person.line("resourceType") if person else None)
    patient = _patient(communication, sender, person, kind)
    record = resolved(patient, communication, bundle)
    if record is not None and record.line("resourceType") != "Patient":
        patient, record = Reference(), None
    body = person if person is not None and kind in _PEOPLE else _NOBODY
    writes_as = _KINDS.get(kind or "") or kind_of(source, RequesterKind.UNKNOWN)
    by_patient = writes_as is RequesterKind.PATIENT
    requester = Requester(
        kind=writes_as,
        patient_id=patient_id(patient, record, source),
        email=email_address(contact(body, "email")),
        phone=phone_number(contact(body, "phone"), source.options.country_code),
        name=person_name(body) or sender.display,
        date_of_birth=day_or_none(record, "birthDate") if by_patient and record else None,
        on_behalf=kind == "RelatedPerson" or (kind == "Patient" and not _one(sender, patient)),
    )
    return Writer(requester=requester, automatic=kind == "Device")


def patient_id(patient: Reference, record: Fields | None, source: Source) -> str | None:
    """The record number after its assigning system, which the source's own system goes without.

    A server's own id is kept as `Patient/17`: a bare number could be another patient's record
    number. An address that means something only inside its bundle is nobody's number.
    """
    own = source.options.patient_system
    for system, value in _numbers(patient, record):
        if own is not None and system == own:
            return value
    if patient.token:
        return patient.token
    if patient.literal and not patient.is_local:
        return _address(patient, source)
    return next((f"{system}|{value}" for system, value in _numbers(patient, record)), None)


def _numbers(patient: Reference, record: Fields | None) -> list[tuple[str, str]]:
    stated = record.objects("identifier") if record else ()
    found = [(patient.system, patient.value)]
    found += [(each.line("system"), each.identifier("value")) for each in stated]
    return [(system, value) for system, value in found if system and value]


def _address(patient: Reference, source: Source) -> str | None:
    """The patient's address, short on the group's own server so that both forms are one person."""
    literal, reader = patient.unversioned or "", source.options.reader
    own = reader is not None and literal.startswith(reader.base_url)
    return relative(literal) if own else literal


def _patient(
    communication: Fields, sender: Reference, person: Fields | None, kind: str | None
) -> Reference:
    """The patient it is about, else the patient who writes, else the one the relative cares for."""
    subject = reference_from(communication, "subject")
    if subject.kind in {"Patient", None} and subject != Reference():
        return subject
    if kind == "Patient":
        return sender
    if kind == "RelatedPerson" and person is not None:
        return reference_from(person, "patient")
    return Reference()


def _one(sender: Reference, patient: Reference) -> bool:
    """Whether two references to patients can be the same patient; what is not told apart is."""
    for one, other in ((sender.unversioned, patient.unversioned), (sender.token, patient.token)):
        if one and other:
            return relative(one) == relative(other)
    return True
