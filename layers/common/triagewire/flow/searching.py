"""Finding tickets of a site: by id, by who asks, by the words of what is open.

Whoever searches finds only what they may see, and every search is in the ledger before anything of
it is shown: who, by what, how many; never the words or the identity.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from triagewire.access import Principal
from triagewire.arrival import Requester
from triagewire.errors import ConflictError, InvalidFieldError, NotFoundError
from triagewire.flow.context import Context, Plan
from triagewire.flow.looking import visible_ticket
from triagewire.flow.readable import readable_tickets
from triagewire.folding import has_all, words_of
from triagewire.ledger.event import Action, Entry
from triagewire.routing.person import identities, identity_hash
from triagewire.store.findable import tickets_of, words_of_site
from triagewire.store.searches import noted_search
from triagewire.ticket import Ticket

MOST_FOUND = 50
MOST_OF_REQUESTER = 200
"""The newest tickets of an identity that are looked at."""
MOST_PAGES = 8
"""So many times 3,000 messages are looked through; more would take longer than people wait."""
MOST_MATCHES = 400
"""Messages with the words in them that are looked at further."""
MOST_WORDS = 20
ATTEMPTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The tickets that a search found, in order; whether there are, or may be, `more` of them."""

    tickets: tuple[Ticket, ...]
    more: bool = False


def by_ticket(context: Context, principal: Principal, site: str, ticket_id: str) -> Found:
    """The ticket of an id, or the one that it was merged into, open or not; nothing where there is
    none or the principal may not see it. Raises NotFoundError for a site that is not theirs.
    """
    principal.open_site(site)
    try:
        ticket = visible_ticket(context, principal, ticket_id) if ticket_id else None
    except NotFoundError:
        ticket = None
    here = ticket is not None and ticket.site == site
    found = Found(tickets=(ticket,) if ticket is not None and here else ())
    return _noted(context, principal, site, "by ticket", found)


def by_requester(
    context: Context, principal: Principal, site: str, requester: Requester, *, closed: bool = False
) -> Found:
    """The tickets of whoever states an identity, the newest first; those that are not open only
    where `closed` ones are asked for. Raises NotFoundError, and InvalidFieldError for what is no
    identity.
    """
    principal.open_site(site)
    known = identities(requester)
    if not known:
        raise InvalidFieldError("requester", "is nothing that anybody could be known by")
    hashed = identity_hash(context.identity_key, site, known[0])
    ids = tickets_of(context.tables, site, hashed, MOST_OF_REQUESTER)
    seen = _seen(context, principal, site, ids, closed=closed)
    found = _first(seen, lambda ticket: -ticket.received_at.timestamp())
    more = found.more or len(ids) >= MOST_OF_REQUESTER
    return _noted(context, principal, site, "by requester", Found(tickets=found.tickets, more=more))


def by_words(
    context: Context, principal: Principal, site: str, text: str, *, closed: bool = False
) -> Found:
    """The open tickets that have every word of a text in one of their messages, the most urgent
    first; resolved ones too where `closed` ones are asked for. Raises NotFoundError, and
    InvalidFieldError for a text without a word.
    """
    principal.open_site(site)
    words = words_of(text)
    if not words or len(words) > MOST_WORDS:
        raise InvalidFieldError("text", f"must have at least one word, and at most {MOST_WORDS}")
    ids, whole = _with_words(context, site, words)
    seen = _seen(context, principal, site, ids, closed=closed)
    found = _first(seen, _by_urgency)
    told = Found(tickets=found.tickets, more=found.more or not whole)
    return _noted(context, principal, site, "by words", told)


def _with_words(context: Context, site: str, words: tuple[str, ...]) -> tuple[list[str], bool]:
    """The ids under which messages with all words stand, and whether all were looked at."""
    ids: list[str] = []
    for number, page in enumerate(words_of_site(context.tables, site), start=1):
        ids.extend(ticket_id for ticket_id, text in page.found if has_all(text, words))
        if len(ids) > MOST_MATCHES:
            return ids[:MOST_MATCHES], False
        if page.last or number == MOST_PAGES:
            return ids, page.last
    return ids, True


def _seen(
    context: Context, principal: Principal, site: str, ids: Iterable[str], *, closed: bool
) -> list[Ticket]:
    """The tickets that people work on for these ids, each once, as far as the principal may see
    them.
    """
    return [
        ticket
        for ticket in _standing_for(context, tuple(ids))
        if ticket.site == site
        and principal.may_see(ticket.site, ticket.team)
        and (closed or ticket.is_open)
    ]


def _standing_for(context: Context, ids: tuple[str, ...]) -> Iterable[Ticket]:
    """The tickets that stand for others after every merge, each once."""
    known: dict[str, Ticket] = {}
    wanted = ids
    while wanted:
        found = readable_tickets(context, wanted)
        known |= found
        into = dict.fromkeys(each.merged_into or "" for each in found.values())
        wanted = tuple(each for each in into if each and each not in known)
    last: dict[str, Ticket] = {}
    for each in ids:
        ticket = known.get(each)
        passed: set[str] = set()
        while ticket is not None and ticket.merged_into and ticket.id not in passed:
            passed.add(ticket.id)
            ticket = known.get(ticket.merged_into)
        if ticket is not None:
            last[ticket.id] = ticket
    return last.values()


def _first[T](tickets: list[Ticket], order: Callable[[Ticket], T]) -> Found:
    ordered = sorted(tickets, key=lambda ticket: (order(ticket), ticket.id))
    return Found(tickets=tuple(ordered[:MOST_FOUND]), more=len(ordered) > MOST_FOUND)


def _by_urgency(ticket: Ticket) -> tuple[bool, int, datetime]:
    clocks = [clock for clock in (ticket.clock, ticket.resolution) if clock is not None]
    due = [clock.due_at for clock in clocks if clock.stopped_at is None]
    soonest = min(due, default=ticket.received_at)
    return not ticket.is_open, -int(ticket.urgency), soonest


def _noted(context: Context, principal: Principal, site: str, how: str, found: Found) -> Found:
    """What was found, once the ledger has that somebody searched. Raises ConflictError."""
    entry = Entry(
        action=Action.SEARCHED,
        why=how,
        detail={"site": site, "found": len(found.tickets), "more": found.more},
    )
    for _ in context.tries(ATTEMPTS):
        writes = noted_search(context.tables, site, principal.id, entry, context.stamp)
        try:
            Plan(writes=writes).commit(context)
        except ConflictError:
            continue
        return found
    raise ConflictError("too many searches at once: try again")
