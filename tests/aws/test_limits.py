"""Limits of sources and of callers: too much is asked to come again, and nothing is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.senders.twilio import signed_twilio
from tests.aws.clinic import Clinic, bare
from tests.aws.deployment import SECRETS
from tests.aws.said import HOURS, REFILL
from tests.aws.senders import Event, by_portal, gateway_event, unreadable
from tests.aws.wire import Fault
from tests.builders import MONDAY_MORNING, a_policy, a_site, minutes, sources_of
from triagewire import aws
from triagewire.channels.bucket import bucket_of, microseconds
from triagewire.channels.options import Options
from triagewire.channels.source import Limit, Source
from triagewire.store.source_states import read_source_states, take_token

ORIGIN = "https://www.north.example"
SECOND = timedelta(seconds=1)
PAGE = Source(
    site="north",
    name="page",
    adapter="web",
    options=Options(signed=False, origins=(ORIGIN,), per_caller_minute=2),
)


@pytest.fixture
def limited(clinic: Clinic) -> Clinic:
    """Six messages a minute from portal and phone, two of them at once; and a browser form."""
    sources = sources_of("north")
    portal = replace(sources["portal"], limit=Limit(per_minute=6, burst=2))
    phone = replace(sources["phone"], limit=Limit(per_minute=6, burst=2))
    site = a_site(sources={**sources, "portal": portal, "phone": phone, "page": PAGE})
    clinic.publish(a_policy(site=site))
    return clinic


def by_page(text: str, clinic: Clinic, address: str = "203.0.113.7") -> Event:
    headers = {"Content-Type": "application/json", "Origin": ORIGIN}
    event = gateway_event(
        "north", "page", (headers, json.dumps({"text": text}).encode()), clinic.now
    )
    event["requestContext"]["identity"] = {"sourceIp": address}
    return event


def by_twilio(fields: dict[str, str], clinic: Clinic) -> Event:
    url = "https://hooks.clinic.example/webhook/north/phone"
    return gateway_event("north", "phone", signed_twilio(SECRETS["phone"], url, fields), clinic.now)


def posted(clinic: Clinic, event_id: str) -> dict[str, Any]:
    return clinic.post(by_portal(f"{REFILL} {event_id}", clinic.now, event_id))


def test_what_is_over_the_limit_is_a_429_and_is_taken_when_it_comes_again(limited: Clinic) -> None:
    answers = [posted(limited, f"evt-{number}") for number in range(3)]

    assert [answer["statusCode"] for answer in answers] == [202, 202, 429]
    assert answers[2]["headers"]["retry-after"] == "10"
    assert len(limited.tickets()) == 2

    limited.now += int(answers[2]["headers"]["retry-after"]) * SECOND
    assert posted(limited, "evt-2")["statusCode"] == 202
    assert len(limited.tickets()) == 3


def test_what_is_over_the_limit_stores_nothing_but_that(limited: Clinic) -> None:
    for number in range(3):
        answer = posted(limited, f"evt-{number}")

    assert json.loads(answer["body"])["outcome"] == "refused"
    assert not [call for call in limited.wire.of("TransactWriteItems") if "evt-2" in str(call)]
    state = read_source_states(aws.tables())["north/portal"]
    assert (state.limited_since, state.limited_at) == (limited.now, limited.now)


def test_a_quarantined_body_takes_a_token_too(limited: Clinic) -> None:
    codes = [
        limited.post(unreadable(limited.now, f"odd-{number}", {"type": "odd", "n": number}))
        for number in range(3)
    ]

    assert [answer["statusCode"] for answer in codes] == [202, 202, 429]


def test_a_forged_or_empty_call_takes_no_token(limited: Clinic) -> None:
    forged = by_portal(REFILL, limited.now, "evt-1")
    forged["multiValueHeaders"]["webhook-signature"] = ["v1,Zm9yZ2Vk"]
    for number in range(5):
        assert limited.post(forged)["statusCode"] == 401
        limited.post(unreadable(limited.now, f"ping-{number}", {"type": "ping"}))

    assert posted(limited, "evt-1")["statusCode"] == 202


def test_delivery_reports_take_no_token_from_the_patients_who_answer(limited: Clinic) -> None:
    for number in range(5):
        report = {"MessageSid": f"SM{number}", "MessageStatus": "delivered", "From": "+15550100100"}
        assert limited.post(by_twilio(report, limited))["statusCode"] < 300
    answer = {"MessageSid": "SM9", "From": "+15550197531", "Body": REFILL}

    assert [limited.post(by_twilio(answer, limited))["statusCode"] for _ in range(2)] == [200, 200]
    assert read_source_states(aws.tables())["north/phone"].given_at == limited.now


def test_one_source_s_flood_leaves_the_others_alone(limited: Clinic) -> None:
    for number in range(4):
        posted(limited, f"evt-{number}")

    assert limited.post(by_portal(HOURS, limited.now, "evt-w", site="west"))["statusCode"] == 202


def test_a_limiter_that_fails_stops_no_message(limited: Clinic) -> None:
    refused = Fault.REFUSED
    with limited.wire.failing(lambda _n, call: refused if call.operation == "UpdateItem" else None):
        answers = [posted(limited, f"evt-{number}") for number in range(4)]

    assert [answer["statusCode"] for answer in answers] == [202] * 4
    assert len(limited.tickets()) == 4


def test_a_token_whose_answer_was_lost_stops_no_message(limited: Clinic) -> None:
    lost = Fault.LOST
    with limited.wire.failing(lambda _n, call: lost if call.operation == "UpdateItem" else None):
        assert posted(limited, "evt-1")["statusCode"] == 202


def test_a_failed_limiter_is_counted(limited: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    refused = Fault.REFUSED
    with limited.wire.failing(lambda _n, call: refused if call.operation == "UpdateItem" else None):
        posted(limited, "evt-1")

    assert '"LimiterFailed":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_a_flood_is_marked_now_and_then_and_not_at_each_call(limited: Clinic) -> None:
    for number in range(30):
        posted(limited, f"evt-{number}")

    marks = [each for each in limited.wire.of("UpdateItem") if "limited_at" in str(each)]
    assert len(marks) == 1


def test_a_caller_of_a_page_has_a_bucket_of_its_own(limited: Clinic) -> None:
    answers = [limited.post(by_page(f"{HOURS} {number}", limited)) for number in range(3)]

    assert [answer["statusCode"] for answer in answers] == [202, 202, 429]
    assert answers[2]["headers"]["access-control-allow-origin"] == ORIGIN
    assert answers[2]["headers"]["retry-after"] == "30"
    other = limited.post(by_page("May I bring my dog?", limited, "203.0.113.8"))
    assert other["statusCode"] == 202


def test_a_household_of_ipv6_is_one_caller(limited: Clinic) -> None:
    codes = [
        limited.post(by_page(f"{HOURS} {number}", limited, f"2001:db8:1:2::{number + 1:x}"))
        for number in range(3)
    ]

    assert [answer["statusCode"] for answer in codes] == [202, 202, 429]


def test_an_address_stands_nowhere_and_its_bucket_is_forgotten(limited: Clinic) -> None:
    limited.post(by_page(HOURS, limited))

    items = list(limited.items())
    assert "203.0.113.7" not in str(items)
    (caller,) = [item for item in items if item["pk"]["S"].startswith("CALLER#")]
    lives = int(caller["expires"]["N"]) - limited.now.timestamp()
    assert 60 <= lives <= 600


def test_a_caller_s_flood_uses_up_nothing_of_the_page_s(limited: Clinic) -> None:
    for number in range(5):
        limited.post(by_page(f"{HOURS} {number}", limited))

    state = read_source_states(aws.tables())["north/page"]
    assert state.limited_since is None


def test_a_quiet_source_costs_one_update(limited: Clinic) -> None:
    posted(limited, "evt-1")
    limited.now += minutes(1)
    limited.wire.calls.clear()

    posted(limited, "evt-2")

    assert len(limited.wire.of("UpdateItem")) == 1


@pytest.fixture(scope="module")
def tables() -> Iterator[None]:
    with bare():
        yield


@settings(max_examples=25, deadline=None)
@given(
    limit=st.builds(Limit, per_minute=st.integers(1, 600), burst=st.integers(1, 4)),
    gaps=st.lists(st.integers(0, 3_000_000), min_size=1, max_size=15),
)
def test_the_table_keeps_a_bucket_exactly_as_it_is_defined(
    tables: None, limit: Limit, gaps: list[int]
) -> None:
    name, bucket = f"north/{uuid4().hex}", bucket_of(limit)
    now, full_at = MONDAY_MORNING, 0
    for gap in gaps:
        now += timedelta(microseconds=gap)
        at = microseconds(now)
        wait = bucket.wait(full_at, at)
        if not wait:
            full_at = bucket.after(full_at, at)
        assert take_token(aws.tables(), name, bucket, now) == wait
