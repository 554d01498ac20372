"""What the deployed template is: who may do what, and what is kept, retried and refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
import pytest
import requests

from local.stack.clock import SimulatedClock
from local.stack.deployment import Stack
from local.stack.staff import sign_in
from tests.stack.probe import Call, Probe

FUNCTIONS = (
    *("Intake", "ScoreRoute", "Escalate", "Desk", "Suggest", "Authorize", "Checkpoint"),
    "Review",
)
_KEY = {"pk": {"S": "PROBE#1"}, "sk": {"S": "PROBE"}}
_SET = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "1"}}}


def _query(table: str, attribute: str, index: str | None = None) -> Call:
    arguments: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": f"{attribute} = :value",
        "ExpressionAttributeValues": {":value": {"S": "PROBE#1"}},
    }
    return "dynamodb", "query", arguments | ({"IndexName": index} if index else {})


def _transaction(*parts: dict[str, Any]) -> Call:
    return "dynamodb", "transact_write_items", {"TransactItems": list(parts)}


def _table_calls(kind: str, table: str) -> dict[str, Call]:
    return {
        f"{kind}.PutItem": ("dynamodb", "put_item", {"TableName": table, "Item": _KEY}),
        f"{kind}.GetItem": ("dynamodb", "get_item", {"TableName": table, "Key": _KEY}),
        f"{kind}.BatchGetItem": (
            "dynamodb",
            "batch_get_item",
            {"RequestItems": {table: {"Keys": [_KEY]}}},
        ),
        f"{kind}.UpdateItem": (
            "dynamodb",
            "update_item",
            {"TableName": table, "Key": _KEY, **_SET},
        ),
        f"{kind}.DeleteItem": ("dynamodb", "delete_item", {"TableName": table, "Key": _KEY}),
        f"{kind}.BatchWriteItem": (
            "dynamodb",
            "batch_write_item",
            {"RequestItems": {table: [{"DeleteRequest": {"Key": _KEY}}]}},
        ),
        f"{kind}.Query": _query(table, "pk"),
        f"{kind}.Scan": ("dynamodb", "scan", {"TableName": table}),
        f"{kind}.DeleteInTransaction": _transaction({"Delete": {"TableName": table, "Key": _KEY}}),
    }


def _ledger_calls(outputs: dict[str, str]) -> dict[str, Call]:
    bucket = {"Bucket": outputs["AuditBucketName"]}
    signing = {"KeyId": outputs["LedgerSigningKeyArn"], "SigningAlgorithm": "ECDSA_SHA_256"}
    reports = {"Bucket": outputs["ReportsBucketName"]}
    sealing = {"KeyId": outputs["MessageKeyArn"], "NumberOfBytes": 32}
    purpose = {"site": "probe", "purpose": "triagewire-message"}
    return {
        "audit.Put": ("s3", "put_object", {**bucket, "Key": "probe", "Body": "probe"}),
        "audit.List": ("s3", "list_objects_v2", bucket),
        "audit.Delete": ("s3", "delete_object", {**bucket, "Key": "probe"}),
        "audit.ReadEvent": ("s3", "get_object", {**bucket, "Key": "events/probe"}),
        "audit.ReadKeys": ("s3", "get_object", {**bucket, "Key": "keys/probe"}),
        "reports.List": ("s3", "list_objects_v2", reports),
        "reports.Read": ("s3", "get_object", {**reports, "Key": "reports/probe"}),
        "reports.ReadLives": ("s3", "get_object", {**reports, "Key": "lives/probe"}),
        "reports.Put": ("s3", "put_object", {**reports, "Key": "reports/probe", "Body": "probe"}),
        "reports.PutElsewhere": ("s3", "put_object", {**reports, "Key": "probe", "Body": "probe"}),
        "reports.Delete": ("s3", "delete_object", {**reports, "Key": "reports/probe"}),
        "checkpoint.PublicKey": ("kms", "get_public_key", {"KeyId": signing["KeyId"]}),
        "checkpoint.Sign": ("kms", "sign", {**signing, "Message": "probe"}),
        "message.Seal": ("kms", "generate_data_key", {**sealing, "EncryptionContext": purpose}),
    }


def _calls(outputs: dict[str, str]) -> dict[str, Call]:
    tickets, ledger = outputs["TicketsTableName"], outputs["LedgerTableName"]
    check = {
        "TableName": tickets,
        "Key": {"pk": {"S": "PROBE#2"}, "sk": {"S": "PROBE"}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    mail = {
        "FromEmailAddress": "desk@triagewire.example",
        "Destination": {"ToAddresses": ["somebody@example.org"]},
        "Content": {
            "Simple": {"Subject": {"Data": "probe"}, "Body": {"Text": {"Data": "probe"}}},
        },
    }
    return {
        **_table_calls("tickets", tickets),
        **_table_calls("ledger", ledger),
        "tickets.queue": _query(tickets, "queue", "queue"),
        "tickets.timer": _query(tickets, "timer_shard", "timer"),
        "tickets.ConditionCheck": _transaction({"ConditionCheck": check}),
        **{
            f"publish.{topic}": (
                "sns",
                "publish",
                {"TopicArn": outputs[f"{topic}TopicArn"], "Message": "probe"},
            )
            for topic in ("Pages", "Alerts", "Operations")
        },
        **{
            f"secret.{name}": (
                "secretsmanager",
                "get_secret_value",
                {"SecretId": outputs[f"{name}Arn"]},
            )
            for name in ("WebhookSecrets", "ReaderSecrets", "IdentityKey", "LinkKey")
        },
        **_ledger_calls(outputs),
        "secret.Put": (
            "secretsmanager",
            "put_secret_value",
            {"SecretId": outputs["WebhookSecretsArn"], "SecretString": "{}"},
        ),
        "mail": ("sesv2", "send_email", mail),
        "role.read": ("iam", "list_roles", {}),
        "key.delete": (
            "kms",
            "schedule_key_deletion",
            {"KeyId": "alias/none", "PendingWindowInDays": 7},
        ),
    }


_WORKS_TICKETS = {
    "tickets.PutItem",
    "tickets.GetItem",
    "tickets.UpdateItem",
    "tickets.Query",
    "tickets.queue",
}
# What was told is deleted from the outbox. The emulator knows no dynamodb:LeadingKeys, but a test
# of the template looks for it.
_EMPTIES = {"tickets.BatchGetItem", "tickets.DeleteItem", "tickets.DeleteInTransaction"}
_TELLS = {"publish.Pages", "publish.Alerts", "secret.IdentityKey", "secret.LinkKey"} | _EMPTIES
MAY = {
    "Intake": {
        "tickets.PutItem",
        "tickets.GetItem",
        "tickets.ConditionCheck",
        # Of the limits' items only: the emulator knows no dynamodb:LeadingKeys, but a test of the
        # template looks for it.
        "tickets.UpdateItem",
        "ledger.PutItem",
        "secret.WebhookSecrets",
        "secret.IdentityKey",
        "message.Seal",
    },
    "ScoreRoute": _WORKS_TICKETS
    | _TELLS
    | {"tickets.timer", "ledger.PutItem", "mail", "secret.ReaderSecrets", "message.Seal"},
    # Of the ledger it reads what people were told, which a test of the template holds it to.
    "Escalate": _WORKS_TICKETS
    | _TELLS
    | {"tickets.timer", "ledger.PutItem", "ledger.Query", "message.Seal"},
    "Desk": _WORKS_TICKETS
    | {"tickets.BatchGetItem", "ledger.PutItem", "ledger.Query", "message.Seal"}
    | {"secret.IdentityKey", "secret.LinkKey", "reports.List", "reports.Read"},
    # Of the policy, callers and articles only, which a test of the template looks for.
    "Suggest": (_WORKS_TICKETS - {"tickets.queue"}) | {"secret.IdentityKey"},
    "Authorize": {"secret.LinkKey"},
    "Checkpoint": {"audit.Put", "audit.List", "audit.ReadEvent", "audit.ReadKeys"}
    | {"checkpoint.Sign", "checkpoint.PublicKey"},
    # Of the policy and the uses of articles only, which a test of the template looks for.
    "Review": {"tickets.GetItem", "tickets.Query", "audit.List", "audit.ReadEvent"}
    | {"checkpoint.PublicKey", "publish.Alerts"}
    | {f"reports.{each}" for each in ("List", "Read", "ReadLives", "Put")},
}
CALLS = sorted(
    _calls(
        dict.fromkeys(
            [
                "TicketsTableName",
                "LedgerTableName",
                "PagesTopicArn",
                "AlertsTopicArn",
                "OperationsTopicArn",
                "WebhookSecretsArn",
                "ReaderSecretsArn",
                "IdentityKeyArn",
                "LinkKeyArn",
                "AuditBucketName",
                "ReportsBucketName",
                "LedgerSigningKeyArn",
                "MessageKeyArn",
            ],
            "",
        )
    )
)


@pytest.fixture(scope="module")
def verdicts(stack: Stack, probe: Probe) -> Callable[[str], dict[str, str]]:
    """What IAM said to each call with the role of a function."""
    calls = _calls(stack.outputs)

    @cache
    def of(function: str) -> dict[str, str]:
        return dict(zip(calls, probe.answers(function, list(calls.values())), strict=True))

    return of


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_what_its_function_needs_and_nothing_else(
    verdicts: Callable[[str], dict[str, str]], function: str, call: str
) -> None:
    expected = "allowed" if call in MAY[function] else "refused"

    # Whoever is told that an object is not there was allowed to read it.
    assert verdicts(function)[call].replace("failed: NoSuchKey", "allowed") == expected


@pytest.mark.parametrize("topic", ["Pages", "Alerts", "Operations"])
def test_a_topic_refuses_plain_http(stack: Stack, topic: str) -> None:
    sns = boto3.client("sns", **stack.aws())
    attributes = sns.get_topic_attributes(TopicArn=stack.outputs[f"{topic}TopicArn"])["Attributes"]

    (denied,) = [
        each for each in json.loads(attributes["Policy"])["Statement"] if each["Effect"] == "Deny"
    ]

    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied["Principal"] == "*"


def mapping_of(stack: Stack, function: str, source: str = "") -> dict[str, Any]:
    """What feeds a function, named by the output that has its name, from a kind of source."""
    functions = boto3.client("lambda", **stack.aws())
    found = functions.list_event_source_mappings(FunctionName=stack.outputs[function])
    every = [each for each in found["EventSourceMappings"] if source in each["EventSourceArn"]]
    (mapping,) = every
    return dict(mapping)


def test_a_bad_record_cannot_block_the_stream_or_vanish(stack: Stack) -> None:
    mapping = mapping_of(stack, "ScoreRouteFunctionName", ":dynamodb:")

    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] == 10
    assert 0 < mapping["MaximumRecordAgeInSeconds"] < 86400
    assert "ScoreRouteDlq" in mapping["DestinationConfig"]["OnFailure"]["Destination"]


def test_a_reply_that_cannot_be_sent_comes_again_alone(stack: Stack) -> None:
    mapping = mapping_of(stack, "ScoreRouteFunctionName", ":sqs:")

    assert "ReplyQueue" in mapping["EventSourceArn"]
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_mail_that_cannot_be_taken_comes_again_alone(stack: Stack) -> None:
    mapping = mapping_of(stack, "IntakeFunctionName")

    assert "MailQueue" in mapping["EventSourceArn"]
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_only_new_messages_and_facts_reach_score_route(stack: Stack) -> None:
    mapping = mapping_of(stack, "ScoreRouteFunctionName", ":dynamodb:")

    patterns = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]

    assert patterns == [
        {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": prefix}]}}}}
        for prefix in ("MSG#", "FACT#")
    ]


@pytest.mark.parametrize(
    ("function", "rate"), [("Escalate", "rate(1 minute)"), ("Checkpoint", "rate(5 minutes)")]
)
def test_a_function_runs_on_schedule_and_a_run_that_cannot_start_is_kept(
    stack: Stack, function: str, rate: str
) -> None:
    events = boto3.client("events", **stack.aws())
    (rule,) = [each for each in events.list_rules()["Rules"] if function in each["Name"]]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]

    assert (rule["State"], rule["ScheduleExpression"]) == ("ENABLED", rate)
    assert stack.outputs[f"{function}FunctionName"] in target["Arn"]
    assert f"{function}Dlq" in target["DeadLetterConfig"]["Arn"]


def test_review_runs_at_its_times_and_is_told_what_to_do(stack: Stack) -> None:
    events = boto3.client("events", **stack.aws())
    found = {}
    for rule in events.list_rules()["Rules"]:
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            if stack.outputs["ReviewFunctionName"] in target["Arn"]:
                assert "ReviewDlq" in target["DeadLetterConfig"]["Arn"]
                found[json.loads(target["Input"])["do"]] = rule["ScheduleExpression"]

    assert found == {
        "gather": "cron(5 * * * ? *)",
        "daily": "cron(20 11-15 * * ? *)",
        "weekly": "cron(40 11-15 * * ? *)",
    }


def test_every_log_group_is_encrypted_and_kept_for_ten_years(stack: Stack) -> None:
    logs = boto3.client("logs", **stack.aws())
    groups = [
        each
        for each in logs.describe_log_groups()["logGroups"]
        if "probe-" not in each["logGroupName"]
    ]

    assert len(groups) == len(FUNCTIONS) + 1  # that of the API
    assert {each.get("retentionInDays") for each in groups} == {3653}
    assert all(each.get("kmsKeyId") for each in groups)


def test_no_event_of_the_ledger_is_left_out_of_its_copies(stack: Stack) -> None:
    mapping = mapping_of(stack, "CheckpointFunctionName", ":dynamodb:")

    assert "LedgerTable" in mapping["EventSourceArn"]
    assert not mapping.get("FilterCriteria", {}).get("Filters")
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert 0 < mapping["MaximumRecordAgeInSeconds"] < 86400
    assert "CheckpointDlq" in mapping["DestinationConfig"]["OnFailure"]["Destination"]


@pytest.mark.parametrize("path", ["/acknowledge/forged", "/feedback/forged", "/on-call/north/x"])
def test_a_forged_link_never_reaches_the_desk(stack: Stack, path: str) -> None:
    answer = requests.get(stack.api_url + path, verify=str(stack.emulator.authority), timeout=30)

    assert answer.status_code == 403


def test_another_sites_page_cannot_load_the_console(stack: Stack) -> None:
    answer = requests.get(
        stack.api_url + "/console",
        headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        verify=str(stack.emulator.authority),
        timeout=30,
    )

    assert answer.status_code == 403


def test_ledger_events_never_expire(stack: Stack) -> None:
    dynamodb = boto3.client("dynamodb", **stack.aws())
    expiry = dynamodb.describe_time_to_live(TableName=stack.outputs["LedgerTableName"])

    assert expiry["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"


def test_an_alarm_is_raised_when_escalation_stops_beating(stack: Stack) -> None:
    alarms = boto3.client("cloudwatch", **stack.aws()).describe_alarms()["MetricAlarms"]
    beating = [each for each in alarms if each["TreatMissingData"] == "breaching"]

    beats = {"Invocations", "EscalationHeartbeat", "CheckpointWritten", "ReviewHeartbeat"}
    assert {each["MetricName"] for each in beating} == beats
    assert all(each["AlarmActions"] == [stack.outputs["OperationsTopicArn"]] for each in alarms)


@pytest.mark.parametrize("path", ["/desk/queues/north/clinical", "/desk/tickets/some-id"])
@pytest.mark.parametrize("token", [None, "a.b.c", "Bearer a.b.c"])
def test_the_desk_refuses_whoever_is_not_signed_in(
    stack: Stack, path: str, token: str | None
) -> None:
    answer = requests.get(
        stack.api_url + path,
        headers={"Authorization": token} if token else {},
        verify=str(stack.emulator.authority),
        timeout=10,
    )

    assert answer.status_code == 401


def test_the_desk_lets_a_member_of_staff_in(stack: Stack) -> None:
    answer = requests.get(
        stack.api_url + "/desk/queues/north/clinical",
        headers={"Authorization": sign_in(stack, "probe.member")},
        verify=str(stack.emulator.authority),
        timeout=30,
    )

    assert answer.status_code != 401


def test_a_token_is_good_for_no_longer_than_an_hour(stack: Stack, clock: SimulatedClock) -> None:
    token = sign_in(stack, "probe.member")
    clock.move_to(clock.now() + timedelta(minutes=61))

    answer = requests.get(
        stack.api_url + "/desk/queues/north/clinical",
        headers={"Authorization": token},
        verify=str(stack.emulator.authority),
        timeout=30,
    )

    assert answer.status_code == 401


def test_staff_cannot_sign_themselves_up(stack: Stack) -> None:
    staff = boto3.client("cognito-idp", **stack.aws())
    pool = staff.describe_user_pool(UserPoolId=stack.outputs["UserPoolId"])["UserPool"]

    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["MfaConfiguration"] == "ON"
