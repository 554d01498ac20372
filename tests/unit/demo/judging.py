"""A message of the demo day as intake and scoring would take it, without any AWS."""

import base64
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from functools import cache

from local.demo.day import DayMessage, messages
from local.demo.posts import Post, post_of
from local.demo.world import POLICY
from triagewire.arrival import Arrival, RequesterKind
from triagewire.channels.outcome import Outcome
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest, folded
from triagewire.policy.load import load
from triagewire.policy.model import Policy
from triagewire.routing.route import queue_of
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import REVIEW
from triagewire.verdict import Verdict

DAY = messages()
URL = "https://hooks.example"
SECRETS = defaultdict(lambda: "whsec_" + base64.b64encode(b"k" * 24).decode())
for _site in ("riverside", "mesa"):
    SECRETS[f"{_site}/mail"] = "postmark:word"


@cache
def policy() -> Policy:
    """The starter policy."""
    return load(POLICY).policy


@cache
def engine() -> Engine:
    """The starter policy's rules."""
    return build_engine(rules_from(policy().rules))


def received(message: DayMessage, now: datetime | None = None) -> tuple[Post, Outcome]:
    """The post of a message, signed `now`, and what intake decides about it."""
    at = now or message.at
    post = post_of(message, SECRETS, URL, at)
    source = policy().sites[message.site].sources[post.source]
    source = replace(source, url=f"{URL}/webhook/{post.name}")
    request = WebhookRequest(url=source.url, headers=folded(post.headers), body=post.body)
    return post, receive(request, source, (SECRETS[post.name],), at)


def judged(message: DayMessage) -> Verdict:
    """The verdict on a message under the shipped rules."""
    (arrival,) = received(message)[1].arrivals
    return score(_input(arrival, message), engine())


def goes_to_review(message: DayMessage, verdict: Verdict) -> bool:
    """Whether the ticket would stand in the review queue."""
    return queue_of(verdict, policy().sites[message.site])[0] == REVIEW


def _input(arrival: Arrival, message: DayMessage) -> ScoringInput:
    staff = arrival.requester.kind is RequesterKind.STAFF
    return ScoringInput(
        text=arrival.text,
        subject=arrival.subject,
        voice="staff" if staff else "patient",
        language=arrival.language,
        channel=arrival.channel,
        context=arrival.context,
        request_type=arrival.request_type,
        speech=arrival.speech,
        now=message.at,
    )
