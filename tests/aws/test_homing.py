"""A ticket is its own team's again once who stood in, or held it by night, is not there."""

from dataclasses import replace
from datetime import UTC, datetime, time

from tests.aws.clinic import MINUTE, Clinic
from tests.aws.said import AUTHORIZATION, CHEST_PAIN, REFILL
from tests.aws.senders import by_portal
from tests.builders import AT_NIGHT, MEMBERS, TEAMS, a_policy, a_site
from triagewire.clock.calendar import Interval
from triagewire.flow import policies, staff
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.policy.model import Site
from triagewire.policy.roster import AfterHours, Presence, Team

MORNING = {"mon": (Interval(time(8), time(12)),)}
AFTERNOON = {"mon": (Interval(time(12), time(17)),)}
NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
OPENS = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
SHARED = a_site(
    teams={**TEAMS, "billing": replace(TEAMS["billing"], fallback="scheduling")},
    members={
        **MEMBERS,
        "bela": replace(MEMBERS["bela"], week=AFTERNOON),
        "sami": replace(MEMBERS["sami"], week=MORNING),
    },
)
CLINICAL = Team(lead="nora", handles=("clinical",))


def test_what_a_team_that_stood_in_leaves_untouched_goes_back_to_its_own_team(
    clinic: Clinic,
) -> None:
    publish(clinic, SHARED)
    ticket_id = clinic.take(by_portal(AUTHORIZATION, clinic.now, "evt-1"))
    assert held(clinic, ticket_id) == ("scheduling", "sami")

    clinic.sweep(NOON)

    assert held(clinic, ticket_id) == ("billing", "bela")


def test_what_a_person_sent_to_the_team_that_stands_in_stays_theirs(clinic: Clinic) -> None:
    publish(clinic, SHARED)
    ticket_id = clinic.take(by_portal(AUTHORIZATION, clinic.now, "evt-1"))
    to_billing = Handoff(reason=HandoffReason.WRONG_TEAM, team="billing", member="bela")
    staff.reassign(*clinic._desk("director"), ticket_id, to_billing)
    back = Handoff(reason=HandoffReason.WRONG_TEAM, team="scheduling")
    staff.reassign(*clinic._desk("director"), ticket_id, back)

    clinic.sweep(NOON)

    assert held(clinic, ticket_id) == ("scheduling", None)


def test_what_lies_with_a_team_that_a_new_policy_does_not_have_goes_to_who_serves_it(
    clinic: Clinic,
) -> None:
    teams = {name: team for name, team in TEAMS.items() if name != "clinical"}
    moved = {
        name: replace(each, teams=("nurses",)) if "clinical" in each.teams else each
        for name, each in MEMBERS.items()
    }
    soon = Presence(accept_minutes=30)
    publish(clinic, a_site(teams={**teams, "nurses": CLINICAL}, members=moved, presence=soon))
    ticket_id = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    assert clinic.ticket(ticket_id).team == "nurses"

    publish(clinic, a_site())
    clinic.sweep(clinic.now + 30 * MINUTE)

    assert clinic.ticket(ticket_id).team == "clinical"


def test_an_urgent_ticket_that_the_provider_on_call_left_untouched_is_the_days_when_it_opens(
    clinic: Clinic,
) -> None:
    publish(clinic, a_site(after_hours={"clinical_urgent": AfterHours.ON_CALL}))
    clinic.now = AT_NIGHT
    ticket_id = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    assert clinic.ticket(ticket_id).assignee == "dr-okafor"

    clinic.sweep(OPENS - MINUTE)
    assert clinic.ticket(ticket_id).assignee == "dr-okafor"
    clinic.sweep(OPENS)

    assert held(clinic, ticket_id) == ("clinical", "nick")


def held(clinic: Clinic, ticket_id: str) -> tuple[str | None, str | None]:
    """Where a ticket stands and with whom."""
    ticket = clinic.ticket(ticket_id)
    return ticket.team, ticket.assignee


def publish(clinic: Clinic, site: Site) -> None:
    """Make a policy with this site the active one."""
    clinic.publish(a_policy(site))
    policies.current_policy.cache_clear()
