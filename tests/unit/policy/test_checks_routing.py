"""Where tickets go: a rule or a fallback that could not be meant is refused."""

from pathlib import Path

import pytest

from tests.unit.policy.refusals import FILE, Edit, found, refused


def with_rule(edited: Edit, rule: str) -> Path:
    """The starter policy with one more routing rule, before its own."""
    return edited(FILE, "\nrouting:\n", f"\nrouting:\n  {rule}\n")


@pytest.mark.parametrize(
    ("rule", "field", "problem"),
    [
        ("when: {}, team: it", "when", "is empty and would match nothing: name a condition"),
        ("when: { topics: [] }, team: it", "when", "is empty and would match nothing"),
        ("when: { topics: [refill] }", "", "names neither a team nor a skill"),
        ("when: { topics: [refill] }, team: meds", "team", "meds is no team of this site"),
        ("when: { sources: [fax] }, team: it", "when.sources.0", "is none of "),
        ("when: { channels: [sms, fax] }, team: it", "when.channels.1", "is none of chat, "),
        ("when: { topics: [refil] }, team: it", "when.topics.0", "is none of "),
        ("when: { teams: [it] }, team: portal", "when.teams.0", "is none of billing, "),
        ("when: { usual_teams: [it_ehr] }, team: it", "when.usual_teams.0", "is none of "),
        ("when: { languages: [spanish] }, team: it", "when.languages.0", "is none of "),
        ("when: { applications: [' '] }, team: it", "when.applications.0", "is blank and would"),
        ("when: { departments: ['-'] }, team: it", "when.departments.0", "is blank and would"),
        ("when: { teams: [it_ehr] }, skill: hl7", "skill", "nobody of this site has the skill hl7"),
        (
            "when: { teams: [it_ehr] }, team: it, skill: hl7",
            "skill",
            "nobody of the team it has the skill hl7",
        ),
        (
            "when: { teams: [clinical] }, team: portal",
            "team",
            "portal takes no clinical work: all its members need the team clinical",
        ),
        ("when: { topic: [refill] }, team: it", "when.topic", "is no field here"),
    ],
)
def test_a_routing_rule_that_could_not_work_is_refused(
    edited: Edit, rule: str, field: str, problem: str
) -> None:
    folder = with_rule(edited, f"special: {{ {rule} }}")

    place = f"routing.special.{field}" if field else "routing.special"
    refused(folder, place, problem, at="special: {")


def test_topics_of_the_groups_own_rules_may_be_routed(edited: Edit) -> None:
    folder = with_rule(edited, "camp: { when: { topics: [camp_form] }, team: scheduling }")
    rules = folder / "rules"
    rules.mkdir()
    (rules / "administrative.yaml").write_text(
        "rules:\n  camp: { reason: camp forms, score: 2, topic: camp_form, team: scheduling,"
        " when: [camp form] }\n",
        encoding="utf-8",
    )

    assert found(folder) == []


def test_languages_of_any_country_may_be_routed(edited: Edit) -> None:
    rule = "abroad: { when: { languages: [en, es-MX, und, pt-BR] }, team: portal }"

    assert found(with_rule(edited, rule)) == []


@pytest.mark.parametrize(
    ("team", "fallback", "problem"),
    [
        ("portal", "reception", "reception is no team of this site"),
        ("portal", "portal", "is the team itself: name another one, or leave it out"),
        ("portal", "review", "a ticket enters and leaves review by a decision only"),
        ("review", "clinical", "a ticket enters and leaves review by a decision only"),
        ("clinical", "portal", "portal may not open clinical tickets: all its members need"),
    ],
)
def test_a_fallback_that_could_not_help_is_refused(
    edited: Edit, team: str, fallback: str, problem: str
) -> None:
    folder = with_fallback(edited, team, fallback)

    refused(folder, f"teams.{team}.fallback", problem, at=f"fallback: {fallback} }}")


def test_fallbacks_that_go_in_a_round_are_refused_where_they_stand(edited: Edit) -> None:
    for team, fallback in (("portal", "scheduling"), ("scheduling", "portal")):
        folder = with_fallback(edited, team, fallback)

    comes_back = "comes back to the team itself: end the chain with a team that has none"
    refused(folder, "teams.portal.fallback", comes_back, at="fallback: scheduling }")
    refused(folder, "teams.scheduling.fallback", comes_back, at="fallback: portal }")


def with_fallback(edited: Edit, team: str, fallback: str) -> Path:
    """The starter policy with another fallback of a team."""
    leads = {"clinical": "nurse.okafor", "review": "nurse.okafor"}
    lead = leads.get(team, "desk.lindqvist")
    folder = edited(FILE, f"  {team}: {{ lead: {lead}", f"  {team}: {{ lead: {lead}, was: 1")
    path = folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    mended = [
        f"  {team}: {{ lead: {lead}, fallback: {fallback} }}" if ", was: 1" in each else each
        for each in lines
    ]
    path.write_text("\n".join(mended) + "\n", encoding="utf-8")
    return folder
