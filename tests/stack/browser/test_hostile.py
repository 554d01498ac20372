"""Whatever somebody writes is text: it does nothing, and shows as it was written."""

from collections.abc import Sequence
from itertools import batched
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.stack.browser.conftest import SignIn
from tests.stack.browser.payloads import SHOWN, UNSEEN
from tests.stack.browser.person import Person
from tests.stack.browser.seeds import Seeds
from triagewire.ticket import Ticket

TOGETHER = 5
ELEMENTS = "script, img, iframe, object, embed, video, math, style, form[action], base, meta, link"
"""What none of these messages may make of itself. The page's own form of a reply has no action."""


def test_every_hostile_message_shows_as_it_was_written(sign_in: SignIn, seeds: Seeds) -> None:
    assert len(SHOWN) >= 30
    tickets = [(seeds_of(seeds, some), some) for some in batched(SHOWN, TOGETHER, strict=False)]
    nurse = sign_in("nurse.kim")

    for ticket, payloads in tickets:
        nurse.open(ticket)
        shown = plain(nurse.page.locator("article.ticket").inner_text())
        for payload in payloads:
            for place in ("text", "subject", "name", "file"):
                assert plain(f"{place}: {payload}") in shown, (place, payload)
        is_inert(nurse.page)
    nurse.queue()
    is_inert(nurse.page)
    nurse.untroubled()
    asked_nobody_else(nurse)


def seeds_of(seeds: Seeds, payloads: Sequence[str]) -> Ticket:
    """A ticket with some payloads in everything that its sender could write."""

    def whole(place: str) -> str:
        return " ".join(f"{place}: {each}" for each in payloads)

    return seeds.sow(
        "\n".join(f"text: {each}" for each in payloads),
        subject=whole("subject"),
        name=whole("name"),
        files=[f"file: {each}" for each in payloads],
    )


def test_signs_that_turn_or_hide_others_are_shown_as_signs(sign_in: SignIn, seeds: Seeds) -> None:
    words = "\n".join(each for each, _ in UNSEEN)
    ticket = seeds.sow(words, subject=words, name=words, files=[each for each, _ in UNSEEN])
    nurse = sign_in("nurse.kim")

    nurse.open(ticket)

    shown = nurse.page.locator("article.ticket").inner_text()
    for hidden, readable in UNSEEN:
        assert readable in shown
        for sign in set(hidden) & set("\u202e\u202c\u2066\u2069\u200b\x00\x1b"):
            assert sign not in shown, f"U+{ord(sign):04X} stands in the page"
    nurse.untroubled()


def test_what_staff_write_is_text_as_well(sign_in: SignIn, seeds: Seeds) -> None:
    ticket = seeds.sow()
    nurse = sign_in("nurse.kim")
    nurse.open(ticket)

    nurse.act("Note").click()
    nurse.page.get_by_label("Your note", exact=True).fill("\n".join(SHOWN[:6]))
    nurse.button("Save for colleagues").click()

    expect(nurse.page.locator("article.ticket")).to_contain_text(SHOWN[0])
    is_inert(nurse.page)
    nurse.untroubled()


def is_inert(page: Page) -> None:
    """Nothing in the page was made by a message."""
    body = page.locator("body")
    assert body.locator(ELEMENTS).count() == 0
    assert body.locator("a[href^='javascript' i], a[href^='data' i]").count() == 0
    handlers = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(
            (each) => each.getAttributeNames().filter((name) => name.startsWith('on')))"""
    )
    assert handlers == []


def asked_nobody_else(person: Person) -> None:
    """Every request went to the stack."""
    here = urlsplit(person.url).netloc
    places = {urlsplit(each).netloc for each in person.noticed.addresses}
    assert places - {""} == {here}


def plain(words: str) -> str:
    """Words without the line breaks that a narrow place gives them."""
    return " ".join(words.split())
