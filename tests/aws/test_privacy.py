"""What patients wrote and who they are stays in tickets and messages, whatever goes right or wrong.

A canary stands in every field a sender can fill; then everything that leaves is searched for it
(45 CFR 164.502(b)). What failing calls to AWS let out is in `test_phi_scanner.py`.
"""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.canaries import CANARIES, WHO, leaks, say, score_with_canary, with_canaries
from tests.aws.clinic import Clinic
from tests.aws.said import BREAKS, CHEST_PAIN, HOURS, MIXED, REFILL, UNCLEAR
from tests.aws.senders import by_form, by_mail, by_phone, gateway_event, unreadable
from tests.builders import AT_NIGHT, minutes
from tests.conftest import Written

UNREADABLE: tuple[dict[str, object], ...] = (
    {"type": CANARIES["text"]},
    {"type": "patient_message.received", "timestamp": CANARIES["text"]},
    {
        "type": "patient_message.received",
        "timestamp": "2026-03-02T14:00:00Z",
        "data": {
            "message_id": "m",
            "body": [CANARIES["text"]],
            "patient": {"mrn": CANARIES["patient_id"], "date_of_birth": CANARIES["name"]},
        },
    },
)


@pytest.fixture
def listening(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic, whose scoring knows the texts with their canaries."""
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)
    return clinic


@pytest.mark.parametrize("text", [CHEST_PAIN, REFILL, HOURS, UNCLEAR, MIXED, BREAKS])
def test_no_canary_leaves_with_a_message_of_any_kind_or_with_what_follows(
    listening: Clinic, written: Written, text: str
) -> None:
    answer = listening.post(with_canaries(say(text), listening, "evt-1"))
    listening.settle()
    for later in (60, 120, 180, 600):
        listening.sweep(listening.now + minutes(later))

    assert leaks(listening, written, answer) == []


@pytest.mark.parametrize(
    "event",
    [
        lambda now: by_phone(say(CHEST_PAIN), now, "call-1", phone=WHO.phone),
        lambda now: by_mail(say(CHEST_PAIN), now, "mail-1", email=WHO.email),
        lambda now: by_form(
            say(CHEST_PAIN), now, "form-1", email=WHO.email, name=WHO.name, phone=WHO.phone
        ),
    ],
    ids=["phone", "mail", "form"],
)
def test_no_canary_leaves_whichever_way_it_came_in(
    listening: Clinic, written: Written, event: Callable[[Any], dict[str, Any]]
) -> None:
    listening.now = AT_NIGHT
    answer = listening.post(event(AT_NIGHT))
    listening.settle()
    listening.pass_minutes(12)

    assert listening.paged()
    assert leaks(listening, written, answer) == []


def test_no_canary_leaves_with_a_body_that_cannot_be_read(
    listening: Clinic, written: Written
) -> None:
    answers = [
        listening.post(unreadable(listening.now, f"evt-{number}", payload))
        for number, payload in enumerate(UNREADABLE)
    ]
    listening.settle()
    listening.pass_minutes(16)

    assert {answer["statusCode"] for answer in answers} == {202}
    assert leaks(listening, written, answers) == []


def test_no_canary_leaves_with_a_refusal(listening: Clinic, written: Written) -> None:
    forged = with_canaries(say(REFILL), listening, "evt-1")
    forged["multiValueHeaders"]["webhook-signature"] = [f"v1,{CANARIES['text']}"]
    nameless = with_canaries(say(REFILL), listening, "evt-2")
    nameless["pathParameters"] = {"site": CANARIES["text"], "source": CANARIES["name"]}
    odd = gateway_event(
        "north", "mailbox", ({"Authorization": CANARIES["text"]}, b"{}"), listening.now
    )
    broken = {"pathParameters": {"site": CANARIES["text"]}, "body": CANARIES["text"]}

    answers = [listening.post(event) for event in (forged, nameless, odd, broken)]

    assert all(answer["statusCode"] >= 400 for answer in answers)
    assert leaks(listening, written, answers) == []


def test_a_record_that_cannot_be_read_leaves_no_canary(listening: Clinic, written: Written) -> None:
    listening.post(with_canaries(say(REFILL), listening, "evt-1"))
    (record,) = listening.records()
    image = record["dynamodb"]["NewImage"]
    garbled = base64.b64encode(CANARIES["text"].encode()).decode()
    image["delivery"], image["document"] = {"S": CANARIES["text"]}, {"S": garbled}
    record["dynamodb"]["Keys"]["sk"]["S"] = f"MSG#{CANARIES['text']}"

    listening.hand_over([record])

    assert "record failed" in written.getvalue()
    assert leaks(listening, written) == []


def test_what_was_written_is_kept_where_it_belongs(listening: Clinic) -> None:
    ticket = listening.take(with_canaries(say(REFILL), listening, "evt-1"))

    stored = listening.ticket(ticket)
    kept = f"{stored} {stored.requester.date_of_birth} {listening.said(ticket)}"
    assert [name for name, canary in CANARIES.items() if canary not in kept] == ["extra"]
