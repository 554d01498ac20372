"""What reports look like as a file: self-contained, printable, without any script or formula."""

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape

STYLE = """
@page { size: A4 landscape; margin: 14mm 12mm 16mm;
  @bottom-left { content: "Triagewire ledger"; font: 8pt sans-serif; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
body { font: 10pt/1.4 system-ui, sans-serif; color: #111; background: #fff; margin: 2rem auto;
  max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #bbb; padding: .25rem .5rem; text-align: left;
  vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 2rem; } td:first-child { white-space: nowrap; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th { background: #eee; } .number { text-align: right; white-space: nowrap; }
.time { white-space: nowrap; } small { color: #444; }
.bad { border: 3px solid #a00; padding: .5rem 1rem; } .good { border: 1px solid #070;
  padding: .5rem 1rem; }
@media print { body { margin: 0; max-width: none; padding: 0; } .story { break-before: page; } }
"""
HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
)
FOOT = "</body>\n</html>\n"
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a formula may begin with (OWASP, CSV injection), full-width forms too."""


def head(title: str) -> str:
    """The beginning of a page."""
    return HEAD.format(title=safe(title), style=STYLE)


def safe(value: object) -> str:
    """Anything as text of a page: no markup, and nothing that turns the direction of letters or
    that cannot be seen.
    """
    return escape("\n".join(map(harmless, str(value).split("\n"))), quote=True)


def harmless(text: str) -> str:
    """A line of text that cannot steer a terminal nor hide anything in a page."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def cell(value: object) -> str:
    """A value as a spreadsheet shows it and does not compute it."""
    if isinstance(value, datetime):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    """A table of cells that are markup already, in pieces: it may be long."""
    named = "".join(f'<th scope="col">{safe(each)}</th>' for each in heading)
    yield f"<table>\n<thead><tr>{named}</tr></thead>\n<tbody>\n"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n"
    yield "</tbody>\n</table>\n"


def facts(pairs: Iterable[tuple[str, object]]) -> Iterable[str]:
    """What is to know first, as name and value."""
    yield "<table>\n<tbody>\n"
    for name, value in pairs:
        yield f'<tr><th scope="row">{safe(name)}</th><td>{safe(value)}</td></tr>\n'
    yield "</tbody>\n</table>\n"
