"""Senders that fail: unreadable, undelivered, silent, and what comes twice."""

from tests.builders import MONDAY_MORNING, minutes
from tests.trending import LAST_WEEK, a_life, found, many, the
from triagewire.trends.finding import Kind, Standing


def test_a_source_whose_messages_cannot_be_read_is_found() -> None:
    one = the(Kind.UNREADABLE, found(*many(6, "U", unreadable=True), *many(20, "R")))

    assert (one.n, one.of, one.title) == (6, 26, "Signed messages of form that could not be read")


def test_a_source_to_whose_requesters_nothing_gets_through_is_found() -> None:
    one = the(Kind.UNDELIVERED, found(*many(6, "U", undelivered=1), *many(20, "R")))

    assert (one.n, one.of) == (6, 26)


def test_a_source_that_fell_silent_is_found() -> None:
    one = the(Kind.SILENT, found(*many(12, "B", source="phone", at=LAST_WEEK)))

    assert one.title == "Nothing came by phone, which gave 12 messages the period before"
    assert (one.n, one.standing) == (12, Standing.NEW)


def test_a_source_that_never_said_much_is_not_silent() -> None:
    assert not found(*many(9, "B", source="phone", at=LAST_WEEK))


def test_the_same_need_by_two_sources_is_found() -> None:
    survivors = many(6, "S", source="phone")
    repeats = [
        a_life(f"M{n:02d}", at=MONDAY_MORNING + minutes(30 + n), merged_into=f"S{n:02d}")
        for n in range(6)
    ]

    one = the(Kind.DUPLICATES, found(*survivors, *repeats))

    assert one.title == "Came by form and said what a ticket by phone had said"
    assert one.tickets[0] == "M00"


def test_what_does_not_verify_says_nothing_of_its_sender() -> None:
    assert not found(*many(6, "U", unreadable=True, broken="event 2 was altered"))
