"""One sweep: everything that is due is done, whatever fails beside it, and then it is looked
whether nothing was forgotten.

Pages come first and are told before anything else is begun. Work stops when no time is left for
more of it; what is left stays due, and the next sweep begins with what has been due for longest.
"""

from collections.abc import Callable, Iterable
from itertools import batched

from triagewire.errors import SiteMissingError
from triagewire.flow.auditing import LATE, audit
from triagewire.flow.context import Context
from triagewire.flow.delivering import always, deliver_all
from triagewire.flow.due_replies import hand_on_due
from triagewire.flow.escalate import Acted, Seen, due_others, due_pages, take_steps
from triagewire.flow.presence import look_after
from triagewire.flow.purging import purge_due
from triagewire.flow.reaching import look_at_reach
from triagewire.flow.reclocking import reclock
from triagewire.flow.watch_rotas import gaps_soon
from triagewire.flow.watch_sources import watch_sources
from triagewire.observability import logger
from triagewire.store.outbox import Box, due_boxes
from triagewire.store.tickets import Due, load_tickets
from triagewire.ticket import Ticket

TOGETHER = 25
"""So many due tickets are read in one call."""
COUNTED = (
    *("Due", "Steps", "Late", "Rescued", "GivenUp", "PageUnanswered", "SiteMissing"),
    *("Reclocked", "Audited", "Repaired", "Overdue", "Unaudited", "Failed"),
    *("OnCallGaps", "RepliesDue"),
    *("Purged", "PurgeFailed", "PurgesLate"),
)


def sweep(
    context: Context, more: Callable[[], bool] = always, at_all: Callable[[], bool] = always
) -> dict[str, int]:
    """Do all that is due at `context.now`; returns what was done, by the names of its metrics.

    `more()` says whether time is left to begin with another ticket, `at_all()` whether there is
    any: what is kept back between them is for telling people and for the look at the end.
    """
    run = _Sweep(context, more)
    run.attempt("pages", lambda context: run.serve(due_pages(context)))
    # Those who wait since before too, or the sites of this minute's pages always went first.
    run.attempt("pages in the outbox", lambda context: run.look_for_boxes(context, pages=True))
    run.attempt("telling of pages", lambda context: run.tell(context, at_all))
    run.attempt("steps", lambda context: run.serve(due_others(context)))
    for name, task in _TASKS:
        if more():
            run.attempt(name, task)
    run.attempt("outbox", run.look_for_boxes)
    run.attempt("telling", lambda context: run.tell(context, at_all))
    # Behind all that somebody waits for: words may go a minute later.
    run.attempt("purges", lambda context: purge_due(context, more))
    run.attempt("audit", lambda context: audit(context, run.tried, at_all))
    return run.done


def all_is_well(done: dict[str, int]) -> bool:
    """Whether a sweep may say that nothing was forgotten: nothing failed, and nothing is late."""
    return not (done["Failed"] or done["Overdue"] or done["Unaudited"])


class _Sweep:
    """One sweep as far as it has come."""

    def __init__(self, context: Context, more: Callable[[], bool]) -> None:
        self.done = dict.fromkeys(COUNTED, 0)
        self.tried: set[str] = set()
        self._context, self._more, self._seen = context, more, Seen()
        self._boxes: dict[Box, None] = {}

    def serve(self, due: Iterable[Due]) -> dict[str, int]:
        """Do the steps of due tickets, whatever happens to the others."""
        for some in batched(due, TOGETHER, strict=False):
            known = self._known(some)
            for each in some:
                if not self._more():
                    return {}
                self._serve(each, known.get(each.ticket_id))
        return {}

    def look_for_boxes(self, context: Context, *, pages: bool = False) -> dict[str, int]:
        """Find what else people are to be told, those first who have waited for longest."""
        found = due_boxes(context.tables, context.now, pages=pages)
        waiting = sorted(found, key=lambda each: each[1])
        self._boxes = dict.fromkeys((*(box for box, _ in waiting), *self._boxes))
        return {}

    def tell(self, context: Context, at_all: Callable[[], bool]) -> dict[str, int]:
        """Tell people what is known to wait for them, pages before all else."""
        boxes, self._boxes = self._boxes, {}
        return {"Failed": deliver_all(context, boxes, at_all)}

    def attempt(self, name: str, task: Callable[[Context], dict[str, int]]) -> None:
        """Do what is not of one ticket; its failure keeps nothing else from being done."""
        try:
            self.count(task(self._context))
        except Exception as error:
            logger.error("not done", task=name, error=type(error).__name__)
            self.count({"Failed": 1})

    def count(self, found: dict[str, int]) -> None:
        """Add to what was done."""
        for name, value in found.items():
            self.done[name] += value

    def _serve(self, due: Due, known: Ticket | None) -> None:
        late = self._context.now - due.at > LATE
        self.count({"Due": 1, "Late": late})
        try:
            acted = take_steps(self._context, due.ticket_id, known, self._seen)
        except SiteMissingError:
            logger.error("nobody can be told of a ticket", ticket_id=due.ticket_id)
            self.count({"SiteMissing": 1})
        except Exception as error:
            name = type(error).__name__
            logger.error("ticket not served", ticket_id=due.ticket_id, error=name)
            self.count({"Failed": 1})
        else:
            self.tried.add(due.ticket_id)
            self.count(_numbers(acted))
            self._boxes |= dict.fromkeys(acted.boxes)

    def _known(self, due: Iterable[Due]) -> dict[str, Ticket]:
        """The tickets as they are now; none where one of them cannot be read: it must not hide the
        others, and each is read again by its own step.
        """
        try:
            return load_tickets(self._context.tables, [each.ticket_id for each in due])
        except Exception as error:
            logger.error("due tickets not read together", error=type(error).__name__)
            return {}


def _numbers(acted: Acted) -> dict[str, int]:
    return {
        "Steps": acted.steps,
        "Rescued": acted.rescued,
        "GivenUp": acted.given_up,
        "PageUnanswered": acted.unanswered,
        "SiteMissing": acted.site_missing,
    }


def _calendars(context: Context) -> dict[str, int]:
    result = reclock(context)
    return {"Reclocked": result.moved, "Failed": result.failed}


def _presence(context: Context) -> dict[str, int]:
    return {"Failed": look_after(context)}


def _sources(context: Context) -> dict[str, int]:
    return {"Failed": watch_sources(context)}


def _reach(context: Context) -> dict[str, int]:
    return {"Failed": look_at_reach(context)}


def _replies(context: Context) -> dict[str, int]:
    return {"RepliesDue": hand_on_due(context)}


def _rotas(context: Context) -> dict[str, int]:
    return {"OnCallGaps": gaps_soon(context)}


_TASKS: tuple[tuple[str, Callable[[Context], dict[str, int]]], ...] = (
    ("replies", _replies),
    ("calendars", _calendars),
    ("presence", _presence),
    ("sources", _sources),
    ("reach", _reach),
    ("rotas", _rotas),
)
