"""`triagewire roi`: what the desk is worth, beside what the group measured before."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from ops.measured import Measured, add_options, measured, period_of
from ops.measures import put_out
from ops.text_blocks import lines_of
from triagewire.errors import InvalidFieldError
from triagewire.measures.page import page_of
from triagewire.measures.period import Period
from triagewire.measures.report import Report
from triagewire.measures.roi import Roi, open_days, roi_of, together
from triagewire.measures.roi_told import roi_blocks, roi_data
from triagewire.measures.wording import period_told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_options(parser)
    forms = ["table", "json", "html"]
    parser.add_argument("--format", default="table", choices=forms, help="what as")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a file that is not there")


def run(args: argparse.Namespace) -> int:
    """0; 1 where the ledger does not verify."""
    period = period_of(args)
    found = measured(args, period)
    known = sorted(found.policy.sites)
    if args.site and args.site not in known:
        raise InvalidFieldError("--site", f"is none of {', '.join(known)}")
    report = found.report(period, args.site)
    worth = [*_worth(found, report, args.site)]
    put_out(_written(args.format, report, worth, period), args.out)
    return int(not report.trust.whole)


def _worth(found: Measured, report: Report, site: str) -> Iterator[Roi]:
    """Of one site; or of all together, and of each that the policy has."""
    if site:
        yield _of_site(found, report, site)
        return
    sites = tuple(
        _of_site(found, found.report(report.period, each), each)
        for each in sorted(found.policy.sites)
    )
    yield together(report, sites)
    yield from sites


def _of_site(found: Measured, report: Report, site: str) -> Roi:
    told = found.policy.sites[site].measures
    calendar = found.around.calendar(site, 0)
    days = open_days(calendar, report.period, found.since.get(site), report.trust.until)
    return roi_of(report, told, days)


def _written(form: str, report: Report, worth: list[Roi], period: Period) -> bytes:
    if form == "json":
        return (json.dumps(roi_data(report, worth), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "html":
        title = f"What the desk is worth, {period_told(period)}"
        return page_of(title, roi_blocks(report, worth)).encode()
    return ("\n".join(lines_of(roi_blocks(report, worth))) + "\n").encode()
