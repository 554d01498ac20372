"""Where copies and checkpoints stand: the bucket, or a folder that it was downloaded to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from triagewire.ledger.chains import Fault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 16
"""Objects that are read at the same time."""


class Objects(Protocol):
    """Where copies and checkpoints stand."""

    @property
    def faults(self) -> Iterable[Fault]:
        """What is wrong with where they stand."""

    def keys(self, prefix: str) -> list[str]:
        """The keys under a prefix, in order."""

    def read(self, key: str) -> bytes:
        """The bytes of one. Raises KeyError where there is none."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine."""

    path: Path

    @property
    def faults(self) -> Iterable[Fault]:
        """None: a folder remembers nothing."""
        return ()

    def keys(self, prefix: str) -> list[str]:
        """The files in it, by their path within the folder."""
        found = (each for each in (self.path / prefix).rglob("*") if each.is_file())
        return sorted(each.relative_to(self.path).as_posix() for each in found)

    def read(self, key: str) -> bytes:
        """One file."""
        return (self.path / key).read_bytes()


@dataclass
class Bucket:
    """The locked bucket. Of every object its oldest version counts, which is the locked one: what
    was laid over it, or hides it, is a fault. Raises ClientError and BotoCoreError.
    """

    client: "S3Client"
    name: str
    _versions: dict[str, str] = field(default_factory=dict)
    _laid_over: dict[str, Fault] = field(default_factory=dict)

    @property
    def faults(self) -> Iterable[Fault]:
        """What was laid over objects that were listed."""
        return tuple(self._laid_over.values())

    def keys(self, prefix: str) -> list[str]:
        """The objects under a prefix."""
        listing = self.client.get_paginator("list_object_versions")
        seen: Counter[str] = Counter()
        oldest: dict[str, str] = {}
        for page in listing.paginate(Bucket=self.name, Prefix=prefix):
            for version in page.get("Versions", ()):  # of each key the newest first
                oldest[version["Key"]] = version["VersionId"]
            seen.update(each["Key"] for each in page.get("Versions", ()))
            seen.update(each["Key"] for each in page.get("DeleteMarkers", ()))
        self._versions |= oldest
        for key, count in seen.items():
            if count > 1:
                words = "something was laid over what is locked, or hides it"
                self._laid_over[key] = Fault(problem=words, key=key)
        return sorted(oldest)

    def read(self, key: str) -> bytes:
        """The locked version of an object. Raises KeyError where there is none."""
        if key not in self._versions:
            self.keys(key)
        version = self._versions[key]
        return self.client.get_object(Bucket=self.name, Key=key, VersionId=version)["Body"].read()


def read_all(objects: Objects, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Objects with their keys, in the order of `keys`, read several at a time; those that are gone
    are left out.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for part in batched(keys, AT_ONCE * 8, strict=False):
            for key, body in zip(part, pool.map(partial(_found, objects), part), strict=True):
                if body is not None:
                    yield key, body


def _found(objects: Objects, key: str) -> bytes | None:
    try:
        return objects.read(key)
    except KeyError:
        return None
