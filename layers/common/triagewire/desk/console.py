"""The console of staff: a page, its modules and words. They hold nothing of anybody, so they need
no session; what the page shows it asks of the desk API, as whoever signed in.
"""

import json
from urllib.parse import urlsplit

from triagewire.desk.console_files import PAGE, ConsoleFile, console_files
from triagewire.desk.visits import Link, Shown, Visit

CONFIG = "config.json"
REVALIDATED = "no-cache"
"""Kept by the browser, and asked for again at every use: a deployment holds from the next load."""
FOR_GOOD = "public, max-age=31536000, immutable"
"""What has its version in its name."""


def show_console(visit: Visit) -> Shown:
    """The page."""
    return _shown(console_files()[PAGE], visit, {"Content-Security-Policy": policy_of_page(visit)})


def load_console(visit: Visit) -> Shown:
    """One of its files, or where to sign in; anything else does not exist."""
    name = visit.path["file"]
    if name == CONFIG:
        return _config(visit)
    found = console_files().get(name) if name != PAGE else None
    if found is None:
        words = json.dumps({"error": "not_found", "message": "there is no such file"})
        return Shown(status=404, media_type="application/json", text=words)
    return _shown(found, visit, {})


def policy_of_page(visit: Visit) -> str:
    """What the page may do: run and show its own files, and talk to the desk and to the sign-in
    page. A script that got into it by any way would not run, and could tell nobody anything.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src 'self' {sign_in_origin(visit)}".rstrip(),
            "img-src 'self' data:",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def sign_in_origin(visit: Visit) -> str:
    """Scheme and host of the sign-in page; empty where there is none."""
    address = urlsplit(visit.stage.get("SignInUrl", ""))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


def _config(visit: Visit) -> Shown:
    """Where to sign in: the deployment's, so it is not kept by anybody."""
    stage = visit.stage
    said = {"sign_in_url": stage.get("SignInUrl", ""), "client_id": stage.get("SignInClient", "")}
    kept = {"Cache-Control": "no-store"}
    return Shown(media_type="application/json", text=json.dumps(said), headers=kept)


def _shown(file: ConsoleFile, visit: Visit, more: dict[str, str]) -> Shown:
    kept = FOR_GOOD if file.lasting else REVALIDATED
    headers = {"Cache-Control": kept, "ETag": file.tag, **more}
    if file.tag in _known(visit):
        return Shown(status=304, media_type=file.media_type, headers=headers)
    return Shown(media_type=file.media_type, text=file.text, headers=headers)


def _known(visit: Visit) -> set[str]:
    """The tags that the browser has. A proxy that packs an answer may have made one weak."""
    asked = {name.lower(): value for name, value in visit.headers.items()}
    tags = asked.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in tags}


LINKS = (
    Link("GET", "/console", show_console),
    Link("GET", "/console/{file}", load_console),
)
