"""A message of the demo day as intake and scoring would take it, without any AWS."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

from local.demo.day import DayMessage, messages
from local.demo.posts import Post, post_of
from local.demo.sources import copy_of_policy
from local.demo.world import secret_for
from triagewire.arrival import Arrival, PatientContext, PatientRecord, RequesterKind
from triagewire.channels.adapter import adapter_of
from triagewire.channels.outcome import Outcome
from triagewire.channels.receiving import receive, understood
from triagewire.channels.request import WebhookRequest, folded
from triagewire.policy.load import load
from triagewire.policy.model import Policy
from triagewire.routing.queueing import queue_of
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import REVIEW
from triagewire.verdict import Verdict

DAY = messages()
URL = "https://hooks.example"


@cache
def policy() -> Policy:
    """The policy of the demo."""
    with TemporaryDirectory() as folder:
        return load(copy_of_policy(Path(folder) / "policy", URL)).policy


@cache
def secrets() -> Mapping[str, str]:
    """A secret of every source."""
    return {
        f"{site_id}/{name}": secret_for(source.adapter)
        for site_id, site in policy().sites.items()
        for name, source in site.sources.items()
    }


@cache
def engine() -> Engine:
    """The starter policy's rules."""
    return build_engine(rules_from(policy().rules))


def received(message: DayMessage, now: datetime | None = None) -> tuple[Post, Outcome]:
    """The post of a message, signed `now`, and what intake decides about it."""
    at = now or message.at
    sources = policy().sites[message.site].sources
    post = post_of(message, secrets(), URL, at, sources)
    source = sources[post.source]
    request = WebhookRequest(
        url=f"{source.url}{'?' if post.query else ''}{post.query}",
        headers=folded(post.headers),
        body=post.body,
        query=dict(parse_qsl(post.query)),
    )
    if post.stored_as:
        return post, understood(adapter_of(source), request, source, at)
    return post, receive(request, source, (secrets()[post.name],), at)


def judged(message: DayMessage) -> Verdict:
    """The verdict on a message under the shipped rules."""
    (arrival,) = received(message)[1].arrivals
    return score(_input(arrival, message), engine())


def goes_to_review(message: DayMessage, verdict: Verdict) -> bool:
    """Whether the ticket would stand in the review queue."""
    return queue_of(verdict, policy().sites[message.site]).team == REVIEW


def record_of(message: DayMessage) -> PatientRecord | None:
    """What only the record says of the patient of a message."""
    only = message.patient.only_in_record
    return PatientRecord(facts=PatientContext(medications=only)) if only else None


def _input(arrival: Arrival, message: DayMessage) -> ScoringInput:
    staff = arrival.requester.kind is RequesterKind.STAFF
    return ScoringInput(
        text=arrival.text,
        subject=arrival.subject,
        voice="staff" if staff else "patient",
        language=arrival.language,
        channel=arrival.channel,
        context=arrival.context,
        record=record_of(message),
        attachments=bool(arrival.attachments),
        request_type=arrival.request_type,
        speech=arrival.speech,
        now=message.at,
    )
