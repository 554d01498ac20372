"""What is decided while a site is closed: what is told at once, and what waits for the opening."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    TARGETS,
    TEAMS,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.clock.calendar import Calendar, Holiday, is_open
from triagewire.clock.promise import CalendarKind
from triagewire.emergency import EmergencyReason
from triagewire.escalation.holding import digest_of, held_until, opening
from triagewire.escalation.notice import (
    AnyNotice,
    EmergencyNotice,
    Notice,
    NoticeKind,
    PersonNotice,
    SourceNotice,
)
from triagewire.ladder import Way
from triagewire.policy.limits import Notices
from triagewire.policy.model import Site
from triagewire.policy.roster import Leave
from triagewire.policy.targets import Target
from triagewire.ticket import REVIEW, Status, Ticket
from triagewire.verdict import Urgency

OPENING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
"""Tuesday 3 March 2026, 08:00 in New York."""
SITE = a_site()


def a_notice(kind: NoticeKind = NoticeKind.BREACH, **changes: object) -> Notice:
    notice = Notice(
        id="TICKET-A-1-breach-bela",
        kind=kind,
        person="bela",
        ticket_id="TICKET-A",
        site="north",
        team="billing",
        urgency=Urgency.ADMINISTRATIVE_URGENT,
        elapsed_minutes=180,
        due_at=AT_NIGHT,
        assignee=None,
        at=AT_NIGHT,
    )
    return replace(notice, **changes)  # type: ignore[arg-type]


def a_silence() -> SourceNotice:
    return SourceNotice(
        kind=NoticeKind.SOURCE_SILENT,
        person="ivo",
        site="north",
        source="portal",
        adapter="epic",
        since=AT_NIGHT,
        silent_after_minutes=60,
        per_minute=60,
    )


def an_unreachable() -> PersonNotice:
    return PersonNotice(
        kind=NoticeKind.UNREACHABLE,
        person="director",
        site="north",
        about="dr-okafor",
        broken=(Way.SMS,),
        since=AT_NIGHT,
        at=AT_NIGHT,
    )


def an_emergency() -> EmergencyNotice:
    return EmergencyNotice(
        person="nora",
        site="north",
        about="wes",
        why=EmergencyReason.NOBODY_REACHED,
        until=AT_NIGHT + minutes(60),
        at=AT_NIGHT,
    )


@pytest.mark.parametrize(
    "kind", [NoticeKind.REMINDER, NoticeKind.BREACH, NoticeKind.LADDER, NoticeKind.BOUNCED]
)
def test_an_alert_of_a_closed_site_waits_for_its_opening(kind: NoticeKind) -> None:
    assert held_until(a_notice(kind), SITE, AT_NIGHT) == OPENING


def test_an_alert_of_an_open_site_goes_out_at_once() -> None:
    assert held_until(a_notice(), SITE, MONDAY_MORNING) is None


@pytest.mark.parametrize(
    "notice",
    [
        a_notice(NoticeKind.PAGE, urgency=Urgency.CLINICAL_URGENT),
        a_notice(NoticeKind.PAGE),
        a_notice(NoticeKind.BREACH, urgency=Urgency.CLINICAL_URGENT),
        a_notice(NoticeKind.REMINDER, urgency=Urgency.CLINICAL_URGENT, team=REVIEW),
        a_notice(NoticeKind.ACKNOWLEDGED),
        an_unreachable(),
        an_emergency(),
        a_silence(),
    ],
    ids=[
        *("page", "any page", "urgent", "maybe urgent", "acknowledged"),
        *("unreachable", "emergency", "source"),
    ],
)
def test_what_cannot_wait_is_never_held(notice: AnyNotice) -> None:
    assert held_until(notice, SITE, AT_NIGHT) is None


@pytest.mark.parametrize(
    "site",
    [
        a_site(
            targets=replace(
                TARGETS, administrative_urgent=Target(minutes=60, hours=CalendarKind.ALWAYS)
            )
        ),
        a_site(
            teams={
                **TEAMS,
                "billing": replace(
                    TEAMS["billing"],
                    targets={
                        "administrative_urgent": Target(minutes=60, hours=CalendarKind.ALWAYS)
                    },
                ),
            }
        ),
        a_site(notices=Notices(hold=False)),
    ],
    ids=["the site's promise", "the team's promise", "the site holds nothing"],
)
def test_a_policy_may_say_that_somebody_works_at_night(site: Site) -> None:
    assert held_until(a_notice(), site, AT_NIGHT) is None


def test_a_digest_waits_even_where_a_promise_counts_every_hour() -> None:
    site = a_site(notices=Notices(hold=False))

    assert held_until(a_notice(NoticeKind.DIGEST), site, AT_NIGHT) == OPENING


def test_a_long_weekend_is_waited_for_whole() -> None:
    friday_night = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    site = a_site(holidays=(Holiday(date=date(2026, 3, 9), name="Founders"),))

    # Tuesday 10 March, 08:00 in New York: summer time began on Sunday.
    assert held_until(a_notice(), site, friday_night) == datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def test_a_site_that_does_not_open_again_holds_nothing() -> None:
    closed = tuple(
        Holiday(date=AT_NIGHT.date() + timedelta(days=day), name="Closed") for day in range(800)
    )

    assert held_until(a_notice(), a_site(holidays=closed), AT_NIGHT) is None


@given(
    now=st.datetimes(
        min_value=datetime(2026, 1, 1),  # noqa: DTZ001 the strategy adds the zone
        max_value=datetime(2027, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
def test_what_is_held_is_held_until_the_site_is_open_and_no_longer(
    now: datetime, zone: str
) -> None:
    calendar = Calendar(zone=zone, week=SITE.hours)
    opens = opening(calendar, now)

    assert (opens is None) is is_open(calendar, now)
    if opens is not None:
        assert opens > now
        assert is_open(calendar, opens)
        assert not is_open(calendar, opens - minutes(1))


def tonight(score: int = 3, **changes: Any) -> Ticket:  # noqa: ANN401
    return a_ticket(a_verdict(score), AT_NIGHT, requester=a_requester(), **changes)


def test_the_lead_and_the_owner_hear_at_the_opening_of_what_came_in_at_night() -> None:
    ticket = tonight(4, assignee="nick")

    found = digest_of(None, ticket, SITE, AT_NIGHT)

    assert [(each.person, each.kind, each.team) for each in found] == [
        ("nora", NoticeKind.DIGEST, "clinical"),
        ("nick", NoticeKind.DIGEST, "clinical"),
    ]
    assert len({each.id for each in found}) == 2


def test_for_a_lead_who_is_on_leave_at_the_opening_the_catch_all_hears_of_it() -> None:
    leave = (Leave(begins=OPENING.date(), ends=OPENING.date()),)
    bela = replace(SITE.members["bela"], leave=leave)
    site = replace(SITE, members={**SITE.members, "bela": bela})

    assert [each.person for each in digest_of(None, tonight(), site, AT_NIGHT)] == ["director"]


def test_a_lead_who_is_the_owner_hears_once() -> None:
    assert [each.person for each in digest_of(None, tonight(assignee="bela"), SITE, AT_NIGHT)] == [
        "bela"
    ]


def test_a_ticket_for_review_is_told_to_the_lead_of_the_review_queue() -> None:
    ticket = a_ticket(for_review(), AT_NIGHT)

    assert [each.person for each in digest_of(None, ticket, SITE, AT_NIGHT)] == ["rhea"]


@pytest.mark.parametrize(
    "ticket",
    [
        a_ticket(a_verdict(5), AT_NIGHT),
        a_ticket(for_review(candidate=5), AT_NIGHT),
        tonight(status=Status.RESOLVED),
        tonight(status=Status.MERGED),
    ],
    ids=["urgent", "maybe urgent", "answered by an article", "merged"],
)
def test_what_was_paged_or_asks_for_nothing_is_in_no_digest(ticket: Ticket) -> None:
    assert digest_of(None, ticket, SITE, AT_NIGHT) == ()


def test_by_day_there_is_no_digest() -> None:
    assert digest_of(None, a_ticket(a_verdict(3)), SITE, MONDAY_MORNING) == ()


def test_what_the_team_has_already_is_not_told_to_it_again() -> None:
    known = tonight()

    assert digest_of(known, replace(known, version=3), SITE, AT_NIGHT) == ()


@pytest.mark.parametrize(
    "before",
    [
        replace(tonight(), team="scheduling"),
        replace(tonight(), status=Status.RESOLVED),
        replace(tonight(), status=Status.WAITING),
    ],
    ids=["from another team", "reopened", "its requester wrote"],
)
def test_what_comes_back_to_a_team_at_night_is_in_its_digest(before: Ticket) -> None:
    assert [each.person for each in digest_of(before, tonight(), SITE, AT_NIGHT)] == ["bela"]


def test_each_night_tells_under_an_id_of_its_own() -> None:
    (first,) = digest_of(None, tonight(), SITE, AT_NIGHT)
    (second,) = digest_of(None, tonight(notices=1), SITE, AT_NIGHT)

    assert first.id != second.id
