"""API Gateway → articles that may answer what somebody is about to send, for forms and chat.

Everybody may ask. What they ask stands in no log, no table and no metric.
"""

from typing import Any

from triagewire.flow.suggesting import NOT_HERE


def lambda_handler(_event: dict[str, Any], _context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Answer one question."""
    return NOT_HERE.as_event()
