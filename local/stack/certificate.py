"""A throw-away certificate: the topics and queues of the template refuse plain http."""

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# A fixed, wide span: the embedded stack may replay a day of any year.
_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2060, 1, 1, tzinfo=UTC)
RECEIVER = "replies.example.com"
"""The public name of a receiver of replies on this machine; REPLY_HOSTS says where it stands."""
_KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class Certificate:
    """Paths of PEM files: whom clients trust, and what the server shows."""

    authority: Path
    chain: Path
    key: Path


def issue(directory: Path) -> Certificate:
    """Write a new authority and a server certificate for the loopback address into `directory`."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _signed("Triagewire embedded stack", authority_key, authority_key, authority=None)
    server = _signed("localhost", server_key, authority_key, authority=authority)
    issued = Certificate(directory / "ca.pem", directory / "server.pem", directory / "server.key")
    issued.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    issued.chain.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    issued.key.touch(mode=0o600)
    issued.key.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return issued


def _signed(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = "key_cert_sign" if authority is None else "digital_signature"
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject if authority else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(**{each: each == usage for each in _KEY_USAGES}), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if authority:
        hosts = [x509.DNSName("localhost"), x509.DNSName(RECEIVER)]
        names = [*hosts, x509.IPAddress(IPv4Address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())
