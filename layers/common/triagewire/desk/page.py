"""The frame of a page behind a link: short, without a script, and with nothing to load.

It is read on a telephone by somebody without a session; programs that try links for safety read it
too.
"""

import base64
import hashlib
from dataclasses import dataclass
from html import escape

STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;margin:0;color:#1b1f24;background:#fff}"
    "main{max-width:34rem;margin:0 auto;padding:1.25rem}"
    "h1{font-size:1.5rem;line-height:1.25}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:1rem 0}"
    "dt{color:#4b5563}dd{margin:0;overflow-wrap:anywhere}"
    "fieldset{border:0;margin:1rem 0;padding:0}legend,label{font-weight:700;padding:0}"
    "fieldset button{margin-top:.75rem;text-align:left;padding:0 1rem}"
    "textarea{font:inherit;box-sizing:border-box;width:100%;min-height:7rem;margin:.5rem 0;"
    "padding:.5rem;border:2px solid #4b5563;border-radius:.5rem}"
    "button{font:inherit;font-weight:700;width:100%;min-height:3.5rem;border:0;"
    "border-radius:.5rem;background:#0b5cad;color:#fff}"
    "aside{border-left:4px solid #b42318;margin:1.5rem 0 0;padding:.25rem 0 .25rem 1rem}"
    "button:focus-visible,a:focus-visible,textarea:focus-visible"
    "{outline:3px solid #f59e0b;outline-offset:2px}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PAGE_HEADERS = {
    "Content-Security-Policy": [
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ],
    "X-Robots-Tag": ["noindex, nofollow"],
}
"""Nothing is loaded, run or framed; the one style and the forms are this page's own."""


@dataclass(frozen=True, slots=True)
class Page:
    """The HTTP status and the HTML of an answer to a link."""

    status: int
    html: str


def framed(
    status: int, title: str, inner: str, *, of: str = "Triagewire", language: str = "en"
) -> Page:
    """A page with its heading. `inner` is HTML with its texts escaped; `of` is whose page it is."""
    return Page(
        status,
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(of)}: {escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{inner}</main></body></html>",
    )
