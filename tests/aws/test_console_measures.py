"""The measures of a site in Debian's chromium: the console's own files and the desk's real handler,
over a bucket in memory, without a stack.
"""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.aws.over_http import a_token, desk_app
from tests.aws.test_desk_calls import NORTH, WEST, Desk, a_desk, the_policy
from tests.builders import MONDAY_MORNING, a_ticket
from tests.measured import Reports
from tests.reported import (
    MISROUTES,
    NAME,
    TICKETS,
    WEEK,
    a_report,
    a_week,
    empty_report,
    put,
    with_reports,
)
from tests.stack.browser.person import Noticed
from tests.stack.browser.test_accessible import PHONE, small, violations
from triagewire.measures.encoded import Filed
from triagewire.measures.report import Trust

BROKEN = Trust(
    until=datetime(2026, 2, 12, 6, 5, tzinfo=UTC),
    checkpoint=1400,
    faults=("checkpoint 1401 is not signed by our key",),
    waiting=3,
)
WAIT = 40_000
"""Milliseconds: two busy cores."""
RAW_KEY = re.compile(r"\bmeasures?\.[a-z_]+")
"""The key of a word that the console does not have."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Say nothing of each request."""


@dataclass(slots=True)
class Opened:
    """The console with somebody in front of it."""

    page: Page
    noticed: Noticed
    url: str

    def go(self, place: str) -> None:
        """Go to a place and wait until it is drawn."""
        self.page.goto(f"{self.url}/console{place}")
        expect(self.page.locator("main h1")).to_be_visible()

    @property
    def main(self) -> Locator:
        """What stands below the header."""
        return self.page.locator("main")

    def card(self, measure: str) -> Locator:
        """The card of a measure."""
        return self.page.locator(f'.headline[data-measure="{measure}"]')


