"""The files of the console: a fixed list, read once, and nothing else is ever served.

Each is there under its own name, and under one with the version of all of them in it, by which the
page asks: such an answer never changes, so a browser keeps it and asks once a deployment.
"""

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
_NAMED = re.compile(r"(?<=\"\./)([\w-]+\.js)(?=\")")
_LINKED = re.compile(r"(?<=\"console/)([\w-]+\.\w+)(?=\")")
_MODULES = "<!-- modules -->"


@dataclass(frozen=True, slots=True)
class ConsoleFile:
    """One file as it is served. `tag` is a strong ETag: it changes with every byte. A `lasting` one
    never changes under its name.
    """

    media_type: str
    text: str
    tag: str
    lasting: bool = False


@cache
def console_files() -> dict[str, ConsoleFile]:
    """All files by name. The page is in it too, under `PAGE`."""
    paths = sorted(each for each in FOLDER.iterdir() if each.suffix in MEDIA_TYPES)
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    version = _version(texts)
    page = texts.pop(PAGE).replace(_MODULES, _preloads(texts))
    files = {name: _served(name, text) for name, text in texts.items()}
    for name, text in texts.items():
        named = _versioned(name, version)
        files[named] = _served(named, _by_version(_NAMED, text, version), lasting=True)
    return {**files, PAGE: _served(PAGE, _by_version(_LINKED, page, version))}


def needed_at_once(texts: dict[str, str]) -> list[str]:
    """The modules that the first one needs before it can run, nearest first: the browser asks for
    all of them together instead of finding them one after the other.
    """
    found = ["app.js"]
    for name in found:
        found.extend(each for each in _IMPORTED.findall(texts[name]) if each not in found)
    return found


def _preloads(texts: dict[str, str]) -> str:
    links = (f'<link rel="modulepreload" href="console/{name}">' for name in needed_at_once(texts))
    return "\n    ".join(links)


def _by_version(named: re.Pattern[str], text: str, version: str) -> str:
    """A text that asks for other files by their version."""
    return named.sub(lambda found: _versioned(found[1], version), text)


def _versioned(name: str, version: str) -> str:
    stem, _dot, suffix = name.rpartition(".")
    return f"{stem}.{version}.{suffix}"


def _version(texts: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in texts.items():
        digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()[:12]


def _served(name: str, text: str, *, lasting: bool = False) -> ConsoleFile:
    digest = hashlib.sha256(text.encode()).digest()
    tag = f'"{base64.urlsafe_b64encode(digest[:18]).decode()}"'
    return ConsoleFile(MEDIA_TYPES[Path(name).suffix], text, tag, lasting)
