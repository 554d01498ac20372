"""The template can be created: no function of the API is made of what knows the API."""

import json
import re

import pytest

from tests.template import resources, template

CALLED = [
    name
    for name, each in resources("AWS::Serverless::Function").items()
    if any(event["Type"] == "Api" for event in each["Properties"].get("Events", {}).values())
]


def needs(name: str) -> set[str]:
    """The resources that one resource is made of. The events of a function are made of it."""
    stated = json.loads(json.dumps(template()["Resources"][name]))
    stated["Properties"].pop("Events", None)
    text = json.dumps(stated)
    named = re.findall(r'"(?:Ref|Fn::GetAtt)": "(\w+)', text) + re.findall(r"\${(\w+)", text)
    return {each for each in named if each in template()["Resources"]}


@pytest.mark.parametrize("function", CALLED)
def test_a_function_of_the_api_can_be_made_before_the_api(function: str) -> None:
    """SAM writes the functions into the API: whatever leads back to it is a circle."""
    seen: set[str] = set()
    found = {function}
    while found:
        seen |= found
        found = {each for name in found for each in needs(name)} - seen

    assert "Api" not in seen
