"""The example of a contact form is safe to copy: words as text, both languages, all at hand."""

import re

import pytest

from tests.template import ROOT
from triagewire.flow.suggesting import MOST_CHARACTERS, PER_MINUTE

FORM = ROOT / "examples" / "web-form"
PAGE = (FORM / "index.html").read_text(encoding="utf-8")
SCRIPT = (FORM / "form.js").read_text(encoding="utf-8")
WORDS = (FORM / "form.words.js").read_text(encoding="utf-8")
FILES = {path.name: path.read_text(encoding="utf-8") for path in FORM.iterdir()}


@pytest.mark.parametrize("name", ["index.html", "form.js", "form.words.js", "form.config.js"])
def test_nothing_of_a_server_or_a_person_is_ever_html(name: str) -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\son[a-z]+=|<script>"

    assert re.search(unsafe, FILES[name]) is None


def test_it_brings_all_it_needs_and_keeps_nothing() -> None:
    for name in ("index.html", "form.css", "form.js"):
        assert re.search(r"(?:src|href|url\(|from )\s*=?\s*[\"']?https?:", FILES[name]) is None
    assert re.search(r"localStorage|sessionStorage|document\.cookie|indexedDB", SCRIPT) is None


def test_both_languages_say_the_same_things() -> None:
    english, spanish = re.findall(r"  (?:en|es): \{(.*?)\n  \},", WORDS, re.DOTALL)
    keys = [re.findall(r"^    (\w+):", each, re.MULTILINE) for each in (english, spanish)]

    assert keys[0] == keys[1]
    assert len(re.findall(r"<span data-en>", PAGE)) == len(re.findall(r"<span data-es>", PAGE))


def test_the_script_finds_what_it_looks_for() -> None:
    ids = set(re.findall(r'id="([\w-]+)"', PAGE))
    wanted = set(re.findall(r'byId\("([\w-]+)"\)', SCRIPT))
    said = set(re.findall(r"say\((?:urgent \? )?\"(\w+)\"", SCRIPT))

    assert wanted <= ids
    assert all(f"    {each}:" in WORDS for each in said)
    named = re.findall(r'(?:for|aria-describedby|aria-labelledby)="([\w -]+)"', PAGE)
    assert {each for names in named for each in names.split()} <= ids


def test_where_to_call_stands_there_without_a_script() -> None:
    above = PAGE[: PAGE.index("<form")]

    assert "tel:911" in above
    assert "tel:988" in above


def test_it_asks_less_often_than_the_server_lets_it() -> None:
    pause = int(re.search(r"pauseAfter = (\d+)", WORDS)[1])  # type: ignore[index]
    assert pause >= 500
    assert f"slice(0, {MOST_CHARACTERS})" in SCRIPT
    assert f"takes {PER_MINUTE} questions a minute" in WORDS
