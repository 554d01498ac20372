"""One mail taken apart, whoever took it apart: we ourselves (`mail_mime`) or its mail service."""

import re
from dataclasses import dataclass, field
from email.utils import getaddresses, parseaddr

from triagewire.arrival import Attachment
from triagewire.channels.mail.charset import decoded_words
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.reading.fields import one_line
from triagewire.channels.reading.identities import email_address

MOST_NAME_CHARACTERS = 255
"""Of a file; its end is kept, which says what kind of file it is."""

_MOST_FROM_CHARACTERS = 4_096
_IN_BRACKETS = re.compile(r"<\s*([^<>\s]{1,320})\s*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A name that anybody may choose, and an address that is forged as easily.

    `clear` is false when the line can be read in more than one way.
    """

    name: str | None = None
    address: str | None = None
    clear: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the mail systems said to each other (RFC 5321), which no reader of the mail sees.

    `sender` is None where it is not known, and "" for the empty sender of reports.
    """

    sender: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the receiving mail service found: `pass`, `fail`, `none` …; "" where it does not say.

    `spam` and `virus` are true only when the service says so.
    """

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    spam: bool = False
    virus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailParts:
    """A mail in parts. Only what the sender of the webhook states need be given.

    `from_` is the first mailbox; None: the `From` header is read. `recipients` are the addresses
    that it came to, besides those of the headers. `date` is the header's text (RFC 5322). `report`
    is the text of a delivery report's parts (RFC 3464), where our own token may come back. `raw`
    gives the event id when neither the service nor the mail itself has one.
    """

    headers: MailHeaders
    from_: Mailbox | None = None
    subject: str | None = None
    plain: str = ""
    html: str = ""
    recipients: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    date: str | None = None
    mailbox_hash: str | None = None
    report: str = ""
    verdicts: Verdicts = field(default_factory=Verdicts)
    remarks: tuple[str, ...] = ()
    raw: bytes = field(default=b"", repr=False)


def mailbox_of(line: str) -> Mailbox:
    """The first mailbox of a `From` line, its name decoded (RFC 2047) only after the addresses
    were told apart: an encoded name may hold commas and brackets. A line that names several people
    is not clear: a check of one domain says nothing of the others.
    """
    stated = line[:_MOST_FROM_CHARACTERS]
    named = [each for each in _addresses(stated) if email_address(each[1])]
    if named:
        alone = len({address.lower() for _name, address in named}) == 1
        return _mailbox(*named[0], clear=alone)
    if found := _IN_BRACKETS.findall(stated):
        return _mailbox(stated.partition("<")[0], found[-1], clear=False)
    name, address = parseaddr(stated, strict=False)
    return _mailbox(name, address, clear=not stated.strip())


def _addresses(line: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([line])
    except (ValueError, IndexError, TypeError):
        return []


def _mailbox(name: str, address: str, *, clear: bool) -> Mailbox:
    shown = one_line(decoded_words(name)).strip("\"' ")
    return Mailbox(name=shown or None, address=email_address(one_line(address)), clear=clear)
