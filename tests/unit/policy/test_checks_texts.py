"""An automatic text says where to call in an emergency, and can be filled in, in every language."""

from dataclasses import replace

import pytest

from tests.builders import REPLIES, a_site
from tests.unit.policy.refusals import Edit, found, refused, with_fields
from triagewire.policy.replies import Template
from triagewire.policy.text_checks import text_problems


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        pytest.param(
            "acknowledgement.text.en",
            "We have your message. In an emergency call 911.",
            "must say when to call 988",
            id="an acknowledgement without the crisis line",
        ),
        pytest.param(
            "acknowledgement.text.es",
            "Tenemos su mensaje. Crisis: 988.",
            "must say when to call 911",
            id="an acknowledgement without the emergency number, in another language",
        ),
        pytest.param(
            "after_hours.text.en",
            "We are closed.",
            "must say when to call 911",
            id="a text of the closed hours that lets people wait",
        ),
        pytest.param(
            "after_hours.sms.en",
            "Closed. Emergency: 911",
            "must say when to call 988",
            id="a text message that leaves it out",
        ),
        pytest.param(
            "acknowledgement.sms.en",
            f"911, 988. {'We will answer. ' * 30}",
            "is longer than 480 characters once it is filled in",
            id="a text message that is none any more",
        ),
        pytest.param(
            "acknowledgement.sms.en",
            "911 988 {title}",
            "{title} is not known here; use expected, phone, site",
            id="a text message that could not be filled in",
        ),
        pytest.param(
            "acknowledgement.text.pt",
            "Temos sua mensagem. 911, 988.",
            "needs a text in pt, as the others have one",
            id="a language without a subject",
        ),
    ],
)
def test_a_text_is_refused(edited: Edit, field: str, text: str, problem: str) -> None:
    template, kind, language = field.split(".")
    folder = with_fields(
        edited, f"replies: {{ {template}: {{ {kind}: {{ {language}: '{text}' }} }} }}"
    )

    told = f"replies.{template}.subject" if language == "pt" else f"replies.{field}"
    assert any(f"{told}: {problem}" in each for each in found(folder)), found(folder)


def test_a_sentence_that_no_text_message_holds_is_refused_with_the_number_in_it() -> None:
    text = f"Closed {'and not there ' * 40} but in an emergency call 911. Crisis: 988."
    template = Template(subject={"en": "Closed"}, text={"en": text})
    site = a_site(replies=replace(REPLIES, after_hours=template))

    told = [why for place, why in text_problems(site) if "after_hours" in place]

    assert len(told) == 1
    assert told[0].startswith("would lose 911 in a text message")


def test_an_article_on_a_topic_that_nothing_is_about_is_refused(edited: Edit) -> None:
    folder = edited("articles/hours.en.md", "[hours, about]", "[hours, abuot]")
    path = folder / "articles" / "hours.es.md"
    path.write_text(path.read_text(encoding="utf-8").replace("about", "abuot"), encoding="utf-8")

    refused(
        folder,
        "replies.articles.hours.topics.1",
        "abuot is no topic that scoring names",
        "topics:",
        "articles/hours.en.md",
    )


def test_the_shipped_texts_are_in_every_language_that_a_site_has(starter: object) -> None:
    assert found(starter) == []  # type: ignore[arg-type]
