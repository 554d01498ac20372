"""Two hundred with chest pain in a minute, at night: every ticket is paged, and nobody drowns."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.aws.said import CHEST_PAIN, score_as_said
from tests.builders import AT_NIGHT, a_requester, a_stamp, an_arrival, minutes
from tests.unit.flow.post import Post
from triagewire.escalation.notice import Notice
from triagewire.flow.escalate import act
from triagewire.flow.receive import receive
from triagewire.flow.sweeping import sweep
from triagewire.flow.triage import triage
from triagewire.ledger.event import Action

TICKETS = 200
QUARTER = minutes(15)


@pytest.fixture(scope="module")
def storm() -> Iterator[Post]:
    """What happens in the forty minutes in which nobody acknowledges anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
        patch.setattr(
            "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
        )
        post = Post()
        for number in range(TICKETS):
            post.now = AT_NIGHT + timedelta(seconds=60 * number / TICKETS)
            _arrives(post, number)
        for minute in range(1, 41):
            post.now = AT_NIGHT + minutes(minute)
            sweep(post.context())
        yield post


def _arrives(post: Post, number: int) -> None:
    who = a_requester(patient_id=f"MRN-{number}", email=f"p{number}@mail.example", phone=None)
    arrival = an_arrival(event_id=f"evt-{number}", text=CHEST_PAIN, requester=who)
    stored = receive(post.tables, arrival, a_stamp(post.now))
    ticket = triage(post.context(), stored)
    assert ticket is not None
    act(post.context(), ticket.id)


def _messages(storm: Post) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for at, bundle, _ in storm.sent:
        found.setdefault(bundle.person, []).append(at)
    return found


def test_the_first_two_pages_go_at_once_each_by_itself(storm: Post) -> None:
    first, second = storm.sent[:2]

    assert [(bundle.person, len(bundle.notices)) for _, bundle, _ in (first, second)] == [
        ("dr-okafor", 1),
        ("dr-okafor", 1),
    ]
    assert first[0] == AT_NIGHT
    assert second[0] - first[0] < minutes(1)


def test_every_ticket_is_paged_within_five_minutes(storm: Post) -> None:
    early = [bundle for at, bundle, _ in storm.sent if at <= AT_NIGHT + minutes(5)]

    paged = {each.ticket_id for one in early for each in one.notices if isinstance(each, Notice)}
    assert len(paged) == TICKETS


def test_nobody_gets_more_than_five_messages_in_a_quarter_of_an_hour(storm: Post) -> None:
    for times in _messages(storm).values():
        assert all(sum(at <= each < at + QUARTER for each in times) <= 5 for at in times)


def test_nobody_who_is_paged_is_left_without_word_for_longer_than_the_ladder(storm: Post) -> None:
    everybody = sorted(at for times in _messages(storm).values() for at in times)

    assert max(later - earlier for earlier, later in pairwise(everybody)) <= minutes(5)


def test_every_page_that_was_decided_is_recorded_as_told_once(storm: Post) -> None:
    for person in _messages(storm):
        told = storm.recorded(Action.TOLD, person)
        assert len(told) == len(set(told))
        assert sorted(told) == sorted(
            each.id
            for _, bundle, _ in storm.sent
            if bundle.person == person
            for each in bundle.notices
        )


def test_a_message_says_how_many_and_stays_short(storm: Post) -> None:
    texts = [
        bundle.text("https://desk.clinic.example", lambda _notice: "")
        for _, bundle, _ in storm.sent
        if len(bundle.notices) > 1
    ]

    assert "198 pages in clinical" in texts[0]
    assert all(len(each) <= 600 for each in texts)
