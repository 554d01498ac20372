"""What the second opinion looks at: words, word pairs and what the rules found, as names.

Training and scoring both come through here, so that they mean the same by a name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


type Spans = Sequence[tuple[int, int]]
"""First words, and the words after the last."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as scoring heard it: its texts, what each rule set found in them, and for each
    text the spans that only play a thing down (`played_down`).
    """

    texts: Sequence[Text]
    hits: Mapping[RuleSet, Hits]
    staff: bool
    played_down: Sequence[Spans]


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
    for text, spans in zip(said.texts, said.played_down, strict=True):
        before, unread = "", _places(span for span in spans if span[1] <= left)
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


def words_of_weight(said: Said) -> int:
    """How many words a message has, but those that only play a thing down."""
    unread = sum(len(_places(spans)) for spans in said.played_down)
    return sum(len(text.words) for text in said.texts) - unread


def playing_down(text: Text, phrases: frozenset[tuple[str, ...]]) -> Spans:
    """Where words stand that only play a thing down, among those that are looked at."""
    words, lengths = text.words[:MOST_WORDS], _lengths(phrases)
    return [
        (at, at + length)
        for at, word in enumerate(words)
        for length in lengths.get(word, ())
        if words[at : at + length] in phrases
    ]


def _places(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {place for first, last in spans for place in range(first, last)}


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
