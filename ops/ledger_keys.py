"""The public keys that a command believes: those that it was given, else the stack's own."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from ops.deployed import Deployed
from ops.ledger_key import signing_key
from triagewire.errors import InvalidFieldError
from triagewire.ledger.checkpoint_chain import Genuine
from triagewire.trusted_keys import genuine_by


def read_keys(paths: Iterable[Path]) -> Genuine:
    """What tells signatures by these keys from others. Raises InvalidFieldError for a file that
    cannot be read or holds no key.
    """
    pems = []
    for path in paths:
        try:
            pems.append(path.read_bytes())
        except OSError:
            raise InvalidFieldError("--key", f"{path} cannot be read") from None
    return genuine_by(pems)


def add_key_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the option that names public keys."""
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="PEM",
        help="a public key to trust; may be given again after a change of keys",
    )


def trusted(paths: Sequence[Path], stack: Deployed) -> Genuine:
    """What tells signatures by the given keys, or by the stack's own where none is given, from
    others. Raises InvalidFieldError and DeploymentError.
    """
    return read_keys(paths) if paths else genuine_by([signing_key(stack).pem.encode()])
