"""API Gateway, signed-in staff → queues, tickets and what staff do with them; signed links of
notices → one page with one button.

API Gateway has verified the token: its claims say who calls, the policy's roster what they may do.
Who comes by a link has no session: the link says who was told of which ticket.
Whatever is refused is answered by one table, and a log line holds ids, codes and times only.
"""

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError

from triagewire import aws
from triagewire.access import Principal
from triagewire.desk.acknowledge_page import PAGE_HEADERS, Page, refused_page, ticket_page
from triagewire.desk.presence import PresenceBody, member_view, presence_view
from triagewire.desk.refusals import refusal
from triagewire.desk.requests import (
    ActionBody,
    Body,
    DecideBody,
    ReassignBody,
    ReopenBody,
    ResolveBody,
    RespondBody,
    UnmergeBody,
    WaitBody,
    checked_ticket_id,
    read_body,
)
from triagewire.desk.views import View, line, queue_view, ticket_view
from triagewire.errors import NotFoundError, RefusedError
from triagewire.escalation.links import read_acknowledge_token
from triagewire.flow import acknowledging, staff, unmerging, working
from triagewire.flow.context import Context
from triagewire.flow.looking import open_ticket, queue
from triagewire.flow.policies import current_policy
from triagewire.flow.presence import say, who_is_at_work
from triagewire.observability import logger
from triagewire.pausing import pause
from triagewire.secrets import link_key
from triagewire.settings import settings
from triagewire.ticket import Ticket

