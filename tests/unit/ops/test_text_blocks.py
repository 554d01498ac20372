"""A report in a terminal: nothing wider than 100 columns, and nothing that steers it."""

from ops.text_blocks import lines_of
from triagewire.measures.blocks import Code, Grid, Heading, Plot, Tone, Words
from triagewire.measures.measure import Unit
from triagewire.measures.plots import Point, bars


def test_a_table_wraps_its_longest_column_and_lines_up_its_numbers() -> None:
    rows = (("a " * 80, "5 min"), ("short", "130 min"))
    grid = Grid(heading=("Measure", "Value"), rows=rows, numbers=frozenset({1}))

    lines = [*lines_of([grid])]

    assert max(map(len, lines)) == 100
    assert lines[2].endswith("  5 min")
    assert lines[-1].endswith("130 min")


def test_two_tables_do_not_run_into_each_other() -> None:
    grid = Grid(heading=("Measure",), rows=(("one",),))

    assert [*lines_of([grid, grid])].count("") == 1


def test_what_is_bad_is_marked_without_colour_and_stands_in_the_first_line() -> None:
    lines = [*lines_of([Words("THE LEDGER DOES NOT VERIFY", Tone.BAD), Heading("Measures", 1)])]

    assert lines[0] == "!! THE LEDGER DOES NOT VERIFY"


def test_no_name_steers_a_terminal() -> None:
    said = "\n".join(lines_of([Heading("\x1b[2J"), Words("a\x07b"), Code("x:\n  y: \x1b]0;z")]))

    assert "\x1b" not in said
    assert "\x07" not in said


def test_a_plot_is_left_to_the_table_beside_it() -> None:
    assert [*lines_of([Plot(bars("By team", Unit.TICKETS, [Point("it", 3)]))])] == []
