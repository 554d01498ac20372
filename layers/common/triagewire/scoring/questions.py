"""What we asked: whether a "yes" to it would name a danger sign.

Nurse protocols ask positively and stop at the first red flag (triage evidence, section 8), so a
short answer can only be understood with its question.
"""

import re

from triagewire.scoring.engine import Facts, Hit
from triagewire.scoring.listening import Engine
from triagewire.scoring.normalise import read
from triagewire.verdict import Urgency

MOST_CHARACTERS = 4_000
MOST_QUESTIONS = 20
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*")
_ASKS = re.compile(
    r"[\W_]*(?:please\W+)?(?:any|are|is|do|does|did|have|has|had|can|could|how|when|what|where|which|who|why"
    r"|were|was|will|let (?:me|us) know if|tell (?:me|us) if|tiene|tienes|siente|hay|le|esta|está"
    r"|puede|ha|han|cuando|cuándo|como|cómo|es|son|avis[ea]\w* si|d[ií]ga\w* si)\b",
    re.IGNORECASE,
)
# "If you have chest pain reply YES": all of it is the question, though nothing asks.
_REPLY = re.compile(
    r"\b(?:reply|answer|respond|text(?: us)?(?: back)?|press|responda|conteste|oprima)\b.{0,40}?"
    r"\b(?:y|yes|no|n|s[ií]|[0-9])\b",
    re.IGNORECASE,
)
# What a body does while it is well: a "no" to it is a danger sign that no rule can find in it.
_BODY = re.compile(
    r"\b(?:breath\w*|moving|moves|kick\w*|walk(?:s|ing)?(?! in\b)|stand|bear (?:any )?weight"
    r"|move (?:\w+ )?(?:arms?|legs?|hands?|foot|feet|fingers?|toes?|neck|eyes?|head)"
    r"|talking|speaking|speech|awake|wak(?:e|es|ing)|alert|responding|responds|eat\w*|drink\w*"
    r"|fluids?|feeding|feeds|nursing|swallow\w*|pee\w*|urinat\w*|wet diapers?"
    r"|pass(?:ing)? (?:urine|gas)|see(?! (?:you|us|him|her|dr|the|an?|your)\b)|vision|sight"
    r"|hear(?! (?:from|back)\b)|feel|feeling|bleed\w*|swelling|pain|fever|vomit\w*|rash|headache"
    r"|safe|respira\w*|se mueve\w*|moviendo\w*|camina\w*|habla|despiert\w*|despert\w*|comiendo"
    r"|bebe|bebiendo|orina\w*|vista|siente\w*|sangrado|sangrando|dolor|fiebre|hinchaz[oó]n"
    r"|segur[ao])\b|¿\s*(?:come|ve)\b",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"\b(?:able|can|could|ok|okay|fine|well|normal\w*|alert|awake|safe|stop\w*|gone|go away"
    r"|resolved?|down|better|improv\w+|puede[ns]?|bien|mejor\w*|segur[ao]|despiert[ao]|par[oó]"
    r"|quit[oó]|baj[oó])\b"
    r"|\b(?:is|are|still) (?:\w+ ){1,4}?(?:moving|kicking|breathing|walking|talking|waking"
    r"|responding|eating|drinking|feeding|nursing|peeing|urinating|seeing|hearing)\b"
    r"|\bse mueve\w*"
    r"|\best[aá]\w* (?:\w+ ){0,3}?(?:respirando|moviendo\w*|comiendo|bebiendo|orinando)\b"
    r"|¿\s*(?:respira|come|bebe|orina|camina|habla|despierta|ve)\b",
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
    """The sentences of a text that ask something, in order; "" where none does. Where it says what
    to reply, each of them does.
    """
    shown = text[:MOST_CHARACTERS]
    found = (match.group().strip() for match in _SENTENCES.finditer(shown))
    whole = _REPLY.search(shown) is not None
    return "\n".join(each for each in found if whole or each.endswith("?") or _ASKS.match(each))


def asks_of_danger(questions: str, engine: Engine) -> bool:
    """Whether the clinical rules find a danger sign, or a word of health, in what was asked,
    however they would weigh it in a statement.
    """
    return any(
        _grave(found) or (bool(found) and _TOO_MUCH.search(question) is not None)
        for question in questions.split("\n")[:MOST_QUESTIONS]
        for found in (_hits(question, engine), _hits(_as_said(question), engine))
    )


def asks_if_well(questions: str) -> bool:
    """Whether one of them asks if a body works as it should, so that "no" may be an emergency: "is
    he waking up?". No rule finds a danger sign in such a question.
    """
    asked = questions.split("\n")[:MOST_QUESTIONS]
    return any(_BODY.search(each) and _WORKS.search(each) for each in asked)


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
