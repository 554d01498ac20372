"""The record of a synthetic patient, Rosalind Achterberg, as FHIR servers write it."""

import json
from datetime import UTC, datetime
from typing import Any

from triagewire.channels.ehr.record_answers import Whose

type Resource = dict[str, Any]

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
BASE = "https://fhir.clinic.example/r4/"
ID = "p17"
WHOSE = Whose(id=ID, base=BASE, now=NOW)
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def body(resource: object) -> bytes:
    return json.dumps(resource).encode()


def found(*resources: object, **more: object) -> Resource:
    """What a search gives."""
    entries = [{"resource": each, "search": {"mode": "match"}} for each in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries, **more}


def concept(display: str = "", system: str = SNOMED, code: str = "1", text: str = "") -> Resource:
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    return {"coding": [coding], **({"text": text} if text else {})}


def status(code: str) -> Resource:
    return {"coding": [{"code": code}]}


def a_patient(**changes: object) -> Resource:
    usual: Resource = {
        "resourceType": "Patient",
        "id": ID,
        "birthDate": "1961-05-17",
        "gender": "female",
        "communication": [{"language": {"coding": [{"code": "es-MX"}]}, "preferred": True}],
    }
    return kept({**usual, **changes})


def a_condition(display: str = "Asplenia (disorder)", **changes: object) -> Resource:
    usual = {
        "resourceType": "Condition",
        "subject": {"reference": f"Patient/{ID}"},
        "clinicalStatus": status("active"),
        "verificationStatus": status("confirmed"),
        "code": concept(display),
    }
    return kept({**usual, **changes})


def an_order(display: str = "apixaban 5 MG Oral Tablet [Eliquis]", **changes: object) -> Resource:
    usual = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "subject": {"reference": f"Patient/{ID}"},
        "medicationCodeableConcept": concept(display, RXNORM),
    }
    return kept({**usual, **changes})


def a_statement(display: str, **changes: object) -> Resource:
    return an_order(display, resourceType="MedicationStatement", **changes)


def a_procedure(display: str = "Total hip replacement", **changes: object) -> Resource:
    usual = {
        "resourceType": "Procedure",
        "status": "completed",
        "subject": {"reference": f"Patient/{ID}"},
        "code": concept(display),
        "performedPeriod": {"start": "2026-02-10T08:00:00Z", "end": "2026-02-10T10:00:00Z"},
    }
    return kept({**usual, **changes})


def a_stay(**changes: object) -> Resource:
    usual = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": {"reference": f"Patient/{ID}"},
        "period": {"start": "2026-02-10", "end": "2026-02-14T11:00:00-05:00"},
    }
    return kept({**usual, **changes})


def an_appointment(start: str = "2026-03-03T09:00:00-05:00", **changes: object) -> Resource:
    usual = {
        "resourceType": "Appointment",
        "status": "booked",
        "start": start,
        "participant": [
            {"actor": {"reference": "Practitioner/9"}},
            {"actor": {"reference": f"Patient/{ID}"}},
        ],
    }
    return kept({**usual, **changes})


def kept(resource: Resource) -> Resource:
    """A resource without the elements that a test set to None."""
    return {key: value for key, value in resource.items() if value is not None}
