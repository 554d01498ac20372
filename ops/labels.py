"""`triagewire labels`: what people decided in review, held against what scoring had said.

Counts for whoever tunes the rules, and an export to learn from. Words are shown on request only,
and the ledger of each ticket then says who had them.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from ops.deployed import add_stack_argument, context_of, deployed, told_plainly
from triagewire.errors import NotFoundError
from triagewire.flow.context import Context
from triagewire.flow.looking import record, seen_as
from triagewire.label import Label
from triagewire.ledger.event import Action, Entry
from triagewire.message import Direction
from triagewire.store.labels import labels_since
from triagewire.store.messages import read_messages
from triagewire.store.tickets import load_ticket

DAYS = 30
MOST_RULES = 15
WARNING = "what follows holds words of patients: PHI"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"of the last N days ({DAYS})"
    )
    parser.add_argument("--site", metavar="SITE", help="only of this site")
    parser.add_argument("--json", action="store_true", help="one JSON line for each label")
    parser.add_argument(
        "--show-words",
        action="store_true",
        help="with --json: also the texts, for training; the ledger says that you had them",
    )
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0, also when there is no label yet."""
    with told_plainly():
        context = context_of(deployed(args.stack), datetime.now(UTC))
        found = list(labels_of(context, args.site, args.days))
        if args.json:
            if args.show_words:
                print(WARNING, file=sys.stderr)
            for label in found:
                print(json.dumps(exported(context, label, words=args.show_words)))
        else:
            print("\n".join(summary(found, args.days)))
    return 0


def labels_of(context: Context, site: str | None, days: int) -> Iterator[Label]:
    """The labels of the last days, of one site or of all. Raises NotFoundError for a site that the
    policy does not have.
    """
    known = sorted(context.policy.policy.sites)
    if site is not None and site not in known:
        raise NotFoundError(f"the policy has no site {site}: it has {', '.join(known)}")
    since = context.now - timedelta(days=days)
    for each in [site] if site else known:
        yield from labels_since(context.tables, each, since)


def exported(context: Context, label: Label, *, words: bool) -> dict[str, object]:
    """One label as a JSON value; `text` only where the access is in the ticket's ledger first."""
    told: dict[str, object] = {
        "ticket": label.ticket_id,
        "site": label.site,
        "at": label.at.isoformat(),
        "by": label.by,
        **label.detail(),
        "reviewed": label.reviewed,
        "policy_version": label.policy_version,
    }
    return {**told, "text": _words(context, label.ticket_id)} if words else told


def summary(labels: Sequence[Label], days: int) -> Iterator[str]:
    """The counts in plain lines."""
    elsewhere = sum(not each.reviewed for each in labels)
    labels = [each for each in labels if each.reviewed]
    yield f"{len(labels)} decisions in review in {days} days"
    if elsewhere:
        yield f"{elsewhere} tickets outside review were scored anew by a person"
    if not labels:
        return
    yield _share("found urgent", sum(each.urgent for each in labels), len(labels))
    yield _share("the team was as scored", sum(each.team_agrees for each in labels), len(labels))
    yield _share("the topic was as scored", sum(each.topic_agrees for each in labels), len(labels))
    for score, count in sorted(Counter(int(each.score) for each in labels).items(), reverse=True):
        yield _share(f"decided {score}", count, len(labels))
    tongues = Counter(each.language for each in labels if each.language)
    yield from (_share(f"written in {name}", count, len(labels)) for name, count in tongues.items())
    yield ""
    yield "why they were in review, and how many of those were urgent"
    yield from _by_rule(labels)


def _by_rule(labels: Sequence[Label]) -> Iterator[str]:
    all_of = Counter(rule for each in labels for rule in each.rules or ("nothing understood",))
    urgent = Counter(
        rule for each in labels if each.urgent for rule in each.rules or ("nothing understood",)
    )
    for rule, count in all_of.most_common(MOST_RULES):
        yield f"  {rule:<32} {urgent[rule]:>5} of {count}"


def _share(name: str, count: int, of: int) -> str:
    return f"  {name:<32} {count:>5}  {100 * count / of:5.1f} %"


def _words(context: Context, ticket_id: str) -> str:
    """What the requester said first; the ledger has the access before anybody has the words."""
    ticket = load_ticket(context.tables, ticket_id)
    if ticket is None:
        return ""
    why = "words exported with their label by an operator"
    record(context, ticket, Entry(action=Action.VIEWED, why=why, detail=seen_as(ticket)))
    said = (
        message
        for message in read_messages(context.tables, ticket_id)
        if message.direction is Direction.INBOUND
    )
    first = next(said, None)
    return "\n\n".join(part for part in (first.subject, first.text) if part) if first else ""
