"""What a person is told, and what they are never told."""

from dataclasses import replace

import pytest

from tests.builders import MONDAY_MORNING, minutes
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import SUBJECT, Notice, NoticeKind
from triagewire.escalation.wording import spoken
from triagewire.ladder import Way
from triagewire.verdict import Urgency

BREACH = Notice(
    id="T1-breach",
    kind=NoticeKind.BREACH,
    person="nora",
    ticket_id="T1",
    site="north",
    team="clinical",
    urgency=Urgency.CLINICAL_STANDARD,
    elapsed_minutes=120,
    due_at=MONDAY_MORNING,
    assignee=None,
    at=MONDAY_MORNING,
)


def test_a_notice_says_where_how_urgent_how_old_who_holds_it_and_where_to_look() -> None:
    assert BREACH.text("https://desk.clinic.example/", lambda _: "") == (
        "BREACH for nora: ticket T1\n"
        "site north, team clinical, urgency 4\n"
        "open for 2 h, held by nobody\n"
        "due 2026-03-02 14:00 UTC\n"
        "https://desk.clinic.example/console#/tickets/T1"
    )


def test_a_subscription_can_filter_by_kind_site_team_person_way_and_urgency() -> None:
    message = Bundle(person="nora", site="north", notices=(BREACH,))

    assert message.attributes(Way.EMAIL) == {
        "notice": "T1-breach",
        "kind": "breach",
        "site": "north",
        "team": "clinical",
        "person": "nora",
        "urgency": "4",
        "way": "email",
        "count": "1",
        "copy": "first",
    }


def test_the_subject_is_the_same_for_every_notice() -> None:
    assert SUBJECT == "Triagewire"


def pages(count: int, *, again: bool = False) -> tuple[Notice, ...]:
    """A page of each of so many tickets, the first of them the oldest."""
    return tuple(
        replace(
            BREACH,
            id=f"{number:026d}-2-page-nora",
            kind=NoticeKind.PAGE,
            ticket_id=f"{number:026d}",
            urgency=Urgency.CLINICAL_URGENT,
            elapsed_minutes=count - number,
            again=again,
        )
        for number in range(count)
    )


def breaches(count: int, team: str) -> tuple[Notice, ...]:
    """A breach of each of so many tickets of a team, the oldest of 3 hours and 10 minutes."""
    found = (replace(each, kind=NoticeKind.BREACH, team=team) for each in pages(count))
    return tuple(replace(each, elapsed_minutes=190) for each in found)


def said(*notices: Notice, way: Way = Way.EMAIL) -> str:
    """The words of a message to nora that is sent at once."""
    message = Bundle(person="nora", site="north", notices=notices, at=MONDAY_MORNING)
    return message.text("https://desk.clinic.example/", a_link, way)


def a_link(notice: Notice) -> str:
    """An address as long as they are."""
    api = "https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod"
    return f"{api}/acknowledge/{notice.ticket_id:A<68}"


def test_a_bundle_says_how_many_of_what_where_and_how_old() -> None:
    text = said(*breaches(7, "billing"))

    assert text.startswith(
        "BREACH for nora at north\n7 tickets breached in billing, oldest 3 h 10 min\n"
    )
    assert text.endswith("all: https://desk.clinic.example/console#/queues/north/billing")


def test_a_bundle_counts_pages_first_and_each_kind_and_team_by_itself() -> None:
    text = said(*pages(2), *breaches(3, "clinical"), *breaches(1, "billing"))

    assert text.splitlines()[:2] == ["PAGE for nora at north", "2 pages in clinical, oldest 2 min"]
    assert "3 tickets breached in clinical, oldest 3 h 10 min" in text
    assert "1 ticket breached in billing, oldest 3 h 10 min" in text


def test_a_bundle_names_its_first_page_with_the_link_that_acknowledges_it() -> None:
    first, *_ = some = pages(3)

    text = said(*some)

    assert f"{first.ticket_id} (3 min)\nacknowledge: {a_link(first)}\n" in text


def test_ages_count_until_the_message_is_sent() -> None:
    early = replace(BREACH, at=MONDAY_MORNING - minutes(30))

    assert "oldest 2 h 30 min" in said(early, replace(early, id="T2-breach", ticket_id="T2"))


def test_a_ticket_that_is_paged_twice_in_one_message_counts_once() -> None:
    (page,) = pages(1)

    assert "1 page in clinical" in said(page, replace(page, id="again", again=True))


@pytest.mark.parametrize("count", [2, 3, 40, 200, 1000])
@pytest.mark.parametrize(("way", "most"), [(Way.EMAIL, 600), (Way.SMS, 459)])
def test_a_message_stays_short_whatever_the_count(count: int, way: Way, most: int) -> None:
    teams = ("billing", "scheduling", "portal", "it", "review", "clinical")
    text = said(*pages(count), *(each for team in teams for each in breaches(count, team)), way=way)

    assert len(text) <= most
    assert f"{count} pages in clinical" in text
    assert a_link(pages(count)[0]) in text
    assert (
        text.splitlines()[-1] == "all: https://desk.clinic.example/console#/queues/north/clinical"
    )


def test_a_page_that_is_not_the_first_says_so() -> None:
    (page,) = pages(1, again=True)

    assert said(page).startswith("PAGE again for nora: ticket ")


def test_the_copies_of_a_message_are_told_apart() -> None:
    message = Bundle(person="nora", site="north", notices=(BREACH,))

    copies = [replace(message, first=first).attributes(Way.SMS)["copy"] for first in (True, False)]
    assert copies == ["first", "more"]


def test_a_message_has_no_more_attributes_than_sns_hands_on_to_a_queue() -> None:
    assert len(Bundle(person="nora", site="north", notices=(BREACH,)).attributes(Way.SMS)) <= 10


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_its_words(kind: NoticeKind) -> None:
    one = replace(BREACH, kind=kind)
    other = replace(BREACH, kind=kind, id="T2", ticket_id="T2", team="billing")

    assert "in billing" in said(one, replace(one, id="T3", ticket_id="T3"), other) or one.in_digest


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 min"),
        (59, "59 min"),
        (60, "1 h"),
        (190, "3 h 10 min"),
        (1440, "1 d"),
        (3000, "2 d 2 h"),
    ],
)
def test_a_stretch_of_time_is_said_in_words(number: int, words: str) -> None:
    assert spoken(number) == words
