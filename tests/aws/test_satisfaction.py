"""Asking how it was: whom, when and how often; the link, the answer, and what a comment does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest

from functions.desk import handler as desk
from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic, running
from tests.aws.deployment import LINK_URL
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, REFILL
from tests.aws.senders import by_portal
from tests.aws.test_desk_calls import a_request
from tests.builders import REPLIES, a_policy, a_requester, a_site, minutes
from triagewire import aws
from triagewire.arrival import Channel, RequesterKind
from triagewire.escalation.steps import close
from triagewire.flow import escalate, staff
from triagewire.flow.context import Plan
from triagewire.flow.policies import current_policy
from triagewire.flow.purging import purge
from triagewire.ledger.event import Action
from triagewire.message import Message
from triagewire.policy.model import Policy
from triagewire.policy.replies import Template
from triagewire.policy.retention import Retention
from triagewire.policy.satisfaction import Satisfaction
from triagewire.replies.uses import Use
from triagewire.retention import PurgeReason
from triagewire.store.article_uses import read_uses
from triagewire.store.satisfaction import read_satisfaction
from triagewire.store.tickets import Change
from triagewire.ticket import Status, TimerKind

LINK = re.compile(rf"{re.escape(LINK_URL)}(/feedback/\S+)")
ASKED = "How did we do?"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser got."""

    status: int
    title: str
    html: str
    headers: dict[str, list[str]]


def a_policy_that_asks(**changes: Any) -> Policy:  # noqa: ANN401
    ask = Template(
        subject={"en": ASKED, "es": "¿Cómo le atendimos?"},
        text={"en": "{site} asks: {link} or call {phone}", "es": "{site} pregunta: {link} {phone}"},
    )
    question = {"en": "How well did we help you?", "es": "¿Le ayudamos?"}
    asks = Satisfaction(enabled=True, after_minutes=60, ask=ask, question=question)
    answer = Template(
        subject={"en": "{title}", "es": "{title}"},
        text={"en": "{answer}\n{feedback}", "es": "{answer}\n{feedback}"},
    )
    site = a_site(satisfaction=replace(asks, **changes), replies=replace(REPLIES, answer=answer))
    return a_policy(site)


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    """A clinic that asks its requesters an hour after."""
    with running() as clinic:
        clinic.publish(a_policy_that_asks())
        yield clinic


def resolved(clinic: Clinic, text: str = APPOINTMENT, event_id: str = "evt-1", **who: Any) -> str:  # noqa: ANN401
    """Ada's request, done by sami ten minutes after it came."""
    ticket = clinic.take(by_portal(text, clinic.now, event_id, **who))
    clinic.now += minutes(10)
    clinic.resolve(ticket, "director")
    return ticket


def questions(clinic: Clinic, ticket: str) -> list[Message]:
    return [each for each in clinic.said(ticket) if each.made_by == "survey"]


def pass_an_hour(clinic: Clinic) -> None:
    """An hour of the clinic passes, and what is due then is done."""
    clinic.sweep(clinic.now + minutes(60))
    clinic.settle()


def asked(clinic: Clinic, **what: Any) -> tuple[str, str]:  # noqa: ANN401
    """A resolved ticket whose requester was asked, and the path of the link."""
    ticket = resolved(clinic, **what)
    pass_an_hour(clinic)
    return ticket, path_of(clinic)


def path_of(clinic: Clinic) -> str:
    """The path of the link in the last mail."""
    found = LINK.search(clinic.mails()[-1]["Content"]["Simple"]["Body"]["Text"]["Data"])
    assert found is not None
    return found[1]


def fetch(clinic: Clinic, method: str, path: str, fields: dict[str, Any] | None = None) -> Shown:
    """What somebody without a session gets, and all that follows of it."""
    raw = urlencode(fields, quote_via=quote_plus).encode() if fields is not None else b""
    request = a_request(None, method, path, raw, at=clinic.now)
    request |= {
        "resource": "/feedback/{token}",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
    }
    answer: dict[str, Any] = desk.lambda_handler(request, SimpleNamespace(aws_request_id="r-1"))
    clinic.settle()
    titled = re.search(r"<h1>(.*?)</h1>", answer["body"] or "")
    return Shown(
        answer["statusCode"],
        titled[1] if titled else "",
        answer["body"],
        answer["multiValueHeaders"],
    )


