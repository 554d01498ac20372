"""Who gets the tickets of a team while nobody of it can, and by night."""

from dataclasses import replace

import pytest

from tests.builders import AT_NIGHT, MEMBERS, MONDAY_MORNING, TEAMS, a_site
from tests.unit.routing.ruled import REFILLS, STAFFED
from triagewire.policy.model import Site
from triagewire.policy.roster import AfterHours, Member, Role
from triagewire.routing.queueing import after_hours_owner, fallbacks, may_own
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency


def with_fallbacks(**fallback: str) -> Site:
    teams = {
        name: replace(team, fallback=fallback.get(name, ""))
        for name, team in (TEAMS | REFILLS).items()
    }
    return a_site(teams=teams, members=STAFFED)


def test_fallbacks_are_walked_to_the_end_of_the_chain() -> None:
    site = with_fallbacks(portal="scheduling", scheduling="billing")

    assert fallbacks(site, "portal") == ("scheduling", "billing")
    assert fallbacks(site, "billing") == ()


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    site = with_fallbacks(portal="scheduling", scheduling="billing", billing="portal")

    assert fallbacks(site, "portal") == ("scheduling", "billing")


def test_clinical_work_falls_back_to_those_only_who_may_open_it() -> None:
    site = with_fallbacks(refills="scheduling", scheduling="clinical")

    assert fallbacks(site, "refills") == ("clinical",)


def test_what_a_person_must_judge_has_no_fallback_and_is_none() -> None:
    site = with_fallbacks(review="clinical", portal="review")

    assert fallbacks(site, REVIEW) == ()
    assert fallbacks(site, "portal") == ()


def test_a_fallback_that_is_gone_ends_the_chain() -> None:
    assert fallbacks(with_fallbacks(portal="nowhere"), "portal") == ()
    assert fallbacks(with_fallbacks(), "nowhere") == ()


# After hours

ON_CALL = {"clinical_standard": AfterHours.ON_CALL, "self_serve": AfterHours.WAIT}


def test_the_provider_on_call_gets_what_the_policy_says_while_the_site_is_closed() -> None:
    site = a_site(after_hours=ON_CALL)

    assert after_hours_owner(site, Urgency.CLINICAL_STANDARD, AT_NIGHT) == "dr-okafor"


def test_while_the_site_is_open_nobody_gets_work_for_being_on_call() -> None:
    site = a_site(after_hours=ON_CALL)

    assert after_hours_owner(site, Urgency.CLINICAL_STANDARD, MONDAY_MORNING) is None


@pytest.mark.parametrize("urgency", [Urgency.SELF_SERVE, Urgency.ADMINISTRATIVE_URGENT])
def test_what_waits_after_hours_has_no_owner_by_night(urgency: Urgency) -> None:
    assert after_hours_owner(a_site(after_hours=ON_CALL), urgency, AT_NIGHT) is None


def test_a_provider_on_call_gets_nothing_that_they_may_not_open() -> None:
    site = a_site(after_hours=ON_CALL)
    nurse = replace(site, on_call=replace(site.on_call, rota=("nick",)))

    at = AT_NIGHT
    assert after_hours_owner(nurse, Urgency.CLINICAL_STANDARD, at, "clinical") == "nick"
    assert after_hours_owner(nurse, Urgency.CLINICAL_STANDARD, at, "billing") is None


def test_who_leads_may_own_the_tickets_of_every_team() -> None:
    site = a_site(members=MEMBERS | {"audit": Member(name="A", roles=(Role.AUDITOR,))})

    assert may_own(site, "dr-okafor", "billing")
    assert may_own(site, "bela", "billing")
    assert not may_own(site, "nick", "billing")
    assert not may_own(site, "audit", "billing")
    assert not may_own(site, "nobody", "billing")
