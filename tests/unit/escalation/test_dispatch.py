"""What goes to a person now, as one message, and what waits for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import AT_NIGHT, minutes
from triagewire.escalation.dispatch import MOST_NOTICES, Dispatch, dispatch
from triagewire.escalation.notice import Notice, NoticeKind
from triagewire.escalation.told import Told, failed_to, sent_to
from triagewire.ladder import Way
from triagewire.policy.limits import Notices, Window
from triagewire.verdict import Urgency

RULES = Notices()
NEVER_TOLD = Told(person="nora")
HOUR = timedelta(minutes=60)


def a_notice(kind: NoticeKind = NoticeKind.PAGE, ticket: str = "T1", urgency: int = 5) -> Notice:
    """Something to tell nora of a ticket of the clinical team."""
    return Notice(
        id=f"{ticket}-2-{kind.value}-nora",
        kind=kind,
        person="nora",
        ticket_id=ticket,
        site="north",
        team="clinical",
        urgency=Urgency(urgency),
        elapsed_minutes=0,
        due_at=None,
        assignee=None,
        at=AT_NIGHT,
    )


PAGE = a_notice()
BREACH = a_notice(NoticeKind.BREACH, "T2", 4)


def told(*after: float, way: Way = Way.SMS, page_of: str = "") -> Told:
    """What nora was told so many minutes after two in the morning."""
    now = NEVER_TOLD
    for each in after:
        now = sent_to(now, (way,), AT_NIGHT + minutes(each), HOUR, page_of)
    return now


def decided(
    notices: Sequence[Notice],
    before: Told = NEVER_TOLD,
    after: float = 0,
    ways: tuple[Way, ...] = (Way.SMS,),
    rules: Notices = RULES,
    site: str = "north",
    spare: tuple[Way, ...] = (),
) -> Dispatch:
    """What is decided so many minutes after two in the morning for who has these ways."""
    now = AT_NIGHT + minutes(after)
    return dispatch(notices, before, lambda _notice: ways, rules, now, site, spare)


def at(after: float) -> datetime:
    """So many minutes after two in the morning."""
    return AT_NIGHT + minutes(after)


def test_nothing_to_tell_is_told_never() -> None:
    assert decided([]) == Dispatch()


def test_the_first_page_goes_at_once() -> None:
    assert decided([PAGE]).notices == (PAGE,)


def test_a_page_goes_by_every_way_and_an_alert_by_the_first_that_takes_it() -> None:
    ways = (Way.SMS, Way.EMAIL)

    page, alert = decided([PAGE], ways=ways), decided([BREACH], ways=ways)

    assert (page.ways, page.every_way) == (ways, True)
    assert (alert.ways, alert.every_way) == (ways, False)


def test_pages_that_follow_closely_wait_and_go_together() -> None:
    first_two = told(0, 0.5, page_of="north")
    others = [a_notice(ticket=f"T{number}") for number in range(3, 10)]

    assert decided(others, first_two, after=1) == Dispatch(wait_until=at(4.25))
    assert len(decided(others, first_two, after=4.25).notices) == 7


def test_the_page_of_a_second_ticket_waits_for_nothing() -> None:
    assert decided([a_notice(ticket="T2")], told(0, page_of="north"), after=0.5).notices


def test_a_page_of_a_ticket_that_was_paged_before_waits_to_go_with_others() -> None:
    again = replace(PAGE, again=True)

    assert decided([again], told(0, page_of="north"), after=0.5) == Dispatch(wait_until=at(2))


def test_a_page_waits_for_no_alert() -> None:
    assert decided([PAGE], told(0), after=0.5).notices == (PAGE,)


def test_the_first_page_of_a_site_waits_for_no_page_of_another() -> None:
    noisy = told(0, 0, page_of="west")

    assert decided([PAGE], noisy, after=0.5).notices == (PAGE,)
    assert decided([PAGE], noisy, after=0.5, site="west").notices == ()


def test_an_alert_waits_for_whatever_was_sent_last() -> None:
    assert decided([BREACH], told(0, page_of="north"), after=1).wait_until == at(2)


def test_what_waits_goes_along_with_a_page() -> None:
    assert decided([BREACH, PAGE], told(0), after=1).notices == (PAGE, BREACH)


def test_an_alert_does_not_go_along_by_a_way_that_its_step_does_not_ask_for() -> None:
    def ways(notice: Notice) -> tuple[Way, ...]:
        return (Way.SMS,) if notice.is_page else (Way.EMAIL,)

    what = dispatch([BREACH, PAGE], NEVER_TOLD, ways, RULES, AT_NIGHT, "north")  # type: ignore[arg-type]

    assert (what.notices, what.ways) == ((PAGE,), (Way.SMS,))


def test_alerts_leave_room_for_pages() -> None:
    three = told(0, 2, 4)

    assert decided([BREACH], three, after=6).wait_until == at(15)
    assert decided([PAGE], three, after=6).notices == (PAGE,)


def test_a_window_of_one_message_is_not_kept_for_pages_alone() -> None:
    rules = Notices(limits={Way.SMS: (Window(most=1, minutes=15),)})

    assert decided([BREACH], rules=rules).notices == (BREACH,)


def test_pages_keep_pace_once_half_of_a_window_is_used() -> None:
    three = told(0, 2, 4, page_of="north")

    assert decided([PAGE], three, after=6).wait_until == at(7.75)


def test_a_page_whose_way_is_full_goes_by_the_next_way_at_once() -> None:
    full = told(0, 1, 2, 3, 4)

    what = decided([PAGE], full, after=5, ways=(Way.SMS, Way.EMAIL))

    assert (what.notices, what.ways) == ((PAGE,), (Way.EMAIL,))


def test_a_page_whose_asked_ways_are_full_goes_by_another_that_works() -> None:
    full = told(0, 1, 2, 3, 4)

    what = decided([PAGE], full, after=5, spare=(Way.SMS, Way.PAGER))

    assert (what.notices, what.ways, what.otherwise) == ((PAGE,), (), (Way.PAGER,))


def test_another_way_makes_no_page_go_faster_than_the_pace_of_the_asked_one() -> None:
    three = told(0, 2, 4, page_of="north")

    assert decided([PAGE], three, after=6, spare=(Way.SMS, Way.PAGER)).wait_until == at(7.75)


def test_a_page_for_which_no_way_has_room_goes_when_all_was_silent_for_long() -> None:
    full = told(0, 1, 2, 3, 4, page_of="north")

    assert decided([PAGE], full, after=8) == Dispatch(wait_until=at(9))
    assert decided([PAGE], full, after=9).notices == (PAGE,)


def test_an_alert_waits_until_there_is_room_however_long() -> None:
    hour = told(*range(0, 56, 5))

    assert decided([BREACH], hour, after=61).wait_until == at(25) + HOUR


def test_an_alert_that_no_way_took_is_tried_again_less_and_less_often() -> None:
    failed = NEVER_TOLD
    waits = []
    for _ in range(6):
        failed = failed_to(failed, AT_NIGHT)
        waits.append(decided([BREACH], failed, after=0.5).wait_until)

    assert waits == [at(1), at(2), at(4), at(8), at(15), at(15)]


def test_a_page_that_no_way_took_does_not_wait_longer_for_every_failure() -> None:
    failed = NEVER_TOLD
    for _ in range(6):
        failed = failed_to(failed, AT_NIGHT)

    assert decided([PAGE], failed, after=1).notices == (PAGE,)


def test_the_gravest_of_too_many_go_first() -> None:
    many = [a_notice(NoticeKind.BREACH, f"T{number:05d}", 2) for number in range(MOST_NOTICES)]

    what = decided([*many, PAGE])

    assert len(what.notices) == MOST_NOTICES
    assert what.notices[0] == PAGE


def test_a_clock_that_was_put_back_holds_nobody_up() -> None:
    tomorrow = told(24 * 60, page_of="north")

    assert decided([PAGE], tomorrow).notices == (PAGE,)


def test_a_late_invocation_does_not_repeat_what_was_told_meanwhile() -> None:
    again = replace(PAGE, again=True)

    assert decided([again], told(3, page_of="north"), after=0).wait_until == at(5)


@pytest.mark.parametrize(("most", "kept"), [(1, 0), (2, 1), (3, 1), (5, 2), (11, 4), (21, 7)])
def test_a_third_of_a_window_is_kept_for_pages_and_never_all_of_it(most: int, kept: int) -> None:
    assert Window(most=most, minutes=15).kept_for_pages == kept


def test_pages_may_not_wait_longer_for_a_bundle_than_silence_may_last() -> None:
    with pytest.raises(ValueError, match="silent_minutes"):
        Notices(bundle_minutes=6, silent_minutes=5)
