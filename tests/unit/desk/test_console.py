"""The console's files: what is served, to whom it may talk, and what its code must never do."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from tests.builders import MONDAY_MORNING
from triagewire.access import Principal
from triagewire.arrival import Channel
from triagewire.desk import console
from triagewire.desk.console_files import FOLDER, PAGE, console_files, needed_at_once
from triagewire.desk.links import LINKS
from triagewire.desk.me import me_view
from triagewire.desk.visits import Shown, Visit
from triagewire.flow.context import Context
from triagewire.ledger.event import Action
from triagewire.ledger.news import NO_NEWS
from triagewire.policy.model import Policy
from triagewire.ticket import Status

SIGN_IN = "https://desk.auth.us-east-1.amazoncognito.com"
STAGE = {"SignInUrl": SIGN_IN, "SignInClient": "web1"}
CODE = sorted(each for each in FOLDER.iterdir() if each.suffix == ".js")
PACKS = ("words", "more-words", "measure-words")
_PLACEHOLDER = re.compile(r"{(\w+)}")
_IMPORT = re.compile(r"""^import\b[^;"']*["']([^"']+)["']|\bimport\(["']?([^)"']+)""", re.MULTILINE)


def visit(file: str = "", **headers: str) -> Visit:
    """A request of a browser for a file."""

    def nowhere(actor: str) -> Context:
        raise AssertionError(f"{actor} needs nothing of the desk for a file")

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = {"file": file} if file else {}
    return Visit(path=path, now=MONDAY_MORNING, surroundings=nowhere, headers=named, stage=STAGE)


def unversioned(text: str) -> str:
    """A text or a name without the version of the files in it."""
    return re.sub(r"\.[0-9a-f]{12}(?=\.\w+)", "", text)


def page() -> Shown:
    """The page itself."""
    return console.show_console(visit())


class Elements(HTMLParser):
    """All elements of a page with their attributes, and the text within scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style"} and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def words(pack: str, language: str) -> dict[str, str | dict[str, str]]:
    """The words of one language, by key."""
    text = (FOLDER / f"{pack}.{language}.json").read_text(encoding="utf-8")
    found: dict[str, str | dict[str, str]] = json.loads(text, object_pairs_hook=once_each)
    return found


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON; a key that is there twice fails."""
    names = [name for name, _value in pairs]
    assert len(names) == len(set(names))
    return dict(pairs)


def forms(value: str | dict[str, str]) -> Iterator[str]:
    """Every form of a text that depends on a number."""
    yield from (value,) if isinstance(value, str) else value.values()


def test_the_console_is_served_without_signing_in() -> None:
    served = {(link.method, link.path) for link in LINKS}

    assert {("GET", "/console"), ("GET", "/console/{file}")} <= served


def test_the_page_may_talk_to_the_desk_and_to_the_sign_in_page_only() -> None:
    assert page().headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"connect-src 'self' {SIGN_IN}; img-src 'self' data:; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("app.js", "text/javascript; charset=utf-8"),
        ("app.css", "text/css; charset=utf-8"),
        ("words.es.json", "application/json"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_comes_as_what_it_is(name: str, media_type: str) -> None:
    shown = console.load_console(visit(name))

    assert (shown.status, shown.media_type) == (200, media_type)
    assert shown.text == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        *("index.html", "console.py", "app.jsx", "APP.JS", "app.js ", ".", "..", "%2e%2e"),
        *("../console.py", "..%2fconsole.py", "/etc/passwd", "app.js\0", "__pycache__", ""),
    ],
)
def test_nothing_that_is_not_on_the_list_is_served(name: str) -> None:
    asked = Visit(path={"file": name}, now=MONDAY_MORNING, surroundings=visit().surroundings)

    shown = console.load_console(asked)

    assert shown.status == 404
    assert json.loads(shown.text)["error"] == "not_found"


def test_a_browser_asks_again_and_is_told_that_it_has_the_file_already() -> None:
    first = console.load_console(visit("app.js"))

    again = console.load_console(visit("app.js", If_None_Match=f'"old", W/{first.headers["ETag"]}'))

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_file_that_has_changed_is_sent_whole() -> None:
    assert console.load_console(visit("app.js", if_none_match='"older"')).status == 200


def test_no_two_files_have_the_same_tag() -> None:
    tags = [file.tag for file in console_files().values() if not file.lasting]

    assert len(set(tags)) == len(tags)


def test_where_to_sign_in_is_said_by_the_deployment_and_kept_by_nobody() -> None:
    shown = console.load_console(visit("config.json"))

    assert json.loads(shown.text) == {"sign_in_url": SIGN_IN, "client_id": "web1"}
    assert shown.headers["Cache-Control"] == "no-store"


def test_what_the_first_view_needs_is_named_by_the_page_so_that_it_comes_at_once() -> None:
    elements = Elements(page().text).found
    named = [each["href"] for tag, each in elements if each.get("rel") == "modulepreload"]
    texts = {path.name: path.read_text(encoding="utf-8") for path in CODE}

    assert [unversioned(name or "") for name in named] == [
        f"console/{name}" for name in needed_at_once(texts)
    ]
    assert "queue.js" in needed_at_once(texts)


def test_a_file_that_has_its_version_in_its_name_is_kept_for_good() -> None:
    (named,) = [each for each in console_files() if re.fullmatch(r"app\.[0-9a-f]{12}\.js", each)]

    shown = console.load_console(visit(named))

    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert unversioned(shown.text) == console.load_console(visit("app.js")).text


def test_code_of_one_version_asks_for_code_of_the_same_version_only() -> None:
    for name, file in console_files().items():
        imported = [each for pair in _IMPORT.findall(file.text) for each in pair if each]
        if file.lasting and name.endswith(".js"):
            assert {each.removeprefix("./") in console_files() for each in imported} <= {True}
            assert all(re.search(r"\.[0-9a-f]{12}\.js$", each) for each in imported)


def test_a_version_that_is_gone_is_not_found() -> None:
    assert console.load_console(visit("app.0123456789ab.js")).status == 404


def test_the_page_finds_its_files_under_whatever_stage_it_is_served() -> None:
    elements = Elements(page().text).found
    addresses = [each.get("href") or each.get("src") for _tag, each in elements]

    files = [address for address in addresses if address]
    assert all(address.startswith("console/") for address in files)
    assert {address.removeprefix("console/") for address in files} <= set(console_files())
    assert "base" not in [tag for tag, _attributes in elements]


def test_the_page_has_no_script_and_no_style_of_its_own() -> None:
    read = Elements(page().text)

    assert read.inline == []
    assert not [name for _tag, each in read.found for name in each if name.startswith("on")]
    assert not [each for _tag, each in read.found if "style" in each]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_no_code_makes_markup_or_code_of_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    banned = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
        r"|DOMParser|setHTML|srcdoc|\beval\b|new Function|setAttribute\(\"(?:on|style)"
        r"|\.on[a-z]+\s*=[^=]|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:"
    )

    assert re.findall(banned, text) == []


def test_a_review_that_comes_to_a_page_that_nobody_works_at_keeps_nobody_signed_in() -> None:
    code = (FOLDER / "review.js").read_text(encoding="utf-8")
    unasked = code[code.index("async refresh()") : code.index("leave()")]

    asked = re.findall(r"await (?:list|next)\(([^)]*)\)", unasked)
    assert asked == ["{ background: true }"] * 2
    assert len(re.findall(r"await api\.get\([^;]*, options\);", code)) == code.count("api.get(")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_code_comes_from_the_console_s_own_folder(path: Path) -> None:
    found = _IMPORT.findall(path.read_text(encoding="utf-8"))
    imported = [name for pair in found for name in pair if name]

    assert all(name.startswith("./") and (FOLDER / name).is_file() for name in imported)


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_a_file_of_code_begins_with_what_it_is_for_and_stays_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("// ")
    assert len(lines) < 400


def test_nothing_of_another_host_is_named_in_the_looks() -> None:
    for path in FOLDER.glob("*.css"):
        assert not re.search(r"@import|url\(|https?:", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("pack", PACKS)
def test_both_languages_have_words_for_the_same(pack: str) -> None:
    english, spanish = words(pack, "en"), words(pack, "es")

    assert sorted(english) == sorted(spanish)


@pytest.mark.parametrize("pack", PACKS)
def test_both_languages_say_the_same_values(pack: str) -> None:
    spanish = words(pack, "es")

    for key, value in words(pack, "en").items():
        here = {name for form in forms(value) for name in _PLACEHOLDER.findall(form)}
        there = {name for form in forms(spanish[key]) for name in _PLACEHOLDER.findall(form)}
        assert (key, here) == (key, there)


def test_no_word_is_defined_twice() -> None:
    every = [key for pack in PACKS for key in words(pack, "en")]

    assert len(set(every)) == len(every)


def test_every_word_that_the_code_names_is_there() -> None:
    known = {key for pack in PACKS for key in words(pack, "en")}
    named = {
        key
        for path in CODE
        for key in re.findall(r"""\btext\.t\(["']([^"'$]+)["']""", path.read_text(encoding="utf-8"))
    }

    assert named - known == set()


def test_the_page_itself_is_served_under_its_own_path_only() -> None:
    assert PAGE in console_files()
    assert console.load_console(visit(PAGE)).status == 404


def colours() -> dict[str, dict[str, str]]:
    """The colours by name, in the light and in the dark."""
    text = (FOLDER / "app.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root {(.*?)}", text, re.DOTALL)
        if "--ground" in block
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """How bright a colour is, as WCAG 2.2 reckons it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((f"u{score}-ink", f"u{score}") for score in range(1, 6)),
        *(
            (ink, ground)
            for ink in ("ink", "soft", "accent", "bad", "warn")
            for ground in ("ground", "surface", "raised", "chosen")
        ),
        *((name, f"{name}-ground") for name in ("bad", "warn", "good")),
        *(("accent-ink", "accent"), ("ink", "mark")),
    ],
)
def test_what_is_written_can_be_read_on_its_ground(light: str, ink: str, ground: str) -> None:
    named = colours()[light]
    bright, dim = sorted((luminance(named[ink]), luminance(named[ground])), reverse=True)

    assert (bright + 0.05) / (dim + 0.05) >= 4.5


