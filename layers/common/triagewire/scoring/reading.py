"""Reading policy data field by field; every problem is gathered, so that all are seen at once."""

from collections.abc import Mapping
from typing import Any

from triagewire.scoring.patterns import PatternSyntaxError, expand, is_pattern, parse
from triagewire.scoring.rulebook import Concept


class Reader:
    """Reads plain data and gathers every problem as `where: what`; never raises."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def problem(self, where: str, what: str) -> None:
        """Note one problem."""
        self.problems.append(f"{where}: {what}")

    def mapping(self, value: object, where: str) -> Mapping[str, Any]:
        """A mapping; an absent one is empty."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.problem(where, "must be a mapping")
            return {}
        return value

    def texts(self, value: object, where: str) -> tuple[str, ...]:
        """Words or texts: a list, or one text split at white space."""
        if value is None:
            return ()
        items = value.split() if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(
            isinstance(item, str | int | float) for item in items
        ):
            self.problem(where, "must be a list of texts")
            return ()
        return tuple(str(item) for item in items)

    def number(self, value: object, where: str, default: float) -> float:
        """A number, or the default when absent."""
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(where, "must be a number")
            return default
        return float(value)

    def concept(self, value: object, where: str) -> Concept:
        """A concept: phrases, or phrases by language."""
        if isinstance(value, list | tuple | str):
            return Concept(en=self.phrases(value, where))
        data = self.mapping(value, where)
        for key in data.keys() - {"en", "es"}:
            self.problem(f"{where}.{key}", "is not a language that rules can use")
        return Concept(
            en=self.phrases(data.get("en"), f"{where}.en"),
            es=self.phrases(data.get("es"), f"{where}.es"),
        )

    def phrases(self, value: object, where: str) -> tuple[str, ...]:
        """Phrases: a list, or one text split at commas; each is checked."""
        items = [line.strip() for line in value.split(",")] if isinstance(value, str) else value
        texts = tuple(text for text in self.texts(items, where) if text)
        for index, text in enumerate(texts):
            self.check(text, f"{where}[{index}]")
        return texts

    def check(self, text: str, where: str) -> None:
        """A phrase or pattern must be readable."""
        try:
            if is_pattern(text):
                parse(text)
            elif "(" in text or "?" in text:  # any other words are one plain sequence
                expand(text)
        except PatternSyntaxError as error:
            self.problem(where, str(error))

    def inverted(self, value: object, where: str) -> dict[str, str]:
        """`{swell: "swollen swole"}` → `{"swollen": "swell", "swole": "swell"}`."""
        data = self.mapping(value, where)
        return {
            form: str(key)
            for key, forms in data.items()
            for form in self.texts(forms, f"{where}.{key}")
        }

    def sets(self, value: object, where: str) -> dict[str, frozenset[str]]:
        """A mapping from name to words."""
        data = self.mapping(value, where)
        return {str(k): frozenset(self.texts(v, f"{where}.{k}")) for k, v in data.items()}
