"""The demo's day is what it says it is: a whole inbox of invented people, labelled."""

import re
from collections import Counter

import pytest

from local.demo.day import ENDS, STARTS, DayMessage, people
from local.demo.neighbours.around import RECORD_SITE, SILENT_AT
from local.demo.posts import WAYS
from local.demo.promises_of_routing import BOUNCES
from local.demo.sources import further_sources
from tests.unit.demo.judging import DAY, policy, received
from triagewire.channels.options import ADAPTERS

BY_ID = {message.id: message for message in DAY}
PERSONS = [person for site in people().values() for person in site.values()]
PATIENTS = [person for person in PERSONS if person.mrn]
CONTINUED = [message for message in DAY if message.expected.joins]
DUPLICATES = [message for message in DAY if message.expected.duplicate_of]


def test_the_day_has_131_messages_and_no_id_twice() -> None:
    assert len(DAY) == len(BY_ID) == 131


def test_both_sites_have_their_share() -> None:
    assert Counter(message.site for message in DAY) == {"riverside": 74, "mesa": 57}


def test_the_mix_is_that_of_an_inbox() -> None:
    assert Counter(message.kind for message in DAY) == {
        "urgent": 12,
        "clinical": 50,
        "administrative": 45,
        "self_serve": 8,
        "it": 16,
    }


def test_every_message_comes_within_the_day() -> None:
    assert all(STARTS < message.at < ENDS for message in DAY)


def test_messages_come_by_every_way() -> None:
    further = {name for sources in further_sources().values() for name in sources}

    assert {message.by for message in DAY} == set(WAYS) | further


def test_the_day_uses_every_adapter() -> None:
    used = {
        policy().sites[message.site].sources[received(message)[0].source].adapter for message in DAY
    }

    assert used == set(ADAPTERS)


def test_15_to_20_per_cent_are_labelled_ambiguous() -> None:
    share = sum(message.expected.review for message in DAY) / len(DAY)

    assert 0.15 <= share <= 0.20


def test_nobody_can_be_reached_by_the_numbers_and_addresses_of_the_day() -> None:
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", person.phone) for person in PATIENTS)
    assert all(re.fullmatch(r".+[@.]example(\.(org|net|com))?", each.email) for each in PERSONS)


def test_record_numbers_are_given_once() -> None:
    assert len({person.mrn for person in PATIENTS}) == len(PATIENTS)


def test_the_day_has_what_only_a_record_an_assistant_or_a_conversation_tells() -> None:
    silent = [each for each in DAY if each.at > SILENT_AT and each.by == "portal"]

    assert any(message.patient.only_in_record for message in DAY)
    assert sum(message.site == RECORD_SITE for message in silent) > 5
    assert {message.model for message in DAY} == {"", "honest", "talked_round", "slow"}
    assert {message.expected.then for message in DAY} == {"", "same", "review", "told"}
    assert any(message.expected.linked for message in DAY)
    assert any(message.expected.reader for message in DAY)


def test_staff_answer_wait_leave_hand_on_and_undo_on_this_day() -> None:
    plans = [message.staff for message in DAY]

    assert any(plan.answer for plan in plans)
    assert any(plan.wait and plan.resume for plan in plans)
    assert any(plan.owner_leaves for plan in plans)
    assert any(plan.part for plan in plans)
    assert any(len(plan.moves) >= BOUNCES for plan in plans)


@pytest.mark.parametrize("message", CONTINUED, ids=lambda message: message.id)
def test_a_message_that_joins_comes_after_the_one_that_it_joins(message: DayMessage) -> None:
    first = BY_ID[message.expected.joins]

    assert (first.site, first.patient) == (message.site, message.patient)
    assert first.at < message.at


@pytest.mark.parametrize("again", DUPLICATES, ids=lambda message: message.id)
def test_a_duplicate_repeats_an_earlier_message_by_another_channel(again: DayMessage) -> None:
    first = BY_ID[again.expected.duplicate_of]

    assert (first.site, first.patient) == (again.site, again.patient)
    assert first.by != again.by
    assert 0 < (again.at - first.at).total_seconds() < 2 * 3600
