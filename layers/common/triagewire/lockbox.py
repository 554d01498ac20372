"""The bucket of the ledger's locked copies: what stands in it can be neither changed nor removed
for years, by nobody.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 8
TAKEN = frozenset({"PreconditionFailed", "412"})


@dataclass(frozen=True, slots=True)
class Stored:
    """An object by its key, and when it was written (UTC, by the bucket's own clock)."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LockBox:
    """One bucket. Every method raises ClientError or BotoCoreError when S3 fails."""

    client: "S3Client"
    bucket: str

    def put_once(self, key: str, body: bytes) -> bool:
        """Store an object where none is; False if there already is one."""
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in TAKEN:
                return False
            raise
        return True

    def read(self, key: str) -> bytes:
        """The bytes of an object."""
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def read_all(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several objects, in the order of their keys, read side by side."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(self.read, keys)

    def after(self, prefix: str, key: str = "") -> Iterator[Stored]:
        """The objects under a prefix whose keys sort after `key`, in the order of their keys."""
        listing = self.client.get_paginator("list_objects_v2")
        start = key or prefix  # no key is as short as its prefix
        for page in listing.paginate(Bucket=self.bucket, Prefix=prefix, StartAfter=start):
            for each in page.get("Contents", ()):
                yield Stored(each["Key"], each["LastModified"])

    def folders(self, prefix: str) -> tuple[str, ...]:
        """The folders right under a prefix, each with its own `/` at the end, in order."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, Delimiter="/"
        )
        return tuple(each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ()))
