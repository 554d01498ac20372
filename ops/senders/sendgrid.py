"""SendGrid: a mail as a multipart form."""

import base64
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ops.senders.letter import Letter, Post, new_credentials, posted
from triagewire.channels.sendgrid import SIGNATURE, TIMESTAMP

BOUNDARY = "xYzZY"

new_secret = new_credentials


def sample(letter: Letter) -> Post:
    """A mail of nobody in particular."""
    payload = {
        "headers": f"Message-ID: <{letter.event_id}@mail.example>\nSubject: Test\n",
        "subject": "Test",
        "text": letter.text,
        "attachments": "0",
        "charsets": {"subject": "UTF-8", "text": "UTF-8"},
        "SPF": "none",
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any fields, each as text or as JSON."""
    fields = {
        name: (value if isinstance(value, str) else json.dumps(value)).encode(
            "utf-8", "surrogatepass"
        )
        for name, value in payload.items()
    }
    return signed_form(letter, as_multipart(fields))


def signed_form(letter: Letter, body: bytes) -> Post:
    """Any multipart body. A source with a public key gets a signature: its secret is the private
    key (PEM) of it, which SendGrid gives to nobody. Others get basic credentials.
    """
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if not letter.source.options.public_key:
        credentials = base64.b64encode(letter.secret.encode()).decode()
        return posted(letter, ({**headers, "Authorization": f"Basic {credentials}"}, body))
    key = load_pem_private_key(letter.secret.encode(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("SendGrid signs with ECDSA")
    seconds = str(int(letter.now.timestamp()))
    signature = base64.b64encode(key.sign(seconds.encode() + body, ECDSA(SHA256()))).decode()
    return posted(letter, ({**headers, SIGNATURE: signature, TIMESTAMP: seconds}, body))


def as_multipart(fields: Mapping[str, bytes]) -> bytes:
    """Form fields as a multipart body (RFC 7578)."""
    parts = [
        b"--%b\r\nContent-Disposition: form-data; name=%b\r\n\r\n%b\r\n"
        % (BOUNDARY.encode(), _quoted(name), content)
        for name, content in fields.items()
    ]
    return b"".join([*parts, b"--%b--\r\n" % BOUNDARY.encode()])


def _quoted(name: str) -> bytes:
    escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    return f'"{escaped}"'.encode("utf-8", "replace")
