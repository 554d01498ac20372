"""An article reads the same as plain text, in a mail and in a text message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.replies.markdown import one_line, plain, problems


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("We are **open** until *five*.", "We are open until five."),
        ("One sentence\non two lines.", "One sentence on two lines."),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("# Hours\nMonday", "Hours\n\nMonday"),
        ("- Monday\n- Friday until\n  noon", "- Monday\n- Friday until noon"),
        ("* a\n  + b", "- a\n  - b"),
        ("1. photo ID\n2) card", "1. photo ID\n2. card"),
        ("See [our page](https://clinic.example/p).", "See our page (https://clinic.example/p)."),
        ("<https://clinic.example>", "https://clinic.example"),
        ("Press `OK`", "Press OK"),
        ("> quoted", "quoted"),
        ("a\n\n---\n\nb", "a\n\nb"),
        (r"2 \* 3 and \[x\]", "2 * 3 and [x]"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("{site} costs $5", "{site} costs $5"),
        ("Monday\r\nto Friday", "Monday to Friday"),
    ],
)
def test_markdown_is_read_as(written: str, read: str) -> None:
    assert plain(written) == read


def test_a_text_message_has_one_line() -> None:
    assert one_line("# Hours\n\n- Mon 8-5\n- Fri 8-4") == "Hours - Mon 8-5 - Fri 8-4"


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "</p>",
        "<!-- x -->",
        "<img src=x onerror=alert(1)>",
        "[x](http://clinic.example)",
        "[x](javascript:alert(1))",
        "http://clinic.example",
        "ftp://clinic.example",
        "[x](/relative)",
        "![x](https://x.example/i.png)",
        "```",
        "|---|---|",
        "[1]: https://x.example",
    ],
)
def test_what_a_text_message_cannot_show_is_refused(text: str) -> None:
    assert [line for line, _ in problems(f"fine\n{text}")][:1] == [1]


@pytest.mark.parametrize(
    "text", ["5 < 6 > 4", "a <3 b", "<https://clinic.example>", "`<b>`", "a - b"]
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert list(problems(text)) == []


@given(st.text(alphabet="ab *_`[]()<>#-1.\\\n>|!~", max_size=300))
def test_whatever_is_written_is_read_and_never_as_blank_lines_without_end(text: str) -> None:
    read = plain(text)

    assert "\n\n\n" not in read
    assert read == read.strip()
