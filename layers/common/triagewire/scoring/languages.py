"""Which language a message is in, as far as the rules need it: English, Spanish, both, or one
they do not know; and the name of that one, for whoever is to read it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triagewire.scoring.normalise import HARD_BREAK, SOFT_BREAK, Text
from triagewire.scoring.tongues import NAMES, UNKNOWN, accented_language, script_language

MOST_STRANGE = 3
FEWEST_FOREIGN = 5
"""Words in sentences of another language from which a part of a message counts as unread."""
FOREIGN_SHARE = 0.15
"""And the share of all its words that they must be."""
_FEWEST_MARKERS = 3
"""Marker words that make a sentence surely one of another language."""
_OWN_LETTERS = 2
"""What a letter that one language has for itself weighs, in marker words."""
_SHORT = 5
_READ = ("en", "es")
_SPANISH_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
_SPANISH_SIGNS = frozenset("ñ¿¡Ñ")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language of a message ("" for English, `und` when nobody can tell), whether no rule reads
    it at all, and whether none reads much of it.
    """

    language: str = ""
    unread: bool = False
    partly: bool = False

    @property
    def name(self) -> str:
        """The language in words."""
        return NAMES.get(self.language, "")


class Languages:
    """Counts marker words (`language.yaml`, `markers`): short common words that one language has
    for itself.
    """

    def __init__(self, markers: Mapping[str, frozenset[str]]) -> None:
        self._of_word: dict[str, tuple[str, ...]] = {}
        for name, words in markers.items():
            for word in words:
                self._of_word[word] = (*self._of_word.get(word, ()), name)

    def of(self, text: Text, stated: str | None) -> tuple[str, ...]:
        """The languages whose rules apply; () for a language that the rules do not know.

        The stated tag can only add a language: senders default it carelessly.
        """
        counts = self._counted(text.words)
        spanish, english = counts["es"], counts["en"]
        other = _strangest(counts)
        strange = _strange_letters(text)
        if strange or (other and counts[other] >= 2 and counts[other] > max(spanish, english)):
            return ()
        tagged = (stated or "").lower().startswith("es")
        signs = not _SPANISH_SIGNS.isdisjoint(text.original)
        if tagged or signs or spanish >= 2 or (spanish and self._spanish_part(text)):
            return ("en", "es")
        return ("en",)

    def other_reading(
        self, text: Text, tongues: tuple[str, ...], stated: str | None
    ) -> tuple[str, ...] | None:
        """The languages in which a text may be meant as well, so that it is read twice and may only
        be raised: "quiero matarme Can I move my appointment" is mostly English, and a wrong tag or
        one "gracias" hides no English words.
        """
        counts = self._counted(text.words)
        if tongues == ("en",):
            return _READ if counts["es"] else None
        unsure = tongues == _READ and counts["es"] <= max(1, counts["en"])
        only_tagged = tongues != self.of(text, None)
        return ("en",) if only_tagged or (unsure and counts["en"]) else None

    def spoken(
        self, pieces: Sequence[Text], tongues: Sequence[tuple[str, ...]], stated: str | None
    ) -> Spoken:
        """What the pieces of a message are written in. `tongues` is what `of` says of each."""
        words = sum(len(piece.words) for piece in pieces)
        strange = [piece for piece, read in zip(pieces, tongues, strict=True) if not read]
        wordless = words == 0 and any(_strange_letters(piece, 1) for piece in pieces)
        if strange or wordless:
            named = self._named(strange or pieces, stated)
            return Spoken(named, unread=wordless or not any(tongues), partly=True)
        counts = self._counted([word for piece in pieces for word in piece.words])
        foreign: Counter[str] = Counter()
        if counts[_strangest(counts)] >= _FEWEST_MARKERS:
            foreign.update(name for piece in pieces for name in self._foreign(piece))
        most = max(sorted(foreign), key=lambda name: foreign[name], default="")
        if most and foreign[most] >= max(FEWEST_FOREIGN, FOREIGN_SHARE * words):
            return Spoken(most, partly=True)
        return Spoken("es" if _is_spanish(counts, pieces) else "")

    def _named(self, pieces: Sequence[Text], stated: str | None) -> str:
        """The language that the rules do not know: by its script, its words and letters, or as its
        sender calls it.
        """
        text = pieces[0]
        scripted, letters = script_language(text.original, text.plain)
        if letters >= MOST_STRANGE or (letters and not text.words):
            return scripted
        counts = self._counted(text.words)
        accented = accented_language(text.original)
        if accented:
            counts[accented] += _OWN_LETTERS
        best = _strangest(counts)
        if best and counts[best] >= 2:
            return best
        tag = (stated or "").lower().partition("-")[0]
        return tag if tag in NAMES and tag not in _READ else UNKNOWN

    def _foreign(self, text: Text) -> Iterator[str]:
        """For each word of a sentence that is surely in another language: that language."""
        for sentence in _sentences(text):
            counts = self._counted(sentence)
            best = _strangest(counts)
            if counts[best] >= _FEWEST_MARKERS and counts[best] > 2 * max(
                counts["en"], counts["es"]
            ):
                yield from (best for _ in sentence)

    def _spanish_part(self, text: Text) -> bool:
        """Whether a short text, or a part of it between two pauses, is rather Spanish: "it might be
        nothing, tengo ganas de morirme".
        """
        if len(text.words) <= _SHORT:
            return True
        parts = map(self._counted, _sentences(text, SOFT_BREAK))
        return any(part["es"] > part["en"] for part in parts)

    def _counted(self, words: Sequence[str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for word in words:
            for name in self._of_word.get(word, ()):
                counts[name] += 1
        return counts


def _is_spanish(counts: Counter[str], pieces: Sequence[Text]) -> bool:
    signs = any(not _SPANISH_SIGNS.isdisjoint(piece.original) for piece in pieces)
    return counts["es"] > counts["en"] or (signs and counts["es"] >= counts["en"])


def _strangest(counts: Counter[str]) -> str:
    """The language with the most markers among those that the rules do not know."""
    others = sorted(name for name in counts if name not in _READ)
    return max(others, key=lambda name: counts[name], default="")


def _sentences(text: Text, ends_at: int = HARD_BREAK) -> Iterator[tuple[str, ...]]:
    start = 0
    for at in range(1, len(text.words)):
        if text.breaks[at] >= ends_at:
            yield text.words[start:at]
            start = at
    yield text.words[start:]


def _strange_letters(text: Text, most: int = MOST_STRANGE) -> bool:
    """A word or more outside the Latin alphabet, after look-alikes were folded: nobody has read it,
    however much English stands beside it.
    """
    if text.original.isascii():
        return False
    unread = sum(not char.isascii() and char.isalpha() for char in text.plain)
    accented = sum(
        char not in _SPANISH_LETTERS
        and unicodedata.decomposition(char)[:1].isalnum()
        and not unicodedata.decomposition(char).startswith("<")
        for char in text.original
    )
    return unread >= most or accented >= most
