"""The safety gate: synthetic tickets of every category, and no way round them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.shipped import shipped_scorer
from triagewire.policy import rehearsal
from triagewire.policy.gate import runs
from triagewire.policy.gate.runs import Rehearsed, Scorer, rehearsals
from triagewire.policy.gate.tickets import Ticket
from triagewire.policy.load import load
from triagewire.policy.model import Site
from triagewire.policy.rehearsal import Report, rehearse
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency, Verdict

STARTER = Path(__file__).parents[3] / "policy"
pytestmark = pytest.mark.usefixtures("scored_before")


def rehearsed(folder: Path, checks: str = "") -> Report:
    if checks:
        (folder / "checks.yaml").write_text(checks, encoding="utf-8")
    return rehearse(load(folder))


@cache
def of_starter() -> Report:
    """What the gate finds of the starter policy as it is."""
    return rehearse(load(STARTER))


@pytest.fixture
def shipped() -> Report:
    return of_starter()


def test_the_starter_policy_is_fit(shipped: Report) -> None:
    assert shipped.problems == ()
    assert shipped.fit


def test_at_least_twenty_tickets_are_run_on_every_site(shipped: Report) -> None:
    assert shipped.figures["tickets"] >= 20
    assert shipped.figures["routings"] == 2 * shipped.figures["tickets"]


def test_every_category_and_the_review_queue_are_covered(shipped: Report) -> None:
    assert {int(run.verdict.score) for run in shipped.rehearsed} == {1, 2, 3, 4, 5}
    assert any(run.queue == "review" for run in shipped.rehearsed)


def test_a_misrouted_ticket_is_told_with_what_came_out(starter: Path) -> None:
    report = rehearsed(
        starter,
        """
tickets:
  lost-wallet:
    text: Prescription refill request for my lisinopril please
    expect: { team: billing }
""",
    )

    assert not report.fit
    assert [problem.split(": ", 2)[1] for problem in report.problems] == [
        "tickets.lost-wallet",
        "tickets.lost-wallet",
    ]
    found = "score 4, team clinical, topic refill, queue clinical; expected team billing"
    assert found in report.problems[0]
    assert report.figures["misrouted"] == 2


def test_an_urgent_ticket_that_would_be_missed_is_counted_apart(starter: Path) -> None:
    report = rehearsed(
        starter,
        """
tickets:
  hours-called-urgent:
    text: What are your hours on Friday?
    expect: { score: 5 }
""",
    )

    assert report.figures["missed"] == 2


def test_a_red_flag_that_is_only_reviewed_is_missed(starter: Path) -> None:
    report = rehearsed(
        starter,
        """
tickets:
  vague:
    text: I just don't feel right and something is off
    red_flag: true
    expect: { score: 5 }
""",
    )

    assert report.figures["missed"] == 0
    assert any("tickets.vague: red flag missed at mesa" in each for each in report.problems)


def test_a_red_flag_of_the_groups_own_that_is_scored_five_is_found(starter: Path) -> None:
    report = rehearsed(
        starter,
        """
tickets:
  own-chest:
    text: crushing chest pain and I am sweating
    red_flag: true
    expect: { score: 5 }
