"""`triagewire simulate`: a scenario played through the real decisions, in memory. Needs no AWS.

What `--json` prints is a contract: evaluations script on it (docs/simulate.md).
"""

import argparse
import json
import sys
from pathlib import Path

from ops.simulation.play import play
from ops.simulation.reading import scenario_in
from ops.simulation.showing import shown
from triagewire.errors import TriagewireError

USAGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.yaml", help="what is to happen")
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="DIR",
        help="the policy folder to play it with; else the one that the scenario names",
    )
    parser.add_argument("--json", action="store_true", help="print for machines")


def run(args: argparse.Namespace) -> int:
    """0 with the timeline on stdout; 2 with what to mend on stderr, and nothing on stdout."""
    try:
        scenario = scenario_in(args.scenario, args.policy)
    except TriagewireError as error:
        print(error, file=sys.stderr)
        return USAGE
    timeline = play(scenario)
    if args.json:
        print(json.dumps({"timeline": timeline.as_data()}, indent=2, ensure_ascii=False))
    else:
        print("\n".join(shown(scenario, timeline)))
    return 0
