"""Logs and metrics. Log ids, codes and times; never a text, a name or a contact: there are tests
that look.
"""

from functools import cache

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger = Logger(log_uncaught_exceptions=False)


@cache
def metrics() -> Metrics:
    """The metrics of this function, flushed as EMF at the end of an invocation by
    `flush_metrics`.
    """
    return Metrics()


def count(name: str, value: float = 1, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric."""
    metrics().add_metric(name=name, unit=unit, value=value)


def milliseconds(name: str, value: float) -> None:
    """Add a duration to a metric."""
    metrics().add_metric(name=name, unit=MetricUnit.Milliseconds, value=value)


def flush_metrics() -> None:
    """Write what was counted, if anything was."""
    with_data = metrics()
    if with_data.metric_set:
        with_data.flush_metrics()
