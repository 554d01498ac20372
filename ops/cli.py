"""`triagewire`: the command of those who run the desk. Each subcommand lives in its own file."""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from triagewire.errors import TriagewireError

COMMANDS = {
    "score": "score messages read from stdin as JSON lines; needs no AWS",
    "arrival": "verify and parse one webhook body exactly as intake would; needs no AWS",
    "explain": "draw how one message or ticket was scored",
    "policy": "check, compare, publish or show the policy; let a candidate run beside it",
    "oncall": "who is on call and when nobody is; needs no AWS but for the feed's link",
    "sla": "when a promise is due, how much of it has gone, and why; needs no AWS",
    "source": "list sources, give and change their secrets, send a signed test",
    "record": "print the public key that a record server registers; needs no AWS",
    "articles": "how the articles that requesters are answered with serve",
    "automation": "which program a staff request would go to, and what it is told; needs no AWS",
    "trends": "what the week shows that should change, its tickets, and a draft of the change",
    "labels": "what people decided in review, beside what scoring had said",
    "people": "subscribe members to pages and alerts by their ways, and say whom no page reaches",
    "route": "show where a ticket has been and in whose hands, from its ledger",
    "simulate": "play a scenario through the real decisions, print the timeline; needs no AWS",
    "replies": "list what did not reach requesters, and send it once more",
    "ledger": "prove that nobody touched the ledger, and print the key that signs for it",
    "quarantine": "list, show and read again what came signed and could not be read",
    "dead-letters": "list what ended in the failure queues, and send it back",
    "retention": "plan, time and do purges of closed tickets, list legal holds",
    "controls": "print the safeguards, where each is implemented and which test shows it; no AWS",
    "measures": "how the desk did in a period, from its signed ledger alone",
    "roi": "what the desk is worth, beside what the group measured before",
    "tail": "follow what a deployed stack does",
    "demo": "replay one clinic day on the embedded stack",
}
FAILED = 1
USAGE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 not done, 2 called wrongly."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="triagewire", description="The triage desk's own command.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    named = given[0] if given else ""
    run: Callable[[argparse.Namespace], int] | None = None
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose)
        if name == named:
            run = _load(name, command)
    parsed = parser.parse_args(given)
    if run is None:
        return USAGE
    return _guarded(run, parsed)


def _load(name: str, command: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """The subcommand's own arguments and body; only the one that was called is imported."""
    module = import_module(f"ops.{name.replace('-', '_')}")
    module.add_arguments(command)
    run: Callable[[argparse.Namespace], int] = module.run
    return run


def _guarded(run: Callable[[argparse.Namespace], int], parsed: argparse.Namespace) -> int:
    """Errors that we raise on purpose say what to do, without a traceback."""
    try:
        return run(parsed)
    except TriagewireError as error:
        print(error, file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        return FAILED
    except KeyboardInterrupt:
        return 130
