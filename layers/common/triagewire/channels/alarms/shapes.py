"""The shapes in which monitoring tools post their alerts, each told by its keys.

Shapes: Grafana and Prometheus Alertmanager webhooks, Sentry's integration webhooks, Datadog's
default payload, CloudWatch alarms as published to SNS or sent by EventBridge; else the names that
most tools use, or those of the policy's field map.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

from triagewire.channels.alarms.alert import Alert, change_id
from triagewire.channels.reading.fields import Fields
from triagewire.errors import InvalidFieldError

# Where tools without a shape of their own put things; the first that is there counts.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "title": (
        *("title", "ruleName", "alertname", "name", "subject", "summary", "alert", "monitor"),
        *("alert_title", "event_title"),
    ),
    "text": (
        *("text", "message", "description", "reason", "body", "details", "error"),
        *("event_msg", "alert_body"),
    ),
    "severity": ("severity", "level", "priority", "criticality"),
    "id": ("event_id", "alert_id", "incident_id", "id", "uuid"),
    "link": ("link", "url", "ruleUrl", "web_url", "permalink", "dashboardURL"),
    "state": ("state", "status", "alert_transition", "transition", "event"),
    "time": (
        *("timestamp", "date", "time", "triggered_at", "started_at", "startsAt", "created_at"),
        *("date_posix", "occurred_at"),
    ),
}
_LABELS_TOLD = frozenset({"alertname", "severity"})
_ADDRESSES = ("panelURL", "dashboardURL", "generatorURL")
_SENTRY_KINDS = ("event", "error", "issue")
_SENTRY_CALM = frozenset({"ignored", "archived", "assigned", "resolved"})
_BRACKETED = re.compile(r"\[([A-Za-z][A-Za-z -]*?)(?: on [^\]]*)?\]")


def alerts_from(body: Fields, mapped: Mapping[str, str]) -> tuple[Alert, ...]:
    """Every alert of a body, recovered ones too; raises InvalidFieldError for an unknown shape."""
    if mapped:
        return (_named(body, mapped),)
    for known in (_alarm, _event_bridge, _grouped, _sentry):
        if found := known(body):
            return found
    return (_named(body, {}),)


def _alarm(body: Fields) -> tuple[Alert, ...]:
    """A CloudWatch alarm, metric or composite, as it is published to SNS."""
    name = _word(body, "AlarmName")
    if not name:
        return ()
    changed = _word(body, "StateChangeTime")
    trigger = _inner(body, "Trigger")
    alarm = Alert(
        title=name,
        text=_word(body, "NewStateReason"),
        state=_word(body, "NewStateValue"),
        event_id=change_id(_word(body, "AlarmArn") or name, changed),
        occurred_at=_moment(body, "StateChangeTime"),
        details=(
            ("Description", _word(body, "AlarmDescription")),
            ("Before", _word(body, "OldStateValue")),
            ("Metric", " ".join(filter(None, _words(trigger, "Namespace", "MetricName")))),
            *((_word(each, "name"), _word(each, "value")) for each in _dimensions(trigger)),
            ("Rule", _word(body, "AlarmRule")),
            ("AWS", ", ".join(filter(None, _words(body, "AWSAccountId", "Region")))),
        ),
    )
    return (alarm,)


def _dimensions(trigger: Fields) -> tuple[Fields, ...]:
    with suppress(InvalidFieldError):
        return trigger.objects("Dimensions")
    return ()


def _event_bridge(body: Fields) -> tuple[Alert, ...]:
    """An event of EventBridge: a CloudWatch alarm, or whatever a rule of the group sends on."""
    kind = _word(body, "detail-type")
    if not kind:
        return ()
    detail = _inner(body, "detail")
    state = _inner(detail, "state")
    name = _word(detail, "alarmName")
    event = Alert(
        title=name or _word(detail, "title") or kind,
        text=_word(state, "reason") or _word(detail, "description"),
        state=_word(state, "value"),
        severity=_word(detail, "severity"),
        event_id=change_id(name, _word(state, "timestamp")) or _word(body, "id"),
        occurred_at=_moment(body, "time"),
        details=(
            ("Kind", kind),
            ("Description", _word(_inner(detail, "configuration"), "description")),
            *_rest(detail, "alarmName", "title", "description", "severity", "state"),
            ("AWS", ", ".join(filter(None, _words(body, "account", "region")))),
        ),
    )
    return (event,)


def _grouped(body: Fields) -> tuple[Alert, ...]:
    """Alertmanager and Grafana: several alerts in one body, each firing or resolved."""
    if not body.has("alerts"):
        return ()
    return tuple(_labelled(each, body) for each in body.objects("alerts"))


def _labelled(alert: Fields, group: Fields) -> Alert:
    labels, notes = _inner(alert, "labels"), _inner(alert, "annotations")
    started = _word(alert, "startsAt")
    named = (_word(labels, "alertname"), _word(notes, "summary"), _word(group, "title"))
    name = next(filter(None, named), "alert")
    told = (_word(notes, "summary"), _word(notes, "description") or _word(notes, "message"))
    return Alert(
        title=name,
        # Of an alert that says nothing itself, the group's message is all there is.
        text=" ".join(filter(None, told)) or _word(group, "message"),
        state=_word(alert, "status") or _word(group, "status"),
        severity=_word(labels, "severity"),
        event_id=change_id(_word(alert, "fingerprint") or _joined(labels), started),
        link=next(filter(None, _words(alert, *_ADDRESSES)), ""),
        occurred_at=_moment(alert, "startsAt"),
        details=(*_rest(labels, *_LABELS_TOLD), ("Runbook", _word(notes, "runbook_url"))),
    )


def _joined(labels: Fields) -> str:
    return ",".join(f"{name}={value}" for name, value in _rest(labels))


def _sentry(body: Fields) -> tuple[Alert, ...]:
    data = _inner(body, "data")
    action = _word(body, "action")
    if data.has("metric_alert"):
        return (_sentry_metric(data, action),)
    kind = next((kind for kind in _SENTRY_KINDS if data.has(kind)), "")
    if not kind or not action:
        return ()
    told = data.inner(kind)
    error = Alert(
        title=_word(told, "title") or f"Sentry {kind}",
        text=_word(told, "message") or _word(told, "culprit"),
        state="resolved" if action in _SENTRY_CALM else action,
        severity=_word(told, "level"),
        # An issue comes back; an event of it happens once.
        event_id=change_id(kind, action, _word(told, "event_id"))
        or change_id(kind, action, _word(told, "id"), _word(told, "lastSeen")),
        link=next(filter(None, _words(told, "web_url", "permalink", "issue_url")), ""),
        occurred_at=_moment(told, "datetime") or _moment(told, "lastSeen"),
        details=(
            ("Rule", _word(data, "triggered_rule")),
            ("Culprit", _word(told, "culprit")),
            ("Environment", _word(told, "environment")),
        ),
    )
    return (error,)


def _sentry_metric(data: Fields, action: str) -> Alert:
    metric = data.inner("metric_alert")
    changed = _word(metric, "date_detected") or _word(metric, "date_started")
    return Alert(
        title=_word(data, "description_title") or _word(metric, "title") or "Sentry metric alert",
        text=_word(data, "description_text"),
        state=action,
        severity=action,
        event_id=change_id("metric", action, _word(metric, "id"), changed),
        link=_word(data, "web_url"),
        occurred_at=_moment(metric, "date_detected"),
    )


def _named(body: Fields, mapped: Mapping[str, str]) -> Alert:
    """One alert by the policy's field map, and by the usual names where the map says nothing."""
    told = {name: _first(body, mapped.get(name), usual) for name, usual in _USUAL.items()}
    if not told["title"] and not told["text"]:
        raise InvalidFieldError(mapped.get("title", "title"), "is missing")
    bracketed = _BRACKETED.match(told["title"])
    state = told["state"] or (bracketed[1] if bracketed else "")
    return Alert(
        title=told["title"] or told["text"].partition("\n")[0],
        text=told["text"],
        state=state,
        severity=told["severity"],
        # An id alone may be that of the rule, which goes off again some day.
        event_id=change_id(told["id"] or told["title"], state or "alert", told["time"]),
        link=told["link"],
        occurred_at=_at(told["time"]),
    )


