"""One search over everything that runs: all eighteen identifiers of 45 CFR 164.514(b)(2) go in,
through every function, every route, and every call to AWS failing, and none comes out anywhere.

What each channel does with them is in `test_privacy_of_sources.py`, what people are told in
`test_privacy_of_notices.py`; the search itself is `identifiers.py`.
"""

import ast
import base64
import hashlib
import json
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest
import time_machine

from functions.authorize import handler as authorize
from functions.desk import handler as desk
from functions.escalate import handler as escalate
from functions.intake import handler as intake
from functions.score_route import handler as score_route
from functions.suggest import handler as suggest
from tests.aws.canaries import CANARIES, leaks, say, score_with_canary, with_canaries
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.deployment import LINK_KEY, forget
from tests.aws.identifiers import EIGHTEEN, SENTENCE, found_in, found_where
from tests.aws.leaving import all_calls, all_items
from tests.aws.locked import locking
from tests.aws.said import CHEST_PAIN, HOURS, REFILL
from tests.aws.senders import unreadable
from tests.aws.test_desk_calls import a_request
from tests.aws.wire import Died, Fault
from tests.builders import AT_NIGHT, minutes
from tests.conftest import Written
from triagewire import aws, observability
from triagewire.desk.api import Route
from triagewire.desk.examples import BODIES
from triagewire.desk.routes.table import ROUTES
from triagewire.escalation.links import acknowledge_token
from triagewire.observability import count, logger, textless
from triagewire.store.codec import decompressed
from triagewire.store.told import told_subject

type Deed = Callable[[Clinic], object]

FAULTS = [Fault.REFUSED, Fault.REJECTED, Fault.LOST, Fault.CONFLICT, Fault.DIES_AFTER]
READS = {"GetItem", "BatchGetItem", "Query"}
WORDS = {"show_ticket"}
"""The route whose answer shows who asked and what they wrote, to who may see it."""
ADDRESS = EIGHTEEN["(O) addresses of machines"][0]
HEADERS = {"content-type": "application/json", "x-forwarded-for": ADDRESS}
CODE = Path(observability.__file__).parent


