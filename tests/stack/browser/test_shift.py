"""A whole shift at the console, from the first claim to what comes back."""

import re
import time
from typing import Any

from playwright.sync_api import expect

from local.demo.notices import outbox
from local.demo.world import World
from tests.stack.browser.conftest import SignIn
from tests.stack.browser.person import Person
from tests.stack.browser.seeds import Seeds
from triagewire.ledger.event import Action
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

ANSWER = "Your lisinopril is ready at the counter. Please bring your card."
MAIL_SECONDS = 60


def test_a_shift_is_worked_from_the_queue_to_the_review(
    sign_in: SignIn, seeds: Seeds, world: World
) -> None:
    refill = seeds.sow()
    other = seeds.sow("Is my blood test back yet?", subject="Results", assignee="nurse.kim")
    doubt = seeds.sow("I feel odd since the new tablets.", subject="Odd", review=True)
    nurse = sign_in("nurse.kim")

    claims(nurse, refill)
    assert seeds.ticket(refill.id).assignee == "nurse.kim"
    accepts(nurse, other)
    assert seeds.ticket(other.id).status is Status.ACCEPTED

    replies_after_a_second_thought(nurse, refill)
    mails = mails_to(world, refill)
    assert [ANSWER in str(each) for each in mails] == [True], "one mail, that of the second time"

    hands_off_to_brandt(nurse, other)
    assert seeds.ticket(other.id).assignee == "nurse.brandt"

    resolves(nurse, refill)
    assert seeds.ticket(refill.id).status is Status.RESOLVED

    decides(nurse, doubt)
    decided = seeds.ticket(doubt.id)
    assert (decided.team, decided.verdict is not None and decided.verdict.review) == (
        "clinical",
        False,
    )
    assert Action.LABELLED in actions(world, doubt)

    reopens(nurse, refill)
    assert seeds.ticket(refill.id).status is Status.REOPENED
    nurse.untroubled()
    says_nothing_in_addresses(nurse, refill)


def claims(nurse: Person, ticket: Ticket) -> None:
    nurse.queue()
    nurse.row(ticket).get_by_role("button", name=re.compile("^Claim")).click()
    expect(nurse.row(ticket)).to_contain_text("You")


def accepts(nurse: Person, ticket: Ticket) -> None:
    nurse.queue()
    nurse.row(ticket).get_by_role("button", name=re.compile("^Accept")).click()
    expect(nurse.row(ticket)).to_contain_text("Accepted")


def replies_after_a_second_thought(nurse: Person, ticket: Ticket) -> None:
    nurse.row(ticket).get_by_role("link").click()
    nurse.act("Reply").click()
    box = nurse.page.get_by_label("Your reply", exact=True)
    box.fill("Your tablets are ready, I think.")
    nurse.button("Send").click()
    nurse.page.get_by_role("button", name=re.compile(r"^Undo \(\d+\)")).click()
    nurse.says("Taken back: nothing was sent.")
    expect(box).to_have_value("Your tablets are ready, I think.")
    box.fill(ANSWER)
    nurse.button("Send").click()
    nurse.says("Your reply leaves in a moment.")


def hands_off_to_brandt(nurse: Person, ticket: Ticket) -> None:
    nurse.open(ticket)
    nurse.act("Hand off").click()
    with nurse.asked() as dialog:
        dialog.get_by_label("Member").select_option("nurse.brandt")
        dialog.get_by_label("Shift ends").check()
        dialog.get_by_role("button", name="Hand off").click()
    nurse.says(re.compile("Handed off. The ticket is with .*Tobias Brandt"))


def resolves(nurse: Person, ticket: Ticket) -> None:
    nurse.open(ticket)
    nurse.act("Resolve").click()
    with nurse.asked() as dialog:
        dialog.get_by_label("Answered", exact=True).check()
        dialog.get_by_role("button", name="Resolve").click()
    nurse.says("Resolved: Answered.")


def decides(nurse: Person, ticket: Ticket) -> None:
    nurse.go("#/review/riverside")
    shown = nurse.page.locator(".review")
    expect(shown).to_be_visible()
    while shown.get_attribute("data-ticket") != ticket.id:
        before = shown.get_attribute("data-ticket")
        nurse.page.keyboard.press("s")
        expect(shown).not_to_have_attribute("data-ticket", str(before))
    scores = nurse.page.get_by_role("group", name="What is it?")
    scores.locator("[data-score='4']").click()
    nurse.page.get_by_role("button", name="Spoke with them").click()
    nurse.page.get_by_label("Goes to").select_option("clinical")
    nurse.page.get_by_role("button", name="Confirm").click()
    nurse.says("Decided: urgency 4, to Clinical.")


def reopens(nurse: Person, ticket: Ticket) -> None:
    nurse.open(ticket)
    nurse.act("Reopen").click()
    with nurse.asked() as dialog:
        dialog.get_by_label("Not finished").check()
        dialog.get_by_role("button", name="Reopen").click()
    nurse.says("Open again, with a new clock.")


def mails_to(world: World, ticket: Ticket) -> list[dict[str, Any]]:
    """The mails that the requester got, once there is one."""
    ends = time.monotonic() + MAIL_SECONDS
    while True:
        found = [each for each in outbox(world) if str(ticket.requester.email) in str(each)]
        if found or time.monotonic() > ends:
            return found
        time.sleep(0.5)


def actions(world: World, ticket: Ticket) -> list[Action]:
    return [each.action for each in read_events(world.tables, ticket_pk(ticket.id))]


def test_nothing_that_is_looked_for_stands_in_an_address(sign_in: SignIn, seeds: Seeds) -> None:
    ticket = seeds.sow("The unmistakable wombat of my knee hurts.")
    nurse = sign_in("nurse.kim")

    for kind, words in (("text", "unmistakable wombat"), ("email", str(ticket.requester.email))):
        nurse.go("#/search/riverside")
        nurse.page.get_by_label("Search by").select_option(kind)
        nurse.page.get_by_label("Search for").fill(words)
        nurse.button("Search").click()
        expect(nurse.page.locator(".search-status")).to_contain_text("found")

    nurse.untroubled()
    says_nothing_in_addresses(nurse, ticket)


def says_nothing_in_addresses(nurse: Person, ticket: Ticket) -> None:
    """No address that the browser asked for holds a word of a patient, or a token."""
    who = ticket.requester
    held = " ".join(nurse.noticed.addresses).lower() + nurse.page.url.lower()
    for word in ("lisinopril", "wombat", "marlow", who.email, who.phone, who.patient_id, "eyj"):
        assert str(word).lower() not in held
