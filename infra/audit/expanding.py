"""The template as CloudFormation would see it in a real account: SAM's forms expanded, the
defaults of its parameters put in, its conditions decided. Nothing is asked of AWS.
"""

import logging
from collections.abc import Mapping
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

type Node = Any

REGION = "us-east-1"
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:123456789012:stack/triagewire/a-b-c-d-e",
    "AWS::StackName": "triagewire",
    "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = {"Ref": "AWS::NoValue"}
_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


def expand(text: str) -> dict[str, Any]:
    """The resources, decided as far as the text alone decides them."""
    template = yaml_parse(text)
    defaults = {
        name: each["Default"].split(",") if "List" in each["Type"] else each["Default"]
        for name, each in template["Parameters"].items()
        if "Default" in each
    }
    for each in template["Resources"].values():
        if each["Type"] in _CODE:
            each["Properties"][_CODE[each["Type"]]] = "s3://artifacts/code"
    # It tells of features of its own that are switched off.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    session = boto3.session.Session(
        region_name=REGION,
        aws_access_key_id="none",
        aws_secret_access_key="none",  # noqa: S106
    )
    translated = Translator({}, Parser(), boto_session=session).translate(template, dict(defaults))
    return _Decided(translated, {**PSEUDO, **defaults}).template()


class _Decided:
    """A template whose parameters have their values."""

    def __init__(self, template: dict[str, Any], values: Mapping[str, object]) -> None:
        self._template = template
        self._values = values

    def template(self) -> dict[str, Any]:
        """Without the resources whose condition is false."""
        kept = {
            name: self._node(each)
            for name, each in self._template["Resources"].items()
            if "Condition" not in each or self._holds({"Condition": each["Condition"]}) is not False
        }
        return {**self._template, "Resources": kept}

    def _node(self, node: Node) -> Node:
        if isinstance(node, list):
            return [each for each in map(self._node, node) if each != NO_VALUE]
        if not isinstance(node, dict):
            return node
        made = self._made(*next(iter(node.items()))) if len(node) == 1 else None
        if made is not None:
            return made
        decided = {key: self._node(each) for key, each in node.items()}
        return {key: each for key, each in decided.items() if each != NO_VALUE}

    def _made(self, form: str, argument: Node) -> Node:
        """What one of CloudFormation's functions makes; None where that cannot be said."""
        if form == "Ref":
            return self._values.get(argument)
        if form == "Fn::Sub" and isinstance(argument, str):
            return self._text(argument)
        if form == "Fn::Join":
            parts = self._node(argument[1])
            known = all(isinstance(each, str) for each in parts)
            return argument[0].join(parts) if known else None
        return self._chosen(argument) if form == "Fn::If" else None

    def _text(self, text: str) -> Node:
        for name, value in self._values.items():
            text = text.replace(f"${{{name}}}", str(value))
        return {"Fn::Sub": text} if "${" in text else text

    def _chosen(self, argument: list[Node]) -> Node:
        name, then, otherwise = argument
        holds = self._holds({"Condition": name})
        return None if holds is None else self._node(then if holds else otherwise)

    def _holds(self, condition: Node) -> bool | None:
        """Whether a condition is true; None when values of another kind would be needed."""
        ((form, argument),) = condition.items()
        if form == "Condition":
            return self._holds(self._template["Conditions"][argument])
        if form == "Fn::Equals":
            first, second = (self._node(each) for each in argument)
            known = not isinstance(first, dict | list) and not isinstance(second, dict | list)
            return str(first) == str(second) if known else None
        parts = [self._holds(each) for each in argument]
        if None in parts:
            return None
        if form == "Fn::Not":
            return not parts[0]
        return all(parts) if form == "Fn::And" else any(parts)
