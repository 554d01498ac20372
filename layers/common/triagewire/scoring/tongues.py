"""Languages by their names and their scripts: for what the rules do not read, somebody who reads it
must be found.
"""

import unicodedata

NAMES = {
    "am": "Amharic", "ar": "Arabic", "bn": "Bengali", "de": "German", "el": "Greek",
    "es": "Spanish", "fa": "Persian", "fr": "French", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "hmn": "Hmong", "ht": "Haitian Creole", "hy": "Armenian", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "lo": "Lao",
    "ml": "Malayalam", "my": "Burmese", "nl": "Dutch", "pa": "Punjabi", "pl": "Polish",
    "ps": "Pashto", "pt": "Portuguese", "ru": "Russian", "so": "Somali", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""By ISO 639 code, as they stand in a roster and in a verdict."""
UNKNOWN = "und"
"""The code of a language that nobody can tell (BCP 47)."""

_SCRIPTS = (
    (0x0370, 0x03FF, "el"), (0x0400, 0x052F, "ru"), (0x0530, 0x058F, "hy"), (0x0590, 0x05FF, "he"),
    (0x0600, 0x077F, "ar"), (0x0900, 0x097F, "hi"), (0x0980, 0x09FF, "bn"), (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"), (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"), (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"), (0x0E00, 0x0E7F, "th"), (0x0E80, 0x0EFF, "lo"), (0x1000, 0x109F, "my"),
    (0x10A0, 0x10FF, "ka"), (0x1100, 0x11FF, "ko"), (0x1200, 0x139F, "am"), (0x1780, 0x17FF, "km"),
    (0x3040, 0x30FF, "ja"), (0x3400, 0x9FFF, "zh"), (0xAC00, 0xD7AF, "ko"),
)  # fmt: skip
# Letters that only one language of a script has.
_OWN_LETTERS = (
    ("ru", "uk", frozenset("іїєґ")),
    ("ar", "ps", frozenset("ټډړښځ")),
    ("ar", "ur", frozenset("ٹڈڑںےہ")),
    ("ar", "fa", frozenset("پچژگکی")),
    ("zh", "ja", frozenset(map(chr, range(0x3040, 0x3100)))),
)
_LATIN_LETTERS = (
    ("vi", frozenset("ăđơưẠạẢảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")),
    ("pl", frozenset("ąćęłńśźż")),
    ("tr", frozenset("ğış")),
    ("de", frozenset("äß")),
    ("pt", frozenset("ãõ")),
    ("fr", frozenset("èêœùû")),
)


def primary(language: str) -> str:
    """The language of a tag without its country: `pt` and `pt-BR` are one."""
    return language.strip().casefold().partition("-")[0]


def script_language(original: str, plain: str) -> tuple[str, int]:
    """The language of the letters outside the Latin alphabet and how many there are; ("", 0) where
    there are none. `plain` is the folded text: look-alikes of Latin letters are gone from it.
    """
    counts: dict[str, int] = {}
    for char in plain:
        if not char.isascii() and char.isalpha():
            name = _by_script(ord(char))
            if name:
                counts[name] = counts.get(name, 0) + 1
    if not counts:
        return "", 0
    name = max(sorted(counts), key=lambda each: counts[each])
    letters = frozenset(unicodedata.normalize("NFC", original).casefold())
    own = (to for of, to, signs in _OWN_LETTERS if of == name and not signs.isdisjoint(letters))
    return next(own, name), sum(counts.values())


def accented_language(original: str) -> str:
    """The one language whose own letters a Latin text has, or ""."""
    letters = frozenset(unicodedata.normalize("NFC", original).casefold())
    return next((name for name, own in _LATIN_LETTERS if not own.isdisjoint(letters)), "")


def _by_script(point: int) -> str:
    return next((name for first, last, name in _SCRIPTS if first <= point <= last), "")
