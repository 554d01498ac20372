"""Every use of an article is counted with the decision that it belongs to, and told to staff."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.desk import handler as desk
from ops.articles import report
from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.said import APPOINTMENT, HOURS
from tests.aws.test_desk_calls import a_request
from tests.builders import REPLIES, a_policy, a_site
from triagewire import aws
from triagewire.access import Principal
from triagewire.errors import NotFoundError
from triagewire.flow import staff
from triagewire.flow.context import Context
from triagewire.flow.feedback import not_helped
from triagewire.flow.policies import current_policy
from triagewire.replies.feedback_tokens import Asks, FeedbackLink
from triagewire.replies.uses import Use
from triagewire.store.article_uses import count_use, read_uses
from triagewire.ticket import Status

ARTICLE = "opening-hours"


def uses(month: str = "2026-03") -> Mapping[Use, int]:
    return read_uses(aws.tables(), "north").get(ARTICLE, {}).get(month, {})


def a_context(clinic: Clinic, actor: str = "staff:director") -> Context:
    return Context(tables=aws.tables(), policy=current_policy().get(), now=clinic.now, actor=actor)


def answered(clinic: Clinic) -> str:
    """A ticket that the article has answered."""
    ticket = arrives(clinic, mailed(HOURS, "evt-1"))
    assert clinic.ticket(ticket).outcome == "answered_automatically"
    return ticket


def test_an_answer_is_counted_and_an_acknowledgement_is_none(clinic: Clinic) -> None:
    answered(clinic)
    arrives(clinic, mailed(APPOINTMENT, "evt-2"))

    assert uses()[Use.ANSWERED] == 1


def test_an_answer_that_is_handed_over_twice_counts_once(clinic: Clinic) -> None:
    ticket = answered(clinic)
    clinic.remember()()
    arrives(clinic, mailed(HOURS, "evt-1"))

    assert clinic.ticket(ticket).status is Status.RESOLVED
    assert uses()[Use.ANSWERED] == 1


def test_a_ticket_that_staff_open_again_is_counted_against_its_article(clinic: Clinic) -> None:
    ticket = answered(clinic)
    principal = Principal(id="director", policy=current_policy().get().policy)
    staff.reopen(a_context(clinic), principal, ticket, staff.ReopenReason.NOT_FINISHED)

    assert (uses()[Use.ANSWERED], uses()[Use.REOPENED]) == (1, 1)


def test_a_ticket_that_its_requester_opens_again_is_counted_against_its_article(
    clinic: Clinic,
) -> None:
    ticket = answered(clinic)
    clinic.now += timedelta(hours=3)
    words = "No, I asked for the hours of Dr Quist. Can I come on Friday?"
    arrives(clinic, mailed(words, "evt-2", thread_token=token_of(ticket)))

    assert clinic.ticket(ticket).status is not Status.RESOLVED
    assert uses()[Use.REOPENED] == 1


def test_a_reader_whom_it_did_not_help_is_counted_once(clinic: Clinic) -> None:
    ticket = answered(clinic)
    link = FeedbackLink(asks=Asks.ARTICLE, ticket_id=ticket, asked_at=clinic.now, article=ARTICLE)
    for _ in range(2):
        not_helped(a_context(clinic, "requester"), link)

    assert (uses()[Use.NOT_HELPFUL], uses().get(Use.REOPENED)) == (1, 0)


def test_a_use_counts_in_the_month_of_the_site(clinic: Clinic) -> None:
    clinic.now = clinic.now.replace(month=4, day=1, hour=2)  # 31 March, 22:00 in New York
    answered(clinic)

    assert uses("2026-03")[Use.ANSWERED] == 1
    assert uses("2026-04") == {}


def shown(clinic: Clinic, site: str = "north") -> dict[str, Any]:
    event = a_request("nick", "GET", f"/desk/sites/{site}/articles", at=clinic.now)
    answer = desk.lambda_handler(event, LAMBDA)
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def test_staff_see_what_a_site_answers_and_how_well(clinic: Clinic) -> None:
    answered(clinic)
    for month in ("2026-03", "2025-04", "2025-03"):
        count_use(aws.tables(), "north", ARTICLE, month, Use.SUGGESTED)
    count_use(aws.tables(), "north", "taken-out", "2026-03", Use.ANSWERED)

    (article,) = shown(clinic)["articles"]

    assert article == {
        "id": ARTICLE,
        "title": "Our hours",
        "languages": ["en", "es"],
        "valid_from": None,
        "valid_until": None,
        "enabled": True,
        "suggested": 2,
        "answered": 1,
        "reopened": 0,
        "not_helpful": 0,
    }


def test_the_report_names_what_comes_back_too_often(clinic: Clinic) -> None:
    for use, times in ((Use.ANSWERED, 10), (Use.REOPENED, 2), (Use.NOT_HELPFUL, 1)):
        for _ in range(times):
            count_use(aws.tables(), "north", ARTICLE, "2026-03", use)
    count_use(aws.tables(), "north", "taken-out", "2026-02", Use.ANSWERED)

    lines = "\n".join(report(a_context(clinic), "north"))

    assert "comes back 30 % of the time: write it anew" in lines
    assert "taken-out" in lines
    assert "no longer in the policy" in lines


def test_the_report_says_what_is_not_given_now(clinic: Clinic) -> None:
    old = replace(REPLIES.articles[ARTICLE], valid_until=clinic.now.date() - timedelta(days=1))
    clinic.publish(a_policy(site=a_site(replies=replace(REPLIES, articles={ARTICLE: old}))))
    current_policy.cache_clear()

    assert "not given now" in "\n".join(report(a_context(clinic)))


def test_the_report_of_no_site_is_refused(clinic: Clinic) -> None:
    with pytest.raises(NotFoundError, match="the policy has no site nowhere"):
        list(report(a_context(clinic), "nowhere"))
