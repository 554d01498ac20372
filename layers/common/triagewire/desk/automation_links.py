"""The callback of programs: they have no session, and prove by the signed address of their event
that they were asked.
"""

import json
from typing import Annotated

from pydantic import StringConstraints

from triagewire.automated import Automated
from triagewire.desk.refusals import refusal
from triagewire.desk.requests import JSON_TYPE, Body
from triagewire.desk.visits import Link, Shown, Visit
from triagewire.errors import BadLinkError, NotFoundError, RefusedError
from triagewire.flow.callback import (
    LONGEST_MESSAGE,
    LONGEST_REFERENCE,
    Report,
    Said,
    take_report,
)
from triagewire.replies.automation import CallbackLink, read_callback_token
from triagewire.replies.texts import plain_of
from triagewire.secrets import link_key

MOST_BYTES = 16_384
"""The longest message with every character escaped, and room for the other fields."""
ACTOR = "system:automation"


class ReportBody(Body):
    """What a program says of a request."""

    status: Said
    message: Annotated[str, StringConstraints(max_length=LONGEST_MESSAGE)] = ""
    reference: Annotated[str, StringConstraints(max_length=LONGEST_REFERENCE)] = ""


def take_callback(visit: Visit) -> Shown:
    """Take what a program says of a request: done, failed, or still at it."""
    failed = None
    try:
        link = _link(visit)
        report = _report(visit)
        asked = take_report(visit.surroundings(ACTOR), link, report)
        status, body = 200, _answer(link, asked)
    except Exception as error:
        refused = refusal(error, "")
        status, body = refused.status, refused.body
        failed = error if status >= 500 else None
    return Shown(status=status, media_type=JSON_TYPE, text=json.dumps(body), failed=failed)


def _link(visit: Visit) -> CallbackLink:
    """What the address says. Raises NotFoundError, whatever is wrong with it."""
    try:
        return read_callback_token(link_key().get(), visit.path["token"], visit.now)
    except BadLinkError as error:
        raise NotFoundError("no such request") from error


def _report(visit: Visit) -> Report:
    """What the body says. Raises RefusedError 413 or 415, and pydantic's ValidationError."""
    if len(visit.raw) > MOST_BYTES:
        raise RefusedError(413, f"a report has at most {MOST_BYTES} bytes")
    named = {name.lower(): value for name, value in visit.headers.items()}
    if named.get("content-type", "").partition(";")[0].strip().lower() != JSON_TYPE:
        raise RefusedError(415, f"a report is {JSON_TYPE}")
    body = ReportBody.model_validate_json(visit.raw)
    # The requester gets the message, and no carrier takes control characters.
    message = plain_of(body.message).strip()
    return Report(said=body.status, message=message, reference=plain_of(body.reference).strip())


def _answer(link: CallbackLink, asked: Automated) -> dict[str, object]:
    return {
        "ticket": link.ticket_id,
        "state": asked.state.value,
        "at": asked.at.isoformat(),
        "due_at": asked.due_at.isoformat(),
    }


AUTOMATION_LINKS = (Link("POST", "/automation/{token}", take_callback),)
