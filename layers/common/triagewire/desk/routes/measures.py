"""Reports of measures and trend reviews, as functions/review leaves them, for who oversees."""

from triagewire.desk.api import Call, Plain, Route
from triagewire.desk.measures_shapes import ReportFileView, ReportsView
from triagewire.desk.requests import Asked
from triagewire.flow import reading_reports as reports
from triagewire.flow.reading_reports import Box, FileFormat, Named
from triagewire.measures.due import GROUP, Each
from triagewire.settings import settings

MEDIA_TYPES = {
    FileFormat.HTML: "text/html; charset=utf-8",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.PDF: "application/pdf",
}


class ReportsPage(Asked):
    """Which reports: of a `kind`, and those that end `before` a name, by default the newest."""

    kind: Each = Each.WEEKLY
    before: str = ""


class FileAsked(Asked):
    """As what the report is wanted."""

    format: FileFormat


def show_reports(call: Call) -> ReportsView:
    """List the reports of a site, the newest first: a season of days or a year of weeks a page.

    The site `_group` stands for all sites together, for who sees all teams of each. A page may be
    empty while `older` says that there are others.
    """
    from triagewire.desk.measures_views import reports_view  # noqa: PLC0415  seldom asked

    site, asked = call.path["site"], call.asked(ReportsPage)
    listed = reports.reports_of(
        call.context, call.principal, _box(), asked.kind, site, asked.before
    )
    group = reports.oversees(call.principal, GROUP)
    return reports_view(listed, site, asked.kind, call.context.now, group=group)


def show_report(call: Call) -> ReportFileView:
    """Show the measures of a day or a week, and what the trend review of the week found.

    It holds ids, codes, numbers and words of the policy, and nothing that a requester wrote.
    """
    from triagewire.desk.measures_views import report_file_view  # noqa: PLC0415  seldom asked

    wanted, box = _wanted(call), _box()
    body = reports.read_report(call.principal, box, wanted)
    files = reports.files_of(box, wanted)
    return report_file_view(body, wanted, files, call.context.now)


def take_report(call: Call) -> Plain:
    """Take the report of a day or a week as a file; the ledger has who took which."""
    form, wanted = call.asked(FileAsked).format, _wanted(call)
    body = reports.take_file(call.context, call.principal, _box(), wanted, form)
    name = f"{wanted.site.lstrip('_')}-{wanted.kind}-{wanted.name}.{form}"
    return Plain(MEDIA_TYPES[form], body, name)


def _wanted(call: Call) -> Named:
    return reports.named(call.path["site"], call.path["kind"], call.path["name"])


def _box() -> Box:
    from triagewire import aws  # noqa: PLC0415  seldom asked
    from triagewire.reports import ReportBox  # noqa: PLC0415

    return ReportBox(aws.s3(), settings().reports_bucket)


BELOW = "/desk/sites/{site}/reports"
ROUTES = (
    Route("GET", BELOW, show_reports, asks=ReportsPage, gives=ReportsView),
    Route("GET", f"{BELOW}/{{kind}}/{{name}}", show_report, gives=ReportFileView, refuses=(409,)),
    Route(
        "GET",
        f"{BELOW}/{{kind}}/{{name}}/file",
        take_report,
        asks=FileAsked,
        files=("text/html", "text/csv", "application/pdf"),
        refuses=(409,),
    ),
)
