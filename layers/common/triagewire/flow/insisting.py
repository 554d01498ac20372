"""A third message within an hour that nobody has answered raises its need, once."""

from datetime import datetime, timedelta

from triagewire.flow.context import Context
from triagewire.message import Direction
from triagewire.routing.insisting import WITHIN, waits_since
from triagewire.routing.nods import adds_nothing
from triagewire.routing.person import Identity, identities
from triagewire.scoring.doubt import Doubt, doubted, raised_to_urgent
from triagewire.store.messages import read_messages
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Ticket
from triagewire.verdict import RuleSet, Urgency, Verdict

THIRD = Doubt(
    rule="third-message",
    why="the third message within an hour, and nobody has answered",
    effect="review: who writes again and again may be getting worse",
)
LOOKED_AT = 6
"""How many of the messages that landed last are looked at; two of them decide."""


def insisting(context: Context, ticket: Ticket, verdict: Verdict, survivor: Ticket) -> Verdict:
    """The verdict on a message that is to land on `survivor`, raised where it is the third.

    It goes to review. Where a danger sign has been feared for as long as a review may take and
    still nobody has answered, it pages: the queue that was to look has not looked.
    """
    landed = landed_last(context, survivor)
    if verdict.score is Urgency.CLINICAL_URGENT or _told_before(survivor, landed):
        return verdict
    since = waits_since(ticket.received_at, *_times(context, ticket, survivor, landed))
    if since is None:
        return verdict
    patience = timedelta(minutes=context.site(survivor.site).targets.review.minutes)
    if _feared(survivor) and ticket.received_at - since >= patience and survivor.verdict:
        return raised_to_urgent(verdict, survivor.verdict.topic, THIRD)
    return doubted(verdict, [THIRD])


def landed_last(context: Context, survivor: Ticket) -> list[Ticket]:
    """The tickets that were merged into this one last, the latest first."""
    ids = reversed(survivor.merged_from[-LOOKED_AT:])
    return [found for each in ids if (found := load_ticket(context.tables, each)) is not None]


def _told_before(survivor: Ticket, landed: list[Ticket]) -> bool:
    return any(
        reason.rule == THIRD.rule
        for each in (survivor, *landed)
        if each.verdict is not None
        for reason in each.verdict.reasons
    )


def _times(
    context: Context, ticket: Ticket, survivor: Ticket, landed: list[Ticket]
) -> tuple[list[datetime], list[datetime]]:
    """When the requester wrote before, and when a person wrote back."""
    said = list(read_messages(context.tables, survivor.id))
    first = [each.at for each in said if each.direction is Direction.INBOUND][:1]
    own = set(identities(ticket.requester))
    later = [each.received_at for each in landed if _counts(each, own)]
    if survivor.reopened or not own & set(identities(survivor.requester)):
        first = []  # it was answered, or it was somebody else's
    back = [each.at for each in said if each.direction is Direction.OUTBOUND and not each.automatic]
    return [*first, *later], [each for each in back if each >= ticket.received_at - WITHIN]


def _counts(landed: Ticket, own: set[Identity]) -> bool:
    """Whether it was a message of the same person, and more than a nod or half of a call."""
    if landed.quiet or landed.awaits or not own & set(identities(landed.requester)):
        return False
    return landed.verdict is None or not adds_nothing(landed.verdict)


def _feared(survivor: Ticket) -> bool:
    """Whether it stands in review for a danger sign that the words name."""
    verdict = survivor.verdict
    if verdict is None or not survivor.in_review:
        return False
    named = any(each.set is RuleSet.CLINICAL and each.text_span for each in verdict.reasons)
    return named and verdict.candidate is Urgency.CLINICAL_URGENT
