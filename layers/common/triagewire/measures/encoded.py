"""Reports as files of JSON: what functions/review writes, and the console and programs read.

`{"version": 1, "report": …, "before": …, "findings": […]}`; a figure is `[n, value, p90]`. The same
reports are always the same bytes.
"""

from dataclasses import dataclass

import msgspec

from triagewire.errors import InvalidFieldError
from triagewire.measures.report import Report

VERSION = 1
"""Of the form of these files: one of another version is not read."""
MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed[Finding]:
    """What one file holds: a report, that of as many days before it, and the findings of a trend
    review; a daily report has none.
    """

    version: int = VERSION
    report: Report
    before: Report | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Versioned:
    version: int


def to_json[Finding](filed: Filed[Finding]) -> bytes:
    """The file of reports."""
    return msgspec.json.encode(filed, order="deterministic") + b"\n"


def from_json[Finding](body: bytes, finding: type[Finding]) -> Filed[Finding]:
    """What `to_json` wrote, with findings of a type (`dict` takes any). Raises InvalidFieldError
    for a file of another version and for what is no such file.
    """
    try:
        version = msgspec.json.decode(body, type=_Versioned).version
        if version != VERSION:
            raise InvalidFieldError(
                "version", f"is not {VERSION}: another version of Triagewire wrote the file"
            )
        return msgspec.json.decode(body, type=Filed[finding])  # type: ignore[valid-type]
    except msgspec.MsgspecError:
        raise InvalidFieldError("file", "is no file of reports") from None
