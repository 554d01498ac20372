"""API Gateway → what signed-in staff ask of the desk, and what signed links ask without a session.

API Gateway has verified the token: its claims say who calls, the policy's roster what they may do.
The tables of routes say what is served; whatever is refused is answered by one table too, and a
log line holds ids, codes and times only.
"""

import base64
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError

from triagewire import aws
from triagewire.access import Principal
from triagewire.desk.api import Call, Plain, Route
from triagewire.desk.links import LINKS
from triagewire.desk.refusals import refusal
from triagewire.desk.routes.table import ROUTES
from triagewire.desk.sessions import is_for, sign_in_of
from triagewire.desk.visits import Link, Visit
from triagewire.errors import DeniedError, NotAllowedError, NotFoundError, RefusedError
from triagewire.flow.context import Context
from triagewire.flow.denying import note_denied
from triagewire.flow.emergency import standing
from triagewire.flow.policies import current_policy
from triagewire.flow.sessions import admit
from triagewire.observability import flush_metrics, logger, textless
from triagewire.pausing import pause

SECURITY_HEADERS = {
    "Cache-Control": ["no-store"],
    "Content-Security-Policy": ["default-src 'none'; frame-ancestors 'none'"],
    "Cross-Origin-Opener-Policy": ["same-origin"],
    "Cross-Origin-Resource-Policy": ["same-origin"],
    "Referrer-Policy": ["no-referrer"],
    "Strict-Transport-Security": ["max-age=63072000; includeSubDomains"],
    "X-Content-Type-Options": ["nosniff"],
}
BACKGROUND = "x-background"
"""The header of what a program asks by itself: it is no activity of its user."""
app = APIGatewayRestResolver()


@textless
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Answer one request."""
    started = time.perf_counter()
    answer = app.resolve(event, context)
    # What a route says itself goes before it: a calendar may be kept for a while.
    answer["multiValueHeaders"] = SECURITY_HEADERS | answer["multiValueHeaders"]
    logger.info(
        "desk answered",
        method=event["httpMethod"],
        member=_member(event),
        status=answer["statusCode"],
        milliseconds=round(1000 * (time.perf_counter() - started)),
        request_id=context.aws_request_id,
    )
    logger.remove_keys(["route"])
    flush_metrics()
    return answer


def _serve(route: Route) -> None:
    """Let the API answer a route of signed-in staff."""

    def answer(**path: str) -> Any:  # noqa: ANN401 JSON
        logger.append_keys(route=route.path)
        event = app.current_event
        claims = _claims(event.raw_event)
        sign_in = sign_in_of(claims)
        if sign_in is None or not is_for(claims, _stage().get("SignInClient", "")):
            raise RefusedError(401, "sign in first")
        context = _surroundings(f"staff:{sign_in.member}")
        session = admit(context, sign_in, works=_works(route))
        emergency = standing(context, session)
        context = replace(context, emergency=emergency is not None)
        call = Call(
            context=context,
            principal=Principal(
                id=sign_in.member, policy=context.policy.policy, emergency=emergency
            ),
            sign_in=sign_in,
            path=path,
            query=event.raw_event.get("multiValueQueryStringParameters") or {},
            raw=_raw(),
            content_type=event.headers.get("content-type", ""),
        )
        try:
            found = route.run(call)
        except (DeniedError, NotAllowedError) as tried:
            note_denied(context, sign_in.member, tried)
            raise
        return _file(found) if isinstance(found, Plain) else found

    app.route(_rule(route.path), method=[route.method])(answer)


def _open(link: Link) -> None:
    """Let the API answer a route that needs no session."""

    def answer(**path: str) -> Response[str]:
        logger.append_keys(route=link.path)
        visit = Visit(
            path=path,
            now=_asked_at(),
            surroundings=_surroundings,
            headers=dict(app.current_event.headers),
            stage=_stage(),
            raw=_raw(),
        )
        shown = link.run(visit)
        if shown.failed is not None:
            _failed(shown.failed)
        text = "" if app.current_event.http_method == "HEAD" else shown.text
        headers: Any = dict(shown.headers)
        return Response(shown.status, shown.media_type, text, headers)

    app.route(_rule(link.path), method=[link.method])(answer)


def no_such_route(_error: NoSuchRouteError) -> Response[Any]:
    """A path that nobody serves looks like a ticket that is not there."""
    return refuse(NotFoundError("no such path"))


def refuse(error: Exception) -> Response[Any]:
    """The answer to every error."""
    answer = refusal(error, app.lambda_context.aws_request_id)
    if answer.status >= 500:
        _failed(error)
    return Response(answer.status, content_type="application/json", body=answer.body)


def _surroundings(actor: str) -> Context:
    return Context(
        tables=aws.tables(),
        policy=current_policy().get(),
        now=_asked_at(),
        actor=actor,
        request_id=app.lambda_context.aws_request_id,
        wait=pause,
    )


def _asked_at() -> datetime:
    """When API Gateway took the request: the time of everything that it does."""
    asked = app.current_event.raw_event["requestContext"]["requestTimeEpoch"]
    return datetime.fromtimestamp(asked / 1000, UTC)


def _stage() -> dict[str, str]:
    """What the API says of itself."""
    return app.current_event.raw_event.get("stageVariables") or {}


def _claims(event: dict[str, Any]) -> dict[str, str]:
    """What the token says that API Gateway has verified."""
    return (event["requestContext"].get("authorizer") or {}).get("claims") or {}


def _member(event: dict[str, Any]) -> str | None:
    """The user name that an ID token vouches for; an access token has none."""
    return _claims(event).get("cognito:username") or None


def _works(route: Route) -> bool:
    """Whether a person asks, and not their program by itself."""
    return not route.is_look or app.current_event.headers.get(BACKGROUND) != "true"


def _raw() -> bytes:
    """The request's body: base64, because the API keeps the exact bytes that webhooks sign."""
    text = app.current_event.body or ""
    return base64.b64decode(text) if app.current_event.is_base64_encoded else text.encode()


def _rule(path: str) -> str:
    """A path as Powertools writes it."""
    return re.sub(r"{(\w+)}", r"<\1>", path)


def _file(plain: Plain) -> Response[Any]:
    saved = {"Content-Disposition": f'attachment; filename="{plain.file_name}"'}
    return Response(200, plain.media_type, plain.content, headers=dict(saved))


def _failed(error: Exception) -> None:
    """Log an unforeseen error by its type: its text may be PHI."""
    request_id = app.lambda_context.aws_request_id
    logger.error("desk failed", error=type(error).__name__, request_id=request_id)


for row in ROUTES:
    _serve(row)
for link in LINKS:
    _open(link)
app.not_found(no_such_route)
app.exception_handler(Exception)(refuse)
