"""A report as comma-separated values (RFC 4180): every figure of every cell, a line each.

The first line under the heading says whether the ledger verifies. No cell is taken for a formula.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from triagewire.ledger.paper import cell, harmless
from triagewire.measures.catalogue import BY_ID
from triagewire.measures.measure import Figure
from triagewire.measures.report import By, Report
from triagewire.measures.wording import met_told

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    *("first", "last", "site", "by", "of", "measure", "name", "unit", "kind"),
    *("n", "value", "p90", "before_n", "before_value", "before_p90", "target", "kept"),
)
NO_FIGURE = Figure(0, None)


def sheet_of(report: Report, before: Report | None = None) -> str:
    """The lines of a report with those of the period before it beside them: `by` is what figures
    are told apart by, or `ledger`, `left_out`, `day`, `age` and `member`; values are in `unit`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    around = (report.period.first.isoformat(), report.period.last.isoformat(), report.site)
    for row in _rows(report, before):
        filled = (*around, *row, *("",) * (len(COLUMNS) - len(around) - len(row)))
        writer.writerow([harmless(cell(_plain(value))) for value in filled])
    return out.getvalue()


def _rows(report: Report, before: Report | None) -> Iterator[tuple[object, ...]]:
    signed = "verifies" if report.trust.until else "not signed yet"
    verifies = signed if report.trust.whole else "does not verify"
    yield "ledger", verifies, "", "; ".join(report.trust.faults)
    for each in report.cells:
        earlier = before.cell(each.by, each.of) if before else None
        yield from _figures(each.by, each.of, each.figures, earlier.figures if earlier else {})
    for day, figures in report.days.items():
        yield from _figures("day", day, figures, {})
    for name, tickets in report.ages.items():
        yield "age", name, "open", "", "tickets", "sum", tickets, tickets
    for member in report.members:
        for name, value in asdict(member).items():
            if isinstance(value, int | float):
                yield "member", member.member, name, "", "", "sum", "", value
    for why, tickets in report.left_out.items():
        yield "left_out", why, "", "", "tickets", "sum", tickets, tickets


def _figures(
    by: By | str, of: str, now: Mapping[str, Figure], before: Mapping[str, Figure]
) -> Iterator[tuple[object, ...]]:
    for id_, figure in now.items():
        measure = BY_ID.get(id_)
        if measure is None:
            continue
        told = (str(by), of, id_, measure.name, measure.unit.value, measure.kind.value)
        earlier = before.get(id_, NO_FIGURE)
        yield (*told, *figure, *earlier, measure.target, met_told(measure, figure))


def _plain(value: object) -> object:
    """A number as it is read back, without the noise of binary fractions."""
    return repr(round(value, 6)) if isinstance(value, float) else value
