"""The expressions of DynamoDB as the table in memory reads them: conditions and updates."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

type Item = dict[str, Any]
type Values = Mapping[str, Any]

_TOKEN = re.compile(r"\s*(:\w+|#\w+|\w+|<=|>=|<>|[=<>(),+])")


class _Absent:
    """An attribute that is not there: no comparison with it holds."""

    def _never(self, _other: object) -> bool:
        return False

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _never
    __hash__ = None  # type: ignore[assignment]


ABSENT = _Absent()
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
type Test = Callable[[Item, Values], bool]


def holds(expression: str, item: Item, arguments: Values) -> bool:
    """Whether a condition holds of an item; `arguments` has the names and values that it uses."""
    return _test_of(expression)(item, arguments)


@cache
def _test_of(expression: str) -> Test:
    return _Reader(_tokens(expression)).disjunction()


@cache
def _tokens(expression: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(expression))


def _value(name: str, item: Item, arguments: Values) -> Any:  # noqa: ANN401
    if name.startswith(":"):
        return _plain(arguments["ExpressionAttributeValues"][name])
    if name.startswith("#"):
        name = arguments["ExpressionAttributeNames"][name]
    return _plain(item[name]) if name in item else ABSENT


def _plain(value: Values) -> Any:  # noqa: ANN401
    ((kind, held),) = value.items()
    return int(held) if kind == "N" else held


class _Reader:
    """A condition, read word by word; OR binds less than AND."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words, self._at = words, 0

    def disjunction(self) -> Test:
        """One of these."""
        tests = list(self._several("OR", lambda: list(self._several("AND", self._test))))
        return lambda item, given: any(all(t(item, given) for t in each) for each in tests)

    def _several[T](self, word: str, read: Callable[[], T]) -> Iterator[T]:
        yield read()
        while self._peek() == word:
            self._next()
            yield read()

    def _test(self) -> Test:
        word = self._next()
        if word == "(":
            inner = self.disjunction()
            self._next()
            return inner
        if self._peek() == "(":
            return self._function(word)
        sign, other = self._next(), self._next()
        if sign == "BETWEEN":
            self._next()
            last = self._next()
            return lambda item, given: (
                _value(other, item, given) <= _value(word, item, given) <= _value(last, item, given)
            )
        compare = COMPARED[sign]
        return lambda item, given: compare(_value(word, item, given), _value(other, item, given))

    def _function(self, name: str) -> Test:
        self._next()
        words = [self._next()]
        while self._next() == ",":
            words.append(self._next())
        if name == "begins_with":
            return lambda item, given: str(_value(words[0], item, given)).startswith(
                _value(words[1], item, given)
            )
        there = {"attribute_exists": True, "attribute_not_exists": False}[name]
        return lambda item, given: (_value(words[0], item, given) is not ABSENT) is there

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]


def updated(expression: str, before: Item, arguments: Values) -> Item:
    """The item after SET, ADD and REMOVE; the values are those of before the update."""
    after, verb = dict(before), ""
    for clause in re.split(r",(?![^(]*\))|(?=\b(?:SET|ADD|REMOVE)\b)", expression):
        words = [word for word in _tokens(clause) if word not in {"(", ")", ","}]
        if words and words[0] in {"SET", "ADD", "REMOVE"}:
            verb, words = words[0], words[1:]
        if words:
            _apply(verb, words, before, after, arguments)
    return after


def _apply(verb: str, words: list[str], before: Item, after: Item, arguments: Values) -> None:
    values = arguments.get("ExpressionAttributeValues", {})
    match verb, words:
        case "REMOVE", [name]:
            after.pop(name, None)
        case "ADD", [name, value]:
            total = int(before.get(name, {"N": "0"})["N"]) + int(values[value]["N"])
            after[name] = {"N": str(total)}
        case "SET", [name, "=", "if_not_exists", other, value]:
            after[name] = before.get(other, values[value])
        case "SET", [name, "=", other, "+", value]:
            after[name] = {"N": str(int(before[other]["N"]) + int(values[value]["N"]))}
        case "SET", [name, "=", value]:
            after[name] = values[value]
        case _:
            raise AssertionError(f"the table in memory cannot {verb} {words}: teach it")
