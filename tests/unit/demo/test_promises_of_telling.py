"""A broken promise about telling people is noticed: each check is shown such a day."""

from dataclasses import replace
from datetime import timedelta

from local.demo.facts import Facts
from local.demo.neighbours.around import Met
from local.demo.neighbours.bridge import Beep
from local.demo.promises_of_telling import CHECKS
from local.demo.staff import Tap
from tests.builders import AT_NIGHT, MONDAY_MORNING, minutes
from tests.unit.demo.days import (
    POST,
    ROUTED,
    SCORED,
    a_day,
    a_day_message,
    a_notice,
    a_posted,
    recorded,
    said,
    the_ticket,
    told,
)

ID = POST.ticket_id
PAGED, LINKS, RECORDED, OFTEN, MORNING, PAGERS, REACHED, NIGHT, HAPPENED = CHECKS
PAGE = f"{ID}-1-page-nick"
DIGEST = f"{ID}-1-digest-nora"
TAP = Tap(ticket_id=ID, statuses=(200, 200, 200), heard_before=None, heard_after="nick")
BEEP = Beep(pager="nick", person="nick", kind="page", message=PAGE)
OPENS = AT_NIGHT + minutes(360)


def broken(facts: Facts) -> set[str]:
    """The promises about telling that were broken on a day, without what a quiet day lacks."""
    return {name for name, find in CHECKS.items() if list(find(facts))} - {HAPPENED}


def a_page_after(seconds: float) -> Facts:
    """A day with an urgent message, and its page so much later."""
    day = a_day(told={"nick": told("nick", (PAGE,))})
    page = a_notice(id=PAGE, kind="page", at=MONDAY_MORNING + timedelta(seconds=seconds))
    posted = a_posted(message=a_day_message(kind="urgent"))
    return replace(day, seen=replace(day.seen, posted=[posted], notices=[page]))


def a_night(*digests: float) -> Facts:
    """A day on which a refill came at 2 a.m., with messages so many minutes after the opening."""
    events = recorded(SCORED, ROUTED, at=AT_NIGHT)
    sent = [
        a_notice(id=DIGEST, kind="digest", person="nora", at=OPENS + minutes(each))
        for each in digests
    ]
    day = a_day(
        events={ID: events},
        tickets={ID: the_ticket(events)},
        ended_at=OPENS + minutes(60),
        told={"nora": told("nora", *[(DIGEST,) for _ in digests])},
    )
    return replace(day, seen=replace(day.seen, notices=sent))


def test_a_good_day_keeps_them_all() -> None:
    assert broken(a_day()) == set()


def test_a_page_in_time_is_one() -> None:
    assert broken(a_page_after(0.3)) == set()


def test_a_page_that_comes_late_is_noticed() -> None:
    assert broken(a_page_after(4.5)) == {PAGED}


def test_a_tap_that_acknowledges_is_one() -> None:
    assert broken(a_day(taps=(TAP,))) == set()


def test_a_look_that_acknowledges_is_noticed() -> None:
    assert broken(a_day(taps=(replace(TAP, heard_before="nick"),))) == {LINKS}


def test_a_tap_that_does_nothing_is_noticed() -> None:
    assert broken(a_day(taps=(replace(TAP, heard_after=None),))) == {LINKS}


def test_a_link_that_leads_nowhere_is_noticed() -> None:
    assert broken(a_day(taps=(replace(TAP, statuses=(200, 404, 200)),))) == {LINKS}


def test_a_message_that_no_ledger_knows_is_noticed() -> None:
    assert broken(a_day(told={})) == {RECORDED}


def test_a_recorded_message_that_never_came_is_noticed() -> None:
    assert broken(replace(a_day(), seen=replace(a_day().seen, notices=[]))) == {RECORDED}


def test_six_messages_in_a_quarter_of_an_hour_are_noticed() -> None:
    ids = [f"{ID}-{number}-reminder-nick" for number in range(6)]
    day = a_day(told={"nick": told("nick", *[(each,) for each in ids])})
    sent = [
        a_notice(id=each, at=MONDAY_MORNING + minutes(2 * number))
        for number, each in enumerate(ids)
    ]

    assert broken(replace(day, seen=replace(day.seen, notices=sent))) == {OFTEN}


def test_a_digest_at_opening_is_one() -> None:
    assert broken(a_night(0.5)) == set()


def test_a_night_that_nobody_is_told_of_is_noticed() -> None:
    assert broken(a_night()) == {MORNING}


def test_a_digest_in_the_night_is_noticed() -> None:
    assert broken(a_night(-180)) == {MORNING}


def test_a_pager_that_hears_what_is_for_another_is_noticed() -> None:
    assert broken(a_day(met=Met(beeps=(replace(BEEP, pager="nell"),)))) == {PAGERS}


def test_a_page_that_its_pager_never_heard_is_noticed() -> None:
    day = a_page_after(0.3)
    silent = [replace(each, way="pager") for each in day.seen.notices]

    assert broken(replace(day, seen=replace(day.seen, notices=silent))) == {PAGERS}


def test_somebody_whom_nothing_reaches_is_noticed() -> None:
    said_so = {**a_day().said, "people": said("dr.osei has not confirmed", status=1)}

    assert broken(a_day(said=said_so)) == {REACHED}


def test_a_rehearsal_that_pages_nobody_again_is_noticed() -> None:
    quiet = {**a_day().said, "night": said(" page  breach  ack  ack_expired  responded ")}

    assert broken(a_day(said=quiet)) == {NIGHT}


def test_a_day_on_which_nothing_happened_shows_nothing() -> None:
    assert len(list(CHECKS[HAPPENED](a_day()))) == 4