SECURITY_HEADERS = {
    "Cache-Control": ["no-store"],
    "Content-Security-Policy": ["default-src 'none'; frame-ancestors 'none'"],
    "Referrer-Policy": ["no-referrer"],
    "Strict-Transport-Security": ["max-age=63072000; includeSubDomains"],
    "X-Content-Type-Options": ["nosniff"],
}
app = APIGatewayRestResolver()


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Answer one request of a member of staff."""
    started = time.perf_counter()
    answer = app.resolve(event, context)
    # What a route says itself goes before it: a calendar may be kept for a while.
    answer["multiValueHeaders"] = SECURITY_HEADERS | answer["multiValueHeaders"]
    logger.info(
        "desk answered",
        method=event["httpMethod"],
        resource=event["resource"],
        member=_member(event),
        status=answer["statusCode"],
        milliseconds=round(1000 * (time.perf_counter() - started)),
        request_id=context.aws_request_id,
    )
    return answer


@app.get("/desk/queues/<site>/<team>")
def show_queue(site: str, team: str) -> View:
    """The open tickets of a team."""
    context, principal = _caller()
    tickets = queue(context, principal, site, team)
    return queue_view(site, team, tickets, context.site(site), context.now)


@app.get("/desk/sites/<site>/presence")
def show_presence(site: str) -> View:
    """Who of a site is at work."""
    context, principal = _caller()
    return presence_view(site, who_is_at_work(context, principal, site), context.now)


@app.post("/desk/sites/<site>/presence")
def say_presence(site: str) -> View:
    """Say that somebody is away or back."""
    context, principal = _caller()
    statement = _body(PresenceBody).statement(principal.id)
    return member_view(say(context, principal, site, statement))


@app.get("/desk/tickets/<ticket_id>")
def show_ticket(ticket_id: str) -> View:
    """One ticket whole; the ledger has the view before the caller has it."""
    context, principal = _caller()
    opened = open_ticket(context, principal, checked_ticket_id(ticket_id))
    site = context.site(opened.ticket.site)
    said, done = opened.messages, opened.timeline
    return ticket_view(
        opened.ticket, said, done, site, context.now, kept=opened.kept, body=opened.body
    )


@app.post("/desk/tickets/<ticket_id>/claim")
def claim(ticket_id: str) -> View:
    """Take a ticket of the queue."""
    context, principal = _caller()
    seen = _body(ActionBody).version
    return _line(
        context, working.claim(context, principal, checked_ticket_id(ticket_id), seen=seen)
    )


@app.post("/desk/tickets/<ticket_id>/accept")
def accept(ticket_id: str) -> View:
    """Take up what one was given."""
    context, principal = _caller()
    seen = _body(ActionBody).version
    return _line(
        context, working.accept(context, principal, checked_ticket_id(ticket_id), seen=seen)
    )


@app.post("/desk/tickets/<ticket_id>/respond")
def respond(ticket_id: str) -> View:
    """Say that a person has answered the requester."""
    context, principal = _caller()
    body = _body(RespondBody)
    wanted = checked_ticket_id(ticket_id)
    return _line(context, working.respond(context, principal, wanted, body.how, seen=body.version))


@app.post("/desk/tickets/<ticket_id>/wait")
def wait(ticket_id: str) -> View:
    """Let a ticket wait for somebody outside."""
    context, principal = _caller()
    body = _body(WaitBody)
    wanted, reason = checked_ticket_id(ticket_id), body.waiting_for
    waiting = working.wait(context, principal, wanted, reason, body.until, seen=body.version)
    return _line(context, waiting)


@app.post("/desk/tickets/<ticket_id>/resume")
def resume(ticket_id: str) -> View:
    """Go on with a ticket that waits."""
    context, principal = _caller()
    seen = _body(ActionBody).version
    return _line(
        context, working.resume(context, principal, checked_ticket_id(ticket_id), seen=seen)
    )


@app.post("/desk/tickets/<ticket_id>/acknowledge")
def acknowledge(ticket_id: str) -> View:
    """Say that a page was heard."""
    context, principal = _caller()
    seen = _body(ActionBody).version
    wanted = checked_ticket_id(ticket_id)
    return _line(context, acknowledging.acknowledge(context, principal, wanted, seen=seen))


@app.post("/desk/tickets/<ticket_id>/reassign")
def reassign(ticket_id: str) -> View:
    """Hand a ticket to another team or member."""
    context, principal = _caller()
    body = _body(ReassignBody)
    wanted, handoff = checked_ticket_id(ticket_id), body.handoff()
    return _line(context, staff.reassign(context, principal, wanted, handoff, seen=body.version))


@app.post("/desk/tickets/<ticket_id>/decide")
def decide(ticket_id: str) -> View:
    """Say what a ticket under review is."""
    context, principal = _caller()
    body = _body(DecideBody)
    wanted, handoff = checked_ticket_id(ticket_id), body.handoff()
    return _line(context, staff.decide(context, principal, wanted, handoff, seen=body.version))


@app.post("/desk/tickets/<ticket_id>/resolve")
def resolve(ticket_id: str) -> View:
    """Close a ticket with its outcome."""
    context, principal = _caller()
    body = _body(ResolveBody)
    wanted = checked_ticket_id(ticket_id)
    return _line(
        context, staff.resolve(context, principal, wanted, body.outcome, seen=body.version)
    )


@app.post("/desk/tickets/<ticket_id>/reopen")
def reopen(ticket_id: str) -> View:
    """Open a resolved ticket again."""
    context, principal = _caller()
    body = _body(ReopenBody)
    wanted = checked_ticket_id(ticket_id)
    return _line(context, staff.reopen(context, principal, wanted, body.reason, seen=body.version))


@app.post("/desk/tickets/<ticket_id>/unmerge")
def unmerge(ticket_id: str) -> View:
    """Take a merged ticket out of its survivor again."""
    context, principal = _caller()
    body = _body(UnmergeBody)
    wanted, merged = checked_ticket_id(ticket_id), body.ticket
    survivor = unmerging.unmerge(context, principal, wanted, merged, body.reason, seen=body.version)
    return _line(context, survivor)


@app.get("/on-call/<site>/<token>")
def show_on_call(site: str, token: str) -> Response[str]:
    """Who is on call at a site, for calendar programs: their link is all that they can show."""
    from triagewire.escalation.feed import REFRESH_MINUTES, feed_for  # noqa: PLC0415  seldom asked

    policy = current_policy().get().policy
    text = feed_for(policy, link_key().get(), site, token, _asked_at(app.current_event.raw_event))
    kept = {"Cache-Control": f"private, max-age={60 * REFRESH_MINUTES}"}
    return Response(200, content_type="text/calendar; charset=utf-8", body=text, headers=kept)


@app.route("/acknowledge/<token>", method=["GET", "HEAD"])
def look_at_link(token: str) -> Response[str]:
    """What somebody is asked to acknowledge. It changes nothing, whoever looks."""
    return _by_link(token, acknowledging.asked)


@app.post("/acknowledge/<token>")
def acknowledge_by_link(token: str) -> Response[str]:
    """Say that a page was heard, by the link that it brought."""
    return _by_link(token, acknowledging.acknowledge_by_link)


def no_such_route(_error: NoSuchRouteError) -> Response[Any]:
    """A path that nobody serves looks like a ticket that is not there."""
    return refuse(NotFoundError("no such path"))


def refuse(error: Exception) -> Response[Any]:
    """The answer to every error."""
    answer = refusal(error, app.lambda_context.aws_request_id)
    if answer.status >= 500:
        _failed(error)
    return Response(answer.status, content_type="application/json", body=answer.body)


app.not_found(no_such_route)
app.exception_handler(Exception)(refuse)


def _caller() -> tuple[Context, Principal]:
    """Who calls, and the surroundings of the call. Raises RefusedError 401 without a user name."""
    member = _member(app.current_event.raw_event)
    if member is None:
        raise RefusedError(401, "sign in first")
    return _as(member)


def _as(member: str) -> tuple[Context, Principal]:
    """The surroundings of a call, and a member of staff as its principal."""
    policy = current_policy().get()
    context = Context(
        tables=aws.tables(),
        policy=policy,
        now=_asked_at(app.current_event.raw_event),
        actor=f"staff:{member}",
        request_id=app.lambda_context.aws_request_id,
        wait=pause,
    )
    return context, Principal(id=member, policy=policy.policy)


def _asked_at(event: dict[str, Any]) -> datetime:
    """When API Gateway took the request: the time of everything that it does."""
    return datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, UTC)


def _by_link(token: str, deed: Callable[[Context, Principal, str], Ticket]) -> Response[str]:
    """The page that answers a link, whatever becomes of it."""
    desk_url, now = settings().desk_url, _asked_at(app.current_event.raw_event)
    try:
        link = read_acknowledge_token(link_key().get(), token, now)
        context, principal = _as(link.person)
        ticket = deed(context, principal, link.ticket_id)
        page = ticket_page(ticket, context.site(ticket.site), link.person, now, desk_url)
    except Exception as error:
        page = refused_page(error, desk_url)
        if page.status >= 500:
            _failed(error)
    return _shown(page)


def _shown(page: Page) -> Response[str]:
    body = "" if app.current_event.http_method == "HEAD" else page.html
    kind = "text/html; charset=utf-8"
    return Response(page.status, content_type=kind, body=body, headers=PAGE_HEADERS)


def _failed(error: Exception) -> None:
    """Log an unforeseen error by its type: its text may be PHI."""
    request_id = app.lambda_context.aws_request_id
    logger.error("desk failed", error=type(error).__name__, request_id=request_id)


def _member(event: dict[str, Any]) -> str | None:
    """The user name that an ID token vouches for; an access token has none."""
    claims = (event["requestContext"].get("authorizer") or {}).get("claims") or {}
    return claims.get("cognito:username") or None


def _body[B: Body](model: type[B]) -> B:
    """The request's body: base64, because the API keeps the exact bytes that webhooks sign."""
    event = app.current_event
    text = event.body or ""
    raw = base64.b64decode(text) if event.is_base64_encoded else text.encode()
    return read_body(raw, event.headers.get("content-type", ""), model)


def _line(context: Context, ticket: Ticket) -> View:
    return line(ticket, context.site(ticket.site), context.now)
