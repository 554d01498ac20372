"""The OpenAPI document of the desk, made from the rows that are served."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from triagewire.desk.api import Route
from triagewire.desk.examples import BODIES
from triagewire.desk.refused import MEANS, SHAPES, refusals_of
from triagewire.desk.requests import JSON_TYPE, TICKET_ID

type Json = dict[str, Any]

REF = "#/components/schemas/{model}"
ABOUT = (
    "How staff work their queues. What may be seen and done follows from the roster of the policy; "
    "what may not be seen answers as what does not exist. An act may name the `version` it was "
    "decided on: if anything of substance happened since, nothing is done. Texts are as they were "
    "written: show them as text."
)
TOKEN = "The ID token of the staff user pool. Its session ends after 15 minutes without activity."  # noqa: S105
PARTS: Mapping[str, Json] = {
    "ticket_id": {"type": "string", "pattern": f"^{TICKET_ID.pattern}$"},
    "kind": {"type": "string", "enum": ["daily", "weekly"]},
    "name": {"type": "string", "pattern": "^20[0-9]{2}-([0-9]{2}-[0-9]{2}|W[0-9]{2})$"},
}
"""What a part of a path looks like; others are names of the policy."""
NAME: Json = {"type": "string", "minLength": 1}
BACKGROUND: Json = {
    "name": "X-Background",
    "in": "header",
    "description": "`true` where a program asks by itself: it keeps nobody signed in.",
    "schema": {"type": "string"},
}


def document(routes: Sequence[Route], url: str) -> Json:
    """The document of these routes, which are served below `url`."""
    schemas, found = _schemas(routes)
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, found)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Triagewire desk", "version": "1", "description": ABOUT},
        "servers": [{"url": url}] if url else [],
        "security": [{"staff": []}],
        "tags": [{"name": name} for name in sorted({_tag(route) for route in routes})],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "staff": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": TOKEN,
                }
            },
            "schemas": schemas,
        },
    }


def _schemas(routes: Iterable[Route]) -> tuple[Json, Mapping[Any, Json]]:
    """The named schemas, and how each type is referred to: bodies as they are taken, answers as
    they are given.
    """
    takes = [each.takes for each in routes if each.takes is not None]
    gives = [each.gives for each in routes if not each.files]
    refused = [shape for shapes in SHAPES.values() for shape in shapes]
    kinds = list(dict.fromkeys([*takes, *gives, *refused]))
    asked: Any = [(kind, "validation", TypeAdapter(kind)) for kind in kinds]
    found, shared = TypeAdapter.json_schemas(asked, ref_template=REF)
    schemas = shared.get("$defs", {})
    for schema in schemas.values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return dict(sorted(schemas.items())), {kind: found[kind, "validation"] for kind in kinds}


def _operation(route: Route, found: Mapping[Any, Json]) -> Json:
    """One row as an operation."""
    said = " ".join((route.run.__doc__ or "").split("\n\n")[0].split())
    more = " ".join(" ".join((route.run.__doc__ or "").split("\n\n")[1:]).split())
    operation: Json = {
        "operationId": route.name,
        "tags": [_tag(route)],
        "summary": said.rstrip("."),
        "parameters": [*_parts(route), *_asked(route)],
        "responses": {"200": _answer(route, found)} | _refusals(route, found),
    }
    if more:
        operation["description"] = more
    if route.takes is not None:
        operation["requestBody"] = _body(route, found)
    return operation


def _parts(route: Route) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PARTS.get(name, NAME)}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _asked(route: Route) -> list[Json]:
    """What may follow the question mark, and the header of a program that looks by itself."""
    if route.asks is None:
        return [BACKGROUND] if route.is_look else []
    schema = route.asks.model_json_schema()
    named, wanted = schema.get("$defs", {}), schema.get("required", [])
    asked = [
        {
            "name": name,
            "in": "query",
            "required": name in wanted,
            "schema": _said_outright(field, named),
        }
        for name, field in schema["properties"].items()
    ]
    return [*asked, BACKGROUND]


def _said_outright(schema: Json, named: Mapping[str, Json]) -> Json:
    """A schema of a query's field: no references, no titles, and null stands for leaving it out."""
    if "$ref" in schema:
        return _said_outright(named[schema["$ref"].rpartition("/")[2]], named)
    kept = {name: value for name, value in schema.items() if name not in ("title", "default")}
    choices = [each for each in kept.pop("anyOf", []) if each.get("type") != "null"]
    for each in choices:
        kept |= _said_outright(each, named)
    if schema.get("default") is not None:
        kept["default"] = schema["default"]
    return kept


def _body(route: Route, found: Mapping[Any, Json]) -> Json:
    content: Json = {"schema": found[route.takes]}
    if route.name in BODIES:
        content["example"] = BODIES[route.name]
    fields = route.takes.model_fields.values() if route.takes else ()
    required = any(field.is_required() for field in fields)
    return {"required": required, "content": {JSON_TYPE: content}}


def _answer(route: Route, found: Mapping[Any, Json]) -> Json:
    if route.files:
        content: Json = {each: {"schema": {"type": "string"}} for each in route.files}
        return {"description": "A file to save", "content": content}
    return {
        "description": "What was asked for",
        "content": {JSON_TYPE: {"schema": found[route.gives]}},
    }


def _refusals(route: Route, found: Mapping[Any, Json]) -> Json:
    answers: Json = {}
    for status in refusals_of(route):
        shapes = [found[shape] for shape in SHAPES[status]]
        schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
        answers[str(status)] = {
            "description": MEANS[status],
            "content": {JSON_TYPE: {"schema": schema}},
        }
    return answers


def _tag(route: Route) -> str:
    """The story that a route belongs to: the file that it is written in."""
    return route.run.__module__.rpartition(".")[2]
