"""Who walks away is signed out, and leaves nothing of anybody on the screen or in the tab."""

from playwright.sync_api import Error, Page, expect

from tests.stack.browser.conftest import SignIn
from tests.stack.browser.seeds import Seeds

MOST_NAVIGATIONS = 5
SECRET = "The kangaroo rash has come back."


def test_who_does_nothing_for_a_quarter_of_an_hour_is_signed_out(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow(SECRET)
    nurse = sign_in("nurse.kim", clock=True)
    nurse.open(ticket)
    nurse.says(SECRET)

    nurse.page.clock.fast_forward("14:30")
    warned = nurse.page.get_by_role("alertdialog", name="Are you still there?")
    expect(warned).to_be_visible()
    nurse.page.clock.fast_forward("01:00")

    nurse.says("You were signed out because nothing was touched for a while.")
    is_forgotten(nurse.page)
    # Not `go_back`, which waits until the page has loaded: it goes on to the sign-in at once.
    nurse.page.evaluate("() => { history.back(); }")
    asked_again = nurse.page.get_by_label("Password")
    expect(asked_again.or_(nurse.button("Sign in")).first).to_be_visible()
    nurse.page.wait_for_load_state("networkidle")
    is_forgotten(nurse.page)


def test_who_is_still_there_stays_signed_in(sign_in: SignIn, seeds: Seeds) -> None:
    ticket = seeds.sow(SECRET)
    nurse = sign_in("nurse.kim", clock=True)
    nurse.open(ticket)

    nurse.page.clock.fast_forward("14:30")
    nurse.button("Stay signed in").click()
    nurse.page.clock.fast_forward("02:00")

    expect(nurse.page.get_by_role("alertdialog")).to_be_hidden()
    nurse.says(SECRET)


def test_who_signs_out_leaves_nothing_and_must_say_who_they_are(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow(SECRET)
    nurse = sign_in("nurse.kim")
    nurse.open(ticket)
    nurse.page.get_by_label("Your reply", exact=True).fill("Dear Ms Marlow")

    nurse.button("Sign out").click()

    nurse.says("You have signed out.")
    is_forgotten(nurse.page)
    nurse.button("Sign in").click()
    expect(nurse.page.get_by_label("Password")).to_be_visible()
    nurse.untroubled()


def is_forgotten(page: Page) -> None:
    """Nothing of a patient stands in the page, nothing of the session in the tab."""
    shown, kept = shown_and_kept(page)
    for word in ("kangaroo", "Marlow", "mail.example"):
        assert word not in shown
        assert word not in kept
    assert "eyJ" not in kept


def shown_and_kept(page: Page) -> tuple[str, str]:
    """What stands in the page and in the tab. Signing out goes by Cognito's page and back: where
    that takes the page away meanwhile, it is read again.
    """
    for _ in range(MOST_NAVIGATIONS):
        try:
            kept = page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}])")
            return page.content(), kept
        except Error:
            page.wait_for_load_state("networkidle")
    raise AssertionError("the page never came to rest")
