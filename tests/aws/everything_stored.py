"""Every item of the ticket table as whoever holds every key could read it."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from tests.aws.clinic import Clinic
from triagewire import aws
from triagewire.store.codec import decompressed
from triagewire.store.sealed import read_sealed_bytes


def everything_stored(clinic: Clinic) -> Iterator[tuple[str, str]]:
    """Each attribute of each item, opened and unpacked, with where it stands."""
    for item in clinic.items():
        for name in item:
            yield f"{item['pk']['S']} {item['sk']['S']} {name}", _opened(item, name)


def _opened(item: dict[str, Any], name: str) -> str:
    if "B" not in item[name]:
        return str(item[name])
    content = read_sealed_bytes(aws.tables(), item, name)
    with suppress(zlib.error):
        content = decompressed(content)
    return content.decode("utf-8", "replace")
