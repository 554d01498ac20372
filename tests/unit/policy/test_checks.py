"""A policy in which somebody could not be reached, or a ticket would have no queue, is not fit."""

from pathlib import Path

import pytest

from tests.unit.policy.refusals import Edit, found


def test_the_starter_policy_has_no_problems(starter: Path) -> None:
    assert found(starter) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "rota: [dr.reyes, dr.whitfield]",
            "rota: [dr.reyes, dr.whitfeld]",
            "sites.riverside.on_call.rota.1: dr.whitfeld is not among the members",
            id="a name on the rota that nobody has",
        ),
        pytest.param(
            "dr.whitfield: { name: Noel Whitfield, teams: [clinical, review],",
            "dr.whitfield: { name: Noel Whitfield, teams: [clinical],",
            "dr.whitfield needs the teams clinical and review to open what pages them",
            id="an on-call provider who could not open what pages them",
        ),
        pytest.param(
            "  billing: { lead: biller.haas }",
            "  money: { lead: biller.haas }",
            "sites.riverside.teams: no team handles billing: its tickets would have no queue",
            id="a verdict team without a queue",
        ),
        pytest.param(
            "  portal: { lead: desk.lindqvist }",
            "  portal: { lead: desk.lindqvist, handles: [billing] }",
            "sites.riverside.teams: billing is handled by billing and portal: name one",
            id="a verdict team with two queues",
        ),
        pytest.param(
            "  review: { lead: nurse.okafor }",
            "  review: { lead: nurse.nobody }",
            "sites.riverside.teams.review.lead: nurse.nobody is not among the members",
            id="a lead who is nobody",
        ),
        pytest.param(
            "name: Adaeze Okafor, teams: [clinical, review], roles: [agent, lead]",
            "name: Adaeze Okafor, teams: [clinical]",
            "nurse.okafor needs the team review, or the role lead, to open its tickets",
            id="a lead who could not open what breached",
        ),
        pytest.param(
            "catch_all: manager.ashe",
            "catch_all: manager.ashe\nreplies: { after_hours: { text: { es: 'Hola {nombre}' } } }",
            "replies.after_hours.text.es: {nombre} is not known here; use expected, phone, site",
            id="a text that could not be filled in",
        ),
        pytest.param(
            "catch_all: manager.ashe",
            "catch_all: manager.ashe\nreplies: { address: 'the desk' }",
            "replies.address: is no mail address",
            id="answers that go nowhere",
        ),
        pytest.param(
            "catch_all: manager.ashe",
            "catch_all: manager.ashe\nreplies: { address: messages-of-patients@clinic.example }",
            "replies.address: needs a name of at most 17 characters before the @",
            id="an address without room for a token",
        ),
        pytest.param(
            "catch_all: manager.ashe",
            "catch_all: manager.ashe\nreplies: { answer: { subject: { en: 'Set {title' } } }",
            "replies.answer.subject.en: has a brace that is not closed",
            id="a text with an open brace",
        ),
        pytest.param(
            "catch_all: manager.ashe",
            "catch_all: nobody",
            "sites.riverside.catch_all: nobody is not among the members",
            id="a catch-all who is nobody",
        ),
        pytest.param(
            "catch_all: manager.ashe",
            "catch_all: ''",
            "sites.riverside.catch_all: names nobody",
            id="an empty catch-all",
        ),
        pytest.param(
            "catch_all: manager.ashe\n",
            "",
            "sites.riverside.catch_all: ",
            id="a catch-all that was deleted",
        ),
        pytest.param(
            "voicemail: { adapter: twilio",
            "voicemail: { owner: nurse.nobody, adapter: twilio",
            "sites.riverside.sources.voicemail.owner: nurse.nobody is not among the members",
            id="a source whose owner is nobody",
        ),
        pytest.param(
            "  website: { adapter: web }",
            "  website: { adapter: typeform, options: { fields: { mail: q1 } } }",
            "sites.riverside.sources.website.options.fields.mail: is none of text, subject, name",
            id="a form mapped to a name that nobody reads",
        ),
        pytest.param(
            "zone: America/New_York",
            "zone: America/New_Yorck",
            "sites.riverside.zone: ",
            id="a zone that is not there",
        ),
    ],
)
def test_a_gap_is_told_with_its_place(edited: Edit, old: str, new: str, problem: str) -> None:
    problems = found(edited("sites/riverside.yaml", old, new))

    assert any(problem in each for each in problems), problems
