"""The link by which a requester says how they were served.

A look changes nothing, for programs that try links for safety look too; an answer is a post.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from triagewire.desk.feedback_page import (
    article_page,
    bad_link_page,
    failed_page,
    rated_page,
    survey_page,
    too_many_page,
    wrong_page,
)
from triagewire.desk.page import PAGE_HEADERS, Page
from triagewire.desk.visits import Link, Shown, Visit
from triagewire.errors import BadLinkError
from triagewire.flow.context import Context
from triagewire.flow.feedback import (
    LONGEST_COMMENT,
    asked_of,
    comment,
    is_left_to_an_article,
    may_answer,
    not_helped,
    rate,
)
from triagewire.replies.feedback_tokens import Asks, FeedbackLink, read_feedback_token
from triagewire.replies.satisfaction import SCORES
from triagewire.secrets import identity_key, link_key

ACTOR = "requester"
MOST_BYTES = 32_768
"""The longest comment with every character escaped."""
MOST_FIELDS = 8


@dataclass(frozen=True, slots=True)
class _Given:
    """What a form says; None where it is no answer."""

    score: int
    comment: str


def look_at_feedback(visit: Visit) -> Shown:
    """Ask a requester how they were served. It changes nothing, whoever looks."""
    return _shown(visit, _look)


def give_feedback(visit: Visit) -> Shown:
    """Record what a requester says."""
    return _shown(visit, _give)


def _shown(visit: Visit, deed: Callable[[Context, FeedbackLink, Visit], Page]) -> Shown:
    """The page that answers a link, whatever becomes of it."""
    failed = None
    try:
        link = read_feedback_token(link_key().get(), visit.path["token"], visit.now)
        page = deed(visit.surroundings(ACTOR), link, visit)
    except BadLinkError:
        page = bad_link_page()
    except Exception as error:
        page, failed = failed_page(), error
    return Shown(status=page.status, text=page.html, headers=PAGE_HEADERS, failed=failed)


def _look(context: Context, link: FeedbackLink, _visit: Visit) -> Page:
    ticket = asked_of(context, link)
    site = context.site(ticket.site)
    if link.asks is Asks.ARTICLE:
        return article_page(ticket, site, waits=is_left_to_an_article(ticket))
    return survey_page(ticket, site)


def _give(context: Context, link: FeedbackLink, visit: Visit) -> Page:
    ticket = asked_of(context, link)
    site = context.site(ticket.site)
    if link.asks is Asks.ARTICLE:
        return article_page(not_helped(context, link), site, waits=False)
    given = _given(visit.raw)
    if given is None:
        return wrong_page(ticket, site)
    if not may_answer(context, link):
        return too_many_page(ticket, site)
    rated = rate(context, link, given.score)
    if given.comment:
        keyed = replace(context, identity_key=identity_key().get())
        comment(keyed, ticket, link, given.comment)
    return rated_page(rated, site, commented=bool(given.comment))


def _given(raw: bytes) -> _Given | None:
    """What a form says, or None for anything else."""
    if len(raw) > MOST_BYTES:
        return None
    try:
        fields = parse_qs(raw.decode("ascii"), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        return None
    score, said = fields.get("score", [""])[-1], fields.get("comment", [""])[-1]
    words = said.replace("\r\n", "\n").replace("\0", "").strip()
    known = {str(each): each for each in SCORES}
    if score not in known or len(words) > LONGEST_COMMENT:
        return None
    return _Given(known[score], words)


FEEDBACK_LINKS = (
    Link("GET", "/feedback/{token}", look_at_feedback),
    Link("HEAD", "/feedback/{token}", look_at_feedback),
    Link("POST", "/feedback/{token}", give_feedback),
)
