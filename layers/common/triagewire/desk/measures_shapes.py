"""What the desk answers about measures: the shapes of reports and of what a trend review finds."""

from typing import Annotated, Literal, TypedDict

from pydantic import Field

from triagewire.desk.shapes import Count, When
from triagewire.flow.reading_reports import FileFormat
from triagewire.measures.due import Each

type Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
type Ratio = Annotated[float, Field(ge=0, le=1)]


class ReportLine(TypedDict):
    """A report that there is, by its name (`2026-03-02`, `2026-W10`), and what files it has."""

    name: str
    files: list[FileFormat]


class ReportsView(TypedDict):
    """The reports of a site, the newest first; `older` is the `before` of the next page, null on
    the last one. `group` says whether the caller may see those of all sites together.
    """

    site: str
    kind: Each
    at: When
    reports: list[ReportLine]
    older: str | None
    group: bool


class FigureView(TypedDict):
    """A measure of `n` samples: their median, share, mean or sum, and of a spread the 90th
    percentile.
    """

    n: Count
    value: float | None
    p90: float | None


class CellView(TypedDict):
    """The figures of one value (`of`) of a dimension (`by`), by the id of the measure; one that has
    no sample is left out.
    """

    by: str
    of: str
    figures: dict[str, FigureView]


class MemberLoadView(TypedDict):
    """What a member did in the period, and holds at its end."""

    member: str
    site: str
    teams: list[str]
    touches: Count
    minutes: Annotated[float, Field(ge=0)]
    resolved: Count
    handed_on: Count
    hand_backs: Count
    open: Count


class TrustView(TypedDict):
    """How far the ledger behind a report can be trusted: it is `whole` or has `faults`."""

    whole: bool
    until: When | None
    checkpoint: int
    faults: list[str]
    waiting: Count


class ReportView(TypedDict):
    """The measures of a period; `before` is the same of as many days before it, by the id of the
    measure, null where nobody made them.
    """

    first: Day
    last: Day
    made_at: When
    trust: TrustView
    cells: list[CellView]
    before: dict[str, FigureView] | None
    days: dict[str, dict[str, FigureView]]
    members: list[MemberLoadView]
    ages: dict[str, Count]
    left_out: dict[str, Count]
    odd: dict[str, Count]


class MeasureView(TypedDict):
    """What a measure is: its words in English, and its `target` in its unit. An `estimate` says
    what it assumes.
    """

    id: str
    theme: str
    name: str
    unit: str
    kind: str
    better: str
    target: float | None
    formula: str
    excluded: str
    estimate: str
    compare: str


class HeadlineView(TypedDict):
    """A measure that stands first, `per_day` by its part of a day, and the `targets` below it."""

    measure: str
    per_day: bool
    targets: list[str]


class DraftView(TypedDict):
    """A change of the policy: `text` extends `place` of `file`."""

    file: str
    place: str
    name: str
    text: str
    right: Count
    wrong: Count
    by_hand: bool


class FindingView(TypedDict):
    """A line of a trend review; `words` are of the policy's own rules."""

    id: str
    kind: str
    site: str
    title: str
    weight: float
    n: Count
    of: Count
    sure: Ratio
    standing: Literal["new", "again", "gone"]
    told: list[str]
    tickets: list[str]
    rules: list[str]
    words: list[str]
    suggestion: str
    draft: DraftView | None


class ReportFileView(TypedDict):
    """A report with what it needs to be read: the `measures` in their order, those that stand first
    (`headlines`), and the findings of a week, the gravest first.
    """

    site: str
    kind: Each
    name: str
    at: When
    files: list[FileFormat]
    report: ReportView
    findings: list[FindingView]
    measures: list[MeasureView]
    headlines: list[HeadlineView]
