"""Who of the team gets it, and who gets it instead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    AT_NIGHT,
    EIGHT_TO_FIVE,
    MEMBERS,
    MONDAY_MORNING,
    OFFICE_WEEK,
    TEAMS,
    a_site,
    minutes,
)
from tests.strategies import instants
from triagewire.clock.calendar import Interval
from triagewire.policy.model import Site
from triagewire.policy.roster import AfterHours, Fairness, Leave, Member, Pair, Presence, Role
from triagewire.routing.balance import (
    MOST_RECENT,
    WHILE_FULL,
    Crew,
    Load,
    Wanted,
    choose_member,
    choose_owner,
)
from triagewire.routing.duty import on_duty
from triagewire.verdict import Urgency

STANDARD, URGENT = Urgency.CLINICAL_STANDARD, Urgency.CLINICAL_URGENT
NURSES = {f"nurse-{number}": Member(name="N", teams=("clinical",)) for number in range(4)}
STAFFED = a_site(members=NURSES)
A_QUARTER_TO_FIVE = datetime(2026, 3, 2, 21, 45, tzinfo=UTC)
TUESDAY_AT_EIGHT = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
LATE = dict.fromkeys(OFFICE_WEEK, (Interval(time(12), time(20)),))
"""The shift of who stays until eight."""


def loaded(**weights: int) -> Mapping[str, Load]:
    return {member: Load(member=member, weight=weight) for member, weight in weights.items()}


def crew(site: Site | None = None, team: str = "clinical", **changes: object) -> Crew:
    bare = Crew(site=site or a_site(), team=team, now=MONDAY_MORNING)
    return replace(bare, **changes)  # type: ignore[arg-type]


def wanted(urgency: Urgency = STANDARD, **changes: object) -> Wanted:
    return replace(Wanted(urgency=urgency), **changes)  # type: ignore[arg-type]


def members(**changed: Member) -> Site:
    return a_site(members=MEMBERS | changed)


# By load


def test_the_least_loaded_member_on_duty_gets_it() -> None:
    member, why = choose_member(crew(loads=loaded(nick=8, nell=4, rhea=9)), wanted())

    assert (member, why) == ("nell", "least loaded of 2 on duty")


def test_of_equally_loaded_members_the_longest_idle_gets_it() -> None:
    loads = {
        "nick": Load(member="nick", weight=4, assigned_at=MONDAY_MORNING - minutes(5)),
        "nell": Load(member="nell", weight=4, assigned_at=MONDAY_MORNING - minutes(50)),
        "rhea": Load(member="rhea", weight=9),
    }

    assert choose_member(crew(loads=loads), wanted())[0] == "nell"


def test_who_lost_a_race_takes_another_of_the_equally_loaded() -> None:
    loads = loaded(**{"nurse-0": 8, "nurse-1": 4, "nurse-2": 4, "nurse-3": 4})

    chosen = {
        choose_member(crew(STAFFED, loads=loads, turn=turn), wanted())[0] for turn in range(6)
    }

    assert chosen == {"nurse-1", "nurse-2", "nurse-3"}


def test_nobody_gets_work_at_night() -> None:
    assert choose_member(crew(now=AT_NIGHT), wanted()) == (None, "nobody of the team is on duty")


def test_who_is_at_capacity_gets_nothing_more() -> None:
    full = {name: replace(member, capacity=4) for name, member in MEMBERS.items()}
    at_work = crew(members(**full), loads=loaded(nick=4, nell=5, rhea=4))

    assert choose_member(at_work, wanted()) == (None, "everybody on duty is at capacity")


def test_an_urgent_ticket_asks_for_no_capacity() -> None:
    full = {name: replace(member, capacity=4) for name, member in MEMBERS.items()}
    at_work = crew(members(**full), loads=loaded(nick=4, nell=5, rhea=4))

    assert choose_member(at_work, wanted(URGENT))[0] in {"nick", "rhea"}


# The window of fairness


def fast_closer(assigned: int) -> Mapping[str, Load]:
    """One nurse who has settled all that they were given in the last minutes; the others work."""
    times = tuple(MONDAY_MORNING - minutes(5 + each) for each in reversed(range(assigned)))
    others = loaded(**{"nurse-1": 4, "nurse-2": 4, "nurse-3": 4})
    return {**others, "nurse-0": Load(member="nurse-0", recent=times)}


def test_who_closes_fast_does_not_get_everything() -> None:
    member, why = choose_member(crew(STAFFED, loads=fast_closer(3)), wanted())

    assert member != "nurse-0"
    assert why == "least loaded of 4 on duty, 1 had more than their share"


def test_a_small_lead_is_no_reason_to_be_passed_over() -> None:
    assert choose_member(crew(STAFFED, loads=fast_closer(2)), wanted())[0] == "nurse-0"


def test_what_was_given_before_the_window_does_not_count() -> None:
    later = crew(STAFFED, loads=fast_closer(3), now=MONDAY_MORNING + minutes(60))

    assert choose_member(later, wanted())[0] == "nurse-0"


@pytest.mark.parametrize("fairness", [Fairness(window_minutes=0), Fairness(most_ahead=0)])
def test_fairness_may_be_switched_off(fairness: Fairness) -> None:
    site = replace(STAFFED, fairness=fairness)

    assert choose_member(crew(site, loads=fast_closer(9)), wanted())[0] == "nurse-0"


def test_a_load_remembers_the_assignments_of_the_window_and_not_more_than_some() -> None:
    load = Load(member="nick", recent=(MONDAY_MORNING - minutes(61), MONDAY_MORNING - minutes(2)))

    assert load.given(MONDAY_MORNING, Fairness()) == (MONDAY_MORNING - minutes(2), MONDAY_MORNING)
    for _ in range(MOST_RECENT * 2):
        load = replace(load, recent=load.given(MONDAY_MORNING, Fairness()))
    assert len(load.recent) == MOST_RECENT


# Who is preferred


NURSE_SKILLS = members(
    nell=replace(MEMBERS["nell"], skills=("wounds",)),
    nick=replace(MEMBERS["nick"], languages=("en", "vi")),
)


def test_who_has_the_skill_gets_it_although_others_carry_less() -> None:
    at_work = crew(NURSE_SKILLS, loads=loaded(nell=9))

    assert choose_member(at_work, wanted(skill="wounds")) == (
        "nell",
        "least loaded of 1 on duty; has the skill wounds",
    )


def test_a_ticket_waits_for_no_skill() -> None:
    at_work = crew(NURSE_SKILLS, loads=loaded(nell=9))

    member, why = choose_member(at_work, wanted(skill="x-ray"))

    assert member != "nell"
    assert why.endswith("nobody there has x-ray")


def test_the_skill_counts_before_the_language() -> None:
    member, why = choose_member(crew(NURSE_SKILLS), wanted(skill="wounds", language="vi"))

    assert member == "nell"
    assert "needs an interpreter: Vietnamese" in why


def test_who_has_worked_for_the_requester_gets_it_although_others_carry_less() -> None:
    at_work = crew(loads=loaded(nell=9))

    assert choose_member(at_work, wanted(last_handler="nell")) == (
        "nell",
        "has worked for this requester before",
    )


def test_the_handler_comes_before_the_primary() -> None:
    clinical = replace(TEAMS["clinical"], primary="nick", secondary="rhea")
    site = a_site(teams=TEAMS | {"clinical": clinical})

    assert choose_member(crew(site), wanted(last_handler="nell"))[0] == "nell"
    assert choose_member(crew(site), wanted())[0] == "nick"


@pytest.mark.parametrize("handler", ["bela", "gone", "nora", ""])
def test_a_handler_who_cannot_take_it_changes_nothing(handler: str) -> None:
    """Of another team, no longer on the roster, away, or unknown."""
    at_work = crew(loads=loaded(nell=9, rhea=9))

    assert choose_member(at_work, wanted(last_handler=handler))[0] == "nick"


def test_a_handler_at_capacity_is_passed_over() -> None:
    site = members(nell=replace(MEMBERS["nell"], capacity=8))

    assert choose_member(crew(site, loads=loaded(nell=8)), wanted(last_handler="nell"))[0] != "nell"


# Substitutes


STANDS_IN = members(nell=replace(MEMBERS["nell"], substitute="nick"))
GONE = frozenset({"nell"})


def test_the_substitute_of_a_handler_who_is_away_gets_it() -> None:
    at_work = crew(STANDS_IN, away=GONE, loads=loaded(nick=9))

    assert choose_member(at_work, wanted(last_handler="nell")) == (
        "nick",
        "stands in for nell, who has worked for this requester before",
    )


def test_a_substitute_gets_nothing_while_the_other_is_at_work() -> None:
    full = replace(STANDS_IN.members["nell"], capacity=1)
    site = replace(STANDS_IN, members={**STANDS_IN.members, "nell": full})

    member, why = choose_member(
        crew(site, loads=loaded(nell=4, nick=9)), wanted(last_handler="nell")
    )

    assert (member, why) == ("rhea", "least loaded of 2 on duty")


def test_a_substitute_who_is_away_too_gets_nothing() -> None:
    at_work = crew(STANDS_IN, away=frozenset({"nell", "nick"}))

    assert choose_member(at_work, wanted(last_handler="nell"))[0] == "rhea"


def test_the_substitute_of_the_primary_comes_before_the_secondary() -> None:
    clinical = replace(TEAMS["clinical"], primary="nell", secondary="rhea")
    site = replace(STANDS_IN, teams=TEAMS | {"clinical": clinical})

    assert choose_member(crew(site, away=GONE), wanted()) == (
        "nick",
        "stands in for nell, primary of clinical",
    )


# The end of a shift


TWO_SHIFTS = a_site(members={"nick": MEMBERS["nick"], "nell": replace(MEMBERS["nell"], week=LATE)})


def test_no_long_work_goes_to_a_shift_that_ends() -> None:
    at_work = crew(TWO_SHIFTS, now=A_QUARTER_TO_FIVE, loads=loaded(nell=9))
    long = wanted(due_at=A_QUARTER_TO_FIVE + minutes(120))

    assert choose_member(at_work, long) == (
        "nell",
        "least loaded of 1 on duty; not for nick, whose shift ends",
    )


def test_what_is_due_before_the_shift_ends_may_still_be_done_in_it() -> None:
    at_work = crew(TWO_SHIFTS, now=A_QUARTER_TO_FIVE, loads=loaded(nell=9))
    short = wanted(due_at=A_QUARTER_TO_FIVE + minutes(15))

    assert choose_member(at_work, short)[0] == "nick"


def test_a_shift_that_still_lasts_takes_long_work() -> None:
    at_work = crew(TWO_SHIFTS, now=A_QUARTER_TO_FIVE - minutes(16), loads=loaded(nell=9))

    assert choose_member(at_work, wanted(due_at=AT_NIGHT))[0] == "nick"


def test_the_rule_may_be_switched_off() -> None:
    site = replace(TWO_SHIFTS, presence=Presence(shift_end_minutes=0))
    at_work = crew(site, now=A_QUARTER_TO_FIVE, loads=loaded(nell=9))

    assert choose_member(at_work, wanted(due_at=AT_NIGHT))[0] == "nick"


def test_when_all_go_home_long_work_waits_for_those_of_the_next_day() -> None:
    choice = choose_owner(crew(now=A_QUARTER_TO_FIVE), wanted(due_at=TUESDAY_AT_EIGHT))

    assert (choice.member, choice.why) == (None, "everybody on duty goes home before it is due")
    assert choice.try_at == TUESDAY_AT_EIGHT


def test_an_urgent_ticket_asks_not_when_a_shift_ends_where_nobody_stays() -> None:
    urgent = wanted(URGENT, due_at=A_QUARTER_TO_FIVE + minutes(20))

    assert choose_member(crew(now=A_QUARTER_TO_FIVE), urgent)[0] is not None
    at_work = crew(TWO_SHIFTS, now=A_QUARTER_TO_FIVE, loads=loaded(nell=90))
    assert choose_member(at_work, urgent)[0] == "nell"


# Who has declined it, who is away


def test_who_let_it_lie_does_not_get_it_again() -> None:
    at_work = crew(loads=loaded(nell=9, rhea=9))

    assert choose_owner(at_work, wanted(declined=("nick",))).member == "nell"


def test_who_let_it_lie_gets_it_again_when_there_is_nobody_else() -> None:
    alone = crew(team="portal")

    assert choose_owner(alone, wanted(declined=("pia",))).member == "pia"


def test_who_has_said_that_they_are_away_gets_nothing() -> None:
    clinical = replace(TEAMS["clinical"], primary="nell", secondary="nick")
    site = a_site(teams=TEAMS | {"clinical": clinical})

    choice = choose_owner(crew(site, away=GONE), wanted(last_handler="nell"))

    assert choice.member == "nick"


# Nobody of the team


BACKED = a_site(
    teams=TEAMS
    | {
        "portal": replace(TEAMS["portal"], fallback="scheduling"),
        "scheduling": replace(TEAMS["scheduling"], fallback="billing"),
        "billing": replace(TEAMS["billing"], fallback="portal"),
    }
)


def test_another_team_stands_in_for_one_of_which_nobody_can_take_it() -> None:
    choice = choose_owner(crew(BACKED, "portal", away=frozenset({"pia"})), wanted())

    assert (choice.team, choice.member) == ("scheduling", "sami")
    assert choice.why == (
        "nobody of the team is on duty: scheduling stands in; least loaded of 1 on duty"
    )


def test_the_next_team_stands_in_when_that_one_cannot_either() -> None:
    choice = choose_owner(crew(BACKED, "portal", away=frozenset({"pia", "sami"})), wanted())

    assert (choice.team, choice.member) == ("billing", "bela")


def test_teams_that_stand_in_for_each_other_end_the_search() -> None:
    nobody = frozenset({"pia", "sami", "bela"})
    choice = choose_owner(crew(BACKED, "portal", away=nobody), wanted())

    assert (choice.team, choice.member) == ("portal", None)
    assert choice.try_at == MONDAY_MORNING + minutes(60)


def test_another_team_comes_before_who_let_it_lie() -> None:
    choice = choose_owner(crew(BACKED, "portal"), wanted(declined=("pia",)))

    assert (choice.team, choice.member) == ("scheduling", "sami")


def test_a_ticket_of_the_night_waits_in_its_queue_until_the_shift_begins() -> None:
    choice = choose_owner(crew(now=AT_NIGHT), wanted())

    assert (choice.team, choice.member) == ("clinical", None)
    assert choice.try_at == TUESDAY_AT_EIGHT


def test_while_people_are_at_work_but_full_it_is_tried_again_soon() -> None:
    full = members(pia=replace(MEMBERS["pia"], capacity=4))
    choice = choose_owner(crew(full, "portal", loads=loaded(pia=4)), wanted())

    assert choice.why == "everybody on duty is at capacity"
    assert choice.try_at == MONDAY_MORNING + WHILE_FULL


ON_CALL_AT_NIGHT = a_site(after_hours={"clinical_standard": AfterHours.ON_CALL})


def test_the_provider_on_call_gets_what_comes_in_while_the_site_is_closed() -> None:
    choice = choose_owner(crew(ON_CALL_AT_NIGHT, now=AT_NIGHT), wanted())

    assert (choice.team, choice.member) == ("clinical", "dr-okafor")
    assert choice.why == "the site is closed: provider on call"


def test_a_provider_who_is_away_gets_nothing() -> None:
    gone = crew(ON_CALL_AT_NIGHT, now=AT_NIGHT, away=frozenset({"dr-okafor"}))

    assert choose_owner(gone, wanted()).member is None


def test_a_member_at_work_at_night_comes_before_the_provider() -> None:
    night = replace(MEMBERS["nell"], week={"tue": (Interval(time(0), time(8)),)})
    site = replace(ON_CALL_AT_NIGHT, members=MEMBERS | {"nell": night})

    assert choose_owner(crew(site, now=AT_NIGHT), wanted()).member == "nell"


# What holds of every choice


people = st.sampled_from(sorted(NURSES))
urgencies = st.sampled_from(list(Urgency))


@st.composite
def teams_at_work(draw: st.DrawFn) -> Crew:
    """Four nurses with any capacity, skill, substitute, shift and load, some of them away."""
    nurses = {}
    for name, nurse in NURSES.items():
        nurses[name] = replace(
            nurse,
            capacity=draw(st.sampled_from([0, 4, 8])),
            skills=draw(st.sampled_from([(), ("wounds",)])),
            languages=draw(st.sampled_from([("en",), ("en", "vi")])),
            substitute=draw(st.sampled_from(["", *sorted(NURSES)])),
            week=draw(st.sampled_from([{}, LATE, dict.fromkeys(("sat",), EIGHT_TO_FIVE)])),
            roles=draw(st.sampled_from([(Role.AGENT,), (Role.AGENT,), (Role.LEAD,)])),
        )
    pair = draw(st.sampled_from([Pair(), Pair(primary="nurse-0", secondary="nurse-1")]))
    clinical = replace(TEAMS["clinical"], primary=pair.primary, secondary=pair.secondary)
    now = draw(instants)
    loads = {
        name: Load(
            member=name,
            weight=draw(st.integers(0, 12)),
            recent=(now - minutes(3),) * draw(st.integers(0, 5)),
        )
        for name in NURSES
    }
    return Crew(
        site=a_site(members=nurses, teams=TEAMS | {"clinical": clinical}),
        team="clinical",
        now=now,
        loads=loads,
        away=frozenset(draw(st.sets(people))),
        turn=draw(st.integers(0, 2**32)),
    )


needs = st.builds(
    Wanted,
    urgency=urgencies,
    group=st.sampled_from(["clinical", "it"]),
    language=st.sampled_from(["", "vi", "es"]),
    skill=st.sampled_from(["", "wounds"]),
    last_handler=st.one_of(st.just(""), people),
    due_at=st.one_of(st.none(), instants),
    declined=st.lists(people, max_size=2, unique=True).map(tuple),
)


@given(teams_at_work(), needs)
def test_whoever_gets_a_ticket_is_at_work_and_has_room(at: Crew, need: Wanted) -> None:
    chosen = choose_owner(at, need).member

    if chosen is None:
        return
    member = at.site.members[chosen]
    assert on_duty(at.site, chosen, at.now, at.away)
    assert Role.AGENT in member.roles
    assert need.urgent or not member.capacity or at.load(chosen).weight < member.capacity


@given(teams_at_work(), needs)
def test_who_declined_gets_it_only_when_all_who_could_have_declined(at: Crew, need: Wanted) -> None:
    chosen = choose_owner(at, need).member

    if chosen in need.declined:
        asked_freely = replace(need, declined=())
        others = [name for name in NURSES if name not in need.declined]
        without = frozenset(need.declined) | at.away
        assert choose_owner(replace(at, away=without), asked_freely).member not in others


@given(teams_at_work(), needs)
def test_an_urgent_ticket_has_an_owner_whenever_anybody_is_at_work(at: Crew, need: Wanted) -> None:
    urgent = replace(need, urgency=URGENT)

    assert (choose_owner(at, urgent).member is None) == (not at.present())


@given(teams_at_work(), needs)
def test_what_nobody_gets_is_looked_at_again_later(at: Crew, need: Wanted) -> None:
    choice = choose_owner(at, need)

    assert (choice.member is None) == (choice.try_at is not None)
    if choice.try_at is not None:
        assert choice.try_at > at.now


@given(teams_at_work(), needs)
def test_skill_language_and_continuity_never_make_a_ticket_wait(at: Crew, need: Wanted) -> None:
    bare = replace(need, skill="", language="", last_handler="", declined=())

    assert (choose_owner(at, need).member is None) == (choose_owner(at, bare).member is None)


@given(instants, st.sets(st.sampled_from(sorted(NURSES))))
def test_whoever_gets_a_ticket_is_on_duty_and_of_the_team(at: datetime, away: set[str]) -> None:
    nurses = {name: replace(member, away=name in away) for name, member in NURSES.items()}
    shift = {"tue": (Interval(time(18), time(0)),), "sat": (Interval(time(6), time(12)),)}
    nurses["nurse-0"] = replace(nurses["nurse-0"], week=shift)
    site = a_site(members=nurses | {"other": Member(name="O", teams=("billing",))})

    member, _ = choose_member(crew(site, now=at), wanted(URGENT))

    working = {name for name in nurses if on_duty(site, name, at)}
    assert member in working if working else member is None


@given(st.lists(st.integers(0, 2**32), min_size=1, max_size=40), st.sampled_from([2, 3, 4, 5]))
def test_equal_tickets_are_spread_so_that_nobody_has_two_more_than_another(
    turns: list[int], weight: int
) -> None:
    """Whatever the turn of a race that was lost."""
    loads: dict[str, Load] = {}
    for number, turn in enumerate(turns):
        now = MONDAY_MORNING + minutes(number)
        at = crew(STAFFED, loads=loads, now=now, turn=turn)
        member, _ = choose_member(at, wanted(Urgency(weight)))
        assert member is not None
        before = at.load(member)
        recent = before.given(now, STAFFED.fairness)
        more = before.weight + weight
        loads[member] = replace(before, weight=more, assigned_at=now, recent=recent)

    given_out = [crew(loads=loads).load(name).weight // weight for name in NURSES]
    assert sum(given_out) == len(turns)
    assert max(given_out) - min(given_out) <= 1


def test_leave_keeps_work_from_who_is_on_it() -> None:
    off = replace(MEMBERS["pia"], leave=(Leave(begins=date(2026, 3, 2), ends=date(2026, 3, 2)),))
    choice = choose_owner(crew(members(pia=off), "portal"), wanted())

    assert (choice.member, choice.try_at) == (None, TUESDAY_AT_EIGHT)
