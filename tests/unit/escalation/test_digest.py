"""The words of the one message at opening."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.builders import AT_NIGHT, a_site, minutes
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.holding import day_ends
from triagewire.escalation.notice import Notice, NoticeKind
from triagewire.ladder import Way
from triagewire.verdict import Urgency

OPENING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
DUE_TODAY = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
DUE_TOMORROW = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
DESK = "https://desk.clinic.example"


def came_in(number: int, **changes: object) -> Notice:
    notice = Notice(
        id=f"TICKET-{number}-1-digest-bela",
        kind=NoticeKind.DIGEST,
        person="bela",
        ticket_id=f"TICKET-{number}",
        site="north",
        team="billing",
        urgency=Urgency.ADMINISTRATIVE_STANDARD,
        elapsed_minutes=0,
        due_at=DUE_TODAY,
        assignee=None,
        at=AT_NIGHT,
    )
    return replace(notice, **changes)  # type: ignore[arg-type]


def told(*notices: Notice) -> str:
    ends = day_ends(a_site().calendar, OPENING)
    bundle = Bundle(person="bela", site="north", notices=notices, day_ends=ends)
    return bundle.text(DESK, lambda _: "")


def test_a_night_is_told_in_one_glance() -> None:
    text = told(
        came_in(1),
        came_in(2, urgency=Urgency.ADMINISTRATIVE_URGENT, due_at=DUE_TOMORROW),
        came_in(3, team="scheduling", at=AT_NIGHT - minutes(60), elapsed_minutes=20),
    )

    assert text.splitlines() == [
        "DIGEST for bela: 3 tickets came in while north was closed",
        "most urgent: 3",
        "oldest: since 2026-03-03 05:40 UTC",
        "due today: 2",
        "billing 2: https://desk.clinic.example/console#/queues/north/billing",
        "scheduling 1: https://desk.clinic.example/console#/queues/north/scheduling",
    ]


def test_one_ticket_is_a_digest_too() -> None:
    assert told(came_in(1)).startswith("DIGEST for bela: 1 ticket came in while north was closed\n")


def test_an_alert_that_was_held_stands_before_the_digest() -> None:
    breach = came_in(4, id="TICKET-4-2-breach-bela", kind=NoticeKind.BREACH)

    text = told(breach, came_in(1), came_in(2))

    assert text.index("BREACH") < text.index("DIGEST for bela: 2 tickets")


def test_a_subscription_knows_a_digest_by_its_kind_and_count() -> None:
    bundle = Bundle(person="bela", site="north", notices=(came_in(1), came_in(2)))

    attributes = bundle.attributes(Way.EMAIL)

    assert (attributes["kind"], attributes["count"]) == ("digest", "2")


def test_the_day_ends_at_the_midnight_of_the_site() -> None:
    in_summer = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

    assert day_ends(a_site().calendar, OPENING) == datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
    assert day_ends(a_site().calendar, in_summer) == datetime(2026, 7, 2, 4, 0, tzinfo=UTC)


def test_a_ticket_that_went_to_another_team_and_came_back_counts_once() -> None:
    back = came_in(1, id="TICKET-1-3-digest-bela", at=AT_NIGHT + minutes(30), elapsed_minutes=30)

    lines = told(came_in(1), back).splitlines()

    assert lines[0] == "DIGEST for bela: 1 ticket came in while north was closed"
    assert "due today: 1" in lines
