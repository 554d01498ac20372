"""A body of each act, for who reads the OpenAPI document; by the name of the operation."""

from collections.abc import Mapping
from typing import Any

BODIES: Mapping[str, Mapping[str, Any]] = {
    "claim": {"version": 4},
    "accept": {},
    "respond": {"how": "called", "version": 5},
    "wait": {"waiting_for": "payer", "until": "2026-03-04T15:00:00Z"},
    "resume": {},
    "acknowledge": {},
    "reassign": {"reason": "wrong_team", "team": "billing", "note": "Asks about a bill of March"},
    "decide": {"score": 2, "team": "scheduling", "why": "words_misread"},
    "resolve": {"outcome": "answered", "version": 7},
    "reopen": {"reason": "requester_wrote_again"},
    "unmerge": {"ticket": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "reason": "other_person"},
    "merge": {"ticket": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "reason": "sent_twice"},
    "say_writing": {"writing": True},
    "reply": {"text": "We have renewed it; it is at your pharmacy.", "resolve": "done"},
    "undo_reply": {"message": "MSG#2026-03-02T14:00:00.000Z#0001"},
    "try_again": {"message": "MSG#2026-03-02T14:00:00.000Z#0001"},
    "say_presence": {"away": True, "until": "2026-03-04T15:00:00Z"},
    "search": {"site": "north", "text": "inhaler"},
    "note": {"text": "Called twice, nobody answered."},
    "hold": {"hold": True, "reason": "litigation", "why": "Letter of counsel of 3 March"},
    "start_emergency": {"site": "north", "why": "nobody_reached", "minutes": 30},
    "rescore": {"score": 4, "topic": "symptom", "team": "clinical", "why": "danger_missed"},
}
