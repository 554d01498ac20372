"""Logs and metrics. A log line has the fields of the list below and no other: ids, codes, times and
counts, never a text, a name or a contact; there are tests that look.
"""

import json
import logging
import re
from collections.abc import Callable
from functools import cache, wraps
from itertools import batched

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import EphemeralMetrics, Metrics, MetricUnit

WRITTEN_BY_US = frozenset(
    {"level", "location", "message", "problem", "reason", "task", "timestamp", "why"}
)
"""Fields that hold constant words of ours, or a reason that names a field and never its value."""
CODES = frozenset(
    {
        "copies",
        "error",
        "errors",
        "kind",
        "member",
        "method",
        "milliseconds",
        "notice",
        "outcome",
        "policy_version",
        "records",
        "request_id",
        "route",
        "service",
        "site",
        "source",
        "status",
        "subject",
        "team",
        "ticket_id",
        "unknown",
        "urgency",
        "way",
        "where",
        "xray_trace_id",
    }
)
"""Fields that hold an id, a code, a time or a number."""
DROPPED = "log_field_dropped"
LONGEST_WORDS = 300
"""In characters: what is longer is none of our sentences."""
MOST_VALUES = 30
"""More codes than there are kinds of anything that a log line lists."""
MOST_OF_A_LINE = 90
"""Values in one line of a site: at a hundred the library writes by itself."""
QUIET_LIBRARIES = ("boto3", "botocore", "s3transfer", "urllib3")
"""At DEBUG they log whole requests, and in some warnings an address with its path."""

_CODE = re.compile(r"[\w.:/#{}+@=-]{1,200}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z_]{0,31}")
_METRIC = re.compile(r"[A-Z][A-Za-z]{2,39}")
_SITE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


class AllowedFields(LambdaPowertoolsFormatter):
    """One line of JSON for each event, with the fields that are on the list.

    What else is given is left out and counted; so are the text and the stack of an error, of which
    its type alone is told.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        given = self._extract_log_keys(log_record=record)
        if record.exc_info and record.exc_info[0]:
            given.setdefault("error", record.exc_info[0].__name__)
        given["args"] = record.args or None  # they would stand in the message
        given["message"] = record.msg
        given["xray_trace_id"] = self._get_latest_trace_id()
        stated = {name: value for name, value in given.items() if value is not None}
        line = {name: value for name, value in stated.items() if _may_stand(name, value)}
        if dropped := sorted(stated.keys() - line.keys()):
            count("LogFieldDropped", len(dropped))
            line[DROPPED] = [name if _NAME.fullmatch(name) else "?" for name in dropped]
        return json.dumps(line, separators=(",", ":"))


def _may_stand(name: str, value: object) -> bool:
    """Whether a field is on the list and its value is what such a field holds."""
    if name in WRITTEN_BY_US:
        return isinstance(value, str) and len(value) <= LONGEST_WORDS
    return name in CODES and _is_coded(value)


def _is_coded(value: object) -> bool:
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    if isinstance(value, dict):
        return _is_coded(tuple(value)) and _is_coded(tuple(value.values()))
    if isinstance(value, list | tuple):
        return len(value) <= MOST_VALUES and all(map(_is_coded, value))
    return isinstance(value, bool | int | float)


logger = Logger(logger_formatter=AllowedFields(), log_uncaught_exceptions=False)
for _library in QUIET_LIBRARIES:
    logging.getLogger(_library).setLevel(logging.ERROR)


class UnforeseenError(Exception):
    """An error that left a handler, by the name of its type alone."""


def textless[**Given, Answer](handler: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A handler whose errors tell the logs their types and where they happened, and nothing else:
    the text of an error may repeat what somebody wrote.
    """

    @wraps(handler)
    def handle(*arguments: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return handler(*arguments, **named)
        except Exception as error:
            logger.error("handler failed", error=type(error).__name__, where=_where(error))
            raise _without_text(error) from None

    return handle


def _where(error: Exception) -> str:
    """The function and the line that an error comes from."""
    found = error.__traceback__
    while found is not None and found.tb_next is not None:
        found = found.tb_next
    return f"{found.tb_frame.f_code.co_name}:{found.tb_lineno}" if found else "nowhere"


def _without_text(error: Exception) -> Exception:
    from botocore.exceptions import (  # noqa: PLC0415  for a failure alone
        BotoCoreError,
        ClientError,
        ParamValidationError,
    )

    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        return ClientError({"Error": {"Code": code, "Message": ""}}, error.operation_name)
    if isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError):
        return error  # it names an endpoint or a setting, and not the value that was refused
    return UnforeseenError(type(error).__name__)


@cache
def metrics() -> Metrics:
    """The metrics of this function, flushed as EMF at the end of an invocation by
    `flush_metrics`.
    """
    return Metrics()


def count(
    name: str, value: float = 1, unit: MetricUnit = MetricUnit.Count, *, site: str = ""
) -> None:
    """Add to a metric; with the id of a site to that of the site too. A name is a constant of ours:
    one that could not be is not told.

    Nothing finer than a site is told apart: each value of a dimension is a metric that is paid for.
    """
    name = name if _METRIC.fullmatch(name) else "MetricDropped"
    if _SITE.fullmatch(site):
        _of_sites.setdefault(site, []).append((name, value, unit))
    else:
        metrics().add_metric(name=name, unit=unit, value=value)


def milliseconds(name: str, value: float, *, site: str = "") -> None:
    """Add a duration to a metric, and to that of a site."""
    count(name, value, MetricUnit.Milliseconds, site=site)


_of_sites: dict[str, list[tuple[str, float, MetricUnit]]] = {}
"""What was counted of sites since the last flush. A command never flushes, and so tells nothing."""


def flush_metrics() -> None:
    """Write what was counted, if anything was: a line of the function, and one of each site that
    counts for the function too.
    """
    with_data = metrics()
    if with_data.metric_set:
        with_data.flush_metrics()
    while _of_sites:
        site, counted = _of_sites.popitem()
        for some in batched(counted, MOST_OF_A_LINE, strict=False):
            of_site = EphemeralMetrics()
            of_site.add_dimensions(site=site)
            for name, value, unit in some:
                of_site.add_metric(name=name, unit=unit, value=value)
            of_site.flush_metrics()
