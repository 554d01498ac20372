"""Texts that make patterns go back and forth: what reads a stranger's words takes a time that grows
as the words do, and no faster.
"""

import re
import time
from collections.abc import Callable

import pytest

from tests.builders import REPLIES
from tests.shipped import shipped_engine
from triagewire.channels.mail.reply_part import reply_part
from triagewire.channels.reading.html_text import html_to_text
from triagewire.folding import words_of
from triagewire.replies import matching
from triagewire.replies.loops import heard
from triagewire.routing.follow_up import bare_subject
from triagewire.scoring.questions import asks_if_well, no_is_bad_news, questions_in
from triagewire.scoring.score import score
from triagewire.scoring.subject import ScoringInput

SHORT, LONG = 5_000, 40_000
"""In characters; the longer ones are beyond every bound of the scoring."""
LENIENT = 3
"""Twice as long is twice as much work; a busy machine may take it for thrice that. What grows with
the square of the length would be eight times slower than it may be here.
"""
LEAST = 0.02
"""In seconds of the processor: below it nothing is measured but chance."""
READERS: dict[str, Callable[[str], object]] = {
    "scoring": lambda text: score(ScoringInput(text=text, voice="patient"), shipped_engine()),
    "the new part of a mail": reply_part,
    "a page": html_to_text,
    "our questions": lambda text: (
        asks_if_well(questions_in(text)),
        no_is_bad_news(questions_in(text)),
    ),
    "loops of robots": lambda text: heard(text, text, text, REPLIES, b"k" * 32),
    "subjects": bare_subject,
    "articles": matching.folded,
    "searches": words_of,
}
RUNS = (
    *(" ", "\t", "\n", "\r\n", "\xa0", "_", "-", "-_", "=", "#", "*", "**", ".", ":", "|", "|-"),
    *("!", "? ", "é", "a", "a ", "0", "1/", "12:", "@", "a@", "'", '"', "(", "((", "[ ]", " [a]"),
    *("<", "<a", "<!--", "&", "&#", "=?", "[](", "http://", "> ", "\n>", "--\n", "From: a\n"),
    *(" re", "re:", " re [1]", "no ", "no, ", "not ", "i can not ", "i am now 0 ", "breath "),
    *("ito", "andome", "y ", "dr. ", "please ", "never "),
)
"""What the patterns of the code repeat: found by taking each of them apart."""


@pytest.mark.parametrize("reader", READERS)
def test_a_text_eight_times_as_long_takes_about_eight_times_as_long(reader: str) -> None:
    read = READERS[reader]
    read("warm up")

    slow = {run: took for run in RUNS if (took := growth(read, run)) > LENIENT}

    assert slow == {}


def growth(read: Callable[[str], object], run: str) -> float:
    """How many times slower the long text is read than it should be, by the short one."""
    short, long = (seconds(read, run * (size // len(run)) + "\0x") for size in (SHORT, LONG))
    return long / max(LEAST, short * LONG / SHORT)


def seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def test_the_measure_would_find_a_pattern_that_goes_back_and_forth() -> None:
    assert growth(re.compile(" +x").search, " ") > LENIENT
