"""Rules of our own: what no public pack knows of a desk that holds messages of patients."""

import json
from collections.abc import Callable, Iterator

from infra.audit import house_access, house_data, house_running
from infra.audit.checkers import Audited
from infra.audit.findings import Finding
from infra.audit.model import Model

type Rule = Callable[[Model], Iterator[tuple[str, bool]]]


def house_rules(audited: Audited) -> Iterator[Finding]:
    """Every rule of our own; its name is that of its function, its reason the function's text."""
    model = Model(json.loads(audited.expanded.read_text(encoding="utf-8"))["Resources"])
    for rule in (*house_access.RULES, *house_data.RULES, *house_running.RULES):
        name = f"house-{rule.__name__.replace('_', '-')}"
        why = " ".join((rule.__doc__ or "").split())
        for resource, passed in rule(model):
            yield Finding("house rules", name, resource, passed, why)
