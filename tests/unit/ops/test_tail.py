"""What `triagewire tail` shows of a function's log."""

import json
from typing import Any

from ops.tail import shown


def event(message: str) -> dict[str, Any]:
    return {"timestamp": 1_772_462_400_000, "message": message}


def test_a_log_line_is_shown_with_time_function_and_facts() -> None:
    line = {"service": "score_route", "message": "routed", "team": "clinical", "urgency": 5}

    assert shown(event(json.dumps(line))) == "14:40:00 score_route routed team=clinical urgency=5"


def test_fields_that_are_not_known_to_be_harmless_are_left_out() -> None:
    line = {"service": "intake", "message": "webhook answered", "status": 202, "body": "secret"}

    assert shown(event(json.dumps(line))) == "14:40:00 intake      webhook answered status=202"


def test_what_is_no_log_line_of_ours_is_left_out() -> None:
    assert shown(event("START RequestId: 7f Version: $LATEST")) == ""
    assert shown(event('{"_aws": {"Timestamp": 1}}')) == ""
