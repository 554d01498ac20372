"""The public keys that a reader of the ledger trusts, and no others."""

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from triagewire.errors import InvalidFieldError
from triagewire.ledger.checkpoint_chain import Genuine
from triagewire.signing import key_id


def genuine_by(pems: Iterable[bytes]) -> Genuine:
    """What tells genuine signatures from others. Raises InvalidFieldError for what is no key."""
    keys = dict(map(_named, pems))

    def genuine(name: str, digest: bytes, signature: bytes) -> bool:
        key = keys.get(name)
        if key is None:
            return False
        try:
            key.verify(signature, digest, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    return genuine


def _named(pem: bytes) -> tuple[str, ec.EllipticCurvePublicKey]:
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        raise InvalidFieldError("key", "is no public key in PEM") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise InvalidFieldError("key", "is no key on an elliptic curve")
    public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key_id(public), key
