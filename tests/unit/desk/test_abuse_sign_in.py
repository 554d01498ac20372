"""Signing in leads back to the console and nowhere else, whatever a request says (A17, A18)."""

import re

import pytest

from tests.template import resources
from tests.unit.desk.test_console import SIGN_IN, page, visit
from triagewire.desk import console
from triagewire.desk.console_files import FOLDER

(CLIENT,) = (each["Properties"] for each in resources("AWS::Cognito::UserPoolClient").values())
AUTH = (FOLDER / "auth.js").read_text(encoding="utf-8")
HOSTILE = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "referer": "https://evil.example",
}


@pytest.mark.parametrize("list_of", ["CallbackURLs", "LogoutURLs"])
def test_the_pool_sends_nobody_but_to_the_page_of_the_console(list_of: str) -> None:
    (only,) = CLIENT[list_of]

    assert only["Fn::Sub"][0] == "${Desk}/console"


def test_a_code_alone_is_given_and_redeemed_by_who_asked_for_it() -> None:
    assert CLIENT["AllowedOAuthFlows"] == ["code"]
    assert CLIENT["GenerateSecret"] is False
    assert 'code_challenge_method: "S256"' in AUTH


def test_who_tries_names_is_not_told_which_there_are() -> None:
    assert CLIENT["PreventUserExistenceErrors"] == "ENABLED"


def test_the_page_goes_to_the_sign_in_page_of_the_deployment_and_nowhere_else() -> None:
    leaves = re.findall(
        r"location\.(?:assign|replace)\(([^;]*)\);|location\.href\s*=\s*(.*);", AUTH
    )

    assert len(leaves) == 2
    assert all(target.startswith("`${sign_in_url}/") for target, _ in leaves)


def test_no_code_of_the_console_goes_where_a_message_or_an_address_says() -> None:
    leaves = re.compile(r"location\s*=[^=]|location\.(?:href\s*=[^=]|assign|replace)|window\.open")
    found = {each.name for each in FOLDER.glob("*.js") if leaves.search(each.read_text("utf-8"))}

    assert found == {"auth.js"}


def test_the_way_back_is_the_view_that_this_tab_was_at() -> None:
    assert "hash: location.hash" in AUTH
    assert 'query.get("state") !== asked.state' in AUTH
    assert "return asked.hash" in AUTH
    assert AUTH.count("query.get(") == 2, (
        "the code and the state are all that is taken of an answer"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_no_header_of_a_request_changes_where_one_signs_in(name: str) -> None:
    named = {name.replace("-", "_"): HOSTILE[name]}
    asked = console.load_console(visit("config.json", **named))

    assert SIGN_IN in asked.text
    assert "evil" not in asked.text + str(asked.headers)
    assert "evil" not in page().text


def test_the_page_is_framed_by_nobody_and_sends_no_form() -> None:
    policy = str(page().headers["Content-Security-Policy"])

    assert "frame-ancestors 'none'" in policy
    assert "form-action 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
