"""The little language in which rules are written, compiled to small values.

A **phrase** is words in order: `turning blue`, `(lips|face) (is|are)? blue`. Words match in any
inflection; `=word` only as spelt; `respir*` any word that begins so. Fillers (the, my, really) are
skipped in the message.

A **pattern** joins phrases and `{concepts}`:

    {chest} ~ {pain}     near: at most 6 words apart, either order, same sentence
    {unable} > {breathe} the same, in this order
    {fever} + {rash}     in the same sentence, at most 25 words apart
    {fever} & {chemo}    anywhere in the message
    @concept inside braces, `{@chemo}`, also holds when the patient record says so
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

NEAR, THEN, SAME = 1, 2, 3
_OPERATORS = {"~": NEAR, ">": THEN, "+": SAME}
_TERM = re.compile(r"\{(@?)([a-z0-9_]+)\}")
_MAX_ALTERNATIVES = 400


class PatternSyntaxError(ValueError):
    """A phrase or pattern that cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One member of a group: a concept by name, or a literal phrase. `record` accepts the patient
    record.
    """

    name: str
    literal: bool = False
    record: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that must stand together; `operators[i]` joins term i to term i + 1."""

    terms: tuple[Term, ...]
    operators: tuple[int, ...]


Pattern = tuple[Group, ...]


def is_pattern(text: str) -> bool:
    """Whether this entry joins things, or is a plain phrase."""
    return "{" in text or " ~ " in text or " > " in text or " + " in text or " & " in text


def _term(text: str) -> Term:
    match = _TERM.fullmatch(text.strip())
    if match:
        return Term(match[2], record=bool(match[1]))
    if "{" in text or "}" in text or not text.strip():
        raise PatternSyntaxError("a concept must stand alone between operators")
    return Term(text.strip(), literal=True)


def _group(text: str) -> Group:
    pieces = re.split(r" ([~>+]) ", f" {text.strip()} ")
    terms = tuple(_term(piece) for piece in pieces[::2])
    return Group(terms, tuple(_OPERATORS[mark] for mark in pieces[1::2]))


@lru_cache(maxsize=16384)
def parse(text: str) -> Pattern:
    """Read one pattern; raises PatternSyntaxError."""
    return tuple(_group(part) for part in text.split(" & "))


def _choices(piece: str) -> list[str]:
    optional = piece.endswith("?")
    body = piece.removesuffix("?")
    if body.startswith("(") and body.endswith(")"):
        options = [option.strip() for option in body[1:-1].split("|")]
    else:
        options = [body]
    return [*options, ""] if optional else options


def expand(phrase: str) -> list[tuple[str, ...]]:
    """Every word sequence a phrase stands for; raises PatternSyntaxError when they are too many."""
    if "(" not in phrase and "?" not in phrase and phrase:
        return [tuple(phrase.lower().split())]
    pieces = re.findall(r"\([^()]*\)\??|[^\s()]+", phrase.lower())
    choices = [_choices(piece) for piece in pieces]
    total = 1
    for options in choices:
        total *= len(options)
    if not pieces or total > _MAX_ALTERNATIVES:
        raise PatternSyntaxError(f"the phrase stands for {total if pieces else 0} sequences")
    sequences = {tuple(" ".join(combination).split()) for combination in product(*choices)}
    return sorted(sequence for sequence in sequences if sequence)
