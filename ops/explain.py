"""`triagewire explain`: one message's scoring, drawn: what matched and what each rule did."""

import argparse
import json
import sys
from datetime import UTC, datetime

from ops.deployed import context_of, deployed
from ops.drawing import as_data, drawn
from ops.policy_named import DEFAULTS, named_policy
from triagewire.errors import NotFoundError
from triagewire.flow.judge import subject_of
from triagewire.flow.looking import seen_as
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Policy
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.store.messages import first_said
from triagewire.store.table import commit
from triagewire.store.tickets import Change, changed, load_ticket
from triagewire.verdict import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("ticket", nargs="?", help="a ticket of the stack; else text or stdin")
    parser.add_argument("--text", help="the message; stdin when neither is given")
    parser.add_argument("--voice", choices=("patient", "staff"), default="patient")
    parser.add_argument("--policy", default=DEFAULTS, metavar="DIR", help="a policy directory")
    parser.add_argument("--stack", metavar="NAME", help="the stack that has the ticket")
    parser.add_argument("--json", action="store_true", help="print for machines")


def run(args: argparse.Namespace) -> int:
    """0 when it was drawn. A ticket is shown as it was judged; looking at it is in its ledger."""
    if args.ticket:
        subject, verdict, policy = _of_ticket(args.ticket, args.stack or "triagewire")
    else:
        text = sys.stdin.read() if args.text is None else args.text
        policy = named_policy(args.policy, None)
        subject = ScoringInput(text=text, voice=args.voice, now=datetime.now(UTC))
        verdict = score(subject, build_engine(rules_from(policy.rules)))
    points = _points(policy)
    if args.json:
        print(json.dumps(as_data(subject, verdict, points), indent=2, ensure_ascii=False))
    else:
        print(drawn(subject, verdict, points, colour=sys.stdout.isatty()))
    return 0


def _of_ticket(ticket_id: str, stack: str) -> tuple[ScoringInput, Verdict, Policy]:
    """A ticket's first message and verdict. Raises NotFoundError for an unknown or unscored one."""
    context = context_of(deployed(stack), datetime.now(UTC))
    ticket = load_ticket(context.tables, ticket_id)
    if ticket is None or ticket.verdict is None:
        raise NotFoundError(f"ticket {ticket_id} is not in the stack, or not scored yet")
    why = "its scoring was explained to an administrator"
    entry = Entry(action=Action.VIEWED, why=why, detail=seen_as(ticket))
    _, writes = changed(
        context.tables, Change(before=ticket, after=ticket, entries=(entry,)), context.stamp
    )
    commit(context.tables, writes)
    message = first_said(context.tables, ticket_id)
    return subject_of(ticket, message, context.now), ticket.verdict, context.policy.policy


def _points(policy: Policy) -> dict[str, float]:
    """What each rule of the safety net adds, by rule id."""
    rules = rules_from(policy.rules).clinical.rules
    return {rule.id: rule.points for rule in rules if rule.points}
