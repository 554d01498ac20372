"""The sentences of a message that name a red flag, each heard by itself.

What else stands in a message ("no rush", a long request for a form) must not talk a red flag down:
a sentence that bears it out alone is enough.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from triagewire.scoring.kinds import live_flag
from triagewire.scoring.listening import Engine, listen, whole_of
from triagewire.scoring.second_opinion.features import Said, features
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import RuleSet, Urgency

MOST = 8
"""Sentences of one message that are heard again, so that time does not grow with its length."""
_END = re.compile(r"(?<=[.!?;])\s+|\n+")


def flagged(subject: ScoringInput, said: Said, engine: Engine) -> Iterator[tuple[Said, list[str]]]:
    """What was said in each sentence with a live red flag, with its names for the second opinion;
    none where the message is one sentence.
    """
    whole = whole_of(subject)
    sentences = dict.fromkeys(each.strip() for each in _END.split(whole) if each.strip())
    if len(sentences) < 2:
        return
    hits = said.hits[RuleSet.CLINICAL].values()
    spans = {hit.span for hit in hits if hit.rule.score == Urgency.CLINICAL_URGENT}
    found = [each for each in sentences if any(span in each for span in spans)]
    for sentence in found[:MOST]:
        alone = replace(subject, text=sentence, subject="", intake=(), staff_request=None)
        heard, _ = listen(alone, engine)
        if any(map(live_flag, heard.hits[RuleSet.CLINICAL].values())):
            yield heard, features(heard, engine.rules.language)
