"""Which language a message is in, as far as the rules need it: English, Spanish, both, or one
they do not know.
"""

import unicodedata
from collections.abc import Mapping

from triagewire.scoring.normalise import Text

MOST_STRANGE = 3
_SPANISH_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
_SPANISH_SIGNS = frozenset("ñ¿¡Ñ")


class Languages:
    """Counts marker words (`language.yaml`, `markers`): short common words that one language has
    for itself.
    """

    def __init__(self, markers: Mapping[str, frozenset[str]]) -> None:
        self._markers = markers

    def of(self, text: Text, stated: str | None) -> tuple[str, ...]:
        """The languages whose rules apply; () for a language that the rules do not know.

        The stated tag can only add a language: senders default it carelessly.
        """
        counts = {
            name: sum(word in words for word in text.words) for name, words in self._markers.items()
        }
        spanish, english = counts.get("es", 0), counts.get("en", 0)
        others = [count for name, count in counts.items() if name not in ("en", "es")]
        strange = _strange_letters(text)
        if strange or (others and max(others) >= 2 and max(others) > max(spanish, english)):
            return ()
        tagged = (stated or "").lower().startswith("es")
        signs = not _SPANISH_SIGNS.isdisjoint(text.original)
        if tagged or signs or spanish >= 2 or (spanish and len(text.words) <= 5):
            return ("en", "es")
        return ("en",)


def _strange_letters(text: Text) -> bool:
    """A word or more outside the Latin alphabet, after look-alikes were folded: nobody has read it,
    however much English stands beside it.
    """
    unread = sum(not char.isascii() and char.isalpha() for char in text.plain)
    accented = sum(
        char not in _SPANISH_LETTERS
        and unicodedata.decomposition(char)[:1].isalnum()
        and not unicodedata.decomposition(char).startswith("<")
        for char in text.original
    )
    return unread >= MOST_STRANGE or accented >= MOST_STRANGE
