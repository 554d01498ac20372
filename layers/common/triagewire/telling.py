"""Notices to SNS and mail to requesters: the two ways out, with nothing in them that must
stay in.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from triagewire import aws
from triagewire.errors import UndeliverableError
from triagewire.escalation.notice import SUBJECT, Notice, NoticeKind
from triagewire.message import Message
from triagewire.observability import logger
from triagewire.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageHeaderTypeDef

REFUSED_FOR_GOOD = frozenset(
    {"MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException"}
)


def publish(notice: Notice) -> None:
    """Send a notice to the topic of its kind; subscriptions filter by its attributes."""
    names = settings()
    page = notice.kind is NoticeKind.PAGE
    aws.sns().publish(
        TopicArn=names.pages_topic_arn if page else names.alerts_topic_arn,
        Subject=SUBJECT,
        Message=notice.text(names.desk_url),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value}
            for name, value in notice.attributes.items()
        },
    )
    logger.info("told", kind=notice.kind.value, ticket_id=notice.ticket_id, team=notice.team)


def mail(message: Message) -> None:
    """Send an outgoing message by e-mail, marked so that no robot answers it (RFC 3834).

    Raises UndeliverableError for an address or a text that SES will never take.
    """
    headers: list[MessageHeaderTypeDef] = []
    if message.automatic:
        headers.append({"Name": "Auto-Submitted", "Value": "auto-replied"})
    if message.thread:
        headers.append({"Name": "In-Reply-To", "Value": message.thread})
        headers.append({"Name": "References", "Value": message.thread})
    try:
        aws.ses().send_email(
            FromEmailAddress=settings().sender_address,
            Destination={"ToAddresses": [message.to]},
            Content={
                "Simple": {
                    "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": message.text, "Charset": "UTF-8"}},
                    "Headers": headers,
                }
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSED_FOR_GOOD:
            raise UndeliverableError("the mail service refused it for good") from error
        raise
