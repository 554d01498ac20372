"""What becomes of work whose owner a new roster lets open it no more."""

from dataclasses import replace

import pytest

from tests.aws.clinic import MINUTE, Clinic
from tests.aws.said import REFILL
from tests.aws.senders import by_portal
from tests.builders import MEMBERS, a_policy, a_site
from triagewire import aws
from triagewire.clock.promise import PauseReason
from triagewire.flow import policies, working
from triagewire.policy.roster import Member, Role
from triagewire.store.loads import read_loads
from triagewire.ticket import Status

TWO = {name: each for name, each in MEMBERS.items() if name != "rhea"}
GONE = {name: each for name, each in TWO.items() if name != "nick"}
IN_BILLING = {**TWO, "nick": replace(TWO["nick"], teams=("billing",))}
ONLY_LOOKS = {**TWO, "nick": replace(TWO["nick"], roles=(Role.AUDITOR,))}


@pytest.mark.parametrize("after", [GONE, IN_BILLING, ONLY_LOOKS])
@pytest.mark.parametrize("taken_up", [False, True])
def test_what_its_owner_may_open_no_more_goes_to_a_colleague_with_the_next_sweep(
    clinic: Clinic, after: dict[str, Member], taken_up: bool
) -> None:
    publish(clinic, TWO)
    clinic.sweep()
    ticket_id = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    assert clinic.ticket(ticket_id).assignee == "nick"
    if taken_up:
        working.accept(*clinic._desk("nick"), ticket_id)

    publish(clinic, after)
    clinic.sweep(clinic.now + MINUTE)

    ticket = clinic.ticket(ticket_id)
    assert (ticket.assignee, ticket.status) == ("nell", Status.ROUTED)
    loads = read_loads(aws.tables(), "north")
    assert {who: load.weight for who, load in loads.items()} == {"nick": 0, "nell": 4}
    returned = clinic.ledger(ticket_id)[-2]
    assert returned.detail["reason"] == "no_access"


def test_what_waited_wakes_with_a_colleague_of_who_may_open_it_no_more(clinic: Clinic) -> None:
    publish(clinic, TWO)
    ticket_id = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    wakes = clinic.now + 60 * MINUTE
    clinic.wait(ticket_id, "nick", PauseReason.REQUESTER, wakes)

    publish(clinic, IN_BILLING)
    clinic.sweep(wakes)

    assert clinic.ticket(ticket_id).assignee == "nell"


def publish(clinic: Clinic, members: dict[str, Member]) -> None:
    """Make a policy with these people the active one."""
    clinic.publish(a_policy(a_site(members=members)))
    policies.current_policy.cache_clear()
