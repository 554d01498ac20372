"""A source's silence and its limits reach its owner within a minute, once each."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.intake import handler as intake
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.said import REFILL
from tests.aws.senders import by_phone, by_portal
from tests.aws.wire import Fault
from tests.builders import a_policy, a_site, a_source, minutes, sources_of
from triagewire import aws
from triagewire.channels.source import Limit
from triagewire.flow import watch_sources
from triagewire.settings import settings
from triagewire.store.source_states import read_source_states

TOLD = ("source_silent", "source_heard", "source_limited", "source_unlimited")


@pytest.fixture
def watched(clinic: Clinic) -> Clinic:
    """Voicemail may be silent for an hour; the portal may give two messages at once."""
    sources = sources_of("north")
    phone = replace(sources["phone"], silent_after_minutes=60, owner="rhea")
    portal = replace(sources["portal"], limit=Limit(per_minute=6, burst=2))
    clinic.publish(a_policy(site=a_site(sources={**sources, "phone": phone, "portal": portal})))
    clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.wire.calls.clear()
    return clinic


def told(clinic: Clinic) -> list[tuple[str, str]]:
    """What was told of sources, and whom, in the order of their kinds."""
    return [(kind, each["person"]) for kind in TOLD for each in clinic.notices(kind)]


def test_the_owner_hears_of_silence_once_and_of_its_end_once(watched: Clinic) -> None:
    watched.sweep(watched.now + minutes(59))
    assert told(watched) == []

    watched.pass_minutes(3)
    assert told(watched) == [("source_silent", "rhea")]

    watched.take(by_phone(REFILL, watched.now, "call-2"))
    watched.pass_minutes(3)
    assert told(watched) == [("source_silent", "rhea"), ("source_heard", "rhea")]


def test_silence_goes_to_the_alerts_and_names_no_patient(watched: Clinic) -> None:
    watched.sweep(watched.now + minutes(60))

    (notice,) = watched.notices("source_silent")
    assert notice["topic"].endswith(":alerts")
    assert notice["text"].startswith("SOURCE SILENT for rhea: north/phone (twilio)")


def test_the_first_limited_call_reaches_the_owner_with_the_next_sweep(watched: Clinic) -> None:
    for number in range(6):
        watched.post(by_portal(f"{REFILL} {number}", watched.now, f"evt-{number}"))
    watched.settle()

    watched.sweep(watched.now + minutes(1))
    assert told(watched) == [("source_limited", "director")]
    watched.pass_minutes(3)
    assert len(told(watched)) == 1

    watched.pass_minutes(3)
    assert ("source_unlimited", "director") in told(watched)
    state = read_source_states(aws.tables())["north/portal"]
    assert (state.limited_since, state.limited_at, state.told_limited) == (None, None, None)


def test_a_second_episode_is_told_again(watched: Clinic) -> None:
    for episode in range(2):
        for number in range(4):
            event = f"evt-{episode}-{number}"
            watched.post(by_portal(f"{REFILL} {event}", watched.now, event))
        watched.pass_minutes(8)

    kinds = [kind for kind, _ in told(watched) if kind != "source_silent"]
    assert kinds == ["source_limited"] * 2 + ["source_unlimited"] * 2


def test_a_source_that_never_gave_anything_is_watched_from_the_first_sweep(clinic: Clinic) -> None:
    sources = sources_of("north")
    phone = replace(sources["phone"], silent_after_minutes=60)
    clinic.publish(a_policy(site=a_site(sources={**sources, "phone": phone})))

    clinic.sweep()
    clinic.sweep(clinic.now + minutes(59))
    assert told(clinic) == []
    clinic.sweep(clinic.now + minutes(1))
    assert told(clinic) == [("source_silent", "director")]


def test_a_sweep_that_could_not_tell_tells_later_and_does_not_beat(
    watched: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Fault.REFUSED
    with watched.wire.failing(lambda _n, call: refused if call.operation == "Publish" else None):
        result = watched.sweep(watched.now + minutes(60))

    assert result["Failed"] >= 1
    assert "EscalationHeartbeat" not in capsys.readouterr().out
    watched.wire.calls.clear()
    watched.sweep(watched.now + minutes(1))
    assert told(watched) == [("source_silent", "rhea")]


def test_a_notice_whose_mark_was_lost_comes_again_with_the_same_id(watched: Clinic) -> None:
    watched.now += minutes(60)
    lost = Fault.REFUSED
    with watched.wire.failing(lambda _n, call: lost if "told_silent" in str(call) else None):
        watched.sweep()
    watched.sweep(watched.now + minutes(1))
    watched.sweep(watched.now + minutes(1))

    ids = [each["notice"] for each in watched.notices("source_silent")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_tickets_are_served_when_sources_cannot_be_watched(
    watched: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_tables: object) -> object:
        raise RuntimeError

    monkeypatch.setattr(watch_sources, "read_source_states", broken)

    result = watched.sweep(watched.now + timedelta(hours=2))

    assert result["Failed"] == 1
    assert result["Steps"] > 0


def test_a_sweep_reads_all_sources_with_one_query(watched: Clinic) -> None:
    watched.sweep(watched.now + minutes(1))

    queries = [each for each in watched.wire.of("Query") if "SOURCES" in str(each)]
    assert len(queries) == 1
    assert not watched.wire.of("UpdateItem")


def stored_mail(clinic: Clinic, number: int) -> None:
    """SES stores a mail of the clinic's own mailbox, and the queue calls intake."""
    key = f"mail/north/letters/o3vrnil0e2ic28t{number}"
    raw = f"From: ada@mail.example\r\nMessage-ID: <{number}@mail.example>\r\n\r\nHello".encode()
    bucket = settings().inbound_bucket
    aws.s3().put_object(Bucket=bucket, Key=key, Body=raw)
    record = {
        "eventName": "ObjectCreated:Put",
        "eventTime": clinic.now.isoformat(),
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": len(raw)}},
    }
    notice = {"messageId": "notice-1", "body": json.dumps({"Records": [record]})}
    assert intake.lambda_handler({"Records": [notice]}, LAMBDA) == {"batchItemFailures": []}


def test_a_stored_mail_is_a_sign_of_life_and_is_never_limited(clinic: Clinic) -> None:
    letters = replace(
        a_source("letters", "ses"), silent_after_minutes=60, limit=Limit(per_minute=1)
    )
    clinic.publish(a_policy(site=a_site(sources={**sources_of("north"), "letters": letters})))
    for number in range(3):
        stored_mail(clinic, number)

    assert len(clinic.tickets()) == 3
    state = read_source_states(aws.tables())["north/letters"]
    assert (state.given_at, state.limited_since) == (clinic.now, None)


def test_a_mail_is_stored_even_where_its_sign_of_life_is_not(clinic: Clinic) -> None:
    sources = {**sources_of("north"), "letters": a_source("letters", "ses")}
    clinic.publish(a_policy(site=a_site(sources=sources)))

    refused = Fault.REFUSED
    with clinic.wire.failing(lambda _n, call: refused if call.operation == "UpdateItem" else None):
        stored_mail(clinic, 1)

    assert len(clinic.tickets()) == 1