def counts(clinic: Clinic, month: str = "2026-03") -> tuple[int, dict[int, int]]:
    found = read_satisfaction(aws.tables(), "north", month)
    return found.asked, {score: times for score, times in found.by_score.items() if times}


# Whom, when and how often


def test_a_requester_is_asked_once_an_hour_after(clinic: Clinic) -> None:
    ticket = resolved(clinic)
    clinic.sweep(clinic.now + minutes(59))
    clinic.settle()
    assert questions(clinic, ticket) == []

    clinic.sweep(clinic.now + minutes(1))
    clinic.settle()
    clinic.sweep(clinic.now + timedelta(days=2))

    (question,) = questions(clinic, ticket)
    mail = clinic.mails()[-1]
    assert mail["Destination"] == {"ToAddresses": ["ada.marlow@mail.example"]}
    assert mail["Content"]["Simple"]["Subject"]["Data"] == ASKED
    assert question.automatic
    assert counts(clinic) == (1, {})
    assert clinic.actions(ticket).count(Action.SURVEYED) == 1


def test_the_hour_is_one_of_the_clinics_own(clinic: Clinic) -> None:
    clinic.now = datetime.fromisoformat("2026-03-06T21:30:00+00:00")  # Friday, 16:30 there
    ticket = clinic.ticket(resolved(clinic))

    assert ticket.timer is not None
    assert ticket.timer.kind is TimerKind.SURVEY
    assert ticket.timer.at == datetime.fromisoformat("2026-03-09T12:40:00+00:00")  # Monday, 8:40


def test_what_is_kept_of_the_question_cannot_be_answered_by_staff(clinic: Clinic) -> None:
    ticket, path = asked(clinic)

    (question,) = questions(clinic, ticket)
    assert path not in question.text
    assert "/feedback/" not in question.text


def test_afterwards_the_ticket_still_closes_for_good(clinic: Clinic) -> None:
    ticket, _ = asked(clinic)

    clinic.sweep(clinic.now + timedelta(days=31))

    assert clinic.ticket(ticket).status is Status.CLOSED


def test_a_question_that_fails_whenever_it_is_tried_keeps_no_ticket_from_closing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = resolved(clinic)

    def fails(*_: object) -> None:
        raise ValueError("no such text")

    monkeypatch.setattr(escalate, "ask_how_it_was", fails)
    for days in (1, 31):
        clinic.sweep(clinic.now + timedelta(days=days))

    assert clinic.ticket(ticket).status is Status.CLOSED


@pytest.mark.parametrize(
    "outcome", [staff.Outcome.NOT_NEEDED, staff.Outcome.SENT_TO_EMERGENCY_CARE]
)
def test_nobody_is_asked_whom_nobody_served(clinic: Clinic, outcome: staff.Outcome) -> None:
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    staff.resolve(*clinic._desk("director"), ticket, outcome)
    pass_an_hour(clinic)

    assert questions(clinic, ticket) == []


def test_who_had_an_emergency_is_not_asked(clinic: Clinic) -> None:
    ticket = resolved(clinic, CHEST_PAIN)
    pass_an_hour(clinic)

    assert questions(clinic, ticket) == []


def test_who_had_a_clinical_request_is(clinic: Clinic) -> None:
    ticket = resolved(clinic, REFILL)
    pass_an_hour(clinic)

    assert [each.delivery.value for each in questions(clinic, ticket)] == ["sent"]


def test_who_cannot_be_written_to_is_not_asked(clinic: Clinic) -> None:
    ticket = resolved(clinic, who=a_requester(email=None, phone=None))
    pass_an_hour(clinic)

    assert questions(clinic, ticket) == []
    assert "only a telephone can reach them" in clinic.ledger(ticket)[-1].why


def test_who_is_not_known_is_not_asked(clinic: Clinic) -> None:
    unknown = a_requester(kind=RequesterKind.UNKNOWN)
    ticket = arrives(clinic, mailed(APPOINTMENT, "mail-1", requester=unknown))
    clinic.resolve(ticket, "director")
    pass_an_hour(clinic)

    assert questions(clinic, ticket) == []


