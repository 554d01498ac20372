"""Notices to SNS and mail to requesters: the two ways out, with nothing in them that must
stay in.
"""

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from triagewire import aws
from triagewire.errors import UndeliverableError
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.links import ASKS, acknowledge_token
from triagewire.escalation.notice import SUBJECT, Link, Notice
from triagewire.ladder import Way
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.replies.texts import line_of
from triagewire.secrets import link_key
from triagewire.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageHeaderTypeDef

_MESSAGE_ID = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)
_LONGEST_LOCAL_PART = 64
"""RFC 5321 §4.5.3.1.1: mail systems refuse a longer one."""

REFUSED_FOR_GOOD = frozenset(
    {"MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException"}
)


_OF_ROBOTS = {
    "Auto-Submitted": "auto-replied",
    "Precedence": "auto_reply",
    "X-Auto-Response-Suppress": "All",
}
DEBUG_MODE = "not told: debug mode"
_OF_TEXTS = {Way.SMS: {"AWS.SNS.SMS.SMSType": "Transactional"}}
"""Sent for delivery and not for price, whatever the account's default is."""


def publish(bundle: Bundle, way: Way) -> None:
    """Send a message to the topic of its kind; subscriptions filter by its attributes. In debug
    mode nothing leaves.
    """
    names = settings()
    if not names.notify_people:
        _log(DEBUG_MODE, bundle, way)
        return
    aws.sns().publish(
        TopicArn=names.pages_topic_arn if bundle.is_page else names.alerts_topic_arn,
        Subject=SUBJECT,
        Message=bundle.text(names.desk_url, acknowledge_links(bundle), way),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value}
            for name, value in (bundle.attributes(way) | _OF_TEXTS.get(way, {})).items()
        },
    )
    _log("told", bundle, way)


def _log(what: str, bundle: Bundle, way: Way) -> None:
    logger.info(what, kind=bundle.kind.value, site=bundle.site, notice=bundle.id, way=way.value)


def acknowledge_links(bundle: Bundle) -> Link:
    """What gives a notice of the bundle its acknowledge link, as long as its key can be read: who
    gets none signs in to the desk, which is better than a page that does not go out.
    """
    until, base = bundle.links_until, settings().link_url.rstrip("/")
    asks = any(notice.kind in ASKS for notice in bundle.notices)
    key = _link_key() if base and until and asks else None

    def link(notice: Notice) -> str:
        if key is None or until is None or notice.kind not in ASKS:
            return ""
        return (
            f"{base}/acknowledge/{acknowledge_token(key, notice.ticket_id, notice.person, until)}"
        )

    return link


def _link_key() -> bytes | None:
    try:
        return link_key().get()
    except Exception as error:
        count("LinkKeyFailed")
        logger.error("key of links not read", error=type(error).__name__)
        return None


def mail(message: Message) -> None:
    """Send an outgoing message by e-mail; an automatic one is marked so that no robot answers it
    (RFC 3834, and what older ones heed). A person's is a person's mail.

    It carries our thread token twice: an answer goes to an address with it, and names it in
    `References` (RFC 5322 §3.6.4), whatever its author's mail program leaves out.
    In debug mode nothing leaves. Raises UndeliverableError for an address or a text that SES will
    never take.
    """
    sender = settings().sender_address
    if not settings().notify_people:
        logger.info(DEBUG_MODE, kind="reply", ticket_id=message.ticket_id)
        return
    if line_of(message.to) != message.to or "@" not in message.to:
        raise UndeliverableError("its address is none", "bad_address")
    try:
        aws.ses().send_email(
            FromEmailAddress=sender,
            ReplyToAddresses=_answer_to(message, message.reply_to or sender),
            Destination={"ToAddresses": [message.to]},
            Content={
                "Simple": {
                    "Subject": {"Data": line_of(message.subject), "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": message.text, "Charset": "UTF-8"}},
                    "Headers": _headers(message, sender),
                }
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSED_FOR_GOOD:
            raise UndeliverableError("the mail service refused it for good") from error
        raise


def _headers(message: Message, sender: str) -> list["MessageHeaderTypeDef"]:
    headers: list[MessageHeaderTypeDef] = []
    if message.automatic:
        headers += [{"Name": name, "Value": value} for name, value in _OF_ROBOTS.items()]
    named = _named(message, sender)
    if named:
        headers.append({"Name": "In-Reply-To", "Value": named[0]})
        headers.append({"Name": "References", "Value": " ".join(named)})
    return headers


def _named(message: Message, sender: str) -> list[str]:
    """The messages that this one follows: theirs, if its thread is a message id, and our token."""
    theirs = message.thread or ""
    named = [f"<{theirs}>"] if _MESSAGE_ID.fullmatch(theirs) else []
    domain = parseaddr(sender)[1].rpartition("@")[2]
    if message.thread_token and domain:
        named.append(f"<{message.thread_token}@{domain}>")
    return named


def _answer_to(message: Message, mailbox: str) -> list[str]:
    """The mailbox of the site with the token beside its name, where that is a legal address."""
    local, _, domain = parseaddr(mailbox)[1].rpartition("@")
    tagged = f"{local}+{message.thread_token}"
    if not message.thread_token or not local or len(tagged) > _LONGEST_LOCAL_PART:
        return [message.reply_to] if message.reply_to else []
    return [f"{tagged}@{domain}"]
