"""The page behind the link of a notice: what it says in each case, and what it never holds."""

import base64
import hashlib
from dataclasses import replace

import pytest

from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, minutes
from triagewire.desk.acknowledge_page import refused_page, ticket_page
from triagewire.desk.page import PAGE_HEADERS, STYLE
from triagewire.errors import BadLinkError, ConflictError, NotFoundError
from triagewire.ticket import Escalation, Status, Ticket

SITE = a_site()
DESK = "https://desk.clinic.example/"
PAGED = Escalation(pages=1, paged_at=MONDAY_MORNING, paged=("nick", "nell"))
URGENT = a_ticket(a_verdict(5), escalation=PAGED)
LATER = MONDAY_MORNING + minutes(12)


def shown(ticket: Ticket, person: str = "nick") -> str:
    """The page of a ticket, twelve minutes after it was routed."""
    return ticket_page(ticket, SITE, person, LATER, DESK).html


def test_a_promise_that_is_broken_is_called_late() -> None:
    assert "<dd>Mon 02 Mar, 09:10 EST (late)</dd>" in shown(URGENT)
    assert "<dd>12 min</dd>" in shown(URGENT)


def test_who_was_heard_where_everyone_is_asked_reads_who_is_still_awaited() -> None:
    told = replace(PAGED, awaited=("nick", "nell", "rhea"), heard_by=("nick",))

    page = shown(replace(URGENT, escalation=told))

    assert "Still awaited: nell, rhea." in page
    assert "<button" not in page


def test_it_says_since_when_and_until_when_it_is_quiet() -> None:
    told = replace(PAGED, acknowledged_at=MONDAY_MORNING + minutes(2), acknowledged_by="nell")

    page = shown(replace(URGENT, escalation=told))

    assert "<h1>Already acknowledged by nell</h1>" in page
    assert "Mon 02 Mar, 09:02 EST. The messages begin again Mon 02 Mar, 10:02 EST" in page


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        (replace(URGENT, status=Status.RESOLVED), "The ticket is resolved."),
        (replace(URGENT, status=Status.CLOSED), "The ticket is resolved."),
        (replace(URGENT, status=Status.WAITING), "The ticket waits for somebody outside."),
        (a_ticket(), "Nobody is being told of the ticket any more."),
    ],
)
def test_it_says_why_there_is_nothing_to_acknowledge(ticket: Ticket, why: str) -> None:
    page = shown(ticket)

    assert (why in page, "<button" in page) == (True, False)


def test_names_that_hold_markup_are_shown_as_they_are_and_never_run() -> None:
    odd = "<img src=x onerror=alert(1)>"
    site = replace(SITE, name=odd)

    page = ticket_page(replace(URGENT, assignee=odd), site, odd, LATER, f'{DESK}"{odd}').html

    assert odd not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 4


def test_it_leads_to_the_ticket_at_the_desk_where_one_is_known() -> None:
    assert f'href="https://desk.clinic.example/console#/tickets/{URGENT.id}"' in shown(URGENT)
    assert "href" not in ticket_page(URGENT, SITE, "nick", LATER, "").html


def test_it_can_be_read_on_a_telephone_and_by_a_screen_reader() -> None:
    page = shown(URGENT)

    assert '<html lang="en">' in page
    assert 'name="viewport" content="width=device-width,initial-scale=1"' in page
    assert "min-height:3.5rem" in STYLE


def test_only_its_own_style_is_allowed_and_its_hash_is_that_of_the_style() -> None:

    hashed = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

    assert f"style-src 'sha256-{hashed}'" in PAGE_HEADERS["Content-Security-Policy"][0]
    assert f"<style>{STYLE}</style>" in shown(URGENT)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadLinkError("no link that holds"), 404),
        (NotFoundError("no such ticket"), 403),
        (ConflictError("somebody was quicker"), 409),
        (ValueError("Ada Marlow has chest pain"), 500),
    ],
)
def test_a_refusal_says_what_to_do_and_nothing_of_what_went_wrong(
    error: Exception, status: int
) -> None:
    page = refused_page(error, DESK)

    assert page.status == status
    assert str(error) not in page.html
    assert "<button" not in page.html
    assert f'<a href="{DESK}"' in page.html