def test_who_has_written_again_meanwhile_is_not_asked(clinic: Clinic) -> None:
    ticket = resolved(clinic)
    clinic.now += minutes(20)
    arrives(clinic, mailed("And which room is it?", "mail-1", thread_token=token_of(ticket)))
    pass_an_hour(clinic)

    assert clinic.ticket(ticket).status is Status.REOPENED
    assert questions(clinic, ticket) == []


def test_nobody_is_asked_twice_within_a_month(clinic: Clinic) -> None:
    asked(clinic)
    second = resolved(clinic, REFILL, "evt-2")
    pass_an_hour(clinic)
    assert questions(clinic, second) == []
    assert counts(clinic)[0] == 1

    clinic.now += timedelta(days=30)
    third = resolved(clinic, APPOINTMENT, "evt-3")
    pass_an_hour(clinic)

    assert len(questions(clinic, third)) == 1


def test_who_writes_by_text_message_is_asked_by_one(clinic: Clinic) -> None:
    texted = mailed(APPOINTMENT, "sms-1", source="phone", channel=Channel.SMS, subject="")
    ticket = arrives(clinic, texted)
    clinic.resolve(ticket, "director")
    pass_an_hour(clinic)

    (text,) = [each for each in clinic.wire.of("Publish") if "PhoneNumber" in each][-1:]
    assert text["PhoneNumber"] == "+15550107744"
    assert LINK.search(text["Message"])
    assert len(questions(clinic, ticket)) == 1


