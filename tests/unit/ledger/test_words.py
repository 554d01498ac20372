"""The ledger in words: nobody who reads a trail needs the code."""

from enum import StrEnum

import pytest

from triagewire.clock.promise import PauseReason
from triagewire.emergency import EmergencyReason
from triagewire.flow.callback import Said
from triagewire.flow.handing import HandoffReason
from triagewire.flow.staff import Outcome, ReopenReason
from triagewire.flow.unmerging import UnmergeReason
from triagewire.flow.working import Answer
from triagewire.label import Basis
from triagewire.ledger.event import Action
from triagewire.ledger.words import ACTIONS, action_in_words, actor_in_words, why_in_words
from triagewire.retention import HoldReason, PurgeReason
from triagewire.routing.hand_merge import MergeReason

REASONS: list[type[StrEnum]] = [
    *(PauseReason, Said, HandoffReason, Outcome, ReopenReason, UnmergeReason, Answer),
    *(Basis, MergeReason, HoldReason, PurgeReason, EmergencyReason),
]


def test_every_action_has_words_and_no_two_have_the_same() -> None:
    assert ACTIONS.keys() == set(Action)
    assert len(set(ACTIONS.values())) == len(Action)
    assert action_in_words(Action.DENIED) == "was refused"


@pytest.mark.parametrize("reason", [each for kind in REASONS for each in kind], ids=str)
def test_every_reason_that_people_choose_reads_as_words(reason: StrEnum) -> None:
    words = why_in_words(reason.value)

    assert " " in words, "one word alone says too little"
    assert "_" not in words


def test_a_sentence_stands_as_it_was_recorded() -> None:
    assert why_in_words("taken from the queue") == "taken from the queue"


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("staff:nick", "nick, staff"),
        ("administrator:ana", "ana, by a command"),
        ("system:escalate", "Triagewire (the minute's look at what is due)"),
        ("system", "Triagewire"),
        ("requester", "the requester"),
        ("somebody", "somebody"),
    ],
)
def test_who_did_it_reads_as_words(actor: str, words: str) -> None:
    assert actor_in_words(actor) == words
