"""The one question to staff about what their request lacks: what it says, and who never gets it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    REPLIES,
    a_message,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
)
from tests.strategies import verdicts
from triagewire.arrival import RequesterKind
from triagewire.message import Message
from triagewire.policy.intake import intake_problems
from triagewire.policy.model import Intake, Site
from triagewire.policy.replies import Template
from triagewire.replies.automatic import Reply, Withheld, automatic_reply
from triagewire.verdict import Verdict

QUESTION = Template(
    subject={"en": "{site}: one question", "es": "{site}: una pregunta"},
    text={"en": "Please tell us\n{missing}\nby {expected}.", "es": "Díganos\n{missing}"},
)
INTAKE = Intake(
    critical={"it_endpoint": ("asset", "place")},
    fields={
        "asset": {"en": "which device it is", "es": "qué equipo es"},
        "place": {"en": "where it is", "es": "dónde está"},
    },
)
STAFF = a_requester(kind=RequesterKind.STAFF, patient_id=None)
LACKING = a_verdict(2, team="it_endpoint", topic="endpoint", missing=("asset", "place"))


def asking_site(**changes: object) -> Site:
    return a_site(replies=replace(REPLIES, question=QUESTION), intake=INTAKE, **changes)


def reply_to(
    verdict: Verdict = LACKING, message: Message | None = None, **changes: object
) -> Reply | Withheld:
    ticket = a_ticket(verdict, MONDAY_MORNING, None, **({"requester": STAFF} | changes))
    said = message or a_message(text="The printer is jammed.")
    return automatic_reply(ticket, said, asking_site(), MONDAY_MORNING)


def question(**changes: object) -> Reply:
    reply = reply_to(**changes)  # type: ignore[arg-type]
    assert isinstance(reply, Reply)
    return reply


def test_it_lists_exactly_what_is_missing() -> None:
    reply = question()

    assert (reply.made_by, reply.asks) == ("template:question", ("asset", "place"))
    assert "- which device it is\n- where it is\n" in reply.text
    assert "1:00 PM" in reply.text


def test_it_is_in_the_language_of_the_request() -> None:
    assert "- qué equipo es" in question(message=a_message(language="es-MX")).text


def test_it_is_in_the_language_that_was_heard() -> None:
    assert "- qué equipo es" in question(verdict=replace(LACKING, language="es")).text


def test_a_request_that_lacks_nothing_is_acknowledged() -> None:
    assert question(verdict=replace(LACKING, missing=())).made_by == "template:acknowledgement"


def test_who_was_asked_before_is_not_asked_again() -> None:
    assert question(asked=("asset",)).asks == ()


def test_a_patient_is_never_asked() -> None:
    assert question(requester=a_requester()).asks == ()


def test_a_site_without_the_text_asks_nobody() -> None:
    site = a_site(intake=INTAKE)

    reply = automatic_reply(a_ticket(LACKING, requester=STAFF), a_message(), site, AT_NIGHT)

    assert isinstance(reply, Reply)
    assert reply.asks == ()


FORBIDDEN: tuple[dict[str, object], ...] = (
    {"requester": replace(STAFF, kind=RequesterKind.UNKNOWN)},
    {"requester": replace(STAFF, email=None)},
    {"quiet": True},
    {"unreachable": True},
)


@given(
    verdict=st.one_of(verdicts, st.sampled_from([for_review(), a_verdict(5), a_verdict(4)])),
    missing=st.sampled_from([(), ("asset",), ("asset", "place")]),
    changes=st.sampled_from([{}, *FORBIDDEN, {"asked": ("asset",)}]),
    automatic=st.booleans(),
    doubtful=st.booleans(),
)
def test_nobody_is_asked_where_automatic_text_is_forbidden(
    verdict: Verdict,
    missing: tuple[str, ...],
    changes: dict[str, object],
    automatic: bool,
    doubtful: bool,
) -> None:
    message = a_message(automatic=automatic, doubtful_sender=doubtful)

    reply = reply_to(replace(verdict, missing=missing), message, **changes)

    safe = int(verdict.score) <= 3 and not verdict.review and not verdict.crisis
    if not safe or automatic or doubtful or changes in FORBIDDEN:
        assert isinstance(reply, Withheld)
    elif changes or not missing:
        assert isinstance(reply, Reply)
        assert reply.asks == ()


# What a policy may say


@pytest.mark.parametrize(
    ("intake", "problem"),
    [
        (INTAKE, None),
        (
            replace(INTAKE, critical={"billing": ("asset",)}),
            "intake.critical.billing: is none of it_access",
        ),
        (
            replace(INTAKE, critical={"it_ehr": ("colour",)}),
            "intake.critical.it_ehr.0: is none of category",
        ),
        (
            replace(INTAKE, critical={"it_ehr": ("account",)}),
            "intake.fields.account: needs words in en",
        ),
    ],
    ids=["ours", "another team", "an unknown field", "no words"],
)
def test_a_policy_asks_known_groups_for_known_fields_in_words(
    intake: Intake, problem: str | None
) -> None:
    found = [
        f"{'.'.join(map(str, at))}: {why}" for at, why in intake_problems(a_site(intake=intake))
    ]

    assert [each.startswith(problem or "") for each in found] == ([True] if problem else [])


def test_a_question_must_say_what_is_missing() -> None:
    silent = replace(QUESTION, text={"en": "Please tell us more."})
    site = a_site(replies=replace(REPLIES, question=silent))

    assert list(intake_problems(site)) == [
        (("replies", "question", "text", "en"), "must hold {missing}")
    ]
