"""What `.venv/bin/triagewire` runs: puts both source roots on the path, then the command.

The package is not installed into the environment on purpose: the packaging tests must notice
when a function needs something that its own artefact and the layer do not carry.
"""

import sys
from pathlib import Path


def run() -> int:
    """Run the command line with this repository's sources and give its exit code."""
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root), str(root / "layers" / "common")]
    sys.argv[0] = "triagewire"
    from ops.cli import main  # noqa: PLC0415 - the path above must be set first

    return main()


if __name__ == "__main__":
    sys.exit(run())
