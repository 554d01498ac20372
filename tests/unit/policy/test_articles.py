"""Articles are Markdown files beside a policy; what could not be read or shown is refused."""

from datetime import date
from pathlib import Path

import pytest

from tests.unit.policy.refusals import Edit, found
from triagewire.errors import PolicyError
from triagewire.policy.load import load
from triagewire.policy.replies import Article

FAX = """---
title: Our fax number
topics: [about]
any_of: [fax]
valid_from: 2026-01-01
valid_until: 2026-12-31
---
Our fax number is **555 0199**.
"""


def wrote(policy: Path, name: str, text: str) -> Path:
    path = policy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return policy


def article(policy: Path, site: str, name: str) -> Article:
    return load(policy).policy.sites[site].replies.articles[name]


def problems(policy: Path) -> str:
    with pytest.raises(PolicyError) as raised:
        load(policy)
    return "\n".join(raised.value.problems)


def test_an_article_of_the_group_is_every_sites(starter: Path) -> None:
    wrote(starter, "articles/fax.en.md", FAX)

    for site in ("mesa", "riverside"):
        fax = article(starter, site, "fax")
        assert fax.title == {"en": "Our fax number"}
        assert fax.text == {"en": "Our fax number is **555 0199**."}
        assert (fax.topics, fax.any_of) == (("about",), ("fax",))
        assert (fax.valid_from, fax.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert found(starter) == []


def test_a_site_s_own_article_takes_the_place_of_the_group_s_in_every_language(
    starter: Path,
) -> None:
    wrote(starter, "sites/mesa/articles/hours.en.md", "---\ntitle: H\ntopics: [hours]\n---\n8-12\n")

    assert article(starter, "mesa", "hours").text == {"en": "8-12"}
    assert set(article(starter, "riverside", "hours").text) == {"en", "es"}


def test_the_words_of_all_languages_of_an_article_ask_for_it(starter: Path) -> None:
    words = article(starter, "mesa", "first-visit").any_of

    assert {"bring", "traer"} <= set(words)


def test_an_article_is_given_from_its_first_day_to_the_end_of_its_last() -> None:
    fax = Article(
        topics=("about",),
        title={"en": "Fax"},
        text={"en": "555 0199"},
        valid_from=date(2026, 3, 2),
        valid_until=date(2026, 3, 3),
    )

    assert [fax.holds_on(date(2026, 3, day)) for day in (1, 2, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "any_of: [fax]",
            "anyof: [fax]",
            "fax.en.md:4: anyof: is none of title, any_of, topics",
            id="a field that is misspelt",
        ),
        pytest.param("title: Our fax number\n", "", "fax.en.md:2: title: is missing", id="title"),
        pytest.param(
            "title: Our fax number",
            f"title: {'Our fax ' * 20}",
            "fax.en.md:2: title: must be one line of at most 150 characters",
            id="a title that no subject line holds",
        ),
        pytest.param(
            "topics: [about]\n", "", "articles.fax.topics: is missing", id="no topic at all"
        ),
        pytest.param(
            "valid_until: 2026-12-31",
            "valid_until: 2025-12-31",
            "valid_until: lies before valid_from",
            id="an end before the beginning",
        ),
        pytest.param(
            "valid_until: 2026-12-31",
            "valid_until: 2026-02-30",
            "fax.en.md:6: sites.mesa.replies.articles.fax.valid_until: must be a date",
            id="a day that there is not",
        ),
        pytest.param(
            "**555 0199**", "<b>555 0199</b>", "fax.en.md:8: holds HTML", id="HTML in its text"
        ),
        pytest.param(
            "**555 0199**",
            "on <!-- 555 -->\nit",
            "fax.en.md:8: holds HTML",
            id="a comment that would be shown",
        ),
        pytest.param(
            "**555 0199**",
            "[here](http://clinic.example)",
            "fax.en.md:8: has a link that does not begin with https://",
            id="a link that others can read on the way",
        ),
        pytest.param(
            "**555 0199**",
            "[here](javascript:alert(1))",
            "fax.en.md:8: has a link that does not begin with https://",
            id="a link that is a program",
        ),
        pytest.param(
            "**555 0199**", "![fax](https://x.example/f.png)", "holds an image", id="an image"
        ),
        pytest.param(
            "**555 0199**", "\n| a | b |\n|---|---|\n", "fax.en.md:10: holds a table", id="t"
        ),
        pytest.param("Our fax number is **555 0199**.", "", "has no text below", id="no text"),
        pytest.param(
            "555 0199", "5" * 20_001, "fax.en.md:1: is longer than 20000 bytes", id="size"
        ),
        pytest.param(
            "---\ntitle", "title", "fax.en.md:1: must begin with its fields", id="no mark"
        ),
        pytest.param("[fax]", "fax", "any_of: must be a list", id="a word in place of a list"),
        pytest.param("topics: [about]", "topics: [about", "fax.en.md:", id="no YAML"),
    ],
)
def test_an_article_is_refused_for(starter: Path, old: str, new: str, told: str) -> None:
    assert old in FAX
    wrote(starter, "articles/fax.en.md", FAX.replace(old, new, 1))

    assert told in problems(starter)


def test_an_article_that_no_english_reader_could_be_given_is_refused(starter: Path) -> None:
    wrote(starter, "articles/fax.es.md", FAX)

    assert "articles/fax.es.md:1: has no fax.en.md beside it" in problems(starter)


@pytest.mark.parametrize(
    "changed",
    ["topics: [hours]", "topics: [about, hours]", "topics: [about]\nenabled: false"],
)
def test_the_languages_of_an_article_agree_on_when_it_is_given(starter: Path, changed: str) -> None:
    wrote(starter, "articles/fax.en.md", FAX)
    wrote(starter, "articles/fax.es.md", FAX.replace("topics: [about]", changed))

    assert "must be the same as in policy/articles/fax.en.md" in problems(starter)


@pytest.mark.parametrize(
    "name",
    [
        "articles/fax.md",
        "articles/fax.english.md",
        "articles/Fax.en.md",
        "articles/fax.en.markdown",
        "articles/fax.en.txt",
        "articles/old/fax.en.md",
        "article/fax.en.md",
        "fax.en.md",
        "sites/mesa/fax.en.md",
        "sites/mesaa/articles/fax.en.md",
    ],
)
def test_a_file_that_would_be_passed_over_is_refused(starter: Path, name: str) -> None:
    wrote(starter, name, FAX)

    assert f"policy/{name}:1: is not read" in problems(starter)


def test_a_readme_beside_the_policy_is_nobody_s_business(starter: Path) -> None:
    wrote(starter, "README.md", "# How we keep this\n")
    wrote(starter, "articles/.draft.en.md.swp", "x")

    assert found(starter) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "at"),
    [
        (
            "group.yaml",
            "\n  replies:\n",
            "\n  replies:\n    articles: { fax: { topics: [about] } }\n",
            "site.replies.articles",
        ),
        (
            "sites/mesa.yaml",
            "\ncatch_all:",
            "\nreplies: { articles: { fax: { topics: [about] } } }\ncatch_all:",
            "replies.articles",
        ),
    ],
    ids=["for all sites", "for one"],
)
def test_articles_in_yaml_are_refused_with_the_way_to_write_them(
    edited: Edit, file: str, old: str, new: str, at: str
) -> None:
    told = problems(edited(file, old, new))

    assert f"{at}: articles are Markdown files" in told
    assert f"policy/{file}:" in told
