"""Amazon SES: a mail as SES stores it.

There is no request to post: `url` of the Post is the name of an object, and its body is to be put
into the deployment's inbound bucket under that name. No secret is needed, so a letter's is unused.
"""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime

from ops.senders.letter import Letter, Post
from triagewire.channels.ses import FOLDER, MAIL_TYPE


def sample(letter: Letter) -> Post:
    """A mail of nobody: its domain is one that cannot exist (RFC 2606)."""
    return signed(letter, {"Subject": "Test", "text": letter.text})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any mail: `text` is its body, everything else a header."""
    mail = EmailMessage()
    mail["From"] = "Triagewire test <test@triagewire.invalid>"
    mail["Message-ID"] = f"<{letter.event_id}@triagewire.invalid>"
    mail["Date"] = format_datetime(letter.now)
    for name, value in payload.items():
        if name != "text":
            mail[name] = str(value)
    mail.set_content(str(payload.get("text") or ""))
    name = f"{FOLDER}/{letter.source.site}/{letter.source.name}/{letter.event_id}"
    return Post(url=name, headers={"Content-Type": MAIL_TYPE}, body=mail.as_bytes())