@pytest.fixture
def listening(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic, whose scoring knows the texts with all identifiers, and that has a queue."""
    monkeypatch.setattr("triagewire.flow.judge.score", score_with_canary)
    queue = boto3.client("sqs").create_queue(QueueName="replies")
    monkeypatch.setenv("REPLY_QUEUE_URL", queue["QueueUrl"])
    forget()
    clinic.wire.calls.clear()
    return clinic


def nothing(_clinic: Clinic) -> None:
    """The functions are cold, the tables empty."""


def takes(text: str) -> Deed:
    """A message with every identifier is taken, and all that follows happens."""
    return lambda clinic: clinic.take(with_canaries(say(text), clinic, "evt-0"))


def hears(text: str) -> Deed:
    """A message with every identifier waits to be handed over."""

    def prepare(clinic: Clinic) -> None:
        clinic.now = AT_NIGHT
        clinic.post(with_canaries(say(text), clinic, "evt-0"))

    return prepare


def works(clinic: Clinic) -> object:
    """A colleague opens the ticket, writes a note, looks for words, answers and closes it."""
    at = f"/desk/tickets/{clinic.newest()}"
    sent = [
        request("GET", at, clinic),
        request("POST", f"{at}/note", clinic, {"text": SENTENCE}),
        request("POST", "/desk/search", clinic, {"site": "north", "text": SENTENCE[:60]}),
        request("POST", f"{at}/reply", clinic, {"text": SENTENCE}),
        request("GET", "/desk/queues/north/clinical/export", clinic),
        request("POST", f"{at}/resolve", clinic, {"outcome": "done"}),
    ]
    answers = [desk.lambda_handler(each, LAMBDA) for each in sent]
    return [each["multiValueHeaders"] for each in answers], answers[4]["body"]


def asks(clinic: Clinic) -> object:
    """Somebody types all of it into a form that suggests articles."""
    event = {
        "httpMethod": "GET",
        "path": "/kb/suggest",
        "headers": {},
        "queryStringParameters": {"site": "north", "q": SENTENCE[:200]},
        "requestContext": {
            "requestTimeEpoch": int(1000 * clinic.now.timestamp()),
            "identity": {"sourceIp": ADDRESS},
        },
    }
    return suggest.lambda_handler(event, LAMBDA)


def taps(clinic: Clinic) -> object:
    """Who was paged opens the link and presses its button."""
    token = acknowledge_token(
        LINK_KEY.encode(), clinic.newest(), "dr-okafor", clinic.now + minutes(60)
    )
    given = [request(how, f"/acknowledge/{token}", clinic) for how in ("GET", "POST")]
    return [desk.lambda_handler(each, LAMBDA) for each in given]


DEEDS: dict[str, tuple[Deed, Deed]] = {
    "intake": (nothing, lambda clinic: clinic.post(with_canaries(say(REFILL), clinic, "evt-1"))),
    "intake of what cannot be read": (
        nothing,
        lambda clinic: clinic.post(unreadable(clinic.now, "evt-1", {"type": SENTENCE})),
    ),
    "score_route, a page": (
        hears(CHEST_PAIN),
        lambda clinic: clinic.hand_over(clinic.records()),
    ),
    "score_route, an answer": (hears(HOURS), lambda clinic: clinic.hand_over(clinic.records())),
    "escalate": (takes(REFILL), lambda clinic: clinic.sweep(clinic.now + minutes(120))),
    "desk": (takes(REFILL), works),
    "desk, a link": (takes(CHEST_PAIN), taps),
    "suggest": (nothing, asks),
}


@pytest.mark.parametrize("name", DEEDS)
def test_no_identifier_leaves_a_function_whichever_call_to_aws_fails(
    listening: Clinic, written: Written, name: str
) -> None:
    prepare, deed = DEEDS[name]
    prepare(listening)
    begin_again = listening.remember()
    listening.wire.calls.clear()
    told = [attempted(deed, listening)]
    left: set[str] = set()
    operations = [call.operation for call in listening.wire.calls]
    assert operations

    for fault in FAULTS:
        for nth in struck(operations, fault):
            begin_again()
            with listening.wire.faulty(fault, nth):
                told.append(attempted(deed, listening))
            told.append(attempted(Clinic.sweep, listening))
            for _, said in (*all_calls(listening), *all_items(listening)):
                left.update(said.splitlines())
    begin_again()

    assert left
    assert leaks(listening, written, told, left) == []


def struck(operations: list[str], fault: Fault) -> Iterator[int]:
    """The calls that a fault strikes: a read whose answer is lost is one that was refused, and of
    several reads in a row the first stands for all.
    """
    before = ""
    for at, operation in enumerate(operations):
        if fault is Fault.CONFLICT:
            strikes = operation == "TransactWriteItems"
        else:
            first = fault is Fault.REFUSED and operation != before
            strikes = operation not in READS or first
        before = operation
        if strikes:
            yield at


def attempted(deed: Deed, clinic: Clinic) -> object:
    """What a deed answers, or what Lambda writes of its failure."""
    try:
        with time_machine.travel(clinic.now, tick=False):
            return deed(clinic)
    except Died:
        return "the process was killed"
    except Exception:
        return traceback.format_exc()


def request(
    method: str, path: str, clinic: Clinic, body: Mapping[str, object] | bytes = b"", **more: object
) -> dict[str, Any]:
    """A request of a lead of the clinical team, or of whoever holds a link."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return a_request("nora", method, path, raw, clinic.now, headers=HEADERS, **more)


def filled(route: Route) -> Iterator[Mapping[str, object] | bytes]:
    """Bodies of a route: its example, then with identifiers for its texts, for every field, under
    unknown names, and as what is no body at all.
    """
    given = BODIES.get(route.name, {})
    example = {name: value for name, value in given.items() if name != "version"}
    texts = {"text", "note", "subject"}
    yield example
    yield {name: SENTENCE if name in texts else value for name, value in example.items()}
    yield dict.fromkeys(example, SENTENCE)
    yield {SENTENCE: 1, CANARIES["email"]: SENTENCE}
    yield f'{{"text": "{SENTENCE}'.encode()


def test_no_identifier_leaves_by_a_route_of_the_desk(listening: Clinic, written: Written) -> None:
    ticket = str(takes(REFILL)(listening))
    begin_again = listening.remember()
    left: list[tuple[str, str]] = []

    for route in ROUTES:
        begin_again()
        answers = [
            desk.lambda_handler(each, LAMBDA) for each in all_kinds(route, ticket, listening)
        ]
        left += [(route.name, str(shown(route, each))) for each in answers]
        left += [*all_calls(listening), *all_items(listening)]

    assert found_where(left) == []
    assert leaks(listening, written) == []


def all_kinds(route: Route, ticket: str, clinic: Clinic) -> Iterator[dict[str, Any]]:
    """Requests of a route: good ones and bad ones, with identifiers wherever they could stand."""
    path = route.path.format(
        site="north", team="clinical", ticket_id=ticket, kind="weekly", name="2026-W09"
    )
    parts = ("site", "team", "ticket_id", "kind", "name")
    odd = route.path.format(**dict.fromkeys(parts, quote(SENTENCE)))
    asked = {"cursor": [SENTENCE], "status": [SENTENCE], CANARIES["email"]: ["1"]}
    for body in filled(route):
        yield request(route.method, path, clinic, body)
    yield request(route.method, path, clinic, multiValueQueryStringParameters=asked)
    yield request(route.method, odd, clinic, BODIES.get(route.name, {}))


def shown(route: Route, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer, without the words of a ticket where they belong."""
    theirs = route.name in WORDS and answer["statusCode"] == 200
    return answer | {"body": ""} if theirs else answer


ODD: Mapping[str, object] = {
    "httpMethod": "GET",
    "path": f"/{SENTENCE}",
    "resource": "/{proxy+}",
    "pathParameters": {"site": SENTENCE, "source": SENTENCE, "token": SENTENCE, "file": SENTENCE},
    "headers": {"Authorization": SENTENCE, SENTENCE: SENTENCE},
    "multiValueHeaders": {"Authorization": [SENTENCE]},
    "queryStringParameters": {"q": SENTENCE, "site": SENTENCE},
    "multiValueQueryStringParameters": {"q": [SENTENCE]},
    "requestContext": {"requestTimeEpoch": 1_772_460_000_000, "identity": {"sourceIp": SENTENCE}},
    "body": SENTENCE,
    "isBase64Encoded": False,
}
BROKEN: tuple[Mapping[str, object], ...] = (
    ODD,
    {**ODD, "isBase64Encoded": True},
    {**ODD, "httpMethod": SENTENCE},
    {**ODD, "requestContext": {}},
    {"time": SENTENCE, "pathParameters": SENTENCE},
    {"Records": [{"messageId": SENTENCE, "body": SENTENCE, "eventSource": "aws:sqs"}]},
    {"Records": [{"dynamodb": {"Keys": {"pk": {"S": SENTENCE}}}, "eventName": SENTENCE}]},
)
FUNCTIONS = {
    "intake": intake,
    "score_route": score_route,
    "escalate": escalate,
    "desk": desk,
    "suggest": suggest,
    "authorize": authorize,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_identifier_leaves_with_an_event_that_nobody_expects(
    listening: Clinic, written: Written, name: str
) -> None:
    told = [attempted(with_event(FUNCTIONS[name], event), listening) for event in BROKEN]

    # A failed item is named by the id that AWS gave it: that is no text of a patient's.
    told = [{} if isinstance(each, dict) and "batchItemFailures" in each else each for each in told]
    assert leaks(listening, written, told) == []


def with_event(function: Any, event: Mapping[str, object]) -> Deed:  # noqa: ANN401 a module
    return lambda _clinic: function.lambda_handler(dict(event), LAMBDA)


def test_no_identifier_is_in_the_locked_copies_or_a_checkpoint(
    listening: Clinic, written: Written
) -> None:
    takes(CHEST_PAIN)(listening)
    works(listening)
    with locking(listening) as locked:
        locked.copy()
        assert locked.checkpoint() is not None

    kept = [call["Body"] for call in listening.wire.of("PutObject")]
    assert kept
    assert leaks(listening, written, kept) == []


def test_who_reads_the_table_without_its_keys_reads_no_identifier(listening: Clinic) -> None:
    for number, text in enumerate((CHEST_PAIN, REFILL, HOURS)):
        listening.take(with_canaries(say(text), listening, f"evt-{number}"))
    works(listening)
    listening.post(unreadable(listening.now, "evt-9", {"type": SENTENCE}))

    raw = {
        f"{item['sk']['S'][:6]} {name}": readings(value["B"])
        for item in listening.items()
        for name, value in item.items()
        if "B" in value
    }
    assert [where for where, said in raw.items() if found_in(said)] == []


def readings(content: bytes) -> str:
    """Bytes as text, as they are and unpacked."""
    found = [content]
    with suppress(zlib.error):
        found.append(decompressed(content))
    return "\n".join(each.decode("latin-1") + each.decode("utf-8", "replace") for each in found)


def test_metrics_have_names_of_the_code_and_are_told_apart_by_sites_at_most(
    listening: Clinic, written: Written
) -> None:
    for prepare, deed in DEEDS.values():
        attempted(prepare, listening)
        attempted(deed, listening)
        for operation in ("TransactWriteItems", "Publish"):
            with listening.wire.failing(
                lambda _at, call, name=operation: Fault.REFUSED if call.operation == name else None  # type: ignore[misc]
            ):
                attempted(deed, listening)
                attempted(Clinic.sweep, listening)

    lines = [json.loads(each) for each in written.getvalue().splitlines() if "_aws" in each]
    told = [each for line in lines for each in line["_aws"]["CloudWatchMetrics"]]
    names = {metric["Name"] for each in told for metric in each["Metrics"]}
    assert names
    assert names <= names_of_the_code()
    apart = {json.dumps(each["Dimensions"]) for each in told}
    assert apart == {'[["service"]]', '[["service"], ["site"]]'}
    assert {frozenset(line) - names - {"site"} for line in lines} == {
        frozenset({"_aws", "service"})
    }
    assert {line["site"] for line in lines if "site" in line} <= {"north", "south"}
    assert not names & {"LogFieldDropped", "MetricDropped"}


def names_of_the_code() -> set[str]:
    """Every constant that could be the name of a metric."""
    return {
        node.value
        for folder in (CODE, CODE.parents[2] / "functions")
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isalpha()
    }


# The search itself: whatever is let out on purpose, wherever and in whatever form, is found.

NAME = EIGHTEEN["(A) names"][0]
BORN = EIGHTEEN["(C) dates, and ages over 89"][0]


def by_a_log(_clinic: Clinic, text: str) -> None:
    handler: Any = logger.registered_handler
    handler.stream.write(text)


def by_a_word_of_ours(_clinic: Clinic, text: str) -> None:
    logger.error("failed", reason=text)


def by_printing(_clinic: Clinic, text: str) -> None:
    print(text)  # noqa: T201


def by_a_metric(_clinic: Clinic, text: str) -> None:
    by_printing(_clinic, json.dumps({"_aws": {}, text: 1}))


def by_a_notice(part: str) -> Callable[[Clinic, str], None]:
    def plant(_clinic: Clinic, text: str) -> None:
        told: Any = {"Message": "x", "Subject": "x", part: text}
        if part == "MessageAttributes":
            told[part] = {"who": {"DataType": "String", "StringValue": text}}
        aws.sns().publish(TopicArn=_topic(), **told)

    return plant


def _topic() -> str:
    return str(boto3.client("sns").create_topic(Name="planted")["TopicArn"])


def by_a_queue(_clinic: Clinic, text: str) -> None:
    url = boto3.client("sqs").get_queue_url(QueueName="replies")["QueueUrl"]
    aws.sqs().send_message(QueueUrl=url, MessageBody=text)


def by_an_event(_clinic: Clinic, text: str) -> None:
    entry: Any = {"Source": "x", "DetailType": "x", "Detail": json.dumps({"type": text})}
    aws.events().put_events(Entries=[entry])


def by_the_name_of_an_object(_clinic: Clinic, text: str) -> None:
    aws.s3().put_object(Bucket="inbound-of-the-tests", Key=text, Body=b"")


def by_a_key(_clinic: Clinic, text: str) -> None:
    _put("tickets", {"pk": {"S": text}, "sk": {"S": "X"}})


def by_an_attribute(_clinic: Clinic, text: str) -> None:
    _put("tickets", {"pk": {"S": "X"}, "sk": {"S": "X"}, "queue": {"S": text}})


def by_the_ledger(clinic: Clinic, text: str) -> None:
    by_a_key_of_the_ledger = {"pk": {"S": told_subject("x")}, "sk": {"S": "1"}, "why": {"S": text}}
    _put("ledger", by_a_key_of_the_ledger)
    clinic.wire.calls.clear()


def _put(table: str, item: dict[str, Any]) -> None:
    aws.tables().client.put_item(TableName=table, Item=item)


PLANTS: dict[str, Callable[[Clinic, str], None]] = {
    "a log": by_a_log,
    "a reason": by_a_word_of_ours,
    "the output": by_printing,
    "a metric": by_a_metric,
    "the text of a notice": by_a_notice("Message"),
    "the subject of a notice": by_a_notice("Subject"),
    "the attributes of a notice": by_a_notice("MessageAttributes"),
    "a queue": by_a_queue,
    "an event": by_an_event,
    "the name of an object": by_the_name_of_an_object,
    "a key": by_a_key,
    "an index": by_an_attribute,
    "the ledger": by_the_ledger,
}
FORMS: dict[str, str] = {
    "as it is": NAME,
    "in lower case": NAME.lower(),
    "in an address": quote(NAME),
    "in base64": base64.b64encode(f"to {NAME}!".encode()).decode(),
    "in base64 of an address": base64.urlsafe_b64encode(f"a{NAME}".encode()).decode(),
    "as JSON": json.dumps(EIGHTEEN["(A) names"][1])[1:-1],
    "in hexadecimal": NAME.encode().hex(),
    "as a hash": hashlib.sha256(BORN.encode()).hexdigest(),
    "as a hash of lower case": hashlib.sha256(NAME.lower().encode()).hexdigest(),
    "as a packed hash": base64.b64encode(hashlib.sha256(BORN.encode()).digest()).decode(),
    "otherwise written": "11/23/1937",
}


@pytest.mark.parametrize("plant", PLANTS)
def test_the_search_finds_what_is_planted_in_any_place(
    listening: Clinic, written: Written, plant: str
) -> None:
    assert leaks(listening, written) == []

    PLANTS[plant](listening, f"for {NAME}")

    assert leaks(listening, written)
    _take_away_what_was_planted()


def _take_away_what_was_planted() -> None:
    key: Any = {"pk": {"S": told_subject("x")}, "sk": {"S": "1"}}
    aws.tables().client.delete_item(TableName="ledger", Key=key)


@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_it_in_any_form(form: str) -> None:
    assert found_in(f"before {FORMS[form]} after")


@pytest.mark.parametrize("kind", EIGHTEEN)
def test_the_search_finds_each_of_the_eighteen(kind: str) -> None:
    for value in EIGHTEEN[kind]:
        assert found_in(f"x{value}x")
        assert found_in(hashlib.sha256(value.encode()).hexdigest())
        assert value in SENTENCE


def test_the_search_finds_it_in_an_answer_and_in_an_error(
    listening: Clinic, written: Written
) -> None:
    def breaks(_clinic: Clinic) -> None:
        raise ValueError(NAME)

    assert leaks(listening, written, {"headers": {"x-for": NAME}})
    assert leaks(listening, written, attempted(breaks, listening))
    assert not leaks(listening, written, attempted(textless(breaks), listening))


def test_a_field_that_is_not_on_the_list_is_stopped_before_the_log(
    listening: Clinic, written: Written
) -> None:
    logger.info("leak", extra={"text": SENTENCE, "ticket_id": SENTENCE})
    count(SENTENCE)
    observability.flush_metrics()

    assert "log_field_dropped" in written.getvalue()
    assert leaks(listening, written) == []
