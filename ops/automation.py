"""`triagewire automation`: which program a staff request would go to, and what it would be told."""

import argparse
import json
import sys
from datetime import UTC, datetime

from ops.policy_named import named_policy
from triagewire.arrival import Channel, Requester, RequesterKind, StaffRequest
from triagewire.channels.reading.staff import STAFF_FIELDS
from triagewire.errors import InvalidFieldError, NotFoundError
from triagewire.ids import TICKET_ID_LENGTH
from triagewire.message import Message
from triagewire.policy.model import Policy, Site
from triagewire.replies.automation import (
    event_of,
    fields_of,
    is_of,
    is_plain_request,
    requested,
    wanted_from_program,
    words_of,
)
from triagewire.routing.queueing import queue_of
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import Status, Ticket

EXAMPLE = "A" * TICKET_ID_LENGTH
WHO = Requester(kind=RequesterKind.STAFF, email="somebody@clinic.example", name="Somebody")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("--policy", required=True, metavar="DIR", help="a policy directory")
    parser.add_argument("--site", required=True, help="a site of it")
    parser.add_argument("--text", help="what somebody of staff writes; stdin without it")
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"a field of the request: {', '.join(STAFF_FIELDS)}",
    )


def run(args: argparse.Namespace) -> int:
    """0 in either case: prints the event as JSON, without its callback, or why there is none.
    Raises PolicyError, NotFoundError for an unknown site, and InvalidFieldError.
    """
    policy = named_policy(args.policy, None)
    if args.site not in policy.sites:
        raise NotFoundError(f"the policy has no site {args.site}")
    now, site = datetime.now(UTC), policy.sites[args.site]
    text = sys.stdin.read() if args.text is None else args.text
    message = _message(text, args.field, now)
    ticket = _routed(message, args.site, policy, now)
    wanted = wanted_from_program(ticket, (message,), site)
    if wanted is None:
        print("\n".join(_why_none(ticket, message, site)))
        return 0
    event = event_of(ticket, requested(wanted, now), fields_of((message,)))
    print(json.dumps(event, indent=2, ensure_ascii=False))
    return 0


def _message(text: str, fields: list[str], now: datetime) -> Message:
    stated = dict(each.partition("=")[::2] for each in fields)
    for name in stated:
        if name not in STAFF_FIELDS:
            raise InvalidFieldError("--field", f"a name is one of {', '.join(STAFF_FIELDS)}")
    return Message(
        ticket_id=EXAMPLE,
        at=now,
        channel=Channel.WEB,
        text=text,
        staff_request=StaffRequest(**stated) if stated else None,
    )


def _routed(message: Message, site_id: str, policy: Policy, now: datetime) -> Ticket:
    """The ticket as it would stand in its queue."""
    subject = ScoringInput(
        text=message.text, voice="staff", staff_request=message.staff_request, now=now
    )
    verdict = score(subject, build_engine(rules_from(policy.rules)))
    return Ticket(
        id=EXAMPLE,
        site=site_id,
        source="form",
        requester=WHO,
        received_at=now,
        channels=(message.channel,),
        status=Status.ROUTED,
        verdict=verdict,
        team=queue_of(verdict, policy.sites[site_id]).team,
    )


def _why_none(ticket: Ticket, message: Message, site: Site) -> list[str]:
    """In words for who writes a policy."""
    verdict = ticket.verdict
    if verdict is None or not is_plain_request(ticket):
        score_of = f"score {int(verdict.score)}, {verdict.topic}, {ticket.team}" if verdict else ""
        return [f"no program: people have it first ({score_of})"]
    fields, words = fields_of((message,)), words_of((message,))
    told = [f"no program: topic {verdict.topic}, team {ticket.team}"]
    for name, kind in site.automation.types.items():
        missing = [needed for needed in kind.needs if not fields.get(needed)]
        if not kind.enabled:
            told.append(f"  {name}: not enabled")
        elif not is_of(kind.when, ticket, words, fields):
            told.append(f"  {name}: not what `when` asks for")
        else:
            told.append(f"  {name}: needs {', '.join(missing)}")
    return told
