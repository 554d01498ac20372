"""A light stemmer: the same word in another form must meet the same rule ("bleeds", "bleeding").

It works on letters only, in linear time, and both rules and messages pass through it, so an
unnatural stem ("chok") is harmless. Irregular forms are data (`language.yaml`, `forms`).
"""

import re
from functools import lru_cache

# Words that only look inflected.
_KEEP = frozenset({
    "always", "anything", "as", "bed", "bled", "bleed", "bring", "bus", "ceiling",
    "diabetes", "during", "evening", "everything", "fed", "feed", "gas", "has", "his",
    "hiss", "hundred", "indeed", "is", "king", "led", "lens", "less", "morning",
    "naked", "need", "news", "nothing", "perhaps", "pudding", "pus", "rabies", "red",
    "ring", "sacred", "seed", "shed", "sibling", "sing", "sled", "sling", "something",
    "speed", "spring", "sting", "string", "swing", "thing", "this", "us", "was",
    "wed", "wedding", "wing", "yes",
})  # fmt: skip
_VOWELS = "aeiouy"
_LOST_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")


def _undouble(root: str) -> str:
    doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "aeiouls"
    return root[:-1] if doubled else root


def _strip_verb(word: str) -> str:
    for suffix in ("ing", "ed"):
        root = word[: -len(suffix)]
        if word.endswith(suffix) and len(root) >= 3 and any(letter in _VOWELS for letter in root):
            # "taking" lost an e where "cutting" doubled its t.
            return root + "e" if _LOST_E.fullmatch(root) else _undouble(root)
    return word


def _strip_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The common form of a lower-case word; words of three letters or fewer are left alone."""
    if len(word) <= 3 or word in _KEEP:
        return word
    root = _strip_plural(word)
    if root not in _KEEP:
        root = _strip_verb(root)
    for suffix in ("ness", "ly"):
        if root.endswith(suffix) and len(root) - len(suffix) >= 3:
            root = root[: -len(suffix)]
    if root.endswith("i") and len(root) > 3:
        root = root[:-1] + "y"
    if root.endswith("e") and len(root) > 4:
        root = root[:-1]
    return root
