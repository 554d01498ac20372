"""Which articles may answer what somebody is about to send, or that they should call for help.

Everybody may ask, while they write. What they ask is scored as if it were sent, and kept nowhere:
in no log, no table, no metric. Nobody is told less because of it, for they send it all the same.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from triagewire.arrival import Channel, Requester, RequesterKind
from triagewire.cache import Kept
from triagewire.channels.bucket import bucket_of
from triagewire.channels.source import Limit
from triagewire.clock.calendar import local
from triagewire.errors import PolicyMissingError
from triagewire.flow.judge import judge
from triagewire.flow.limits import SECOND, network_of
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.policy.model import PublishedPolicy, Site
from triagewire.replies.emergency import where_to_call
from triagewire.replies.markdown import plain
from triagewire.replies.matching import DEFAULT_LANGUAGE, WORTH_SHOWING, Match, Question, matches
from triagewire.replies.uses import Use
from triagewire.store.article_uses import count_use
from triagewire.store.source_states import take_callers_token
from triagewire.store.table import Tables
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict

MOST_CHARACTERS = 1_000
MOST_ARTICLES = 3
MOST_LANGUAGE = 35
"""Characters of a language tag (RFC 5646 §4.4.1)."""
PER_MINUTE = 30
"""Questions of one caller: a form asks when somebody pauses, not with every letter."""
HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "vary": "Origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the asking page gets."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_event(self) -> dict[str, Any]:
        """The answer as API Gateway takes it."""
        return {
            "statusCode": self.status,
            "headers": {**HEADERS, **self.headers},
            "body": json.dumps(self.body, ensure_ascii=False),
            "isBase64Encoded": False,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What the function keeps while it is warm. `hash_key` gives the key under which callers'
    addresses are hashed.
    """

    tables: Tables
    policy: Kept[PublishedPolicy]
    hash_key: Callable[[], bytes]


NOT_HERE = Answered(status=404, body={"error": "not_found", "message": "there is no such site"})
"""The same for every site that is not there."""
_UNAVAILABLE = Answered(status=503, body={"error": "unavailable", "message": "ask again later"})


def suggest(open_library: Callable[[], Library], event: Mapping[str, Any]) -> Answered:
    """The answer to one question of a page. A fault of ours is a 503 and says nothing of it."""
    headers: Mapping[str, str] = {}
    try:
        library = open_library()
        policy = library.policy.get()
        given = event.get("queryStringParameters") or {}
        site_id = str(given.get("site") or "")
        site = policy.policy.sites.get(site_id)
        if site is None:
            return NOT_HERE
        headers = _cors(site, _origin(event))
        now = datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, UTC)
        answer = _throttled(library, site_id, event, now) or _answer(
            library, policy, site_id, given, now
        )
    except PolicyMissingError:
        answer = _UNAVAILABLE
    except Exception as error:
        # The type alone: the text of an error may hold what was asked.
        count("SuggestFailed")
        logger.error("not suggested", error=type(error).__name__)
        answer = _UNAVAILABLE
    return Answered(status=answer.status, body=answer.body, headers={**answer.headers, **headers})


def _answer(
    library: Library,
    policy: PublishedPolicy,
    site_id: str,
    given: Mapping[str, Any],
    now: datetime,
) -> Answered:
    asked, language = str(given.get("q") or ""), str(given.get("language") or "")
    for name, value, most in (("q", asked, MOST_CHARACTERS), ("language", language, MOST_LANGUAGE)):
        if len(value) > most:
            problem = {"field": name, "problem": f"must have at most {most} characters"}
            return Answered(status=422, body={"error": "invalid", "fields": [problem]})
    site = policy.policy.sites[site_id]
    if not asked.strip():
        return _said(site, language, (), urgent=False)
    verdict = _verdict(policy, site_id, asked, language, now)
    heard = language or verdict.language or DEFAULT_LANGUAGE
    urgent = verdict.crisis or verdict.score is Urgency.CLINICAL_URGENT
    found = () if _is_for_people(verdict) else _shown(asked, heard, verdict, site, now)
    _count(library.tables, site_id, site, found, now)
    return _said(site, heard, found, urgent=urgent)


def _verdict(
    policy: PublishedPolicy, site_id: str, asked: str, language: str, now: datetime
) -> Verdict:
    """What scoring says of the question, as if a patient had sent it."""
    requester = Requester(kind=RequesterKind.PATIENT)
    ticket = Ticket(
        id="suggest",
        site=site_id,
        source="suggest",
        requester=requester,
        received_at=now,
        channels=(Channel.WEB,),
    )
    message = Message(
        ticket_id="suggest", at=now, channel=Channel.WEB, text=asked, language=language or None
    )
    return judge(ticket, message, policy, now)


def _is_for_people(verdict: Verdict) -> bool:
    clinical = max(verdict.score, verdict.candidate) >= Urgency.CLINICAL_STANDARD
    return verdict.crisis or verdict.review or clinical


def _shown(
    asked: str, language: str, verdict: Verdict, site: Site, now: datetime
) -> tuple[Match, ...]:
    question = Question(text=asked, topic=verdict.topic, language=language)
    fitting = (each for each in matches(question, site, now) if each.score >= WORTH_SHOWING)
    return tuple(fitting)[:MOST_ARTICLES]


def _said(site: Site, language: str, found: Iterable[Match], *, urgent: bool) -> Answered:
    articles = [
        {
            "id": each.article_id,
            "title": each.article.title[each.language],
            "text": plain(each.article.text[each.language]),
            "language": each.language,
        }
        for each in found
    ]
    wording = where_to_call(language or DEFAULT_LANGUAGE, site.phone, urgent=urgent)
    call = {"phone": site.phone, "text": wording}
    return Answered(status=200, body={"articles": articles, "urgent": urgent, "call": call})


def _count(tables: Tables, site_id: str, site: Site, found: Iterable[Match], now: datetime) -> None:
    """Count what is shown. A count that fails costs nobody an answer."""
    month = local(site.calendar, now).strftime("%Y-%m")
    try:
        for each in found:
            count_use(tables, site_id, each.article_id, month, Use.SUGGESTED)
    except Exception as error:
        count("SuggestedUncounted")
        logger.error("suggestion not counted", error=type(error).__name__)


def _throttled(
    library: Library, site_id: str, event: Mapping[str, Any], now: datetime
) -> Answered | None:
    """A 429 for who asks too much. A limiter that cannot be reached stops nobody."""
    try:
        named = f"suggest\0{site_id}\0{network_of(event)}".encode()
        hashed = hmac.new(library.hash_key(), named, hashlib.sha256).hexdigest()
        bucket = bucket_of(Limit(per_minute=PER_MINUTE))
        wait = take_callers_token(library.tables, hashed, bucket, now)
    except Exception as error:
        count("LimiterFailed")
        logger.error("limiter failed", error=type(error).__name__)
        return None
    if not wait:
        return None
    count("SuggestLimited")
    later = {"retry-after": str(-(-wait // SECOND))}
    return Answered(
        status=429, body={"error": "too_many", "message": "wait a moment"}, headers=later
    )


def _origin(event: Mapping[str, Any]) -> str:
    headers = event.get("headers") or {}
    return next((str(v) for name, v in headers.items() if name.lower() == "origin"), "")


def _cors(site: Site, origin: str) -> Mapping[str, str]:
    """The pages of the site's own forms may read the answer, and no other page."""
    known = {each for source in site.sources.values() for each in source.options.origins}
    if origin not in known:
        return {}
    return {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "retry-after",
    }
