"""Secrets from Secrets Manager, kept for a few minutes so that a rotation is noticed without a
deploy.
"""

import json
from collections.abc import Mapping
from functools import cache

from triagewire import aws
from triagewire.cache import Kept
from triagewire.observability import count, logger
from triagewire.settings import settings

SECONDS = 300.0
LONGEST_SECONDS = 3600.0
"""How long webhook secrets are used while they cannot be read again.

Long enough to get through a fault of Secrets Manager, after which senders get a 503 and keep their
messages; short enough that who cuts the functions off from a leaked secret knows when it is dead.
"""


@cache
def webhook_secrets() -> Kept[Mapping[str, tuple[str, ...]]]:
    """The live secrets of every source by `site/source`: the current one first, then the
    previous.
    """
    return Kept(_load_webhook_secrets, SECONDS, _tell, LONGEST_SECONDS)


@cache
def reader_secrets() -> Kept[Mapping[str, str]]:
    """What score_route shows the EHRs that it reads messages from, by `site/source`."""
    return Kept(lambda: json.loads(_secret(settings().reader_secrets_arn)), SECONDS)


@cache
def reply_secrets() -> Kept[Mapping[str, tuple[str, ...]]]:
    """What signs the replies that leave by webhook, by `site/source`: every live secret signs."""
    return Kept(lambda: live_secrets(_secret(settings().reply_secrets_arn)), SECONDS)


@cache
def identity_key() -> Kept[bytes]:
    """The key under which identities are hashed before they become part of a database key."""
    return Kept(lambda: _secret(settings().identity_key_arn).encode(), SECONDS)


@cache
def link_key() -> Kept[bytes]:
    """The key that signs the acknowledge links of notices."""
    return Kept(lambda: _secret(settings().link_key_arn).encode(), SECONDS)


def _tell(error: Exception) -> None:
    count("SecretsFallback")
    logger.error("secrets not read", error=type(error).__name__)


def _load_webhook_secrets() -> Mapping[str, tuple[str, ...]]:
    return live_secrets(_secret(settings().webhook_secrets_arn))


def live_secrets(stored: str) -> Mapping[str, tuple[str, ...]]:
    """The live secrets by `site/source`, as they are stored. Who fills them in by hand may write
    one text in place of a list: it is one secret, and never as many as it has characters.
    """
    return {name: _texts(value) for name, value in json.loads(stored).items()}


def _texts(value: object) -> tuple[str, ...]:
    """Only texts that say something: an empty one would be known to everybody."""
    listed = value if isinstance(value, list) else [value]
    return tuple(each for each in listed if isinstance(each, str) and each.strip())


def _secret(arn: str) -> str:
    found = aws.secrets_manager().get_secret_value(SecretId=arn, VersionStage="AWSCURRENT")
    return found["SecretString"]
