"""The keys under which messages and tickets are sealed: one a site and month, made and wrapped by
KMS, unwrapped once by each container and kept.

KMS wraps them with the site in its encryption context, so that a wrapped key put into another
site's place opens nothing, and CloudTrail says whose messages were opened.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from triagewire.cache import Kept
from triagewire.errors import KeyUnavailableError, SealBrokenError
from triagewire.observability import count, logger
from triagewire.pausing import utc_now
from triagewire.store.cipher import KeyName, SiteKey, site_key
from triagewire.store.wrapped import add_wrapped, load_wrapped

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

PURPOSE = "triagewire-message"
KEY_BYTES = 32
SECONDS = 3600.0
"""How long an unwrapped key is used before KMS is asked again whether it may be."""
LONGEST_SECONDS = 12 * 3600.0
"""How long it is used while KMS does not answer: a night, because pages must go out."""
QUIET_SECONDS = 1.0
"""So long KMS is left alone after it refused: what a batch holds fails at once, and comes again."""
QUIET_TIMES = 4
"""And so many times as long as it took to fail: who asks a silent KMS for the keys of many sites
and months must still have time to page.
"""
MOST_KEYS = 64
NOT_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
"""What KMS says of a wrapped key that is not of this site, or was altered."""


@dataclass(slots=True)
class SiteKeys:
    """The keys of a deployment's sites; `table` has them wrapped by the KMS key `key_arn`."""

    client: "DynamoDBClient"
    table: str
    key_arn: str
    kms: Callable[[], "KMSClient"]
    clock: Callable[[], datetime] = utc_now
    _kept: dict[KeyName, Kept[SiteKey]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _quiet_until: float = -inf

    def sealing(self, site: str) -> SiteKey:
        """This month's key of a site, made if need be; that of the month before, if it is at hand,
        while KMS cannot be asked. Raises KeyUnavailableError.
        """
        month = self.clock().replace(day=1)
        try:
            return self._get(_named(site, month), lambda name: self._open(name) or self._make(name))
        except KeyUnavailableError:
            before = self._kept.get(_named(site, month - timedelta(days=1)))
            if before is None:
                raise
            return _usable(before)

    def opening(self, name: KeyName) -> SiteKey:
        """The key that a value names. Raises KeyUnavailableError, and SealBrokenError where there
        is no such key, or it is not that site's.
        """

        def load(wanted: KeyName) -> SiteKey:
            found = self._open(wanted)
            if found is None:
                raise SealBrokenError("sealed value: names a key that there is not")
            return found

        return self._get(name, load)

    def _get(self, name: KeyName, load: Callable[[KeyName], SiteKey]) -> SiteKey:
        kept = self._kept.get(name)
        if kept is not None:
            return _usable(kept)
        kept = Kept(lambda: load(name), SECONDS, _tell, LONGEST_SECONDS)
        found = kept.get()
        with self._lock:
            while len(self._kept) >= MOST_KEYS:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = kept
        return found

    def _open(self, name: KeyName) -> SiteKey | None:
        wrapped = load_wrapped(self.client, self.table, name)
        if wrapped is None:
            return None
        with self._asking() as kms:
            answer = kms.decrypt(
                CiphertextBlob=wrapped, KeyId=self.key_arn, EncryptionContext=_context(name)
            )
        return site_key(name, answer["Plaintext"])

    def _make(self, name: KeyName) -> SiteKey:
        with self._asking() as kms:
            made = kms.generate_data_key(
                KeyId=self.key_arn, NumberOfBytes=KEY_BYTES, EncryptionContext=_context(name)
            )
        if add_wrapped(self.client, self.table, name, made["CiphertextBlob"]):
            return site_key(name, made["Plaintext"])
        # Somebody else was quicker, and may have sealed with theirs already.
        found = self._open(name)
        if found is None:
            raise KeyUnavailableError("a site's key was made, and is gone")
        return found

    @contextmanager
    def _asking(self) -> "Iterator[KMSClient]":
        """KMS, whose refusals become our errors."""
        began = time.monotonic()
        if began < self._quiet_until:
            raise KeyUnavailableError("a site's key could not be had from KMS a moment ago")
        try:
            yield self.kms()
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
            if code in NOT_OURS:
                raise SealBrokenError("a site's key: altered, or of another site") from error
            failed = time.monotonic()
            self._quiet_until = failed + max(QUIET_SECONDS, QUIET_TIMES * (failed - began))
            raise KeyUnavailableError("a site's key cannot be had from KMS") from error


@dataclass(frozen=True, slots=True)
class DerivedKeys:
    """The keys of tables that live in memory only, all from one secret: for simulations and tests,
    where no KMS is.
    """

    secret: bytes = field(repr=False)
    clock: Callable[[], datetime] = utc_now

    def sealing(self, site: str) -> SiteKey:
        """This month's key of a site."""
        return self.opening(_named(site, self.clock()))

    def opening(self, name: KeyName) -> SiteKey:
        """The key that a value names."""
        said = f"{name.site}/{name.month}".encode()
        return site_key(name, hmac.new(self.secret, said, hashlib.sha256).digest())


def _named(site: str, at: datetime) -> KeyName:
    return KeyName(site, f"{at:%Y-%m}")


def _context(name: KeyName) -> dict[str, str]:
    return {"site": name.site, "purpose": PURPOSE}


def _usable(kept: Kept[SiteKey]) -> SiteKey:
    try:
        return kept.get()
    except RuntimeError as error:
        raise KeyUnavailableError("a site's key was kept for too long without KMS") from error


def _tell(error: Exception) -> None:
    count("KeysFallback")
    logger.error("keys not renewed", error=type(error).__name__)
