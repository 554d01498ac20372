"""How long things take: from the message to each of what follows."""

from collections.abc import Iterable
from functools import partial

from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Kind, Measure, Sample, Take, Theme, Unit
from triagewire.measures.samples import (
    HIGH_ACUITY,
    minutes_between,
    open_minutes,
    seconds_between,
    worked,
)
from triagewire.ticket import NOT_NEEDED

ALL_URGENCIES = frozenset(range(1, 6))
ADMINISTRATIVE = frozenset({2, 3})
CLINICAL_STANDARD = frozenset({4})
URGENT = 5
NOBODY_YET = (
    "what nobody has answered yet (once late it counts in `response_promises`, until then in what "
    "is open), what an article answered, what asked for nothing"
)
OPEN_HOURS = "hours are those of the policy of that time; waiting for somebody outside is left out"
SINCE_RECEIPT = "tickets that became urgent only later: their wait began with another message"


def _is_answered(life: Life) -> bool:
    """Whether a person has answered; to resolve what asked for nothing is no answer."""
    return life.responded_at is not None and life.responded_how != NOT_NEEDED


def _first_response(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.responded_at and _is_answered(life):
        yield Sample(life.responded_at, minutes_between(life.received_at, life.responded_at))


def _first_response_hours(urgencies: frozenset[int]) -> Take:
    def take(life: Life, around: Around) -> Iterable[Sample]:
        at = life.responded_at
        if life.received_at and at and _is_answered(life) and life.response_urgency in urgencies:
            version = life.responded_version
            yield Sample(at, open_minutes(life, around, life.received_at, at, version))

    return take


def _first_action(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.acted_at:
        yield Sample(life.acted_at, minutes_between(life.received_at, life.acted_at))


def _first_action_hours(life: Life, around: Around) -> Iterable[Sample]:
    at = life.acted_at
    if life.received_at and at:
        yield Sample(at, open_minutes(life, around, life.received_at, at, life.acted_version))


def _resolution(life: Life, around: Around) -> Iterable[Sample]:
    settled = worked(life)
    if life.received_at and settled:
        yield Sample(settled.at, minutes_between(life.received_at, settled.at))


def _resolution_hours(life: Life, around: Around) -> Iterable[Sample]:
    settled = worked(life)
    if life.received_at and settled:
        took = open_minutes(life, around, life.received_at, settled.at, settled.version)
        yield Sample(settled.at, took)


def _first_read(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.read_at and life.peak >= HIGH_ACUITY:
        yield Sample(life.read_at, minutes_between(life.received_at, life.read_at))


def _page_decided(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.paged_at and life.first_urgency == URGENT:
        yield Sample(life.paged_at, seconds_between(life.received_at, life.paged_at))


def _page_left(life: Life, around: Around) -> Iterable[Sample]:
    if life.received_at and life.told_at and life.first_urgency == URGENT:
        yield Sample(life.told_at, seconds_between(life.received_at, life.told_at))


def _page_heard(life: Life, around: Around) -> Iterable[Sample]:
    if life.paged_at and life.heard_at:
        yield Sample(life.heard_at, minutes_between(life.paged_at, life.heard_at))


_IN_MINUTES = partial(Measure, theme=Theme.TIMES, unit=Unit.MINUTES, kind=Kind.SPREAD)
_IN_SECONDS = partial(Measure, theme=Theme.TIMES, unit=Unit.SECONDS, kind=Kind.SPREAD)

MEASURES = (
    _IN_MINUTES(
        id="first_response",
        name="Time to first response",
        formula="first answer of a person to the requester, or their resolution where no answer "
        "came before, minus receipt; in wall minutes",
        excluded=NOBODY_YET,
        take=_first_response,
        compare="a vendor's article tells of 4.3 h before and 1.1 h after; it does not say how "
        "many tickets were timed, nor whether robots' answers count",
    ),
    _IN_MINUTES(
        id="first_response_hours",
        name="Time to first response, in open hours",
        formula="the same, in minutes of the site's hours",
        excluded=f"{NOBODY_YET}; {OPEN_HOURS}",
        take=_first_response_hours(ALL_URGENCIES),
    ),
    _IN_MINUTES(
        id="first_response_administrative",
        name="Time to first response, administrative, in open hours",
        formula="the same, of tickets of urgency 2 or 3 when they were answered",
        excluded=f"{NOBODY_YET}; {OPEN_HOURS}",
        take=_first_response_hours(ADMINISTRATIVE),
        target=120,
    ),
    _IN_MINUTES(
        id="first_response_clinical",
        name="Time to first response, clinical standard, in open hours",
        formula="the same, of tickets of urgency 4 when they were answered",
        excluded=f"{NOBODY_YET}; {OPEN_HOURS}",
        take=_first_response_hours(CLINICAL_STANDARD),
        target=30,
    ),
    _IN_MINUTES(
        id="first_action",
        name="Time to first meaningful action",
        formula="the first that a person did to the ticket beyond looking at it or hearing its "
        "page, minus receipt; in wall minutes",
        excluded="tickets to which no person has done anything",
        take=_first_action,
        compare="Emory: first interaction 83.3 % (1 h) sooner, 469 routed conversations against "
        "402 that were not, 14 days (medRxiv 2023); the time between two events of the inbox",
    ),
    _IN_MINUTES(
        id="first_action_hours",
        name="Time to first meaningful action, in open hours",
        formula="the same, in minutes of the site's hours",
        excluded=f"tickets to which no person has done anything; {OPEN_HOURS}",
        take=_first_action_hours,
    ),
    _IN_MINUTES(
        id="resolution",
        name="Time to resolution",
        formula="first resolution by a person or a program, minus receipt; in wall minutes",
        excluded="what an article answered, what asked for nothing",
        take=_resolution,
        compare="Emory: resolution 84.4 % (22.5 h) sooner, 469 routed conversations against 402 "
        "that were not, 14 days (medRxiv 2023); to the last event of the conversation",
    ),
    _IN_MINUTES(
        id="resolution_hours",
        name="Time to resolution, in open hours",
        formula="the same, in minutes of the site's hours",
        excluded=f"what an article answered, what asked for nothing; {OPEN_HOURS}",
        take=_resolution_hours,
    ),
    _IN_MINUTES(
        id="first_read",
        name="Time to first read, high acuity",
        formula="first look or deed of a person, minus receipt, of tickets that ever had urgency 4 "
        "or 5; doubt counts as the higher candidate; in wall minutes",
        excluded="what nobody has opened yet, however long it waits: see `opened_soon`",
        take=_first_read,
        compare="Kaiser Southern California: median 22.03 h before, 5.02 h after, 3,030,247 "
        "messages (JAMA Netw Open, January 2026); high acuity as their own model labels it",
    ),
    _IN_SECONDS(
        id="page_decided",
        name="From receipt to the decision to page",
        formula="first page decided, minus receipt, of tickets that were urgency 5 at first; "
        "in wall seconds",
        excluded=SINCE_RECEIPT,
        take=_page_decided,
    ),
    _IN_SECONDS(
        id="page_left",
        name="From receipt to the page's leaving",
        formula="first page taken by a carrier, minus receipt, of the same; in wall seconds",
        excluded=f"{SINCE_RECEIPT}; when it reaches a telephone, nobody tells us",
        take=_page_left,
        compare="a telehealth service: crisis messages triaged in 8 to 13 min, 9 h before, "
        "prospective, 102,471 messages (npj Digit Med 2023); until a person had triaged, not "
        "until a page left",
    ),
    _IN_MINUTES(
        id="page_heard",
        name="From page to acknowledgement",
        formula="first acknowledgement minus first page decided; in wall minutes",
        excluded="pages that nobody acknowledged: who works on it ends them too",
        take=_page_heard,
        compare="nurse lines: call back within 5 min for what is emergent; a norm of practice, "
        "not a measurement",
    ),
)
