"""One sweep: everything that is due is done, whatever fails beside it, and then it is looked
whether nothing was forgotten.

Pages come first and are told before anything else is begun. Work stops when no time is left for
more of it; what is left stays due, and the next sweep begins with what has been due for longest.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile

from triagewire.flow.context import Context
from triagewire.flow.delivering import deliver_all
from triagewire.flow.escalate import due_others, due_pages, take_steps
from triagewire.flow.presence import look_after
from triagewire.flow.reaching import look_at_reach
from triagewire.flow.reclocking import reclock
from triagewire.flow.watch_sources import watch_sources
from triagewire.observability import logger
from triagewire.store.outbox import Box, due_boxes
from triagewire.store.tickets import Due

LATE_SECONDS = 120
"""A sweep comes every minute, so a timer that was served later than this had been forgotten."""


def always() -> bool:
    """The time of a caller that nobody cuts short."""
    return True


def sweep(
    context: Context, more: Callable[[], bool] = always, at_all: Callable[[], bool] = always
) -> dict[str, int]:
    """Do all that is due at `context.now`; returns what was done, by the names of its metrics.

    `more()` says whether time is left to begin with another ticket, `at_all()` whether there is
    any: what is kept back between them is for telling people and for the look at the end.
    """
    done = {"Due": 0, "Steps": 0, "Late": 0, "Rescued": 0, "Failed": 0, "Reclocked": 0}
    boxes = _serve(context, due_pages(context), more, done)
    done["Failed"] += deliver_all(context, takewhile(lambda _: at_all(), boxes))
    boxes = _serve(context, due_others(context), more, done)
    for name, task in _TASKS:
        if more():
            _try(name, task, context, done)
    boxes |= dict.fromkeys(_waiting(context))
    done["Failed"] += deliver_all(context, takewhile(lambda _: at_all(), boxes))
    return done


def _serve(
    context: Context, due: Iterable[Due], more: Callable[[], bool], done: dict[str, int]
) -> dict[Box, None]:
    """Do the steps of due tickets, whatever happens to the others; returns whom to tell of them."""
    boxes: dict[Box, None] = {}
    for each in due:
        if not more():
            break
        done["Due"] += 1
        done["Late"] += (context.now - each.at).total_seconds() > LATE_SECONDS
        try:
            acted = take_steps(context, each.ticket_id)
        except Exception as error:
            name = type(error).__name__
            logger.error("ticket not served", ticket_id=each.ticket_id, error=name)
            done["Failed"] += 1
        else:
            done["Steps"] += acted.steps
            done["Rescued"] += acted.rescued
            boxes |= dict.fromkeys(acted.boxes)
    return boxes


def _waiting(context: Context) -> Iterator[Box]:
    """The boxes that are due, those first that have been for longest."""
    found = sorted(due_boxes(context.tables, context.now), key=lambda each: each[1])
    return (box for box, _ in found)


def _try(
    name: str, task: Callable[[Context], dict[str, int]], context: Context, done: dict[str, int]
) -> None:
    """Do what is not of one ticket; its failure is counted and keeps nothing else from being
    done.
    """
    try:
        counted = task(context)
    except Exception as error:
        logger.error("not done", task=name, error=type(error).__name__)
        counted = {"Failed": 1}
    for metric, value in counted.items():
        done[metric] += value


def _calendars(context: Context) -> dict[str, int]:
    result = reclock(context)
    return {"Reclocked": result.moved, "Failed": result.failed}


def _presence(context: Context) -> dict[str, int]:
    return {"Failed": look_after(context)}


def _sources(context: Context) -> dict[str, int]:
    return {"Failed": watch_sources(context)}


def _reach(context: Context) -> dict[str, int]:
    return {"Failed": look_at_reach(context)}


_TASKS: tuple[tuple[str, Callable[[Context], dict[str, int]]], ...] = (
    ("calendars", _calendars),
    ("presence", _presence),
    ("sources", _sources),
    ("reach", _reach),
)
