"""`triagewire demo`: replay one clinic day on the embedded stack, and check every promise."""

import argparse
import sys

from local.stack.emulator import StackError

FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("--json", action="store_true", help="print the report for machines")


def run(args: argparse.Namespace) -> int:
    """0 when every promise was kept, 1 when one was broken or the stack did not start."""
    from local.demo.run import run_demo  # noqa: PLC0415 - `--help` need not load the emulator

    try:
        return run_demo(as_json=args.json)
    except StackError as error:
        print(error, file=sys.stderr)
        return FAILED
