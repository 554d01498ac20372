"""What FHIR's data types say in plain values: references, codes, times, names and addresses.

Rules: HL7 FHIR R4, data types and references.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.html_text import html_to_text
from triagewire.channels.reading.record import language_from
from triagewire.errors import InvalidFieldError

FHIR_TYPE = "application/fhir+json"
UNREAD = "the text must be read in the EHR"
"""The remark on a message that came as a reference; `flow.inflating` takes it away again."""

_LITERAL = re.compile(
    r"(?:.*/)?(?P<kind>[A-Z][A-Za-z]{1,63})/(?P<id>[A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?"
)
_VERSION = re.compile(r"/_history/[^/]+$")
# Some servers put markup into plain texts. A less-than sign alone is no markup: "BP <100".
_MARKUP = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,30}\s?>|<br\s?/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One resource pointing at another: by address, by business identifier, or only in words.

    `literal` keeps the version it names; `kind` is the type of resource where that can be told.
    """

    literal: str | None = None
    kind: str | None = None
    system: str | None = None
    value: str | None = None
    display: str | None = None

    @property
    def unversioned(self) -> str | None:
        """The address without its version: the same for every state of the resource."""
        return _VERSION.sub("", self.literal) if self.literal else None

    @property
    def token(self) -> str | None:
        """The business identifier as FHIR searches write it: `system|value`."""
        if self.value is None:
            return None
        return f"{self.system}|{self.value}" if self.system else self.value

    @property
    def is_local(self) -> bool:
        """Whether the address means something only inside its own bundle or resource."""
        return self.literal is not None and self.literal.startswith(("#", "urn:uuid:"))


def reference_from(fields: Fields, key: str) -> Reference:
    """The reference under a key; an absent one reads as an empty one."""
    return reference_in(fields.inner(key))


def references_from(fields: Fields, key: str) -> tuple[Reference, ...]:
    """The references of a list."""
    return tuple(reference_in(each) for each in fields.objects(key))


def reference_in(stated: Fields) -> Reference:
    """A Reference object itself."""
    literal = stated.line("reference")
    identifier = stated.inner("identifier")
    return Reference(
        literal=literal,
        kind=stated.line("type") or kind_in(literal),
        system=identifier.line("system"),
        value=identifier.identifier("value"),
        display=stated.line("display"),
    )


def kind_in(literal: str | None) -> str | None:
    """The type of resource that an address names: `Patient` of `https://…/Patient/17`."""
    found = _LITERAL.fullmatch(literal or "")
    return found["kind"] if found else None


def relative(literal: str) -> str:
    """The last two parts of an address without its version: `Patient/17`; else the text itself."""
    found = _LITERAL.fullmatch(literal)
    return f"{found['kind']}/{found['id']}" if found else literal


def moment_or_none(fields: Fields, key: str) -> datetime | None:
    """A time of FHIR, which may be a year or a day alone: those are no moment, and no fault."""
    try:
        return fields.moment(key)
    except InvalidFieldError:
        return None


def day_or_none(fields: Fields, key: str) -> date | None:
    """A date of FHIR, which may lack its day or its month."""
    try:
        return fields.day(key)
    except InvalidFieldError:
        return None


def language_or_none(fields: Fields) -> str | None:
    """The language of a resource; servers write much there that is no language."""
    try:
        return language_from(fields)
    except InvalidFieldError:
        return None


def concept_text(concept: Fields) -> str | None:
    """A CodeableConcept in words: its text, else the name of a code, else the code."""
    codings = concept.objects("coding")
    named = [concept.line("text")]
    named += [each.line("display") for each in codings]
    named += [each.line("code") for each in codings]
    return next(filter(None, named), None)


def person_name(person: Fields) -> str | None:
    """The first name that a Patient, Practitioner or RelatedPerson goes by."""
    for name in person.objects("name"):
        parts = [*name.lines("given"), name.line("family") or ""]
        if found := name.line("text") or " ".join(filter(None, parts)):
            return found
    return None


def contact(person: Fields, system: str) -> str | None:
    """The first present `phone` or `email` of a person."""
    for point in person.objects("telecom"):
        fits = point.line("system") == system and point.line("use") != "old"
        if fits and (value := point.line("value")):
            return value
    return None


def plain(written: str) -> str:
    """Words that may be marked up as HTML."""
    return html_to_text(written) if _MARKUP.search(written) else written
