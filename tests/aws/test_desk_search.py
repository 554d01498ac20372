"""Finding tickets at the desk: by id, by who asks, by words; nobody finds what they may not see."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk import handler as desk
from tests.aws.arriving import arrives, mailed
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, AUTHORIZATION, BREAKS, CHEST_PAIN, REFILL, UNCLEAR
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.aws.test_desk_calls import a_desk, a_request
from tests.builders import a_requester, a_site, minutes
from triagewire import aws
from triagewire.flow import searching
from triagewire.flow.merging import merge_in
from triagewire.ledger.event import Action, Event
from triagewire.routing.hand_merge import MergeReason
from triagewire.store.ledger import read_events
from triagewire.store.searches import searches_subject

BEN = a_requester(patient_id="MRN-9", email="ben@mail.example", phone=None, name="Ben Marlow")
CLOSED_AFTER = timedelta(days=a_site().close_after_days)


def asked(clinic: Clinic, by: str = "director", site: str = "north", **what: object) -> Any:  # noqa: ANN401
    """What the desk answers to a search, with its status."""
    body = json.dumps({"site": site, **what}).encode()
    request = a_request(by, "POST", "/desk/search", body, at=clinic.now)
    answer = desk.lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))
    return SimpleNamespace(status=answer["statusCode"], body=json.loads(answer["body"]))


def found(clinic: Clinic, by: str = "director", **what: Any) -> list[str]:  # noqa: ANN401
    """The ids that a search finds, in order."""
    answer = asked(clinic, by, **what)
    assert answer.status == 200, answer.body
    return [each["id"] for each in answer.body["tickets"]]


def searches(clinic: Clinic, who: str = "director") -> list[Event]:
    return list(read_events(aws.tables(), searches_subject("north", who)))


# By id


def test_a_ticket_is_found_by_its_id_however_it_is_typed(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    assert found(clinic, ticket=f" {ticket.lower()} ") == [ticket]


def test_a_merged_one_leads_to_the_one_that_people_work_on(clinic: Clinic) -> None:
    one = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    again = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    assert clinic.ticket(again).merged_into == one

    assert found(clinic, ticket=again) == [one]


def test_a_closed_one_is_found_by_its_id(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.resolve(ticket, "director")

    assert found(clinic, ticket=ticket) == [ticket]


@pytest.mark.parametrize("text", ["TICKET#1", "A" * 26, "A" * 300, "../..", "' OR 1=1"])
def test_what_is_no_ticket_finds_nothing(clinic: Clinic, text: str) -> None:
    assert found(clinic, ticket=text) == []


def test_a_ticket_that_one_may_not_see_is_not_found_and_the_try_is_recorded(
    clinic: Clinic,
) -> None:
    ticket = clinic.take(by_portal(AUTHORIZATION, clinic.now, "evt-1"))

    assert found(clinic, "nick", ticket=ticket) == []
    assert clinic.ledger(ticket)[-1].action is Action.DENIED


# By who asks


@pytest.mark.parametrize(
    "who",
    [
        {"patient_id": " mrn-4401"},
        {"email": "Ada.Marlow@Mail.example"},
        {"phone": "(555) 010-7744"},
        {"phone": "+1 555-010-7744"},
    ],
)
def test_everything_of_a_requester_is_found_by_any_identity_the_newest_first(
    clinic: Clinic, who: dict[str, str]
) -> None:
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(10)
    second = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-2"))
    clinic.take(by_portal(AUTHORIZATION, clinic.now, "evt-3", who=BEN))

    assert found(clinic, requester=who) == [second, first]


def test_an_identity_is_found_whole_or_not_at_all(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    assert found(clinic, requester={"email": "ada.marlow"}) == []
    assert found(clinic, requester={"patient_id": "MRN"}) == []


def test_what_stands_before_a_person_is_found_too(clinic: Clinic) -> None:
    in_review = clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1"))
    unscored = clinic.take(by_portal(BREAKS, clinic.now, "evt-2"))

    assert set(found(clinic, requester={"patient_id": "MRN-4401"})) == {in_review, unscored}
    assert found(clinic, text="scoring fail") == [unscored]


def test_only_open_ones_are_found_unless_the_others_are_asked_for(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.resolve(ticket, "director")
    who = {"patient_id": "MRN-4401"}

    assert found(clinic, requester=who) == []
    assert found(clinic, requester=who, closed=True) == [ticket]


def test_a_colleague_of_another_team_finds_the_own_ones_alone(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    theirs = clinic.take(by_portal(AUTHORIZATION, clinic.now, "evt-2"))

    assert found(clinic, "bela", requester={"patient_id": "MRN-4401"}) != []
    assert found(clinic, "nick", requester={"patient_id": "MRN-4401"}) != [theirs]
    assert theirs not in found(clinic, "nick", requester={"patient_id": "MRN-4401"})


def test_no_identity_stands_in_a_key(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    keys = json.dumps([[item["pk"], item["sk"]] for item in clinic.items()])

    assert not any(each in keys.casefold() for each in ("mrn-4401", "marlow", "0107744"))


# By words


@pytest.mark.parametrize("words", ["lisinopril", "LISINOPRIL tablets", "tab THREE", "rénew"])
def test_words_are_found_without_case_accents_or_order(clinic: Clinic, words: str) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    assert found(clinic, text=words) == [ticket]


def test_a_word_that_nobody_wrote_finds_nothing(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    assert found(clinic, text="lisinopril fever") == []


def test_the_most_urgent_comes_first(clinic: Clinic) -> None:
    calm = clinic.take(by_portal(f"{APPOINTMENT} tuesday", clinic.now, "evt-1", who=BEN))
    urgent = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-2"))

    assert found(clinic, text="a") == [urgent, calm]


def test_a_subject_is_looked_through_too(clinic: Clinic) -> None:
    ticket = arrives(clinic, mailed(REFILL, "m-1", subject="My mother's prescription"))

    assert found(clinic, text="mother prescription") == [ticket]


def test_what_was_merged_is_found_as_the_one(clinic: Clinic) -> None:
    one = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    other = clinic.take(by_portal(REFILL, clinic.now, "evt-2"))
    merge_in(*clinic._desk("director"), one, other, MergeReason.SAME_NEED)

    assert found(clinic, text="lisinopril") == [one]


def test_resolved_ones_are_found_where_they_are_asked_for_and_closed_ones_no_more(
    clinic: Clinic,
) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    again = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.resolve(ticket, "director")
    assert found(clinic, text="lisinopril") == []
    assert found(clinic, text="lisinopril", closed=True) == [ticket]

    clinic.sweep(clinic.now + CLOSED_AFTER)

    assert clinic.actions(ticket)[-1] is Action.CLOSED
    assert found(clinic, text="lisinopril", closed=True) == []
    words = [item["sk"]["S"] for item in clinic.items() if item["pk"]["S"] == "TEXT#north"]
    assert ticket not in words
    assert again not in words


def test_a_very_long_message_is_found_by_its_beginning_and_stays_small(clinic: Clinic) -> None:
    noise = " ".join(f"w{number * 7919 % 100_003:x}" for number in range(4_000))
    ticket = clinic.take(by_portal(f"lisinopril {noise}", clinic.now, "evt-1"))

    (item,) = (each for each in clinic.items() if each["pk"]["S"] == "TEXT#north")

    assert len(item["words"]["B"]) <= 8_192
    assert found(clinic, text="lisinopril") == [ticket]


def test_a_search_ends_after_so_many_matches_and_says_that_there_may_be_more(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_MATCHES", 2)
    for number in range(3):
        who = a_requester(patient_id=f"M-{number}", email=None, phone=None)
        clinic.take(by_portal(REFILL, clinic.now, f"evt-{number}", who=who))

    answer = asked(clinic, text="lisinopril")

    assert (len(answer.body["tickets"]), answer.body["more"]) == (2, True)


def test_a_search_reads_so_many_pages_and_says_that_there_may_be_more(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-2", who=BEN))
    monkeypatch.setattr(searching, "MOST_PAGES", 1)
    monkeypatch.setattr("triagewire.store.findable.PAGE", 1)

    answer = asked(clinic, text="a")

    assert (len(answer.body["tickets"]), answer.body["more"]) == (1, True)


def test_the_newest_fifty_are_shown_and_that_there_are_more(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 1)
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(5)
    newest = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-2"))

    answer = asked(clinic, requester={"patient_id": "MRN-4401"})

    assert [each["id"] for each in answer.body["tickets"]] == [newest]
    assert answer.body["more"] is True


# Who may, and what is recorded


@pytest.mark.parametrize("site", ["west", "south"])
def test_another_site_is_none(clinic: Clinic, site: str) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    who = {"patient_id": "MRN-4401"}

    for what in ({"text": "lisinopril"}, {"requester": who}, {"ticket": "A" * 26}):
        answer = asked(clinic, "zoe", site=site, **what)
        assert (answer.status, answer.body["error"]) == (404, "not_found")


def test_an_identity_of_one_site_is_not_known_at_another(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1", site="north"))

    assert found(clinic, site="west", requester={"patient_id": "MRN-4401"}) == []


def test_every_search_is_in_the_ledger_without_a_word_of_it(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))

    found(clinic, text="lisinopril tablets")
    found(clinic, requester={"email": "ada.marlow@mail.example"})
    found(clinic, ticket=ticket)

    told = searches(clinic)
    assert [event.why for event in told] == ["by words", "by requester", "by ticket"]
    assert {event.actor for event in told} == {"staff:director"}
    assert [event.detail["found"] for event in told] == [1, 1, 1]
    assert not any(word in str(told) for word in ("lisinopril", "tablets", "marlow", ticket))


def test_an_answer_shows_lines_and_nothing_that_anybody_wrote(clinic: Clinic) -> None:
    clinic.take(by_mail(REFILL, clinic.now, "mail-1"))

    answer = asked(clinic, text="lisinopril")

    assert len(answer.body["tickets"]) == 1
    assert not any(each in json.dumps(answer.body) for each in ("lisinopril", "Ada", "@"))


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({}, "body"),
        ({"text": "a", "ticket": "A" * 26}, "body"),
        ({"requester": {}}, "requester"),
        ({"requester": {"email": "a@b.example", "phone": "5550107744"}}, "requester"),
        ({"requester": {"name": "Ada Marlow"}}, "body"),
        ({"requester": {"phone": "none"}}, "requester"),
        ({"text": " \u200b "}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"text": " ".join(f"w{each}" for each in range(21))}, "text"),
        ({"text": "a", "closed": "yes"}, "closed"),
        ({"text": "a", "team": "clinical"}, "body"),
    ],
)
def test_a_wrong_question_is_refused_by_its_field_and_not_repeated(
    what: dict[str, object], field: str
) -> None:
    with a_desk() as opened:
        answer = opened.post("nick", "/desk/search", {"site": "north", **what})

    assert answer.status == 422
    assert answer.body["fields"][0]["field"] == field
    assert "Marlow" not in answer.text
