"""Texts that staff begin with, filled in by names only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.policy.replies import StaffTemplate
from triagewire.policy.reply_checks import unfillable
from triagewire.replies.templates import NAMES, fill, filled

READY = StaffTemplate(
    title={"en": "Ready", "es": "Lista"},
    subject={"en": "Your refill at {site}"},
    text={"en": "Dear {name}, it is ready.", "es": "Hola {name}, está lista."},
)


def values(name: str = "Ann Lee") -> dict[str, str]:
    """What is known of a ticket."""
    return {"name": name, "site": "North Clinic", "phone": "312-555-0100", "member": "Nick Ford"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es-MX", "Hola Ann Lee, está lista."),
        ("ES", "Hola Ann Lee, está lista."),
        ("vi", "Dear Ann Lee, it is ready."),
        (None, "Dear Ann Lee, it is ready."),
    ],
)
def test_it_is_in_the_language_of_the_requester_else_english(
    language: str | None, text: str
) -> None:
    assert filled("ready", READY, language, values()).text == text


def test_a_name_that_nobody_stated_leaves_no_gap() -> None:
    assert filled("ready", READY, "en", values("")).text == "Dear, it is ready."


@given(st.text(max_size=40))
def test_what_a_requester_states_is_never_a_template(name: str) -> None:
    done = fill("[{name}]", {"name": name, "site": "x"})

    assert name == "" or done == f"[{name}]"


@pytest.mark.parametrize("name", ["{phone}", "{0}", "{name.__class__}", "%s", "{{", "{"])
def test_braces_in_a_name_are_braces(name: str) -> None:
    assert fill("Dear {name}.", values(name)) == f"Dear {name}."


def test_a_doubled_brace_is_a_brace() -> None:
    assert fill("{{not a name}} {site}", values()) == "{not a name} North Clinic"


@pytest.mark.parametrize(
    "text", ["{nam}", "{name.email}", "{name!r}", "{name:>9}", "{", "{}", "{0}", "{expected}"]
)
def test_a_policy_may_not_name_what_is_not_known(text: str) -> None:
    assert unfillable(text, NAMES)


def test_a_policy_may_name_what_is_known() -> None:
    assert unfillable("{name} {site} {phone} {member} {{x}}", NAMES) is None