GROUPS = {
    "answers": "how",
    "bases": "basis",
    "emergency_reasons": "emergency_reason",
    "handoff_reasons": "handoff_reason",
    "merge_reasons": "merge_reason",
    "outcomes": "outcome",
    "pause_reasons": "waiting_for",
    "reopen_reasons": "reopen_reason",
    "rescore_reasons": "basis",
    "unmerge_reasons": "unmerge_reason",
    "hold_reasons": "hold_reason",
}
"""Under which names the words of each list of codes stand."""
NOBODY = Principal(id="nobody", policy=Policy(group="north", sites={}, rules={}))
ELSEWHERE = {
    *(Action.PRESENCE_CHANGED, Action.SIGNED_IN, Action.SIGNED_OUT, Action.SEARCHED),
    *(Action.POLICY_PUBLISHED, Action.SHADOW_STARTED, Action.SHADOW_ENDED, Action.MESSAGES_READ),
    *(Action.EMERGENCY_STARTED, Action.EMERGENCY_ENDED, Action.ACCESS_CHANGED, Action.EXAMINED),
}
"""What stands in ledgers of people, sites and policies, and never in that of a ticket."""


def test_every_code_that_a_person_chooses_has_a_name() -> None:
    said = me_view(NOBODY, MONDAY_MORNING, b"key")["codes"]
    codes = TypeAdapter(dict[str, list[str]]).validate_python(said)

    assert set(codes) == set(GROUPS)
    named = {f"code.{GROUPS[name]}.{code}" for name, listed in codes.items() for code in listed}
    assert named - set(words("words", "en")) == set()


@pytest.mark.parametrize(("group", "codes"), [("status", Status), ("channel", Channel)])
def test_every_code_of_a_line_has_a_name(group: str, codes: type[StrEnum]) -> None:
    assert {f"code.{group}.{each.value}" for each in codes} <= set(words("words", "en"))


def test_whatever_may_happen_meanwhile_can_be_said() -> None:
    of_substance = set(Action) - NO_NEWS - ELSEWHERE

    assert {f"code.action.{each.value}" for each in of_substance} <= set(words("words", "en"))
