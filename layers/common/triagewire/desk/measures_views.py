"""Reports of the desk as the desk API shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec

from triagewire.desk.measures_shapes import (
    CellView,
    FigureView,
    FindingView,
    HeadlineView,
    MeasureView,
    MemberLoadView,
    ReportFileView,
    ReportsView,
    ReportView,
    TrustView,
)
from triagewire.errors import InvalidFieldError, RefusedError
from triagewire.flow.reading_reports import FileFormat, Listed, Named
from triagewire.measures.ages import in_order
from triagewire.measures.catalogue import MEASURES
from triagewire.measures.due import Each
from triagewire.measures.encoded import Filed, from_json
from triagewire.measures.measure import Figure, Measure
from triagewire.measures.report import Cell, MemberLoad, Report, Trust
from triagewire.trends.finding import Finding

HEADLINES: tuple[HeadlineView, ...] = (
    {
        "measure": "first_response",
        "per_day": False,
        "targets": ["first_response_clinical", "first_response_administrative"],
    },
    {"measure": "triage_hours", "per_day": True, "targets": ["triage_hours_per_hundred"]},
    {"measure": "misroutes", "per_day": False, "targets": ["misroutes"]},
    {"measure": "satisfaction", "per_day": False, "targets": ["satisfaction"]},
    {"measure": "clinical_admin_hours", "per_day": True, "targets": []},
)
"""The five that say whether the desk pays, with the targets that they are held to."""


def reports_view(
    listed: Listed, site: str, kind: Each, now: datetime, *, group: bool
) -> ReportsView:
    """A page of the list of reports."""
    return {
        "site": site,
        "kind": kind,
        "at": now.isoformat(),
        "reports": [{"name": name, "files": [*files]} for name, files in listed.reports.items()],
        "older": listed.older,
        "group": group,
    }


def report_file_view(
    body: bytes, wanted: Named, files: Sequence[FileFormat], now: datetime
) -> ReportFileView:
    """A report of its file. Raises RefusedError for one that another version wrote."""
    filed = _filed(body)
    return {
        "site": wanted.site,
        "kind": wanted.kind,
        "name": wanted.name,
        "at": now.isoformat(),
        "files": [*files],
        "report": _report(filed.report, filed.before),
        "findings": [_finding(each) for each in filed.findings],
        "measures": [_measure(each) for each in MEASURES],
        "headlines": [*HEADLINES],
    }


def _filed(body: bytes) -> Filed[Finding]:
    try:
        return from_json(body, Finding)
    except InvalidFieldError:
        why = "another version wrote this report: `triagewire measures` shows the same figures"
        raise RefusedError(409, why) from None


def _report(report: Report, before: Report | None) -> ReportView:
    then = before.cell() if before else None
    return {
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "made_at": report.made_at.isoformat(),
        "trust": _trust(report.trust),
        "cells": [_cell(each) for each in report.cells],
        "before": None if then is None else _figures(then.figures),
        "days": {day: _figures(figures) for day, figures in report.days.items()},
        "members": [_member(each) for each in report.members],
        "ages": in_order(report.ages),
        "left_out": {**report.left_out},
        "odd": {**report.odd},
    }


def _trust(trust: Trust) -> TrustView:
    return {
        "whole": trust.whole,
        "until": trust.until.isoformat() if trust.until else None,
        "checkpoint": trust.checkpoint,
        "faults": [*trust.faults],
        "waiting": trust.waiting,
    }


def _cell(cell: Cell) -> CellView:
    return {"by": cell.by.value, "of": cell.of, "figures": _figures(cell.figures)}


def _figures(figures: Mapping[str, Figure]) -> dict[str, FigureView]:
    return {
        name: {"n": found.n, "value": found.value, "p90": found.p90}
        for name, found in figures.items()
        if found.n
    }


def _member(load: MemberLoad) -> MemberLoadView:
    return {
        "member": load.member,
        "site": load.site,
        "teams": [*load.teams],
        "touches": load.touches,
        "minutes": load.minutes,
        "resolved": load.resolved,
        "handed_on": load.handed_on,
        "hand_backs": load.hand_backs,
        "open": load.open,
    }


def _measure(measure: Measure) -> MeasureView:
    return {
        "id": measure.id,
        "theme": measure.theme.value,
        "name": measure.name,
        "unit": measure.unit.value,
        "kind": measure.kind.value,
        "better": measure.better.value,
        "target": measure.target,
        "formula": measure.formula,
        "excluded": measure.excluded,
        "estimate": measure.estimate,
        "compare": measure.compare,
    }


def _finding(finding: Finding) -> FindingView:
    """A finding, and its draft, by the names of their fields."""
    plain: Any = msgspec.to_builtins(finding)
    return cast("FindingView", plain)
