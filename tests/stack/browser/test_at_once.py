"""Who is quick at the console: one act right after the other, and words right after a note."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.stack.browser.conftest import SignIn
from tests.stack.browser.person import Person
from tests.stack.browser.seeds import Seeds
from triagewire.ticket import Status, Ticket

NOTE = "Called, nobody was at home."
REPLY = "Dear Ms Marlow, your tablets are ready."


def test_who_acts_again_before_the_page_has_loaded_is_not_refused_for_their_own_act(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow()
    nurse = sign_in("nurse.kim")
    nurse.open(ticket)

    with nothing_loaded(nurse.page, ticket):
        nurse.act("Claim").click()
        nurse.says("You hold the ticket now.")
        writes_a_note(nurse)
    expect(nurse.page.locator(".talk")).to_contain_text(NOTE)

    expect(nurse.page.locator(".toast[data-kind=problem]")).to_have_count(0)
    stored = seeds.ticket(ticket.id)
    assert (stored.assignee, stored.status) == ("nurse.kim", Status.ACCEPTED)
    nurse.untroubled()


def test_what_is_typed_while_a_ticket_is_loaded_anew_stays_where_it_is_typed(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow()
    nurse = sign_in("nurse.kim")
    nurse.open(ticket)
    box = nurse.page.get_by_label("Your reply", exact=True)

    with nothing_loaded(nurse.page, ticket):
        writes_a_note(nurse)
        nurse.act("Reply").click()
        box.press_sequentially(REPLY)
        nurse.page.keyboard.press("ArrowLeft")
    expect(nurse.page.locator(".talk")).to_contain_text(NOTE)

    expect(box).to_have_value(REPLY)
    expect(box).to_be_focused()
    assert box.evaluate("box => box.selectionStart") == len(REPLY) - 1
    nurse.untroubled()


def writes_a_note(nurse: Person) -> None:
    nurse.act("Note").click()
    box = nurse.page.locator("#compose-words")
    box.fill(NOTE)
    nurse.page.keyboard.press("Control+Enter")
    expect(box).to_have_value("")


@contextmanager
def nothing_loaded(page: Page, ticket: Ticket) -> Iterator[None]:
    """Keep the page from getting the ticket anew until all of this is done."""
    place = re.compile(f"/desk/tickets/{ticket.id}$")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(place, hold)
    yield
    for each in waiting:
        each.continue_()
    page.unroute(place)
