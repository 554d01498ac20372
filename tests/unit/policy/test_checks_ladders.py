"""What a policy says of its ladders: whoever is told is there, may open it, and hears in time."""

from pathlib import Path

import pytest

from tests.unit.policy.refusals import FILE, PHONE, Edit, found, refused, with_fields
from triagewire.ladder import BeforeDue, Ladder, Ladders, LadderStep, OwnLadders, Tell, Way
from triagewire.policy.load import load
from triagewire.store.codec import pack, unpack

ROOT = Path(__file__).parents[3]


def ladders(folder: Path) -> Ladders:
    """The ladders of the site as the policy is read."""
    return load(folder).policy.sites["riverside"].ladders


def test_the_shipped_ladders_hold_for_a_site_that_says_nothing(starter: Path) -> None:
    assert found(starter) == []
    assert ladders(starter).urgent.wait_minutes == 5


def test_the_ladders_of_the_documentation_pass(edited: Edit) -> None:
    text = (ROOT / "docs" / "ladders.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]

    assert found(with_fields(edited, example)) == []


def test_a_step_may_be_a_word_or_say_more(edited: Edit) -> None:
    folder = with_fields(
        edited,
        """
ladders:
  urgent:
    wait_minutes: 4
    steps:
      - assignee
      - { tell: team, wait_minutes: 2, everyone: true }
      - { tell: member, member: dr.reyes, ways: [pager, sms] }
""",
    )

    assert found(folder) == []
    assert ladders(folder).urgent == Ladder(
        wait_minutes=4,
        steps=(
            Tell.ASSIGNEE,
            LadderStep(tell=Tell.TEAM, wait_minutes=2, everyone=True),
            LadderStep(tell=Tell.MEMBER, member="dr.reyes", ways=(Way.PAGER, Way.SMS)),
        ),
    )


def test_a_score_and_a_team_have_ladders_of_their_own(edited: Edit) -> None:
    folder = with_fields(
        edited,
        """
ladders:
  scores:
    clinical_standard: { before: [{ minutes: 20, tell: assignee }] }
    review: { breach: { steps: [team, lead], wait_minutes: 10 } }
""",
    )
    folder = edited(
        FILE,
        "billing: { lead: biller.haas }",
        "billing: { lead: biller.haas, ladders: { administrative_urgent: { breach: "
        "{ steps: [{ tell: member, member: biller.mensah }], wait_minutes: 30 } } } }",
    )

    assert found(folder) == []
    own = load(folder).policy.sites["riverside"].teams["billing"].ladders
    assert own["administrative_urgent"].breach == Ladder(
        steps=(LadderStep(tell=Tell.MEMBER, member="biller.mensah"),), wait_minutes=30
    )
    assert ladders(folder).scores["clinical_standard"].before == (
        BeforeDue(minutes=20, tell=Tell.ASSIGNEE),
    )


def test_what_runs_with_a_policy_reads_the_same_ladders_as_who_publishes_it() -> None:
    words = Ladder(steps=(Tell.ASSIGNEE, Tell.LEAD), wait_minutes=5)
    more = Ladder(
        steps=(Tell.TEAM, LadderStep(tell=Tell.MEMBER, member="dr.reyes", ways=(Way.SMS,))),
        wait_minutes=7,
    )
    said = Ladders(
        urgent=words,
        urgent_after_hours=more,
        breach=words,
        acknowledged_minutes=30,
        before=(BeforeDue(minutes=10, tell=Tell.LEAD),),
        scores={"review": OwnLadders(breach=more, before=())},
    )

    assert unpack(pack(said), Ladders) == said


STEP = "ladders: {{ urgent: {{ wait_minutes: 5, steps: [lead, {step}] }} }}"


@pytest.mark.parametrize(
    ("step", "field", "problem"),
    [
        ("boss", "steps.1", "Input should be 'assignee', 'team', 'lead', "),
        ("member", "steps", "member needs a name: write { tell: member, member: ID }"),
        ("{ tell: boss }", "steps.1.tell", "Input should be 'assignee', 'team', 'lead', "),
        ("{ tell: lead, wait: 4 }", "steps.1.wait", "is no field here: look at its spelling"),
        ("{ tell: member }", "steps.1", "member: is for `tell: member`, which needs it"),
        ("{ tell: lead, member: nurse.kim }", "steps.1.member", "is for `tell: member`"),
        ("{ tell: lead, wait_minutes: 0 }", "steps.1.wait_minutes", "must be more than 0"),
        ("{ tell: lead, ways: [fax] }", "steps.1.ways.0", "Input should be 'sms', 'email', "),
    ],
)
def test_a_step_that_is_none_is_refused_once_and_by_its_own_name(
    edited: Edit, step: str, field: str, problem: str
) -> None:
    folder = with_fields(edited, STEP.format(step=step))

    refused(folder, f"ladders.urgent.{field}", problem, "ladders:")
    assert len(found(folder)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        (
            "urgent: { wait_minutes: 5, steps: [{ tell: member, member: dr.nemo }] }",
            "urgent.steps.0.member",
            "dr.nemo is not among the members: write the id of one",
        ),
        (
            "urgent: { wait_minutes: 5, steps: [{ tell: member, member: biller.mensah }] }",
            "urgent.steps.0.member",
            "biller.mensah may not open tickets of clinical, review: name somebody of that team",
        ),
        (
            "breach: { wait_minutes: 5, steps: [{ tell: member, member: biller.mensah }] }",
            "breach.steps.0.member",
            "biller.mensah may not open tickets of clinical, scheduling, portal, it, review",
        ),
        (
            "before: [{ minutes: 30, tell: member, member: dr.nemo }]",
            "before.0.member",
            "dr.nemo is not among the members",
        ),
        (
            "before: [{ minutes: 240, tell: lead }]",
            "before.0.minutes",
            "must be less than the 240 minutes promised: it would come with the ticket",
        ),
        (
            "scores: { clinical_standard: { before: [{ minutes: 120, tell: lead }] } }",
            "scores.clinical_standard.before.0.minutes",
            "must be less than the 120 minutes promised",
        ),
        (
            "scores: { review: { before: [{ minutes: 15, tell: lead }] } }",
            "scores.review.before.0.minutes",
            "must be less than the 15 minutes promised",
        ),
        (
            "scores: { clinical: { acknowledged_minutes: 10 } }",
            "scores.clinical",
            "is none of clinical_urgent, clinical_standard, administrative_urgent, ",
        ),
        (
            "scores: { self_serve: { urgent: { steps: [lead], wait_minutes: 5 } } }",
            "scores.self_serve.urgent",
            "only clinical_urgent pages: write it there, or as breach",
        ),
        ("urgent: { wait_minutes: 90 }", "urgent.wait_minutes", "must be at most 60 for pages"),
        (
            f"urgent: {{ wait_minutes: 5, steps: [{', '.join(['lead'] * 31)}] }}",
            "urgent.steps",
            "has 31 steps: at most 30 are climbed",
        ),
        (
            f"before: [{', '.join(['{ minutes: 5, tell: lead }'] * 31)}]",
            "before",
            "has 31 steps: at most 30 are climbed",
        ),
        (
            "urgent: { wait_minutes: 5, steps: [{ tell: lead, wait_minutes: 61 }] }",
            "urgent.steps.0.wait_minutes",
            "must be at most 60 for pages: longer is silence",
        ),
        ("breach: { wait_minutes: 1441 }", "breach.wait_minutes", "must be at most 1440"),
        ("acknowledged_minutes: 241", "acknowledged_minutes", "must be at most 240: an "),
        (
            "breach: { wait_minutes: 5, steps: [{ tell: lead, everyone: true }] }",
            "breach.steps.0.everyone",
            "is for pages: everybody hears of a breach in turn anyway",
        ),
    ],
)
def test_a_ladder_that_would_not_be_heard_is_refused(
    edited: Edit, fields: str, field: str, problem: str
) -> None:
    folder = with_fields(edited, f"ladders:\n  {fields}")

    refused(folder, f"ladders.{field}", problem, fields)


