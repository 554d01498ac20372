"""The safety gate's shipped tickets: enough of everything, and nobody takes a red flag away."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.shipped import shipped_rules
from triagewire.errors import PolicyError
from triagewire.policy.document import Document
from triagewire.policy.gate.coverage import coverage_problems, shipped_topics, topics_of
from triagewire.policy.gate.tickets import Ticket, kept_tickets, shipped_tickets, topic_of, with_own
from triagewire.policy.load import CHECKS, load
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.rules import rules_from

WITHOUT_SPANISH = frozenset({"off_topic"})
"""Scoring reads a question about the weather in English only; in Spanish a person looks at it."""

# triage.md §4: the general warning list, and the families that are often missed.
WARNING_LIST = {
    *("bleeding_that_will_not_stop", "breathing", "mental_status", "chest_pain", "choking"),
    *("coughing_blood", "vomiting_blood", "fainting", "harm_to_self", "harm_to_others"),
    *("head_injury", "spine_injury", "persistent_vomiting", "sudden_injury"),
    *("sudden_severe_pain", "sudden_dizziness", "sudden_weakness", "sudden_vision"),
    *("poison", "severe_abdominal_pain"),
}
OFTEN_MISSED = {
    *("neonatal_fever", "fetal_movement", "post_partum_bleed", "pre_eclampsia", "cord"),
    *("ectopic", "torsion", "cauda_equina", "limb_ischaemia", "angle_closure", "tia"),
    *("ketoacidosis", "hypoglycaemia", "neutropenic_fever", "adrenal_crisis", "dialysis"),
    *("button_battery", "anticoagulant_head", "compartment", "carbon_monoxide", "icd_shock"),
    *("needlestick", "stevens_johnson"),
}

type Tickets = dict[str, Ticket]


@pytest.fixture(scope="module")
def tickets() -> Tickets:
    return kept_tickets(shipped_tickets(CHECKS))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return shipped_rules()


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], Document]:
    """The shipped tickets with a group's own file over them."""

    def read(text: str) -> Document:
        return with_own(
            shipped_tickets(CHECKS),
            Document(data=yaml.safe_load(text), origins={("tickets",): "policy/checks.yaml:1"}),
        )

    return read


def red_flags(tickets: Tickets) -> Tickets:
    return {name: ticket for name, ticket in tickets.items() if ticket.get("red_flag")}


# What the shipped set covers


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_twenty_tickets_or_more_stand_for_every_category(tickets: Tickets, score: int) -> None:
    assert sum(ticket["expect"].get("score") == score for ticket in tickets.values()) >= 20


def test_twenty_tickets_or_more_belong_in_the_review_queue(tickets: Tickets) -> None:
    assert sum(ticket["expect"].get("review") is True for ticket in tickets.values()) >= 20


def test_twenty_tickets_or_more_stand_for_every_topic_of_the_shipped_rules(
    tickets: Tickets, rules: Rules
) -> None:
    topics = Counter(map(topic_of, tickets.values()))

    assert {topic: topics[topic] for topic in topics_of(rules) if topics[topic] < 20} == {}


def test_patients_ask_about_every_topic_in_spanish_too(tickets: Tickets, rules: Rules) -> None:
    asked = {rule.topic for rule in (*rules.clinical.rules, *rules.administrative.rules)}
    spanish = Counter(
        topic_of(ticket) for ticket in tickets.values() if ticket.get("written_in") == "es"
    )

    assert {topic for topic in asked - WITHOUT_SPANISH if spanish[topic] < 2} == set()


def test_a_hundred_and_fifty_red_flags_or_more_of_them_thirty_in_spanish(tickets: Tickets) -> None:
    flags = red_flags(tickets)

    assert len(flags) >= 150
    assert sum(ticket.get("written_in") == "es" for ticket in flags.values()) >= 30


def test_every_family_of_the_warning_lists_has_a_red_flag(tickets: Tickets) -> None:
    families = {ticket.get("family") for ticket in red_flags(tickets).values()}

    assert families - {None} == WARNING_LIST | OFTEN_MISSED


def test_a_red_flag_must_be_urgent_and_clinical(tickets: Tickets) -> None:
    for ticket in red_flags(tickets).values():
        assert ticket["expect"]["score"] == 5
        assert ticket["expect"]["team"] == "clinical"


