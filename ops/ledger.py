"""`triagewire ledger`: prove that nobody touched the ledger, and hand out what it says."""

import argparse
from collections.abc import Callable
from importlib import import_module

COMMANDS = {
    "verify": "whether the ledger is what was recorded: a ticket, a day, all; or a file, offline",
    "copy": "lock away what never got its copy: older than the stream, or given up by it",
    "export": "hand out the trail of a ticket, a patient or a period, signed, and as a page",
    "examine": "say who looked at what in a month, and what to look at first",
    "key": "print the public key of the checkpoints, as PEM",
}
"""Each lives in `ops/ledger_<name>.py`, with `add_arguments` and `run` as every command has."""

type _Run = Callable[[argparse.Namespace], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands; each declares its own options."""
    commands = parser.add_subparsers(dest="ledger", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        module = import_module(f"ops.ledger_{name}")
        command = commands.add_parser(name, help=purpose, description=purpose)
        module.add_arguments(command)
        command.set_defaults(run_ledger=module.run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; returns its exit code."""
    chosen: _Run = arguments.run_ledger
    return chosen(arguments)
