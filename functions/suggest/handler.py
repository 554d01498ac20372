"""API Gateway → articles that may answer what somebody is about to send, for forms and chat.

Everybody may ask. What they ask stands in no log, no table and no metric.
"""

from typing import Any

from triagewire import aws
from triagewire.flow.policies import current_policy
from triagewire.flow.suggesting import Library, suggest
from triagewire.observability import flush_metrics, textless
from triagewire.secrets import identity_key


@textless
def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Answer one question."""
    answer = suggest(_library, event)
    flush_metrics()
    return answer.as_event()


def _library() -> Library:
    return Library(
        tables=aws.tables(), policy=current_policy(), hash_key=lambda: identity_key().get()
    )
