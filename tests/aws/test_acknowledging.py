"""The link of a notice, from the page that goes out to the one that says who has heard it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk import handler as desk
from tests.aws.clinic import Clinic
from tests.aws.deployment import LINK_KEY, LINK_URL
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import by_phone, by_portal
from tests.aws.test_desk_calls import a_request
from tests.builders import AT_NIGHT, LADDERS, MEMBERS, a_policy, a_requester, a_site, minutes
from triagewire.escalation.links import acknowledge_token
from triagewire.flow import looking
from triagewire.flow.policies import current_policy
from triagewire.ladder import Ladder, LadderStep, Tell
from triagewire.ledger.event import Action
from triagewire.ledger.event import Event as LedgerEvent
from triagewire.ticket import Ticket

KEY = LINK_KEY.encode()
LINK = re.compile(rf"{re.escape(LINK_URL)}(/acknowledge/\S+)")
BEN = a_requester(patient_id="MRN-9", name="Ben Marlow", email=None, phone=None)
BUTTON = '<form method="post"><button type="submit">Acknowledge</button></form>'


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser got."""

    status: int
    title: str
    html: str
    headers: dict[str, list[str]]

    @property
    def has_button(self) -> bool:
        """Whether the page offers to acknowledge."""
        return BUTTON in self.html


def fetch(method: str, path: str, at: datetime, **headers: str) -> Shown:
    """What API Gateway gets from the desk for somebody without a session."""
    request = a_request(None, method, path, at=at)
    request |= {"resource": "/acknowledge/{token}", "headers": headers}
    request["requestContext"]["authorizer"] = None
    answer: dict[str, Any] = desk.lambda_handler(request, SimpleNamespace(aws_request_id="r-1"))
    titled = re.search(r"<h1>(.*?)</h1>", answer["body"])
    return Shown(
        answer["statusCode"],
        titled[1] if titled else "",
        answer["body"],
        answer["multiValueHeaders"],
    )


def look(clinic: Clinic, path: str) -> Shown:
    """Open a link."""
    return fetch("GET", path, clinic.now)


def press(clinic: Clinic, path: str) -> Shown:
    """Press the button of its page, as a browser sends an empty form."""
    return fetch("POST", path, clinic.now, **{"content-type": "application/x-www-form-urlencoded"})


def link_of(clinic: Clinic, person: str, kind: str = "page") -> str:
    """The path of the link in the last notice of a kind to a person."""
    texts = [each["text"] for each in clinic.notices(kind) if each["person"] == person]
    found = LINK.search(texts[-1])
    assert found is not None, texts[-1]
    return found[1]


def path_for(clinic: Clinic, ticket: str, person: str) -> str:
    """The path of a link as it would be sent now."""
    return f"/acknowledge/{acknowledge_token(KEY, ticket, person, clinic.now + minutes(60))}"


def urgent_at_night(clinic: Clinic) -> str:
    """Chest pain at two in the morning: dr-okafor is paged."""
    clinic.now = AT_NIGHT
    return clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))


def last(clinic: Clinic, ticket: str) -> LedgerEvent:
    """The newest event of a ticket."""
    return clinic.ledger(ticket)[-1]


# The page of the link


def test_a_page_brings_a_link_that_shows_what_is_asked_of_whom(clinic: Clinic) -> None:
    ticket = urgent_at_night(clinic)
    clinic.now += minutes(3)

    shown = look(clinic, link_of(clinic, "dr-okafor"))

    assert (shown.status, shown.title, shown.has_button) == (200, "Have you heard?", True)
    for said in (
        f"<dd>{ticket}</dd>",
        "<dd>North Clinic, team clinical</dd>",
        "<dd>5, clinical urgent</dd>",
        "<dd>3 min</dd>",
        "<dd>Tue 03 Mar, 02:10 EST</dd>",
        "<dd>dr-okafor</dd>",
    ):
        assert said in shown.html


def test_the_page_holds_no_word_of_the_requester_and_no_script(clinic: Clinic) -> None:
    urgent_at_night(clinic)

    shown = look(clinic, link_of(clinic, "dr-okafor"))

    asker = a_requester()
    for word in (asker.name, asker.phone, asker.email, asker.patient_id, CHEST_PAIN, "chest"):
        assert word is not None
        assert word.lower() not in shown.html.lower()
    assert "<script" not in shown.html
    assert "http" not in shown.html.replace("https://desk.clinic.example", "")


