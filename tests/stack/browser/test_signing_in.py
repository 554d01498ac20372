"""Staff sign in at Cognito's page, and nobody gets into the console by another's answer."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, expect

from local.demo.desk import Desk
from tests.stack.browser.conftest import SignIn, fill_in
from tests.stack.browser.seeds import Seeds


def test_who_signs_in_sees_the_queue_of_their_team(sign_in: SignIn, seeds: Seeds) -> None:
    seeds.sow()

    nurse = sign_in("nurse.kim")

    expect(nurse.page.get_by_role("heading", name="Clinical", level=1)).to_be_visible()
    # not the one that was sown: a queue that others have filled is longer than its first page
    expect(nurse.page.locator("[role=row][data-ticket]").first).to_be_visible()
    nurse.untroubled()


def test_the_question_is_sealed_and_the_answer_leaves_no_code_in_the_address(
    sign_in: SignIn,
) -> None:
    nurse = sign_in("nurse.kim")

    asked = next(each for each in nurse.noticed.addresses if "/oauth2/authorize" in each)
    query = parse_qs(urlsplit(asked).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert len(query["state"][0]) >= 32
    assert "code=" not in nurse.page.url
    nurse.untroubled()


def test_an_answer_to_somebody_elses_question_opens_nothing(
    contexts: Callable[..., BrowserContext], desk: Desk, console: str
) -> None:
    page = contexts().new_page()
    page.goto(console)
    page.get_by_label("Username").wait_for()
    page.goto(f"{console}?code=stolen-code&state=of-another-tab")

    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    expect(page.get_by_text("did not belong to this page")).to_be_visible()
    assert "stolen-code" not in page.url
    page.get_by_role("button", name="Sign in").click()
    fill_in(page, "nurse.kim", desk.password_of("nurse.kim"))
    expect(page.locator(".who")).to_have_text("Jiwoo Kim")


def test_who_was_sent_a_link_to_a_ticket_is_there_after_signing_in(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow()

    nurse = sign_in("nurse.kim", f"#/tickets/{ticket.id}")

    expect(nurse.page.locator("article.ticket")).to_contain_text(seeds_text())
    expect(nurse.page).to_have_title(re.compile(ticket.id))


def seeds_text() -> str:
    return "renew my lisinopril"
