"""The part of a mail that its writer did not write now: quoted, signed or handed on.

What is handed on is the message: its reader has not seen it yet. What is quoted may be old, so it
never pages; a danger sign in it that nobody has judged yet goes to a person.
"""

import re
from collections.abc import Iterable

MOST_CHARACTERS = 20_000
"""What of a quoted part is looked at: a thread repeats itself under this."""
MOST_ASKED = 600
"""The beginning of a quoted part: what the writer answers."""
_FORWARD_SUBJECT = re.compile(
    r"(?:\s*\[[^\[\]]{1,40}\])*\s*(?:fwd?|wg|tr|rv|enc|doorst|vs)\s?:", re.IGNORECASE
)
_FORWARD_LINE = re.compile(
    r"-{2,}\s*(?:forwarded message|mensaje reenviado)\s*-{0,10}"
    r"|(?:begin forwarded message|inicio del mensaje reenviado)\s?:",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4
_MARKS = re.compile(r"^[>\s|]+")
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*")
_PLAIN = re.compile(r"[\W_]+")
# "If you have chest pain, call 911": what every clinic writes under its own mail.
_ADVICE = re.compile(
    r"\bif (?:you|this is|symptoms|your symptoms|it is an|there is an)\b.*"
    r"\b(?:call|dial|go to|visit|seek|contact)\b.*\b(?:911|988|emergency|urgent care|us|office)\b"
    r"|\bsi (?:usted |tiene|presenta|es una|se trata)\b.*\b(?:llame|marque|acuda|vaya)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:i|im|ive|my|me|he|she|his|her|mi|yo|mis)\b", re.IGNORECASE)
_LONGEST_ADVICE = 400


def said_now(text: str, full_text: str, subject: str) -> str:
    """The words to score: all of them where the mail hands another one on under a cover note."""
    if not full_text.strip() or full_text == text:
        return text
    return full_text if _hands_on(full_text, subject) else text


def quoted_part(text: str, full_text: str) -> str:
    """What `full_text` holds beside the writer's own words; "" where it is the same."""
    if not full_text.strip() or full_text == text:
        return ""
    own = {_bare(line) for line in text.splitlines()}
    lines = (_MARKS.sub("", line) for line in full_text.splitlines())
    rest = (line for line in lines if line.strip() and _bare(line) not in own)
    return "\n".join(rest)[:MOST_CHARACTERS]


def not_heard(quoted: str, heard: Iterable[str]) -> str:
    """The sentences of a quoted part that stood in no message before, without a clinic's standing
    advice to call for help.
    """
    known = _Known(heard)
    fresh = (line for line in quoted.split("\n") if not known.has(line))
    told = (match.group().strip() for match in _SENTENCES.finditer(" ".join(fresh)))
    return "\n".join(each for each in told if each and not known.has(each) and not _is_advice(each))


class _Known:
    """What was said before. Mailers break lines anew, so a line may be any part of it; a short one
    must have been a line of its own: "chest pain" is not "no chest pain".
    """

    def __init__(self, heard: Iterable[str]) -> None:
        texts = [each[:MOST_CHARACTERS] for each in heard]
        self._whole = f" {' '.join(_bare(each) for each in texts)} "
        self._lines = {_bare(line) for each in texts for line in each.splitlines()}

    def has(self, line: str) -> bool:
        """Whether it stood there."""
        bare = _bare(_MARKS.sub("", line))
        if len(bare.split()) < _FEWEST_WORDS:
            return bare in self._lines
        return f" {bare} " in self._whole


def _is_advice(sentence: str) -> bool:
    if len(sentence) > _LONGEST_ADVICE or _SOMEBODY.search(sentence):
        return False
    return _ADVICE.search(sentence) is not None


def _hands_on(full_text: str, subject: str) -> bool:
    if _FORWARD_SUBJECT.match(subject):
        return True
    for line in full_text.splitlines():
        if line.lstrip().startswith(">"):
            return False
        if _FORWARD_LINE.fullmatch(line.strip()):
            return True
    return False


def _bare(text: str) -> str:
    return _PLAIN.sub(" ", text.casefold()).strip()
