"""The files of a report, as they stand in the bucket of reports: by the end of their name."""

from triagewire.measures import encoded, page, pdf, sheet
from triagewire.measures.encoded import Filed, to_json
from triagewire.measures.outline import outline, titled
from triagewire.measures.page import page_of
from triagewire.measures.pdf import pdf_of
from triagewire.measures.sheet import sheet_of
from triagewire.trends.finding import Finding

MEDIA_TYPES = {
    "json": encoded.MEDIA_TYPE,
    "html": page.MEDIA_TYPE,
    "csv": sheet.MEDIA_TYPE,
    "pdf": pdf.MEDIA_TYPE,
}
"""What each form is, for who fetches it."""


def files_of(name: str, filed: Filed[Finding]) -> dict[str, bytes]:
    """A report in every form, by the end of its name. `name` says what it is, as in `Daily report`;
    site and period are added. Longer ones than of a day are trend reviews, and say what was found.
    """
    title = titled(name, filed.report)
    blocks = [*outline(title, filed, reviewed=filed.report.period.days > 1)]
    return {
        "json": to_json(filed),
        "html": page_of(title, blocks).encode(),
        "csv": sheet_of(filed.report, filed.before).encode(),
        "pdf": pdf_of(title, blocks, filed.report.made_at),
    }
