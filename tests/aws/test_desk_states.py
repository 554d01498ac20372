"""Every action of the desk against every state of a ticket: done, or refused with that state."""

from collections.abc import Iterator, Mapping

import pytest

from tests.aws.test_desk_calls import Desk, a_desk
from tests.builders import MONDAY_MORNING, a_new_ticket, a_ticket, a_verdict, for_review, minutes
from triagewire.states import TRANSITIONS
from triagewire.ticket import AT_WORK, Status, Ticket

OWNER = "director"
"""An administrator, who may work on tickets of no team too."""
STARTED = AT_WORK | {Status.WAITING}
ALLOWED: Mapping[str, frozenset[Status]] = {
    "claim": STARTED,
    "accept": AT_WORK,
    "respond": STARTED,
    "wait": AT_WORK,
    "resume": frozenset({Status.WAITING}),
    "acknowledge": AT_WORK,
    "reassign": STARTED,
    "decide": STARTED,
    "note": STARTED | {Status.NEW, Status.RESOLVED},
    "rescore": STARTED,
    "merge": STARTED,
    "resolve": STARTED,
    "reopen": frozenset({Status.RESOLVED}),
}
FIELDS: Mapping[str, Mapping[str, object]] = {
    "respond": {"how": "called"},
    "wait": {"waiting_for": "payer"},
    "reassign": {"reason": "workload", "member": "nell"},
    "decide": {"score": 4, "team": "clinical"},
    "note": {"text": "Called twice, no answer."},
    "rescore": {"score": 3},
    "resolve": {"outcome": "done"},
    "reopen": {"reason": "not_finished"},
}
VERDICTS = {"acknowledge": a_verdict(5), "decide": for_review(candidate=4, score=2)}
CASES = [(action, status) for action in ALLOWED for status in Status]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for all: each test brings a ticket of its own."""
    with a_desk(*(a_ticket(id=mergeable(status)) for status in Status)) as opened:
        yield opened


def mergeable(status: Status) -> str:
    """What a ticket in a state is to take in."""
    return f"other{status.value}".upper().ljust(26, "A")


def fields_of(action: str, status: Status) -> Mapping[str, object]:
    """What the body of an action says."""
    if action == "merge":
        return {"ticket": mergeable(status), "reason": "same_need"}
    return FIELDS.get(action, {})


def stored(desk: Desk, action: str, status: Status) -> Ticket:
    """A ticket in a state, of an owner who may do everything."""
    ticket_id = f"{action}{status.value}".replace("_", "").upper().ljust(26, "A")
    if status is Status.NEW:
        return desk.store(a_new_ticket(id=ticket_id))
    ended = MONDAY_MORNING if status in (Status.RESOLVED, Status.CLOSED) else None
    wakes = MONDAY_MORNING + minutes(60) if status is Status.WAITING else None
    ticket = a_ticket(
        VERDICTS.get(action),
        id=ticket_id,
        status=status,
        assignee=OWNER,
        resolved_at=ended,
        wake_at=wakes,
    )
    return desk.store(ticket)


@pytest.mark.parametrize(
    ("action", "status"), [each for each in CASES if each[1] in ALLOWED[each[0]]]
)
def test_an_action_that_fits_the_state_is_done_and_leads_where_the_table_says(
    desk: Desk, action: str, status: Status
) -> None:
    before = stored(desk, action, status)

    answer = desk.post(OWNER, f"/desk/tickets/{before.id}/{action}", fields_of(action, status))

    assert answer.status == 200
    after = desk.ticket(before.id).status
    assert after is status or after in TRANSITIONS[status]


@pytest.mark.parametrize(
    ("action", "status"), [each for each in CASES if each[1] not in ALLOWED[each[0]]]
)
def test_an_action_out_of_turn_is_refused_with_the_present_state_and_changes_nothing(
    desk: Desk, action: str, status: Status
) -> None:
    before = stored(desk, action, status)

    answer = desk.post(OWNER, f"/desk/tickets/{before.id}/{action}", fields_of(action, status))

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert (answer.body["status"], answer.body["version"]) == (status.value, before.version)
    assert desk.ticket(before.id) == before
