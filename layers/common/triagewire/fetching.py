"""The two addresses that intake may visit: both at Amazon SNS, and both checked before and here."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from triagewire.channels.alarms.sns_envelope import is_certificate_address, is_confirmation_address

if TYPE_CHECKING:
    from urllib.request import OpenerDirector

SECONDS = 2.0
MOST_BYTES = 65_536
MOST_CERTIFICATES = 16


@lru_cache(maxsize=MOST_CERTIFICATES)
def fetch_certificate(url: str) -> str:
    """The signing certificate (PEM) at an address of SNS, kept while the function is warm: AWS
    gives a new certificate a new address.

    Raises ValueError for another address or an answer that is too long, OSError when there is none.
    """
    if not is_certificate_address(url):
        raise ValueError("no address of a signing certificate")
    return _read(url).decode("ascii")


def visit(url: str) -> None:
    """Finish the handshake of a subscription to SNS. Raises as `fetch_certificate` does."""
    if not is_confirmation_address(url):
        raise ValueError("no address that confirms a subscription")
    _read(url)


def _read(url: str) -> bytes:
    with _opener().open(url, timeout=SECONDS) as answer:
        content: bytes = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("the answer is too long")
    return content


@cache
def _opener() -> "OpenerDirector":
    """Made at first use: few senders need it, and every cold start would pay."""
    from urllib.request import HTTPRedirectHandler, build_opener  # noqa: PLC0415

    class NoRedirects(HTTPRedirectHandler):
        """A checked address must not lead to one that nobody checked: a redirect is an error."""

        def redirect_request(self, *_args: object) -> None:
            return None

    return build_opener(NoRedirects)
