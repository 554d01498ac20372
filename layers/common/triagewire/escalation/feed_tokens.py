"""The token of a site's on-call feed: good for one site and one number that its policy gives.

Apart from the feed itself, so that who only checks a token needs no policy.
"""

import base64
import hashlib
import hmac
import re

MOST_FEEDS = 1000
"""The highest number that a policy may give: who knows no policy tries them all."""

_PURPOSE = b"triagewire on-call feed\0"
"""What the key signs for another purpose never opens a feed."""
_PROOF_BYTES = 20
_TOKEN = re.compile(r"[a-z2-7]{32}", re.ASCII)


def feed_token(key: bytes, site_id: str, number: int) -> str:
    """The token in the address of a site's feed, for the number that its policy gives."""
    said = _PURPOSE + f"{site_id}\0{number}".encode()
    proof = hmac.digest(key, said, hashlib.sha256)[:_PROOF_BYTES]
    return base64.b32encode(proof).decode("ascii").lower()


def is_feed_token(key: bytes, site_id: str, token: str) -> bool:
    """Whether a token was made for a site, by whichever number: which one counts today, the policy
    says.
    """
    if not _TOKEN.fullmatch(token):
        return False
    numbers = range(1, MOST_FEEDS + 1)
    return any(hmac.compare_digest(feed_token(key, site_id, each), token) for each in numbers)
