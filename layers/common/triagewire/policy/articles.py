"""Articles as Markdown files: `articles/<id>.<language>.md` of a policy folder for all its sites,
`sites/<site>/articles/<id>.<language>.md` for one. A site's own article takes the place of the
group's of that id in every language: half of it would be somebody else's hours.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triagewire.errors import PolicyError
from triagewire.policy.document import Document, Place, parsed
from triagewire.replies.markdown import problems as unshowable

FOLDER = "articles"
MOST_BYTES = 20_000
MOST_TITLE_CHARACTERS = 150
ENGLISH = "en"
ALIKE = ("topics", "valid_from", "valid_until", "enabled")
"""What the languages of an article must agree on."""
KEYS = ("title", "any_of", *ALIKE)

_NAME = re.compile(r"(?P<id>[a-z0-9][a-z0-9_-]{0,63})\.(?P<language>[a-z]{2,3})\.md")
_LIKE_ONE = re.compile(r".+\.[A-Za-z]{2,3}\.(?:md|markdown)", re.IGNORECASE)
_MARK = "---"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One file: one article in one language."""

    shown_as: str
    id: str
    language: str
    front: Document
    text: str
    text_line: int


@dataclass(slots=True)
class _Book:
    """The articles of a folder as they are put together."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[Place, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def articles_in(folder: Path, shown_as: str) -> Document:
    """The articles of a folder by their id, as `replies.articles` holds them. Raises PolicyError
    naming file and line of everything wrong.
    """
    book = _Book()
    pages: dict[str, list[_Page]] = {}
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        try:
            page = _page(path, f"{shown_as}/{path.name}")
        except PolicyError as error:
            book.problems += error.problems
        else:
            pages.setdefault(page.id, []).append(page)
    for article_id, languages in pages.items():
        _bind(article_id, languages, book)
    if book.problems:
        raise PolicyError(tuple(book.problems))
    return Document(data=book.data, origins=book.origins)


def with_own(shared: Document, own: Document) -> Document:
    """The group's articles, each replaced where the site has its own."""
    origins = {place: at for place, at in shared.origins.items() if place[0] not in own.data}
    return Document(data={**shared.data, **own.data}, origins={**origins, **own.origins})


def stray_articles(directory: Path) -> Iterator[str]:
    """Files that look like articles, or lie among them, and would not be read."""
    sites = {path.stem for path in (directory / "sites").glob("*.yaml")}
    folders = {directory / FOLDER, *(directory / "sites" / site / FOLDER for site in sites)}
    for path in sorted(directory.rglob("*")):
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(directory).parts):
            continue
        among = any(folder in path.parents for folder in folders)
        read = path.parent in folders and _NAME.fullmatch(path.name) is not None
        if not read and (among or FOLDER in path.parts[-2:-1] or _LIKE_ONE.fullmatch(path.name)):
            told = "is not read: name it articles/<id>.<language>.md, or sites/<site>/articles/…"
            yield f"{directory.name}/{path.relative_to(directory)}:1: {told}"


def refuse_written(document: Document, place: Place) -> None:
    """Refuse articles that stand in YAML, as they did before. Raises PolicyError."""
    found: Any = document.data
    for name in place:
        found = found.get(name) if isinstance(found, Mapping) else None
    if found is not None:
        told = "articles are Markdown files: write each as articles/<id>.<language>.md"
        raise PolicyError((f"{document.origin(place)}: {'.'.join(map(str, place))}: {told}",))


def _page(path: Path, shown_as: str) -> _Page:
    name = _NAME.fullmatch(path.name)
    if name is None:
        raise PolicyError((f"{shown_as}:1: is not read: name it <id>.<language>.md",))
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise PolicyError((f"{shown_as}:1: is longer than {MOST_BYTES} bytes",))
    try:
        lines = raw.decode("utf-8").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        raise PolicyError((f"{shown_as}:1: is not UTF-8 text",)) from None
    if lines[0].rstrip() != _MARK or _MARK not in [line.rstrip() for line in lines[1:]]:
        raise PolicyError((f"{shown_as}:1: must begin with its fields between two lines of ---",))
    end = [line.rstrip() for line in lines[1:]].index(_MARK) + 1
    # The empty line stands for the first mark, so that the lines of mistakes are those of the file.
    front = parsed("\n".join(["", *lines[1:end]]), shown_as)
    return _Page(
        shown_as=shown_as,
        id=name["id"],
        language=name["language"],
        front=front,
        text="\n".join(lines[end + 1 :]).strip("\n"),
        text_line=_first_written(lines, end + 1),
    )


def _first_written(lines: list[str], start: int) -> int:
    """The number from 1 of the first line with words after `start`."""
    return next((at + 1 for at in range(start, len(lines)) if lines[at].strip()), start + 1)


def _bind(article_id: str, pages: list[_Page], book: _Book) -> None:
    """Put the languages of one article together."""
    first = next((page for page in pages if page.language == ENGLISH), None)
    if first is None:
        told = f"has no {article_id}.{ENGLISH}.md beside it, in which everybody is answered who "
        book.problems.append(f"{pages[0].shown_as}:1: {told}asks in another language")
        return
    alike = {name: first.front.data[name] for name in ALIKE if name in first.front.data}
    book.data[article_id] = {**alike, "title": {}, "text": {}, "any_of": []}
    book.origins[(article_id,)] = f"{first.shown_as}:1"
    for place, origin in first.front.origins.items():
        if place and place[0] in ALIKE:
            book.origins[(article_id, *place)] = origin
    for page in pages:
        book.problems += _page_problems(page, first)
        _add(page, book)


def _add(page: _Page, book: _Book) -> None:
    article, front = book.data[page.id], page.front.data
    article["title"][page.language] = front.get("title", "")
    article["text"][page.language] = page.text
    words = front.get("any_of") or []
    for number, word in enumerate(words if isinstance(words, list) else []):
        place = (page.id, "any_of", len(article["any_of"]))
        book.origins[place] = page.front.origin(("any_of", number))
        article["any_of"].append(word)
    book.origins[(page.id, "title", page.language)] = page.front.origin(("title",))
    book.origins[(page.id, "text", page.language)] = f"{page.shown_as}:{page.text_line}"


def _page_problems(page: _Page, first: _Page) -> Iterator[str]:
    for name, problem in _field_problems(page.front.data):
        yield f"{page.front.origin((name,))}: {name}: {problem}"
    for name in ALIKE:
        if page.front.data.get(name) != first.front.data.get(name):
            yield f"{page.front.origin((name,))}: {name}: must be the same as in {first.shown_as}"
    if not page.text.strip():
        yield f"{page.shown_as}:{page.text_line}: has no text below its fields"
    for number, problem in unshowable(page.text):
        yield f"{page.shown_as}:{page.text_line + number}: {problem}"


def _field_problems(front: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the fields of one page, beside what their types say."""
    for name in front:
        if name not in KEYS:
            yield name, f"is none of {', '.join(KEYS)}"
    title = front.get("title")
    if not isinstance(title, str) or not title.strip():
        yield "title", "is missing"
    elif len(title) > MOST_TITLE_CHARACTERS or "\n" in title:
        yield "title", f"must be one line of at most {MOST_TITLE_CHARACTERS} characters"
    if not isinstance(front.get("any_of", []), list):
        yield "any_of", "must be a list, as in [ first, second ]"