type OpenAs = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Where there is none, what needs it is left out."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium here: apt-get install chromium")
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Desk, Reports]]:
    """A desk with a week of reports, one of an empty week, and one of a broken ledger."""
    with a_desk(a_ticket(id=TICKETS[0])) as desk, with_reports("north", "_group") as box:
        policy = the_policy()
        west = replace(policy.sites["west"], members=WEST | {"nora": NORTH["nora"]})
        desk.publish(replace(policy, sites={**policy.sites, "west": west}))
        empty = Filed[Any](report=empty_report(WEEK.before))
        put(box, "reports/north/weekly/2026-W08", empty)
        broken = replace(a_report(WEEK.before.before), trust=BROKEN)
        put(box, "reports/north/weekly/2026-W07", Filed[Any](report=broken))
        put(box, "reports/north/weekly/2024-W50", a_week())
        server = make_server("127.0.0.1", 0, desk_app(MONDAY_MORNING), handler_class=_Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", desk, box
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_as(browser: Browser, served: tuple[str, Desk, Reports]) -> Iterator[OpenAs]:
    """Open the console as a member who has signed in, in a browser of their own."""
    contexts = []

    def opened(member: str = "nora", place: str = "#/measures/north", **options: Any) -> Opened:  # noqa: ANN401
        usual = {"locale": "en-US", "reduced_motion": "reduce"}
        context = browser.new_context(**(usual | options))
        contexts.append(context)
        session = json.dumps({"id_token": a_token(member), "refresh_token": "r", "until": 9e12})
        context.add_init_script(
            f"sessionStorage.setItem('triagewire.session', {json.dumps(session)})"
        )
        page, noticed = context.new_page(), Noticed()
        noticed.listen(page)
        found = Opened(page, noticed, served[0])
        found.go(place)
        return found

    yield opened
    for each in contexts:
        each.close()


def unfold(page: Page, what: str) -> None:
    """Open what is folded."""
    page.locator(what).evaluate_all("(all) => all.forEach((each) => { each.open = true; })")


def test_a_lead_reads_the_week_with_units_targets_and_what_to_do(open_as: OpenAs) -> None:
    lead = open_as()

    expect(lead.main.get_by_role("status")).to_contain_text("Week 9 of 2026")
    expect(lead.page.locator(".trust")).to_contain_text("all of it verifies")
    expect(lead.page.locator(".headline")).to_have_count(5)
    expect(lead.card("first_response")).to_contain_text("34 min")
    expect(lead.card("first_response")).to_contain_text("nine of ten within 1 h 31 min")
    expect(lead.card("misroutes")).to_contain_text("4.3%")
    expect(lead.card("misroutes")).to_contain_text("1.3 points less than the time before: better")
    expect(lead.card("misroutes")).to_contain_text("Target below 3%: missed")
    expect(lead.card("satisfaction")).to_contain_text("Target at least 4 of 5: kept")
    expect(lead.card("triage_hours")).to_contain_text("0.5 h a calendar day")
    finding = lead.page.locator(f'[data-finding="{MISROUTES.id}"]')
    expect(finding).to_contain_text("14 of 38 (36.8%)")
    finding.get_by_text("Open tickets: 3 of 14").click()
    expect(finding.get_by_role("link", name=TICKETS[1])).to_have_attribute(
        "href", f"#/tickets/{TICKETS[1]}"
    )
    finding.get_by_text("The change that it suggests").click()
    expect(finding.locator("pre").first).to_contain_text("to: pharmacy")
    expect(finding).to_contain_text("13 would have gone right by it, and 1 that went right")
    expect(finding.locator("pre").last).to_contain_text(
        f"triagewire trends draft {MISROUTES.id} --week {NAME}"
    )
    assert lead.noticed.complaints == []


def test_days_weeks_and_measures_are_chosen_with_keys_alone(open_as: OpenAs) -> None:
    lead = open_as()
    which, kind = lead.page.get_by_label("Which"), lead.page.get_by_label("Show")
    one = lead.page.get_by_label("Measure", exact=True)
    expect(lead.page.locator(".plot-days")).to_contain_text("Mon 23")

    one.focus()
    lead.page.keyboard.type("Tickets that went to the wrong")
    expect(lead.page.locator(".plot")).to_contain_text("4.4%")
    kind.focus()
    lead.page.keyboard.press("ArrowDown")
    expect(lead.main.get_by_role("status")).to_contain_text("Sun, Mar 1, 2026")
    expect(kind).to_be_focused()
    expect(lead.page.locator(".findings")).to_have_count(0)
    which.focus()
    lead.page.keyboard.press("ArrowDown")

    expect(lead.main.get_by_role("status")).to_contain_text("Sat, Feb 28, 2026")
    expect(which).to_be_focused()
    assert lead.page.url.endswith("#/measures/north?kind=daily&name=2026-02-28")


def test_older_reports_come_when_they_are_asked_for(open_as: OpenAs) -> None:
    lead = open_as()
    options = lead.page.get_by_label("Which").locator("option")
    expect(options).to_have_count(3)

    lead.page.get_by_role("button", name="Older ones").click()

    expect(options).to_have_count(4)
    expect(lead.page.get_by_role("button", name="Older ones")).to_be_hidden()
    lead.page.get_by_label("Which").select_option("2024-W50")
    expect(lead.page.locator(".headline")).to_have_count(5)


def test_a_ledger_that_does_not_verify_stands_before_every_figure(open_as: OpenAs) -> None:
    lead = open_as(place="#/measures/north?name=2026-W07")

    first = lead.page.locator(".measures > *").first
    expect(first).to_contain_text("The ledger does not verify")
    expect(first).to_contain_text(BROKEN.faults[0])
    expect(lead.main).to_contain_text("3 events wait for others before them")


def test_a_week_without_tickets_and_a_site_without_reports_say_so(open_as: OpenAs) -> None:
    lead = open_as(place="#/measures/north?name=2026-W08")
    expect(lead.main).to_contain_text("No tickets in this time: there is nothing to measure.")
    expect(lead.page.locator(".headline")).to_have_count(0)

    lead.page.get_by_label("Site").select_option("west")
    lead.page.get_by_role("link", name="Measures").click()

    expect(lead.main).to_contain_text("No report yet")
    lead.page.get_by_label("Show").select_option("daily")
    expect(lead.main).to_contain_text("the first daily one is made tomorrow morning")


def test_the_reports_of_all_sites_are_one_step_away(open_as: OpenAs) -> None:
    lead = open_as()

    lead.page.get_by_role("link", name="All sites together").click()

    expect(lead.main.get_by_role("link", name="North Clinic")).to_be_visible()
    expect(lead.page.locator(".headline")).to_have_count(5)


def test_a_report_is_saved_as_a_file(open_as: OpenAs, served: tuple[str, Desk, Reports]) -> None:
    lead = open_as()

    with lead.page.expect_download() as saved:
        lead.page.get_by_role("button", name="Take as PDF").click()

    assert saved.value.suggested_filename == f"north-weekly-{NAME}.pdf"
    assert saved.value.path().read_bytes() == served[2].bodies[f"reports/north/weekly/{NAME}.pdf"]


@pytest.mark.parametrize(("locale", "scheme"), [("en-US", "dark"), ("es-ES", "light")])
def test_nothing_is_wider_than_a_phone_and_axe_finds_nothing(
    open_as: OpenAs, locale: str, scheme: str
) -> None:
    lead = open_as(
        viewport=PHONE, has_touch=True, is_mobile=True, locale=locale, color_scheme=scheme
    )
    expect(lead.page.locator(".headline")).to_have_count(5)

    unfold(lead.page, ".card details, .theme:first-of-type")
    assert violations(lead.page) == []
    unfold(lead.page, "details")
    assert lead.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert small(lead.page) == []
    assert RAW_KEY.findall(lead.main.inner_text()) == []
    assert lead.noticed.complaints == []


def test_an_agent_is_offered_no_measures_and_gets_none(open_as: OpenAs) -> None:
    agent = open_as("nick")

    expect(agent.page.get_by_role("heading", name="Not here")).to_be_visible()
    expect(agent.page.get_by_role("link", name="Measures")).to_have_count(0)
