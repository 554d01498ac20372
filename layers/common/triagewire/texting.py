"""Texts to telephones: Amazon SNS sends them, one number at a time."""

from botocore.exceptions import ClientError

from triagewire import aws
from triagewire.errors import UndeliverableError
from triagewire.message import Message
from triagewire.observability import logger
from triagewire.replies.texts import parts_of
from triagewire.settings import settings

OPTED_OUT = frozenset({"OptedOut", "OptedOutException"})
REFUSED_FOR_GOOD = frozenset({"InvalidParameter", "InvalidParameterValue", "ValidationError"})


def text(message: Message) -> None:
    """Send an outgoing message as an SMS, in parts where it is too long for one. In debug mode
    nothing leaves.

    Raises UndeliverableError for a number that takes no texts, and for a text of which only the
    beginning left: it would come again whole.
    """
    if not settings().notify_people:
        logger.info("not told: debug mode", kind="text", ticket_id=message.ticket_id)
        return
    for number, part in enumerate(parts_of(message.text)):
        try:
            _publish(message.to, part)
        except UndeliverableError:
            raise
        except Exception as error:
            if number:
                raise UndeliverableError("only its beginning left", "cut_off") from error
            raise


def _publish(to: str, part: str) -> None:
    try:
        aws.sns().publish(
            PhoneNumber=to,
            Message=part,
            MessageAttributes={
                "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
            },
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in OPTED_OUT:
            raise UndeliverableError("the number takes no texts", "opted_out") from error
        if code in REFUSED_FOR_GOOD:
            raise UndeliverableError("the number or the text is none", "refused") from error
        raise
