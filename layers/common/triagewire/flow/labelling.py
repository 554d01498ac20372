"""What a person says of a ticket against its verdict becomes a label, in the same transaction."""

from collections.abc import Iterator, Mapping

from triagewire.access import Principal
from triagewire.errors import InvalidFieldError
from triagewire.flow.context import Context, Plan
from triagewire.label import Basis, Label, rules_of
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Policy
from triagewire.store.labels import add_label
from triagewire.ticket import Ticket
from triagewire.verdict import Verdict


def labelled(
    context: Context,
    principal: Principal,
    before: Ticket,
    after: Ticket,
    basis: Basis | None,
    plan: Plan,
) -> tuple[Entry, ...]:
    """The ledger entry of a person's decision that ends a review, and its label in the plan;
    nothing for a ticket that was under none, or that scoring never saw.
    """
    if not before.in_review or after.in_review:
        return ()
    return kept_as_label(context, principal, before, after, basis, plan)


def kept_as_label(
    context: Context,
    principal: Principal,
    before: Ticket,
    after: Ticket,
    basis: Basis | None,
    plan: Plan,
) -> tuple[Entry, ...]:
    """The same for what a person says of any ticket with a verdict, under review or not."""
    said, decided = before.verdict, after.verdict
    if said is None or decided is None:
        return ()
    label = _label(context, principal, before, said, decided, basis)
    plan.writes.append(add_label(context.tables, label))
    return (Entry(action=Action.LABELLED, why="a person decided", detail=label.detail()),)


def checked_topic(topic: str, ticket: Ticket, policy: Policy) -> str:
    """A topic that the policy's rules or the ticket's own verdict know: anything else could be a
    person's name, and it stands in the ledger. Raises InvalidFieldError.
    """
    verdict = ticket.verdict
    own = {verdict.topic, *(need.topic for need in verdict.others)} if verdict else set()
    if topic in own or topic in set(known_topics(policy.rules)):
        return topic
    raise InvalidFieldError("topic", "is no topic of the policy's rules")


def known_topics(rules: Mapping[str, object]) -> Iterator[str]:
    """The topics that a policy's rules know, each as often as a rule names it."""
    for part in rules.values():
        found = part.get("rules") if isinstance(part, Mapping) else None
        for rule in found.values() if isinstance(found, Mapping) else ():
            topic = rule.get("topic") if isinstance(rule, Mapping) else None
            if isinstance(topic, str):
                yield topic


def _label(
    context: Context,
    principal: Principal,
    ticket: Ticket,
    said: Verdict,
    decided: Verdict,
    basis: Basis | None,
) -> Label:
    return Label(
        ticket_id=ticket.id,
        site=ticket.site,
        at=context.now,
        by=principal.id,
        scored=said.score,
        candidate=said.candidate,
        scored_topic=said.topic,
        scored_team=said.team,
        rules=rules_of(said),
        language=said.language,
        policy_version=context.policy.version,
        score=decided.score,
        topic=decided.topic,
        team=decided.team,
        basis=basis,
        reviewed=ticket.in_review,
    )
