"""What a FHIR server's answers say of one patient, read out of bundles that may hold anything.

Rules: HL7 FHIR R4: Patient, Condition, MedicationRequest, MedicationStatement, Procedure,
Encounter, Appointment. A resource of another patient, one that was withdrawn and one that cannot
be read say nothing; that there was such a one, or more than one page, is told by `whole`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from triagewire.channels.ehr.record_asking import PROCEDURES_SINCE
from triagewire.channels.ehr.record_codes import words_of
from triagewire.channels.ehr.values import (
    concept_text,
    day_or_none,
    moment_or_none,
    reference_from,
    relative,
)
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import json_object
from triagewire.errors import InvalidFieldError, UnreadableError

MOST_RESOURCES = 300
"""So many resources of one answer are looked at."""
MOST_NAMES = 60
LONGEST_NAME = 160
STALE_PREGNANCY = timedelta(days=400)
"""Problem lists keep a pregnancy for years; its end and the weeks after it are within this."""

_GONE = frozenset({"entered-in-error", "refuted"})
_OVER = frozenset({"inactive", "remission", "resolved"})
_NO_PROCEDURE = frozenset({"entered-in-error", "not-done", "preparation", "stopped", "unknown"})
_NO_MEDICATION = frozenset(
    {"entered-in-error", "cancelled", "completed", "draft", "ended", "not-taken", "stopped"}
)
_NO_APPOINTMENT = frozenset(
    {"cancelled", "entered-in-error", "fulfilled", "noshow", "proposed", "waitlist"}
)
_PREGNANT = re.compile(r"\b(?:pregnan\w*|gravid\w*|embaraz\w*)", re.IGNORECASE)
_NOT_PREGNANT = re.compile(
    r"\b(?:not pregnant|history of|past pregnancy|prevention|contraception|counsel\w*|test"
    r"|planning|ectopic|after pregnancy)\b",
    re.IGNORECASE,
)
_AFTER_BIRTH = re.compile(r"\b(?:post-?partum|puerper\w*|postnatal|posparto)\b", re.IGNORECASE)
# Steroid creams and eye drops are no steroid use that stops a body from making its own.
_LOCAL = re.compile(r"\b(?:topical|cream|ointment|lotion|shampoo|ophthalmic|otic)\b", re.IGNORECASE)
# What servers keep as procedures and no surgeon has done.
_NO_SURGERY = re.compile(
    r"\b(?:screening|assess\w*|reconcil\w*|counsel\w*|educat\w*|vaccin\w*|immuni[sz]ation|referral"
    r"|questionnaire|interview|history taking|examination|evaluation|documentation|measurement"
    r"|consultation|x-?ray|radiograph\w*|imaging|ultraso\w*|electrocardio\w*|spirometry|test"
    r"|tests|testing|therapy session|visit|care plan|review)\b",
    re.IGNORECASE,
)
DISCHARGED = "discharged from hospital"
_AT_HOSPITAL = frozenset({"IMP", "ACUTE", "NONACUTE", "OBSENC"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The patient whose resources count, on which server (its base address), and the present."""

    id: str
    base: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What one answer said: names of one kind, or when appointments are."""

    names: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()
    pregnant: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the Patient resource itself says."""

    born: date | None = None
    sex: str = ""
    language: str = ""
    deceased: bool = False


type _Said = str | datetime | None


def patient_id_from(answer: bytes) -> str:
    """The id of the one patient that a search found; raises UnreadableError for none or several."""
    found = [each for each, _ in _resources(json_object(answer), "Patient")]
    named = {each.identifier("id") for each in found}
    if len(found) != 1 or None in named:
        raise UnreadableError("the EHR did not find exactly one patient")
    return str(named.pop())


def person_from(answer: bytes, whose: Whose) -> Person:
    """The patient; raises UnreadableError or InvalidFieldError for any other resource."""
    patient = json_object(answer)
    is_patient = patient.line("resourceType") == "Patient"
    if not is_patient or patient.identifier("id") != whose.id:
        raise UnreadableError("the EHR gave another resource than the patient")
    died = patient.has("deceasedDateTime") or patient.value("deceasedBoolean") is True
    return Person(
        born=day_or_none(patient, "birthDate"),
        sex=(patient.line("gender") or "").lower()[:20],
        language=_language(patient),
        deceased=died,
    )


def learnt_from(kind: str, answer: bytes, whose: Whose) -> Learnt:
    """What an answer of a kind says; raises UnreadableError or InvalidFieldError for no bundle."""
    bundle = json_object(answer)
    if bundle.line("resourceType") != "Bundle":
        raise UnreadableError("the EHR gave no bundle")
    resource, say = _KINDS[kind]
    beside = _medications(bundle) if kind in ("medications", "statements") else {}
    said, whole = [], not _goes_on(bundle)
    for each, matches in islice(_resources(bundle, resource), MOST_RESOURCES):
        try:
            if matches and _belongs(each, whose):
                said.append(say(each, whose, beside))
        except InvalidFieldError:
            whole = False
    names = tuple(dict.fromkeys(each for each in said if isinstance(each, str) and each))
    return Learnt(
        names=names[:MOST_NAMES],
        moments=tuple(sorted(each for each in said if isinstance(each, datetime))),
        pregnant=kind == "conditions" and any(map(_is_pregnancy, names)),
        whole=whole and len(names) <= MOST_NAMES,
    )


