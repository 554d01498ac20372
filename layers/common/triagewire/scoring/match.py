"""Finding concepts in a text: one trie walk for phrases, then small window checks for patterns.

The cost is linear in the text: phrases are bounded in length, windows in width, and a text is taken
in pieces of bounded size by the caller.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from triagewire.scoring.normalise import HARD_BREAK, Text, expand_word
from triagewire.scoring.patterns import NEAR, SAME, Group, Term, expand
from triagewire.scoring.spelling import Speller
from triagewire.scoring.stem import stem

NEAR_WORDS, SAME_WORDS, LONGEST = 6, 25, 13
"""Windows in words: of `~` and `>`, of `+`, and of a phrase with its fillers."""
MENTION_CAP = 120
_PRONOUNS = frozenset(["i", "he", "she", "it", "they", "we", "you", "there", "that", "who"])
_JOINED = frozenset(["is", "are", "has", "have", "had", "will", "would"])
HISTORY_BITS = 0x82
"""HISTORICAL and UNSURE of `assertion`, which this module must not import."""
type Mention = tuple[int, int, int]
"""First word, word after the last, and the modifier bits of its scope (0: live)."""
type Mentions = dict[str, list[Mention]]
type Node = dict[str, Any]


class Vocabulary:
    """What symbols a word of a message can stand for in one trie. Results are remembered per
    word, bounded.
    """

    def __init__(
        self, forms: Mapping[str, str], exact: Iterable[str], prefixes: Iterable[str]
    ) -> None:
        self._forms = forms
        self._exact = frozenset(exact)
        self._prefixes = frozenset(prefixes)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._memo: dict[str, tuple[str, ...]] = {}
        self.speller: Speller | None = None

    def root_form(self, word: str) -> str:
        """The stem, with irregular forms resolved ("swollen" → "swell")."""
        return stem(self._forms.get(word, word))

    def symbols(self, word: str) -> tuple[str, ...]:
        """Every trie symbol of a word, corrections included."""
        found = self._memo.get(word)
        if found is None:
            found = self._symbols(word)
            if len(self._memo) < 20_000:
                self._memo[word] = found
        return found

    def _symbols(self, word: str) -> tuple[str, ...]:
        symbols = dict.fromkeys(self._own(word))
        if self.speller is not None:
            for reading in self.speller.readings(word):
                if len(reading) == 1:
                    symbols.update(dict.fromkeys(self._own(reading[0])))
        return tuple(symbols)

    def _own(self, word: str) -> Iterable[str]:
        yield self.root_form(word)
        if word in self._exact:
            yield "=" + word
        for length in self._lengths:
            if word[:length] in self._prefixes and len(word) >= length:
                yield word[:length] + "*"


class Trie:
    """Phrases → concept names. Fillers inside a phrase are skipped in the text."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        fillers: frozenset[str],
        contractions: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._root: Node = {}
        self._contractions = contractions
        self._pending: list[tuple[str, str]] = []
        self._unread: dict[str, list[tuple[str, str]]] = {}
        self._pairs: dict[str, tuple[tuple[str, str], ...]] = {}
        self._vocabulary = vocabulary
        self._fillers = fillers

    def later(self, concept: str, phrase: str) -> None:
        """Add a phrase when the trie is first asked: a language that is not met costs nothing."""
        self._pending.append((concept, phrase))

    def add(self, concept: str, phrase: str) -> None:
        """Keep a phrase under its first symbol until a text has that symbol: most phrases are never
        met by one process. Phrases that begin with a choice or a filler are added at once.
        """
        first = phrase.split(None, 1)[0].lower()
        symbol = None if first[0] == "(" or first[-1] in "?)" else self._opened(first)[0]
        if symbol is None or symbol[0] in self._fillers:
            self._insert(concept, phrase)
        else:
            self._unread.setdefault(symbol[1], []).append((concept, phrase))

    def _insert(self, concept: str, phrase: str) -> None:
        """Add every sequence a phrase stands for. Raises PatternSyntaxError."""
        for sequence in expand(phrase):
            words = [part for word in sequence for part in self._opened(word)]
            # A filler that ends a phrase carries meaning ("shot her"); inside it does not.
            kept = [part for part in words[:-1] if part[0] not in self._fillers] + words[-1:]
            self._put(concept, words if len(kept) == 1 else kept)
            short = _contracted(kept)
            if short:
                self._put(concept, short)

    def _put(self, concept: str, pairs: Sequence[tuple[str, str]]) -> None:
        node = self._root
        for _, symbol in pairs:
            node = node.setdefault(symbol, {})
        names: dict[str, None] = node.setdefault("", {})
        names[concept] = None

    def _opened(self, word: str) -> tuple[tuple[str, str], ...]:
        """A phrase word as pairs of word and trie symbol; a contraction is more than one."""
        found = self._pairs.get(word)
        if found is None:
            if word[0] == "=" or word[-1] == "*":
                found = ((word, word),)
            else:
                opened = expand_word(word, self._contractions)
                found = tuple((part, self._vocabulary.root_form(part)) for part in opened)
            self._pairs[word] = found
        return found

    def find(
        self, text: Text, symbols: Sequence[tuple[str, ...]]
    ) -> dict[str, list[tuple[int, int]]]:
        """Every mention (first word, word after the last) of every concept, in text order."""
        while self._pending:
            self.add(*self._pending.pop())
        found: dict[str, list[tuple[int, int]]] = {}
        root = self._root
        for first, options in enumerate(symbols):
            for symbol in options:
                if symbol in self._unread:
                    for concept, phrase in self._unread.pop(symbol):
                        self._insert(concept, phrase)
                node = root.get(symbol)
                if node is not None:
                    self._descend(node, first, text, symbols, found)
        return found

    def _descend(
        self,
        node: Node,
        first: int,
        text: Text,
        symbols: Sequence[tuple[str, ...]],
        found: dict[str, list[tuple[int, int]]],
    ) -> None:
        """Follow one start to all phrase ends; a filler in the text may be stepped over."""
        stack: list[tuple[Node, int, bool]] = [(node, first + 1, True)]
        furthest = min(len(symbols), first + LONGEST)
        while stack:
            node, at, arrived = stack.pop()
            if arrived and "" in node:
                for name in node[""]:
                    found.setdefault(name, []).append((first, at))
            if at >= furthest or text.breaks[at] == HARD_BREAK:
                continue
            for symbol in symbols[at]:
                if symbol in node:
                    stack.append((node[symbol], at + 1, True))
            if text.words[at] in self._fillers:
                stack.append((node, at + 1, False))


