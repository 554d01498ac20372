"""The second opinion adds doubt, bears out what waits and knows teams; without it all goes on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagewire.scoring.engine import Hit
from triagewire.scoring.normalise import read
from triagewire.scoring.rulebook import Opinion, Rule, Rules
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, listen, score
from triagewire.scoring.second_opinion.advice import advised, signs_in_doubt
from triagewire.scoring.second_opinion.features import MOST_WORDS, Said, features, worded
from triagewire.scoring.second_opinion.opinion import SecondOpinion, Weights
from triagewire.scoring.second_opinion.shipped import FORMAT, PATH, opinion_from, shipped
from triagewire.scoring.subject import ScoringInput
from triagewire.scoring.weigh import weigh
from triagewire.verdict import RuleSet, Verdict

MESSAGES = [
    "crushing chest pain since an hour, sweating",
    "I was billed twice for my visit in March, please refund me",
    "can I move my appointment to Thursday",
    "the portal will not let me log in",
    "need my lisinopril refilled, I have twelve left",
    "what are your hours",
    "my knee still aches a bit after the hike",
    "thanks so much, bye",
    "he is not himself since lunch",
    "where do I pay my bill on the portal, and can I book the next appointment there",
]
NOTHING = Weights(bias=0, of={})
ALARMED = SecondOpinion(
    urgent=Weights(bias=100, of={"knee": 50, "hike": 40}), steps=((0, 0.7),), ask=1, page=1_000,
    alone=1_000, teams={}, lead=1,
)  # fmt: skip
SILENT = SecondOpinion(
    urgent=NOTHING, steps=(), ask=1_000, page=1_000, alone=1_000, teams={}, lead=1_000
)
"""One that is asked and never says anything: what the rules alone make of a message."""


def heard(engine: Engine, text: str, opinion: SecondOpinion | None) -> Verdict:
    return score(ScoringInput(text=text), replace(engine, opinion=opinion))


@st.composite
def opinions(draw: st.DrawFn) -> SecondOpinion:
    """Whatever could be learned, however wrong."""
    number = st.integers(-127, 127)
    names = st.sampled_from([
        "chest", "bill", "appointment", "portal", "refill", "knee", "hour", "bye", "@patient", "#0",
    ])  # fmt: skip
    weights = st.builds(Weights, bias=number, of=st.dictionaries(names, number))
    return SecondOpinion(
        urgent=draw(weights),
        steps=((-50.0, 0.1), (50.0, 0.9)),
        ask=draw(st.floats(-150, 150)),
        page=draw(st.floats(-150, 150)),
        alone=draw(st.floats(-150, 150)),
        teams={team: draw(weights) for team in ("billing", "portal", "scheduling", "clinical")},
        lead=draw(st.floats(0, 20)),
    )


@settings(max_examples=150, deadline=None)
@given(text=st.sampled_from(MESSAGES), opinion=opinions())
def test_no_opinion_lowers_pages_alone_or_gives_away_what_is_clinical(
    engine: Engine, text: str, opinion: SecondOpinion
) -> None:
    alone, verdict = heard(engine, text, SILENT), heard(engine, text, opinion)

    assert verdict.score >= alone.score
    assert verdict.candidate >= alone.candidate
    assert verdict.review >= alone.review or verdict.score == 5
    if verdict.score > alone.score and verdict.score == 5:
        said, _ = listen(ScoringInput(text=text), engine)
        assert alone.review
        assert signs_in_doubt(said)
    if alone.team == "clinical" and not alone.review:
        assert verdict.team == "clinical"


@pytest.mark.parametrize("text", MESSAGES[:1])
def test_a_page_stays_as_it_is(engine: Engine, text: str) -> None:
    assert heard(engine, text, ALARMED) == heard(engine, text, None)


def test_a_doubt_goes_to_a_person_at_the_urgent_clock_and_says_which_words(engine: Engine) -> None:
    verdict = heard(engine, "my knee still aches a bit after the hike", ALARMED)

    note = verdict.reasons[-1]
    assert (verdict.score, verdict.review, verdict.candidate) == (4, True, 5)
    assert note.rule == "second-opinion"
    assert "0.70" in note.why
    assert note.text_span == "knee … hike"


SURE = replace(ALARMED, page=1)
IN_DOUBT = "my stomach hurts a lot since last night and I feel a bit weak"


def test_a_danger_sign_in_doubt_that_it_bears_out_pages(engine: Engine) -> None:
    alone, verdict = heard(engine, IN_DOUBT, ALARMED), heard(engine, IN_DOUBT, SURE)

    assert (alone.score, alone.review) == (4, True)
    assert (verdict.score, verdict.review, verdict.team) == (5, False, "clinical")
    assert verdict.reasons[-1].effect.startswith("scores 5: bears out ")
    assert verdict.reasons[: len(alone.reasons)] == alone.reasons


def test_however_sure_it_is_it_pages_nobody_without_a_sign_that_a_rule_found(
    engine: Engine,
) -> None:
    assert heard(engine, "so about the thing", SURE) == heard(engine, "so about the thing", None)


def test_a_group_may_forbid_it_to_page(engine: Engine) -> None:
    deaf = replace(engine, rules=replace(engine.rules, opinion=Opinion(page=False)))

    assert heard(deaf, IN_DOUBT, SURE) == heard(engine, IN_DOUBT, ALARMED)


def test_it_says_nothing_on_what_is_in_review_already(engine: Engine) -> None:
    alone = heard(engine, "so about the thing", None)

    assert alone.review
    assert heard(engine, "so about the thing", ALARMED) == alone


def office(*weights: tuple[str, float]) -> Said:
    """A message in which the office rules name these teams with these weights."""
    hits = {
        f"asks-{team}": Hit(
            Rule(
                id=f"asks-{team}", reason="asks", score=2, topic=f"{team}-topic", team=team,
                when=(), weight=weight,
            ),
            team,
            0,
        )
        for team, weight in weights
    }  # fmt: skip
    text = read("this is a request of a dozen words or so for " + " and ".join(dict(weights)), {})
    return Said([text], {RuleSet.CLINICAL: {}, RuleSet.ADMINISTRATIVE: hits}, False, [()])


def advice(engine: Engine, said: Said, team: str, alone: Verdict | None = None) -> Verdict:
    """What becomes of a verdict where the opinion is sure that it is for a team."""
    alone = alone or weigh(said.hits, staff=said.staff, words=9)
    known = ("billing", "portal", "scheduling", "clinical", "it_ehr", "it_access")
    teams = {each: Weights(bias=90 if each == team else -90, of={}) for each in known}
    sure = replace(SILENT, teams=teams, lead=5)
    return advised(alone, said, engine.rules, sure)


def test_it_chooses_another_office_team_with_what_its_own_rules_found(engine: Engine) -> None:
    verdict = advice(engine, office(("billing", 4.0), ("portal", 2.0)), "portal")

    assert (verdict.team, verdict.topic) == ("portal", "portal-topic")
    assert verdict.reasons[-1].effect == "chooses portal, not billing"


def test_it_chooses_an_office_team_that_no_rule_names(engine: Engine) -> None:
    verdict = advice(engine, office(("billing", 2.0)), "scheduling")

    assert (verdict.team, verdict.topic, verdict.score) == ("scheduling", "appointment", 2)


def test_what_resembles_a_clinical_question_goes_to_the_nurses_and_its_office_request_stays(
    engine: Engine,
) -> None:
    verdict = advice(engine, office(("billing", 2.0)), "clinical")

    assert (verdict.team, verdict.score, verdict.review) == ("clinical", 4, False)
    assert [need.team for need in verdict.others] == ["billing"]


def test_a_clinical_request_is_given_to_no_other_team(engine: Engine) -> None:
    text = "need my lisinopril refilled, I have twelve left"
    said, _ = listen(ScoringInput(text=text), engine)
    alone = heard(engine, text, SILENT)

    assert advice(engine, said, "billing", alone) == alone


def test_a_review_gets_a_suggestion_and_stays_a_review(engine: Engine) -> None:
    said = office(("billing", 2.0))
    alone = replace(weigh(said.hits, staff=False, words=9), review=True, team="clinical")

    verdict = advice(engine, said, "billing", alone)

    assert (verdict.team, verdict.review) == ("billing", True)
    assert verdict.reasons[-1].effect == "suggests billing, not clinical"


def test_what_points_at_a_crisis_stays_with_the_nurses(engine: Engine) -> None:
    said = office(("billing", 2.0))
    alone = replace(
        weigh(said.hits, staff=False, words=9), review=True, team="clinical", crisis=True
    )

    assert advice(engine, said, "billing", alone) == alone


def test_no_patient_is_sent_to_it(engine: Engine) -> None:
    assert advice(engine, office(("portal", 2.0)), "it_access").team == "portal"


# What is only likely

NOW = "my speech is slurred and my left arm does not do what I want it to do"


def test_a_likely_red_flag_that_nothing_bears_out_waits_for_a_person(engine: Engine) -> None:
    said, _ = listen(ScoringInput(text=NOW), engine)
    likely = {
        RuleSet.CLINICAL: {
            name: replace(hit, rule=replace(hit.rule, likely=True))
            for name, hit in list(said.hits[RuleSet.CLINICAL].items())
            if hit.rule.id == "stroke-signs"
        },
        RuleSet.ADMINISTRATIVE: {},
        RuleSet.IT: {},
    }

    waiting = weigh(likely, staff=False, words=15, asked_again=True)

    assert (waiting.score, waiting.review, waiting.candidate) == (4, True, 5)
    assert weigh(likely, staff=False, words=15).score == 5
    assert weigh(likely, staff=False, words=7, asked_again=True).score == 5


def test_three_red_flags_bear_each_other_out(engine: Engine) -> None:
    said, _ = listen(ScoringInput(text=NOW), engine)
    flag = said.hits[RuleSet.CLINICAL]["stroke-signs"]
    hits = {
        f"flag-{n}": replace(flag, rule=replace(flag.rule, id=f"flag-{n}", likely=True))
        for n in range(3)
    }
    others: dict[RuleSet, dict[str, Hit]] = {RuleSet.ADMINISTRATIVE: {}, RuleSet.IT: {}}

    assert (
        weigh({RuleSet.CLINICAL: hits, **others}, staff=False, words=9, asked_again=True).score == 5
    )


def test_a_sentence_that_bears_its_red_flag_out_is_enough(engine: Engine) -> None:
    form = "Please send the sports form for my son to the school before the season begins. "

    assert heard(engine, form + NOW + ".", engine.opinion).score == 5


def test_without_an_opinion_every_red_flag_pages(engine: Engine) -> None:
    assert heard(engine, NOW, None).score == 5


def test_a_group_switches_it_off(engine: Engine) -> None:
    rules = replace(engine.rules, opinion=Opinion(review=False, page=False, teams=False))
    deaf = replace(engine, rules=rules)

    for text in MESSAGES:
        assert heard(deaf, text, ALARMED) == heard(engine, text, None)


def test_the_switch_is_in_the_policy(rules: Rules) -> None:
    assert rules.opinion == Opinion(review=True, teams=True)
    assert not rules_from({"opinion": {"review": False}}).opinion.review


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 1, "urgent": 3}',
        '{"format": 999}',
        "\ufeff{}",
    ],
)
def test_a_file_that_cannot_be_read_is_no_opinion(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "weights.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    assert shipped(path) is None


def test_a_file_of_another_format_is_not_read() -> None:
    data = json.loads(PATH.read_text(encoding="utf-8"))

    with pytest.raises(ValueError, match="make model"):
        opinion_from({**data, "format": FORMAT + 1})


def test_the_shipped_file_is_small_and_is_read_with_the_engine(engine: Engine) -> None:
    assert PATH.stat().st_size <= 600_000
    assert engine.opinion is shipped()
    assert shipped() is not None


def test_what_plays_a_thing_down_is_not_looked_at(engine: Engine) -> None:
    text = "Probably nothing, but my chest is tight. Sorry to bother you."
    said, _ = listen(ScoringInput(text=text), engine)

    words = [name for name, _ in worded(said, engine.rules.language) if "_" not in name]

    assert words == ["but", "my", "chest", "be", "tight"]


def test_a_long_message_costs_no_more_than_its_first_words(engine: Engine) -> None:
    text = read(" ".join(f"word{n}" for n in range(5_000)), {})
    empty: dict[RuleSet, dict[str, Hit]] = {name: {} for name in RuleSet}

    names = features(Said([text, text], empty, False, [(), ()]), engine.rules.language)

    assert len(names) <= 2 * MOST_WORDS + 10
