"""Whatever staff are told, or fail to be told, no word of a patient is in it.

One clinic lives through a day and a night in which everything happens of which somebody is told;
canaries stand in every field that a sender fills, and everything that leaves is searched for them
(45 CFR 164.502(b)).
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.cli import main
from tests.aws.canaries import CANARIES, WHO, leaks, say, score_with_canary, with_canaries
from tests.aws.clinic import Clinic
from tests.aws.deployment import LINK_KEY, forget
from tests.aws.identifiers import found_in, found_where
from tests.aws.said import APPOINTMENT, AUTHORIZATION, CHEST_PAIN, HOURS, MIXED, REFILL, UNCLEAR
from tests.aws.senders import by_form, by_mail, by_phone, by_portal, unreadable
from tests.aws.test_acknowledging import link_of, look, press
from tests.aws.test_undelivered import EVERY_WAY, a_body, a_record, given_back
from tests.aws.wire import Fault
from tests.builders import LADDERS, MEMBERS, a_policy, a_site, minutes, sources_of
from tests.conftest import Written
from tests.shipped import engine_of
from triagewire.channels.source import Limit
from triagewire.escalation.links import acknowledge_token
from triagewire.escalation.notice import SUBJECT, NoticeKind
from triagewire.flow import judge
from triagewire.ladder import BeforeDue, Tell
from triagewire.ledger.event import Action
from triagewire.store.tickets import TICKET, ticket_pk

OPENING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
PATIENTS_WORDS = (TICKET, "MSG#")
"""The items in which they belong; quarantined bodies lie under a key of their own."""
FOUND_BY = "TEXT#"
"""And those by which staff find open tickets by their words."""
ATTRIBUTES = {
    "site",
    "team",
    "urgency",
    "notice",
    "kind",
    "person",
    "way",
    "count",
    "source",
    "about",
    "copy",
}
"""All that may stand beside a notice."""
RARE = {
    NoticeKind.REACHABLE,
    NoticeKind.BOUNCED,
    NoticeKind.SOURCE_HEARD,
    NoticeKind.SOURCE_UNLIMITED,
    NoticeKind.UNDELIVERED,
    NoticeKind.EMERGENCY,
}
"""What is told in the same words as another kind, of something that does not happen here; and what
is about staff alone, of no ticket.
"""
WRITER = json.dumps(
    {"id": CANARIES["patient_id"], "name": CANARIES["name"], "born": CANARIES["born"]}
)
SCENARIO = f"""\
about: {CANARIES["subject"]}
policy: {{policy}}
site: riverside
starts: 2026-03-03T02:00
lasts: 7h
events:
  - at: 02:04
    message:
      as: first
      source: portal
      from: {{writer}}
      text: chest pain since an hour. {CANARIES["text"]} {CANARIES["address"]}
  - at: 02:40
    message:
      as: second
      source: portal
      from: {{writer}}
      text: Please move my appointment to Thursday. {CANARIES["condition"]}
