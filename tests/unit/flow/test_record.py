"""Words first, then the record where it may still raise; and nothing a record does may lower."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING as NOW
from tests.builders import (
    a_message,
    a_new_ticket,
    a_policy,
    a_requester,
    a_site,
    a_verdict,
)
from triagewire.arrival import PatientContext, PatientRecord, Requester
from triagewire.channels.ehr.record_asking import PatientKey
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.flow import record as flow_record
from triagewire.flow.context import Context
from triagewire.flow.judge import judge
from triagewire.flow.record import judged, raised
from triagewire.message import Message
from triagewire.policy.model import PublishedPolicy, Site
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict

SERVER = RecordServer(base_url="https://fhir.example/r4", patient_system="urn:mrn")
BORN = date(1961, 5, 17)
FOUND = PatientRecord(
    facts=PatientContext(medications=("warfarin",)), born=BORN, unknown=("appointments",)
)


class Reader:
    """A reader of records that remembers for whom it was asked."""

    def __init__(self, answer: PatientRecord | Exception | None = FOUND) -> None:
        self.answer = answer
        self.asked: list[PatientKey] = []

    def read(
        self, _site: str, _server: RecordServer, key: PatientKey, _now: datetime
    ) -> PatientRecord | None:
        self.asked.append(key)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words "page me" are a 5, and so is anything of somebody on warfarin."""

    def score(subject: object, _engine: object) -> Verdict:
        text, record = getattr(subject, "text", ""), getattr(subject, "record", None)
        risk = record is not None and "warfarin" in record.facts.medications
        return a_verdict(5 if risk or text == "page me" else 4)

    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    monkeypatch.setattr("triagewire.flow.judge.score", score)
    monkeypatch.setattr(flow_record, "_kept", lambda _context, ticket, _known: ticket)


def through(
    reader: Reader,
    ticket: Ticket | None = None,
    message: Message | None = None,
    site: Site | None = None,
) -> tuple[Message, Verdict]:
    policy = PublishedPolicy(version=1, policy=a_policy(site or a_site(record=SERVER)))
    tables: Any = None
    context = Context(
        tables=tables,
        policy=policy,
        now=NOW,
        actor="system:test",
        read_record=reader.read,
    )
    known = ticket or a_new_ticket()
    _, told, verdict = judged(context, known, message or a_message(text="a bruise"))
    return told, verdict


def asked_by(requester: Requester, source: str = "portal", **message: object) -> list[PatientKey]:
    reader = Reader()
    ticket = a_new_ticket(requester=requester, source=source)
    through(reader, ticket, a_message(text="a bruise", **message))
    return reader.asked


def test_a_record_raises_and_is_kept_with_the_message() -> None:
    message, verdict = through(Reader())

    assert (verdict.score, message.record) == (5, FOUND)
    assert verdict.unknown == ("appointments",)


def test_words_that_page_wait_for_no_record() -> None:
    reader = Reader()

    message, verdict = through(reader, message=a_message(text="page me"))

    assert (verdict.score, verdict.unknown) == (5, ("record",))
    assert (reader.asked, message.record) == ([], None)


def test_a_record_that_was_read_before_is_not_read_again() -> None:
    reader = Reader()

    _, verdict = through(reader, message=a_message(text="a bruise", record=FOUND))

    assert (verdict.score, reader.asked) == (5, [])


@pytest.mark.parametrize("answer", [None, OSError("down"), RecursionError(), ValueError("x")])
def test_a_record_that_cannot_be_had_is_unknown_and_changes_nothing(
    answer: Exception | None,
) -> None:
    message, verdict = through(Reader(answer))

    assert (verdict.score, verdict.unknown, message.record) == (4, ("record",), None)


def test_a_site_without_a_server_asks_nobody() -> None:
    reader = Reader()

    _, verdict = through(reader, site=a_site())

    assert (reader.asked, verdict.unknown) == ([], ("record",))


def test_the_patient_is_asked_for_by_number_and_never_by_name() -> None:
    assert asked_by(a_requester()) == [PatientKey(system="urn:mrn", number="MRN-4401")]
    assert asked_by(a_requester(patient_id=None)) == []


def test_a_number_that_anybody_may_have_typed_needs_a_date_of_birth() -> None:
    assert asked_by(a_requester(), "form") != []
    assert asked_by(a_requester(date_of_birth=None), "form") == []
    assert asked_by(a_requester(date_of_birth=None), "portal") != []


def test_a_mail_whose_sender_is_in_doubt_opens_no_record() -> None:
    assert asked_by(a_requester(), doubtful_sender=True) == []


def test_a_message_that_could_not_be_read_opens_no_record() -> None:
    reader = Reader()

    through(reader, a_new_ticket(unreadable=True))
    through(reader, message=a_message(text="", subject=""))

    assert reader.asked == []


def test_of_somebody_born_on_another_day_nothing_is_kept() -> None:
    somebody = PatientRecord(facts=FOUND.facts, born=date(1990, 1, 1))

    message, verdict = through(Reader(somebody))

    assert message.record == PatientRecord(another=True)
    assert (verdict.score, verdict.unknown) == (4, ("record",))


def test_a_typed_number_of_which_the_record_tells_no_birth_is_not_believed() -> None:
    unborn = PatientRecord(facts=FOUND.facts)

    message, verdict = through(Reader(unborn), a_new_ticket(source="form"))

    assert (message.record, verdict.score) == (None, 4)


def test_staff_who_ask_for_themselves_miss_no_record() -> None:
    from triagewire.arrival import RequesterKind

    staff = a_requester(kind=RequesterKind.STAFF, patient_id=None)
    site = PublishedPolicy(version=1, policy=a_policy())

    assert judge(a_new_ticket(requester=staff), a_message(), site, NOW).unknown == ()


VERDICTS = st.builds(
    lambda score, candidate, review, crisis: a_verdict(
        score, review=review, candidate=Urgency(max(score, candidate)), crisis=crisis
    ),
    st.integers(1, 5),
    st.integers(1, 5),
    st.booleans(),
    st.booleans(),
)


@given(VERDICTS, VERDICTS)
def test_no_record_lowers_a_score_a_candidate_or_removes_a_person(
    before: Verdict, after: Verdict
) -> None:
    verdict = raised(before, after)

    assert verdict.score >= before.score
    assert verdict.candidate >= before.candidate
    assert verdict.crisis >= before.crisis
    assert verdict.review or not before.review or verdict.score == Urgency.CLINICAL_URGENT
