"""Stored mails and large bodies, taken away with the words of their tickets."""

from triagewire import aws
from triagewire.settings import settings


def erase(link: str) -> None:
    """Take a file of the inbound bucket away, again if need be; a link to anywhere else is left
    alone. What the bucket keeps of it for a while is not read by anything.
    """
    bucket, _, path = link.removeprefix("s3://").partition("/")
    if bucket == settings().inbound_bucket:
        aws.s3().delete_object(Bucket=bucket, Key=path)
