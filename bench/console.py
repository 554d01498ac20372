"""How long staff wait for their queue: the console in Debian's chromium, signed in, on the embedded
stack with 5,000 open tickets of one team.

What is timed is the browser's own time from the begin of a navigation to the first row on the
screen, with its cache as it is between two loads; and how long the desk took for the page of the
queue.

    python -m bench.console
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from playwright.sync_api import Page, sync_playwright

from local.demo.desk import Desk
from local.demo.facts import percentile
from local.demo.world import World, furnish
from local.stack import session
from local.stack.emulator import ROOT
from tests.builders import a_stamp, a_ticket, a_verdict, an_entry
from triagewire.ids import ticket_id
from triagewire.store.table import commit
from triagewire.store.tickets import Change, changed

SITE, TEAM, NURSE = "riverside", "clinical", "nurse.kim"
OPEN = 5_000
MOST_SECONDS = 1.0
PARALLEL = 8
PATIENCE_MS = 60_000
WATCH = """
new MutationObserver((_changes, watcher) => {
  if (!document.querySelector('tr[data-ticket]')) return;
  watcher.disconnect();
  requestAnimationFrame(() => { window.shownAt = performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""
"""Notes when the first row is about to be painted, in milliseconds since the navigation began."""
SHOWN_AT = """
() => new Promise((done) => {
  const look = () => (window.shownAt ? done(window.shownAt) : setTimeout(look, 5));
  look();
})
"""
DESK_CALLS = """
() => performance.getEntriesByType('resource')
    .filter((each) => each.name.includes('/desk/queues/'))
    .map((each) => each.duration)
"""


def main(arguments: list[str] | None = None) -> int:
    """Print the spread; exit code 1 when the middle of the loads is over the limit."""
    parser = argparse.ArgumentParser(prog="bench.console", description=__doc__.split("\n")[0])
    parser.add_argument("--loads", type=int, default=20, help="how often the page is loaded")
    parser.add_argument("--tickets", type=int, default=OPEN, help="how many are open")
    given = parser.parse_args(arguments)
    found = shutil.which("chromium")
    if found is None:
        print("bench.console: no chromium here: apt-get install chromium", file=sys.stderr)
        return 1
    with session.running(lambda _step: None, ROOT / "build" / "bench-stack") as stack:
        world = furnish(stack, datetime.now(UTC))
        _fill(world, given.tickets)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            page = browser.new_context(ignore_https_errors=True).new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.add_init_script(WATCH)
            _sign_in(page, world)
            seen = [_loaded(page) for _ in range(given.loads + 1)][1:]
            browser.close()
    shown, asked = ([each[place] / 1_000 for each in seen] for place in (0, 1))
    _print(f"first row with {given.tickets:,} open", shown)
    _print("of which the page of the queue", asked)
    return 0 if percentile(shown, 50) < MOST_SECONDS else 1


def _fill(world: World, count: int) -> None:
    """Put open tickets into one queue, of every urgency and age."""
    now = datetime.now(UTC)

    def put(number: int) -> None:
        at = now - timedelta(minutes=number % 4_000)
        ticket = a_ticket(
            a_verdict(2 + number % 4),
            at,
            world.site(SITE),
            id=ticket_id(SITE, "portal", token_hex()),
            team=TEAM,
        )
        change = Change(
            before=None, after=replace(ticket, site=SITE, version=0), entries=(an_entry(),)
        )
        commit(world.tables, changed(world.tables, change, a_stamp(at))[1])

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(put, range(count)))


def _sign_in(page: Page, world: World) -> None:
    password = Desk(world).password_of(NURSE)
    page.goto(f"{world.url}/console#/queues/{SITE}/{TEAM}")
    page.get_by_label("Username").fill(NURSE)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.locator("tr[data-ticket]").first.wait_for()


def _loaded(page: Page) -> tuple[float, float]:
    """Load the page again: milliseconds until the first row, and of the call that brought it."""
    page.reload()
    page.locator("tr[data-ticket]").first.wait_for()
    shown: float = page.evaluate(SHOWN_AT)
    calls: list[float] = page.evaluate(DESK_CALLS)
    return shown, calls[0]


def _print(what: str, seconds: Sequence[float]) -> None:
    low, middle, high = min(seconds), percentile(seconds, 50), percentile(seconds, 95)
    print(f"{what:<36} p50 {middle:5.2f} s  p95 {high:5.2f} s  best {low:5.2f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
