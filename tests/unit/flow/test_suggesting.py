"""While somebody writes, they see what may answer them, or where to call; nothing of it is kept."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from ops.simulation.table import Memory
from tests.builders import MONDAY_MORNING, a_source
from tests.shipped import shipped_engine
from tests.template import ROOT
from triagewire.cache import Kept
from triagewire.flow.suggesting import MOST_CHARACTERS, NOT_HERE, Library, suggest
from triagewire.policy.load import load
from triagewire.policy.model import PublishedPolicy
from triagewire.replies.uses import Use
from triagewire.store.article_uses import read_uses
from triagewire.store.table import Tables

ORIGIN = "https://www.lakeside.example"
SITE = "mesa"


@cache
def lakeside() -> PublishedPolicy:
    """The starter policy, with a form in the browser at one site."""
    policy = load(ROOT / "policy").policy
    form = a_source("form", "web", SITE, signed=False, origins=(ORIGIN,))
    site = policy.sites[SITE]
    mesa = replace(site, sources={**site.sources, "contact": form})
    return PublishedPolicy(version=7, policy=replace(policy, sites={**policy.sites, SITE: mesa}))


@pytest.fixture(autouse=True)
def real_rules() -> Iterator[None]:
    """The shipped rules score what is asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triagewire.flow.judge.engine_of", lambda _policy: shipped_engine())
        yield


@dataclass(slots=True)
class Desk:
    """The function in memory."""

    memory: Any = field(default_factory=Memory)
    now: datetime = MONDAY_MORNING

    @property
    def tables(self) -> Tables:
        """Where it counts."""
        return Tables(client=self.memory, tickets="tickets", ledger="ledger")

    def library(self) -> Library:
        """What the function keeps."""
        return Library(tables=self.tables, policy=Kept(lakeside, 15.0), hash_key=lambda: b"k" * 32)

    def asks(
        self, q: str = "", site: str = SITE, origin: str = ORIGIN, ip: str = "9.9.9.9", **more: str
    ) -> dict[str, Any]:
        """The gateway's answer to a question."""
        event = {
            "httpMethod": "GET",
            "path": "/kb/suggest",
            "headers": {"Origin": origin},
            "queryStringParameters": {"site": site, "q": q, **more},
            "requestContext": {
                "requestTimeEpoch": int(1000 * self.now.timestamp()),
                "identity": {"sourceIp": ip},
            },
        }
        return suggest(self.library, event).as_event()

    def shown(self, q: str, **more: str) -> Mapping[str, Any]:
        """What the page is told."""
        answer = self.asks(q, **more)
        assert answer["statusCode"] == 200
        found: Mapping[str, Any] = json.loads(answer["body"])
        return found

    def articles(self, q: str, **more: str) -> list[str]:
        """The articles it is shown."""
        return [each["id"] for each in self.shown(q, **more)["articles"]]


def test_a_question_that_an_article_answers_shows_it_in_plain_text() -> None:
    (article,) = Desk().shown("What are your hours on Friday?")["articles"]

    assert article["id"] == "hours"
    assert article["title"] == "Our opening hours"
    assert "- Friday 8:00 to 16:00" in article["text"]


@pytest.mark.parametrize("more", [{}, {"language": "es"}, {"language": "es-MX"}], ids=str)
def test_it_is_shown_in_the_language_of_the_question(more: dict[str, str]) -> None:
    (article,) = Desk().shown("¿Cuál es su horario?", **more)["articles"]

    assert (article["language"], article["title"]) == ("es", "Nuestro horario")


def test_what_is_only_likely_is_shown_too_for_nobody_is_answered_with_it() -> None:
    assert Desk().articles("I forgot my password for the patient portal") == ["portal-password"]


@pytest.mark.parametrize(
    "q",
    [
        "I have crushing chest pain, what are your hours?",
        "I want to end my life",
        "Tengo dolor de pecho y no puedo respirar",
        "my baby is not breathing",
    ],
)
def test_an_emergency_is_told_to_call_and_shown_no_article(q: str) -> None:
    shown = Desk().shown(q)

    assert shown["urgent"] is True
    assert shown["articles"] == []
    assert "911" in shown["call"]["text"]
    assert "988" in shown["call"]["text"]


def test_an_emergency_in_spanish_is_told_so_in_spanish() -> None:
    assert (
        "llame al 911" in Desk().shown("Tengo dolor de pecho y no puedo respirar")["call"]["text"]
    )


@pytest.mark.parametrize(
    "q",
    [
        "I need a refill of lisinopril, what are your hours?",
        "My knee has been hurting for two weeks",
        "xqzt blorp",
        "Tôi bị đau bụng",
    ],
)
def test_what_a_person_must_look_at_shows_no_article(q: str) -> None:
    assert Desk().articles(q) == []


@pytest.mark.parametrize("q", ["", "   ", "What are your hours?", "Thanks!"])
def test_where_to_call_is_always_said(q: str) -> None:
    call = Desk().shown(q)["call"]

    assert call["phone"] == lakeside().policy.sites[SITE].phone
    assert "911" in call["text"]
    assert "988" in call["text"]


@pytest.mark.parametrize("site", ["", "nowhere", "MESA", "mesa/../riverside"])
def test_a_site_that_is_not_there_answers_like_any_other(site: str) -> None:
    answer = Desk().asks("What are your hours?", site=site)

    assert answer == NOT_HERE.as_event()
    assert answer["statusCode"] == 404


def test_a_question_that_is_too_long_is_refused_by_its_name() -> None:
    answer = Desk().asks("x" * (MOST_CHARACTERS + 1))

    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["fields"][0]["field"] == "q"
    assert Desk().asks("x" * MOST_CHARACTERS)["statusCode"] == 200


@pytest.mark.parametrize(
    ("origin", "may_read"),
    [
        (ORIGIN, True),
        ("https://evil.example", False),
        (ORIGIN + ".evil.example", False),
        ("", False),
    ],
)
def test_only_the_pages_of_the_site_s_own_forms_may_read_it(origin: str, may_read: bool) -> None:
    headers = Desk().asks("hours", origin=origin)["headers"]

    assert (headers.get("access-control-allow-origin") == origin) is may_read
    assert headers["vary"] == "Origin"
    assert headers["cache-control"] == "no-store"


def test_each_article_that_is_shown_is_counted() -> None:
    desk = Desk()
    for _ in range(3):
        desk.articles("What are your hours?")

    assert read_uses(desk.tables, SITE)["hours"]["2026-03"][Use.SUGGESTED] == 3


def test_nothing_of_what_is_asked_is_kept_or_logged(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk()
    for q in ("zebrafish hours?", "I want to end my life, zebrafish"):
        desk.asks(q, language="zz-zebrafish")

    assert "zebrafish" not in repr(desk.memory.tables).casefold()
    out, error = capsys.readouterr()
    assert "zebrafish" not in (out + error).casefold()
    assert "9.9.9.9" not in repr(desk.memory.tables)


def test_a_fault_of_ours_says_nothing_of_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triagewire.flow.suggesting.matches", lambda *_: 1 / 0)
        answer = desk.asks("What are your zebrafish hours?")

    assert answer["statusCode"] == 503
    assert "zebrafish" not in answer["body"] + capsys.readouterr().out


class Broken:
    """A table that is not there."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        raise ConnectionError(name)


def test_a_table_that_cannot_be_reached_costs_the_counts_and_not_the_answer() -> None:
    assert Desk(memory=Broken()).articles("What are your hours?") == ["hours"]
