"""What reviewers put right: under-triage before all, and nothing that could hide an urgent one."""

from tests.measured import AROUND
from tests.trending import found, judged, many, moved, the
from triagewire.measures.catalogue import BY_ID
from triagewire.trends.finding import Kind

URGENT = 5


def test_one_ticket_that_was_worse_than_scoring_feared_comes_first() -> None:
    misrouted = moved(many(40, "W", source="mailbox"), "scheduling")

    first = found(*misrouted, *judged(many(1, "U"), URGENT, team="clinical"))[0]

    assert (first.kind, first.n, first.tickets) == (Kind.UNDER_TRIAGE, 1, ("U00",))
    assert first.title == "Scored 2 as portal, called 5 (clinical urgent) by a person"


def test_what_scoring_had_feared_is_no_under_triage() -> None:
    assert not found(*judged(many(3, "F"), URGENT, candidate=URGENT))


def test_what_a_second_person_puts_right_is_under_triage_although_a_first_one_missed_it() -> None:
    lives = judged(judged(many(1, "U"), 2), URGENT)

    one = the(Kind.UNDER_TRIAGE, found(*lives))

    assert (one.n, one.of) == (1, 1)


def test_the_measure_and_the_finding_say_the_same_number_of_under_triage() -> None:
    lives = [
        *judged(many(3, "U"), URGENT),
        *judged(many(4, "F"), URGENT, candidate=URGENT),
        *judged(judged(many(2, "S"), 2), 4),
        *judged(judged(many(2, "T"), 4), URGENT),
    ]

    findings = [each for each in found(*lives) if each.kind is Kind.UNDER_TRIAGE]
    samples = [one for life in lives for one in BY_ID["under_triage"].take(life, AROUND)]

    assert sum(each.n for each in findings) == sum(one.value for one in samples) == 9


def test_the_draft_of_under_triage_is_a_comment_that_changes_nothing() -> None:
    draft = the(Kind.UNDER_TRIAGE, found(*judged(many(2, "U"), URGENT))).draft

    assert draft is not None
    assert (draft.file, draft.by_hand) == ("rules/clinical.yaml", True)
    assert all(line.startswith("# ") for line in draft.text.splitlines())
    assert "# portal-mention: {portal}" in draft.text
    assert "#     score: 5" in draft.text


def test_a_topic_that_reviewers_put_right_again_and_again_is_found() -> None:
    lives = judged(many(8, "T"), 2, topic="appointment")

    one = the(Kind.WRONG_SCORE, found(*lives))

    assert one.title == "Scored as portal, called appointment by a person"
    assert one.rules == ("portal-mention",)
    assert one.draft is not None
    assert one.draft.file == "rules/administrative.yaml"


def test_reviews_in_vain_are_found_and_no_draft_is_made_of_them() -> None:
    lives = judged(many(40, "V"), 2, candidate=URGENT, rules=("doubt-of-ours",))

    one = the(Kind.WRONG_SCORE, found(*lives))

    assert "found nothing clinical" in one.title
    assert one.draft is None


def test_no_draft_is_made_where_a_rule_is_clinical_or_gone() -> None:
    lives = judged(many(8, "T", rules=("retired",)), 2, topic="appointment")

    assert the(Kind.WRONG_SCORE, found(*lives)).draft is None
