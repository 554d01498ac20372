"""What holds for every series of messages behind one shared phone and mailbox."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_ticket, a_verdict
from tests.strategies import PEOPLE, channels, statements
from triagewire.arrival import Channel, Requester
from triagewire.routing.duplicates import Lock, Sighting, find_duplicate
from triagewire.routing.merge import merge
from triagewire.routing.person import identities, identity_hash
from triagewire.ticket import Ticket

WINDOW = timedelta(hours=2)

arrivals = st.lists(
    st.tuples(statements(), st.sampled_from([4, 5]), channels, st.integers(0, 90)),
    min_size=2,
    max_size=8,
)
type Arriving = tuple[tuple[str, Requester], int, Channel, int]


class Queue:
    """Newcomers of one topic, merged as the flow merges them, with dictionaries for tables."""

    def __init__(self) -> None:
        self.tickets: dict[str, Ticket] = {}
        self.locks: dict[str, Lock] = {}
        self.heard: dict[str, list[Ticket]] = {}
        """What was merged into each ticket, itself included, as it arrived."""

    def take(self, newcomer: Ticket, now: datetime) -> None:
        finding = find_duplicate(newcomer, "refill", self._sightings(newcomer), now, WINDOW)
        self.locks |= {lock.identity_hash: lock for lock in finding.locks}
        if finding.survivor is None:
            self.tickets[newcomer.id] = newcomer
            self.heard[newcomer.id] = [newcomer]
            return
        merged = merge(finding.survivor, newcomer)
        self.tickets |= {merged.survivor.id: merged.survivor, newcomer.id: merged.merged}
        self.heard[merged.survivor.id].append(newcomer)

    def _sightings(self, newcomer: Ticket) -> list[Sighting]:
        found = []
        for identity in identities(newcomer.requester):
            hashed = identity_hash(b"key", "north", identity)
            lock = self.locks.get(hashed)
            ticket = self.tickets[lock.ticket_id] if lock else None
            found.append(
                Sighting(identity=identity, identity_hash=hashed, lock=lock, ticket=ticket)
            )
        return found


def played(series: list[Arriving]) -> Queue:
    queue, now = Queue(), MONDAY_MORNING
    for number, ((who, stated), score, channel, gap) in enumerate(series):
        now += timedelta(minutes=gap)
        ticket = a_ticket(a_verdict(score), at=now, id=f"{number}-{who}", channels=(channel,))
        queue.take(replace(ticket, requester=stated), now)
    return queue


@given(arrivals)
@settings(max_examples=300)
def test_no_ticket_ever_holds_two_people_who_said_who_they_are(series: list[Arriving]) -> None:
    for heard in played(series).heard.values():
        stated = [ticket.requester for ticket in heard]
        for field in ("patient_id", "name", "date_of_birth"):
            assert len({getattr(each, field) for each in stated} - {None}) <= 1


@given(arrivals)
def test_a_merged_ticket_has_the_highest_urgency_of_all_that_went_into_it(
    series: list[Arriving],
) -> None:
    queue = played(series)
    for survivor, heard in queue.heard.items():
        assert queue.tickets[survivor].urgency == max(each.urgency for each in heard)


@given(arrivals)
def test_a_merged_ticket_has_waited_since_the_first_of_its_messages(
    series: list[Arriving],
) -> None:
    queue = played(series)
    for survivor, heard in queue.heard.items():
        assert queue.tickets[survivor].received_at == min(each.received_at for each in heard)


@given(arrivals)
def test_a_merged_ticket_names_every_channel_and_every_ticket_it_took_in(
    series: list[Arriving],
) -> None:
    queue = played(series)
    for survivor, heard in queue.heard.items():
        ticket = queue.tickets[survivor]
        assert set(ticket.channels) == {channel for each in heard for channel in each.channels}
        assert (survivor, *ticket.merged_from) == tuple(each.id for each in heard)


@given(arrivals)
def test_whoever_states_their_record_number_each_time_has_one_ticket(
    series: list[Arriving],
) -> None:
    close: list[Arriving] = []
    for (who, stated), score, channel, gap in series:
        recorded = replace(stated, patient_id=PEOPLE[who][0])
        close.append(((who, recorded), score, channel, min(gap, 15)))

    queue = played(close)

    assert len(queue.heard) == len({who for (who, _), *_ in close})
