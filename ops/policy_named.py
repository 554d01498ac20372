"""A policy as people name it: a directory, `defaults`, `active`, or the number of a version."""

from pathlib import Path

from triagewire.errors import PolicyError
from triagewire.policy.load import default_rules, load
from triagewire.policy.model import Policy
from triagewire.store.active import active_version
from triagewire.store.policies import load_policy, load_usable_policy
from triagewire.store.table import Tables

DEFAULTS = "defaults"
ACTIVE = "active"


def named_policy(name: str, tables: Tables | None) -> Policy:
    """The policy of that name; `defaults` has the shipped rules and no site.

    Raises PolicyError when there is none, or when it needs a stack and none is given.
    """
    if name == DEFAULTS:
        return Policy(group=DEFAULTS, sites={}, rules=default_rules())
    if name == ACTIVE or name.isdigit():
        if tables is None:
            raise PolicyError((f"{name}: names a version of a stack: give --stack",))
        if name == ACTIVE:
            return load_usable_policy(tables, active_version(tables)).policy
        return load_policy(tables, int(name)).policy
    if not Path(name).is_dir():
        raise PolicyError((f"{name}: is no directory, no version, not active and not defaults",))
    return load(Path(name)).policy
