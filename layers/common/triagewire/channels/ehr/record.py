"""A patient's record put together from what a FHIR server answered in time."""

from collections.abc import Mapping
from datetime import datetime

from triagewire.arrival import PatientContext, PatientRecord
from triagewire.channels.ehr.record_answers import Learnt, Person
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.record import context_from

KINDS = (
    "patient",
    "conditions",
    "medications",
    "statements",
    "procedures",
    "stays",
    "appointments",
)
NOTHING = Learnt(whole=False)


def record_of(person: Person | None, learnt: Mapping[str, Learnt], now: datetime) -> PatientRecord:
    """The record, with the names of the kinds that are missing or not whole.

    Nothing here is an answer "no": what was not learnt is unknown, and raises and lowers nothing.
    """
    said = {kind: learnt.get(kind, NOTHING) for kind in KINDS if kind != "patient"}
    known = person or Person()
    whole = {kind for kind, each in said.items() if each.whole} | ({"patient"} if person else set())
    drugs = (*said["medications"].names, *said["statements"].names)
    return PatientRecord(
        facts=PatientContext(
            age_years=context_from(Fields({}), known.born, now).age_years,
            conditions=said["conditions"].names,
            medications=tuple(dict.fromkeys(drugs)),
            recent_procedures=(*said["procedures"].names, *said["stays"].names),
            pregnant=said["conditions"].pregnant,
            next_appointment=next(iter(said["appointments"].moments), None),
        ),
        born=known.born,
        sex=known.sex,
        language=known.language,
        deceased=known.deceased,
        unknown=tuple(kind for kind in KINDS if kind not in whole),
    )


def counted(record: PatientRecord) -> dict[str, int | list[str]]:
    """What the ledger may know of a record: how many of each kind, and what is missing."""
    facts = record.facts
    return {
        "conditions": len(facts.conditions),
        "medications": len(facts.medications),
        "procedures": len(facts.recent_procedures),
        "appointments": int(facts.next_appointment is not None),
        "unknown": list(record.unknown),
    }
