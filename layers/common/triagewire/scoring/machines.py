"""What a monitoring tool says: whether it speaks of a host or of a person."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from triagewire.scoring.effects import SYSTEM, UNSURE
from triagewire.scoring.engine import Hit
from triagewire.scoring.normalise import Text

_SOMEBODY = frozenset({
    "patient", "patients", "pt", "pts", "baby", "newborn", "infant", "toddler", "child", "boy",
    "girl", "man", "woman", "person", "people", "visitor", "visitors", "resident", "somebody",
    "someone", "coworker", "colleague", "mother", "father", "mom", "dad", "son", "daughter",
    "wife", "husband", "he", "she", "him", "her", "his", "i", "me", "my",
    "paciente", "pacientes", "bebe", "bebé", "niño", "niña", "nino", "nina", "hombre", "mujer",
    "persona", "madre", "padre", "hijo", "hija", "esposo", "esposa", "señor", "señora", "mi",
})  # fmt: skip
_SYSTEMS = frozenset({
    "api", "app", "cache", "database", "data", "db", "feed", "index", "lookup", "portal", "process",
    "queue", "record", "records", "search", "server", "service", "services", "sync", "system",
})  # fmt: skip
"""What makes "patient", "child" or "person" the name of a system when it follows."""
_PLACES = frozenset({"room", "bed", "bay", "ward", "habitación", "habitacion", "cama"})


def of_machines(found: Sequence[Hit], *, named: bool) -> list[Hit]:
    """A monitoring tool that names nobody speaks of hosts ("unresponsive", "no heartbeat"), which
    pages nobody. It may also quote a person in a log line, so that a person looks at it. One that
    names somebody, as a nurse call does, is taken at its word.
    """
    host = 0 if named else SYSTEM
    return [replace(h, bits=h.bits | host | UNSURE) if h.bits | host else h for h in found]


def names_somebody(text: Text) -> bool:
    """Whether a text names a person or a bed; a "patient portal" is neither."""
    for word, following in zip_longest(text.words, text.words[1:], fillvalue=""):
        if word in _SOMEBODY and following not in _SYSTEMS:
            return True
        if word in _PLACES and following[:1].isdigit():
            return True
    return False