def _first(body: Fields, path: str | None, usual: tuple[str, ...]) -> str:
    if path is None:
        return next(filter(None, _words(body, *usual)), "")
    *outer, key = path.split(".")
    for name in outer:
        body = _inner(body, name)
    return _word(body, key)


def _rest(fields: Fields, *told: str) -> tuple[tuple[str, str], ...]:
    """What else is there in plain words."""
    others = sorted(fields.keys() - set(told))
    return tuple((name, word) for name in others if (word := _word(fields, name)))


def _words(fields: Fields, *keys: str) -> tuple[str, ...]:
    return tuple(_word(fields, key) for key in keys)


def _word(fields: Fields, key: str) -> str:
    """A text or a number; "" for anything else, for an odd detail must not cost the alert."""
    for read in (fields.prose, fields.identifier, fields.number):
        with suppress(InvalidFieldError):
            value = read(key)
            return "" if value is None else str(value).strip()
    return ""


def _inner(fields: Fields, key: str) -> Fields:
    with suppress(InvalidFieldError):
        return fields.inner(key)
    return Fields({})


def _moment(fields: Fields, key: str) -> datetime | None:
    with suppress(InvalidFieldError):
        return fields.moment(key)
    return None


def _at(stated: str) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970; ten digits are seconds of our century."""
    if re.fullmatch(r"[0-9]{10}(?:[0-9]{3})?", stated):
        return datetime.fromtimestamp(int(stated) / (1 if len(stated) == 10 else 1_000), UTC)
    return _moment(Fields({"time": stated}), "time")
