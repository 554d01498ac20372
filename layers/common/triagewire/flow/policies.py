"""The policy as a warm function keeps it: checked for a newer version often, loaded only when there
is one.
"""

from functools import cache

from triagewire import aws
from triagewire.cache import Kept
from triagewire.observability import count, logger
from triagewire.policy.model import PublishedPolicy
from triagewire.store.active import active_version
from triagewire.store.policies import load_usable_policy

SECONDS = 15.0


@cache
def current_policy() -> Kept[PublishedPolicy]:
    """The active policy; while it cannot be read, the last good one, and an alarm."""
    loaded: list[PublishedPolicy] = []

    def load() -> PublishedPolicy:
        active = active_version(aws.tables())
        if loaded and loaded[-1].version == active:
            return loaded[-1]
        usable = load_usable_policy(aws.tables(), active)
        if usable.version != active:
            _alarm(f"version {active} cannot be read, version {usable.version} is used")
        loaded[:] = [usable]
        return usable

    return Kept(load, SECONDS, on_failure=lambda error: _alarm(type(error).__name__))


def _alarm(problem: str) -> None:
    count("PolicyFallback")
    logger.error("policy fallback", problem=problem)