"""


@dataclass
class Day:
    """A clinic through a day and a night, and what it answered."""

    clinic: Clinic
    answers: list[object]

    def says(self, text: str, event: str) -> str:
        """A patient writes through the portal, with canaries in every field."""
        return self.clinic.take(with_canaries(say(text), self.clinic, event))


@pytest.fixture
def day(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Day:
    """The clinic whose people have ways, with a source that may fall silent."""
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)
    reachable = {
        who: replace(MEMBERS[who], ways=EVERY_WAY) for who in ("sami", "dr-okafor", "rhea", "bela")
    }
    sources = sources_of("north")
    phone = replace(sources["phone"], silent_after_minutes=30, owner="rhea")
    portal = replace(sources["portal"], limit=Limit(per_minute=60, burst=6))
    ladders = replace(LADDERS, before=(BeforeDue(minutes=30, tell=Tell.LEAD),))
    site = a_site(
        members={**MEMBERS, **reachable},
        sources={**sources, "phone": phone, "portal": portal},
        ladders=ladders,
    )
    clinic.publish(a_policy(site))
    forget()
    clinic.wire.calls.clear()
    return Day(clinic=clinic, answers=[])


def _a_morning(day: Day) -> None:
    """Every channel, every kind of request, a body that cannot be read, a source over its limit."""
    clinic = day.clinic
    clinic.take(by_phone(say(REFILL), clinic.now, "call-1", phone=WHO.phone))
    clinic.take(by_mail(say(APPOINTMENT), clinic.now, "mail-1", email=WHO.email))
    clinic.take(by_form(say(AUTHORIZATION), clinic.now, "form-1", name=WHO.name, phone=WHO.phone))
    clinic.post(unreadable(clinic.now, "evt-0", {"type": CANARIES["text"]}))
    for number, text in enumerate((UNCLEAR, MIXED, HOURS, REFILL)):
        day.says(text, f"evt-m{number}")
    for number in range(5):
        event = by_portal(say(APPOINTMENT), clinic.now, f"evt-l{number}", who=WHO)
        day.answers.append(clinic.post(event))
    clinic.settle()
    for later in (10, 20, 35, 30, 40, 60, 120):
        clinic.sweep(clinic.now + minutes(later))


def _a_night(day: Day) -> str:
    """A page that nobody hears, that does not arrive, and that is acknowledged by its link."""
    clinic = day.clinic
    clinic.now = NIGHT
    ticket = day.says(CHEST_PAIN, "evt-night")
    day.says(APPOINTMENT, "evt-held")
    clinic.sweep(clinic.now + minutes(5))
    for sent in reversed(clinic.wire.of("Publish")[-3:]):
        day.answers.append(given_back(clinic, a_record(sent)))
    day.answers.append(given_back(clinic, a_body(f"{CANARIES['text']} is no JSON", 9)))
    clinic.sweep(clinic.now + minutes(5))
    path = link_of(clinic, clinic.paged()[-1])
    for shown in (look(clinic, path), press(clinic, path), look(clinic, path)):
        day.answers.append(shown)
    token = acknowledge_token(LINK_KEY.encode(), ticket, "director", clinic.now + minutes(9))
    day.answers += [look(clinic, f"/acknowledge/{token}x"), look(clinic, f"/acknowledge/{token}")]
    clinic.sweep(clinic.now + minutes(3))
    return ticket


def _a_failing_hour(day: Day) -> None:
    """The topics, then the tables, refuse everything for a while."""
    clinic = day.clinic
    clinic.now += minutes(90)
    for operation in ("Publish", "TransactWriteItems", "GetItem"):
        with clinic.wire.failing(
            lambda _at, call, name=operation: Fault.REFUSED if call.operation == name else None  # type: ignore[misc]
        ):
            try:
                clinic.sweep(clinic.now + minutes(1))
            except Exception as error:  # what Lambda logs of it
                day.answers.append(repr(error))


def test_no_canary_is_in_anything_that_anybody_is_told(day: Day, written: Written) -> None:
    clinic = day.clinic

    _a_morning(day)
    _a_night(day)
    _a_failing_hour(day)
    clinic.sweep(OPENING)
    clinic.sweep(OPENING + minutes(3))

    assert set(NoticeKind) - RARE <= _kinds_told(clinic)
    assert leaks(clinic, written, *day.answers) == []
    assert _found_in_documents(clinic) == []
    assert _odd_messages(clinic) == []


def _kinds_told(clinic: Clinic) -> set[NoticeKind]:
    """The kinds of all notices that went out, by themselves or with others."""
    events = (event for each in clinic.ledgers().values() for event in each)
    told = [event.detail["notices"] for event in events if event.action is Action.TOLD]
    ids = [str(name) for names in told if isinstance(names, list) for name in names]
    return {kind for kind in NoticeKind if any(f"-{kind.value}-" in name for name in ids)}


def _found_in_documents(clinic: Clinic) -> list[str]:
    """Canaries in what is stored, but for tickets, messages and quarantined bodies."""
    return found_where(_documents(clinic))


def _documents(clinic: Clinic) -> Iterator[tuple[str, str]]:
    for item in clinic.items():
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        theirs = pk.startswith(ticket_pk("")) and sk.startswith(PATIENTS_WORDS)
        theirs = theirs or pk.startswith(FOUND_BY)
        if theirs or pk.startswith("QUARANTINE#"):
            continue
        for value in item.values():
            if "B" in value:
                yield f"the document of {pk}", zlib.decompress(value["B"]).decode()


def _odd_messages(clinic: Clinic) -> list[str]:
    """Messages with another subject, or with something beside them that nobody looked at."""
    sent = clinic.wire.of("Publish")
    subjects = {each["Subject"] for each in sent} - {SUBJECT}
    beside = {name for each in sent for name in each["MessageAttributes"]} - ATTRIBUTES
    return sorted(subjects | beside)


def test_links_name_a_ticket_and_a_member_and_nothing_else(day: Day) -> None:
    clinic = day.clinic
    clinic.now = NIGHT
    ticket = day.says(CHEST_PAIN, "evt-1")

    texts = "\n".join(each["Message"] for each in clinic.wire.of("Publish"))
    links = re.findall(r"https://\S+", texts)

    assert links
    desk = [each for each in links if "/acknowledge/" not in each]
    assert set(desk) == {f"https://desk.clinic.example/console#/tickets/{ticket}"}
    assert all("?" not in each and "#" not in each.replace("/console#/", "/") for each in links)


def test_a_rehearsal_prints_what_happens_and_no_word_of_who_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "build_engine", engine_of)
    policy = Path(__file__).parents[2] / "policy"
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(SCENARIO.format(policy=policy, writer=WRITER), encoding="utf-8")

    assert main(["simulate", str(scenario), "--json"]) == 0

    said = capsys.readouterr()
    events = {each["event"] for each in json.loads(said.out)["timeline"]}
    assert {"page", "digest"} <= events
    assert found_in(said.out + said.err) == []


def test_the_search_would_find_a_canary_in_a_stored_notice(day: Day) -> None:
    day.clinic.now = NIGHT
    day.says(APPOINTMENT, "evt-1")
    (kept,) = [content for where, content in _documents(day.clinic) if "OUTBOX" in where]

    assert "digest" in kept
