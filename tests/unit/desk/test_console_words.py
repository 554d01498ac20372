"""Whatever code the desk can answer with, the console has words for it, in both languages."""

import json
from collections.abc import Iterable
from enum import StrEnum

import pytest

from triagewire.arrival import Channel, RequesterKind
from triagewire.automated import AutomationState
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.desk.console_files import FOLDER
from triagewire.emergency import EmergencyReason
from triagewire.flow.handing import HandoffReason
from triagewire.flow.staff import Outcome, ReopenReason
from triagewire.flow.unmerging import UnmergeReason
from triagewire.flow.working import Answer
from triagewire.label import Basis
from triagewire.ledger.event import Action
from triagewire.measures import ages
from triagewire.measures.catalogue import MEASURES
from triagewire.measures.figures import BACKWARDS
from triagewire.measures.measure import Kind, Theme
from triagewire.measures.report import By
from triagewire.message import Delivery, Direction, ReplyWay
from triagewire.replies.ways import Barred
from triagewire.retention import HoldReason, PurgeReason
from triagewire.routing.hand_merge import MergeReason
from triagewire.ticket import Status
from triagewire.trends.finding import Standing
from triagewire.verdict import RuleSet

ABOUT_NO_TICKET = {
    Action.EXPORTED,
    Action.SEARCHED,
    Action.SIGNED_IN,
    Action.SIGNED_OUT,
    Action.PRESENCE_CHANGED,
    Action.POLICY_PUBLISHED,
    Action.SHADOW_STARTED,
    Action.SHADOW_ENDED,
    Action.EMERGENCY_STARTED,
    Action.EMERGENCY_ENDED,
    Action.ACCESS_CHANGED,
    Action.EXAMINED,
}
"""What no ticket's history holds."""
GROUPS: dict[str, Iterable[StrEnum]] = {
    "code.basis": Basis,
    "code.channel": Channel,
    "code.emergency_reason": EmergencyReason,
    "code.handoff_reason": HandoffReason,
    "code.hold_reason": HoldReason,
    "code.how": Answer,
    "code.merge_reason": MergeReason,
    "code.outcome": Outcome,
    "code.purge_reason": PurgeReason,
    "code.reopen_reason": ReopenReason,
    "code.requester": RequesterKind,
    "code.status": Status,
    "code.unmerge_reason": UnmergeReason,
    "code.waiting_for": PauseReason,
    "delivery": [each for each in Delivery if each is not Delivery.NONE],
    "event": [each for each in Action if each not in ABOUT_NO_TICKET],
    "promise.hours": CalendarKind,
    "robot": AutomationState,
    "score.set": RuleSet,
    "talk": Direction,
    "way": ReplyWay,
    "way.by": ReplyWay,
}


def key_of(group: str, value: str) -> str:
    """The key of a code's words."""
    joint = "_" if group in {"promise.hours", "way.by"} else "."
    return f"{group}{joint}{value}"


@pytest.fixture(scope="module", params=["en", "es"])
def words(request: pytest.FixtureRequest) -> dict[str, object]:
    """All words of a language."""
    packs = ("words", "more-words", "measure-words")
    texts = [FOLDER / f"{pack}.{request.param}.json" for pack in packs]
    return {key: value for text in texts for key, value in json.loads(text.read_text()).items()}


@pytest.mark.parametrize("group", GROUPS)
def test_every_code_of_the_desk_has_words(group: str, words: dict[str, object]) -> None:
    missing = [key_of(group, each.value) for each in GROUPS[group]]

    assert [key for key in missing if key not in words] == []


def test_every_reason_that_bars_a_text_is_said_in_words(words: dict[str, object]) -> None:
    reasons = [each for each in Barred.__value__.__args__ if each]

    assert [each for each in reasons if f"compose.barred_{each}" not in words] == []


def test_everything_that_a_report_says_is_said_in_words(words: dict[str, object]) -> None:
    said = [
        *(f"measure.{each.id}" for each in MEASURES),
        *(f"measures.age.{each}" for each in ages.NAMES),
        *(f"measures.theme.{each}" for each in Theme),
        *(f"measures.is_{each}" for each in Kind),
        *(f"measures.by_{each}" for each in By if each is not By.ALL),
        *(f"measures.standing_{each}" for each in Standing if each is not Standing.GONE),
        f"measures.left_out.{BACKWARDS}",
    ]

    assert [each for each in said if each not in words] == []


def test_a_measure_is_called_in_the_console_as_in_the_files() -> None:
    english = json.loads((FOLDER / "measure-words.en.json").read_text())

    assert {each.id: english[f"measure.{each.id}"] for each in MEASURES} == {
        each.id: each.name for each in MEASURES
    }
