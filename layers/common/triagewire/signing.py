"""Signing with the ledger's key, whose private half never leaves KMS.

What is signed is the SHA-256 of something as a message of its own, by ECDSA on P-256 with SHA-256:
anybody can check it with the public half.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

COLUMNS = 64
ID = 16
"""How many hex digits of its SHA-256 name a public key."""


@dataclass(frozen=True)
class SigningKey:
    """One key of KMS. Signing, and the first look at its public half, raise ClientError or
    BotoCoreError when KMS fails.
    """

    client: "KMSClient"
    arn: str

    def sign(self, digest: bytes) -> bytes:
        """The signature over a digest, as DER."""
        answer = self.client.sign(
            KeyId=self.arn, Message=digest, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
        )
        return answer["Signature"]

    @cached_property
    def public(self) -> bytes:
        """The public half, as DER."""
        return self.client.get_public_key(KeyId=self.arn)["PublicKey"]

    @property
    def id(self) -> str:
        """What names the key in all that it has signed: it follows from the public half."""
        return key_id(self.public)

    @property
    def pem(self) -> str:
        """The public half as people pass it on."""
        return pem(self.public)


def key_id(public: bytes) -> str:
    """The name of a public key, given as DER."""
    return hashlib.sha256(public).hexdigest()[:ID]


def pem(public: bytes) -> str:
    """A public key, given as DER, as PEM."""
    text = base64.b64encode(public).decode()
    lines = [text[at : at + COLUMNS] for at in range(0, len(text), COLUMNS)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
