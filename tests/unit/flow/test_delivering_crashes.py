"""Whoever else tells a person, and whatever dies meanwhile: nothing is lost, little is repeated."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import AT_NIGHT, minutes
from tests.unit.flow.post import Died, Post, a_notice, breach, with_ways
from triagewire.errors import ConflictError
from triagewire.flow.delivering import CLAIM, deliver, deliver_all
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.store.outbox import Box
from triagewire.store.told import claim_person, unclaim_person
from triagewire.ticket import Status

NORA = Box(site="north", person="nora")
SECOND = timedelta(seconds=1)


@pytest.fixture
def post() -> Post:
    """Nora, who has no way of her own."""
    post = Post()
    post.open_ticket("T1")
    return post


# Who tells


def test_who_is_being_told_is_left_alone_and_stays_due(post: Post) -> None:
    post.put(a_notice())
    claim_person(post.tables, "nora", AT_NIGHT, AT_NIGHT + CLAIM)

    assert post.look() == 0

    assert post.told() == []
    assert post.due() == [NORA]


def test_a_page_waits_a_moment_for_who_tells_the_person_of_another_site(post: Post) -> None:
    post.put(a_notice())
    claim_person(post.tables, "nora", AT_NIGHT, AT_NIGHT + CLAIM)

    def meanwhile(_attempt: int) -> None:
        unclaim_person(post.tables, "nora", AT_NIGHT + CLAIM)

    deliver_all(replace(post.context(), wait=meanwhile), post.due())

    assert post.told() == ["T1-2-page-nora"]


def test_a_claim_whose_holder_died_holds_up_for_half_a_minute(post: Post) -> None:
    post.put(a_notice())
    claim_person(post.tables, "nora", AT_NIGHT, AT_NIGHT + CLAIM)

    post.now += CLAIM
    post.look()

    assert post.told() == ["T1-2-page-nora"]


def test_a_claim_is_held_by_the_wall_clock_although_the_sweep_began_long_ago(post: Post) -> None:
    post.put(a_notice())
    wall = AT_NIGHT + minutes(3)
    claim_person(post.tables, "nora", wall, wall + CLAIM)

    post.look(clock=wall + SECOND)

    assert post.told() == []


def test_a_claim_of_a_clock_that_was_put_back_holds_nobody_up(post: Post) -> None:
    post.put(a_notice())
    later = AT_NIGHT + minutes(60)
    claim_person(post.tables, "nora", later, later + CLAIM)

    post.look()

    assert post.told() == ["T1-2-page-nora"]


def test_what_is_put_in_while_somebody_looks_is_told_by_them(post: Post) -> None:
    post.open_ticket("T2")
    post.put(breach("T2"))
    post.broken = {Way.TOPIC}

    def meanwhile(boundary: str) -> None:
        if boundary in {"after publish", "before publish"}:
            post.struck = lambda _call: None
            post.broken = set()
            post.put(a_notice())
            assert deliver(post.context(), NORA)  # it is claimed: left to who has it

    post.struck = meanwhile
    post.look()

    assert "T1-2-page-nora" in post.told()
    assert post.left() == []


def test_what_was_sent_is_recorded_although_the_claim_ran_out_meanwhile(post: Post) -> None:
    post.open_ticket("T2")
    post.put(a_notice())

    def meanwhile(boundary: str) -> None:
        if boundary == "after publish":
            post.struck = lambda _call: None
            post.look(clock=AT_NIGHT + CLAIM)

    post.struck = meanwhile
    assert post.look() == 0

    assert post.told() == ["T1-2-page-nora"] * 2
    assert post.recorded(Action.TOLD) == ["T1-2-page-nora"] * 2


def test_a_lost_race_is_no_failure(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_arguments: object) -> None:
        raise ConflictError("what nora was told")

    post.put(a_notice())
    monkeypatch.setattr("triagewire.flow.delivering.read_box", lost)

    assert post.look() == 0
    assert post.due() == [NORA]


# Crashes


def boundaries(prepare: Callable[[], Post], look: Callable[[Post], object]) -> range:
    """How many times a process can die in a look."""
    post = prepare()
    seen: list[str] = []
    post.struck = seen.append
    look(post)
    wanted = ("update", "transact", "publish")
    return range(sum(any(each in boundary for each in wanted) for boundary in seen))


def a_mixed_box() -> Post:
    """Nora by two ways, with two pages, an alert, and a page that is moot."""
    post = with_ways(Way.SMS, Way.EMAIL)
    for number in (2, 3, 4):
        post.open_ticket(f"T{number}")
    post.put(a_notice(), a_notice(ticket="T2"), breach("T3"), a_notice(ticket="T4"))
    post.change("T4", status=Status.RESOLVED)
    return post


def test_whatever_moment_a_process_dies_nothing_is_lost_and_one_message_repeats() -> None:
    for nth in boundaries(a_mixed_box, Post.look):
        post = a_mixed_box()
        with post.dying(nth), pytest.raises(Died):
            post.look()
        for _ in range(4):
            post.now += minutes(1)
            assert post.look() == 0

        owed = {"T1-2-page-nora", "T2-2-page-nora", "T3-2-breach-nora"}
        assert set(post.told()) == owed
        assert set(post.recorded(Action.TOLD)) == owed
        assert post.recorded(Action.NOTICE_DROPPED) == ["T4-2-page-nora"]
        messages = [bundle.id for _, bundle, way in post.sent if way is Way.SMS]
        assert len(messages) <= 2
        assert len(set(messages)) == 1
        assert (post.left(), post.due()) == ([], [])


def test_two_who_look_at_once_tell_once(post: Post) -> None:
    for boundary in ("before get_item", "after query", "before publish", "after publish"):
        post = Post()
        post.open_ticket("T1")
        post.put(a_notice())

        def meanwhile(at: str, wanted: str = boundary, here: Post = post) -> None:
            if at == wanted:
                here.struck = lambda _call: None
                here.look()

        post.struck = meanwhile
        post.look()

        assert post.told() == ["T1-2-page-nora"]


def test_an_old_invocation_repeats_nothing(post: Post) -> None:
    post.put(a_notice())
    post.now += minutes(3)
    post.look()

    post.look(now=AT_NIGHT)
    deliver(post.context(now=AT_NIGHT), NORA)

    assert post.told() == ["T1-2-page-nora"]


# Many


def a_flood(count: int) -> Post:
    """So many alerts for nora of as many tickets, more than one message holds."""
    post = Post()
    for number in range(count):
        post.open_ticket(f"T{number}")
    post.put(*(breach(f"T{number}") for number in range(count)))
    return post


def test_thousands_of_notices_for_one_person_are_several_messages_and_all_are_told() -> None:
    post = a_flood(2500)
    for minute in range(10):
        post.now = AT_NIGHT + minutes(minute)
        assert post.look() == 0

    assert [len(bundle.notices) for _, bundle, _ in post.sent] == [1000, 1000, 500]
    assert len(set(post.told())) == 2500
    assert (post.left(), post.due()) == ([], [])


@pytest.mark.parametrize("nth", [5, 6, 8, 10])
def test_a_process_that_dies_while_it_empties_a_large_box_repeats_nothing(nth: int) -> None:
    post = a_flood(300)
    with post.dying(nth), pytest.raises(Died):
        post.look()
    assert len(post.left()) in range(1, 300)
    # Another site tells her something before anybody looks at this box again.
    post.put(a_notice(ticket="T1", site="west", id="W1-1-page-nora"))
    post.now += minutes(1)
    post.look()
    post.now += minutes(2)
    post.look()

    assert sorted(post.told()) == sorted(
        [*(f"T{n}-2-breach-nora" for n in range(300)), "W1-1-page-nora"]
    )
    assert post.left() == []
