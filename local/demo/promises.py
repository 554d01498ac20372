"""The promises of the day: each is checked on the facts, and each broken one is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from local.demo import (
    promises_of_answers,
    promises_of_evidence,
    promises_of_judgement,
    promises_of_measures,
    promises_of_routing,
    promises_of_service,
    promises_of_telling,
    promises_of_time,
)
from local.demo.facts import Facts

type Check = Callable[[Facts], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise; `broken` says in words where it was not kept."""

    name: str
    broken: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.broken


CHECKS: dict[str, Check] = {
    **promises_of_service.CHECKS,
    **promises_of_time.CHECKS,
    **promises_of_telling.CHECKS,
    **promises_of_routing.CHECKS,
    **promises_of_judgement.CHECKS,
    **promises_of_answers.CHECKS,
    **promises_of_measures.CHECKS,
    **promises_of_evidence.CHECKS,
}


def check(facts: Facts) -> list[Promise]:
    """Every promise, in the order in which a reader asks."""
    return [Promise(name=name, broken=tuple(find(facts))) for name, find in CHECKS.items()]
