"""Telling the owners of sources: of silence, of limited calls, and when it is over.

The notice goes out before its mark is written: a crash in between repeats it, with the same id,
and loses none.
"""

from dataclasses import dataclass

from triagewire.channels.source import Source
from triagewire.channels.source_state import SourceState
from triagewire.clock.calendar import Calendar
from triagewire.escalation.source_watch import look
from triagewire.flow.context import Context
from triagewire.observability import logger
from triagewire.store.source_states import read_source_states, write_marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How many notices went out, and for how many sources something failed."""

    told: int = 0
    failed: int = 0


def watch_sources(context: Context) -> Watched:
    """Look at every source of the policy, whatever happens to the others.

    Raises what the table raises when the states themselves cannot be read.
    """
    states = read_source_states(context.tables)
    told = failed = 0
    for site in context.policy.policy.sites.values():
        calendar = site.calendar
        for source in site.sources.values():
            state = states.get(f"{source.site}/{source.name}", SourceState())
            owner = source.owner or site.catch_all
            try:
                told += _tell(context, source, state, calendar, owner)
            except Exception as error:
                failed += 1
                logger.error(
                    "source not watched",
                    site=source.site,
                    source=source.name,
                    error=type(error).__name__,
                )
    return Watched(told=told, failed=failed)


def _tell(
    context: Context, source: Source, state: SourceState, calendar: Calendar, owner: str
) -> int:
    told = 0
    for seen in look(source, state, calendar, owner, context.now):
        if seen.notice is not None:
            context.publish(seen.notice)
            told += 1
        write_marks(context.tables, f"{source.site}/{source.name}", seen.marks, seen.seen)
    return told
