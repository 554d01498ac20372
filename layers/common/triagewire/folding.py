"""Words as people look for them: without case, accents, compatibility forms or hidden letters."""

import unicodedata

MOST_LETTERS = 12_000
"""Of a longer text only the beginning is looked at, and no more is kept: one sign may stand for
eighteen letters, and a search holds thousands of texts at once.
"""


def folded(text: str) -> str:
    """A text in comparable form, its words one blank apart: "José  ESTÁ" and "jose esta" agree."""
    once = _plain(text[:MOST_LETTERS])
    return " ".join(_plain(once.casefold()).casefold().split())[:MOST_LETTERS].rstrip()


def words_of(text: str) -> tuple[str, ...]:
    """The words that somebody looks for, each once; a text that is found has all of them in it."""
    return tuple(dict.fromkeys(folded(text).split()))


def has_all(folded_text: str, words: tuple[str, ...]) -> bool:
    """Whether a folded text has every word in it, also as a part of a longer one."""
    return all(word in folded_text for word in words)


def _plain(text: str) -> str:
    """Without marks over letters, and without what nobody sees (joiners, direction marks)."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not _hidden(each))


def _hidden(letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or unicodedata.category(letter) == "Cf"
