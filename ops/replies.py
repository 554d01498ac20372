"""`triagewire replies list|replay`: what was written to requesters and did not get through.

It is shown by ids, codes and times. `replay` sends what was given up once more under its old id, as
the desk does with one: after a receiver was down for longer than the schedule lasts.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from ops.deployed import add_stack_argument, context_of, deployed, told_plainly
from triagewire.errors import NotFoundError
from triagewire.flow.context import Context
from triagewire.flow.undoing import send_once_more
from triagewire.replies.undelivered import State, Undelivered
from triagewire.store.due_replies import undelivered


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="what waits for another try, or was given up")
    replay = actions.add_parser("replay", help="send what was given up once more")
    for action in (listed, replay):
        action.add_argument("--site", metavar="SITE", help="only of this site")
        action.add_argument(
            "--since", type=_time, metavar="TIME", help="only what was written since (ISO 8601)"
        )
        action.add_argument("--json", action="store_true", help="one JSON line for each")
        add_stack_argument(action)
    replay.add_argument("--dry-run", action="store_true", help="only say what would be sent")


def run(args: argparse.Namespace) -> int:
    """0, also when there is nothing; 1 when somebody changed one of the tickets all the time."""
    with told_plainly():
        context = context_of(deployed(args.stack), datetime.now(UTC))
        found = list(_found(context, args.site, args.since))
        if args.action == "list":
            for each in found:
                print(_line(each, json_wanted=args.json))
            return 0
        failed = [each for each in found if each.state is State.FAILED]
        done = [each for each in failed if args.dry_run or send_once_more(context, each)]
        for each in done:
            print(_line(each, json_wanted=args.json))
        return int(len(done) < len(failed))


def _found(context: Context, site: str | None, since: datetime | None) -> Iterator[Undelivered]:
    known = sorted(context.policy.policy.sites)
    if site is not None and site not in known:
        raise NotFoundError(f"the policy has no site {site}: it has {', '.join(known)}")
    for each in [site] if site else known:
        for found in undelivered(context.tables, each):
            if since is None or found.at >= since:
                yield found


def _line(each: Undelivered, *, json_wanted: bool) -> str:
    again = each.next_try_at.isoformat() if each.next_try_at else None
    shown = {
        "site": each.site,
        "ticket": each.ticket_id,
        "message": each.sk,
        "way": each.way.value,
        "at": each.at.isoformat(),
        "tries": each.tries,
        "why": each.why,
        "state": each.state.value,
        "next_try_at": again,
    }
    if json_wanted:
        return json.dumps(shown)
    then = f"again at {again}" if again else "given up"
    return (
        f"{each.at:%Y-%m-%d %H:%M}Z  {each.site}  {each.ticket_id}  {each.way.value:8}"
        f"  {each.why}, {each.tries} tries, {then}"
    )


def _time(text: str) -> datetime:
    """A time of the command line; without an offset it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a time such as 2026-03-02T08:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
