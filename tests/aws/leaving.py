"""What leaves the documents of tickets and messages: where no word of a patient may stand."""

import json
import zlib
from collections.abc import Iterator

from tests.aws.clinic import Clinic
from tests.conftest import Written


def everything_that_left(clinic: Clinic, written: Written) -> Iterator[tuple[str, str]]:
    """Logs, metrics, notices, keys, plain attributes, the ledger: all but the documents."""
    yield "logs and metrics", written.getvalue()
    for sent in clinic.wire.of("Publish"):
        if "PhoneNumber" in sent:
            continue  # a text to the requester, at the number that they wrote from
        yield "a notice", json.dumps(sent)
    for item in clinic.items():
        open_parts = {name: value for name, value in item.items() if "B" not in value}
        yield f"an item {item['sk']['S'][:6]}", json.dumps(open_parts)
    for item in clinic.items("ledger"):
        for name, value in item.items():
            said = zlib.decompress(value["B"]).decode() if "B" in value else str(value)
            yield f"the ledger's {name}", said
