"""The files of the console: a fixed list, read once, and nothing else is ever served."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "console"
PAGE = "index.html"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_IMPORTED = re.compile(r"^(?:import|export)\b[^;]*?\bfrom \"\./([\w-]+\.js)\";", re.MULTILINE)
_MODULES = "<!-- modules -->"


@dataclass(frozen=True, slots=True)
class ConsoleFile:
    """One file as it is served. `tag` is a strong ETag: it changes with every byte."""

    media_type: str
    text: str
    tag: str


@cache
def console_files() -> dict[str, ConsoleFile]:
    """All files by name. The page is in it too, under `PAGE`."""
    paths = sorted(each for each in FOLDER.iterdir() if each.suffix in MEDIA_TYPES)
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    links = "\n    ".join(
        f'<link rel="modulepreload" href="console/{name}">' for name in needed_at_once(texts)
    )
    texts[PAGE] = texts[PAGE].replace(_MODULES, links)
    return {name: _served(name, text) for name, text in texts.items()}


def needed_at_once(texts: dict[str, str]) -> list[str]:
    """The modules that the first one needs before it can run, nearest first: the browser asks for
    all of them together instead of finding them one after the other.
    """
    found = ["app.js"]
    for name in found:
        found.extend(each for each in _IMPORTED.findall(texts[name]) if each not in found)
    return found


def _served(name: str, text: str) -> ConsoleFile:
    digest = hashlib.sha256(text.encode()).digest()
    tag = f'"{base64.urlsafe_b64encode(digest[:18]).decode()}"'
    return ConsoleFile(MEDIA_TYPES[Path(name).suffix], text, tag)
