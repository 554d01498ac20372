"""The bucket of reports: lives that were gathered, measures, trend reviews. What it holds can be
made again from the ledger at any time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MISSING = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class ReportBox:
    """One bucket. Every method raises ClientError or BotoCoreError when S3 fails."""

    client: "S3Client"
    bucket: str

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None where there is none."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise

    def write(self, key: str, body: bytes, media_type: str) -> None:
        """Store an object, in place of the one that is there."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=media_type)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys under a prefix that sort after one, in order."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, StartAfter=after or prefix
        )
        for page in pages:
            yield from (each["Key"] for each in page.get("Contents", ()))
