"""Messages that are hardly words: a photograph, a link, an emoji, one word, nothing at all.

They say too little to be judged by rules, whatever the one word is (triage evidence, section 10,
lesson 11), so a person looks. A bare thanks is the one word that says all it means.
"""

import re

from triagewire.scoring.subject import ScoringInput

ATTACHMENT, LINK, SIGNS = "attachment-only", "link-only", "emoji-only"
ONE_WORD, NOTHING = "one-word", "no-words"
FORMS = {
    ATTACHMENT: "a file and no words: nobody has looked at it",
    LINK: "a link and no words: nobody has looked behind it",
    SIGNS: "signs and no words",
    ONE_WORD: "one word alone says too little",
    NOTHING: "there are no words in it",
}
SHORT_FORMS = frozenset({SIGNS, ONE_WORD})
"""What a nod may be."""

MOST_CHARACTERS = 2_000
"""A longer text is more than one word or a link."""
_LOOKED_AT = 8
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,500}", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_THANKS = frozenset(["thanks", "thankyou", "thx", "ty", "gracias"])
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that are written without spaces: there a run of letters is a sentence."""


def form_of(subject: ScoringInput) -> str | None:
    """Which of `FORMS` a message is, or None for one that has words."""
    if not subject.text.strip() and subject.attachments:
        return ATTACHMENT
    whole = " ".join((subject.subject, subject.text, *subject.intake)).strip()
    if not whole:
        return NOTHING
    plainly = sum(part.isalpha() for part in whole.split(maxsplit=_LOOKED_AT))
    if len(whole) > MOST_CHARACTERS or plainly > 1:
        return None
    return _hardly_words(whole)


def _hardly_words(whole: str) -> str | None:
    rest, links = _LINK.subn(" ", whole)
    words = _WORD.findall(rest)
    if not words:
        return LINK if links else SIGNS
    alone = len(words) == 1 and not links and not _NO_SPACES.search(rest)
    return ONE_WORD if alone and words[0].casefold() not in _THANKS else None
