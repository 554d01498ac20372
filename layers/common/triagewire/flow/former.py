"""The policy for a ticket whose site has left the active one: the version that last decided about
the ticket. What was promised under it is kept, and the people it names are told.
"""

from dataclasses import replace

import msgspec

from triagewire.errors import PolicyMissingError, SiteMissingError
from triagewire.flow.context import Context
from triagewire.policy.model import PublishedPolicy
from triagewire.policy.retention import Retention
from triagewire.store.policies import load_policy
from triagewire.ticket import Ticket


def has_left(context: Context, ticket: Ticket) -> bool:
    """Whether the active policy has a ticket's site no more."""
    return ticket.site not in context.policy.policy.sites


def known_to(context: Context, ticket: Ticket) -> Context:
    """The surroundings in which a ticket's site is known. Raises SiteMissingError if there are
    none.
    """
    if not has_left(context, ticket):
        return context
    former = _former(context, ticket)
    if former is None or ticket.site not in former.policy.sites:
        raise SiteMissingError(f"no policy has the site of ticket {ticket.id}")
    return replace(context, policy=former)


def retention_of(context: Context, ticket: Ticket) -> Retention:
    """How long the words of a ticket are kept: for ever where no policy has its site, for nobody
    says otherwise.
    """
    try:
        return known_to(context, ticket).site(ticket.site).retention
    except SiteMissingError:
        return Retention()


def _former(context: Context, ticket: Ticket) -> PublishedPolicy | None:
    try:
        return load_policy(context.tables, ticket.policy_version)
    except (PolicyMissingError, msgspec.MsgspecError):
        return None
