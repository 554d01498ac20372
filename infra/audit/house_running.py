"""What runs: nothing is lost, somebody is told, and no text of a patient goes astray."""

import re
from collections.abc import Iterator
from typing import Any

from infra.audit.model import Model, is_true, listed, text_of

type Judged = Iterator[tuple[str, bool]]

TWO_WEEKS = 1_209_600
A_DAY = 86_400
LONG_LOGS = 2192
IDENTIFIES = re.compile(
    r"sourceIp|\$context\.path\b|querystring|requestBody|userAgent|claims", re.I
)
SECRET = re.compile(r"SECRET|TOKEN|PASSWORD|PRIVATE")


def functions_write_no_text_of_anybody(model: Model) -> Judged:
    """No event in the log, no answer or error in a trace, no secret in the environment."""
    for name, function in model.of("AWS::Lambda::Function"):
        told = function["Environment"]["Variables"]
        silent = not is_true(told.get("POWERTOOLS_LOGGER_LOG_EVENT"))
        captures = ("POWERTOOLS_TRACER_CAPTURE_RESPONSE", "POWERTOOLS_TRACER_CAPTURE_ERROR")
        untraced = all(told.get(each) == "false" for each in captures)
        hidden = all(each.endswith("_ARN") for each in told if SECRET.search(each))
        yield name, silent and untraced and hidden and told.get("LOG_LEVEL") != "DEBUG"


def functions_have_a_log_of_their_own(model: Model) -> Judged:
    """One with a key and a retention: the one that Lambda makes has neither."""
    for name, function in model.of("AWS::Lambda::Function"):
        named = model.names_in(function.get("LoggingConfig", {}).get("LogGroup"))
        days = [model.properties(each).get("RetentionInDays", 0) for each in named]
        yield name, bool(days) and all(int(each) >= LONG_LOGS for each in days)


def each_function_keeps_its_share(model: Model) -> Judged:
    """A rush at one function must not take what another, above all escalate, needs to run."""
    for name, function in model.of("AWS::Lambda::Function"):
        yield name, int(function.get("ReservedConcurrentExecutions", 0)) > 0


def queues_take_only_a_part_of_a_share(model: Model) -> Judged:
    """A full queue that took the whole share would delay the schedule and the stream beside it."""
    for name, mapping in model.of("AWS::Lambda::EventSourceMapping"):
        if "FilterCriteria" in mapping or not _is_of_queue(model, mapping):
            continue
        most = mapping.get("ScalingConfig", {}).get("MaximumConcurrency", A_DAY)
        shares = [
            int(model.properties(each).get("ReservedConcurrentExecutions", 0))
            for each in model.functions_in(mapping["FunctionName"])
        ]
        yield name, all(most < each for each in shares)


def a_bad_record_is_put_aside(model: Model) -> Judged:
    """It must neither block the others nor vanish."""
    for name, mapping in model.of("AWS::Lambda::EventSourceMapping"):
        partial = mapping.get("FunctionResponseTypes") == ["ReportBatchItemFailures"]
        if _is_of_queue(model, mapping):
            queues = [model.properties(each) for each in model.names_in(mapping["EventSourceArn"])]
            yield name, partial and all("RedrivePolicy" in each for each in queues)
            continue
        finite = int(mapping.get("MaximumRetryAttempts", -1)) >= 0
        in_time = 0 < int(mapping.get("MaximumRecordAgeInSeconds", -1)) < A_DAY
        kept = bool(mapping.get("DestinationConfig", {}).get("OnFailure"))
        whole = mapping.get("StartingPosition") == "TRIM_HORIZON"
        apart = is_true(mapping.get("BisectBatchOnFunctionError"))
        yield name, partial and finite and in_time and kept and whole and apart


def streams_alarm_when_they_fall_behind(model: Model) -> Judged:
    """Who waits in a stream is not seen in any queue."""
    for name, mapping in model.of("AWS::Lambda::EventSourceMapping"):
        if not _is_of_queue(model, mapping):
            functions = model.functions_in(mapping["FunctionName"])
            yield name, all(model.alarmed("IteratorAge", each) for each in functions)


def schedules_are_not_lost(model: Model) -> Judged:
    """A run that cannot start is kept, and a schedule that stops is told by its silence."""
    for name, rule in model.of("AWS::Events::Rule"):
        kept = all(each.get("DeadLetterConfig") for each in rule["Targets"])
        yield name, kept
    beating = [each for each in model.alarms if each.get("TreatMissingData") == "breaching"]
    counted = {each["MetricName"] for each in beating}
    yield "(template)", {"EscalationHeartbeat", "Invocations", "CheckpointWritten"} <= counted


def dead_letters_are_kept_and_told(model: Model) -> Judged:
    """Two weeks, and an alarm as soon as one lies there."""
    for name, queue in model.of("AWS::SQS::Queue"):
        if name.endswith("Dlq"):
            told = model.alarmed("ApproximateNumberOfMessagesVisible", name)
            yield name, told and int(queue.get("MessageRetentionPeriod", 0)) >= TWO_WEEKS


def functions_alarm(model: Model) -> Judged:
    """On errors, and on calls that found no room."""
    for name, _ in model.of("AWS::Lambda::Function"):
        yield name, model.alarmed("Errors", name) and model.alarmed("Throttles", name)


def alarms_reach_somebody(model: Model) -> Judged:
    """An alarm without an action is a line in a list that nobody opens."""
    for name, alarm in model.of("AWS::CloudWatch::Alarm"):
        yield name, bool(model.names_in(alarm.get("AlarmActions")))


def the_api_logs_nobody_and_keeps_nothing(model: Model) -> Judged:
    """No bodies, no addresses, no paths in a log; no cache; a throttle for everybody."""
    for name, stage in model.of("AWS::ApiGateway::Stage"):
        settings = listed(stage.get("MethodSettings"))
        quiet = not any(is_true(each.get("DataTraceEnabled")) for each in settings)
        form = stage.get("AccessLogSetting", {}).get("Format", "")
        nameless = bool(form) and not IDENTIFIES.search(text_of(form))
        fresh = not is_true(stage.get("CacheClusterEnabled"))
        yield name, quiet and nameless and fresh
        yield name, all(each.get("ThrottlingRateLimit") for each in settings)


def nothing_is_told_by_telephone_text(model: Model) -> Judged:
    """A text message is not encrypted; a subscription that fails is kept."""
    for name, each in model.of("AWS::SNS::Subscription"):
        yield name, each["Protocol"] != "sms" and "RedrivePolicy" in each


def _is_of_queue(model: Model, mapping: dict[str, Any]) -> bool:
    named = model.names_in(mapping["EventSourceArn"])
    return any(model.kind(each) == "AWS::SQS::Queue" for each in named)


RULES = (
    functions_write_no_text_of_anybody,
    functions_have_a_log_of_their_own,
    each_function_keeps_its_share,
    queues_take_only_a_part_of_a_share,
    a_bad_record_is_put_aside,
    streams_alarm_when_they_fall_behind,
    schedules_are_not_lost,
    dead_letters_are_kept_and_told,
    functions_alarm,
    alarms_reach_somebody,
    the_api_logs_nobody_and_keeps_nothing,
    nothing_is_told_by_telephone_text,
)
