"""Values of every kind for property tests: people who share contacts, messages, histories."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_verdict, for_review
from triagewire.arrival import Attachment, Channel, PatientContext, Requester, RequesterKind
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.message import Delivery, Direction, Message
from triagewire.verdict import Verdict

START = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 2 * 365 * 24 * 3600).map(lambda past: START + timedelta(seconds=past))
"""Every second of two years, with four changes of the clocks in each zone that has any."""

moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
channels = st.sampled_from(list(Channel))

words = st.text(max_size=40)
"""Anything that UTF-8 can hold: what cannot be encoded never passes an adapter."""

PEOPLE = {
    "mother": ("MRN-1", "Ada Marlow", date(1961, 5, 17)),
    "child": ("MRN-2", "Ben Marlow", date(2019, 8, 2)),
    "stranger": ("MRN-3", "Cleo Quill", date(1980, 1, 9)),
}
"""A family that shares a phone and a mailbox, and somebody who once had their number."""


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, Requester]:
    """Who truly writes, and what they state of themselves.

    A record system states the whole person; a phone or a mailbox more or less of it.
    """
    who = draw(st.sampled_from(sorted(PEOPLE)))
    patient_id, name, born = PEOPLE[who]
    recorded = draw(st.booleans())
    stated = Requester(
        kind=RequesterKind.PATIENT,
        patient_id=patient_id if recorded else None,
        email=draw(st.sampled_from(["marlow@mail.example", None])),
        phone=draw(st.sampled_from(["+15550107744", None])),
        name=name if recorded or draw(st.booleans()) else None,
        date_of_birth=born if recorded or draw(st.booleans()) else None,
    )
    return who, stated


verdicts: st.SearchStrategy[Verdict] = st.one_of(
    st.integers(1, 5).map(a_verdict),
    st.builds(for_review, st.integers(2, 5), st.integers(1, 2)),
)
gaps = st.integers(0, 300).map(lambda past: timedelta(minutes=past))
starts = st.integers(0, 14 * 24 * 60).map(lambda past: MONDAY_MORNING + timedelta(minutes=past))

contexts = st.builds(
    PatientContext,
    age_years=st.none() | st.floats(0, 130),
    conditions=st.lists(words, max_size=3).map(tuple),
    medications=st.lists(words, max_size=3).map(tuple),
    recent_procedures=st.lists(words, max_size=2).map(tuple),
    pregnant=st.booleans(),
    next_appointment=st.none() | moments,
)
messages = st.builds(
    Message,
    ticket_id=st.just("TICKET-A"),
    at=moments,
    number=st.integers(0, 9),
    direction=st.sampled_from(list(Direction)),
    channel=channels,
    text=words,
    subject=words,
    language=st.sampled_from([None, "en", "es"]),
    context=contexts,
    speech=st.none() | st.floats(0, 1),
    automatic=st.booleans(),
    attachments=st.lists(st.builds(Attachment, name=words), max_size=2).map(tuple),
    remarks=st.lists(words, max_size=2).map(tuple),
    occurred_at=st.none() | moments,
    delivery=st.sampled_from(list(Delivery)),
)

details: st.SearchStrategy[dict[str, Detail]] = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.one_of(
        words,
        st.integers(-(2**40), 2**40),
        st.booleans(),
        st.none(),
        st.floats(0, 1, allow_nan=False),
        st.lists(words, max_size=3),
    ),
    max_size=4,
)
entries = st.builds(Entry, action=st.sampled_from(list(Action)), why=words, detail=details)
