"""Monitoring: which alarms become IT tickets, and who may raise one."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.letter import Letter, Signed
from ops.senders.sns import new_secret, signed_sns
from tests.unit.channels.builders import JSON, NOW, a_request, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.monitoring import MOST_ALERTS
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive

TOKEN = "shared-token-of-the-tool"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
CERTIFICATE = new_secret()
ALARM = {
    "AlarmName": "epic-interface-queue-depth",
    "AlarmDescription": "The lab results interface is not draining",
    "AWSAccountId": "123456789012",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed: 1 datapoint [812.0] was greater than (500.0).",
    "StateChangeTime": "2026-11-23T14:55:02.351+0000",
    "Region": "US East (N. Virginia)",
    "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:epic-interface-queue-depth",
    "OldStateValue": "OK",
    "Trigger": {
        "MetricName": "QueueDepth",
        "Namespace": "Interfaces",
        "Dimensions": [{"name": "Interface", "value": "lab-results"}],
    },
}
GRAFANA = {
    "receiver": "triagewire",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "High memory usage", "severity": "critical", "zone": "us-1"},
            "annotations": {
                "description": "The system has high memory usage",
                "summary": "This alert was triggered for zone us-1",
                "runbook_url": "https://runbook.example/1234",
            },
            "startsAt": "2026-11-23T09:51:03.157076-05:00",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://grafana.example/alerting/1afz29v7z/edit",
            "fingerprint": "c6eadffa33fcdf37",
            "dashboardURL": "",
            "values": {"B": 44.2, "C": 1},
        },
        {
            "status": "resolved",
            "labels": {"alertname": "High CPU usage", "zone": "eu-1"},
            "annotations": {},
            "startsAt": "2026-11-23T09:40:03-05:00",
            "fingerprint": "bc97ff14869b13e3",
        },
    ],
}
SENTRY = {
    "action": "triggered",
    "data": {
        "event": {
            "title": "ReferenceError: heck is not defined",
            "culprit": "?(<anonymous>)",
            "level": "error",
            "event_id": "e4874d664c3540c1a32eab185f12c5ab",
            "web_url": "https://sentry.example/issues/1170820242/events/e4874d/",
            "datetime": "2026-11-23T14:06:30.260000Z",
        },
        "triggered_rule": "Errors of the portal",
    },
}
DATADOG = {
    "body": "%%%\nThe monitor was last triggered at Mon Nov 23 2026.\n%%%",
    "last_updated": "1795445000000",
    "event_type": "service_check",
    "title": "[Triggered] Host Cluster Alert",
    "date": "1795445000000",
    "org": {"id": "415600", "name": "Riverside"},
    "id": "5485379890863845239",
}


def a_post(payload: object, token: str = TOKEN, header: str = "X-Triagewire-Secret") -> Signed:
    return {"Content-Type": JSON, header: token}, json.dumps(payload).encode()


def received(payload: object, **options: object) -> Outcome:
    return an_outcome(a_post(payload), a_source("monitoring", **options), TOKEN)


def arrived(payload: object, **options: object) -> Arrival:
    return the_arrival(received(payload, **options))


def published(message: object, **fields: str) -> Outcome:
    source = a_source("monitoring", topics=[TOPIC])
    text = message if isinstance(message, str) else json.dumps(message)
    letter = Letter(source=source, secret=CERTIFICATE, url="", now=NOW, event_id="m-1", text="")
    request = a_request(signed_sns(letter, text, **fields))
    return receive(request, source, (TOKEN,), NOW, lambda _url: CERTIFICATE)


def test_a_cloudwatch_alarm_tells_what_an_engineer_needs() -> None:
    arrival = the_arrival(published(ALARM))

    assert arrival.subject == "epic-interface-queue-depth"
    for said in (
        "Systems alarm: epic-interface-queue-depth",
        "Now: ALARM",
        "Before: OK",
        "Reason: Threshold Crossed: 1 datapoint",
        "Description: The lab results interface is not draining",
        "Metric: Interfaces QueueDepth",
        "Interface: lab-results",
        "AWS: 123456789012, US East (N. Virginia)",
    ):
        assert said in arrival.text
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 55, 2, 351_000, UTC)


def test_an_alarm_speaks_for_the_staff_and_is_never_answered_automatically() -> None:
    arrival = the_arrival(published(ALARM))

    assert arrival.channel is Channel.MONITORING
    assert arrival.requester.kind is RequesterKind.STAFF
    assert arrival.automatic


def test_an_alarm_that_flaps_is_a_new_event_at_each_change_and_the_same_in_each_copy() -> None:
    first, copy = the_arrival(published(ALARM)), the_arrival(published(ALARM, MessageId="m-2"))
    later = the_arrival(published({**ALARM, "StateChangeTime": "2026-11-23T14:58:02.351+0000"}))

    assert first.event_id == copy.event_id
    assert first.event_id != later.event_id


@pytest.mark.parametrize("state", ["OK", "ok"])
def test_an_alarm_that_has_recovered_makes_no_ticket(state: str) -> None:
    outcome = published({**ALARM, "NewStateValue": state})

    assert (outcome.kind, outcome.status, outcome.reason) == (
        OutcomeKind.IGNORED,
        200,
        "alarm recovered",
    )


def test_missing_data_is_an_alarm_for_whoever_asked_to_be_told() -> None:
    assert (
        "INSUFFICIENT_DATA"
        in the_arrival(published({**ALARM, "NewStateValue": "INSUFFICIENT_DATA"})).text
    )


def test_a_composite_alarm_arrives_with_its_rule() -> None:
    alarm = {key: value for key, value in ALARM.items() if key != "Trigger"}

    arrival = the_arrival(published({**alarm, "AlarmRule": "ALARM(queue) OR ALARM(errors)"}))

    assert "Rule: ALARM(queue) OR ALARM(errors)" in arrival.text


def test_an_alarm_by_eventbridge_is_told_from_its_detail() -> None:
    event = {
        "id": "c4c1c1c9",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2026-11-23T14:55:02Z",
        "region": "us-east-1",
        "detail": {
            "alarmName": "api-errors",
            "state": {
                "value": "ALARM",
                "reason": "Threshold Crossed",
                "timestamp": "2026-11-23T14:55:02.000+0000",
            },
        },
    }

    arrival = the_arrival(published(event))

    assert (arrival.subject, arrival.event_id) == (
        "api-errors",
        "api-errors@2026-11-23T14:55:02.000+0000",
    )
    assert "AWS: 123456789012, us-east-1" in arrival.text


def test_plain_words_on_the_topic_are_somebody_s_alarm() -> None:
    arrival = the_arrival(published("The nightly backup did not run.", Subject="Backup"))

    assert (arrival.subject, arrival.event_id) == ("Backup", "m-1")
    assert "The nightly backup did not run." in arrival.text


def test_an_alarm_of_a_topic_that_is_not_listed_is_refused() -> None:
    assert published(ALARM, TopicArn="arn:aws:sns:us-east-1:999999999999:alarms").status == 403


def test_the_shared_secret_does_not_stand_in_for_a_signature_of_sns() -> None:
    headers, body = a_post({"Type": "Notification", "TopicArn": TOPIC, "Message": "x"})

    assert an_outcome((headers, body), a_source("monitoring", topics=[TOPIC]), TOKEN).status == 401


def test_a_source_without_topics_believes_no_topic() -> None:
    source = a_source("monitoring")
    letter = Letter(source=source, secret=CERTIFICATE, url="", now=NOW, event_id="m-1", text="")

    assert an_outcome(signed_sns(letter, json.dumps(ALARM)), source, TOKEN).status == 403


def test_a_subscription_of_a_listed_topic_is_confirmed() -> None:
    address = (
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"
        f"&TopicArn={TOPIC}&Token=2336412f37"
    )

    outcome = published(
        "You have chosen to subscribe.",
        Type="SubscriptionConfirmation",
        Token="2336412f37",
        SubscribeURL=address,
    )

    assert (outcome.kind, outcome.visit) == (OutcomeKind.IGNORED, address)


def test_each_alert_that_fires_in_a_group_is_a_ticket_of_its_own() -> None:
    arrival = arrived(GRAFANA)

    assert arrival.subject == "High memory usage"
    assert arrival.event_id == "c6eadffa33fcdf37@2026-11-23T09:51:03.157076-05:00"
    assert "Severity: critical" in arrival.text
    assert "zone: us-1" in arrival.text
    assert "Link: https://grafana.example/alerting/1afz29v7z/edit" in arrival.text


def test_a_reminder_of_a_burning_alert_is_the_same_event_whatever_its_figures() -> None:
    alert = GRAFANA["alerts"][0]
    assert isinstance(alert, dict)
    told = {**alert, "annotations": {"summary": "memory at 97 %"}}

    first, reminder = arrived(GRAFANA), arrived({**GRAFANA, "alerts": [told]})

    assert first.event_id == reminder.event_id
    assert first.restated
    assert reminder.restated


def test_a_storm_becomes_a_bounded_number_of_tickets_that_name_every_alert() -> None:
    alerts = [
        {"status": "firing", "labels": {"alertname": f"Node {number}"}, "fingerprint": f"f{number}"}
        for number in range(60)
    ]

    arrivals = received({"alerts": alerts}).arrivals

    assert len(arrivals) == MOST_ALERTS
    assert len({arrival.event_id for arrival in arrivals}) == MOST_ALERTS
    assert all(any(f"Node {number}" in each.text for each in arrivals) for number in range(60))


def test_an_error_of_sentry_arrives() -> None:
    arrival = arrived(SENTRY)

    assert arrival.subject == "ReferenceError: heck is not defined"
    assert arrival.event_id == "event@triggered@e4874d664c3540c1a32eab185f12c5ab"
    assert "Rule: Errors of the portal" in arrival.text


def test_sentry_s_own_signature_is_believed() -> None:
    body = json.dumps(SENTRY).encode()
    signature = hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": JSON, "Sentry-Hook-Signature": signature}

    assert an_outcome((headers, body), a_source("monitoring"), TOKEN).status == 200
    assert an_outcome((headers, body + b" "), a_source("monitoring"), TOKEN).status == 401


def test_a_stored_certificate_which_everybody_may_know_is_no_shared_secret() -> None:
    public = CERTIFICATE[CERTIFICATE.index("-----BEGIN CERTIFICATE-----") :]
    source, body = a_source("monitoring", topics=[TOPIC]), json.dumps(SENTRY).encode()
    signature = hmac.new(public.encode(), body, hashlib.sha256).hexdigest()
    forged = {"Content-Type": JSON, "Sentry-Hook-Signature": signature}
    shown = {"Content-Type": JSON, "X-Triagewire-Secret": public}

    assert an_outcome((forged, body), source, public).status == 401
    assert an_outcome((shown, body), source, public).status == 401


def test_a_metric_alert_of_sentry_arrives_until_it_is_resolved() -> None:
    alert = {
        "action": "critical",
        "data": {
            "description_title": "Critical: Too many errors",
            "description_text": "1000 events in the last 10 minutes",
            "web_url": "https://sentry.example/alerts/1/",
            "metric_alert": {"id": "6", "date_detected": "2026-11-23T14:00:00Z"},
        },
    }

    assert arrived(alert).subject == "Critical: Too many errors"
    assert received({**alert, "action": "resolved"}).kind is OutcomeKind.IGNORED


def test_datadog_s_default_payload_arrives_and_its_recovery_does_not() -> None:
    arrival = arrived(DATADOG)

    assert arrival.event_id == "5485379890863845239@Triggered@1795445000000"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 43, 20, tzinfo=UTC)
    assert received(
        {**DATADOG, "title": "[Recovered on {host:web-1}] Host Cluster Alert"}
    ).kind is (OutcomeKind.IGNORED)


def test_a_field_map_reads_any_shape() -> None:
    arrival = arrived(
        {
            "check": {"label": "Fax queue", "info": "41 faxes are stuck"},
            "n": 7,
            "sev": 1,
            "at": "2026-11-23T14:00:00Z",
        },
        fields={
            "title": "check.label",
            "text": "check.info",
            "id": "n",
            "severity": "sev",
            "time": "at",
        },
    )

    assert (arrival.subject, arrival.event_id) == ("Fax queue", "7@alert@2026-11-23T14:00:00Z")
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert "Reason: 41 faxes are stuck" in arrival.text
    assert "Severity: 1" in arrival.text


def test_an_alert_without_a_time_is_the_same_for_an_hour_and_another_alarm_later() -> None:
    post = a_post({"title": "Printer server down", "state": "alerting", "id": "rule-7"})
    source = a_source("monitoring")

    first, copy, later = (
        the_arrival(an_outcome(post, source, TOKEN, NOW + timedelta(minutes=minutes))).event_id
        for minutes in (0, 59, 60)
    )

    assert first.startswith("derived:sha256:")
    assert first == copy
    assert first != later


def test_an_issue_of_sentry_that_comes_back_is_another_alarm() -> None:
    issue = {"id": "1170", "title": "Error", "lastSeen": "2026-11-23T14:06:30Z"}
    again = {**issue, "lastSeen": "2026-11-24T14:06:30Z"}

    first, second = (
        arrived({"action": "unresolved", "data": {"issue": each}}).event_id
        for each in (issue, again)
    )

    assert first != second


@pytest.mark.parametrize(
    "body", [{"hello": 1}, [1], {"alerts": "many"}, {"title": None}, {"title": {"a": 1}}]
)
def test_a_shape_that_nobody_knows_goes_to_quarantine(body: object) -> None:
    assert received(body).kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize("header", ["Authorization", "authorization"])
def test_the_secret_may_come_in_another_header_and_as_a_bearer_token(header: str) -> None:
    source = a_source("monitoring", header="Authorization")

    post = a_post({"title": "x"}, f"Bearer {TOKEN}", header)

    assert an_outcome(post, source, TOKEN).kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize("token", ["", "wrong", "\N{SNOWMAN}", f"{TOKEN} "])
def test_a_wrong_secret_is_refused(token: str) -> None:
    assert an_outcome(a_post({"title": "x"}, token), a_source("monitoring"), TOKEN).status == 401


def test_both_live_secrets_are_believed() -> None:
    request = a_request(a_post({"title": "x"}))

    assert receive(request, a_source("monitoring"), ("newer", TOKEN), NOW).status == 200


KEYS = st.sampled_from(
    [
        "AlarmName",
        "Trigger",
        "Dimensions",
        "alerts",
        "labels",
        "annotations",
        "status",
        "startsAt",
        "data",
        "event",
        "action",
        "metric_alert",
        "title",
        "text",
        "id",
        "detail-type",
        "detail",
        "state",
        "date",
        "severity",
        "name",
        "value",
        "Type",
        "TopicArn",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(body=st.dictionaries(KEYS, VALUES))
def test_no_believed_body_is_refused_or_raises(body: dict[str, object]) -> None:
    outcome = received({"first": 1, **body})

    # A body that looks like an envelope of SNS must be signed like one.
    assert outcome.status in ({200, 401, 403} if {"Type", "TopicArn"} <= body.keys() else {200})
    for arrival in outcome.arrivals:
        repr(arrival).encode()


@pytest.mark.parametrize(
    "title", ["\N{FIRE} disk", "\u202eksid", "a\0b", "\ud83d", "x" * 5_000], ids=ascii
)
def test_odd_characters_cost_no_alert(title: str) -> None:
    arrival = arrived({"title": title, "id": "a-1"})

    arrival.text.encode()
    assert arrival.subject


def test_an_alert_that_says_nothing_itself_takes_the_group_s_words() -> None:
    """What Grafana's own trial of a contact point sends."""
    alert = {
        "status": "firing",
        "labels": {},
        "annotations": {},
        "startsAt": "2022-08-31T05:54:04.52289368Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": "57c6d9296de2ad39",
        "values": {},
    }
    group = {"title": "[FIRING:1]  (TestAlert Grafana)", "message": "Webhook test message."}

    arrival = arrived({"status": "firing", "alerts": [alert], "truncatedAlerts": 1, **group})

    assert arrival.subject == "[FIRING:1]  (TestAlert Grafana)"
    assert "Reason: Webhook test message." in arrival.text


