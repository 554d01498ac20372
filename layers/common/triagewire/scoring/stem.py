"""A light stemmer: the same word in another form must meet the same rule ("bleeds", "bleeding").

It works on letters only, in linear time, and both rules and messages pass through it, so an
unnatural stem ("chok") is harmless. Irregular forms are data (`language.yaml`, `forms`).
"""

from functools import lru_cache

_KEEP = frozenset(
    [
        "evening",
        "wedding",
        "during",
        "gas",
        "bus",
        "yes",
        "this",
        "his",
        "has",
        "was",
        "is",
        "as",
        "us",
        "pus",
        "news",
        "always",
        "lens",
        "diabetes",
        "perhaps",
        "hundred",
        "naked",
        "sacred",
        "shed",
        "sled",
        "bled",
        "fed",
        "red",
        "bed",
        "led",
        "wed",
        "need",
        "feed",
        "seed",
        "bleed",
        "speed",
        "indeed",
        "king",
        "ring",
        "sing",
        "thing",
        "wing",
        "bring",
        "spring",
        "string",
        "sting",
        "swing",
        "sling",
        "nothing",
        "something",
        "anything",
        "everything",
        "morning",
        "ceiling",
        "sibling",
        "pudding",
        "rabies",
        "hiss",
        "less",
    ]
)
_VOWELS = "aeiouy"


def _undouble(root: str) -> str:
    doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "aeiouls"
    return root[:-1] if doubled else root


def _strip_verb(word: str) -> str:
    for suffix in ("ing", "ed"):
        root = word[: -len(suffix)]
        if word.endswith(suffix) and len(root) >= 3 and any(letter in _VOWELS for letter in root):
            return _undouble(root)
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
