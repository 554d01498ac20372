"""Whether a robot wrote what an automatic text would answer, however it hides that.

Headers say so of an honest robot, and are read where mail comes in. A dishonest one answers each of
our texts without them, from a new subject, an hour or a day later. It is known by what it says: it
gives our own words back, it confirms that something was received, or it says again what it said
before, with other numbers. A person who is taken for one loses a text and nothing else: their
ticket goes to a person as always.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from triagewire.policy.replies import Replies, Template
from triagewire.replies.limits import Answered, Texts
from triagewire.replies.matching import folded
from triagewire.replies.robot_words import MOVING, ROBOTS, cues

MOST_CHARACTERS = 20_000
"""Longer messages are looked at so far: the texts of robots are short."""
HEAD_WORDS = 60
"""So many words of a message are looked at: below stand signatures, which repeat."""
LEAST_NEW = 0.1
"""So much of a message must be new, beside what the same address said before, to be a person's."""
MOST_OF_OURS = 0.5
"""A message that holds so much of one of our texts gives it back."""
TYPING = timedelta(seconds=90)
"""Nobody has read our text and written something else sooner."""
RHYTHM_WITHIN = timedelta(hours=2)
RHYTHM_SHARE = 0.02
RHYTHM_LEAST = timedelta(seconds=5)
ECHO = "it gives our own text back"
WORDS_OF_ROBOTS = "it reads like the text of a robot"
_RUN = 3
_HASH_BYTES = 3

_WORD = re.compile(r"[^\W_]+")
_QUOTE_MARK = re.compile(r"^[^\S\n]*+(?:>[^\S\n]*+)++", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message as far as it is looked at: `said` are its first words as keyed hashes of runs of
    words, `cues` counts what only robots say, `echo` is how much it holds of one of our texts.
    """

    said: bytes
    cues: int
    echo: float


def heard(text: str, full_text: str, subject: str, replies: Replies, key: bytes) -> Heard:
    """What is looked at of a message; `full_text` holds what it quotes too. Of its subject the
    runs only where there is hardly a text: robots write another one each time.
    """
    text, full_text = text[:MOST_CHARACTERS], full_text[:MOST_CHARACTERS]
    words = _words(text)
    if len(words) < _RUN:
        words = [*_words(subject), *words]
    whole = _runs(_words(_QUOTE_MARK.sub("", f"{text}\n{full_text}")))
    line = " ".join([*_words(subject, masked=False), *_words(text, masked=False)])
    return Heard(
        said=_packed(_runs(words[:HEAD_WORDS]), key),
        cues=sum(cue.search(line) is not None for cue in cues()),
        echo=max((_held(whole, ours) for ours in _our_runs(replies)), default=0.0),
    )


def why_silent(message: Heard, texts: Texts, came: datetime) -> str:
    """Why a message that came at a time (UTC) from an address with these texts gets none, or
    `""`.
    """
    # What came before our text left cannot answer it.
    earlier = [each for each in texts.answered if each.at < came]
    reasons = (
        (message.echo >= MOST_OF_OURS, ECHO),
        (message.cues >= (1 if earlier else 2), WORDS_OF_ROBOTS),
    )
    why = next((why for applies, why in reasons if applies), "")
    return why or (_why_a_robots(message, earlier, came) if earlier else "")


def _why_a_robots(message: Heard, earlier: list[Answered], came: datetime) -> str:
    """What gives away an answer to our last text that somebody else's words would not."""
    waited = came - earlier[-1].at
    if waited < TYPING:
        return "it came sooner after our text than a person types"
    if _new(message.said, (each.said for each in earlier)) < LEAST_NEW:
        return "the address says again what it said before"
    before = earlier[-1].waited
    in_rhythm = before is not None and _alike(before, waited)
    return "the address answers our texts in a rhythm" if in_rhythm else ""


def is_robots_address(address: str | None, ours: Collection[str]) -> bool:
    """Whether a mail address is one that nobody reads, or one of `ours`."""
    local, _, domain = (address or "").strip().casefold().partition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    return ROBOTS.fullmatch(local) is not None or bare in {each.casefold() for each in ours if each}


def _new(said: bytes, before: Iterable[bytes]) -> float:
    """How much of it the address has not said before (0..1)."""
    now = _unpacked(said)
    known = frozenset[bytes]().union(*map(_unpacked, before))
    return len(now - known) / len(now) if now else 0.0


def _alike(one: timedelta, other: timedelta) -> bool:
    """Whether two short waits are as alike as only a program keeps them."""
    longest = max(one, other)
    return longest <= RHYTHM_WITHIN and abs(one - other) <= max(
        RHYTHM_LEAST, longest * RHYTHM_SHARE
    )


def _words(text: str, *, masked: bool = True) -> list[str]:
    """Folded words; numbers, and what moves with the calendar, are all one word."""
    found = _WORD.findall(folded(text))
    if not masked:
        return found
    return ["#" if each in MOVING or any(c.isdigit() for c in each) else each for each in found]


def _runs(words: list[str]) -> frozenset[str]:
    """Every three words that follow each other; fewer are one run."""
    runs = zip(*(words[at:] for at in range(_RUN)), strict=False)
    return frozenset(" ".join(run) for run in runs) or frozenset(filter(None, [" ".join(words)]))


def _held(theirs: frozenset[str], ours: frozenset[str]) -> float:
    return len(theirs & ours) / len(ours) if ours else 0.0


def _our_runs(replies: Replies) -> Iterable[frozenset[str]]:
    templates = (replies.acknowledgement, replies.after_hours, replies.answer, replies.question)
    for template in filter(None, templates):
        yield from map(_template_runs, _texts(template))


def _texts(template: Template) -> Iterable[str]:
    return (*template.text.values(), *template.sms.values())


@lru_cache(maxsize=256)
def _template_runs(text: str) -> frozenset[str]:
    """The runs of a template that hold none of the words that are filled in."""
    parts = re.split(r"\{\w*\}", text)
    runs: frozenset[str] = frozenset()
    for part in parts:
        words = _words(part)
        runs |= _runs(words) if len(words) >= _RUN else frozenset[str]()
    return runs


def _packed(runs: Iterable[str], key: bytes) -> bytes:
    hashes = {
        hashlib.blake2b(run.encode(), digest_size=_HASH_BYTES, key=key[:64]).digest()
        for run in runs
    }
    return b"".join(sorted(hashes))


def _unpacked(said: bytes) -> frozenset[bytes]:
    return frozenset(said[at : at + _HASH_BYTES] for at in range(0, len(said), _HASH_BYTES))
