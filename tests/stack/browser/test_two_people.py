"""Two people at once: each sees what the other does, and nobody overwrites anybody."""

import re

from playwright.sync_api import expect

from tests.stack.browser.conftest import SignIn
from tests.stack.browser.person import Person
from tests.stack.browser.seeds import Seeds
from triagewire.ticket import Ticket

REFUSED = re.compile("Somebody was quicker|While you looked|somebody else holds it", re.IGNORECASE)


def test_who_opens_a_ticket_sees_that_a_colleague_is_writing(sign_in: SignIn, seeds: Seeds) -> None:
    ticket = seeds.sow()
    kim, brandt = sign_in("nurse.kim"), sign_in("nurse.brandt")

    kim.open(ticket)
    with kim.page.expect_response(re.compile("/writing$")):
        kim.page.get_by_label("Your reply", exact=True).press_sequentially("Dear Ms Marlow")
    brandt.open(ticket)

    expect(brandt.page.get_by_text("Jiwoo Kim is writing a reply.")).to_be_visible()
    kim.untroubled()
    brandt.untroubled()


def test_what_a_colleague_has_changed_meanwhile_is_refused_in_words(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow()
    kim, brandt = sign_in("nurse.kim"), sign_in("nurse.brandt")
    kim.open(ticket)
    brandt.open(ticket)

    kim.act("Claim").click()
    kim.says("You hold the ticket now.")
    brandt.act("Claim").click()

    brandt.says(REFUSED)
    expect(brandt.act("Claim")).to_have_attribute("aria-disabled", "true")
    assert seeds.ticket(ticket.id).assignee == "nurse.kim"
    brandt.untroubled()


def test_of_two_who_claim_in_the_same_moment_one_wins_and_the_other_is_told(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow(score=5)  # at the top of the queue, whatever else is in it
    both = [sign_in("nurse.kim"), sign_in("nurse.brandt")]
    for each in both:
        each.queue()
        expect(each.row(ticket)).to_be_visible()

    for each in both:
        claims_soon(each, ticket)
    for each in both:
        expect(each.page.locator(".toast")).to_be_visible()

    holder = seeds.ticket(ticket.id).assignee
    refused = [each for each in both if each.page.locator(".toast[data-kind=problem]").count()]
    assert {each.member for each in refused} == {"nurse.kim", "nurse.brandt"} - {holder}
    refused[0].says(REFUSED)


def claims_soon(person: Person, ticket: Ticket) -> None:
    """Press the button a moment later, so that nobody waits for anybody."""
    person.page.evaluate(
        """own => setTimeout(
            () => document.querySelector(`[data-ticket="${own}"] button.step`).click(), 700)""",
        ticket.id,
    )


def test_who_works_at_another_site_finds_nothing_and_is_shown_nothing(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow("Nobody elsewhere may read this sentence.")
    voss = sign_in("nurse.voss")

    for place in (f"#/tickets/{ticket.id}", "#/queues/riverside/clinical", "#/review/riverside"):
        voss.go("#/mine")
        expect(voss.page.get_by_role("heading", name="My work")).to_be_visible()
        voss.go(place)
        expect(voss.page.get_by_role("heading", name="Not here", level=1)).to_be_visible()
        shown = voss.page.content()
        assert "this sentence" not in shown
        assert "Ada Marlow" not in shown
    voss.untroubled()
