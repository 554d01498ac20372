"""How a Spanish word as typed may be meant: spelt by ear ("kiero", "baso" for "vaso"), made small
or great ("moradito", "hinchadísima"), or with a pronoun hung on ("ahogándome").

Spanish is written as it is heard, so most misspellings keep the sound: b and v, s, c and z, ll and
y, a silent h, k for qu. Only words of our own Spanish phrases are ever proposed; like every
correction they add a reading and take none away.
"""

import re
from collections.abc import Iterable, Iterator

_SHORTEST = 4
_LETTERS = (
    ("ch", "1"), ("h", ""), ("ll", "y"), ("qu", "k"), ("v", "b"), ("z", "s"), ("x", "s"),
    ("w", "gu"),
)  # fmt: skip
_SOFT_C, _SOFT_G = re.compile("c(?=[ei])"), re.compile("g(?=[ei])")
_HARD_GU, _NASAL = re.compile("gu(?=[ei])"), re.compile("n(?=[bp])")
_SIZE = re.compile(r"(.{2,}?)(?:e?[cz]it|it|isim|ot)([oa])(s?)")
_PRONOUN = re.compile(r"(.{2,}(?:[aei]r|ando|endo))(?:me|te|se|le|lo|la|nos|les|los|las){1,2}")


def heard(word: str) -> str:
    """How a lower-case word without accents sounds in American Spanish; equal keys sound alike."""
    key = word
    for letters, sound in _LETTERS:
        key = key.replace(letters, sound)
    key = _SOFT_C.sub("s", key).replace("c", "k")
    key = _NASAL.sub("m", _HARD_GU.sub("g", _SOFT_G.sub("j", key)))
    key = key[:-1] + "i" if key.endswith("y") else key
    return "".join(letter for at, letter in enumerate(key) if at == 0 or letter != key[at - 1])


def _plain_size(word: str) -> Iterator[str]:
    """The words of which this may be a diminutive or a superlative."""
    match = _SIZE.fullmatch(word)
    if match is None:
        return
    root, gender, many = match.groups()
    roots = [root]
    if root.endswith("qu"):
        roots.append(root[:-2] + "c")
    if root.endswith("gu"):
        roots.append(root[:-1])
    if root.endswith("c"):
        roots.append(root[:-1] + "z")
    for each in roots:
        yield from (each + gender + many, each + "e" + many, each + many)


class SpanishReader:
    """The words of our Spanish phrases, found again by sound or by their plain form."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if len(w) >= _SHORTEST and w.isalpha())
        self._sounds: dict[str, list[str]] = {}

    def readings(self, word: str) -> list[str]:
        """Words of our phrases that an unknown word may stand for, at most four."""
        if len(word) < _SHORTEST:
            return []
        if not self._sounds:
            for each in sorted(self._words):
                self._sounds.setdefault(heard(each), []).append(each)
        found = dict.fromkeys(self._sounds.get(heard(word), ()))
        for plain in self._plainer(word):
            found.update(dict.fromkeys(self._sounds.get(heard(plain), ())))
        return list(found)[:4]

    @staticmethod
    def _plainer(word: str) -> Iterator[str]:
        yield from _plain_size(word)
        match = _PRONOUN.fullmatch(word)
        if match is not None:
            yield match[1]
