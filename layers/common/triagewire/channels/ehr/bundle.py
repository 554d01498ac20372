"""A FHIR Bundle: its entries, and where in it a reference leads.

Rules: HL7 FHIR R4, Bundle ("resolving references in bundles").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from triagewire.channels.ehr.values import Reference, reference_in, relative
from triagewire.channels.reading.fields import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `searched` is why a search gave it: `match`, `include`, `outcome` or ""."""

    address: str
    resource: Fields
    kind: str
    searched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The entries that hold a resource; others (of id-only notifications) say nothing to us.

    `places` has each resource by its full address and by its short one, such as `Patient/17`.
    """

    entries: tuple[Entry, ...] = ()
    places: Mapping[str, Fields] = field(default_factory=dict)

    def of(self, kind: str) -> Iterator[Fields]:
        """The resources of a type, those left out that a search only added."""
        for entry in self.entries:
            if entry.kind == kind and entry.searched in {"", "match"}:
                yield entry.resource

    def find(self, reference: Reference) -> Fields | None:
        """The resource that a reference leads to, if it is in the bundle."""
        if not reference.literal:
            return None
        return self.places.get(reference.literal) or self.places.get(relative(reference.literal))


NOTHING_ELSE = Bundle()
"""The surroundings of a resource that came alone."""


def bundle_from(bundle: Fields) -> Bundle:
    """Read a Bundle; raises InvalidFieldError."""
    entries = tuple(_entry(each) for each in bundle.objects("entry") if each.has("resource"))
    places: dict[str, Fields] = {}
    for entry in entries:
        for name in _names(entry):
            places.setdefault(name, entry.resource)
    return Bundle(entries=entries, places=places)


def focus_of(header: Fields) -> tuple[Reference, ...]:
    """What a MessageHeader says the message is about."""
    return tuple(reference_in(each) for each in header.objects("focus"))


def resolved(reference: Reference, owner: Fields, bundle: Bundle) -> Fields | None:
    """The resource behind a reference: contained in its owner, or beside it in the bundle."""
    if reference.literal and reference.literal.startswith("#"):
        local = reference.literal[1:]
        found = [each for each in owner.objects("contained") if each.line("id") == local]
        return found[0] if found else None
    return bundle.find(reference)


def _entry(entry: Fields) -> Entry:
    resource = entry.inner("resource")
    return Entry(
        address=entry.line("fullUrl") or "",
        resource=resource,
        kind=resource.line("resourceType") or "",
        searched=entry.inner("search").line("mode") or "",
    )


def _names(entry: Entry) -> Iterator[str]:
    if entry.address:
        yield entry.address
        yield relative(entry.address)
    if named := entry.resource.line("id"):
        yield f"{entry.kind}/{named}"
