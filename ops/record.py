"""`triagewire record jwks KEYFILE --key-id ID`: the public key set that a FHIR server registers.

Only the public part of the key is printed; nothing is stored or sent. Rules: SMART App Launch 2.x,
Backend Services, "registering a client"; RFC 7517 (JSON Web Key Set).
"""

import argparse
import json
from pathlib import Path
from typing import Any

from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from triagewire.errors import TriagewireError

LEAST_RSA_BITS = 2_048


class KeyFileError(TriagewireError):
    """A key file that cannot sign for a record server; the message says what is needed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    action = actions.add_parser("jwks", help="print the public key set of a private key")
    action.add_argument("key", metavar="KEYFILE", type=Path, help="the private key, as PEM")
    action.add_argument(
        "--key-id", required=True, metavar="ID", help="the key_id that the policy will name"
    )


def run(args: argparse.Namespace) -> int:
    """0 when it is printed. Raises KeyFileError."""
    print(json.dumps({"keys": [public_key(args.key, args.key_id)]}, indent=2))
    return 0


def public_key(path: Path, key_id: str) -> dict[str, Any]:
    """The public part of a private key, for the algorithm that it can sign with."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415  other commands

    key = _private_key(path)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_RSA_BITS:
        found, algorithm = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "RS384"
    elif isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP384R1):
        found, algorithm = ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "ES384"
    else:
        raise KeyFileError("the key must be of the curve P-384, or RSA of at least 2048 bits")
    return {**found, "kid": key_id, "alg": algorithm, "use": "sig", "key_ops": ["verify"]}


def _private_key(path: Path) -> object:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except OSError:
        raise KeyFileError(f"{path}: cannot be read") from None
    except (ValueError, TypeError):
        raise KeyFileError(f"{path}: is no private key as PEM without a password") from None
