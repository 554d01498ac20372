"""Everybody can work at the console: by eye and by ear, on a phone, and without a mouse."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.stack.browser.conftest import SignIn
from tests.stack.browser.person import Person
from tests.stack.browser.seeds import Seeds
from triagewire.ticket import Status, Ticket

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LEAST = 24
"""Pixels of what can be pressed, at least (WCAG 2.2, 2.5.8)."""
PHONE = {"width": 360, "height": 740}


def views(ticket: Ticket) -> Iterator[tuple[str, str]]:
    """Every view of the console, and what is there once it is drawn; that of measures is tried
    without a stack.
    """
    yield "#/queues/riverside/clinical", "[role=row][data-ticket]"
    yield f"#/tickets/{ticket.id}", "article.ticket .compose"
    yield "#/review/riverside", ".review"
    yield "#/mine", "[data-ticket]"
    yield "#/teams/riverside", "table"
    yield "#/on-call/riverside", "main h1"
    yield "#/search/riverside", "form.search"
    yield "#/undelivered/riverside", "main h1"


@pytest.fixture
def filled(seeds: Seeds) -> Ticket:
    """A ticket with much on it, and others that fill the lists."""
    seeds.sow("What is it?", review=True)
    seeds.sow("My chest hurts.", score=5, assignee="nurse.okafor")
    seeds.sow(assignee="nurse.okafor", score=3, team="clinical")
    return seeds.sow("A question. " * 60, files=["scan.pdf"], name="Ada Marlow " * 5)


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
def test_axe_finds_nothing_on_any_view_light_or_dark(
    sign_in: SignIn, filled: Ticket, locale: str
) -> None:
    lead = sign_in("nurse.okafor", locale=locale)

    found = []
    for place, there in views(filled):
        lead.go(place)
        expect(lead.page.locator(there).first).to_be_visible()
        for scheme in ("light", "dark"):
            lead.page.emulate_media(color_scheme=scheme)
            found += [f"{place} {scheme}: {each}" for each in violations(lead.page)]

    assert found == []
    assert lead.page.locator("html").get_attribute("lang") == locale[:2]
    lead.untroubled()


def test_axe_finds_nothing_in_what_is_asked_before_an_act(sign_in: SignIn, filled: Ticket) -> None:
    lead = sign_in("nurse.okafor")
    lead.open(filled)

    for name in ("Hand off", "Wait", "Resolve", "Re-score", "Merge"):
        lead.act(name).click()
        with lead.asked() as dialog:
            assert violations(lead.page) == []
            dialog.get_by_role("button", name="Cancel").click()


def violations(page: Page) -> list[str]:
    """What axe finds, with where it is."""
    results: Any = Axe().run(page, options=RULES).response
    return [
        f"{each['id']} at {node['target']}: {node['failureSummary']}"
        for each in results["violations"]
        for node in each["nodes"]
    ]


def test_nothing_is_wider_than_a_phone_and_everything_can_be_pressed(
    sign_in: SignIn, filled: Ticket
) -> None:
    lead = sign_in("nurse.okafor", viewport=PHONE, has_touch=True, is_mobile=True)

    for place, there in views(filled):
        lead.go(place)
        expect(lead.page.locator(there).first).to_be_visible()
        wide = lead.page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= PHONE["width"], place
        assert small(lead.page) == [], place
    lead.untroubled()


def small(page: Page) -> list[str]:
    """What can be pressed and is too small to hit, with its label, but for links within a text."""
    found: list[str] = page.evaluate(
        """(least) => {
            const roomy = (each) => {
                const { width, height } = each.getBoundingClientRect();
                return width <= 1 || (width >= least && height >= least);
            };
            return [...document.querySelectorAll('button, select, input, a.button, summary')]
                .filter((each) => each.checkVisibility({ visibilityProperty: true }))
                .filter((each) => ![each, ...(each.labels ?? [])].some(roomy))
                .map((each) => each.outerHTML.slice(0, 120));
        }""",
        LEAST,
    )
    return found


def test_a_shift_is_worked_without_a_mouse(sign_in: SignIn, seeds: Seeds) -> None:
    """Only keys: to the ticket, claim, note, reply, hand off, resolve, and a decision."""
    mine = seeds.sow("Could you call me about my refill?", score=5)
    doubt = seeds.sow("Something is odd.", review=True)
    nurse = sign_in("nurse.kim")
    press = nurse.page.keyboard.press
    expect(nurse.row(mine)).to_be_visible()

    walks_to(nurse, mine)
    press("c")
    expect(nurse.row(mine)).to_contain_text("You")
    press("Enter")
    expect(nurse.act("Note")).to_be_visible()
    press("n")
    nurse.page.keyboard.type("Called, no answer yet.")
    press("Control+Enter")
    nurse.says("Your note is on the ticket.")
    press("Escape")
    press("r")
    expect(nurse.page.get_by_label("Your reply", exact=True)).to_be_editable()
    nurse.page.keyboard.type("We shall call you at noon.")
    press("Control+Enter")
    nurse.says("Your reply leaves in a moment.")
    expect(nurse.page.locator("article.ticket")).to_contain_text("We shall call you at noon.")
    press("Escape")
    press("e")
    with nurse.asked():
        press("Space")
        press("Control+Enter")
    nurse.says(re.compile("^Resolved:"))
    assert seeds.ticket(mine.id).status is Status.RESOLVED

    press("g")
    press("r")
    decides(nurse, doubt)
    assert seeds.ticket(doubt.id).team == "clinical"
    nurse.untroubled()


def walks_to(nurse: Person, ticket: Ticket) -> None:
    """Go down the queue row by row."""
    for _ in range(100):
        nurse.page.keyboard.press("j")
        held = "document.activeElement.closest('[data-ticket]')?.dataset.ticket"
        if nurse.page.evaluate(held) == ticket.id:
            return
    raise AssertionError("the ticket was not reached by keys")


def decides(nurse: Person, ticket: Ticket) -> None:
    shown = nurse.page.locator(".review")
    expect(shown).to_be_visible()
    while shown.get_attribute("data-ticket") != ticket.id:
        before = shown.get_attribute("data-ticket")
        nurse.page.keyboard.press("s")
        expect(shown).not_to_have_attribute("data-ticket", str(before))
    for key in ("4", "1", "Enter"):
        nurse.page.keyboard.press(key)
    nurse.says(re.compile("^Decided: urgency 4"))
