"""What the second opinion looks at: words, word pairs and what the rules found, as names.

Training and scoring both come through here, so that they mean the same by a name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from triagewire.scoring import effects
from triagewire.scoring.kinds import Hits, modifiers
from triagewire.scoring.normalise import HARD_BREAK, Text
from triagewire.scoring.rulebook import Language
from triagewire.scoring.stem import stem
from triagewire.verdict import RuleSet

MOST_WORDS = 400
"""Words of one message that are looked at: a longer one repeats itself, and time must not grow."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as scoring heard it: its texts, and what each rule set found in them."""

    texts: Sequence[Text]
    hits: Mapping[RuleSet, Hits]
    staff: bool


type Place = tuple[Text, int, int]
"""Where a word or pair stands: the text, its first word, and the word after its last."""


def features(said: Said, language: Language) -> list[str]:
    """The names of everything that is true of the message, each once, in a fixed order.

    `chest`, `chest_pain`: words in their common form; `+id` and `-id`: a rule that holds, live or
    modified; `~negated`: a modifier of a danger sign; `#2`: kinds of evidence; `@staff`: who wrote.
    """
    names = dict.fromkeys(name for name, _ in worded(said, language))
    names.update(dict.fromkeys(_of_rules(said)))
    names.update(dict.fromkeys(_of_shape(said)))
    return list(names)


def worded(said: Said, language: Language) -> Iterator[tuple[str, Place]]:
    """Every word and pair of neighbours with its place; numbers are all one word, and what plays a
    thing down is none.
    """
    left = MOST_WORDS
    for text in said.texts:
        before, unread = "", _playing_down(text.words[:left], language.playing_down)
        for at, word in enumerate(text.words[:left]):
            if at in unread:
                before = ""
                continue
            name = "0" if word[0].isdigit() else stem(language.forms.get(word, word))
            yield name, (text, at, at + 1)
            if before and text.breaks[at] != HARD_BREAK:
                yield f"{before}_{name}", (text, at - 1, at + 1)
            before = name
        left = max(0, left - len(text.words))


def words_of_weight(said: Said, language: Language) -> int:
    """How many words a message has, but those that only play a thing down."""
    return sum(
        len(text.words) - len(_playing_down(text.words[:MOST_WORDS], language.playing_down))
        for text in said.texts
    )


def _playing_down(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> set[int]:
    """Where words stand that only play a thing down."""
    lengths = _lengths(phrases)
    return {
        place
        for at, word in enumerate(words)
        for length in lengths.get(word, ())
        if tuple(words[at : at + length]) in phrases
        for place in range(at, at + length)
    }


@cache
def _lengths(phrases: frozenset[tuple[str, ...]]) -> dict[str, set[int]]:
    """By its first word, how many words a phrase has."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return lengths


def _of_rules(said: Said) -> Iterator[str]:
    for name, hits in said.hits.items():
        for hit in hits.values():
            bits = modifiers(hit) if name is RuleSet.CLINICAL else hit.bits
            danger = name is RuleSet.CLINICAL and hit.rule.score == 5
            if danger:
                yield from (
                    f"~{effects.EFFECTS[bit].replace(chr(32), chr(95))}"
                    for bit in effects.EFFECTS
                    if bits & bit
                )
            yield f"{'-' if bits else '+'}{hit.rule.id}"


def _of_shape(said: Said) -> Iterator[str]:
    yield "@staff" if said.staff else "@patient"
    evidence = said.hits[RuleSet.CLINICAL].values()
    yield f"#{min(5, sum(hit.rule.points > 0 and not hit.bits for hit in evidence))}"
    words = sum(len(text.words) for text in said.texts)
    yield f"%{min(6, words // 10)}"
