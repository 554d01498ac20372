"""A test message through a deployed source: signed as its sender signs, over real HTTP."""

import os
import ssl
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from importlib import import_module
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urlsplit
from urllib.request import HTTPErrorProcessor, HTTPSHandler, Request, build_opener

import boto3

from ops.deployed import Deployed, DeploymentError
from ops.senders.letter import Letter, Post
from triagewire.channels.adapter import adapter_of
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive, understood
from triagewire.channels.request import WebhookRequest, folded
from triagewire.channels.source import Source
from triagewire.flow.webhook import RENEW_SECONDS
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Status, Ticket

TEXT = (
    "This is a test of the triage desk by its administrator, please close it. "
    "How do I log in to the website?"
)
"""Nobody should wonder. It asks something harmless: what asks nothing is in doubt, and doubt runs
on the urgent clock.
"""
ANSWER_SECONDS = 15
ROUTED_SECONDS = 20.0
POLL_SECONDS = 0.5
MOST_SHOWN = 400
FAILED = 1
_NOT_YET = frozenset({401, 403, 503})
"""What functions answer while they know an earlier policy or earlier secrets."""


def send_test(
    stack: Deployed, source: Source, secret: str, url: str, *, direct: bool = False
) -> int:
    """Send one, print the answer and the ticket's way; 0 when it was accepted, else 1.

    `direct` sends to the stack's own address what is signed for the public one.
    """
    letter = Letter(
        source=source,
        secret=secret,
        url=url,
        now=datetime.now(UTC),
        event_id=str(uuid.uuid4()),
        text=TEXT,
    )
    if source.adapter == "ses":
        return _mailed(stack, letter)
    if source.options.public_key:
        raise DeploymentError("only the sender itself can sign for this source: send from there")
    if source.options.signed and not secret:
        raise DeploymentError(f"{source.site}/{source.name} has no secret: add one first")
    post = sample_of(letter)
    expected = _expected(letter, post)
    own = f"{stack.api_url}/webhook/{source.site}/{source.name}"
    sent = replace(post, url=own + post.url.removeprefix(url)) if direct else post
    status, body = _posted(sent)
    print(f"answer  {status} {body[:MOST_SHOWN]}".rstrip())
    if not 200 <= status < 300:
        if status in _NOT_YET:
            print(
                "        a source or secret that is new is known within "
                f"{RENEW_SECONDS:.0f} seconds: try again then"
            )
        return FAILED
    return _followed(stack, expected)


def sample_of(letter: Letter) -> Post:
    """The signed sample of the letter's sender."""
    post: Post = import_module(f"ops.senders.{letter.source.adapter}").sample(letter)
    return post


def _expected(letter: Letter, post: Post) -> Outcome:
    """What this checkout makes of it: some senders' answers name no ticket."""
    query = dict(parse_qsl(urlsplit(post.url).query))
    request = WebhookRequest(
        url=post.url, headers=folded(post.headers), body=post.body, query=query
    )
    secrets = (letter.secret,) if letter.secret else ()
    return receive(request, letter.source, secrets, letter.now)


def _mailed(stack: Deployed, letter: Letter) -> int:
    """SES has no webhook: what it would have stored is put into its bucket."""
    post, bucket = sample_of(letter), stack.output("InboundBucketName")
    boto3.client("s3").put_object(Bucket=bucket, Key=post.url, Body=post.body)
    print(f"stored  s3://{bucket}/{post.url}")
    request = WebhookRequest(method="PUT", headers=folded(post.headers), body=post.body)
    source = letter.source
    return _followed(stack, understood(adapter_of(source), request, source, letter.now))


class _AnyAnswer(HTTPErrorProcessor):
    """Every status is an answer; no redirection is followed with a signed body."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        """The answer as it came."""
        del request
        return response

    https_response = http_response


def _posted(post: Post) -> tuple[int, str]:
    """The status and the answer's text. Raises DeploymentError when nobody answers."""
    if urlsplit(post.url).scheme not in {"http", "https"}:
        raise DeploymentError("the source's url must begin with https://")
    trusted = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    opener = build_opener(_AnyAnswer(), HTTPSHandler(context=trusted))
    request = Request(post.url, data=post.body, headers=dict(post.headers), method="POST")  # noqa: S310
    try:
        with opener.open(request, timeout=ANSWER_SECONDS) as answer:
            return answer.status, answer.read(MOST_SHOWN).decode("utf-8", "replace")
    except (URLError, HTTPError, HTTPException, OSError) as error:
        # An address may hold the secret, and errors quote addresses.
        where = urlsplit(post.url).hostname
        raise DeploymentError(f"{where} does not answer ({type(error).__name__})") from None


def _followed(stack: Deployed, expected: Outcome) -> int:
    """Print each ticket's way until it is routed; 1 if one is not even stored."""
    if expected.kind is not OutcomeKind.ACCEPTED:
        print(f"this checkout would say: {expected.kind.value} ({expected.reason})")
        return FAILED
    ways = [_way(stack, ticket_id) for ticket_id in expected.ticket_ids]
    return 0 if all(ways) else FAILED


def _way(stack: Deployed, ticket_id: str) -> bool:
    """Print how far a ticket has come within some seconds; whether it is there at all."""
    ticket = None
    for ticket in _watched(stack, ticket_id):
        if ticket is not None and ticket.status is not Status.NEW:
            break
    print(f"ticket  {ticket_id}  {_state(ticket)}")
    return ticket is not None


def _watched(stack: Deployed, ticket_id: str) -> Iterator[Ticket | None]:
    """A ticket as it stands, again and again for a while."""
    tables, until = stack.tables, time.monotonic() + ROUTED_SECONDS
    while time.monotonic() < until:
        yield load_ticket(tables, ticket_id)
        time.sleep(POLL_SECONDS)


def _state(ticket: Ticket | None) -> str:
    if ticket is None:
        return f"not stored within {ROUTED_SECONDS:.0f} seconds"
    if ticket.status is Status.NEW:
        return f"stored, and not routed within {ROUTED_SECONDS:.0f} seconds"
    if ticket.status is Status.MERGED:
        return f"merged into {ticket.merged_into}"
    outcome = f", {ticket.outcome}" if ticket.outcome else ""
    return f"{ticket.status.value}, team {ticket.team}, urgency {int(ticket.urgency)}{outcome}"
