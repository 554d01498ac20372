"""Arrivals and facts as any adapter makes them, stored as intake stores them."""

from datetime import datetime

from tests.aws.clinic import Clinic
from tests.aws.deployment import IDENTITY_KEY
from tests.builders import a_source, a_stamp, an_arrival
from triagewire import aws
from triagewire.arrival import Arrival, Channel, Fact, FactKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.flow.receive import receive, store_outcome
from triagewire.ids import thread_token


def mailed(text: str, event_id: str, **changes: object) -> Arrival:
    """A mail to the clinic's mailbox by Ada, if nothing else is said."""
    stated = {"source": "mailbox", "channel": Channel.EMAIL, "subject": "Re: your request"}
    return an_arrival(**(stated | {"text": text, "event_id": event_id} | changes))


def arrives(clinic: Clinic, arrival: Arrival) -> str:
    """Store an arrival, let all that follows happen, and return the id of its own ticket."""
    new_id = receive(aws.tables(), arrival, a_stamp(clinic.now))
    clinic.settle()
    return new_id


def token_of(ticket_id: str) -> str:
    """The token that our mails about a ticket carry."""
    return thread_token(IDENTITY_KEY.encode(), ticket_id)


def told(clinic: Clinic, kind: FactKind, event_id: str = "fact-1", **changes: object) -> None:
    """Store a fact as intake does, and let it be recorded."""
    stated: dict[str, object] = {"site": "north", "source": "mailbox", "event_id": event_id}
    store_fact(Fact(kind=kind, **(stated | changes)), clinic.now)  # type: ignore[arg-type]
    clinic.settle()


def store_fact(fact: Fact, now: datetime) -> None:
    """What intake does with a webhook that is no message."""
    outcome = Outcome(kind=OutcomeKind.IGNORED, status=200, facts=(fact,))
    store_outcome(aws.tables(), outcome, a_source(fact.source, "postmark"), a_stamp(now))