def test_what_an_article_answered_is_not_asked_about(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    pass_an_hour(clinic)

    assert clinic.ticket(ticket).outcome == "answered_automatically"
    assert questions(clinic, ticket) == []


def test_a_site_that_does_not_ask_asks_nobody(clinic: Clinic) -> None:
    clinic.publish(a_policy_that_asks(enabled=False))
    ticket = clinic.ticket(resolved(clinic))

    assert ticket.survey is None


# The page


def test_a_look_asks_and_changes_nothing(clinic: Clinic) -> None:
    ticket, path = asked(clinic)
    before = clinic.ticket(ticket)

    shown, tried = fetch(clinic, "GET", path), fetch(clinic, "HEAD", path)

    assert (shown.status, shown.title) == (200, "How did we do?")
    assert "How well did we help you?" in shown.html
    for score, label in enumerate(("Very poor", "Poor", "Fair", "Good", "Very good"), 1):
        assert f'name="score" value="{score}">{score} · {label}</button>' in shown.html
    assert (tried.status, tried.html) == (200, "")
    assert clinic.ticket(ticket) == before


def test_every_page_says_whom_to_call_and_runs_nothing(clinic: Clinic) -> None:
    _, path = asked(clinic)
    pages = [
        fetch(clinic, "GET", path),
        fetch(clinic, "POST", path, {"score": 4}),
        fetch(clinic, "POST", path, {"score": 4, "comment": "Fine."}),
        fetch(clinic, "POST", path, {"score": 9}),
        fetch(clinic, "GET", "/feedback/none"),
    ]

    for shown in pages:
        assert "911" in shown.html
        assert "988" in shown.html
        assert "<script" not in shown.html
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"][0]
    assert [each.status for each in pages] == [200, 200, 200, 422, 404]


def test_one_tap_answers(clinic: Clinic) -> None:
    ticket, path = asked(clinic)

    shown = fetch(clinic, "POST", path, {"score": 4})

    assert shown.title == "Thank you for your answer"
    assert "You answered: 4 · Good." in shown.html
    assert counts(clinic) == (1, {4: 1})
    (rated,) = (e for e in clinic.ledger(ticket) if e.action is Action.RATED)
    assert (rated.actor, rated.detail) == ("requester", {"score": 4, "before": None})
    assert clinic.ticket(ticket).status is Status.RESOLVED


def test_a_change_of_mind_takes_the_place_of_the_first_answer(clinic: Clinic) -> None:
    ticket, path = asked(clinic)

    for score in (4, 2, 2):
        fetch(clinic, "POST", path, {"score": score})

    assert counts(clinic) == (1, {2: 1})
    assert clinic.actions(ticket).count(Action.RATED) == 2


def test_a_link_brings_no_flood_of_messages_and_says_what_was_not_taken(clinic: Clinic) -> None:
    _, path = asked(clinic)

    pages = [fetch(clinic, "POST", path, {"score": 4, "comment": f"No. {n}"}) for n in range(14)]

    assert [each.status for each in pages] == [200] * 10 + [429] * 4
    assert "We have what you sent before, but not this." in pages[-1].html
    assert "911" in pages[-1].html
    clinic.now += minutes(1)
    assert fetch(clinic, "POST", path, {"score": 4, "comment": "My chest hurts"}).status == 200


def test_an_answer_counts_also_when_the_ticket_is_open_again(clinic: Clinic) -> None:
    ticket, path = asked(clinic)
    clinic.now += minutes(5)
    arrives(clinic, mailed("And which room is it?", "mail-1", thread_token=token_of(ticket)))
    assert clinic.ticket(ticket).status is Status.REOPENED

    shown = fetch(clinic, "POST", path, {"score": 2})

    assert shown.status == 200
    assert counts(clinic) == (1, {2: 1})
    assert clinic.ticket(ticket).status is Status.REOPENED


def test_a_score_counts_in_the_month_in_which_the_ticket_was_resolved(clinic: Clinic) -> None:
    clinic.now = datetime.fromisoformat("2026-03-31T19:00:00+00:00")
    _, path = asked(clinic)
    clinic.now += timedelta(days=3)

    fetch(clinic, "POST", path, {"score": 5})

    assert counts(clinic, "2026-03") == (1, {5: 1})
    assert counts(clinic, "2026-04") == (0, {})


def test_who_writes_spanish_reads_spanish(clinic: Clinic) -> None:
    _, path = asked(clinic, language="es-MX")

    shown = fetch(clinic, "GET", path)

    assert shown.title == "¿Cómo le atendimos?"
    assert '<html lang="es">' in shown.html


# A comment


def test_a_comment_is_a_message_of_its_requester_and_opens_the_ticket(clinic: Clinic) -> None:
    ticket, path = asked(clinic)

    shown = fetch(clinic, "POST", path, {"score": 1, "comment": "Nobody told me which room."})

    assert shown.title == "We have your words"
    assert clinic.ticket(ticket).status is Status.REOPENED
    assert counts(clinic) == (1, {1: 1})
    said = [each.text for t in clinic.tickets() for each in clinic.said(t.id)]
    assert "Nobody told me which room." in said
    assert "Nobody" not in str([e.detail for e in clinic.ledger(ticket)])


def test_thanks_in_a_comment_open_nothing(clinic: Clinic) -> None:
    ticket, path = asked(clinic)

    fetch(clinic, "POST", path, {"score": 5, "comment": "Thank you so much!"})

    assert clinic.ticket(ticket).status is Status.RESOLVED


def test_chest_pain_in_a_comment_pages(clinic: Clinic) -> None:
    ticket, path = asked(clinic)

    fetch(clinic, "POST", path, {"score": 5, "comment": CHEST_PAIN})

    assert clinic.paged() != []
    assert clinic.ticket(ticket).must_page


def test_the_same_comment_again_is_taken_once(clinic: Clinic) -> None:
    _, path = asked(clinic)
    known = len(clinic.tickets())

    for _ in range(3):
        fetch(clinic, "POST", path, {"score": 3, "comment": "Nobody told me which room."})

    assert len(clinic.tickets()) == known + 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"score": 0},
        {"score": 6},
        {"score": "five"},
        {"score": "5 "},
        {"comment": "no score"},
        {"score": 5, "comment": "x" * 2001},
        {"score": 5, "comment": "x" * 40_000},
        {f"f{number}": number for number in range(20)},
    ],
)
def test_what_is_no_answer_changes_nothing(clinic: Clinic, fields: dict[str, Any]) -> None:
    ticket, path = asked(clinic)
    before, known = clinic.ticket(ticket), len(clinic.tickets())

    assert fetch(clinic, "POST", path, fields).status == 422
    assert clinic.ticket(ticket) == before
    assert len(clinic.tickets()) == known


