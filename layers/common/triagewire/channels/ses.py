"""Amazon SES: a receipt rule stores each mail, as it came, in the bucket of this deployment.

There is no webhook and no secret: IAM says who may write to the bucket. An object's name says
which source it belongs to.
"""

from dataclasses import dataclass
from datetime import datetime

from triagewire.channels.mail.arrival import arrival_from_mime
from triagewire.channels.outcome import Outcome, OutcomeKind, refused
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MAIL_TYPE = "message/rfc822"
MEDIA_TYPES = frozenset({MAIL_TYPE})
METHODS: frozenset[str] = frozenset()
"""None: this source cannot be reached from outside."""

FOLDER = "mail"
SETUP_NOTICE = "AMAZON_SES_SETUP_NOTIFICATION"
"""What SES writes once, to try whether it may."""

_LINK = "x-triagewire-link"
_NO_WEBHOOK = RefusedError(405, "this source takes no webhook: SES stores its mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """One object of the bucket: `mail/<site>/<source>/<the id that SES gave it>`."""

    bucket: str
    key: str
    size_bytes: int
    stored_at: datetime

    @property
    def source_name(self) -> str:
        """`site/source`, as the policy names it; raises InvalidFieldError for another place."""
        folder, _, rest = self.key.partition("/")
        site, _, rest = rest.partition("/")
        source, _, name = rest.rpartition("/")
        if folder != FOLDER or not (site and source and name) or "/" in source:
            raise InvalidFieldError("object", "must be mail/<site>/<source>/<name>")
        return f"{site}/{source}"

    @property
    def is_setup_notice(self) -> bool:
        """Whether SES only tried whether it may write here."""
        return self.key.rpartition("/")[2] == SETUP_NOTICE

    @property
    def link(self) -> str:
        """Where the whole mail with its attachments is."""
        return f"s3://{self.bucket}/{self.key}"


def request_of(stored: StoredMail, raw: bytes) -> WebhookRequest:
    """A stored mail in the form that every adapter reads, so that quarantine works for it too."""
    headers = {"content-type": MAIL_TYPE, _LINK: stored.link}
    return WebhookRequest(method="PUT", headers=headers, body=raw)


def verify(
    _request: WebhookRequest, _source: Source, _secrets: tuple[str, ...], _now: datetime
) -> None:
    """Nobody who comes by the webhook's address is believed."""
    raise _NO_WEBHOOK


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One mail. Its own Message-ID is the event's: SES takes a mail that its sender repeats as a
    new one, and gives one mail to several addresses another id for each.
    """
    if not request.body.strip():
        return Ignored("an object without content")
    return arrival_from_mime(request.body, source, event_id=None, link=request.header(_LINK))


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """A caller of the webhook's address learns that there is none."""
    return refused(_NO_WEBHOOK) if outcome.kind is OutcomeKind.REFUSED else outcome
