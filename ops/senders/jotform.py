"""Jotform: a submission of a form."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from ops.senders.letter import Letter, Post, new_token

new_secret = new_token

BOUNDARY = "------------------------4f2c9a1be07d35c8"


def sample(letter: Letter) -> Post:
    """A form with one question; the source's map names it."""
    asked = letter.source.options.fields.get("text", "q3_message").partition(",")[0]
    question = asked if asked.startswith("q") else f"q3_{asked}"
    payload = {
        "formID": "230583697150159",
        "submissionID": letter.event_id,
        "webhookURL": _address(letter),
        "rawRequest": json.dumps({"slug": "submit/230583697150159", question: letter.text}),
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any fields, to the address with the secret in it."""
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in payload.items()
    }
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return Post(url=_address(letter), headers=headers, body=multipart(fields))


def multipart(fields: Mapping[str, str]) -> bytes:
    """Fields as a multipart body (RFC 7578)."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode("utf-8", "surrogatepass")


def _quoted(name: str) -> str:
    return quote(name, safe=" _-.[]", errors="surrogatepass")


def _address(letter: Letter) -> str:
    return f"{letter.url}?key={quote(letter.secret, safe='')}"
