"""Somebody at the console in a browser, and all that the browser noticed meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from triagewire.ticket import Ticket

SECONDS = 1_000
SIGN_IN = re.compile(r"/oauth2/|/login|/logout")


@dataclass
class Noticed:
    """What went on in a page besides what it shows. Playwright marks those who listen: no slots."""

    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Begin to notice."""
        page.on("request", self._asked)
        page.on("console", lambda said: self._complained(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._popped)

    def _asked(self, request: Request) -> None:
        self.addresses.append(request.url)

    def _complained(self, kind: str, words: str) -> None:
        # A refusal by the desk is a status of a request to Chromium, whatever the page makes of it.
        if kind == "error" and "the server responded with a status of" not in words:
            self.complaints.append(words)

    def _popped(self, dialog: Any) -> None:  # noqa: ANN401 not a type that Playwright exports here
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@dataclass(slots=True)
class Person:
    """A member of staff in front of the console."""

    member: str
    page: Page
    url: str
    noticed: Noticed = field(default_factory=Noticed)

    # Ways to somewhere

    def queue(self, team: str = "clinical", site: str = "riverside") -> None:
        """Go to a queue."""
        self.go(f"#/queues/{site}/{team}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def open(self, ticket: Ticket | str) -> None:
        """Go to a ticket."""
        own = ticket if isinstance(ticket, str) else ticket.id
        self.go(f"#/tickets/{own}")
        expect(self.page.locator("article.ticket")).to_contain_text(own[:6])

    def go(self, place: str) -> None:
        """Go anywhere in the console, as by a link."""
        self.page.evaluate("place => { location.hash = place }", place)

    # What is there

    def row(self, ticket: Ticket) -> Locator:
        """The row of a ticket in a list."""
        return self.page.locator(f'[role=row][data-ticket="{ticket.id}"]')

    def act(self, name: str) -> Locator:
        """An act of the ticket that is open."""
        acts = self.page.get_by_role("group", name="What you can do with this ticket")
        return acts.get_by_role("button", name=name)

    def button(self, name: str) -> Locator:
        """A button anywhere."""
        return self.page.get_by_role("button", name=name, exact=True)

    def says(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page says something."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    @contextmanager
    def asked(self) -> Iterator[Locator]:
        """The dialog that is open, until it is closed."""
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        yield dialog
        expect(dialog).to_be_hidden()

    def untroubled(self) -> None:
        """Nothing failed, nothing popped up and nothing was blocked."""
        assert self.noticed.complaints == []
        assert self.noticed.dialogs == []
