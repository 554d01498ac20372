"""Drawings of figures: every value has its place, every scale its unit, and no value no figure."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.measures.drawing import WIDTH, Box, Drawing, Label, Line
from triagewire.measures.measure import Unit
from triagewire.measures.plots import EMPTY, Point, bars, days_bars, days_line
from triagewire.measures.svg import svg_of

WEEK = [
    Point("03-02", 30, 95),
    Point("03-03", 45, 130),
    Point("03-04", None),
    Point("03-05", 25, 60),
]


def labels(drawing: Drawing) -> list[str]:
    return [each.text for each in drawing.shapes if isinstance(each, Label)]


def test_a_day_without_tickets_is_a_gap_and_no_nought() -> None:
    drawing = days_line("Time to first response", Unit.MINUTES, WEEK)

    medians = [s for s in drawing.shapes if isinstance(s, Line) and s.width == 2 and not s.dashed]
    assert [len(each.points) for each in medians] == [2]  # the last day alone is a dot


def test_both_lines_are_named_and_told_apart_without_colour() -> None:
    drawing = days_line("Time to first response", Unit.MINUTES, WEEK)

    assert {"median", "90 %"} <= set(labels(drawing))
    assert {
        each.dashed for each in drawing.shapes if isinstance(each, Line) and each.width == 2
    } == {
        True,
        False,
    }


def test_the_scale_has_its_unit_and_reaches_the_largest_value() -> None:
    drawing = days_line("Time to first response", Unit.MINUTES, WEEK)

    assert [each for each in labels(drawing) if each.endswith(" min")] == [
        "0 min",
        *("25 min", "50 min", "75 min", "100 min", "125 min", "150 min"),
    ]


def test_long_waits_are_drawn_in_hours_and_shares_in_per_cent() -> None:
    waits = days_line("Time to resolution", Unit.MINUTES, [Point("03-02", 600, 3_000)])
    shares = days_bars("Misroutes", Unit.SHARE, [Point("03-02", 0.021), Point("03-03", 0.04)])

    assert "50 h" in labels(waits)
    assert "4 %" in labels(shares)


@pytest.mark.parametrize("draw", [days_line, days_bars, bars])
def test_nothing_to_draw_is_said(draw: Callable[[str, Unit, Sequence[Point]], Drawing]) -> None:
    drawing = draw("Time to first response", Unit.MINUTES, [Point("03-02", None)])

    assert labels(drawing) == [EMPTY]


def test_bars_say_their_values_and_where_there_is_none() -> None:
    points = [Point("web", 25, 95), Point("voicemail", None), Point("x" * 40, 30, 31)]

    told = labels(bars("By channel", Unit.MINUTES, points))

    assert "25 min to 95 min" in told
    assert "no tickets" in told
    assert all(len(each) <= 26 for each in told)


@given(
    st.lists(
        st.one_of(st.none(), st.floats(0, 1e6, allow_subnormal=False)), min_size=1, max_size=40
    )
)
def test_nothing_is_drawn_outside_the_picture(values: list[float | None]) -> None:
    points = [Point("03-02", each, None if each is None else each * 2) for each in values]

    for draw in (days_line, days_bars, bars):
        drawing = draw("x", Unit.MINUTES, points)
        for shape in drawing.shapes:
            match shape:
                case Box():
                    assert shape.x >= 0
                    assert shape.x + shape.width <= WIDTH
                    assert -0.01 <= shape.y <= drawing.height
                case Line():
                    assert all(0 <= x <= WIDTH for x, _ in shape.points)
                    assert all(-0.01 <= y <= drawing.height for _, y in shape.points)
                case Label():
                    assert 0 <= shape.y <= drawing.height


def test_dates_of_a_year_do_not_run_into_each_other() -> None:
    year = [Point(f"day {each}", each % 9 + 1) for each in range(365)]

    places = [
        each.x
        for each in days_bars("x", Unit.TICKETS, year).shapes
        if isinstance(each, Label) and each.anchor == "middle"
    ]

    assert min(after - before for before, after in pairwise(places)) > 55


def test_a_drawing_in_a_page_says_what_it_shows_to_who_does_not_see_it() -> None:
    text = svg_of(bars("By <team>", Unit.MINUTES, [Point("a&b", 25), Point("c", 40)]), "plot-3")

    assert '<title id="plot-3-title">By &lt;team&gt;</title>' in text
    assert "2 values; least 25 min (a&amp;b), most 40 min (c)." in text
    assert not re.search(r"<script|style=|href", text)
