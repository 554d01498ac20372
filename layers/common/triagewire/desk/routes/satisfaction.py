"""How the requesters of a site were served, by the month in which their tickets were resolved."""

from typing import Annotated, TypedDict

from pydantic import Field, StringConstraints

from triagewire.desk.api import Call, Route
from triagewire.desk.requests import Asked
from triagewire.desk.shapes import Count, When
from triagewire.flow.satisfaction import satisfaction

type Month = Annotated[str, StringConstraints(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class MonthAsked(Asked):
    """Which month, as `2026-03`; without one the present month of the site."""

    month: Month | None = None


class SatisfactionView(TypedDict):
    """How many requesters were asked about tickets that were resolved in a month, how many
    answered, and what: `by_score` counts each of 1 to 5, `mean` is null where nobody answered.
    """

    site: str
    at: When
    month: Month
    asked: Count
    answered: Count
    mean: Annotated[float, Field(ge=1, le=5)] | None
    by_score: dict[str, int]


def show_satisfaction(call: Call) -> SatisfactionView:
    """Show leads how requesters were served."""
    site, now = call.path["site"], call.context.now
    asked = call.asked(MonthAsked).month
    month, found = satisfaction(call.context, call.principal, site, asked)
    return {
        "site": site,
        "at": now.isoformat(),
        "month": month,
        "asked": found.asked,
        "answered": found.answered,
        "mean": found.mean,
        "by_score": {str(score): times for score, times in found.by_score.items()},
    }


ROUTES = (
    Route(
        "GET",
        "/desk/sites/{site}/satisfaction",
        show_satisfaction,
        asks=MonthAsked,
        gives=SatisfactionView,
    ),
)
