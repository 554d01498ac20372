"""Who has the whole ticket table, and the key that the table itself is encrypted with, reads no
word of a patient; and what was tampered with is refused, never shown as if it were empty.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import time_machine

from tests.aws.arriving import store_fact
from tests.aws.canaries import CANARIES, WHO, say, score_with_canary, with_canaries
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, MIXED, REFILL, UNCLEAR, WORSE
from tests.aws.senders import by_form, by_mail, by_phone, by_portal, unreadable
from tests.aws.test_desk_calls import Desk, a_desk
from tests.builders import AT_NIGHT, MONDAY_MORNING, a_ticket, minutes
from triagewire import aws
from triagewire.arrival import Fact, FactKind
from triagewire.errors import SealBrokenError
from triagewire.store.cipher import is_sealed
from triagewire.store.codec import decompressed, pack
from triagewire.store.findable import words_of_site
from triagewire.store.messages import read_messages
from triagewire.store.quarantine import all_kept, load_kept
from triagewire.store.tickets import load_ticket, load_tickets, ticket_pk

WANTED = [each.lower() for each in CANARIES.values()]
HELD_BY = {
    "TICKET": {"document"},
    "MESSAGE": {"document"},
    "TEXT": {"words"},
    "QUARANTINE": {"document", "body"},
    "LABELS": {"document"},
    "FACT": {"document"},
}
"""What holds patients' words, or points at them: every other attribute is open."""


def kind_of(item: dict[str, Any]) -> str:
    """What an item is, by its keys."""
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    return "MESSAGE" if sk.startswith("MSG#") else pk.partition("#")[0]


def as_read_without_keys(item: dict[str, Any]) -> Iterator[str]:
    """Every attribute in all forms that need no key."""
    for value in item.values():
        if "B" not in value:
            yield str(value)
            continue
        content = bytes(value["B"])
        yield content.decode("latin-1")
        with suppress(zlib.error):
            yield decompressed(content).decode("utf-8", "replace")


def readable(clinic: Clinic) -> list[str]:
    """Which canaries can be read where."""
    return [
        f"{needle} in {kind_of(item)}"
        for item in clinic.items()
        for said in as_read_without_keys(item)
        for needle in WANTED
        if needle in said.lower()
    ]


@pytest.fixture
def day(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """A clinic after a day on which something of everything came in."""
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)
    for number, text in enumerate((REFILL, HOURS, UNCLEAR, MIXED, APPOINTMENT)):
        clinic.take(with_canaries(say(text), clinic, f"evt-{number}"))
    clinic.now += minutes(5)
    clinic.take(by_phone(say(WORSE), clinic.now, "call-1", phone=WHO.phone))
    clinic.take(by_mail(say(APPOINTMENT), clinic.now, "mail-1", email=WHO.email))
    clinic.take(by_form(say(REFILL), clinic.now, "form-1", email=WHO.email, name=WHO.name))
    clinic.post(unreadable(clinic.now, "evt-odd", {"type": CANARIES["text"]}))
    _hears_of_a_delivery(clinic)
    clinic.pass_minutes(31)
    clinic.now = AT_NIGHT
    urgent = clinic.take(with_canaries(say(CHEST_PAIN), clinic, "evt-night"))
    clinic.pass_minutes(12)
    clinic.acknowledge(urgent, "dr-okafor")
    clinic.respond(urgent, "dr-okafor")
    return clinic


def _hears_of_a_delivery(clinic: Clinic) -> None:
    fact = Fact(
        site="north",
        source="mailbox",
        kind=FactKind.BOUNCE,
        event_id=CANARIES["email"],
        thread=CANARIES["thread"],
    )
    store_fact(fact, clinic.now)
    clinic.settle()


def test_the_table_alone_shows_no_word_of_a_patient_and_nobody_s_name(day: Clinic) -> None:
    assert len(day.tickets()) >= 9
    assert {kind_of(item) for item in day.items()} >= HELD_BY.keys() - {"LABELS"}
    assert readable(day) == []


def test_whoever_has_the_keys_reads_all_of_it(day: Clinic) -> None:
    (first, *_) = day.tickets()

    assert first.requester.name == CANARIES["name"]
    assert CANARIES["text"] in day.said(first.id)[0].text


def test_everything_that_may_hold_their_words_is_sealed_and_the_rest_is_not(day: Clinic) -> None:
    for item in day.items():
        held = HELD_BY.get(kind_of(item), set()) - ({"document"} if _other(item) else set())
        found = {name for name, each in item.items() if is_sealed(each.get("B", b""))}
        assert found == held, (kind_of(item), found)


def _other(item: dict[str, Any]) -> bool:
    """An item beside a ticket that is neither it nor a message."""
    return kind_of(item) == "TICKET" and item["sk"]["S"] != "TICKET"


def test_the_search_would_find_a_document_that_is_only_packed(clinic: Clinic) -> None:
    item: Any = {
        "pk": {"S": "TICKET#01"},
        "sk": {"S": "NOTE"},
        "document": {"B": pack({"said": CANARIES["text"]})},
    }
    aws.tables().client.put_item(TableName="tickets", Item=item)

    assert readable(clinic) == [f"{CANARIES['text']} in TICKET"]


# What somebody could do who may write the table


@pytest.fixture
def two() -> Iterator[Desk]:
    """A desk with a ticket; and a second one of the same site."""
    with a_desk(a_ticket(id="A" * 26), a_ticket(id="B" * 26)) as desk:
        yield desk


