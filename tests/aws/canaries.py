"""Canaries: what patients say and who they are, in every field that a sender can fill."""

from datetime import date
from typing import Any

from tests.aws.clinic import Clinic
from tests.aws.identifiers import SENTENCE, found_where
from tests.aws.leaving import everything_that_left
from tests.aws.said import BREAKS, score_as_said
from tests.aws.senders import by_portal
from tests.builders import a_requester
from tests.conftest import Written

CANARIES = {
    "name": "Quillon Zzyzx",
    "email": "quillon.canary@mail.example",
    "phone": "+15550197531",
    "patient_id": "MRN-CANARY-77",
    "text": "canary-text-88",
    "subject": "canary-subject-99",
    "file": "canary-scan-11.pdf",
    "thread": "canary-thread-22",
    "condition": "canary-condition-33",
    "medication": "canary-medicine-44",
    "request_type": "canary-type-55",
    "extra": "canary-extra-66",
    "address": "4471 Zebrawood Lane",
    "born": "1937-11-23",
}
WHO = a_requester(
    name=CANARIES["name"],
    email=CANARIES["email"],
    phone=CANARIES["phone"],
    patient_id=CANARIES["patient_id"],
    date_of_birth=date.fromisoformat(CANARIES["born"]),
)


def with_canaries(text: str, clinic: Clinic, event_id: str) -> dict[str, Any]:
    """A portal message in which every field that exists holds a canary."""
    return by_portal(
        text,
        clinic.now,
        event_id,
        who=WHO,
        subject=CANARIES["subject"],
        thread_id=CANARIES["thread"],
        request_type=CANARIES["request_type"],
        attachments=[{"name": CANARIES["file"], "media_type": "application/pdf"}],
        context={
            "conditions": [CANARIES["condition"]],
            "medications": [CANARIES["medication"]],
        },
        surprise={"extra": CANARIES["extra"]},
    )


def leaks(clinic: Clinic, written: Written, *more: object) -> list[str]:
    """Where identifiers and canaries were found outside of tickets and messages."""
    return found_where([*everything_that_left(clinic, written), ("an answer", str(more))])


def say(text: str) -> str:
    """A text in which a canary and every identifier stand."""
    return f"{text} {CANARIES['text']} {SENTENCE}"


def score_with_canary(subject: Any, _engine: object) -> object:  # noqa: ANN401
    """The verdict that `said` tells, whatever canaries stand behind the text."""
    words = subject.text.removesuffix(say(""))
    if words == BREAKS:
        raise ValueError(subject.text)
    return score_as_said(words)
