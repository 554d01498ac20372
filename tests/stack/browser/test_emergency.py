"""Emergency access at the console: by keys alone, seen on every page, and gone with one key."""

import re

from playwright.sync_api import expect

from tests.stack.browser.conftest import SignIn
from tests.stack.browser.seeds import Seeds
from tests.stack.browser.test_accessible import PHONE, small, violations

LEFT = re.compile(r"(60|5\d) min")


def test_a_lead_of_another_clinic_opens_one_site_by_keys_alone_and_leaves_it_again(
    sign_in: SignIn, seeds: Seeds
) -> None:
    ticket = seeds.sow("My chest hurts.", score=5)
    lead = sign_in("nurse.abara")
    press = lead.page.keyboard.press
    banner = lead.page.get_by_role("region", name="Emergency access")
    expect(lead.button("Emergency access")).to_be_visible()

    lead.button("Emergency access").focus()
    press("Enter")
    with lead.asked() as dialog:
        assert violations(lead.page) == []
        dialog.get_by_label("Nobody of the site can be reached").focus()
        press("Space")
        press("Control+Enter")
    expect(banner).to_contain_text(LEFT)
    lead.open(ticket)
    expect(banner).to_be_visible()
    expect(lead.act("Claim")).to_have_attribute("aria-disabled", "true")
    for scheme in ("light", "dark"):
        lead.page.emulate_media(color_scheme=scheme)
        assert violations(lead.page) == []

    banner.get_by_role("button").focus()
    press("Enter")

    expect(banner).to_have_count(0)
    lead.go(f"#/tickets/{ticket.id}")
    expect(lead.page.get_by_role("heading", name="Not here")).to_be_visible()
    lead.untroubled()


def test_its_bar_fits_a_telephone(sign_in: SignIn) -> None:
    lead = sign_in("nurse.abara", viewport=PHONE, has_touch=True, is_mobile=True)
    lead.button("Menu").click()
    lead.button("Emergency access").click()
    with lead.asked() as dialog:
        dialog.get_by_label("Disaster").check()
        lead.button("Open it and tell the leads").click()

    expect(lead.page.get_by_role("region", name="Emergency access")).to_be_visible()
    assert lead.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert small(lead.page) == []
    lead.button("End it now").click()
    lead.untroubled()
