"""What may wait is told when the site opens: one message a person, of what is still to be done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, REFILL, UNCLEAR
from tests.aws.senders import by_portal
from tests.builders import AT_NIGHT, OFFICE_WEEK, a_policy, a_requester, a_site, minutes
from tests.strategies import PEOPLE
from triagewire.arrival import Requester
from triagewire.clock.calendar import Holiday
from triagewire.flow import staff
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.policies import current_policy
from triagewire.ledger.event import Action
from triagewire.ticket import Status
from triagewire.verdict import Urgency

OPENING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
"""Tuesday 3 March 2026, 08:00 in New York."""
FRIDAY_EVENING = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
TUESDAY_OPENING = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
"""08:00 in New York again, where summer time began on Sunday 8 March."""


@pytest.fixture
def at_night(clinic: Clinic) -> Clinic:
    """The clinic at two in the morning."""
    clinic.now = AT_NIGHT
    return clinic


def somebody(number: int) -> Requester:
    patient_id, name, born = list(PEOPLE.values())[number % len(PEOPLE)]
    return a_requester(patient_id=f"{patient_id}-{number}", name=name, date_of_birth=born)


def writes(clinic: Clinic, text: str, number: int) -> str:
    who = somebody(number)
    event = by_portal(text, clinic.now, f"evt-{number}", who=replace(who, email=None, phone=None))
    return clinic.take(event)


def digests(clinic: Clinic) -> dict[str, str]:
    """The digest of each person; nobody has two."""
    found = clinic.notices("digest")
    assert len({each["person"] for each in found}) == len(found)
    return {each["person"]: each["text"] for each in found}


def opens(clinic: Clinic, at: datetime = OPENING) -> None:
    clinic.sweep(at - minutes(1))
    assert clinic.notices("digest") == []
    clinic.sweep(at)


def test_a_night_is_routed_now_and_told_at_the_opening_as_one_message_a_person(
    at_night: Clinic,
) -> None:
    tickets = [writes(at_night, APPOINTMENT, number) for number in range(3)]

    assert {at_night.ticket(each).status for each in tickets} == {Status.ROUTED}
    assert at_night.notices("digest") == []

    opens(at_night)

    assert "3 tickets came in while north was closed" in digests(at_night)["sami"]


def test_each_lead_hears_of_their_own_team_and_of_nothing_else(at_night: Clinic) -> None:
    writes(at_night, APPOINTMENT, 1)
    writes(at_night, REFILL, 2)
    writes(at_night, UNCLEAR, 3)

    opens(at_night)

    found = digests(at_night)
    assert {"sami", "nora", "rhea"} <= set(found)
    assert "scheduling 1" in found["sami"]
    assert "clinical" not in found["sami"]


def test_what_was_answered_or_closed_meanwhile_is_left_out(at_night: Clinic) -> None:
    first, _second = (writes(at_night, APPOINTMENT, number) for number in range(2))
    at_night.now += minutes(30)
    at_night.resolve(first, "sami")

    opens(at_night)

    assert "1 ticket came in" in digests(at_night)["sami"]


def test_nobody_hears_of_a_night_of_which_nothing_is_left(at_night: Clinic) -> None:
    answered = at_night.take(by_portal(HOURS, AT_NIGHT, "evt-hours"))
    assert at_night.ticket(answered).status is Status.RESOLVED
    at_night.resolve(writes(at_night, APPOINTMENT, 2), "sami")

    opens(at_night)

    assert digests(at_night) == {}


def test_what_repeats_a_ticket_of_the_night_is_counted_once(at_night: Clinic) -> None:
    writes(at_night, APPOINTMENT, 1)
    at_night.now += minutes(10)
    again = by_portal(
        APPOINTMENT, at_night.now, "evt-again", who=replace(somebody(1), email=None, phone=None)
    )
    at_night.take(again)

    opens(at_night)

    assert "1 ticket came in" in digests(at_night)["sami"]


def test_urgent_waits_for_no_opening_and_is_in_no_digest(at_night: Clinic) -> None:
    writes(at_night, CHEST_PAIN, 1)

    assert at_night.paged() == ["dr-okafor"]

    opens(at_night)
    assert digests(at_night) == {}


def test_the_routing_and_its_notices_are_one_write(at_night: Clinic) -> None:
    ticket = writes(at_night, APPOINTMENT, 1)

    (held,) = [each for each in at_night.ledger(ticket) if each.action is Action.HELD]
    assert held.detail["people"] == ["sami"]
    assert held.detail["until"] == OPENING.isoformat()
    notices = [item for item in at_night.items() if item["sk"]["S"].startswith("NOTICE#")]
    assert [item["sk"]["S"].removeprefix("NOTICE#") for item in notices] == held.detail["notices"]


def test_a_long_weekend_over_a_change_of_the_clocks_is_told_whole(clinic: Clinic) -> None:
    site = a_site(holidays=(Holiday(date=date(2026, 3, 9), name="Founders"),))
    clinic.publish(a_policy(site))
    current_policy.cache_clear()
    for day in range(4):
        clinic.now = FRIDAY_EVENING + timedelta(days=day)
        writes(clinic, APPOINTMENT, day)

    opens(clinic, TUESDAY_OPENING)

    assert "4 tickets came in" in digests(clinic)["sami"]


def test_a_holiday_that_came_into_the_policy_meanwhile_is_waited_for_too(at_night: Clinic) -> None:
    writes(at_night, APPOINTMENT, 1)
    at_night.publish(a_policy(a_site(holidays=(Holiday(date=OPENING.date(), name="Snow"),))))
    current_policy.cache_clear()
    writes(at_night, APPOINTMENT, 2)

    at_night.sweep(OPENING)
    assert digests(at_night) == {}
    opens(at_night, OPENING + timedelta(days=1))

    assert "2 tickets came in" in digests(at_night)["sami"]


def test_who_works_at_a_site_that_left_the_policy_still_hears(at_night: Clinic) -> None:
    writes(at_night, APPOINTMENT, 1)
    policy = a_policy()
    at_night.publish(replace(policy, sites={"west": policy.sites["west"]}))
    current_policy.cache_clear()

    at_night.sweep(OPENING)

    assert list(digests(at_night)) == ["sami"]


def test_a_site_that_never_closes_has_no_digest(clinic: Clinic) -> None:
    whole_day = dict.fromkeys(
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        (replace(OFFICE_WEEK["mon"][0], opens=datetime.min.time(), closes=datetime.min.time()),),
    )
    clinic.publish(a_policy(a_site(hours=whole_day)))
    current_policy.cache_clear()
    clinic.now = AT_NIGHT
    ticket = writes(clinic, APPOINTMENT, 1)

    assert Action.HELD not in clinic.actions(ticket)


def test_a_resolved_ticket_that_its_requester_reopens_at_night_is_told_at_the_opening(
    clinic: Clinic,
) -> None:
    first = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1", thread_id="T-1"))
    clinic.resolve(first, "sami")
    clinic.now = AT_NIGHT
    clinic.take(by_portal(UNCLEAR, AT_NIGHT, "evt-2", thread_id="T-1"))
    assert clinic.ticket(first).status is Status.REOPENED

    opens(clinic)

    # What it said is not clear, so that the review queue has it now.
    assert list(digests(clinic)) == ["rhea"]


def test_what_a_person_judges_at_night_is_told_to_the_team_that_gets_it(at_night: Clinic) -> None:
    ticket = writes(at_night, UNCLEAR, 1)
    decision = Handoff(reason=HandoffReason.REVIEWED, team="billing", score=Urgency(3))
    staff.decide(*at_night._desk("rhea"), ticket, decision)

    opens(at_night)

    # The review queue has nothing of it any more.
    assert list(digests(at_night)) == ["bela"]


def test_an_alert_that_is_late_because_escalate_stood_still_waits_for_the_opening(
    clinic: Clinic,
) -> None:
    writes(clinic, APPOINTMENT, 1)

    clinic.sweep(AT_NIGHT)
    assert clinic.notices("breach") == []
    clinic.sweep(OPENING)

    assert [each["person"] for each in clinic.notices("breach")] == ["sami"]
