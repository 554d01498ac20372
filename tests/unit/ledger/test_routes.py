"""The route history of a ticket: what is a handoff, a bounce and a misroute, from events alone."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_stamp, minutes
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.ledger.routes import History, Place, handoffs_in, routes_of

ROUTED, CLAIMED, RETURNED = Action.ROUTED, Action.CLAIMED, Action.RETURNED
REASSIGNED, REOPENED, VIEWED = Action.REASSIGNED, Action.REOPENED, Action.VIEWED


def at(team: str, member: str | None = None, action: Action = ROUTED) -> Entry:
    """An event that says where a ticket stands from then on."""
    return Entry(action=action, why="because", detail={"team": team, "member": member})


def moved(**marks: bool) -> Entry:
    """A person's move."""
    return Entry(action=REASSIGNED, why="wrong_team", detail=marks)


def told(*entries: Entry) -> History:
    """What a ledger of these entries tells."""
    return routes_of(extend("TICKET#A", 0, "", entries, a_stamp()))


def test_the_first_assignment_is_no_handoff() -> None:
    assert told(at("clinical", "nick")).handoffs == 0


def test_taking_what_nobody_holds_is_no_handoff() -> None:
    assert told(at("clinical"), at("clinical", "nick", CLAIMED)).handoffs == 0


def test_another_owner_in_the_same_team_is_a_handoff() -> None:
    assert told(at("clinical", "nick"), moved(), at("clinical", "nell")).handoffs == 1


def test_another_team_is_a_handoff_even_when_nobody_held_it() -> None:
    assert told(at("scheduling"), moved(), at("clinical")).handoffs == 1


def test_a_return_to_the_queue_and_giving_anew_is_one_handoff() -> None:
    returned = Entry(
        action=RETURNED, why="not taken up", detail={"team": "clinical", "from_member": "nick"}
    )

    assert told(at("clinical", "nick"), returned, at("clinical", "nell")).handoffs == 1


def test_reopening_to_the_same_owner_is_no_handoff() -> None:
    reopened = Entry(action=REOPENED, why="not_finished")

    assert told(at("clinical", "nick"), reopened, at("clinical", "nick")).handoffs == 0


def test_a_worse_message_that_stays_with_its_owner_is_no_handoff() -> None:
    assert told(at("clinical", "nick"), at("clinical", "nick")).handoffs == 0


def test_what_moves_nothing_is_no_leg() -> None:
    seen = Entry(action=VIEWED, why="opened", detail={"team": "clinical"})

    assert len(told(at("clinical", "nick"), seen).legs) == 1


def test_bounces_and_misroutes_are_those_that_the_moves_say() -> None:
    history = told(
        at("scheduling"),
        moved(misroute=True, bounce=True),
        at("billing"),
        moved(misroute=False, bounce=True),
        at("scheduling"),
        moved(misroute=False, bounce=False),
        at("review"),
    )

    assert (history.misroutes, history.bounces, history.handoffs) == (1, 2, 3)


def test_a_leg_says_who_when_and_why() -> None:
    (leg,) = routes_of(
        extend(
            "TICKET#A",
            0,
            "",
            [at("clinical", "nick", CLAIMED)],
            a_stamp(MONDAY_MORNING + minutes(3), actor="staff:nick"),
        )
    ).legs

    assert (leg.at, leg.actor, leg.place, leg.why) == (
        MONDAY_MORNING + minutes(3),
        "staff:nick",
        Place("clinical", "nick"),
        "because",
    )


@pytest.mark.parametrize(
    ("entries", "team"),
    [
        ([], None),
        ([at("clinical")], None),
        ([at("clinical"), moved(), at("review")], "clinical"),
        ([at("clinical"), moved(), at("review"), at("review", "rhea", CLAIMED)], "clinical"),
        ([at("billing"), moved(), at("clinical"), moved(), at("review")], "clinical"),
        ([at("clinical"), at("review")], None),
        ([at("billing"), moved(), at("clinical"), at("review")], None),
    ],
)
def test_a_queue_knows_the_team_from_which_a_person_sent_a_ticket(
    entries: list[Entry], team: str | None
) -> None:
    assert told(*entries).sent_by == team


details: st.SearchStrategy[Mapping[str, Detail]] = st.fixed_dictionaries(
    {
        "team": st.sampled_from(["clinical", "billing", "review"]),
        "member": st.sampled_from([None, "nick", "nell", "bela"]),
    }
)
histories = st.lists(
    st.builds(
        Entry,
        action=st.sampled_from([ROUTED, CLAIMED, RETURNED, VIEWED]),
        why=st.just(""),
        detail=details,
    ),
    min_size=1,
)


@given(before=histories, then=histories)
def test_what_one_change_adds_is_what_the_whole_history_then_tells(
    before: list[Entry], then: list[Entry]
) -> None:
    legs = told(*before).legs
    held = legs[-1].place if legs else None

    assert told(*before).handoffs + handoffs_in(held, then) == told(*before, *then).handoffs
