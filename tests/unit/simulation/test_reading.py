"""What a scenario file is refused for: file, line, field and what to write instead."""

from pathlib import Path

import pytest

from ops.simulation.reading import scenario_in
from ops.simulation.scenario import Scenario
from ops.simulation.sheet import Said
from triagewire.clock.calendar import local
from triagewire.errors import PolicyError

HARBOR = Path(__file__).parents[3] / "docs" / "scenarios" / "harbor"
HEAD = f"""\
policy: {HARBOR}
starts: 2026-03-03T22:00
events:
"""


def _read(folder: Path, events: str, head: str = HEAD) -> Scenario:
    path = folder / "night.yaml"
    path.write_text(head + events, encoding="utf-8")
    return scenario_in(path)


def _refused(folder: Path, events: str, head: str = HEAD) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        _read(folder, events, head)
    return [each.replace(f"{folder}/", "") for each in refused.value.problems]


PAIN = "  - { at: +1m, message: { as: pain, text: chest pain } }\n"


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ("  - { at: +1m }\n", "night.yaml:4: events.0: needs exactly one of message, acknowledge,"),
        (
            "  - { at: +1m, sweeps_stop: { until: +9m }, crash: {} }\n",
            "night.yaml:4: events.0: needs exactly one of",
        ),
        (
            "  - { at: later, message: { text: hello } }\n",
            "night.yaml:4: events.0.at: must be an ISO time, a wall time such as 02:00",
        ),
        (
            "  - { at: 2026-03-03T08:00, message: { text: hello } }\n",
            "night.yaml:4: events.0.at: must not be before what it follows on",
        ),
        (
            "  - at: +1m\n    message: { text: hello, sorce: portal }\n",
            "night.yaml:5: events.0.message.sorce: is no field here",
        ),
        (
            "  - { at: +1m, message: { text: hello, source: fax } }\n",
            "night.yaml:4: events.0.message.source: must be a source of the site: there is none",
        ),
        (
            "  - { at: +1m, message: { as: pain } }\n",
            "night.yaml:4: events.0.message.text: is missing",
        ),
        (
            "  - { at: +1m, message: { score: 6 } }\n",
            "night.yaml:4: events.0.message.score: must be a number from 1 to 5",
        ),
        (
            "  - { at: +1m, message: { score: 2 } }\n",
            "night.yaml:4: events.0.message.team: is missing",
        ),
        (
            "  - { at: +1m, message: { text: hello, count: 0 } }\n",
            "night.yaml:4: events.0.message.count: must be a number from 1 to 10000",
        ),
        (
            "  - { at: +1m, message: { text: hello, count: 9, every: often } }\n",
            "night.yaml:4: events.0.message.every: must be a length of time",
        ),
        (
            PAIN + "  - { at: +2m, acknowledge: { ticket: pan, by: nurse.lund } }\n",
            "night.yaml:5: events.1.acknowledge.ticket: must be what a message is called",
        ),
        (
            PAIN + "  - { at: +2m, acknowledge: { ticket: pain+x, by: nurse.lund } }\n",
            "night.yaml:5: events.1.acknowledge.ticket: must be what a message is called",
        ),
        (
            PAIN + "  - { at: +2m, acknowledge: { ticket: pain+0, by: nurse.lund } }\n",
            "night.yaml:5: events.1.acknowledge.ticket: must be what a message is called",
        ),
        (
            PAIN + "  - { at: +2m, acknowledge: { ticket: pain, by: nurse.joy } }\n",
            "night.yaml:5: events.1.acknowledge.by: must be a member of the site: desk.moss",
        ),
        (PAIN + PAIN, "night.yaml:4: events.0.message.as: is another message's name too"),
        (
            "  - { at: +1m, ways_fail: { person: dr.who, until: +9m } }\n",
            "night.yaml:4: events.0.ways_fail.person: must be a member of the site",
        ),
        (
            "  - { at: +1m, ways_fail: { until: +9m, gives_up_after: soon } }\n",
            "night.yaml:4: events.0.ways_fail.gives_up_after: must be a length of time",
        ),
        (
            "  - { at: +1m, crash: { writes: -1 } }\n",
            "night.yaml:4: events.0.crash.writes: must not be below 0",
        ),
        (
            "  - { at: +399d, message: { score: 5, count: 9, every: 9d } }\n",
            "night.yaml:3: events: must all be within 400 days of the start",
        ),
        (
            "  - { at: +1m, policy: nowhere }\n",
            "night.yaml:4: events.0.policy: is no directory",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_field(
    tmp_path: Path, events: str, told: str
) -> None:
    problems = _refused(tmp_path, events)

    assert problems[0].startswith(told)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (HEAD.replace("starts:", "begins:"), "night.yaml:2: begins: is no field here"),
        (HEAD.replace("2026-03-03T22:00", "tonight"), "night.yaml:2: starts: must be an ISO time"),
        (HEAD.replace("events", "site: mesa\nevents"), "night.yaml:3: site: must be one of"),
        (HEAD.replace("events", "ends: 2026-03-03T22:00\nevents"), "night.yaml:3: ends: is before"),
        (HEAD.replace("events", "lasts: 500d\nevents"), "night.yaml:3: lasts: must be at most 400"),
        (
            HEAD.replace("events", "lasts: 1h\nends: 23:30\nevents"),
            "night.yaml:3: lasts: says it twice",
        ),
        (HEAD.replace(str(HARBOR), "nowhere"), "night.yaml:1: policy: is no directory"),
    ],
)
def test_what_is_wrong_with_the_whole_is_said_too(tmp_path: Path, head: str, told: str) -> None:
    assert any(each.startswith(told) for each in _refused(tmp_path, PAIN, head))


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    events = "  - { at: never, message: { text: a } }\n  - { at: +1m, policy: nowhere }\n"

    assert len(_refused(tmp_path, events)) == 2


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read: name a YAML file with a scenario"):
        scenario_in(tmp_path / "nothing.yaml")


def test_a_flood_is_as_many_messages_as_it_counts(tmp_path: Path) -> None:
    scenario = _read(
        tmp_path, "  - { at: 23:00, message: { as: x, score: 5, count: 3, every: 2s } }\n"
    )

    calendar = scenario.policies[scenario.policy].sites["harbor"].calendar
    found = [
        (each.deed.name, f"{local(calendar, each.at):%H:%M:%S}")
        for each in scenario.happenings
        if isinstance(each.deed, Said)
    ]
    assert found == [("x-1", "23:00:00"), ("x-2", "23:00:02"), ("x-3", "23:00:04")]


def test_events_happen_in_the_order_of_their_times(tmp_path: Path) -> None:
    later = "  - { at: +9m, message: { as: later, score: 5 } }\n"

    scenario = _read(tmp_path, later + PAIN)

    assert [each.at for each in scenario.happenings] == sorted(
        each.at for each in scenario.happenings
    )


def test_a_scenario_without_an_end_goes_on_for_an_hour_after_its_last_event(tmp_path: Path) -> None:
    scenario = _read(tmp_path, PAIN)

    assert (scenario.ends - scenario.happenings[-1].at).total_seconds() == 3600
