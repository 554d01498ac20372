"""Whatever a group writes into its ladders, whoever is away, whatever ways are broken and however
often the policy is edited meanwhile: an urgent ticket is never silent, and no ladder ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MEMBERS, TEAMS, a_site, a_ticket, a_verdict, for_review, minutes
from tests.strategies import gaps, starts
from triagewire.clock.calendar import WEEKDAYS, Interval
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.reach import Reach
from triagewire.escalation.steps import Step, step
from triagewire.escalation.timers import next_timer
from triagewire.ladder import BeforeDue, Ladder, Ladders, LadderStep, OwnLadders, Tell, Way
from triagewire.policy.model import Site
from triagewire.policy.roster import Member
from triagewire.ticket import REVIEW, Ticket
from triagewire.verdict import Verdict

SCORES = ("clinical_urgent", "clinical_standard", "self_serve", REVIEW)
STEPS = 16
NAMES = sorted(MEMBERS)

tells = st.sampled_from([tell for tell in Tell if tell is not Tell.MEMBER])
ways = st.lists(st.sampled_from(list(Way)), max_size=2, unique=True).map(tuple)
waits = st.integers(1, 60)
steps_of = st.one_of(
    tells,
    st.builds(
        LadderStep, tell=tells, ways=ways, wait_minutes=st.none() | waits, everyone=st.booleans()
    ),
    # Somebody who may have left the roster, or was never on it.
    st.builds(
        LadderStep,
        tell=st.just(Tell.MEMBER),
        member=st.sampled_from([*NAMES, "nobody"]),
        wait_minutes=st.none() | waits,
    ),
)
ladder = st.builds(
    Ladder, steps=st.lists(steps_of, min_size=1, max_size=5).map(tuple), wait_minutes=waits
)
before = st.lists(st.builds(BeforeDue, minutes=st.integers(1, 130), tell=tells), max_size=3)
own = st.builds(
    OwnLadders,
    urgent=st.none() | ladder,
    urgent_after_hours=st.none() | ladder,
    breach=st.none() | ladder,
    before=st.none() | before.map(tuple),
    acknowledged_minutes=st.none() | st.integers(1, 240),
)
ladders = st.builds(
    Ladders,
    urgent=ladder,
    urgent_after_hours=ladder,
    breach=ladder,
    acknowledged_minutes=st.integers(1, 240),
    before=before.map(tuple),
    scores=st.dictionaries(st.sampled_from(SCORES), own, max_size=2),
)
people = st.frozensets(st.sampled_from(NAMES))


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, Member]:
    """Some of the members, more or less away, with more or fewer ways of their own."""
    left = draw(people)
    found = {}
    for name, member in MEMBERS.items():
        if name not in left:
            addresses = dict.fromkeys(draw(ways), "address")
            found[name] = replace(member, away=draw(st.booleans()), ways=addresses)
    return found


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """A clinic with any roster, ladders and hours; its catch-all may have left, as nobody else."""
    opens, closes = time(draw(st.integers(0, 11))), time(draw(st.integers(12, 23)))
    clinical = replace(
        TEAMS["clinical"],
        lead=draw(st.sampled_from(NAMES)),
        ladders=draw(st.dictionaries(st.sampled_from(SCORES), own, max_size=1)),
    )
    return a_site(
        members=draw(rosters()),
        ladders=draw(ladders),
        catch_all=draw(st.sampled_from(NAMES)),
        hours=dict.fromkeys(WEEKDAYS, (Interval(opens, closes),)),
        teams={**TEAMS, "clinical": clinical},
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """What surrounds a step: the policy of then, who is away, and whom no way reaches."""

    site: Site
    away: frozenset[str]
    broken: frozenset[str]
    heard: bool

    @property
    def reach(self) -> Reach:
        """Every way of the broken is broken."""
        return Reach(broken=dict.fromkeys(self.broken, frozenset(Way)))


places = st.lists(sites(), min_size=1, max_size=3)
around = st.tuples(st.integers(0, 5), people, people, st.booleans())
moments = st.builds(
    lambda sites, drawn: [
        Moment(sites[min(number, len(sites) - 1) if number < 3 else 0], away, broken, heard)
        for number, away, broken, heard in drawn
    ],
    places,
    st.lists(around, min_size=STEPS, max_size=STEPS),
)
verdicts = st.sampled_from([a_verdict(5), a_verdict(4), a_verdict(1), for_review(5)])


def lived(
    verdict: Verdict, start: datetime, drawn: list[Moment], late: list[timedelta]
) -> Iterator[tuple[Ticket, Step, datetime]]:
    """The steps of a ticket whose promises nobody keeps, each with the ticket before it. Of those
    who are asked one by one, one acknowledges now and then.
    """
    ticket = a_ticket(verdict, start, site=drawn[0].site, assignee="nick", accepted_at=start)
    for moment, gap in zip(drawn, late, strict=True):
        assert ticket.timer is not None
        now = max(start, ticket.timer.at) + gap
        done = step(ticket, moment.site, now, moment.away, moment.reach)
        yield ticket, done, now
        ticket, told = done.ticket, done.ticket.escalation
        if moment.heard and len(told.awaited) > 1:
            told = replace(told, heard_by=told.awaited[:1])
            ticket = replace(ticket, escalation=told)
            ticket = replace(ticket, timer=next_timer(ticket, moment.site))
        start = now


def longest(kept: Ladders) -> timedelta:
    """The longest wait between two pages."""
    both = (kept.urgent, kept.urgent_after_hours)
    return minutes(max(each.wait_of(one) for each in both for one in each.in_full))


punctual = st.just([minutes(0)] * STEPS)
lateness = st.lists(gaps, min_size=STEPS, max_size=STEPS)


@given(starts, moments)
def test_an_unheard_urgent_ticket_is_never_silent_longer_than_its_ladder_waits(
    start: datetime, drawn: list[Moment]
) -> None:
    paged, limit = [start], minutes(0)
    for _, done, now in lived(a_verdict(5), start, drawn, [minutes(0)] * STEPS):
        told = done.ticket.escalation
        if told.acknowledged_at is not None:
            return
        if told.ladders:
            limit = max(limit, longest(told.ladders))
        if NoticeKind.PAGE in {notice.kind for notice in done.notices}:
            paged.append(now)
        due = done.ticket.timer
        assert due is not None
        assert due.at <= paged[-1] + limit

    assert paged[1] == start
    assert all(later - sooner <= limit for sooner, later in pairwise(paged))


@given(verdicts, starts, moments, punctual | lateness)
def test_no_ladder_ends_and_every_step_is_recorded_and_moves_the_timer_on(
    verdict: Verdict, start: datetime, drawn: list[Moment], late: list[timedelta]
) -> None:
    for before, done, now in lived(verdict, start, drawn, late):
        assert before.timer is not None
        assert done.entries
        after = done.ticket.timer
        assert after is not None
        assert after.at > now or after.kind is not before.timer.kind or _told_one_more(before, done)


def _told_one_more(before: Ticket, done: Step) -> bool:
    """Whether it was one of several forewarnings that are due at once."""
    return done.ticket.escalation.forewarned > before.escalation.forewarned


@given(verdicts, starts, moments, punctual | lateness)
def test_a_ladder_is_never_climbed_past_its_end(
    verdict: Verdict, start: datetime, drawn: list[Moment], late: list[timedelta]
) -> None:
    for _, done, _ in lived(verdict, start, drawn, late):
        told = done.ticket.escalation
        if told.ladders:
            pages = (told.ladders.urgent, told.ladders.urgent_after_hours)
            assert 0 <= told.step <= max(len(each.in_full) for each in pages)
            assert 0 <= told.level <= len(told.ladders.breach.in_full)
            assert 0 <= told.forewarned <= len(told.ladders.before)


@given(verdicts, starts, moments, punctual | lateness)
def test_whoever_is_told_can_be_reached_or_is_the_catch_all(
    verdict: Verdict, start: datetime, drawn: list[Moment], late: list[timedelta]
) -> None:
    for moment, (_, done, _) in zip(drawn, lived(verdict, start, drawn, late), strict=True):
        for notice in done.notices:
            person = notice.person
            assert person == moment.site.catch_all or (
                person in moment.site.members and person not in moment.broken
            )


@given(starts, moments, punctual | lateness)
def test_of_what_is_not_urgent_nobody_hears_twice_on_a_day_by_the_ladder(
    start: datetime, drawn: list[Moment], late: list[timedelta]
) -> None:
    heard: set[tuple[str, object]] = set()
    for _, done, now in lived(a_verdict(4), start, drawn, late):
        day = done.ticket.escalation.told_on
        for notice in done.notices:
            if notice.kind is NoticeKind.LADDER:
                assert (notice.person, day) not in heard, now
            if notice.kind in (NoticeKind.LADDER, NoticeKind.BREACH):
                heard.add((notice.person, day))
