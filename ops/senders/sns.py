"""Amazon SNS: an envelope signed with a key of our own, as SNS signs with one of Amazon's.

The secret is one PEM text: a private key and its certificate. A source that has it believes this
sender besides SNS itself, so that it can be tried without a mail.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from ops.senders.letter import Letter, Post, Signed, posted
from triagewire.channels.alarms.sns_envelope import signed_content
from triagewire.channels.reading.fields import Fields

CERTIFICATE_ADDRESS = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem"


def new_secret() -> str:
    """A key of our own with the certificate that shows it."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "triagewire test sender")])
    builder = x509.CertificateBuilder(subject_name=name, issuer_name=name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    certificate = builder.not_valid_after(datetime(2046, 1, 1, tzinfo=UTC)).sign(
        key, hashes.SHA256()
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()


def sample(letter: Letter) -> Post:
    """A mail as SES publishes it."""
    mail = f"From: somebody@mail.example\r\nSubject: Test\r\n\r\n{letter.text}\r\n"
    payload = {
        "notificationType": "Received",
        "mail": {"messageId": letter.event_id, "source": "somebody@mail.example"},
        "receipt": {"action": {"type": "SNS", "encoding": "BASE64"}},
        "content": base64.b64encode(mail.encode()).decode(),
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object, published to the first topic of the source."""
    return posted(letter, signed_sns(letter, json.dumps(payload)))


def signed_sns(letter: Letter, message: str, version: str = "2", **fields: str) -> Signed:
    """A delivery of one message; `fields` replace those of the envelope before it is signed."""
    topics = letter.source.options.topics or ("arn:aws:sns:us-east-1:123456789012:alarms",)
    envelope = {
        "Type": "Notification",
        "MessageId": letter.event_id,
        "TopicArn": topics[0],
        "Message": message,
        "Timestamp": letter.now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE_ADDRESS,
        **fields,
    }
    key = load_pem_private_key(letter.secret.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("SNS signs with RSA")
    # SHA-1 is what SNS signs with until a topic is set to version 2.
    digest = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303  # nosec B303
    signature = key.sign(signed_content(Fields(envelope)), PKCS1v15(), digest)
    body = json.dumps({**envelope, "Signature": base64.b64encode(signature).decode()})
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-Amz-Sns-Message-Type": envelope["Type"],
    }
    return headers, body.encode()
