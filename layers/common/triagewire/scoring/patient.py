"""What is known of the patient beside the words: stated with the message, or read from the record.

Both count and neither replaces the other: where they differ, both are risks. What they say can
only raise. Where words and record cannot both be true, somebody must look whose record it is.
"""

import re
from collections.abc import Iterator

from triagewire.arrival import PatientContext
from triagewire.scoring.doubt import Doubt
from triagewire.scoring.subject import ScoringInput

SOON_DAYS = 2
"""An appointment so near makes a request about it urgent."""
MOST_CHARACTERS = 8_000
"""So much is read of what one of the two says, so that no sender and no server can make it slow."""
STATED_YEARS, SAID_YEARS = 2, 5
"""How far an age given in a field, or said in words, may be from the record's."""
YOUNGEST_MOTHER, OLDEST_MOTHER = 9, 65

_FOLD = str.maketrans({"\u2019": "'", "`": "'"})
_OF_MYSELF = re.compile(
    r"\b(?:i am|i'?m|soy|tengo)\s+(?:now\s+|almost\s+|an?\s+|de\s+)?(\d{1,3})\s*-?\s*"
    r"(?:y/?o|yrs?|years?|a[nñ]os?)\b(?!\s*(?:sober|clean|married|into|since|post|out|of exp))",
    re.IGNORECASE,
)
_PREGNANT = re.compile(
    r"\b(?:i am|i'?m)\s+(?:currently\s+|now\s+|about\s+|\d{1,2}\s*(?:weeks?|wks?|months?)\s+)*"
    r"pregnant\b|\bestoy\s+embarazada\b",
    re.IGNORECASE,
)


def said_of_patient(subject: ScoringInput) -> tuple[list[str], tuple[float, ...]]:
    """The facts as texts that concepts are looked for in, and every age in years."""
    contexts = [subject.context, *([subject.record.facts] if subject.record else [])]
    texts: dict[str, None] = {}
    for context in contexts:
        texts.update(dict.fromkeys(_bounded(_texts(context, subject))))
    ages = (context.age_years for context in contexts)
    return list(texts), tuple(dict.fromkeys(age for age in ages if age is not None))


def conflicts(subject: ScoringInput) -> Iterator[Doubt]:
    """Where the record cannot be of whom the message is about."""
    record = subject.record
    if record is None:
        return
    if record.another:
        yield _doubt("another", "the record found is of somebody born on another day")
    if record.deceased:
        yield _doubt("deceased", "the record says that the patient has died")
    if _ages_differ(subject, record.facts.age_years):
        yield _doubt("age", "the stated age is far from the record's")
    if _says_pregnant(subject) and _cannot_be(record.sex, record.facts.age_years):
        yield _doubt("pregnancy", "pregnant, and the record's age or sex does not allow it")


def _doubt(about: str, why: str) -> Doubt:
    return Doubt(f"record-{about}", why, effect="review: the record may be somebody else's")


def _bounded(texts: Iterator[str]) -> Iterator[str]:
    left = MOST_CHARACTERS
    for text in texts:
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _texts(context: PatientContext, subject: ScoringInput) -> Iterator[str]:
    """What is told, the short and sure facts first."""
    if context.recent_procedures:
        yield "recent surgery"
    if context.pregnant:
        yield "pregnant"
    if subject.now and context.next_appointment:
        days = (context.next_appointment - subject.now).total_seconds() / 86_400
        if 0 <= days <= SOON_DAYS:
            yield from ("tomorrow", "appointment within two days")
    yield from (*context.medications, *context.conditions, *context.recent_procedures)


def _ages_differ(subject: ScoringInput, recorded: float | None) -> bool:
    if recorded is None:
        return False
    stated = subject.context.age_years
    if stated is not None and abs(stated - recorded) > STATED_YEARS:
        return True
    if subject.voice == "staff":
        return False
    said = (float(each[1]) for each in _OF_MYSELF.finditer(subject.text.translate(_FOLD)))
    return any(age <= 120 and abs(age - recorded) > SAID_YEARS for age in said)


def _says_pregnant(subject: ScoringInput) -> bool:
    if subject.context.pregnant:
        return True
    return subject.voice != "staff" and bool(_PREGNANT.search(subject.text.translate(_FOLD)))


def _cannot_be(sex: str, age: float | None) -> bool:
    of_age = age is None or YOUNGEST_MOTHER <= age <= OLDEST_MOTHER
    return sex == "male" or not of_age
