"""What SAM would package holds all that a function imports; what must be kept is kept."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.template import ROOT, resources, source_folder, template
from triagewire.store.source_states import CALLER, SOURCES

FUNCTIONS = resources("AWS::Serverless::Function")
TABLES = resources("AWS::DynamoDB::Table")
(LAYER,) = resources("AWS::Serverless::LayerVersion").values()
# What Lambda's Python runtime brings by itself; botocore does without certifi where it is missing.
RUNTIME = {"boto3", "botocore", "certifi", "jmespath", "python-dateutil", "s3transfer", "six"} | {
    "urllib3"
}
# Each costs more at a cold start than everything a handler needs; none is used on these paths.
TOO_HEAVY = {"aws_xray_sdk", "numpy", "s3transfer", "multiprocessing.managers"}
# Senders wait for intake, and some give up after two seconds.
TOO_HEAVY_FOR_INTAKE = TOO_HEAVY | {"asyncio", "pydantic", "boto3"}
# Besides our own modules. botocore, the logger and the metrics alone are 372; Powertools' resolver,
# which only the others may use, brings 150 more.
MOST_FOREIGN_MODULES = {"IntakeFunction": 400}
MOST_FOREIGN_MODULES_OF_OTHERS = 560

_IMPORT = """
import importlib, json, sys
module, name = sys.argv[1].rsplit(".", 1)
handler = getattr(importlib.import_module(module), name)
found = {each: getattr(loaded, "__file__", None) for each, loaded in list(sys.modules.items())}
print(json.dumps({"callable": callable(handler), "modules": found}))
"""


@cache
def _imported(function: str) -> dict[str, Any]:
    """What importing the handler loads, with only its own folder and the layer's on the path."""
    properties = FUNCTIONS[function]["Properties"]
    folders = [properties["CodeUri"], LAYER["Properties"]["ContentUri"]]
    ended = subprocess.run(
        [sys.executable, "-c", _IMPORT, template()["Globals"]["Function"]["Handler"]],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(str(source_folder(each)) for each in folders),
            "AWS_DEFAULT_REGION": "us-east-1",
        },
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert ended.returncode == 0, ended.stderr
    loaded: dict[str, Any] = json.loads(ended.stdout)
    return loaded


