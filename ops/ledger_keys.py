"""The public keys that a verifier was given, as files."""

from collections.abc import Iterable
from pathlib import Path

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
