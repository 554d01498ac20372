"""What a mail's headers say of its sender: a person, a robot, or a mail system.

Rules: RFC 3834 (automatic responses), RFC 3464 (delivery reports).
"""

import re
from collections.abc import Iterable

_DELIVERY_SENDERS = frozenset({"mailer-daemon", "postmaster"})
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOT_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "list-id")
_AUTOMATIC_SUBJECT = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?reply|out of (?:the )?office|respuesta automática)\b",
    re.IGNORECASE,
)


class MailHeaders:
    """Headers by name without regard to case; of a repeated one the first is the real one."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._first: dict[str, str] = {}
        for name, value in pairs:
            self._first.setdefault(name.lower(), value)

    def get(self, name: str) -> str | None:
        """The header's value, or None."""
        return self._first.get(name)

    def word(self, name: str) -> str:
        """The value's first word in small letters, without parameters and comments."""
        return re.split(r"[;(\s]", (self._first.get(name) or "").strip(), maxsplit=1)[0].lower()

    def thread(self) -> str | None:
        """The message that this one answers: `In-Reply-To`, else the last of `References`."""
        named = (self.get("in-reply-to") or "").split() or (self.get("references") or "").split()
        return named[-1].strip("<>")[:256] or None if named else None


def no_message(headers: MailHeaders, sender: str | None) -> str:
    """Why this mail is nobody's message (a bounce, an out-of-office answer), or ''."""
    local = (sender or "").partition("@")[0]
    empty_envelope = (headers.get("return-path") or "").strip() == "<>"
    report = headers.word("content-type") == "multipart/report"
    if local in _DELIVERY_SENDERS or empty_envelope or report:
        return "bounce or delivery report"
    return "automatic answer" if headers.word("auto-submitted") == "auto-replied" else ""


def is_automatic(headers: MailHeaders, subject: str) -> bool:
    """Whether a robot wrote this mail, so that no automatic text may answer it.

    `Auto-Submitted: no` says that a person did (RFC 3834 §5).
    """
    submitted = headers.word("auto-submitted")
    if submitted == "no":
        return False
    return (
        bool(submitted)
        or headers.word("precedence") in _BULK
        or any(headers.get(name) is not None for name in _ROBOT_HEADERS)
        or _AUTOMATIC_SUBJECT.match(subject) is not None
    )
