"""What we asked: whether a "yes" to it would name a danger sign.

Nurse protocols ask positively and stop at the first red flag (triage evidence, section 8), so a
short answer can only be understood with its question.
"""

import re

from triagewire.scoring.engine import Facts, Hit
from triagewire.scoring.normalise import read
from triagewire.scoring.score import Engine
from triagewire.verdict import Urgency

MOST_CHARACTERS = 4_000
MOST_QUESTIONS = 20
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*")
_ASKS = re.compile(
    r"[\W_]*(?:any|are|is|do|does|did|have|has|had|can|could|how|when|what|where|which|who|why"
    r"|were|was|will|let (?:me|us) know if|tell (?:me|us) if|tiene|tienes|siente|hay|le|esta|está"
    r"|puede|ha|han|cuando|cuándo|como|cómo|es|son|avis[ea]\w* si|d[ií]ga\w* si)\b",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"\b(?:ok|okay|fine|well|better|able|can|could|normal|normally|alright|all right|safe|enough"
    r"|improv\w+|gone|eating|drinking|bien|mejor|puede|pueden|segur[ao])\b"
    r"|(?<!trouble )(?<!difficulty )(?<!problems )(?<!problem )\b(?:moving|kicking|breathing"
    r"|walking|talking|urinating|peeing|awake|responding|respirando|moviendo\w*|comiendo|orinando)\b",
    re.IGNORECASE,
)
# What a "yes" makes a poisoning, though each word is a medicine's.
_TOO_MUCH = re.compile(
    r"\b(?:more (?:\w+ )?than|too many|too much|extra|overdos\w*|demasiad[ao]s?"
    r"|m[aá]s de l[ao]s?)\b",
    re.IGNORECASE,
)
# A question said as its "yes": the rules know statements.
_AS_SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), said)
    for asked, said in (
        (r"\byourself\b", "myself"),
        (r"\byour\b", "my"),
        (r"\b(?:are|were) you\b", "I am"),
        (r"\bdid you take\b", "I took"),
        (r"\bdid you\b", "I did"),
        (r"\b(?:do|have) you\b", "I"),
        (r"\byou\b", "I"),
        (r"^\W*any\b", "I have"),
    )
)


def questions_in(text: str) -> str:
    """The sentences of a text that ask something, in order; "" where none does."""
    found = (match.group().strip() for match in _SENTENCES.finditer(text[:MOST_CHARACTERS]))
    return "\n".join(each for each in found if each.endswith("?") or _ASKS.match(each))


def asks_of_danger(questions: str, engine: Engine) -> bool:
    """Whether the clinical rules find a danger sign, or a word of health, in what was asked,
    however they would weigh it in a statement.
    """
    return any(
        _grave(found) or (bool(found) and _TOO_MUCH.search(question) is not None)
        for question in questions.split("\n")[:MOST_QUESTIONS]
        for found in (_hits(question, engine), _hits(_as_said(question), engine))
    )


def no_is_bad_news(questions: str) -> bool:
    """Whether a "no" may be the bad answer: "can you breathe well?"."""
    return _WELL.search(questions) is not None


def _as_said(question: str) -> str:
    for asked, said in _AS_SAID:
        question = asked.sub(said, question)
    return question.replace("?", ".")


def _hits(text: str, engine: Engine) -> list[Hit]:
    words = read(text, engine.rules.language.contractions)
    return engine.clinical.hits(words, ("en", "es"), Facts(), staff=False)


def _grave(hits: list[Hit]) -> bool:
    named = any(
        hit.rule.score == Urgency.CLINICAL_URGENT or hit.rule.doubt or hit.rule.crisis
        for hit in hits
    )
    health = any(hit.rule.weak for hit in hits)
    return named or (health and sum(hit.rule.points for hit in hits) > 0)
