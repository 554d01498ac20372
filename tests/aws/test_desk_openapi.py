"""The OpenAPI document says what is served: nothing more, nothing less, and in a form that tools
read.
"""

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.aws.test_desk_calls import a_desk
from triagewire.desk.examples import BODIES
from triagewire.desk.openapi import document
from triagewire.desk.refusals import TABLE
from triagewire.desk.refused import SHAPES
from triagewire.desk.routes.table import ROUTES

URL = "https://desk.clinic.example"
DOCUMENT = document(ROUTES, URL)
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_the_document_is_served_to_who_has_signed_in() -> None:
    with a_desk() as desk:
        answer = desk.get("nick", "/desk/openapi.json")

    assert answer.body == json.loads(json.dumps(DOCUMENT))


def test_every_route_is_an_operation_and_the_other_way_round() -> None:
    assert sorted(OPERATIONS) == sorted(f"{route.method} {route.path}" for route in ROUTES)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_does_and_what_it_answers(name: str) -> None:
    operation = OPERATIONS[name]
    answer = operation["responses"]["200"]["content"]

    assert len(operation["summary"]) > 10
    assert {"200", "401", "500", "503"} <= operation["responses"].keys()
    for content in answer.values():
        assert content["schema"] not in ({}, {"type": "object"})


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.takes], ids=lambda each: each.name
)
def test_an_act_has_an_example_that_it_would_take(route: Any) -> None:  # noqa: ANN401
    route.takes.model_validate_json(json.dumps(BODIES[route.name]))


def test_an_example_is_of_an_act_that_there_is() -> None:
    assert BODIES.keys() <= {route.name for route in ROUTES}


def test_every_part_of_a_path_is_described() -> None:
    for name, operation in OPERATIONS.items():
        parts = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert parts == set(re.findall(r"{(\w+)}", name))


def test_every_refusal_that_is_made_is_described() -> None:
    described = {
        (status, shape.__annotations__["error"].__args__[0])
        for status, shapes in SHAPES.items()
        for shape in shapes
    }

    assert {(status, code) for _, status, code, _ in TABLE} <= described


def test_no_answer_may_hold_a_field_that_is_not_described() -> None:
    open_ended = [
        name
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if "properties" in schema and schema["additionalProperties"] is not False
    ]

    assert open_ended == []


def test_what_the_desk_answers_is_never_null_where_the_document_says_otherwise() -> None:
    line = DOCUMENT["components"]["schemas"]["Line"]

    assert sorted(line["required"]) == sorted(line["properties"])
