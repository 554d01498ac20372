"""The words about a report that leads get: figures, titles of findings and a link, and nobody's
name.
"""

from collections.abc import Iterator
from typing import Protocol

from triagewire.measures.catalogue import BY_ID
from triagewire.measures.due import Due, Each
from triagewire.measures.report import Report, Trust
from triagewire.measures.wording import change_told, moment_told, p90_told, period_told, value_told
from triagewire.trends.finding import Finding, Standing

FIGURES = ("received", "first_response", "response_promises", "misroutes", "satisfaction")
"""What is told in words; the others are a look away."""
MOST_FINDINGS = 5
MOST_LETTERS = 160
"""Of the title of a finding."""


class Told(Protocol):
    """What the file of a report holds."""

    @property
    def report(self) -> Report:
        """The report."""

    @property
    def before(self) -> Report | None:
        """That of as many days before it."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a trend review found."""


def word_of(what: Due, filed: Told, site_name: str, desk_url: str) -> str:
    """The text of the message about a report of a site."""
    return "\n".join(
        [
            trust_told(filed.report.trust),
            f"{_title(what)} of {site_name}, {period_told(what.period)}",
            "",
            *_figures(filed),
            *_findings(what, filed.findings),
            "",
            f"{desk_url.rstrip('/')}/console#/measures/{what.site}",
        ]
    )


def trust_told(trust: Trust) -> str:
    """Whether the ledger behind a report verifies, and how far."""
    if not trust.whole:
        return (
            f"THE LEDGER DOES NOT VERIFY: {len(trust.faults)} faults. What they concern is not "
            "counted here; run triagewire ledger verify"
        )
    if trust.until is None:
        return "Nothing of the ledger is signed for yet"
    return f"The ledger verifies until {moment_told(trust.until)}"


def _title(what: Due) -> str:
    return "Daily report" if what.each is Each.DAILY else "Trend review of the week"


def _figures(filed: Told) -> Iterator[str]:
    now = filed.report.cell()
    before = filed.before.cell() if filed.before else None
    for measure in (BY_ID[each] for each in FIGURES):
        if now is not None:
            figure = now.figures[measure.id]
            was = before.figures.get(measure.id) if before else None
            changed = change_told(measure, figure, was) if was is not None else ""
            told = value_told(figure.value, measure.unit) + (f" ({changed})" if changed else "")
            parts = (told, _ninety(p90_told(measure, figure)))
            yield f"{measure.name}: {', '.join(each for each in parts if each)}"


def _ninety(told: str) -> str:
    return f"nine in ten within {told}" if told else ""


def _findings(what: Due, found: tuple[Finding, ...]) -> Iterator[str]:
    """What there is to look at now: nobody can do anything about what is gone."""
    if what.each is Each.DAILY:
        return
    findings = [each for each in found if each.standing is not Standing.GONE]
    yield ""
    yield "What to look at:" if findings else "Nothing stands out."
    yield from (f"- {each.title[:MOST_LETTERS]}" for each in findings[:MOST_FINDINGS])
    if len(findings) > MOST_FINDINGS:
        yield f"- and {len(findings) - MOST_FINDINGS} more"