def test_a_grafana_before_alert_groups_is_read_by_its_usual_names() -> None:
    link = "https://grafana.example/d/GG2qhR3Wz/alerttest?tab=alert&panelId=6"
    legacy = {
        "dashboardId": 2,
        "evalMatches": [],
        "message": "The panel has no data.",
        "ruleId": 3,
        "ruleName": "No Data alert",
        "ruleUrl": link,
        "state": "alerting",
        "tags": {},
        "title": "[Alerting] No Data alert",
    }

    assert arrived(legacy).text == (
        "Systems alarm: [Alerting] No Data alert\nNow: alerting\n"
        f"Reason: The panel has no data.\nLink: {link}"
    )
    assert received({**legacy, "state": "ok"}).kind is OutcomeKind.IGNORED


def test_what_somebody_wrote_for_an_alarm_of_eventbridge_arrives() -> None:
    detail = {
        "alarmName": "ServerCpuTooHigh",
        "configuration": {"description": "Too busy: call the on-call engineer.", "metrics": []},
        "state": {"value": "ALARM", "timestamp": "2019-10-02T17:04:40.989+0000"},
    }
    event = {"detail-type": "CloudWatch Alarm State Change", "id": "c4c1", "detail": detail}

    assert "Description: Too busy: call the on-call engineer." in arrived(event).text


@pytest.mark.parametrize(
    "template",
    [
        {"event_title": "CPU high", "event_msg": "Host web1", "date_posix": "1795445000"},
        {"alert_title": "CPU high", "alert_body": "Host web1", "occurred_at": "1795445000"},
    ],
)
def test_common_templates_of_datadog_are_read(template: dict[str, str]) -> None:
    arrival = arrived({"event_id": "6534", "alert_transition": "Triggered", **template})

    assert (arrival.subject, arrival.event_id) == ("CPU high", "6534@Triggered@1795445000")
    assert "Reason: Host web1" in arrival.text
    assert received({**template, "alert_transition": "Recovered"}).kind is OutcomeKind.IGNORED