def _packaged() -> set[str]:
    """The distributions that the layer's locked requirements name."""
    lines = (source_folder(LAYER["Properties"]["ContentUri"]) / "requirements.txt").read_text()
    return {match.lower() for match in re.findall(r"^([A-Za-z0-9._-]+)==", lines, re.MULTILINE)}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_is_found_with_only_its_folder_and_the_layer(function: str) -> None:
    assert _imported(function)["callable"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_needs_no_library_that_is_not_packaged(function: str) -> None:
    distributions = packages_distributions()
    used = {
        distribution.lower().replace("_", "-")
        for module, file in _imported(function)["modules"].items()
        if file and "site-packages" in file
        for distribution in distributions.get(module.split(".")[0], [])
    }

    assert used - _packaged() - RUNTIME == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_folder_holds_one_module_and_nothing_else(function: str) -> None:
    folder = source_folder(FUNCTIONS[function]["Properties"]["CodeUri"])

    assert [each.name for each in folder.iterdir() if each.name != "__pycache__"] == ["handler.py"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_cold_start_loads_nothing_heavy(function: str) -> None:
    heavy = TOO_HEAVY_FOR_INTAKE if function == "IntakeFunction" else TOO_HEAVY
    modules = set(_imported(function)["modules"])
    foreign = [each for each in modules if each.split(".")[0] not in {"triagewire", "handler"}]

    assert heavy & modules == set()
    most = MOST_FOREIGN_MODULES.get(function, MOST_FOREIGN_MODULES_OF_OTHERS)
    assert len(foreign) <= most


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_role_and_a_log_group_of_its_own(function: str) -> None:
    name = function.removesuffix("Function")
    properties = FUNCTIONS[function]["Properties"]

    assert properties["Role"] == {"Fn::GetAtt": f"{name}Role.Arn"}
    assert properties["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}LogGroup"}}
    assert "Policies" not in properties


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_new_layer_goes_live_together_with_its_function(function: str) -> None:
    assert template()["Globals"]["Function"]["AutoPublishAlias"] == "live"
    assert FUNCTIONS[function]["Properties"]["AutoPublishAliasAllProperties"] is True
    assert LAYER["Properties"]["PublishLambdaVersion"] is True


def test_intake_may_update_nothing_but_the_items_of_limits() -> None:
    policy = resources("AWS::IAM::ManagedPolicy")["IntakePolicy"]["Properties"]["PolicyDocument"]
    updating = [each for each in policy["Statement"] if "dynamodb:UpdateItem" in each["Action"]]

    bounds = [each["Condition"]["ForAllValues:StringLike"] for each in updating]
    assert bounds == [{"dynamodb:LeadingKeys": [SOURCES, f"{CALLER}#*"]}]


@pytest.mark.parametrize("function", ["ScoreRoute", "Escalate", "Intake", "Desk"])
def test_nothing_but_what_was_told_may_be_deleted(function: str) -> None:
    rights = resources("AWS::IAM::ManagedPolicy")[f"{function}Policy"]["Properties"]
    statements = rights["PolicyDocument"]["Statement"]
    deleting = [each for each in statements if "dynamodb:DeleteItem" in each.get("Action", ())]

    bounds = [each["Condition"]["ForAllValues:StringLike"] for each in deleting]
    may = {"ScoreRoute": ["OUTBOX#*"], "Escalate": ["OUTBOX#*", "TEXT#*"]}
    told = may.get(function)
    assert bounds == ([{"dynamodb:LeadingKeys": told}] if told else [])


@pytest.mark.parametrize("answer", ["THROTTLED", "REQUEST_TOO_LARGE", "DEFAULT_5XX"])
def test_a_page_can_read_what_the_gateway_itself_refuses(answer: str) -> None:
    (api,) = resources("AWS::Serverless::Api").values()
    headers = api["Properties"]["GatewayResponses"][answer]["ResponseParameters"]["Headers"]

    assert headers["Access-Control-Allow-Origin"] == "'*'"


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_encrypted_with_the_customer_key(table: str) -> None:
    encryption = TABLES[table]["Properties"]["SSESpecification"]

    assert encryption["KMSMasterKeyId"] == {"Fn::GetAtt": "DataKey.Arn"}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_survives_the_stack_and_can_be_restored_to_any_second(table: str) -> None:
    described = TABLES[table]

    assert (described["DeletionPolicy"], described["UpdateReplacePolicy"]) == ("Retain", "Retain")
    recovery = described["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_the_layer_folder_holds_nothing_but_the_package_and_its_requirements() -> None:
    shipped = {each.name for each in (ROOT / "layers" / "common").iterdir()}

    assert shipped - {"__pycache__", ".mypy_cache"} == {"requirements.txt", "triagewire"}


def test_the_package_is_not_installed_where_it_would_hide_a_gap_in_the_layer() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import triagewire"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
        cwd=Path("/"),
    )

    assert ended.returncode != 0


def _actions(function: str) -> set[str]:
    rights = resources("AWS::IAM::ManagedPolicy")[f"{function}Policy"]["Properties"]
    statements = rights["PolicyDocument"]["Statement"]
    return {action for each in statements for action in each.get("Action", ())}


def test_who_judges_links_may_read_no_table() -> None:
    assert {each.split(":")[0] for each in _actions("Authorize")} == {
        "kms",
        "logs",
        "secretsmanager",
        "xray",
    }


def test_who_copies_the_ledger_may_read_no_table_but_its_stream() -> None:
    of_tables = {each for each in _actions("Checkpoint") if each.startswith("dynamodb:")}

    streaming = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    assert of_tables == {f"dynamodb:{each}" for each in streaming}


def test_who_reviews_the_desk_may_read_the_policy_and_no_ticket_and_write_no_table() -> None:
    of_tables = {each for each in _actions("Review") if each.startswith("dynamodb:")}
    policy = resources("AWS::IAM::ManagedPolicy")["ReviewPolicy"]["Properties"]["PolicyDocument"]
    reading = [each for each in policy["Statement"] if "dynamodb:GetItem" in each["Action"]]

    assert of_tables == {"dynamodb:GetItem", "dynamodb:Query"}
    bounds = [each["Condition"]["ForAllValues:StringLike"] for each in reading]
    assert bounds == [{"dynamodb:LeadingKeys": ["POLICY", "KB#*"]}]
    assert not {"secretsmanager:GetSecretValue", "kms:Sign", "s3:DeleteObject"} & _actions("Review")


@pytest.mark.parametrize("function", ["Desk", "Review"])
def test_the_desk_reads_reports_and_only_review_writes_them(function: str) -> None:
    policy = resources("AWS::IAM::ManagedPolicy")[f"{function}Policy"]["Properties"]
    of_objects = [
        each
        for each in policy["PolicyDocument"]["Statement"]
        if "ReportsBucket.Arn}/" in str(each["Resource"])
    ]

    (rights,) = of_objects
    writes = "s3:PutObject" in rights["Action"]
    assert writes is (function == "Review")
    assert writes or rights["Resource"] == {"Fn::Sub": "${ReportsBucket.Arn}/reports/*"}


@pytest.mark.parametrize(
    ("key", "action", "functions"),
    [
        ("MessageKey", "kms:Decrypt", {"Intake", "ScoreRoute", "Escalate", "Desk"}),
        ("LedgerSigningKey", "kms:Sign", {"Checkpoint"}),
    ],
)
def test_a_key_of_its_own_serves_those_functions_and_no_administrator(
    key: str, action: str, functions: set[str]
) -> None:
    statements = resources("AWS::KMS::Key")[key]["Properties"]["KeyPolicy"]["Statement"]
    serving = [each for each in statements if action in each.get("Action", ())]

    (principals,) = [each["Principal"]["AWS"] for each in serving]
    listed = principals if isinstance(principals, list) else [principals]
    assert {each["Fn::GetAtt"] for each in listed} == {f"{each}Role.Arn" for each in functions}
    assert not any("kms:*" in each.get("Action", ()) for each in statements)


def test_who_hands_out_trails_can_be_given_the_right_to_sign_them() -> None:
    statements = resources("AWS::KMS::Key")["LedgerSigningKey"]["Properties"]["KeyPolicy"]
    (given,) = [each["Fn::If"] for each in statements["Statement"] if "Fn::If" in each]

    condition, signing, _ = given
    assert condition == "HasExporters"
    assert "kms:Sign" in signing["Action"]
    assert signing["Principal"] == {"AWS": {"Ref": "ExporterRoleArns"}}


def test_a_forged_link_is_answered_in_plain_words() -> None:
    (api,) = resources("AWS::Serverless::Api").values()
    answer = api["Properties"]["GatewayResponses"]["ACCESS_DENIED"]

    headers = answer["ResponseParameters"]["Headers"]
    assert headers["Content-Type"] == "'text/plain; charset=utf-8'"
    assert "context" not in answer["ResponseTemplates"]["application/json"]


@pytest.mark.parametrize("fault", ["AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"])
def test_who_follows_a_link_that_nobody_can_judge_is_told_to_come_again(fault: str) -> None:
    (api,) = resources("AWS::Serverless::Api").values()
    answer = api["Properties"]["GatewayResponses"][fault]

    headers = answer["ResponseParameters"]["Headers"]
    assert answer["StatusCode"] == "503"
    assert "Retry-After" in headers
    assert headers["Content-Type"] == "'text/plain; charset=utf-8'"
    assert "again in a minute" in answer["ResponseTemplates"]["application/json"]
