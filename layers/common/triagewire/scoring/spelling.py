"""From a word as typed to the rule words it may stand for.

A known word stands only for itself. An unknown one may be leetspeak ("ch3st"), a listed
misspelling, one edit away ("breting"), spelt by ear ("shuger") or run together ("cantbreathe").
Corrections only ever *add* a reading, so a wrong one can raise an urgency and never lower it.
Words under 4 or over 24 letters are left alone, which keeps the cost of any input linear.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from triagewire.scoring.spanish import SpanishReader

_LEET = str.maketrans("013457@$!|", "oieastasil")
_EDIT_MIN, _EDIT_MAX = 5, 24
_SPELLINGS = {
    "ght": "t", "ph": "f", "ck": "k", "ch": "k", "wr": "r", "kn": "n", "sh": "s", "rh": "r",
    "dg": "g",
}  # fmt: skip
_SOFT = re.compile("c(?=[eiy])")
_OPENINGS = ("ckq", "fp", "cs", "gj", "kn", "rw")
# Letters that are heard alike; vowels are heard as front (e) or back (o), and only the first one
# is kept apart.
_HEARD = str.maketrans("cqzxjaiyuw", "kkssgeeeoo")


def sound(word: str) -> str:
    """A rough key of how an English word sounds: words spelt by ear share it with the real one."""
    key = word[:-1] if word.endswith("e") and len(word) > 4 else word
    key = _SOFT.sub("s", key.replace("tion", "shon").replace("sion", "shon"))
    for letters, heard in _SPELLINGS.items():
        if letters in key:
            key = key.replace(letters, heard)
    key = key.translate(_HEARD)
    once = [letter for at, letter in enumerate(key) if at == 0 or letter != key[at - 1]]
    return once[0] + "".join(x for x in once[1:] if x not in "eh") if once else ""


def _alike(first: str, second: str) -> bool:
    """Whether two opening letters can be heard alike ("keemo", "fosphate", "nife")."""
    return any(first in letters and second in letters for letters in _OPENINGS)


def _deletes(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


class Speller:
    """Corrections towards one vocabulary. `protected` are real words that must never be changed;
    `spanish` are the words that may also be spelt as Spanish is heard.

    The index is made at the first unknown word: a cold start without one does not pay for it.
    """

    def __init__(
        self,
        vocabulary: Iterable[str],
        protected: frozenset[str],
        listed: Mapping[str, str],
        spanish: Iterable[str] = (),
    ) -> None:
        self._words = frozenset(word for word in vocabulary if word.isalpha())
        self._protected = protected
        self._listed = listed
        self._spanish = SpanishReader(spanish)
        self._near: dict[str, list[str]] = {}
        self._sounds: dict[str, list[str]] = {}

    def _index(self) -> None:
        for word in sorted(self._words):
            if len(word) >= _EDIT_MIN:
                for key in (word, *_deletes(word)):
                    self._near.setdefault(key, []).append(word)
                self._sounds.setdefault(sound(word), []).append(word)

    def known(self, word: str) -> bool:
        """Whether the word means itself and needs no reading."""
        return word in self._words or word in self._protected

    def readings(self, word: str) -> tuple[tuple[str, ...], ...]:
        """Word sequences this unknown word may stand for, at most a handful; () when none."""
        if word in self._listed:
            return (tuple(self._listed[word].split()),)
        plain = word.translate(_LEET)
        if plain != word and plain in self._words:
            return ((plain,),)
        if not 4 <= len(word) <= _EDIT_MAX or self.known(word):
            return ()
        if not self._sounds:
            self._index()
        found = self._spanish.readings(word) or self._one_edit(word) or self._by_sound(word)
        if found:
            return tuple((candidate,) for candidate in found[:4])
        parts = self._run_together(plain)
        return (parts,) if parts else ()

    def _one_edit(self, word: str) -> list[str]:
        if len(word) < _EDIT_MIN:
            return []
        seen: dict[str, None] = {}
        for key in (word, *_deletes(word)):
            for candidate in self._near.get(key, ()):
                if abs(len(candidate) - len(word)) <= 1 and _within_one(word, candidate):
                    seen[candidate] = None
        return list(seen)

    def _by_sound(self, word: str) -> list[str]:
        if len(word) < _EDIT_MIN:
            return []  # too many names and short words sound alike
        return [
            c
            for c in self._sounds.get(sound(word), ())
            if abs(len(c) - len(word)) <= 3 and (c[0] == word[0] or _alike(c[0], word[0]))
        ]

    def _run_together(self, word: str) -> tuple[str, ...]:
        return _split(word, lambda part: part in self._words) if len(word) >= 7 else ()


def _within_one(a: str, b: str) -> bool:
    """One insertion, deletion, substitution or swap of neighbours apart (or equal)."""
    if a == b:
        return True
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    rest_a, rest_b = a[head:], b[head:]
    if len(a) == len(b):
        swapped = len(rest_a) > 1 and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
        return swapped or rest_a[1:] == rest_b[1:]
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]


def _split(word: str, is_word: Callable[[str], bool]) -> tuple[str, ...]:
    """The split into the fewest known words, the first of three letters or more; () when there is
    none.
    """
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 14), end - 1):
            before = best[start]
            size = end - start
            if before is None or (size < 3 and start == 0) or not is_word(word[start:end]):
                continue
            current = best[end]
            if current is None or len(before) + 1 < len(current):
                best[end] = (*before, word[start:end])
    found = best[len(word)]
    return found if found and len(found) <= 4 else ()