def test_no_text_is_there_twice(tickets: Tickets) -> None:
    said = Counter(" ".join(ticket["text"].split()).lower() for ticket in tickets.values())

    assert [text for text, times in said.items() if times > 1] == []


# What the gate asks of a set


def test_a_new_topic_of_the_shipped_rules_needs_twenty_tickets(
    tickets: Tickets, rules: Rules, starter: Path
) -> None:
    document = load(starter).document
    without = {name: ticket for name, ticket in tickets.items() if topic_of(ticket) != "forms"}

    problems = list(coverage_problems(without, rules, document))

    assert "forms" in shipped_topics(document)
    assert problems == ["checks: tickets: topic forms: 0 are too few, at least 20 are needed"]


def test_a_topic_of_the_groups_own_needs_one_ticket(tickets: Tickets, starter: Path) -> None:
    (starter / "rules").mkdir()
    (starter / "rules" / "administrative.yaml").write_text(
        "rules:\n  gala: { reason: The gala, topic: gala, team: portal, score: 2, when: gala }\n",
        encoding="utf-8",
    )
    draft = load(starter)
    rules = rules_from(draft.policy.rules)

    assert list(coverage_problems(tickets, rules, draft.document)) == [
        "checks: tickets: topic gala: 0 are too few, at least 1 are needed"
    ]
    asked = {"gala": {"text": "When is the gala?", "topic": "gala", "expect": {"score": 2}}}
    assert list(coverage_problems({**tickets, **asked}, rules, draft.document)) == []


def test_a_category_without_tickets_is_told(rules: Rules, starter: Path) -> None:
    problems = list(coverage_problems({}, rules, load(starter).document))

    assert "checks: tickets: score 5: 0 are too few, at least 20 are needed" in problems
    assert "checks: tickets: the review queue: 0 are too few, at least 20 are needed" in problems


# What a group's own file may do


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("~", id="left out"),
        pytest.param("{ red_flag: false }", id="called no red flag"),
        pytest.param("{ expect: { score: 4 } }", id="expected to be less"),
        pytest.param("What are your hours?", id="given other words"),
    ],
)
def test_a_group_cannot_touch_a_shipped_red_flag(
    own: Callable[[str], Document], tickets: Tickets, change: str
) -> None:
    name = next(iter(red_flags(tickets)))

    with pytest.raises(PolicyError, match="is a shipped red flag"):
        own(f"tickets:\n  {name}: {change}\n")


def test_a_group_may_leave_out_what_is_no_red_flag(own: Callable[[str], Document]) -> None:
    assert "parking" not in kept_tickets(own("tickets: { parking: ~ }"))


def test_a_group_may_change_what_it_expects_of_a_ticket(own: Callable[[str], Document]) -> None:
    changed = kept_tickets(own("tickets: { parking: { expect: { score: 2 } } }"))["parking"]

    assert changed["expect"] == {"score": 2, "review": False}
    assert changed["text"] == "Is there parking at the clinic?"


def test_what_a_file_says_of_each_ticket_holds_for_all_that_do_not_say_otherwise(
    own: Callable[[str], Document],
) -> None:
    found = kept_tickets(
        own("""
each: { voice: staff, expect: { score: 2, team: it_ehr } }
tickets:
  frozen: The chart is frozen
  down: { text: Nothing works, expect: { score: 3 } }
""")
    )

    assert found["frozen"] == {
        "text": "The chart is frozen",
        "voice": "staff",
        "expect": {"score": 2, "team": "it_ehr"},
    }
    assert found["down"]["expect"] == {"score": 3, "team": "it_ehr"}


def test_what_a_file_says_of_each_changes_no_shipped_ticket(
    own: Callable[[str], Document],
) -> None:
    found = kept_tickets(
        own('each: { expect: { team: billing } }\ntickets: { parking: "Where do I park?" }')
    )["parking"]

    assert found == {"text": "Where do I park?", "expect": {"score": 1, "review": False}}


def test_an_id_in_two_shipped_files_is_a_mistake(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("tickets: { same: hello }", encoding="utf-8")

    with pytest.raises(PolicyError, match="same: is in another file too"):
        shipped_tickets(tmp_path)
