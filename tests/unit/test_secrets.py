"""What is stored as a source's secrets, and what of it is ever believed."""

import json

import pytest

from triagewire.secrets import live_secrets


def test_a_source_has_its_current_and_its_previous_secret() -> None:
    stored = json.dumps({"north/portal": ["current", "previous"]})

    assert live_secrets(stored) == {"north/portal": ("current", "previous")}


def test_a_text_that_stands_where_a_list_belongs_is_one_secret_and_not_its_characters() -> None:
    assert live_secrets('{"north/phone": "hunter2"}') == {"north/phone": ("hunter2",)}


@pytest.mark.parametrize("value", ["", " ", [], [""], [" ", None, 5, ["x"]], None, 7, {"a": "b"}])
def test_nothing_that_says_nothing_is_a_secret(value: object) -> None:
    stored = json.dumps({"north/phone": value, "north/portal": ["current"]})

    assert live_secrets(stored) == {"north/phone": (), "north/portal": ("current",)}