def test_the_page_is_kept_framed_and_passed_on_by_nobody(clinic: Clinic) -> None:
    urgent_at_night(clinic)

    headers = look(clinic, link_of(clinic, "dr-okafor")).headers

    assert headers["Cache-Control"] == ["no-store"]
    assert headers["Referrer-Policy"] == ["no-referrer"]
    assert headers["X-Robots-Tag"] == ["noindex, nofollow"]
    assert headers["Content-Type"] == ["text/html; charset=utf-8"]
    (policy,) = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("kind", ["breach", "ladder"])
def test_who_hears_of_a_breach_can_acknowledge_it_too(clinic: Clinic, kind: str) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    for _ in range(40):
        clinic.sweep(clinic.now + minutes(10))
        if clinic.notices(kind):
            break
    told = clinic.notices(kind)[-1]["person"]

    shown = press(clinic, link_of(clinic, told, kind))

    assert (shown.status, shown.title) == (200, "You have acknowledged")
    assert clinic.ticket(ticket).escalation.acknowledged_by == told


def test_a_reminder_asks_nobody_to_acknowledge(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.pass_minutes(61)

    (reminder,) = clinic.notices("reminder")
    assert "acknowledge" not in reminder["text"]


# Acknowledging


def test_the_button_acknowledges_and_the_ledger_says_who_and_by_what(clinic: Clinic) -> None:
    ticket = urgent_at_night(clinic)
    clinic.now += minutes(2)

    shown = press(clinic, link_of(clinic, "dr-okafor"))

    told = clinic.ticket(ticket).escalation
    assert (told.acknowledged_by, told.acknowledged_at) == ("dr-okafor", clinic.now)
    assert (shown.status, shown.title, shown.has_button) == (200, "You have acknowledged", False)
    assert "The messages begin again Tue 03 Mar, 03:02 EST unless" in shown.html
    event = last(clinic, ticket)
    assert (event.action, event.actor) == (Action.ACKNOWLEDGED, "staff:dr-okafor")
    assert event.detail["means"] == "link"


def test_the_link_ends_the_pages_and_answers_nobody(clinic: Clinic) -> None:
    ticket = urgent_at_night(clinic)
    before = clinic.ticket(ticket)

    press(clinic, link_of(clinic, "dr-okafor"))
    clinic.pass_minutes(9)

    after = clinic.ticket(ticket)
    assert clinic.paged() == ["dr-okafor"]
    assert (after.clock, after.responded_at, after.status) == (
        before.clock,
        None,
        before.status,
    )


def test_pressing_twice_does_it_once(clinic: Clinic) -> None:
    ticket = urgent_at_night(clinic)
    link = link_of(clinic, "dr-okafor")
    press(clinic, link)
    before = clinic.ticket(ticket)
    clinic.now += minutes(1)

    shown = press(clinic, link)

    assert (shown.status, shown.title) == (200, "You have acknowledged")
    assert clinic.ticket(ticket) == before


def test_who_comes_second_is_told_who_was_first(clinic: Clinic) -> None:
    ticket = urgent_at_night(clinic)
    clinic.pass_minutes(5)
    press(clinic, link_of(clinic, "nora"))

    looked, pressed = (act(clinic, link_of(clinic, "dr-okafor")) for act in (look, press))

    assert looked.title == pressed.title == "Already acknowledged by nora"
    assert (pressed.status, pressed.has_button) == (200, False)
    assert clinic.ticket(ticket).escalation.acknowledged_by == "nora"


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = urgent_at_night(clinic)
    clinic.pass_minutes(5)
    real, rivals = looking.visible_ticket, [link_of(clinic, "nora")]

    def read_then_rival(*arguments: Any, **named: Any) -> Ticket:  # noqa: ANN401 passed on
        found = real(*arguments, **named)
        if rivals:
            press(clinic, rivals.pop())
        return found

    monkeypatch.setattr("triagewire.flow.acting.visible_ticket", read_then_rival)

    shown = press(clinic, link_of(clinic, "dr-okafor"))

    assert (shown.status, shown.title) == (200, "Already acknowledged by nora")
    assert clinic.actions(ticket).count(Action.ACKNOWLEDGED) == 1


def test_those_who_were_paged_hear_that_somebody_has_it_with_the_next_sweep(
    clinic: Clinic,
) -> None:
    urgent_at_night(clinic)
    clinic.pass_minutes(5)
    assert clinic.paged() == ["dr-okafor", "nora"]

    press(clinic, link_of(clinic, "nora"))
    clinic.pass_minutes(3)

    (heard,) = clinic.notices("acknowledged")
    assert (heard["person"], "acknowledged by nora" in heard["text"]) == ("dr-okafor", True)


def test_a_page_that_nobody_works_on_comes_again_with_a_link_that_works(clinic: Clinic) -> None:
    ticket = urgent_at_night(clinic)
    press(clinic, link_of(clinic, "dr-okafor"))
    clinic.pass_minutes(61)

    assert clinic.paged().count("dr-okafor") == 2
    shown = press(clinic, link_of(clinic, "dr-okafor"))

    assert shown.title == "You have acknowledged"
    assert clinic.ticket(ticket).escalation.acknowledged_at == clinic.now


def test_where_everyone_is_asked_the_page_says_who_is_still_awaited(clinic: Clinic) -> None:
    everyone = Ladder(steps=(LadderStep(tell=Tell.TEAM, everyone=True),), wait_minutes=5)
    clinic.publish(a_policy(site=a_site(ladders=replace(LADDERS, urgent=everyone))))
    ticket = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    assert {"nick", "nell", "rhea"} == set(clinic.paged())

    first = press(clinic, link_of(clinic, "nick"))
    assert first.title == "You have acknowledged"
    assert "Still awaited:" in first.html
    assert clinic.ticket(ticket).escalation.acknowledged_at is None
    clinic.pass_minutes(5)
    assert clinic.paged().count("nick") == 1
    assert clinic.paged().count("nell") == clinic.paged().count("rhea") == 2

    press(clinic, link_of(clinic, "nell"))
    press(clinic, link_of(clinic, "rhea"))

    assert clinic.ticket(ticket).escalation.acknowledged_by == "rhea"


# Programs that try links


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_program_that_tries_a_link_acknowledges_nothing_and_leaves_no_trace(
    clinic: Clinic, method: str
) -> None:
    ticket = urgent_at_night(clinic)
    before, ledger = clinic.ticket(ticket), clinic.ledger(ticket)
    scanner = {"user-agent": "Mozilla/5.0 (compatible; SafeLinks)", "purpose": "prefetch"}

    shown = fetch(method, link_of(clinic, "dr-okafor"), clinic.now, **scanner)

    assert shown.status == 200
    assert (clinic.ticket(ticket), clinic.ledger(ticket)) == (before, ledger)
    assert method == "GET" or shown.html == ""


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_link_is_looked_at_or_pressed_and_nothing_else(clinic: Clinic, method: str) -> None:
    ticket = urgent_at_night(clinic)

    shown = fetch(method, link_of(clinic, "dr-okafor"), clinic.now)

    assert shown.status == 404
    assert clinic.ticket(ticket).escalation.acknowledged_at is None


# Links that do not hold


def an_hour_later(clinic: Clinic, path: str) -> str:
    """The same link, when it is too old."""
    clinic.now += minutes(60)
    return path


def forged(clinic: Clinic, _path: str) -> str:
    """A link for this very ticket that somebody without the key has made."""
    token = acknowledge_token(b"x" * 64, clinic.newest(), "nora", clinic.now + minutes(60))
    return f"/acknowledge/{token}"


TRICKS: dict[str, Callable[[Clinic, str], str]] = {
    "too old": an_hour_later,
    "of another key": forged,
    "cut off": lambda _clinic, path: path[:-6],
    "with a letter changed": lambda _clinic, path: path[:-9] + "AAAA" + path[-5:],
    "made up": lambda _clinic, _path: "/acknowledge/" + "A" * 60,
    "much too long": lambda _clinic, _path: "/acknowledge/" + "A" * 5000,
    "another tongue": lambda _clinic, _path: "/acknowledge/página",
    "a ticket's id": lambda clinic, _path: f"/acknowledge/{clinic.newest()}",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_link_that_does_not_hold_says_what_to_do_and_does_nothing(
    clinic: Clinic, trick: str
) -> None:
    ticket = urgent_at_night(clinic)
    bad = TRICKS[trick](clinic, link_of(clinic, "dr-okafor"))
    before = clinic.ticket(ticket)

    pages = {(shown.status, shown.html) for shown in (look(clinic, bad), press(clinic, bad))}

    ((status, html),) = pages
    assert (status, BUTTON in html, ticket in html) == (404, False, False)
    assert "Use the link of the newest message" in html
    assert clinic.ticket(ticket) == before


def test_every_link_that_does_not_hold_looks_the_same(clinic: Clinic) -> None:
    urgent_at_night(clinic)
    link = link_of(clinic, "dr-okafor")

    assert len({look(clinic, trick(clinic, link)).html for trick in TRICKS.values()}) == 1


# Who may


def without(clinic: Clinic, **changed: Any) -> None:  # noqa: ANN401 members of any shape, or None
    """A policy in which some members are gone or otherwise."""
    found = MEMBERS | changed
    members = {name: member for name, member in found.items() if member is not None}
    clinic.publish(a_policy(site=a_site(members=members)))
    current_policy.cache_clear()


@pytest.mark.parametrize(
    "now_is",
    [
        pytest.param(None, id="gone from the roster"),
        pytest.param(replace(MEMBERS["nick"], teams=("billing",)), id="in another team"),
    ],
)
def test_who_may_not_work_on_the_ticket_any_more_is_refused_and_recorded(
    clinic: Clinic, now_is: object
) -> None:
    ticket = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    link = path_for(clinic, ticket, "nick")
    without(clinic, nick=now_is)
    before = clinic.ledger(ticket)

    looked = look(clinic, link)
    assert clinic.ledger(ticket) == before
    pressed = press(clinic, link)

    assert (looked.status, pressed.status) == (403, 403)
    assert pressed.title == "This ticket is not yours any more"
    assert ticket not in pressed.html
    event = last(clinic, ticket)
    assert (event.action, event.actor) == (Action.DENIED, "staff:nick")
    assert clinic.ticket(ticket).escalation.acknowledged_at is None


def test_a_link_of_one_site_opens_no_ticket_of_another(clinic: Clinic) -> None:
    south = replace(MEMBERS["nick"], name="Nick of West")
    policy = a_policy(site=a_site(members={k: v for k, v in MEMBERS.items() if k != "nick"}))
    west = replace(policy.sites["west"], members={**MEMBERS, "nick": south})
    clinic.publish(replace(policy, sites={**policy.sites, "west": west}))
    ticket = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    shown = press(clinic, path_for(clinic, ticket, "nick"))

    assert (shown.status, ticket in shown.html) == (403, False)
    assert clinic.ticket(ticket).escalation.acknowledged_at is None


def test_the_link_of_one_ticket_leaves_another_alone(clinic: Clinic) -> None:
    first = urgent_at_night(clinic)
    link = link_of(clinic, "dr-okafor")
    clinic.now += minutes(3)
    second = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-2", who=BEN))

    press(clinic, link)

    assert clinic.ticket(first).escalation.acknowledged_by == "dr-okafor"
    assert clinic.ticket(second).escalation.acknowledged_at is None


def test_the_link_of_a_ticket_that_is_not_there_is_refused(clinic: Clinic) -> None:
    shown = press(clinic, path_for(clinic, "A" * 26, "nora"))

    assert shown.status == 403


# Tickets that have gone on


def test_the_link_of_a_merged_ticket_acknowledges_the_one_that_stands_for_it(
    clinic: Clinic,
) -> None:
    survivor = urgent_at_night(clinic)
    clinic.now += minutes(2)
    merged = clinic.take(by_phone(CHEST_PAIN, clinic.now, "call-1"))
    assert clinic.ticket(merged).merged_into == survivor

    shown = press(clinic, path_for(clinic, merged, "dr-okafor"))

    assert (shown.title, survivor in shown.html) == ("You have acknowledged", True)
    assert clinic.ticket(survivor).escalation.acknowledged_by == "dr-okafor"


@pytest.mark.parametrize("act", [look, press])
def test_of_a_resolved_ticket_there_is_nothing_to_acknowledge(
    clinic: Clinic, act: Callable[[Clinic, str], Shown]
) -> None:
    ticket = urgent_at_night(clinic)
    link = link_of(clinic, "dr-okafor")
    clinic.resolve(ticket, "nora")
    before = clinic.ticket(ticket)

    shown = act(clinic, link)

    assert (shown.status, shown.title) == (200, "There is nothing to acknowledge")
    assert ("The ticket is resolved." in shown.html, shown.has_button) == (True, False)
    assert clinic.ticket(ticket) == before


# Faults


def test_what_fails_on_our_side_says_so_and_can_be_pressed_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = urgent_at_night(clinic)
    link = link_of(clinic, "dr-okafor")
    with monkeypatch.context() as broken:
        broken.setattr("triagewire.flow.context.commit", _fails)
        failed = press(clinic, link)

    shown = press(clinic, link)

    assert (failed.status, failed.title) == (500, "Not acknowledged")
    assert CHEST_PAIN not in failed.html
    assert (shown.status, shown.title) == (200, "You have acknowledged")
    assert clinic.actions(ticket).count(Action.ACKNOWLEDGED) == 1


def test_a_page_goes_out_although_the_key_of_its_link_cannot_be_read(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triagewire.telling.link_key", _fails)

    urgent_at_night(clinic)

    assert clinic.paged() == ["dr-okafor"]
    assert "acknowledge" not in clinic.notices("page")[0]["text"]


def _fails(*_: object) -> None:
    raise ConnectionError(CHEST_PAIN)
