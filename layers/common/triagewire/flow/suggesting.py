"""Which articles may answer what somebody is about to send, or that they should call for help."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HEADERS = {"content-type": "application/json", "cache-control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the asking page gets."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_event(self) -> dict[str, Any]:
        """The answer as API Gateway takes it."""
        return {
            "statusCode": self.status,
            "headers": {**HEADERS, **self.headers},
            "body": json.dumps(self.body, ensure_ascii=False),
            "isBase64Encoded": False,
        }


NOT_HERE = Answered(status=404, body={"error": {"code": "not_found", "message": "no such site"}})
"""The same for every site that is not there."""
