"""What the safety gate prints: a table for people, plain data for machines."""

import json

import pytest

from ops.policy_report import for_machines, print_report, table
from triagewire.policy.gate.runs import Rehearsed
from triagewire.policy.model import AcceptedLowering
from triagewire.policy.rehearsal import Report
from triagewire.verdict import Urgency, Verdict


def a_run(ticket: str, language: str, score: int) -> Rehearsed:
    verdict = Verdict(
        score=Urgency(score),
        topic="symptom",
        team="clinical",
        confidence=1,
        review=False,
        candidate=Urgency(score),
    )
    return Rehearsed(
        ticket=ticket,
        site="mesa",
        expected={"score": 5, "team": "clinical"},
        verdict=verdict,
        queue="clinical",
        language=language,
    )


RUNS = (a_run("one", "en", 5), a_run("two", "en", 4), a_run("three", "es", 5))
UNFIT = Report(problems=("policy/checks.yaml:3: tickets.two: misrouted",), rehearsed=RUNS)


def test_the_table_has_a_column_for_each_language_and_lines_up() -> None:
    head, *rows = table(UNFIT)

    assert head.split() == ["all", "en", "es"]
    sensitivity = next(row for row in rows if row.startswith("sensitivity"))
    assert "2/3 66.7 % (20.8 to 93.9)" in sensitivity
    assert head.index("es") == sensitivity.index("1/1 100.0 %")


def test_a_measure_of_nothing_is_a_dash() -> None:
    routing_it = next(row for row in table(UNFIT) if row.startswith("routing, IT"))

    assert routing_it.split() == ["routing,", "IT", "-", "-", "-"]


def test_a_policy_that_was_never_run_has_no_table() -> None:
    assert list(table(Report(problems=("group.yaml:1: wrong",)))) == []


def test_people_see_what_failed_with_its_line_and_the_verdict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_report(UNFIT, None, as_json=False)

    said = capsys.readouterr()
    assert "policy/checks.yaml:3: tickets.two: misrouted" in said.err
    assert "policy: NOT fit, nothing was published" in said.out


def test_people_see_what_was_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = AcceptedLowering(reason="the moon is no illness", tickets=("moon", "sun"))

    print_report(Report(problems=(), lowered=accepted.tickets, accepted=accepted), 4, as_json=False)

    said = capsys.readouterr().out
    assert "accepted as less urgent than before: moon, sun" in said
    assert "policy: version 4 is active" in said


def test_machines_get_every_share_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(UNFIT, None, as_json=True)

    said = json.loads(capsys.readouterr().out)
    assert said["measures"]["en"]["sensitivity"] == {
        "k": 1,
        "n": 2,
        "share": 0.5,
        "low": pytest.approx(0.0945, abs=0.0001),
        "high": pytest.approx(0.9055, abs=0.0001),
    }
    assert said["measures"]["en"]["routing_it"]["share"] is None
    assert (said["fit"], said["urgent"], said["missed"], said["lowered_tickets"]) == (
        False,
        3,
        1,
        [],
    )


def test_machines_get_the_reason_of_a_lowering() -> None:
    accepted = AcceptedLowering(reason="the moon is no illness", tickets=("moon",))

    said = for_machines(Report(problems=(), lowered=("moon",), accepted=accepted), 4)

    assert (said["accepted_reason"], said["version"]) == ("the moon is no illness", 4)


def test_people_see_how_long_words_are_kept_and_what_they_should_think_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = {"lakeside": None, "mesa": 365}

    print_report(Report(problems=(), warnings=("few",), kept=kept), None, as_json=False)

    said = capsys.readouterr()
    assert "words of closed tickets at lakeside: kept for ever" in said.out
    assert "words of closed tickets at mesa: kept 365 days" in said.out
    assert "warning: few" in said.err


def test_a_warning_keeps_no_policy_out() -> None:
    said = for_machines(Report(problems=(), warnings=("few",), kept={"mesa": 365}), 4)

    assert (said["fit"], said["warning_list"], said["message_days"]) == (
        True,
        ["few"],
        {"mesa": 365},
    )
