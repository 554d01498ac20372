"""What a hostile reader tried: words that hide an emergency from the rules, and must not."""

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.verdict import Urgency

URGENT = [
    ("No i cant breathe", "a bare no before a subject is an answer"),
    ("no I am bleeding heavily", "so it is without an apostrophe or comma"),
    ("no, tengo dolor en el pecho", "and in Spanish"),
    ("not ok chest pain", "not ok denies the ok"),
    ("Thank you! <took 40 pills and want to die>", "angle brackets are no markup by themselves"),
]
DOUBTFUL = [
    ("I've never had chest pain this bad", "never may mean that it is worse than ever"),
    ("nunca había tenido un dolor de pecho así", "and so may nunca"),
    ("What are your hours? 我胸口痛喘不过气", "a second language that nobody has read"),
    ("Please change my appointment. 我想自杀", "a request does not cover what stands beside it"),
    ("The Zoloft is going well, I am not having any thoughts of hurting myself", "a denial"),
]


@pytest.mark.parametrize(("text", "why"), URGENT, ids=[why for _, why in URGENT])
def test_an_emergency_is_not_hidden(judge: Judge, text: str, why: str) -> None:
    assert judge(text).score is Urgency.CLINICAL_URGENT, why


@pytest.mark.parametrize(("text", "why"), DOUBTFUL, ids=[why for _, why in DOUBTFUL])
def test_what_may_be_an_emergency_is_read_by_a_person_at_its_clock(
    judge: Judge, text: str, why: str
) -> None:
    verdict = judge(text)

    assert (verdict.review, verdict.candidate) == (True, Urgency.CLINICAL_URGENT), why
