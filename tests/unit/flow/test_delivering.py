"""Telling a person what waits for them: by their ways, in messages, and recorded."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.builders import AT_NIGHT, minutes
from tests.unit.flow.post import Post, a_notice, breach, with_ways
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.reach import Reach
from triagewire.flow.delivering import deliver, deliver_all, in_turn
from triagewire.ladder import Way
from triagewire.ledger.event import Action
from triagewire.store.outbox import Box
from triagewire.ticket import Status

NORA = Box(site="north", person="nora")


@pytest.fixture
def post() -> Post:
    """Nora, who has no way of her own."""
    post = Post()
    post.open_ticket("T1")
    return post


# What is told


def test_a_page_is_told_recorded_and_gone_from_the_outbox(post: Post) -> None:
    post.put(a_notice())

    assert post.look() == 0

    assert post.told() == ["T1-2-page-nora"]
    assert post.recorded(Action.TOLD) == ["T1-2-page-nora"]
    assert (post.left(), post.due()) == ([], [])


def test_a_member_id_with_a_mark_in_it_hides_nobodys_box(post: Post) -> None:
    post.put(a_notice(person="dr#lee"), a_notice())

    assert post.look() == 0

    assert {bundle.person for _, bundle, _ in post.sent} == {"dr#lee", "nora"}


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


def test_a_page_that_no_asked_way_takes_goes_at_once_by_another() -> None:
    post = with_ways(Way.SMS, Way.EMAIL, Way.PAGER)
    post.broken = {Way.SMS}
    post.put(a_notice(ways=(Way.SMS,)))
    post.look()

    assert [way for _, _, way in post.sent] == [Way.EMAIL]


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


def test_what_comes_after_two_pages_waits_and_goes_as_one_message(post: Post) -> None:
    post.put(a_notice())
    post.look()
    post.open_ticket("T2")
    post.put(a_notice(ticket="T2"))
    post.look()
    for number in range(3, 10):
        post.open_ticket(f"T{number}")
        post.put(a_notice(ticket=f"T{number}"))
    post.look()
    assert len(post.sent) == 2

    post.now += minutes(4)
    post.look()

    (_, bundle, _) = post.sent[2]
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


def test_a_page_that_no_way_takes_is_tried_every_minute_whatever_waits_beside_it(
    post: Post,
) -> None:
    post.broken = set(Way)
    post.put(a_notice(), breach())
    for minute in range(12):
        post.look(AT_NIGHT + minutes(minute))
    post.broken = set()

    post.look(AT_NIGHT + minutes(12))

    assert post.told()[:1] == ["T1-2-page-nora"]


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


def test_in_a_rush_at_three_sites_that_share_a_person_no_site_is_left_out(post: Post) -> None:
    sites = ["site-0", "site-1", "site-2"]
    last = dict.fromkeys(sites, AT_NIGHT)
    for minute in range(180):
        post.now = AT_NIGHT + minutes(minute)
        post.put(*(a_notice(id=f"{minute}-{site}", site=site, again=True) for site in sites))
        post.look()
        last |= {bundle.site: at for at, bundle, _ in post.sent[-5:]}

        assert min(last.values()) >= post.now - minutes(15)


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