def test_markup_in_a_comment_is_kept_as_it_was_written(clinic: Clinic) -> None:
    _, path = asked(clinic)
    words = "<script>alert(1)</script> {site} [[feedback link]]"

    shown = fetch(clinic, "POST", path, {"score": 2, "comment": words})

    assert words not in shown.html
    assert words in [each.text for t in clinic.tickets() for each in clinic.said(t.id)]


def test_a_link_is_of_no_use_after_two_weeks(clinic: Clinic) -> None:
    _, path = asked(clinic)
    clinic.now += timedelta(days=14)

    assert fetch(clinic, "GET", path).status == 404
    assert fetch(clinic, "POST", path, {"score": 5}).status == 404
    assert counts(clinic) == (1, {})


def test_nobody_writes_behind_the_link_of_a_ticket_whose_words_are_purged_and_of_whom_nobody_knows(
    clinic: Clinic,
) -> None:
    ticket, path = asked(clinic)
    context, _ = clinic._desk("nick")
    step = close(clinic.ticket(ticket), context.now, Retention())
    change = Change(before=clinic.ticket(ticket), after=step.ticket, entries=step.entries)
    (closed,) = Plan(changes=[change]).commit(context)
    purge(context, closed, PurgeReason.ERASURE_REQUEST)

    refused = fetch(clinic, "POST", path, {"score": 1, "comment": CHEST_PAIN})

    assert fetch(clinic, "GET", path).status == refused.status == 404
    assert len(clinic.tickets()) == 1


def test_a_forged_link_of_another_ticket_is_refused(clinic: Clinic) -> None:
    _, path = asked(clinic)

    for forged in (path[:-2] + "AA", path[:20] + "B" + path[21:], "/feedback/" + "A" * 60):
        assert fetch(clinic, "POST", forged, {"score": 1}).status == 404
    assert counts(clinic) == (1, {})


# An article that did not help


def test_one_tap_brings_a_question_to_a_person_that_an_article_did_not_answer(
    clinic: Clinic,
) -> None:
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    path = path_of(clinic)
    looked = fetch(clinic, "GET", path)
    assert looked.title == "Did this answer not help?"
    assert clinic.ticket(ticket).status is Status.RESOLVED

    shown, again = (fetch(clinic, "POST", path, {}) for _ in range(2))

    assert (shown.title, again.title) == ("Your question is with a person",) * 2
    stored = clinic.ticket(ticket)
    assert (stored.status, stored.assignee) == (Status.REOPENED, "sami")
    (opened,) = (e for e in clinic.ledger(ticket) if e.action is Action.REOPENED)
    assert (opened.actor, opened.why) == ("requester", "not_helped")
    (uses,) = read_uses(aws.tables(), "north")[str(opened.detail["article"])].values()
    assert (uses[Use.ANSWERED], uses[Use.NOT_HELPFUL]) == (1, 1)


def test_nobody_is_told_that_a_person_has_what_is_closed_for_good(clinic: Clinic) -> None:
    """Some sites close sooner than a link ends: then it says to write or call again."""
    policy = a_policy_that_asks()
    site = replace(policy.sites["north"], close_after_days=2)
    clinic.publish(replace(policy, sites={**policy.sites, "north": site}))
    current_policy.cache_clear()
    ticket = clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    path = path_of(clinic)
    clinic.sweep(clinic.now + timedelta(days=3))
    assert clinic.ticket(ticket).status is Status.CLOSED

    shown = fetch(clinic, "POST", path, {})

    assert shown.title == "This link does not work"
    assert "911" in shown.html


# What leads see


def test_leads_see_the_month_of_their_site(clinic: Clinic) -> None:
    _, path = asked(clinic)
    fetch(clinic, "POST", path, {"score": 4})
    request = a_request("director", "GET", "/desk/sites/north/satisfaction", at=clinic.now)
    request |= {"resource": "/desk/sites/{site}/satisfaction"}

    answer: dict[str, Any] = desk.lambda_handler(request, SimpleNamespace(aws_request_id="r-1"))

    assert answer["statusCode"] == 200, answer["body"]
    shown = json.loads(answer["body"])
    assert (shown["month"], shown["asked"], shown["answered"], shown["mean"]) == (
        "2026-03",
        1,
        1,
        4.0,
    )
    assert shown["by_score"] == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}
