"""What a requester reads behind a link: safe to run, complete in both languages, never "wait"."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.builders import MONDAY_MORNING, a_site, a_ticket
from triagewire.desk.feedback_page import (
    WORDS,
    article_page,
    bad_link_page,
    failed_page,
    rated_page,
    survey_page,
    too_many_page,
    wrong_page,
)
from triagewire.desk.page import Page
from triagewire.policy.model import Site
from triagewire.policy.replies import Template
from triagewire.policy.satisfaction import Satisfaction
from triagewire.survey import Survey
from triagewire.ticket import Ticket

ASK = Template(subject={"en": "How?"}, text={"en": "{link}"})
SITE = a_site(
    satisfaction=Satisfaction(
        enabled=True, ask=ASK, question={"en": "How well did we help you?", "es": "¿Le ayudamos?"}
    )
)
TICKET = replace(a_ticket(), survey=Survey(resolved_at=MONDAY_MORNING, asked_at=MONDAY_MORNING))
RATED = replace(
    TICKET, survey=replace(TICKET.survey or Survey(resolved_at=MONDAY_MORNING), score=4)
)
LANGUAGES = ["en", "es"]
VOID = {"meta", "input", "br"}


def in_language(ticket: Ticket, language: str) -> Ticket:
    return replace(ticket, language=language)


def pages(language: str, site: Site = SITE) -> list[Page]:
    """Every page that a ticket of a language can show."""
    ticket, rated = in_language(TICKET, language), in_language(RATED, language)
    return [
        survey_page(ticket, site),
        survey_page(rated, site),
        rated_page(rated, site, commented=False),
        rated_page(rated, site, commented=True),
        article_page(ticket, site, waits=True),
        article_page(ticket, site, waits=False),
        wrong_page(ticket, site),
        too_many_page(ticket, site),
        bad_link_page(),
        failed_page(),
    ]


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: Page) -> _Balanced:
    reader = _Balanced()
    reader.feed(page.html)
    assert reader.open == []
    return reader


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["es"].keys()
    for name, said in WORDS["en"].items():
        assert said.count("{}") == WORDS["es"][name].count("{}"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_runs_nothing(language: str) -> None:
    for page in pages(language):
        tags = parsed(page).seen
        assert not {"script", "img", "iframe", "object", "link"} & {tag for tag, _ in tags}
        assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
        assert not [attrs for _, attrs in tags if "style" in attrs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_whom_to_call_and_none_says_to_wait(language: str) -> None:
    for page in pages(language):
        assert "911" in page.html
        assert "988" in page.html
        assert not re.search(r"\b(?:wait|soon|later|espere|pronto)\b", page.html, re.IGNORECASE)


def test_the_numbers_are_called_by_a_tap_and_stand_above_a_field_to_write_in() -> None:
    page = survey_page(RATED, SITE)

    assert '<a href="tel:911">911</a>' in page.html
    assert '<a href="tel:+15550100100">+1 555 010 0100</a>' in page.html
    assert page.html.index("tel:911") < page.html.index("<textarea")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_told_by_words_and_not_by_colour(language: str) -> None:
    page = survey_page(in_language(TICKET, language), SITE)

    for score in "12345":
        assert f">{score} · {WORDS[language][score]}</button>" in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_to_write_in_has_its_label(language: str) -> None:
    tags = parsed(survey_page(in_language(RATED, language), SITE)).seen

    named = {attrs.get("for") for tag, attrs in tags if tag == "label"}
    assert {attrs.get("id") for tag, attrs in tags if tag == "textarea"} == named


def test_the_names_of_a_site_are_text() -> None:
    sharp = replace(SITE, name="<b>North</b>", phone="<i>1</i>")

    for page in pages("en", sharp):
        assert "<b>" not in page.html
        assert "<i>" not in page.html


def test_a_page_tells_nothing_of_its_ticket() -> None:
    for page in pages("en"):
        assert TICKET.id not in page.html
        assert (TICKET.requester.name or "") not in page.html
