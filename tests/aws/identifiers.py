"""The identifiers of 45 CFR 164.514(b)(2), made up, and the search for them in whatever form.

(A) to (R) are the letters of the rule. A form is what a program makes of an identifier by mistake:
another writing, an encoding, or a hash that has no key and so is guessed in a moment.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from urllib.parse import quote, quote_plus

EIGHTEEN: Mapping[str, tuple[str, ...]] = {
    "(A) names": ("Quillon Zzyzx", "Zoë Ångzyzx"),
    "(B) places below a state": ("4471 Zebrawood Lane", "Zebrawood Junction", "98763-4471"),
    "(C) dates, and ages over 89": ("1937-11-23", "1998-02-17", "aged 97 years"),
    "(D) telephone numbers": ("+15550197531",),
    "(E) fax numbers": ("+15550197532",),
    "(F) e-mail addresses": ("quillon.canary@mail.example",),
    "(G) social security numbers": ("987-65-4329",),
    "(H) medical record numbers": ("MRN-CANARY-77",),
    "(I) health plan numbers": ("XQZ5550148-31",),
    "(J) account numbers": ("ACCT-77310948",),
    "(K) licence numbers": ("DL-Q7310-9482",),
    "(L) vehicles and plates": ("1ZZZZ99Z9ZQ310948", "QZX-7731"),
    "(M) serial numbers of devices": ("PM-SERIAL-8841-Q",),
    "(N) web addresses": ("https://patients.example/zz-5519",),
    "(O) addresses of machines": ("198.51.100.197", "2001:db8:77:3109::48"),
    "(P) biometrics": ("voiceprint-7f31a9c2",),
    "(Q) pictures of faces": ("face-zz-0042.jpg",),
    "(R) any other number of one's own": ("STUDY-ZX-0097",),
}
OTHERWISE = (
    *("quillon", "zzyzx", "ångzyzx", "zebrawood", "5550197531", "5550197532"),
    *("19371123", "11/23/1937", "23.11.1937", "november 23, 1937", "987654329"),
)
"""Parts of them that say as much, and other ways to write them."""
CANARY = "canary"
"""It stands in all that is seeded and is no identifier: texts, subjects, threads."""
SHORTEST_PACKED = 8
"""In characters: shorter ones stand in any id by chance."""
SENTENCE = "; ".join(value for values in EIGHTEEN.values() for value in values)
"""All of them, as somebody might write them into one message."""


def found_in(text: str) -> list[str]:
    """What of a patient a text holds, in any form."""
    lowered = text.lower()
    said = [each for each in (*_lowered_forms(), CANARY) if each in lowered]
    return said + [f"a packed {name}" for name, form in _exact_forms() if form in text]


def found_where(places: Iterable[tuple[str, str]]) -> list[str]:
    """What was found in which of many places, each with its name."""
    known = list(places)
    if not found_in("\n".join(said for _, said in known)):
        return []
    return [f"{needle} in {where}" for where, said in known for needle in found_in(said)]


@cache
def _values() -> tuple[str, ...]:
    return (*(value for values in EIGHTEEN.values() for value in values), *OTHERWISE)


@cache
def _lowered_forms() -> tuple[str, ...]:
    """Forms in which capitals make no difference."""
    found = {form.lower() for value in _values() for form in _written(value)}
    found |= {form for value in _values() for form in _hashed(value)}
    return tuple(sorted(found))


def _written(value: str) -> Iterator[str]:
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield value.encode().hex()
    digits = re.sub(r"\D", "", value)
    if len(digits) >= 8:
        yield digits


def _hashed(value: str) -> Iterator[str]:
    for written in {value, value.lower(), value.upper()}:
        for name in ("sha256", "sha1", "md5"):
            digest = hashlib.new(name, written.encode(), usedforsecurity=False)
            yield digest.hexdigest()[:20]


@cache
def _exact_forms() -> tuple[tuple[str, str], ...]:
    """Forms in which capitals count: base64, whatever stands before the value in what is packed."""
    forms = ((value, form) for value in _values() for form in set(_packed(value)))
    return tuple((value, form) for value, form in forms if len(form) >= SHORTEST_PACKED)


def _packed(value: str) -> Iterator[str]:
    for written in {value, value.lower()}:
        raw = written.encode()
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + raw).decode()
            kept = whole[-(-8 * before // 6) : 4 * ((before + len(raw)) // 3)]
            yield kept
            yield kept.replace("+", "-").replace("/", "_")
        digest = hashlib.sha256(raw).digest()
        yield base64.b64encode(digest).decode()[:27]
        yield base64.urlsafe_b64encode(digest).decode()[:27]
        yield base64.b32encode(digest).decode()[:26]
