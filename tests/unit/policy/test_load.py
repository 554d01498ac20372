"""A policy folder becomes one policy value, or a list of everything that is wrong with it."""

from collections.abc import Callable
from datetime import time
from pathlib import Path

import msgspec
import pytest

from triagewire.clock.promise import CalendarKind
from triagewire.errors import PolicyError
from triagewire.ladder import Tell
from triagewire.policy.load import load
from triagewire.policy.model import Policy
from triagewire.verdict import Urgency

type Edit = Callable[[str, str, str], Path]


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as raised:
        load(folder)
    return raised.value.problems


def test_the_starter_policy_has_two_sites_in_two_time_zones(starter: Path) -> None:
    sites = load(starter).policy.sites

    assert {site_id: site.zone for site_id, site in sites.items()} == {
        "mesa": "America/Los_Angeles",
        "riverside": "America/New_York",
    }


def test_a_site_has_the_shipped_promises_unless_it_says_otherwise(starter: Path) -> None:
    targets = load(starter).policy.sites["mesa"].targets

    assert [targets.of(urgency).minutes for urgency in Urgency] == [240, 240, 180, 120, 15]
    assert targets.clinical_urgent.hours is CalendarKind.ALWAYS
    assert targets.review.minutes == 15


def test_a_site_changes_only_what_it_names(edited: Edit) -> None:
    folder = edited(
        "sites/mesa.yaml",
        "catch_all: manager.ashe",
        "catch_all: manager.ashe\ntargets: { clinical_standard: { minutes: 90 } }",
    )

    policy = load(folder).policy

    assert policy.sites["mesa"].targets.clinical_standard.minutes == 90
    assert policy.sites["riverside"].targets.clinical_standard.minutes == 120


def test_what_the_group_shares_reaches_every_site(starter: Path) -> None:
    sites = load(starter).policy.sites

    assert all(site.hours["fri"][-1].closes == time(16) for site in sites.values())
    assert all("hours" in site.replies.articles for site in sites.values())


def test_a_source_knows_its_site_and_name(starter: Path) -> None:
    source = load(starter).policy.sites["riverside"].sources["portal"]

    assert (source.site, source.name, source.adapter) == ("riverside", "portal", "epic")


def test_after_hours_the_on_call_provider_is_the_first_of_the_ladder(starter: Path) -> None:
    ladders = load(starter).policy.sites["riverside"].ladders

    assert ladders.urgent_after_hours.steps[0] is Tell.ON_CALL


def test_the_group_may_switch_a_shipped_rule_off(starter: Path) -> None:
    draft = load(starter)
    part, rules = next(
        (name, body["rules"]) for name, body in draft.policy.rules.items() if body.get("rules")
    )
    rule = next(iter(rules))
    (starter / "rules").mkdir()
    (starter / "rules" / f"{part}.yaml").write_text(
        f"rules:\n  {rule}: {{ enabled: false }}\n", encoding="utf-8"
    )

    changed = load(starter).policy.rules[part]["rules"][rule]

    assert changed["enabled"] is False
    assert changed.keys() >= rules[rule].keys()


def test_a_policy_survives_being_stored(starter: Path) -> None:
    policy = load(starter).policy

    assert msgspec.json.decode(msgspec.json.encode(policy), type=Policy) == policy


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        pytest.param(
            "sites/mesa.yaml",
            "phone: 555-0170",
            "fone: 555-0170",
            "sites.mesa.fone: ",
            id="a misspelt field",
        ),
        pytest.param(
            "sites/mesa.yaml",
            "handover: 07:00",
            "handover: seven",
            "sites.mesa.on_call.handover: ",
            id="a time that is none",
        ),
        pytest.param(
            "sites/riverside.yaml",
            "rota: [dr.reyes, dr.whitfield]",
            "rota: []",
            "sites.riverside.on_call.rota: needs at least one",
            id="a rota without anybody",
        ),
        pytest.param(
            "sites/riverside.yaml",
            "adapter: twilio",
            "adapter: fax",
            "sites.riverside.sources.voicemail.adapter: must be",
            id="an adapter that is not there",
        ),
        pytest.param(
            "group.yaml",
            "opens: 08:00, closes: 12:00",
            "opens: 12:00, closes: 08:00",
            "sites.mesa.hours.mon.0.closes: must be later than opens",
            id="hours that run backwards, found in the group's file",
        ),
    ],
)
def test_a_mistake_is_told_by_file_line_and_field(
    edited: Edit, file: str, old: str, new: str, problem: str
) -> None:
    folder = edited(file, old, new)
    text = (folder / file).read_text(encoding="utf-8")
    line = text[: text.index(new)].count("\n") + 1

    found = problems(folder)

    assert any(each.startswith(f"policy/{file}:{line}: {problem}") for each in found), found


def test_all_mistakes_are_told_at_once(edited: Edit) -> None:
    edited("sites/mesa.yaml", "phone: 555-0170", "phone: []")
    folder = edited("sites/riverside.yaml", "adapter: slack", "adapter: pager")

    assert len(problems(folder)) == 2


def test_a_folder_without_a_group_says_what_it_needs(tmp_path: Path) -> None:
    assert problems(tmp_path) == (
        f"{tmp_path.name}: needs a group.yaml with `group:` and one file per site in sites/",
    )
