"""Answers that do not hold: what is opened again, which article brings people back, which none."""

from dataclasses import replace

from tests.builders import OPENING_HOURS, REPLIES, a_site
from tests.trending import done, found, many, the
from triagewire.replies.uses import Use
from triagewire.ticket import ANSWERED_AUTOMATICALLY
from triagewire.trends.finding import Kind


def test_what_is_resolved_and_opened_again_is_found_with_why() -> None:
    again = done(many(4, "W"), "requester_wrote_again") + done(many(2, "N"), "not_finished")

    one = the(Kind.REOPENED, found(*again, *done(many(6, "D"))))

    assert (one.n, one.of) == (6, 12)
    assert one.told == ("2 of 6: was not finished", "4 of 6: the requester wrote again")


def test_a_code_that_we_do_not_know_is_not_repeated() -> None:
    one = the(Kind.REOPENED, found(*done(many(6, "X"), "She said it hurts again")))

    assert one.told == ("6 of 6: another reason",)


def test_an_article_whose_readers_ask_a_person_after_all_is_found() -> None:
    lives = done(
        many(8, "A", article="opening-hours", topic="hours"),
        "not_helped",
        outcome=ANSWERED_AUTOMATICALLY,
        by="",
    )

    one = the(Kind.ARTICLE_RETURNS, found(*lives))

    assert one.title == "Answered by the article opening-hours, and came back"


def test_an_article_that_nobody_was_shown_is_found_while_people_answer_its_topics() -> None:
    asked = many(7, "Q", topic="hours", responded_by="pia")

    one = the(Kind.ARTICLE_UNUSED, found(*asked, uses={"opening-hours": {}}))

    assert (one.n, one.id) == (7, "article_unused.north.opening-hours")


def test_an_article_that_was_shown_is_found_by_somebody() -> None:
    asked = many(7, "Q", topic="hours", responded_by="pia")

    assert not found(*asked, uses={"opening-hours": {Use.SUGGESTED: 1}})


def test_an_article_is_not_blamed_where_nobody_counted_or_asked_or_it_is_switched_off() -> None:
    asked = many(7, "Q", topic="hours", responded_by="pia")
    off = replace(REPLIES, articles={"opening-hours": replace(OPENING_HOURS, enabled=False)})

    assert not found(*asked)
    assert not found(uses={"opening-hours": {}})
    assert not found(*asked, site=a_site(replies=off), uses={"opening-hours": {}})