""",
    )

    assert not any("own-chest" in each for each in report.problems)


def test_a_policy_that_doubts_everything_is_not_fit(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Doubtful(Scorer):
        def verdict(self, ticket: Ticket) -> Verdict:
            return replace(shipped_scorer().verdict(ticket), review=True)

    monkeypatch.setattr(rehearsal, "Scorer", Doubtful)

    problems = rehearsed(starter).problems

    assert any(
        "tickets: all: " in each and "would wait in the review queue: 10 in a hundred may" in each
        for each in problems
    )


def test_a_ticket_is_scored_once_however_many_sites_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scored: list[str] = []
    verdict = Verdict(
        score=Urgency.SELF_SERVE, topic="hours", team="portal", confidence=1, review=False,
        candidate=Urgency.SELF_SERVE,
    )  # fmt: skip

    def counted(subject: ScoringInput, engine: Engine) -> Verdict:
        scored.append(subject.text)
        return verdict

    monkeypatch.setattr(runs, "score", counted)
    tickets = {name: {"text": name, "expect": {"score": 1}} for name in ("open", "parking")}

    found = list(rehearsals(Scorer(rules_from({})), tickets, load(STARTER).policy.sites))

    assert len(found) == 4
    assert scored == ["open", "parking"]


def test_a_rule_switched_off_that_a_ticket_needs_keeps_the_policy_out(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_bites(
        scorer: Scorer, tickets: Mapping[str, Ticket], sites: Mapping[str, Site]
    ) -> Iterator[Rehearsed]:
        bites = {name: each for name, each in tickets.items() if "-bite-" in name}
        return rehearsals(scorer, bites, sites)

    monkeypatch.setattr(rehearsal, "rehearsals", only_bites)
    draft = load(starter)
    (starter / "rules").mkdir()
    for name, part in draft.policy.rules.items():
        off = "".join(
            f"  {rule}: {{ enabled: false }}\n"
            for rule, body in (part.get("rules") or {}).items()
            if body.get("topic") == "exposure"
        )
        if off:
            (starter / "rules" / f"{name}.yaml").write_text(f"rules:\n{off}", encoding="utf-8")

    report = rehearsed(starter)

    assert any(
        "tickets.exposure-bat-bite-finger: misrouted at riverside" in each
        for each in report.problems
    )


@pytest.mark.parametrize(
    ("ticket", "problem"),
    [
        pytest.param("{ expect: { score: 4 } }", "needs text and expect of", id="no text"),
        pytest.param("{ text: hello }", "needs text and expect of", id="nothing expected"),
        pytest.param(
            "{ text: hello, expect: {} }", "needs text and expect of", id="an empty expectation"
        ),
        pytest.param(
            "{ text: hello, red_flag: true, expect: { score: 4 } }",
            "a red flag must expect score 5",
            id="a red flag that may be less than urgent",
        ),
        pytest.param(
            "{ text: hello, expect: { urgency: 4 } }",
            "may name queue, review, score, team, topic",
            id="an expectation that is not known",
        ),
        pytest.param(
            "{ text: hello, staff_request: { aplication: Epic }, expect: { score: 2 } }",
            "may hold texts of category, urgency, department",
            id="a field that no form has",
        ),
        pytest.param(
            "{ text: hello, staff_request: { application: 365 }, expect: { score: 2 } }",
            "may hold texts of",
            id="a field that is no text",
        ),
        pytest.param(
            "{ text: hello, channel: fax, expect: { score: 2 } }",
            "is none of ehr, phone",
            id="a channel that is not there",
        ),
        pytest.param(
            "{ text: hello, sites: [riverside, mesa-2], expect: { score: 2 } }",
            "must be a list of mesa, riverside",
            id="a site that is not there",
        ),
    ],
)
def test_a_ticket_that_checks_nothing_is_a_mistake(
    starter: Path, ticket: str, problem: str
) -> None:
    report = rehearsed(starter, f"tickets:\n  own: {ticket}\n")

    assert any(
        each.startswith("policy/checks.yaml:2: tickets.own") and problem in each
        for each in report.problems
    )


CLAIMS = """
tickets:
  claims-software:
    text: The program shows an error when I submit a batch of claims.
    voice: staff
    source: helpdesk
    staff_request: { application: Availity }
    sites: [riverside]
    expect: { team: it_application, queue: %s }
"""


def test_a_ticket_may_expect_the_queue_to_which_a_routing_rule_sends_it(starter: Path) -> None:
    report = rehearsed(starter, CLAIMS % "billing")

    assert report.problems == ()
    assert [run.site for run in report.rehearsed if run.ticket == "claims-software"] == [
        "riverside"
    ]


def test_a_routing_rule_that_does_not_catch_what_it_should_keeps_the_policy_out(
    starter: Path,
) -> None:
    report = rehearsed(starter, CLAIMS % "it")

    (problem,) = report.problems
    assert "misrouted at riverside" in problem
    assert "queue billing; expected team it_application, queue it" in problem


def test_a_rule_that_sends_clear_tickets_to_review_is_found(starter: Path) -> None:
    path = starter / "sites" / "mesa.yaml"
    rule = "routing: { all: { when: { languages: [en] }, team: review } }\n"
    path.write_text(rule + path.read_text(encoding="utf-8"), encoding="utf-8")

    report = rehearsed(starter)

    assert any("clear routings would wait in the review queue" in each for each in report.problems)
    assert report.figures["missed"] == 0


def test_rules_that_cannot_be_read_are_told_and_not_run(starter: Path) -> None:
    (starter / "rules").mkdir()
    (starter / "rules" / "clinical.yaml").write_text(
        "rules:\n  broken: { reason: x, score: 9, topic: t, team: clinical, when: [x] }\n",
        encoding="utf-8",
    )

    report = rehearsed(starter)

    assert any("broken" in problem and "score" in problem for problem in report.problems)
    assert report.rehearsed == ()
