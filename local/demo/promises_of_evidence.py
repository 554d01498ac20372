"""Promises about what an attacker tries and an auditor finds."""

from collections.abc import Callable, Iterator

from local.demo.evidence import FORGED
from local.demo.facts import Facts

OK, FORBIDDEN, HIDDEN = 200, 403, 404
LEAST_CHECKPOINTS = 40


def forged_links_open_nothing(facts: Facts) -> Iterator[str]:
    """A link that was made without the key ends before any code that may read a ticket."""
    for path, status in zip(FORGED, facts.seen.emergency.forged, strict=False):
        if status != FORBIDDEN:
            yield f"a forged link of {path} was answered {status}"
    if len(facts.seen.emergency.forged) != len(FORGED):
        yield "no link was forged"


def emergency_access_opens_and_closes(facts: Facts) -> Iterator[str]:
    """One site for an hour, and not before nor after."""
    seen = facts.seen.emergency
    if (seen.before, seen.during, seen.after) != (HIDDEN, OK, HIDDEN):
        yield f"the queue was answered {seen.before}, then {seen.during}, then {seen.after}"


def the_ledger_is_locked_away(facts: Facts) -> Iterator[str]:
    """All of it was copied, and signed for all day."""
    if facts.found.whole.status != 0:
        yield f"verify --all said: {last_line(facts.found.whole.text)}"
    if facts.seen.checkpoints < LEAST_CHECKPOINTS:
        yield f"only {facts.seen.checkpoints} checkpoints were written"


def a_changed_event_is_named(facts: Facts) -> Iterator[str]:
    """What an administrator of the account changes by hand is found, and named."""
    said = facts.found.altered
    if said.status == 0 or "event 1" not in said.text:
        yield f"a changed event was not found: {last_line(said.text)}"


def an_export_proves_itself(facts: Facts) -> Iterator[str]:
    """It verifies without the stack's tables, and no longer once a word in it is changed."""
    if facts.found.export.status != 0:
        yield f"the export failed: {last_line(facts.found.export.text)}"
    if facts.found.offline.status != 0:
        yield f"the export does not verify: {last_line(facts.found.offline.text)}"
    if facts.found.edited.status == 0:
        yield "a changed export verifies"


def the_month_can_be_examined(facts: Facts) -> Iterator[str]:
    """The examination names who opened a site in an emergency."""
    said = facts.found.month
    if said.status != 0:
        yield f"the examination failed: {last_line(said.text)}"
    elif "nurse.abara" not in said.text:
        yield "the examination does not name who had emergency access"


def last_line(text: str) -> str:
    """The line in which a command says what came of it."""
    return text.splitlines()[-1] if text else "nothing"


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "a forged link ends before code that may read a ticket": forged_links_open_nothing,
    "emergency access opens one site for an hour": emergency_access_opens_and_closes,
    "the whole ledger is in the locked bucket, under signed checkpoints": the_ledger_is_locked_away,
    "an event that somebody changes in its table is found and named": a_changed_event_is_named,
    "an exported trail proves itself, and no longer once it is changed": an_export_proves_itself,
    "the month can be examined": the_month_can_be_examined,
}
