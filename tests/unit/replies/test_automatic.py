"""Which automatic text a ticket gets, or why it gets none."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    OPENING_HOURS,
    REPLIES,
    a_message,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from tests.strategies import instants, verdicts
from tests.template import ROOT
from triagewire.arrival import RequesterKind
from triagewire.message import ReplyWay
from triagewire.policy.load import load
from triagewire.policy.model import Site
from triagewire.policy.replies import Article
from triagewire.replies.automatic import Reply, Withheld, automatic_reply, find_article
from triagewire.replies.short import MOST_CHARACTERS, shortened
from triagewire.ticket import REVIEW, Ticket
from triagewire.verdict import Urgency, Verdict

AT = MONDAY_MORNING
QUESTION = a_message(text="What are your hours on Friday?", subject="")


def reply_to(ticket: Ticket, **message: object) -> Reply | Withheld:
    way = ReplyWay.EMAIL if ticket.requester.email else None
    return automatic_reply(ticket, a_message(**message), a_site(), ticket.received_at, way)


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        (a_ticket(a_verdict(5)), "clinical"),
        (a_ticket(a_verdict(4)), "clinical"),
        (a_ticket(for_review(candidate=2)), "under review"),
        (a_ticket(a_verdict(2), team=REVIEW), "under review"),
        (a_ticket(a_verdict(1, crisis=True)), "a crisis is answered by a person"),
        (
            a_ticket(a_verdict(2), requester=a_requester(kind=RequesterKind.UNKNOWN)),
            "the requester is not known",
        ),
        (a_ticket(a_verdict(2), quiet=True), "no automatic text on this ticket"),
        (a_ticket(a_verdict(2), requester=a_requester(email=None)), "no address to write to"),
        (replace(a_ticket(), verdict=None), "not scored"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_no_text_is_sent_because(ticket: Ticket, why: str) -> None:
    assert reply_to(ticket) == Withheld(why)


def test_no_text_answers_a_robot() -> None:
    assert isinstance(reply_to(a_ticket(a_verdict(1)), automatic=True), Withheld)


def test_a_site_can_switch_all_texts_off() -> None:
    silent = a_site(replies=replace(REPLIES, enabled=False))

    reply = automatic_reply(a_ticket(a_verdict(1)), QUESTION, silent, AT)

    assert reply == Withheld("switched off for this site")


@given(verdicts, instants, st.booleans(), st.sampled_from(list(RequesterKind)))
def test_whoever_gets_a_text_is_known_and_their_need_is_neither_clinical_nor_in_doubt(
    verdict: Verdict, at: object, quiet: bool, kind: RequesterKind
) -> None:
    ticket = a_ticket(verdict, requester=a_requester(kind=kind), quiet=quiet)

    reply = automatic_reply(ticket, QUESTION, a_site(), at)  # type: ignore[arg-type]

    if isinstance(reply, Reply):
        assert verdict.score < Urgency.CLINICAL_STANDARD
        assert not verdict.review
        assert kind is not RequesterKind.UNKNOWN
        assert not quiet


def test_an_article_settles_a_question_on_its_topic() -> None:
    reply = automatic_reply(a_ticket(a_verdict(1)), QUESTION, a_site(), AT)

    assert isinstance(reply, Reply)
    assert (reply.answers, reply.made_by) == (True, "article:opening-hours")
    assert reply.subject == "North Clinic: Our hours"


@pytest.mark.parametrize(
    ("article", "found"),
    [
        (OPENING_HOURS, True),
        (replace(OPENING_HOURS, topics=("parking",)), False),
        (replace(OPENING_HOURS, enabled=False), False),
        (replace(OPENING_HOURS, any_of=("FRIDAY",)), True),
        (replace(OPENING_HOURS, any_of=("holiday",)), False),
    ],
    ids=["its topic", "another topic", "switched off", "one of its words", "none of its words"],
)
def test_an_article_answers_when(article: Article, found: bool) -> None:
    site = a_site(replies=replace(REPLIES, articles={"a": article}))

    assert (find_article(QUESTION, a_verdict(1), site, AT) is not None) is found


def test_a_self_serve_question_without_an_article_is_acknowledged_for_a_person() -> None:
    site = a_site(replies=replace(REPLIES, articles={}))

    reply = automatic_reply(a_ticket(a_verdict(1)), QUESTION, site, AT)

    assert isinstance(reply, Reply)
    assert not reply.answers


def test_an_acknowledgement_says_when_in_the_time_of_the_site() -> None:
    reply = reply_to(a_ticket(a_verdict(3)))

    assert isinstance(reply, Reply)
    assert reply.text == (
        "We will answer by Monday, March 2, 12:00 PM. "
        "Call +1 555 010 0100 if it gets worse, or 911."
    )


def test_at_night_the_text_of_the_closed_hours_is_used() -> None:
    reply = reply_to(a_ticket(a_verdict(2), AT_NIGHT))

    assert isinstance(reply, Reply)
    assert reply.made_by == "template:after_hours"
    assert "by Tuesday, March 3, 12:00 PM" in reply.text


def test_a_friday_evening_request_is_promised_for_monday() -> None:
    friday_evening = AT + minutes((4 * 24 + 9) * 60)

    reply = reply_to(a_ticket(a_verdict(2), friday_evening))

    assert isinstance(reply, Reply)
    assert "Monday, March 9" in reply.text


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("en-GB", "en"), ("zh", "en"), (None, "en")],
)
def test_the_text_is_in_the_language_of_the_requester_or_english(
    language: str | None, spoken: str
) -> None:
    reply = reply_to(a_ticket(a_verdict(2)), language=language)

    assert isinstance(reply, Reply)
    assert reply.language == spoken


def test_an_article_without_the_language_answers_in_english() -> None:
    english = replace(OPENING_HOURS, title={"en": "Hours"}, text={"en": "8 to 5, Friday too"})
    site = a_site(replies=replace(REPLIES, articles={"a": english}))

    reply = automatic_reply(a_ticket(a_verdict(1)), replace(QUESTION, language="es"), site, AT)

    assert isinstance(reply, Reply)
    assert reply.text.startswith("8 to 5, Friday too")
    assert reply.language == "en"


def test_braces_in_an_article_are_words_like_others() -> None:
    braces = replace(OPENING_HOURS, text={"en": "{site} {0} {x} Friday", "es": "{"})
    site = a_site(replies=replace(REPLIES, articles={"a": braces}))

    reply = automatic_reply(a_ticket(a_verdict(1)), QUESTION, site, AT)

    assert isinstance(reply, Reply)
    assert reply.text.startswith("{site} {0} {x}")


SHIPPED = load(ROOT / "policy").policy.sites["mesa"]


def texted(ticket: Ticket, site: Site = SHIPPED, **message: object) -> Reply:
    """What goes out as a text message."""
    said = a_message(**message)
    reply = automatic_reply(ticket, said, site, ticket.received_at, ReplyWay.SMS)
    assert isinstance(reply, Reply)
    return reply


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("at", [AT, AT_NIGHT], ids=["open", "closed"])
def test_a_text_message_is_short_and_says_where_to_call(language: str, at: datetime) -> None:
    reply = texted(a_ticket(a_verdict(2), at), language=language)

    assert len(reply.text) <= MOST_CHARACTERS
    assert "\n" not in reply.text
    assert all(number in reply.text for number in ("911", "988"))
    assert SHIPPED.name in reply.text


def test_a_site_without_words_for_text_messages_sends_the_first_of_the_long_ones() -> None:
    long = replace(
        REPLIES.acknowledgement,
        text={"en": f"{'We have your message. ' * 40} In an emergency call 911. Crisis: 988. Bye."},
    )
    site = a_site(replies=replace(REPLIES, acknowledgement=long))

    reply = texted(a_ticket(a_verdict(2)), site)

    assert len(reply.text) <= MOST_CHARACTERS
    assert reply.text.endswith("In an emergency call 911. Crisis: 988.")


def test_an_article_that_fits_answers_a_text_message_in_one_line() -> None:
    reply = texted(a_ticket(a_verdict(1)), text="What are your hours?", subject="")

    assert reply.article == "hours"
    assert "Friday 8:00 to 16:00" in reply.text
    assert len(reply.text) <= MOST_CHARACTERS


def test_half_an_article_answers_nobody() -> None:
    long = replace(OPENING_HOURS, text={"en": "Hours by the day. " * 40, "es": "Horario. " * 40})
    site = a_site(replies=replace(REPLIES, articles={"a": long}))

    by_text = texted(a_ticket(a_verdict(1)), site, text="What are your hours?", subject="")
    asked = a_message(text="What are your hours?", subject="")
    by_chat = automatic_reply(a_ticket(a_verdict(1)), asked, site, AT, ReplyWay.WEBHOOK)

    assert by_text.made_by == "template:acknowledgement"
    assert isinstance(by_chat, Reply)
    assert by_chat.article == "a"


def test_whom_nothing_reaches_gets_no_text() -> None:
    reply = automatic_reply(a_ticket(a_verdict(2)), a_message(), a_site(), AT, None)

    assert reply == Withheld("no address to write to")


def test_a_text_is_in_the_language_that_scoring_heard_if_nobody_named_one() -> None:
    spanish = a_ticket(a_verdict(2, language="es"))

    reply = automatic_reply(spanish, a_message(language=None), a_site(), AT)

    assert isinstance(reply, Reply)
    assert reply.language == "es"


def test_an_answer_has_a_way_to_say_that_it_did_not_help() -> None:
    def link(article: str) -> str:
        return f"<{article}>"

    reply = automatic_reply(
        a_ticket(a_verdict(1)),
        a_message(text="What are your hours?", subject=""),
        SHIPPED,
        AT,
        feedback=link,
    )

    assert isinstance(reply, Reply)
    assert reply.text.endswith("one tap brings it to a person: <hours>")


@given(st.text(alphabet="ab .!?\n911988", max_size=900), st.integers(20, 480))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most