def _contracted(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A phrase as it reads once its contraction was opened: "he's" leaves "he", so "he is gone"
    must match "he gone"; empty where nothing changes.
    """
    kept = [
        pair
        for at, pair in enumerate(pairs)
        if not (0 < at < len(pairs) - 1 and pair[0] in _JOINED and pairs[at - 1][0] in _PRONOUNS)
    ]
    return kept if 1 < len(kept) < len(pairs) else []


class Matching:
    """Pattern checks over the mentions of one text; `record` names the concepts that the patient
    record holds.
    """

    def __init__(
        self, mentions: Mentions, sentences: Sequence[int], record: frozenset[str]
    ) -> None:
        self.mentions = mentions
        self._starts = {name: [mention[0] for mention in found] for name, found in mentions.items()}
        self._sentences = sentences
        self._record = record

    def add(self, name: str, mention: Mention) -> None:
        """Make a derived concept visible to later patterns, in text order."""
        found = self.mentions.setdefault(name, [])
        starts = self._starts.setdefault(name, [])
        at = bisect_left(starts, mention[0])
        if mention not in found and len(found) < MENTION_CAP:
            found.insert(at, mention)
            starts.insert(at, mention[0])

    def holds(self, groups: Sequence[Group]) -> Mention | None:
        """The best match of a pattern: live if any is, else the first modified one; None without
        a match.
        """
        first, last, bits = -1, -1, 0
        for group in groups:
            best = self._group(group)
            if best is None:
                return None
            bits |= best[2]
            if best[0] >= 0:
                first, last = (best[0], best[1]) if first < 0 else (first, last)
        return max(first, 0), max(last, 0), bits

    def every(self, group: Group) -> list[Mention]:
        """All matches of a one-group pattern, one for each mention of its first term."""
        matches = (
            self._extend(group, 0, mention, mention)
            for mention in self.mentions.get(group.terms[0].name, ())
        )
        return [match for match in matches if match is not None]

    def _group(self, group: Group) -> Mention | None:
        lead = group.terms[0]
        best: Mention | None = None
        for mention in self.mentions.get(lead.name, ()):
            start = (mention[0], mention[1], _counted(lead, mention))
            match = self._extend(group, 0, mention, start)
            if match is not None and match[2] == 0:
                return match
            best = best or match
        if len(group.terms) == 1 and lead.record and lead.name in self._record:
            return (-1, -1, 0)
        return best

    def _extend(self, group: Group, index: int, last: Mention, whole: Mention) -> Mention | None:
        if index == len(group.operators):
            return whole
        best: Mention | None = None
        operator = group.operators[index]
        for other in self._beside(group.terms[index + 1].name, last, operator):
            bits = whole[2] | _counted(group.terms[index + 1], other)
            joined = (min(whole[0], other[0]), max(whole[1], other[1]), bits)
            match = self._extend(group, index + 1, other, joined)
            if match is not None and match[2] == 0:
                return match
            best = best or match
        return best

    def _beside(self, name: str, anchor: Mention, operator: int) -> Iterable[Mention]:
        found = self.mentions.get(name)
        if not found:
            return
        width = SAME_WORDS if operator == SAME else NEAR_WORDS
        lowest = anchor[1] if operator not in (NEAR, SAME) else anchor[0] - width - 6
        at = bisect_left(self._starts[name], lowest)
        sentence = self._sentences[anchor[0]]
        while at < len(found) and found[at][0] <= anchor[1] + width:
            other = found[at]
            at += 1
            apart = max(other[0] - anchor[1], anchor[0] - other[1])
            if apart < 0 and not (other[1] <= anchor[0] or other[0] >= anchor[1]):
                continue
            if apart <= width and self._sentences[other[0]] == sentence:
                yield other


def _counted(term: Term, mention: Mention) -> int:
    """A risk (`@`) is a risk however long ago it began: history does not modify it."""
    return mention[2] & ~HISTORY_BITS if term.record else mention[2]


def sentence_numbers(text: Text) -> list[int]:
    """For each word, the number of its sentence."""
    numbers: list[int] = []
    current = 0
    for kind in text.breaks:
        current += kind == HARD_BREAK
        numbers.append(current)
    return numbers
