"""Who carries a queue, what comes back untouched, when nobody is there."""

from datetime import time, timedelta

from tests.builders import MEMBERS, MONDAY_MORNING, a_site, minutes
from tests.trending import found, many, the
from triagewire.clock.calendar import Interval
from triagewire.measures.life import HandedBack, Life, Sitting
from triagewire.policy.roster import Leave, Member
from triagewire.trends.finding import Kind

PORTAL = {
    "pia": Member(name="Pia Lund", teams=("portal",)),
    "ole": Member(name="Ole Dahl", teams=("portal",)),
}
SITE = a_site(members=MEMBERS | PORTAL)


def touched(lives: list[Life], member: str) -> list[Life]:
    for life in lives:
        assert life.received_at is not None
        begins = life.received_at + minutes(5)
        life.sittings.append(
            Sitting(member=member, begins=begins, ends=begins + minutes(2), team="portal")
        )
    return lives


def given_back(lives: list[Life], times: int) -> list[Life]:
    for life in lives:
        assert life.received_at is not None
        back = HandedBack(at=life.received_at + minutes(61), member="pia", reason="not_accepted")
        life.handed_back += [back] * times
    return lives


def test_who_does_much_more_of_a_queue_than_their_hours_is_found() -> None:
    lives = touched(many(45, "P"), "pia") + touched(many(5, "O"), "ole")

    one = the(Kind.UNBALANCED, found(*lives, site=SITE))

    assert one.title == "pia does much more of portal than their 50% of its hours (in touches)"
    assert (one.n, one.of) == (45, 50)
    assert one.told == (
        "pia: 45 touches in 45 h, 0 still open",
        "ole: 5 touches in 45 h, 0 still open",
    )


def test_who_works_all_of_the_hours_may_do_all_of_the_work() -> None:
    monday = MONDAY_MORNING.date()
    away = (Leave(begins=monday, ends=monday + timedelta(days=6)),)
    members = MEMBERS | PORTAL | {"ole": Member(name="Ole Dahl", teams=("portal",), leave=away)}

    assert not found(*touched(many(50, "P"), "pia"), site=a_site(members=members))


def test_few_touches_are_not_compared() -> None:
    assert not found(*touched(many(30, "P"), "pia"), site=SITE)


def test_a_queue_whose_work_comes_back_untouched_is_found() -> None:
    one = the(Kind.HAND_BACKS, found(*given_back(many(6, "B"), 2), *many(6, "K")))

    assert (one.n, one.of, one.told) == (6, 12, ("12 times in all",))


def test_work_that_comes_while_the_site_is_open_and_nobody_works_is_found_with_its_hours() -> None:
    afternoons = dict.fromkeys(("mon", "tue"), (Interval(time(13), time(17)),))
    members = MEMBERS | {"pia": Member(name="Pia Lund", teams=("portal",), week=afternoons)}

    one = the(Kind.NOBODY_AT_WORK, found(*many(6, "N"), site=a_site(members=members)))

    assert (one.n, one.told) == (6, ("most at Mon 09:00 (6)",))


def test_work_that_comes_while_the_site_is_closed_is_nobodys_fault() -> None:
    assert not found(*many(8, "N", at=MONDAY_MORNING - minutes(360)))


def test_a_finding_names_at_most_twenty_tickets_and_counts_all() -> None:
    one = the(Kind.HAND_BACKS, found(*given_back(many(30, "B"), 1)))

    assert (one.n, len(one.tickets)) == (30, 20)