def _resources(bundle: Fields, kind: str) -> Iterator[tuple[Fields, bool]]:
    """Every resource of a type, and whether the search was for it; anything else is passed over."""
    entries = bundle.value("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or resource.get("resourceType") != kind:
            continue
        search = entry.get("search")
        mode = search.get("mode") if isinstance(search, dict) else None
        yield Fields(resource), mode in (None, "match")


def _goes_on(bundle: Fields) -> bool:
    """Whether there is a further page, which nobody reads."""
    links = bundle.value("link")
    listed = links if isinstance(links, list) else []
    return any(isinstance(each, dict) and each.get("relation") == "next" for each in listed)


def _belongs(resource: Fields, whose: Whose) -> bool:
    """Whether a resource names this patient of this server."""
    if resource.line("resourceType") == "Appointment":
        actors = [reference_from(each, "actor") for each in resource.objects("participant")]
    else:
        actors = [reference_from(resource, "subject")]
    return any(
        each.literal is not None
        and relative(each.literal) == f"Patient/{whose.id}"
        and ("://" not in each.literal or each.literal.startswith(whose.base))
        for each in actors
    )


def _condition(condition: Fields, whose: Whose, _beside: Mapping[str, Fields]) -> _Said:
    if _codes(condition, "verificationStatus") & _GONE:
        return None
    if _codes(condition, "clinicalStatus") & _OVER or _past(condition, "abatementDateTime", whose):
        return None
    name = _name(condition.inner("code"))
    began = _day(condition, "onsetDateTime") or _day(condition, "recordedDate")
    old = began is not None and whose.now.date() - began > STALE_PREGNANCY
    passes = _is_pregnancy(name) or _AFTER_BIRTH.search(name)
    return None if old and passes else name


def _medication(asked: Fields, whose: Whose, beside: Mapping[str, Fields]) -> _Said:
    if asked.line("status") in _NO_MEDICATION:
        return None
    reference = reference_from(asked, "medicationReference")
    literal = reference.literal or ""
    inside = {f"#{each.line('id')}": each for each in asked.objects("contained")}
    thing = inside.get(literal) or beside.get(relative(literal))
    coded = asked.inner("medicationCodeableConcept")
    name = _name(coded) or (_name(thing.inner("code")) if thing else "") or reference.display or ""
    return None if _LOCAL.search(name) else name[:LONGEST_NAME]


def _procedure(done: Fields, whose: Whose, _beside: Mapping[str, Fields]) -> _Said:
    if done.line("status") in _NO_PROCEDURE:
        return None
    period = done.inner("performedPeriod")
    at = _day(done, "performedDateTime") or _day(period, "end") or _day(period, "start")
    name = _name(done.inner("code"))
    return name if _recent(at, whose) and not _NO_SURGERY.search(name) else None


def _stay(stay: Fields, whose: Whose, _beside: Mapping[str, Fields]) -> _Said:
    """A stay in hospital that has ended."""
    at_hospital = stay.inner("class").line("code") in _AT_HOSPITAL
    ended = _day(stay.inner("period"), "end")
    left = stay.line("status") not in ("entered-in-error", "cancelled", "planned")
    return DISCHARGED if at_hospital and left and _recent(ended, whose) else None


def _appointment(booked: Fields, whose: Whose, _beside: Mapping[str, Fields]) -> _Said:
    if booked.line("status") in _NO_APPOINTMENT:
        return None
    start = moment_or_none(booked, "start")
    return start if start is not None and start >= whose.now else None


_KINDS: Mapping[str, tuple[str, Callable[[Fields, Whose, Mapping[str, Fields]], _Said]]] = {
    "conditions": ("Condition", _condition),
    "medications": ("MedicationRequest", _medication),
    "statements": ("MedicationStatement", _medication),
    "procedures": ("Procedure", _procedure),
    "stays": ("Encounter", _stay),
    "appointments": ("Appointment", _appointment),
}


def _medications(bundle: Fields) -> dict[str, Fields]:
    """The drugs that stand beside the orders for them, by short address."""
    found = islice(_resources(bundle, "Medication"), MOST_RESOURCES)
    return {f"Medication/{each.value('id')}": each for each, _ in found}


def _name(concept: Fields) -> str:
    """All words for a concept, for rules may know any of them: "COPD; chronic lung disease"."""
    codings = concept.objects("coding")
    words = [concept.line("text"), *(each.line("display") for each in codings)]
    for each in codings:
        words.append(words_of(each.line("system"), each.line("code") or ""))
    told = dict.fromkeys(each for each in words if each)
    return "; ".join(told)[:LONGEST_NAME] or (concept_text(concept) or "")[:LONGEST_NAME]


def _codes(resource: Fields, key: str) -> set[str]:
    return {each.line("code") or "" for each in resource.inner(key).objects("coding")}


def _day(fields: Fields, key: str) -> date | None:
    """The day of a FHIR date or time; of a month or a year alone, its first day."""
    stated = fields.line(key) or ""
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", stated)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def _recent(day: date | None, whose: Whose) -> bool:
    today = whose.now.date()
    return day is not None and today - PROCEDURES_SINCE <= day <= today + timedelta(days=1)


def _past(fields: Fields, key: str, whose: Whose) -> bool:
    day = _day(fields, key)
    return day is not None and day < whose.now.date()


def _is_pregnancy(name: str) -> bool:
    return bool(_PREGNANT.search(name)) and not _NOT_PREGNANT.search(name)


def _language(patient: Fields) -> str:
    """The preferred language, else the only one."""
    spoken = patient.objects("communication")
    chosen = [each for each in spoken if each.value("preferred") is True] or list(spoken[:1])
    codes = [code for each in chosen for code in _codes(each, "language") if code]
    return codes[0].partition("-")[0].lower()[:3] if codes else ""
