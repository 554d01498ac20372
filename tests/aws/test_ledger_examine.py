"""`triagewire ledger examine`: what a month's copies say of who looked at what."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine

from ops import ledger_examine as command
from ops.cli import main
from tests.aws.clinic import Clinic
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.reachable import a_stack
from tests.aws.said import REFILL
from tests.aws.senders import by_portal
from tests.builders import MEMBERS, a_policy, a_requester, a_site, minutes
from triagewire import aws
from triagewire.access import Principal
from triagewire.arrival import RequesterKind
from triagewire.errors import NotFoundError
from triagewire.flow import policies
from triagewire.flow.context import Context
from triagewire.flow.looking import open_ticket
from triagewire.ladder import Way
from triagewire.ledger.copies import batch, copy_key
from triagewire.ledger.event import Action
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk

type Examine = Callable[..., tuple[int, str]]
MONTH = "2026-03"
NORA = "staff:nora"


@pytest.fixture
def locked(clinic: Clinic) -> Iterator[Locked]:
    """A clinic with its locked bucket."""
    with locking(clinic) as locked:
        yield locked


@pytest.fixture
def examine(
    locked: Locked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Examine:
    """Copy what there is, and run the command at the clinic's time."""
    stack = a_stack(AuditBucketName=BUCKET)
    monkeypatch.setattr(command, "deployed", lambda _name: stack)
    monkeypatch.setattr("ops.deployed.operator", lambda: "ana")

    def run(*arguments: str) -> tuple[int, str]:
        locked.copy()
        capsys.readouterr()
        with time_machine.travel(locked.clinic.now, tick=False):
            code = main(["ledger", "examine", *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def look(clinic: Clinic, ticket: str, who: str) -> None:
    """Let somebody open a ticket, if they may."""
    policy = policies.current_policy().get()
    context = Context(
        tables=aws.tables(), policy=policy, now=clinic.now, actor=f"staff:{who}", request_id="r-1"
    )
    open_ticket(context, Principal(id=who, policy=policy.policy), ticket)


def test_who_looked_after_hours_and_who_was_refused_is_named(
    locked: Locked, examine: Examine
) -> None:
    clinic = locked.clinic
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    with pytest.raises(NotFoundError):
        look(clinic, ticket, "pia")
    clinic.now += minutes(60 * 14)
    look(clinic, ticket, "nick")

    code, said = examine("--month", MONTH)

    assert code == 0
    assert "nick, staff" in said
    assert "looked while the site was closed, not on call" in said
    assert "tried what they may not" in said


def test_who_opens_a_request_of_their_own_is_named(locked: Locked, examine: Examine) -> None:
    clinic = locked.clinic
    nick = replace(MEMBERS["nick"], ways={Way.EMAIL: "Nick@clinic.example"})
    north = a_site(members={**MEMBERS, "nick": nick})
    clinic.publish(replace(a_policy(), sites={**a_policy().sites, "north": north}))
    policies.current_policy.cache_clear()
    who = a_requester(kind=RequesterKind.STAFF, email="nick@clinic.example")
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1", who=who))

    look(clinic, ticket, "nick")
    look(clinic, ticket, "nell")

    views = [e for e in read_events(aws.tables(), ticket_pk(ticket)) if e.action is Action.VIEWED]
    assert [view.detail.get("own") for view in views] == [True, None]
    assert "opened requests that they had made themselves" in examine("--month", MONTH)[1]


def test_that_somebody_examined_is_in_the_ledger(examine: Examine) -> None:
    examine("--month", MONTH, "--site", "north")

    *_, last = read_events(aws.tables(), "POLICY")
    assert (last.action, last.actor) == (Action.EXAMINED, "administrator:ana")
    assert last.detail == {"month": MONTH, "site": "north"}


def test_what_somebody_put_among_the_copies_is_named_and_hides_nobody(
    locked: Locked, examine: Examine
) -> None:
    look(locked.clinic, locked.clinic.take(by_portal(REFILL, locked.clinic.now, "evt-1")), "nora")
    (view,) = (each for each in locked.clinic.ledger(locked.clinic.newest()) if each.actor == NORA)
    hidden = batch([replace(view, actor="staff:somebody"), replace(view, hash="no hash")])
    for body in (b"no line of ours\n", hidden):
        locked.box.put_once(copy_key(locked.clinic.now - minutes(1), body), body)

    code, said = examine("--month", MONTH)

    assert code == 1
    assert "line 1 is no event (events/" in said
    assert "line 1 was altered (events/" in said
    assert "line 2 was altered (events/" in said
    assert "1 people" in said


def test_the_files_have_a_page_and_three_tables(
    locked: Locked, examine: Examine, tmp_path: Path
) -> None:
    locked.clinic.take(by_portal(REFILL, locked.clinic.now, "evt-1"))
    folder = tmp_path / "march"

    examine("--month", MONTH, "--out", str(folder))

    names = {each.name for each in folder.iterdir()}
    assert names == {"examination.html", "people.csv", "findings.csv", "changes.csv"}
    assert REFILL not in "".join(each.read_text(encoding="utf-8") for each in folder.iterdir())


@pytest.mark.parametrize("month", ["march", "2026-13", "2026"])
def test_what_is_no_month_is_refused(examine: Examine, month: str) -> None:
    code, said = examine("--month", month)

    assert code == 1
    assert said.startswith("--month: is no month")