@pytest.mark.parametrize(
    ("team", "own", "field", "problem"),
    [
        (
            "billing: { lead: biller.haas",
            "ladders: { review: { acknowledged_minutes: 10 } }",
            "teams.billing.ladders.review",
            "is none of clinical_urgent, clinical_standard, administrative_urgent, ",
        ),
        (
            "review: { lead: nurse.okafor",
            "ladders: { self_serve: { acknowledged_minutes: 10 } }",
            "teams.review.ladders.self_serve",
            "is none of clinical_urgent, review",
        ),
        (
            "billing: { lead: biller.haas",
            "ladders: { self_serve: "
            "{ before: [{ minutes: 5, tell: member, member: desk.park }] } }",
            "teams.billing.ladders.self_serve.before.0.member",
            "desk.park may not open tickets of billing: name somebody of that team",
        ),
        (
            "billing: { lead: biller.haas",
            "targets: { self_serve: { minutes: 30 } }, "
            "ladders: { self_serve: { before: [{ minutes: 60, tell: lead }] } }",
            "teams.billing.ladders.self_serve.before.0.minutes",
            "must be less than the 30 minutes promised",
        ),
    ],
)
def test_the_ladders_of_a_team_are_held_against_that_team(
    edited: Edit, team: str, own: str, field: str, problem: str
) -> None:
    folder = edited(FILE, team, f"{team}, {own}")

    refused(folder, field, problem, own)


def test_a_forewarning_of_the_site_may_be_too_early_for_its_shorter_promises(edited: Edit) -> None:
    folder = edited(FILE, PHONE, f"{PHONE}\nladders: {{ before: [{{ minutes: 60, tell: lead }}] }}")

    assert found(folder) == []


def test_pages_are_held_back_no_longer_than_a_step_may_wait(edited: Edit) -> None:
    folder = with_fields(edited, "notices: { silent_minutes: 61 }")

    problem = "must be at most 60: so long a page may be held back"
    refused(folder, "notices.silent_minutes", problem, at="notices: {")
