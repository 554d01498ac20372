"""Request types and the question how it was: what could not be meant is refused."""

import pytest

from tests.unit.policy.refusals import PHONE, Edit, found, refused, with_fields


@pytest.mark.parametrize(
    ("kind", "field", "problem"),
    [
        ("when: {}", "when", "a type that asks for nothing would match nothing"),
        ("when: { topics: [] }", "when", "a type that asks for nothing would match nothing"),
        ("when: { topics: [acces] }", "when.topics.0", "is none of "),
        ("when: { words: [''] }", "when.words.0", "is blank and would match nothing"),
        ("when: { applications: ['-'] }", "when.applications.0", "is blank and would match"),
        ("when: { words: [badge] }, needs: [badge]", "needs.0", "is none of category, urgency"),
        ("when: { words: [badge] }, minutes: 0", "minutes", "must be more than 0"),
        ("when: { words: [badge] }, minutes: 1441", "minutes", "must be at most 1440"),
        ("when: { word: [badge] }", "when.word", "is no field here"),
    ],
)
def test_a_type_that_could_not_work_is_refused(
    edited: Edit, kind: str, field: str, problem: str
) -> None:
    folder = with_fields(edited, f"automation: {{ types: {{ badge: {{ {kind} }} }} }}")

    refused(folder, f"automation.types.badge.{field}", problem, at="badge: {")


def test_the_name_of_a_type_is_one_that_a_rule_on_the_bus_can_name(edited: Edit) -> None:
    folder = with_fields(edited, "automation: { types: { 'New Badge': { when: { words: [b] } } } }")

    refused(folder, "automation.types.New Badge", "write a name of small", at="New Badge")


def test_a_type_of_the_groups_own_is_taken(edited: Edit) -> None:
    folder = with_fields(edited, "automation: { types: { badge: { when: { words: [badge] } } } }")

    assert found(folder) == []


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        (
            "automation: { done: { text: { en: Done. } } }",
            "automation.done.text.en",
            "must hold {message}",
        ),
        (
            "automation: { done: { text: { en: '{message} {name}' } } }",
            "automation.done.text.en",
            "{name} is not known here",
        ),
        (
            "satisfaction: { ask: { text: { en: How was it? } } }",
            "satisfaction.ask.text.en",
            "must hold {link}",
        ),
        (
            "satisfaction: { after_minutes: 5000 }",
            "satisfaction.after_minutes",
            "must be at most 4800",
        ),
    ],
)
def test_a_text_that_would_say_nothing_is_refused(
    edited: Edit, text: str, field: str, problem: str
) -> None:
    refused(with_fields(edited, text), field, problem, at=text.split(":", maxsplit=1)[0])


def test_a_site_may_do_without_both(edited: Edit) -> None:
    own = (
        "automation: { types: { password_reset: { enabled: false } } }",
        "satisfaction: { enabled: false }",
    )

    assert found(edited("sites/riverside.yaml", PHONE, "\n".join((PHONE, *own)))) == []
