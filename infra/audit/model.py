"""An expanded template, to ask questions of."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

type Properties = dict[str, Any]
_IN_TEXT = re.compile(r"\$\{([^!}]+)\}")


@dataclass(frozen=True)
class Model:
    """The resources by logical name."""

    resources: dict[str, Any]

    def of(self, *kinds: str) -> Iterator[tuple[str, Properties]]:
        """The resources of some types, with their properties."""
        for name, each in self.resources.items():
            if each["Type"] in kinds:
                yield name, each.get("Properties") or {}

    def names_in(self, node: object) -> set[str]:
        """The resources that a value names, by Ref, GetAtt or Sub."""
        return {each for each in _named(node) if each in self.resources}

    def kind(self, name: str) -> str:
        """The type of a resource."""
        return str(self.resources[name]["Type"])

    def properties(self, name: str) -> Properties:
        """What a resource is told."""
        return dict(self.resources[name].get("Properties") or {})

    def retained(self, name: str) -> bool:
        """Whether it stays when the stack ends or would replace it."""
        each = self.resources[name]
        return {each.get("DeletionPolicy"), each.get("UpdateReplacePolicy")} == {"Retain"}

    def is_audit(self, name: str) -> bool:
        """Whether it is marked as part of the ledger."""
        marked = self.resources[name].get("Metadata", {}).get("triage", {})
        return bool(marked.get("role") == "audit")

    def alarmed(self, metric: str, resource: str = "", **demanded: object) -> bool:
        """Whether an alarm with an action watches a metric, of a resource if one is named."""
        return any(
            each.get("MetricName") == metric
            and each.get("AlarmActions")
            and (not resource or resource in self.names_in(each.get("Dimensions")))
            and all(each.get(key) == value for key, value in demanded.items())
            for each in self.alarms
        )

    @cached_property
    def alarms(self) -> list[Properties]:
        """The alarms."""
        return [each for _, each in self.of("AWS::CloudWatch::Alarm")]

    @cached_property
    def aliases(self) -> dict[str, str]:
        """The function of each alias."""
        found = self.of("AWS::Lambda::Alias")
        return {name: min(self.names_in(each["FunctionName"])) for name, each in found}

    def functions_in(self, node: object) -> set[str]:
        """The functions that a value names, by an alias or themselves."""
        named = {self.aliases.get(each, each) for each in self.names_in(node)}
        return {each for each in named if self.kind(each) == "AWS::Lambda::Function"}

    def statements(self, name: str) -> list[Properties]:
        """The statements of a policy."""
        document = self.properties(name).get("PolicyDocument") or {}
        return [each for each in document.get("Statement", []) if isinstance(each, dict)]


def listed(value: object) -> list[Any]:
    """A value of CloudFormation that may be one or a list of them."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_true(value: object) -> bool:
    """Whether CloudFormation takes a value for true."""
    return str(value).lower() == "true"


def text_of(node: object) -> str:
    """The value as one text, to look for words in."""
    return json.dumps(node, default=str)


def _named(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _named(each)
        return
    if not isinstance(node, dict):
        return
    for form, argument in node.items():
        if form == "Ref":
            yield str(argument)
        elif form == "Fn::GetAtt":
            yield str(argument[0] if isinstance(argument, list) else argument).split(".")[0]
        elif form == "Fn::Sub":
            text = argument[0] if isinstance(argument, list) else argument
            yield from (each.split(".")[0] for each in _IN_TEXT.findall(text))
            yield from _named(argument[1:] if isinstance(argument, list) else None)
        else:
            yield from _named(argument)
