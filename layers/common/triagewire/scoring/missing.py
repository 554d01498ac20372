"""What a staff request lacks: the critical fields that neither its form nor its words hold.

Asking costs the requester time, so the reading is generous: a word of the right kind is an answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from triagewire.scoring.doubt import Doubt, doubted
from triagewire.scoring.listening import Engine
from triagewire.scoring.normalise import read
from triagewire.scoring.stated import answers, understood
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency, Verdict

INTAKE_MISSING = "intake-missing"
MOST_CHARACTERS = 6_000
"""As far as the words are looked at: nobody names a room on page ten."""

_ALSO: Mapping[str, frozenset[str]] = {
    "asset": frozenset({"device", "device_strong", "clinical_device", "network"}),
    "application": frozenset({"app", "app_strong", "ehr", "ehr_part", "mail", "interface"}),
    "account": frozenset({"app_strong", "ehr", "network", "shared_thing", "door_badge"}),
    "patient_impact": frozenset({"patient_impact", "down_all"}),
}
"""Concepts of the IT rules that answer a field, beside `stated_<field>`."""
_KINDS_OF_PROGRAM = re.compile(r"\b(?:applications?|apps?|programs?|software|systems?)\b", re.I)
_TAG = re.compile(r"\b(?:[A-Z]{2,6}-?[0-9]{2,8}|[0-9]{5,8})\b")
_ME = re.compile(
    r"\b(?:i|im|i'm|i\u2019m|my|me|mine|myself|we|our|us|yo|mi|mis|me|nosotros)\b", re.I
)
_SOMEBODY = re.compile(
    r"\b(?:[Dd]r|[Mm]r|[Mm]s|[Mm]rs|RN|NP|PA|MA)\b\.? [A-Z]|\b[Ff]or [A-Z][a-z]+|\S@\S{1,100}\.\S"
    r"|\b(?:named|called|username|user name|user id)\b"
)


def with_missing(
    verdict: Verdict, subject: ScoringInput, engine: Engine, critical: Mapping[str, Sequence[str]]
) -> Verdict:
    """The verdict with what its resolver group would have to ask for.

    Where no group was found at all, what is missing is a reason of the review that it goes to.
    """
    if subject.voice != "staff" or subject.automatic or verdict.crisis:
        return verdict
    if not verdict.review:
        wanted = critical.get(verdict.team, ()) if verdict.score < Urgency.CLINICAL_STANDARD else ()
        return replace(verdict, missing=_lacking(wanted, subject, engine))
    if understood(verdict):
        return verdict
    every = dict.fromkeys(name for names in critical.values() for name in names)
    lacking = _lacking(tuple(every), subject, engine)
    if not lacking:
        return verdict
    why = f"no resolver group can be told; not stated: {', '.join(lacking)}"
    doubt = Doubt(INTAKE_MISSING, why, "review: what is critical is missing")
    return replace(doubted(verdict, (doubt,)), missing=lacking)


def _lacking(wanted: Sequence[str], subject: ScoringInput, engine: Engine) -> tuple[str, ...]:
    if not wanted:
        return ()
    held = set(_held(subject, engine))
    return tuple(name for name in wanted if name not in held)


def _held(subject: ScoringInput, engine: Engine) -> Iterator[str]:
    """The fields that are filled in, or answered by the words."""
    request = subject.staff_request
    if request is not None:
        yield from (name for name in request.__dataclass_fields__ if getattr(request, name))
    words = "\n".join((subject.subject, subject.text, *answers(request)))[:MOST_CHARACTERS]
    concepts = _concepts(words, engine)
    for name in ("asset", "place", "account", "patient_impact"):
        if concepts & {f"stated_{name}", *_ALSO.get(name, ())}:
            yield name
    if _concepts(_KINDS_OF_PROGRAM.sub(" ", words), engine) & _ALSO["application"]:
        yield "application"
    if _TAG.search(words):
        yield "asset"
    if _ME.search(words) or _SOMEBODY.search(words):
        yield "for_whom"


def _concepts(words: str, engine: Engine) -> frozenset[str]:
    contractions = engine.rules.language.contractions
    return engine.it.facts([words], lambda text: read(text, contractions), ()).concepts
