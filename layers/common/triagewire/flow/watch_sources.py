"""Telling the owners of sources: of silence, of limited calls, and when it is over.

The notice is in the outbox before its mark is written: a crash in between repeats it, with the same
id, and loses none.
"""

from triagewire.channels.source import Source
from triagewire.channels.source_state import SourceState
from triagewire.clock.calendar import Calendar
from triagewire.escalation.source_watch import look
from triagewire.flow.context import Context, Plan
from triagewire.flow.notifying import put_out
from triagewire.observability import logger
from triagewire.store.source_states import read_source_states, write_marks


def watch_sources(context: Context) -> int:
    """Look at every source of the policy, whatever happens to the others.

    Returns for how many it failed. Raises what the table raises when no state can be read.
    """
    states = read_source_states(context.tables)
    failed = 0
    for site in context.policy.policy.sites.values():
        calendar = site.calendar
        for source in site.sources.values():
            state = states.get(f"{source.site}/{source.name}", SourceState())
            try:
                _tell(context, source, state, calendar, source.owner or site.catch_all)
            except Exception as error:
                failed += 1
                logger.error(
                    "source not watched",
                    site=source.site,
                    source=source.name,
                    error=type(error).__name__,
                )
    return failed


def _tell(
    context: Context, source: Source, state: SourceState, calendar: Calendar, owner: str
) -> None:
    for seen in look(source, state, calendar, owner, context.now):
        if seen.notice is not None:
            plan = Plan()
            put_out(context, (seen.notice,), plan)
            plan.commit(context)
        write_marks(context.tables, f"{source.site}/{source.name}", seen.marks, seen.seen)
