"""The console on the embedded stack, in Debian's chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from local.demo.desk import Desk
from local.demo.world import World
from tests.stack.browser.person import SECONDS, Noticed, Person
from tests.stack.browser.seeds import Seeds

WAIT = 40 * SECONDS
"""Two busy cores, and functions that start cold."""

COLD = 180 * SECONDS
"""The first load of all: its twenty files start as many functions, which two cores do in turn."""

type SignIn = Callable[..., Person]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Where there is none and none can be had, what needs it is left out."""
    found = shutil.which("chromium")
    if found is None:
        assert "CI" not in os.environ, "continuous integration tries the console: install chromium"
        pytest.skip("no chromium here: apt-get install chromium")
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def console(world: World) -> str:
    """Where the console is."""
    return f"{world.url}/console"


@pytest.fixture
def seeds(world: World, morning: datetime) -> Seeds:
    """Puts tickets onto the tables, on a morning."""
    return Seeds(world, morning)


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Fresh browsers, as of people on machines of their own."""
    opened: list[BrowserContext] = []

    def fresh(**options: object) -> BrowserContext:
        usual = {"ignore_https_errors": True, "locale": "en-US", "reduced_motion": "reduce"}
        context = browser.new_context(**(usual | options))  # type: ignore[arg-type]
        context.set_default_timeout(WAIT)
        opened.append(context)
        return context

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def sign_in(contexts: Callable[..., BrowserContext], desk: Desk, console: str) -> SignIn:
    """Let a member of staff sign in at the hosted page, in a browser of their own."""

    def signed_in(
        member: str, place: str = "", *, clock: bool = False, **options: object
    ) -> Person:
        page = contexts(**options).new_page()
        if clock:
            page.clock.install()
        person = Person(member, page, console, Noticed())
        person.noticed.listen(page)
        page.goto(console + place, timeout=COLD)
        fill_in(page, member, desk.password_of(member))
        expect(page.locator(".who")).to_be_attached()
        return person

    return signed_in


def fill_in(page: Page, member: str, password: str) -> None:
    """Say who one is on the sign-in page."""
    page.get_by_label("Username").fill(member)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
