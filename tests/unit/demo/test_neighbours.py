"""The neighbours that the demo plays behave as their real models would."""

import base64
import hmac
import json
from datetime import UTC, date, datetime

import pytest

from local.demo.day import DayMessage, Person
from local.demo.neighbours.ehr import Ehr
from local.demo.neighbours.model import Model, model_for
from local.demo.neighbours.receiver import Receiver
from tests.unit.demo.days import a_day_message
from triagewire.channels.ehr.reader import token_from
from triagewire.channels.ehr.record_answers import (
    Whose,
    learnt_from,
    patient_id_from,
    person_from,
)
from triagewire.channels.ehr.record_asking import (
    PatientKey,
    patient_asked_for,
    record_asked_for,
    record_token_asked_for,
)
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.scoring.assistant import Assistant, question_about, request_for

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
OTTO = Person(
    name="Otto Ravensdale", mrn="R-1", born=date(1948, 1, 1), only_in_record=("apixaban 5 mg",)
)
TEXT = "Everything feels far away."


@pytest.fixture
def ehr() -> Ehr:
    return Ehr({"otto": OTTO}, port=4433)


def server_of(ehr: Ehr) -> RecordServer:
    return RecordServer(**ehr.settings())


def test_the_ehr_gives_its_token_for_an_assertion_of_the_registered_key(ehr: Ehr) -> None:
    asked = record_token_asked_for(server_of(ehr), ehr.private_key(), datetime.now(UTC), "1")
    assert asked is not None

    status, body = ehr.answer("/token", {}, asked.body or b"")

    assert (status, token_from(body).text) == (200, ehr.token)


def test_the_ehr_refuses_who_has_no_key_and_who_has_no_token(ehr: Ehr) -> None:
    stranger = Ehr({}, port=4433).private_key()
    asked = record_token_asked_for(server_of(ehr), stranger, datetime.now(UTC), "1")
    assert asked is not None

    assert ehr.answer("/token", {}, asked.body or b"")[0] == 401
    assert ehr.answer("/r4/Patient/otto", {"authorization": "Bearer guess"}, b"")[0] == 401


def test_the_ehr_finds_a_patient_by_number_and_knows_what_no_message_says(ehr: Ehr) -> None:
    server, admitted = server_of(ehr), {"authorization": f"Bearer {ehr.token}"}
    key = PatientKey(system=server.patient_system, number="R-1")
    place = patient_asked_for(server, key, ehr.token).address.removeprefix("https://localhost:4433")
    found = patient_id_from(ehr.answer(place, admitted, b"")[1])
    whose = Whose(id=found, base=server.base, now=NOW)
    answers = {
        kind: ehr.answer(each.address.removeprefix("https://localhost:4433"), admitted, b"")[1]
        for kind, each in record_asked_for(server, found, ehr.token, NOW).items()
    }

    assert person_from(answers["patient"], whose).born == OTTO.born
    assert "apixaban 5 mg" in learnt_from("medications", answers["medications"], whose).names


def asked_about(text: str) -> bytes:
    """The question as the emulator hands it on."""
    told = request_for(question_about(text, "patient"), Assistant(model="demo.reader"))
    words = told["messages"][0]["content"][0]["text"]
    system = {"role": "system", "content": told["system"][0]["text"]}
    return json.dumps({"messages": [system, {"role": "user", "content": words}]}).encode()


def marked(kind: str) -> DayMessage:
    return a_day_message(id="far-away", text=TEXT, model=kind)


@pytest.mark.parametrize(
    ("kind", "urgent", "fields"), [("honest", True, 4), ("talked_round", False, 6)]
)
def test_the_model_takes_a_marked_message_as_its_mark_says(
    kind: str, urgent: bool, fields: int
) -> None:
    model = model_for([marked(kind)])
    said = json.loads(model.answer("", {}, asked_about(TEXT))[1])
    called = said["choices"][0]["message"]["tool_calls"][0]["function"]
    opinion = json.loads(called["arguments"])

    assert (opinion["urgent"], len(opinion)) == (urgent, fields)
    assert model.asked == ["far-away"]


def test_the_model_is_not_sure_of_anything_else() -> None:
    model = Model({})
    said = json.loads(model.answer("", {}, asked_about('"Help"\n\\ me'))[1])
    called = said["choices"][0]["message"]["tool_calls"][0]["function"]

    assert json.loads(called["arguments"])["team"] == "unsure"
    assert (model.asked, model.others) == ([], 1)


def a_reply(receiver: Receiver, text: str) -> tuple[dict[str, str], bytes]:
    data = {"ticket": "T1", "automatic": False, "text": text}
    body = json.dumps({"type": "reply.created", "data": data}).encode()
    proof = hmac.digest(receiver.secret, b"msg_1.1772460000." + body, "sha256")
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1772460000",
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }
    return headers, body


def test_the_receiver_takes_a_signed_reply_and_no_other() -> None:
    receiver = Receiver()
    headers, body = a_reply(receiver, "Your refill is ready.")

    taken = receiver.answer("/replies", headers, body)[0]
    forged = receiver.answer("/replies", headers, body.replace(b"ready", b"gone"))[0]

    assert (taken, forged) == (200, 401)
    assert [each.text for each in receiver.received] == ["Your refill is ready."]


def test_a_receiver_that_is_down_refuses_a_reply_and_takes_its_repetition() -> None:
    receiver = Receiver(down=True)
    headers, body = a_reply(receiver, "Your refill is ready.")

    statuses = [receiver.answer("/replies", headers, body)[0] for _ in range(2)]

    assert statuses == [503, 200]
    assert len(receiver.received) == 1
