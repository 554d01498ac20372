"""Telling a person what waits for them: claimed, sent once, recorded, and never forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import AT_NIGHT, MEMBERS, a_policy, a_site, minutes
from tests.unit.flow.post import Died, Post, a_notice
from triagewire.errors import ConflictError
from triagewire.escalation.notice import Bundle, Notice, NoticeKind
from triagewire.escalation.reach import Reach
from triagewire.flow.delivering import CLAIM, deliver, deliver_all, in_turn
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.policy.model import Policy
from triagewire.store.outbox import Box
from triagewire.store.told import claim_person
from triagewire.ticket import Status

NORA = Box(site="north", person="nora")
SECOND = timedelta(seconds=1)


@pytest.fixture
def post() -> Post:
    """Nora, who has no way of her own."""
    post = Post()
    post.open_ticket("T1")
    return post


def phones(*ways: Way) -> Policy:
    """A group in which nora has these ways."""
    members = {**MEMBERS, "nora": replace(MEMBERS["nora"], ways=dict.fromkeys(ways, "x"))}
    return a_policy(site=a_site(members=members))


def with_ways(*ways: Way) -> Post:
    """Nora with ways of her own, and a ticket."""
    post = Post()
    post.policy = replace(post.policy, policy=phones(*ways))
    post.open_ticket("T1")
    return post


def breach(ticket: str = "T1") -> Notice:
    """An alert."""
    return a_notice(NoticeKind.BREACH, ticket)


# What is told


def test_a_page_is_told_recorded_and_gone_from_the_outbox(post: Post) -> None:
    post.put(a_notice())

    assert post.look() == 0

    assert post.told() == ["T1-2-page-nora"]
    assert post.recorded(Action.TOLD) == ["T1-2-page-nora"]
    assert (post.left(), post.due()) == ([], [])


def test_the_ledger_says_by_which_ways_it_went_and_which_failed() -> None:
    post = with_ways(Way.SMS, Way.EMAIL)
    post.broken = {Way.SMS}
    post.put(a_notice())
    post.look()

    (event,) = post.ledger()
    assert (event.detail["ways"], event.detail["failed"]) == (["email"], ["sms"])


def test_one_copy_of_a_page_by_several_ways_is_for_who_hears_the_whole_topic() -> None:
    post = with_ways(Way.SMS, Way.EMAIL, Way.PAGER)
    post.broken = {Way.SMS}
    post.put(a_notice())
    post.look()

    copies = {way: bundle.attributes(way)["copy"] for _, bundle, way in post.sent}
    assert copies == {Way.EMAIL: "first", Way.PAGER: "more"}


def test_an_alert_goes_by_the_next_way_where_the_first_fails() -> None:
    post = with_ways(Way.EMAIL, Way.SMS, Way.PAGER)
    post.broken = {Way.EMAIL}
    post.put(breach())
    post.look()

    assert [way for _, _, way in post.sent] == [Way.SMS]


def test_who_has_no_way_that_works_is_told_by_the_topic_and_the_ledger_says_so() -> None:
    post = with_ways(Way.SMS)
    post.put(a_notice())

    deliver(post.context(), NORA, Reach(broken={"nora": frozenset({Way.SMS})}))

    (event,) = post.ledger()
    assert (event.detail["ways"], event.detail["unreachable"]) == (["topic"], True)


def test_what_was_acknowledged_meanwhile_is_not_told_and_the_ledger_says_so(post: Post) -> None:
    post.put(a_notice())
    post.change("T1", status=Status.RESOLVED)
    post.look()

    assert post.told() == []
    assert post.recorded(Action.NOTICE_DROPPED) == ["T1-2-page-nora"]
    assert post.left() == []


def test_what_comes_after_a_page_waits_and_goes_as_one_message(post: Post) -> None:
    post.put(a_notice())
    post.look()
    for number in range(2, 9):
        post.open_ticket(f"T{number}")
        post.put(a_notice(ticket=f"T{number}"))
    post.look()
    assert len(post.sent) == 1

    post.now += minutes(2)
    post.look()

    (_, bundle, _) = post.sent[1]
    assert len(bundle.notices) == 7


def test_a_look_that_sends_nothing_writes_nothing_to_the_ledger(post: Post) -> None:
    post.put(a_notice())
    post.look()
    post.open_ticket("T2")
    post.put(breach("T2"))
    before = post.ledger()

    post.look()

    assert post.ledger() == before
    assert post.due() == []
    assert post.due(post.now + minutes(2)) == [NORA]


def test_a_box_is_not_opened_before_the_site_is(post: Post) -> None:
    opens = AT_NIGHT + minutes(360)
    held = Box(site="north", person="nora", opens=opens)
    post.put(a_notice(NoticeKind.DIGEST, site="north"), opens=opens)

    deliver_all(post.context(), [held])

    assert post.told() == []


# When it fails


def test_a_page_that_no_way_takes_is_tried_every_minute(post: Post) -> None:
    post.broken = {Way.TOPIC}
    post.put(a_notice())
    assert post.look() == 1

    for _ in range(2):
        assert post.due() == []
        post.now += minutes(1)
        assert post.due() == [NORA]
        post.look()

    assert post.recorded(Action.NOTICE_FAILED) == ["T1-2-page-nora"] * 3
    post.broken = set()
    post.now += minutes(1)
    post.look()
    assert (post.told(), post.left()) == (["T1-2-page-nora"], [])


def test_an_alert_that_no_way_takes_is_tried_less_and_less_often(post: Post) -> None:
    post.broken = {Way.TOPIC}
    post.put(breach())
    tries = []
    for minute in range(31):
        post.now = AT_NIGHT + minutes(minute)
        if post.due():
            post.look()
            tries.append(minute)

    assert tries == [0, 1, 3, 7, 15, 30]


def test_alerts_are_told_although_no_page_can_be_sent(post: Post) -> None:
    def no_pages(bundle: Bundle, way: Way) -> None:
        if bundle.is_page:
            raise ConnectionError
        post.publish(bundle, way)

    post.put(a_notice(), breach())

    assert deliver_all(replace(post.context(), publish=no_pages), post.due()) == 1

    assert post.told() == ["T1-2-breach-nora"]
    assert post.left() == ["T1-2-page-nora"]
    assert post.due(post.now + minutes(1)) == [NORA]


def test_one_person_who_cannot_be_told_holds_up_nobody_else(post: Post) -> None:
    def only_bela(bundle: Bundle, way: Way) -> None:
        if bundle.person != "bela":
            raise ConnectionError
        post.publish(bundle, way)

    post.put(a_notice(), a_notice(person="bela"))

    failed = deliver_all(replace(post.context(), publish=only_bela), post.due())

    assert failed == 1
    assert post.told() == ["T1-2-page-bela"]


def test_when_time_runs_out_the_others_stay_due(post: Post) -> None:
    post.put(a_notice(), a_notice(person="bela"))
    time = iter([True, False])

    deliver_all(post.context(), post.due(), lambda: next(time))

    assert len(post.told()) == 1
    assert len(post.due()) == 1


# Who tells


def test_who_is_being_told_is_left_alone_and_stays_due(post: Post) -> None:
    post.put(a_notice())
    claim_person(post.tables, "nora", AT_NIGHT, AT_NIGHT + CLAIM)

    assert post.look() == 0

    assert post.told() == []
    assert post.due() == [NORA]


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


# Fairness and cost


def test_pages_come_first_and_then_the_sites_in_turn() -> None:
    def box(site: str, person: str, page: bool = False) -> Box:
        return Box(site=site, person=person, page=page)

    found = in_turn(
        [box("a", "1"), box("a", "2"), box("a", "3"), box("b", "4"), box("c", "5", page=True)],
        AT_NIGHT,
    )

    assert [each.person for each in found] == ["5", "1", "4", "2", "3"]


def test_no_site_is_always_the_first() -> None:
    boxes = [Box(site="a", person="1"), Box(site="b", person="2")]

    first = {in_turn(boxes, AT_NIGHT + minutes(minute))[0].site for minute in range(2)}

    assert first == {"a", "b"}


def test_a_box_with_a_page_is_found_before_a_box_without(post: Post) -> None:
    post.put(breach(), a_notice(NoticeKind.BREACH, person="bela"))
    post.put(a_notice())
    post.put(breach("T2"))  # an alert makes no page wait

    assert [(each.person, each.page) for each in post.due()] == [("nora", True), ("bela", False)]


def test_a_page_is_with_the_topic_after_five_calls(post: Post) -> None:
    post.put(a_notice())
    post.calls.clear()

    deliver_all(post.context(), [NORA])

    before = ["get_item", "update_item", "get_item", "query", "batch_get_item"]
    after = ["transact_write_items", "transact_write_items"]
    assert post.calls == [*before, "publish", *after]


def test_a_time_between_two_milliseconds_is_not_looked_at_too_early(post: Post) -> None:
    post.now = datetime(2026, 3, 3, 7, 0, 0, 123_456, tzinfo=AT_NIGHT.tzinfo)
    post.put(a_notice())
    post.look()
    post.open_ticket("T2")
    post.put(breach("T2"))
    post.look()

    post.now = post.now.replace(minute=2, microsecond=124_000)
    assert post.due() == [NORA]
    post.look()
    assert post.told() == ["T1-2-page-nora", "T2-2-breach-nora"]
