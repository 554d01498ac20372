"""How requesters are answered, as the policy's check sees it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.builders import a_policy, a_site, a_source, sources_of
from triagewire.channels.source import Answers, source_from
from triagewire.errors import InvalidFieldError
from triagewire.message import ReplyWay
from triagewire.policy.model import Site
from triagewire.policy.replies import StaffTemplate
from triagewire.policy.reply_checks import reply_problems


def answered_at(webhook: str) -> Site:
    """A site whose portal is answered there."""
    portal = replace(a_source("portal", "standard"), replies=Answers(webhook=webhook))
    return a_site(sources=sources_of("north") | {"portal": portal})


def with_template(**texts: Mapping[str, str]) -> Site:
    """A site with one template for staff."""
    site = a_site()
    whole = {"title": {"en": "Ready"}, "text": {"en": "It is ready."}} | texts
    template = StaffTemplate(**whole)
    return replace(site, replies=replace(site.replies, templates={"ready": template}))


def test_a_public_receiver_is_fine() -> None:
    assert list(reply_problems(answered_at("https://ehr.example.com/hook"))) == []
    assert list(reply_problems(a_policy().sites["north"])) == []


@pytest.mark.parametrize(
    "webhook", ["https://localhost/", "https://169.254.169.254/", "https://10.1.2.3/hook"]
)
def test_a_receiver_inside_a_network_is_refused_by_its_place(webhook: str) -> None:
    ((place, problem),) = reply_problems(answered_at(webhook))

    assert place == ("sources", "portal", "replies", "webhook")
    assert problem == "must name a public host"


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ({"text": {"en": "Dear {nam}"}}, ("text", "en")),
        ({"text": {"en": "Hi", "es": "Hola {expected}"}}, ("text", "es")),
        ({"subject": {"en": "{name.email}"}}, ("subject", "en")),
        ({"text": {"es": "Hola"}}, ("text",)),
        ({"title": {"es": "Lista"}}, ("title",)),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_by_its_place(
    texts: Mapping[str, Mapping[str, str]], place: tuple[str, ...]
) -> None:
    ((found, _),) = reply_problems(with_template(**texts))

    assert found == ("replies", "templates", "ready", *place)


@pytest.mark.parametrize("seconds", [-1, 61])
def test_a_reply_may_be_taken_back_for_a_minute_at_most(seconds: int) -> None:
    with pytest.raises(ValueError, match="undo_seconds"):
        replace(a_site().replies, undo_seconds=seconds)


def a_stated_source(replies: Mapping[str, str]) -> Mapping[str, object]:
    """A source as the policy states it."""
    return {"site": "north", "name": "portal", "adapter": "standard", "replies": replies}


def test_a_source_says_how_it_is_answered() -> None:
    by_hook = source_from(a_stated_source({"webhook": "https://ehr.example.com/"}))
    by_text = source_from(a_stated_source({"by": "sms"}))

    assert by_hook.replies.webhook == "https://ehr.example.com/"
    assert by_text.replies.by is ReplyWay.SMS


@pytest.mark.parametrize(
    ("replies", "field"),
    [
        ({"webhook": "http://ehr.example.com/"}, "replies.webhook"),
        ({"by": "pigeon"}, "replies.by"),
        ({"by": "webhook"}, "replies.by"),
        ({"by": "sms", "webhook": "https://ehr.example.com/"}, "replies.by"),
    ],
)
def test_what_a_source_may_not_say(replies: Mapping[str, str], field: str) -> None:
    with pytest.raises(InvalidFieldError) as error:
        source_from(a_stated_source(replies))

    assert error.value.field == field
