"""Who signed in, by the claims of a token that API Gateway has verified."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from triagewire.flow.sessions import SignIn

_WRITTEN = "%a %b %d %H:%M:%S %Z %Y"
"""How API Gateway writes the times of a token: `Mon Mar 02 14:00:00 UTC 2026`."""


def sign_in_of(claims: Mapping[str, str]) -> SignIn | None:
    """The signing-in that an ID token is from; None for a token that does not say who, which one
    and when. An access token has no user name.

    All tokens that a refresh gives share `origin_jti` with the first.
    """
    member = claims.get("cognito:username")
    shared = claims.get("origin_jti") or claims.get("jti")
    if not shared and claims.get("sub") and claims.get("auth_time"):
        shared = f"{claims['sub']}#{claims['auth_time']}"
    given_at = _time(claims.get("iat", "")) or _time(claims.get("auth_time", ""))
    if not member or not shared or given_at is None:
        return None
    session = hashlib.sha256(shared.encode(errors="replace")).hexdigest()
    return SignIn(member=member, session=session, given_at=given_at)


def is_for(claims: Mapping[str, str], client: str) -> bool:
    """Whether a token is an ID token given to our console, `client` of the pool.

    API Gateway looks at the pool's signature and at the time, and takes an access token or a token
    of any other program of the pool as well.
    """
    return bool(client) and claims.get("token_use") == "id" and claims.get("aud") == client


def _time(text: str) -> datetime | None:
    """A time as a token or API Gateway writes it; None for what is none."""
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
        return datetime.strptime(text, _WRITTEN).replace(tzinfo=UTC)
    except (OverflowError, OSError, ValueError):
        return None
