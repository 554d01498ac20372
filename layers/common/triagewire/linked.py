"""The link of a text, put in when it leaves: until then the stored text holds a mark."""

from dataclasses import replace

from triagewire.errors import UndeliverableError
from triagewire.message import Message
from triagewire.replies.feedback_tokens import FEEDBACK_LINK, feedback_token, link_of
from triagewire.secrets import link_key
from triagewire.settings import settings


def linked(message: Message) -> Message:
    """A message with the link that it asks for; every other as it is.

    Raises UndeliverableError where the deployment has no address for links.
    """
    link = link_of(message)
    if link is None or FEEDBACK_LINK not in message.text:
        return message
    base = settings().link_url.rstrip("/")
    if not base:
        raise UndeliverableError("there is no address for links", "no_links")
    address = f"{base}/feedback/{feedback_token(link_key().get(), link)}"
    return replace(message, text=message.text.replace(FEEDBACK_LINK, address))
