"""Whatever comes in: windows hold, every page is told, and nothing waits longer than it must."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import AT_NIGHT, minutes
from tests.unit.escalation.test_dispatch import a_notice
from triagewire.escalation.dispatch import Dispatch, dispatch
from triagewire.escalation.notice import AnyNotice, Notice, NoticeKind
from triagewire.escalation.told import Told, sent_to
from triagewire.ladder import Way
from triagewire.policy.limits import Notices, Window

SMS = (Way.SMS,)
HOUR = timedelta(minutes=60)
QUARTER = timedelta(minutes=15)
MOMENT = timedelta(milliseconds=1)


@dataclass(slots=True)
class Night:
    """Nora, her phone, and what waits for her at two sites; somebody looks whenever it is due."""

    rules: Notices = field(default_factory=Notices)
    ways: tuple[Way, ...] = SMS
    now: datetime = AT_NIGHT
    told: Told = field(default_factory=lambda: Told(person="nora"))
    waiting: dict[str, list[Notice]] = field(default_factory=dict)
    sent: list[tuple[datetime, tuple[Way, ...], tuple[AnyNotice, ...]]] = field(
        default_factory=list
    )

    def decided(self, site: str, now: datetime) -> Dispatch:
        """What would go at a time."""
        left = self.waiting.get(site, [])
        return dispatch(left, self.told, lambda _notice: self.ways, self.rules, now, site)

    def look(self) -> None:
        """Look at every site once, and send what goes now."""
        for site in self.waiting:
            what = self.decided(site, self.now)
            if what.notices:
                by = what.ways if what.every_way else what.ways[:1]
                page_of = site if what.every_way else ""
                self.told = sent_to(self.told, by, self.now, HOUR, page_of)
                self.sent.append((self.now, by, what.notices))
                gone = {each.id for each in what.notices}
                self.waiting[site] = [each for each in self.waiting[site] if each.id not in gone]

    def put(self, *notices: Notice, site: str = "north") -> None:
        """More to tell."""
        self.waiting.setdefault(site, []).extend(notices)

    def by(self, way: Way) -> list[datetime]:
        """When messages went by a way."""
        return [at for at, ways, _ in self.sent if way in ways]


def most_within(times: list[datetime], window: timedelta) -> int:
    """The most messages in any stretch of so long."""
    return max((sum(at <= each < at + window for each in times) for at in times), default=0)


def pages_of(count: int, turn: int, start: datetime) -> list[Notice]:
    """A page of each of so many tickets."""
    pages = (a_notice(ticket=f"T{number:03d}") for number in range(count))
    return [replace(each, id=f"{each.ticket_id}-{turn}-page-nora", at=start) for each in pages]


def test_two_hundred_urgent_tickets_in_a_minute_are_five_messages_and_all_of_them_are_told() -> (
    None
):
    night = Night()
    for second in range(60):
        night.now = AT_NIGHT + timedelta(seconds=second)
        first = 200 * second // 60
        night.put(
            *(a_notice(ticket=f"T{number}") for number in range(first, 200 * (second + 1) // 60))
        )
        night.look()
    for minute in range(1, 15):
        night.now = AT_NIGHT + minutes(minute)
        night.look()

    assert night.sent[0][0] == AT_NIGHT
    assert len(night.sent) <= 5
    told = {each.about for _, _, notices in night.sent for each in notices}
    assert told == {f"T{number}" for number in range(200)}
    assert max(at for at, _, _ in night.sent) <= AT_NIGHT + minutes(5)


def test_the_repeats_of_a_storm_that_nobody_hears_are_five_messages_in_a_quarter_at_most() -> None:
    night = Night()
    for minute in range(180):
        night.now = AT_NIGHT + minutes(minute)
        # Every ticket pages nora again every five minutes, 40 of them in each of these minutes.
        for group in range(5):
            if minute % 5 == group:
                night.put(*pages_of(200, minute, night.now)[40 * group : 40 * (group + 1)])
        night.look()

    times = night.by(Way.SMS)
    assert most_within(times, QUARTER) <= 5
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) <= minutes(5)


def test_a_storm_at_one_site_does_not_hold_up_the_first_page_of_another() -> None:
    night = Night()
    for minute in range(0, 4):
        night.now = AT_NIGHT + minutes(minute)
        night.put(*pages_of(50, minute, night.now))
        if minute == 3:
            night.put(a_notice(ticket="W1"), site="west")
        night.look()

    told_at = [at for at, _, notices in night.sent if any(each.about == "W1" for each in notices)]
    assert told_at == [AT_NIGHT + minutes(3)]


arrivals = st.lists(
    st.tuples(
        st.integers(0, 240),
        st.sampled_from([NoticeKind.PAGE, NoticeKind.PAGE, NoticeKind.BREACH, NoticeKind.REMINDER]),
        st.sampled_from(["north", "west"]),
    ),
    max_size=60,
)
some_rules = st.builds(
    lambda most, more, bundle, silent: Notices(
        limits={Way.SMS: (Window(most=most, minutes=15), Window(most=more, minutes=60))},
        bundle_minutes=min(bundle, silent),
        silent_minutes=silent,
    ),
    st.integers(1, 8),
    st.integers(1, 25),
    st.integers(1, 6),
    st.integers(1, 20),
)


def a_night(comes: list[tuple[int, NoticeKind, str]], rules: Notices) -> Night:
    """A night in which notices come at these minutes, looked at every minute until all is told."""
    night = Night(rules=rules)
    for minute in range(240 + 24 * 60):
        night.now = AT_NIGHT + minutes(minute)
        for number, (at, kind, site) in enumerate(comes):
            if at == minute:
                night.put(a_notice(kind, f"T{number}"), site=site)
        night.look()
        if minute > 240 and not any(night.waiting.values()):
            break
    return night


@given(comes=arrivals, rules=some_rules)
def test_everything_is_told_and_told_once(
    comes: list[tuple[int, NoticeKind, str]], rules: Notices
) -> None:
    night = a_night(comes, rules)

    told = [each.about for _, _, notices in night.sent for each in notices]
    assert sorted(told) == sorted(f"T{number}" for number in range(len(comes)))


@given(comes=arrivals, rules=some_rules)
def test_a_window_is_exceeded_only_by_a_page_after_a_long_silence(
    comes: list[tuple[int, NoticeKind, str]], rules: Notices
) -> None:
    night = a_night(comes, rules)

    times = night.by(Way.SMS)
    for place, (at, _, notices) in enumerate(night.sent):
        page = any(each.is_page for each in notices)
        silent = page and place and at - times[place - 1] >= minutes(rules.silent_minutes)
        for window in rules.windows(Way.SMS):
            lately = [each for each in times[: place + 1] if each > at - minutes(window.minutes)]
            most = window.most if page else window.most - window.kept_for_pages
            assert len(lately) <= most or silent


@given(comes=arrivals, rules=some_rules)
def test_no_page_waits_longer_than_the_silence_that_is_allowed(
    comes: list[tuple[int, NoticeKind, str]], rules: Notices
) -> None:
    night = a_night(comes, rules)

    sent_at = {each.about: at for at, _, notices in night.sent for each in notices}
    times = night.by(Way.SMS)
    for number, (came, kind, _) in enumerate(comes):
        if kind is NoticeKind.PAGE:
            begins, ends = AT_NIGHT + minutes(came), sent_at[f"T{number}"]
            heard = [begins, *(at for at in times if begins < at < ends), ends]
            gaps = [later - earlier for earlier, later in pairwise(heard)]
            assert max(gaps) <= minutes(rules.silent_minutes)


@given(
    comes=arrivals,
    rules=some_rules,
    after=st.floats(0, 90, allow_nan=False),
    kind=st.sampled_from([NoticeKind.PAGE, NoticeKind.BREACH]),
)
def test_what_waits_goes_at_the_very_moment_that_is_named(
    comes: list[tuple[int, NoticeKind, str]], rules: Notices, after: float, kind: NoticeKind
) -> None:
    night = a_night(comes, rules)
    night.now = (night.sent[-1][0] if night.sent else AT_NIGHT) + minutes(after)
    night.put(a_notice(kind, "LAST"))

    waits = night.decided("north", night.now).wait_until

    if waits is not None:
        assert waits > night.now
        assert night.decided("north", waits).notices
        assert not night.decided("north", waits - MOMENT).notices