def _item(ticket_id: str, sk: str = "TICKET") -> Any:  # noqa: ANN401
    keys: Any = {"pk": {"S": ticket_pk(ticket_id)}, "sk": {"S": sk}}
    return aws.tables().client.get_item(TableName="tickets", Key=keys)["Item"]


def _put(item: Any) -> None:  # noqa: ANN401
    aws.tables().client.put_item(TableName="tickets", Item=item)


def test_one_patient_s_ticket_put_in_another_s_place_does_not_open(two: Desk) -> None:
    _put(_item("A" * 26) | {"document": _item("B" * 26)["document"]})

    with pytest.raises(SealBrokenError, match="document: altered, or moved"):
        load_ticket(two.tables, "A" * 26)
    assert load_ticket(two.tables, "B" * 26) is not None


def test_a_message_put_on_another_ticket_does_not_open(clinic: Clinic) -> None:
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    second = clinic.take(by_portal(APPOINTMENT, clinic.now + minutes(1), "evt-2", who=WHO))
    theirs = next(
        item
        for item in clinic.items()
        if item["pk"]["S"] == ticket_pk(second) and kind_of(item) == "MESSAGE"
    )
    _put(theirs | {"pk": {"S": ticket_pk(first)}})

    with pytest.raises(SealBrokenError):
        list(read_messages(aws.tables(), first))


def test_an_altered_ticket_is_refused_by_the_desk_and_never_shown_empty(two: Desk) -> None:
    stored = _item("A" * 26)
    content = bytes(stored["document"]["B"])
    _put(stored | {"document": {"B": content[:-1] + bytes([content[-1] ^ 1])}})

    answer = two.get("nora", f"/desk/tickets/{'A' * 26}")

    assert (answer.status, answer.body["error"]) == (500, "internal")
    with pytest.raises(SealBrokenError):
        load_tickets(two.tables, ["A" * 26, "B" * 26])


ALTERED: dict[str, Callable[[bytes], Any]] = {
    "from another place": lambda other: {"B": other},
    "made one that was never sealed": lambda other: {"B": b"\x78" + other[1:]},
    "something of another kind": lambda _other: {"B": pack(["words"])},
    "no bytes": lambda _other: {"S": "words"},
}


@pytest.mark.parametrize("how", ALTERED)
@pytest.mark.parametrize("path", ["/desk/queues/north/clinical", "/desk/mine"])
def test_a_ticket_that_does_not_open_hides_no_other_from_a_list_and_operations_hear_of_it(
    path: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = [a_ticket(id=each * 26, team="clinical", assignee="nora") for each in "AB"]
    with a_desk(*theirs) as desk:
        document = ALTERED[how](_item("B" * 26)["document"]["B"])
        _put(_item("A" * 26) | {"document": document})

        answer = desk.get("nora", path)

    assert answer.status == 200
    assert [each["id"] for each in answer.body["tickets"]] == ["B" * 26]
    assert "ticket left out of a list" in caplog.messages


def test_words_that_do_not_open_keep_no_other_ticket_from_being_found(clinic: Clinic) -> None:
    altered = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    other = clinic.take(by_portal(APPOINTMENT, clinic.now + minutes(1), "evt-2", who=WHO))
    (theirs,) = (
        item for item in clinic.items() if kind_of(item) == "TEXT" and item["sk"]["S"] == altered
    )
    content = bytes(theirs["words"]["B"])
    _put(theirs | {"words": {"B": content[:-1] + bytes([content[-1] ^ 1])}})

    found = [each for page in words_of_site(aws.tables(), "north") for each in page.found]

    assert [ticket for ticket, _ in found] == [other]
    _put(theirs)


def test_a_body_moved_between_quarantines_does_not_open(clinic: Clinic) -> None:
    for number in (1, 2):
        clinic.post(unreadable(clinic.now, f"evt-{number}", {"type": f"odd-{number}"}))
    first, second = sorted(each.ticket_id for each in all_kept(aws.tables(), "north"))
    kept = {item["sk"]["S"]: item for item in clinic.items() if kind_of(item) == "QUARANTINE"}
    _put(kept[first] | {"body": kept[second]["body"]})

    with pytest.raises(SealBrokenError, match="body"):
        load_kept(aws.tables(), "north", first)
    assert load_kept(aws.tables(), "north", second) is not None
    clinic.settle()


# What was stored before anything was sealed


def test_what_an_earlier_version_stored_is_read_and_sealed_with_its_next_change(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    said = clinic.said(refill)
    stored = _item(refill)
    _put(stored | {"document": {"B": pack(clinic.ticket(refill))}})
    (message,) = (item for item in clinic.items() if kind_of(item) == "MESSAGE")
    _put(message | {"document": {"B": pack(said[0])}})

    assert clinic.said(refill) == said
    clinic.respond(refill, "nora")

    assert is_sealed(bytes(_item(refill)["document"]["B"]))


def test_a_new_month_seals_with_its_own_key_and_reads_the_last_one_s(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = bytes(_item(refill)["document"]["B"])

    with time_machine.travel(MONDAY_MORNING + minutes(60 * 24 * 31), tick=False):
        clinic.respond(refill, "nora")

    after = bytes(_item(refill)["document"]["B"])
    assert before[:9] != after[:9]
    assert clinic.said(refill)
