"""Forms answered with a bare no, questions about nobody, and idioms beside red flags."""

from collections.abc import Iterator

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.scoring.engine import _meant
from triagewire.scoring.normalise import read
from triagewire.scoring.patterns import expand
from triagewire.scoring.rules import Rules
from triagewire.scoring.score import Engine


@pytest.mark.parametrize(
    "form",
    [
        "Fainting? No. Numbness on one side? No. Any refills? Yes, metformin please.",
        "Chest pain: none. Shortness of breath: no. Reason for visit: wart on thumb.",
        "Pre-visit check: fever no, cough no, chest pain no. I need a vaccine record.",
    ],
)
def test_what_a_form_asks_and_a_bare_no_answers_is_denied(judge: Judge, form: str) -> None:
    assert judge(form).score < 5


@pytest.mark.parametrize(
    "form",
    [
        "Chest pain? Yes. Fever? No.",
        "Is my chest pain serious? No one picks up and my arm is numb",
        "Dizzy? No. Throat closing up? Yes. Allergic to nuts? Yes.",
    ],
)
def test_a_no_denies_nothing_but_its_own_question(judge: Judge, form: str) -> None:
    assert judge(form).score == 5


@pytest.mark.parametrize(
    "question",
    ["How long does a heart attack last?", "Can you really get lockjaw from a rusty nail?"],
)
def test_a_question_about_nobody_pages_nobody_but_is_looked_at(judge: Judge, question: str) -> None:
    verdict = judge(question)
    assert verdict.score < 5
    assert verdict.review


@pytest.mark.parametrize(
    "question",
    [
        "How long does a heart attack last? I have had pressure in my chest since noon",
        "Should a baby be blue around the lips? Mine is right now",
        "What does a stroke look like, my husband's face is drooping on one side",
    ],
)
def test_a_general_question_hides_nobody_who_has_it(judge: Judge, question: str) -> None:
    assert judge(question).score == 5


def test_a_remembered_illness_goes_to_a_person_and_pages_nobody(judge: Judge) -> None:
    assert judge("When Maureen had her stroke you were all so kind. Thank you.").score < 5
    assert judge("My son had a seizure").score == 5


def _red_flags(rules: Rules) -> Iterator[tuple[str, str]]:
    """The plain words of every concept that alone makes a 5, written out."""
    alone = {
        pattern[1:-1]
        for rule in rules.clinical.rules
        if rule.score == 5
        for pattern in rule.when
        if pattern.startswith("{") and pattern.count("{") == 1 and pattern.endswith("}")
    }
    for name in sorted(alone & rules.clinical.concepts.keys()):
        concept = rules.clinical.concepts[name]
        for phrase in (*concept.en, *concept.es):
            if not any(sign in phrase for sign in "{~+&>*"):
                yield from ((name, " ".join(words)) for words in expand(phrase))


def test_no_idiom_swallows_a_red_flag_written_out(rules: Rules, engine: Engine) -> None:
    reader = engine.clinical
    swallowed = []
    for name, words in _red_flags(rules):
        text = read(words.replace("=", ""), rules.language.contractions)
        found = reader._lexicon.find(text, ("en", "es"))
        cues = reader._cues.find(text, ("en", "es")) if reader._cues else {}
        if name in found and name not in _meant(found, cues.get("not_clinical", ())):
            swallowed.append(f"{name}: {words}")
    assert swallowed == []
