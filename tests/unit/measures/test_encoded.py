"""Reports survive their files, and nothing else is taken for one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from triagewire.errors import InvalidFieldError
from triagewire.measures.encoded import Filed, from_json, to_json
from triagewire.measures.measure import Figure
from triagewire.measures.period import Period, day_of
from triagewire.measures.report import By, Cell, MemberLoad, Report, Trust

A_DAY = day_of(date(2026, 3, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A finding as short as one can be."""

    id: str
    n: int


def a_report(period: Period = A_DAY) -> Report:
    return Report(
        period=period,
        site="north",
        made_at=datetime(2026, 3, 3, 6, 0, 0, 250, tzinfo=UTC),
        trust=Trust(
            until=datetime(2026, 3, 3, 5, 55, tzinfo=UTC), checkpoint=412, faults=("a copy",)
        ),
        cells=(
            Cell(by=By.ALL, of="", figures={"first_response": Figure(3, 25.0, 61.5)}),
            Cell(by=By.TOPIC, of="refills", figures={"first_response": Figure(0, None)}),
        ),
        members=(
            MemberLoad(
                member="bela",
                site="north",
                teams=("clinical",),
                touches=12,
                minutes=31.5,
                resolved=4,
                handed_on=1,
                hand_backs=0,
                open=2,
            ),
        ),
        ages={"under a day": 4},
        left_out={"written by a robot": 2},
        days={"2026-03-02": {"first_response": Figure(3, 25.0, 61.5)}},
    )


def test_a_file_gives_back_what_was_written() -> None:
    filed = Filed(report=a_report(), before=a_report(A_DAY.before), findings=(Noted(id="a", n=3),))

    assert from_json(to_json(filed), Noted) == filed


def test_a_file_says_its_version_first_and_holds_plain_lists() -> None:
    body = to_json(Filed[Noted](report=a_report()))

    assert body.startswith(b'{"version":1,"report":{"period":{"first":"2026-03-02",')
    assert b'"first_response":[3,25.0,61.5]' in body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"version": 2, "report": {}}', "version"),
        (b'{"version": 1, "report": {}}', "file"),
        (b"[]", "file"),
        (b"\xff", "file"),
        (to_json(Filed[Noted](report=a_report())).replace(b"-03-02", b"-03-99", 1), "file"),
    ],
)
def test_what_is_no_such_file_is_refused(body: bytes, field: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        from_json(body, Noted)

    assert refused.value.field == field
