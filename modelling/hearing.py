"""Every message once through the rules alone, keeping what the second opinion would be told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from modelling.messages import Message
from triagewire.policy.load import default_rules
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine, judged, listen
from triagewire.scoring.second_opinion.features import Said, features
from triagewire.scoring.second_opinion.opinion import SecondOpinion, Weights
from triagewire.scoring.sentences import flagged
from triagewire.scoring.subject import ScoringInput
from triagewire.scoring.weigh import waits
from triagewire.verdict import Verdict

NOTHING = Weights(bias=0, of={})
SILENT = SecondOpinion(urgent=NOTHING, steps=(), ask=inf, page=inf, alone=inf, teams={}, lead=inf)
"""An opinion that says nothing: what is only likely waits for the one that is being trained."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, the verdict of the rules alone, and all that was heard in it; `sentences` holds
    the names of those that name a red flag which still waits to be borne out.
    """

    message: Message
    verdict: Verdict
    said: Said
    names: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...] = ()


def heard(messages: Sequence[Message]) -> list[Heard]:
    """What the shipped rules make of the messages, where a second opinion is still to be asked."""
    engine = replace(build_engine(rules_from(default_rules())), opinion=SILENT)
    return [_heard(message, engine) for message in messages]


def _heard(message: Message, engine: Engine) -> Heard:
    subject = ScoringInput(text=message.text, voice=message.voice, language=message.language)
    listened = listen(subject, engine)
    said, verdict = listened[0], judged(subject, listened, engine)
    names = tuple(features(said, engine.rules.language))
    apart = flagged(subject, said, engine) if waits(verdict) else ()
    return Heard(message, verdict, said, names, tuple(tuple(each) for _, each in apart))
