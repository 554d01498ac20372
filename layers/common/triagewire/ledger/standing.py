"""How a ticket stood before a change and after it, as its ledger says it: codes and ids only."""

from triagewire.ledger.event import Detail
from triagewire.ticket import Ticket

BEFORE, AFTER = "state_before", "state_after"


def difference(before: Ticket, after: Ticket) -> dict[str, list[str]]:
    """What a change made of a ticket, as `name=value` of what differs; nothing where nothing does.

    A value that was or became none stands as `name=`.
    """
    was, now = _standing(before), _standing(after)
    changed = [name for name in now if was[name] != now[name]]
    if not changed:
        return {}
    return {
        BEFORE: [f"{name}={was[name]}" for name in changed],
        AFTER: [f"{name}={now[name]}" for name in changed],
    }


def told(detail: Detail) -> dict[str, str]:
    """The values that one side of a difference names, by their names."""
    listed = detail if isinstance(detail, list) else []
    return dict(each.split("=", 1) for each in listed if "=" in each)


def _standing(ticket: Ticket) -> dict[str, str]:
    return {
        "status": ticket.status.value,
        "team": ticket.team or "",
        "owner": ticket.assignee or "",
        "urgency": str(int(ticket.urgency)),
        "outcome": ticket.outcome or "",
        "merged_into": ticket.merged_into or "",
    }
