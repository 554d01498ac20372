"""`triagewire measures`: how the desk did in a period, from its signed ledger alone."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ops.measured import Measured, add_options, both_ways, measured, period_of
from ops.text_blocks import lines_of
from triagewire.errors import InvalidFieldError
from triagewire.measures.blocks import Block
from triagewire.measures.encoded import Filed, to_json
from triagewire.measures.outline import (
    about,
    ages_told,
    apart,
    figures_told,
    first_told,
    outline,
    people_told,
    titled,
)
from triagewire.measures.page import page_of
from triagewire.measures.pdf import pdf_of
from triagewire.measures.report import By, Report
from triagewire.measures.sheet import sheet_of
from triagewire.trends.finding import Finding

type Reports = Filed[Finding]

NAME = "Measures"
DIMENSIONS = [each.value for each in By if each is not By.ALL]
FEW = 5
"""So many differences are named; there are more where one thing is wrong."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_options(parser)
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        choices=DIMENSIONS,
        help="tell the main measures apart in the table, too; other forms have all of them",
    )
    parser.add_argument("--format", default="table", choices=["table", *FORMS], help="what as")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a file that is not there")
    parser.add_argument(
        "--recompute", action="store_true", help="read the whole ledger too, and compare"
    )


def run(args: argparse.Namespace) -> int:
    """0; 1 where the ledger does not verify, or two ways of counting differ."""
    period = period_of(args)
    if args.format == "pdf" and args.out is None:
        raise InvalidFieldError("--out", "is needed: no terminal shows a PDF")
    agree = True
    if args.recompute:
        kept, found = both_ways(args, period)
        agree = _agree(kept.report(period, args.site), found.report(period, args.site))
    else:
        found = measured(args, period)
    known_site(found, args.site)
    filed = Filed[Finding](
        report=found.report(period, args.site), before=found.report(period.before, args.site)
    )
    put_out(_written(args, filed), args.out)
    return int(not (agree and filed.report.trust.whole))


def known_site(found: Measured, site: str) -> None:
    """Raises InvalidFieldError for a site that no policy has had."""
    known = sorted(found.around.zones)
    if site and site not in known:
        raise InvalidFieldError("--site", f"is none of {', '.join(known)}")


def put_out(body: bytes, out: Path | None) -> None:
    """Print it, or write it to a new file that only its owner reads. Raises InvalidFieldError."""
    if out is None:
        sys.stdout.write(body.decode(errors="replace"))
        return
    try:
        out.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise InvalidFieldError("--out", "is there already: name a new file") from None
    except OSError:
        raise InvalidFieldError("--out", "cannot be written") from None
    out.write_bytes(body)


def _written(args: argparse.Namespace, filed: Reports) -> bytes:
    if args.format == "table":
        return ("\n".join(lines_of(_blocks(filed, args.by))) + "\n").encode()
    return FORMS[args.format](filed)


def _blocks(filed: Reports, apart_by: list[str]) -> Iterator[Block]:
    report, before = filed.report, filed.before
    yield from first_told(titled(NAME, report), report.trust)
    yield from about(report)
    yield from figures_told(report.cell(), before.cell() if before else None)
    for each in apart_by:
        yield from apart(report, By(each))
    yield from ages_told(report)
    yield from people_told(report.members)


def _page(filed: Reports) -> bytes:
    title = titled(NAME, filed.report)
    return page_of(title, outline(title, filed)).encode()


def _pdf(filed: Reports) -> bytes:
    title = titled(NAME, filed.report)
    return pdf_of(title, outline(title, filed), filed.report.made_at)


def _sheet(filed: Reports) -> bytes:
    return sheet_of(filed.report, filed.before).encode()


FORMS: Mapping[str, Callable[[Reports], bytes]] = {
    "json": to_json,
    "csv": _sheet,
    "html": _page,
    "pdf": _pdf,
}


def _agree(kept: Report, anew: Report) -> bool:
    """Whether both ways of counting say the same; told where standard output is not disturbed."""
    differ = [*_differences(kept, anew)]
    if not differ:
        print("Counted on and counted anew: both ways agree.", file=sys.stderr)
        return True
    more = f", and {len(differ) - FEW} more" if len(differ) > FEW else ""
    told = f"Counted on and counted anew differ in {', '.join(differ[:FEW])}{more}."
    print(f"{told} What is shown was counted anew.", file=sys.stderr)
    return False


def _differences(kept: Report, anew: Report) -> Iterator[str]:
    cells = {(each.by, each.of): each.figures for each in kept.cells}
    for each in anew.cells:
        figures = cells.pop((each.by, each.of), {})
        names = (id_ for id_, figure in each.figures.items() if figures.get(id_) != figure)
        yield from (" ".join(filter(None, (each.by.value, each.of, id_))) for id_ in names)
    yield from (f"{by.value} {of}" for by, of in cells)
    for name in ("members", "ages", "backlog", "left_out", "days"):
        if getattr(kept, name) != getattr(anew, name):
            yield name
