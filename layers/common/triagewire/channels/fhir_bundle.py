"""A FHIR Bundle: its entries, and where in it a reference leads.

Rules: HL7 FHIR R4, Bundle ("resolving references in bundles").
"""

from collections.abc import Iterator
from dataclasses import dataclass

from triagewire.channels.fhir_values import Reference, reference_in, relative
from triagewire.channels.fields import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `searched` is why a search gave it: `match`, `include`, `outcome` or ""."""

    address: str
    resource: Fields
    kind: str
    searched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The entries that hold a resource; others (of id-only notifications) say nothing to us."""

    entries: tuple[Entry, ...] = ()

    def of(self, kind: str) -> Iterator[Fields]:
        """The resources of a type, those left out that a search only added."""
        for entry in self.entries:
            if entry.kind == kind and entry.searched in {"", "match"}:
                yield entry.resource

    def find(self, reference: Reference) -> Fields | None:
        """The resource that a reference leads to, if it is in the bundle."""
        if not reference.literal:
            return None
        exact = [each for each in self.entries if each.address == reference.literal]
        if not exact and not reference.is_local:
            wanted = relative(reference.literal)
            exact = [each for each in self.entries if wanted in _names(each)]
        return exact[0].resource if exact else None


NOTHING_ELSE = Bundle()
"""The surroundings of a resource that came alone."""


def bundle_from(bundle: Fields) -> Bundle:
    """Read a Bundle; raises InvalidFieldError."""
    return Bundle(entries=tuple(_entry(each) for each in bundle.objects("entry") if _holds(each)))


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


def _holds(entry: Fields) -> bool:
    return entry.has("resource")


def _entry(entry: Fields) -> Entry:
    resource = entry.inner("resource")
    return Entry(
        address=entry.line("fullUrl") or "",
        resource=resource,
        kind=resource.line("resourceType") or "",
        searched=entry.inner("search").line("mode") or "",
    )


def _names(entry: Entry) -> set[str]:
    named = entry.resource.line("id")
    own = {f"{entry.kind}/{named}"} if named else set()
    return own | ({relative(entry.address)} if entry.address else set())
