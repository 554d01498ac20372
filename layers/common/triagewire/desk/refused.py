"""What a refusal looks like, field by field, and which route may answer which: for the OpenAPI
document. `refusals` makes them.
"""

from typing import Literal, TypedDict

from triagewire.desk.api import Route
from triagewire.desk.shapes import Count
from triagewire.ticket import Status


class Refused(TypedDict):
    """What must not be done, or not by this caller."""

    error: Literal["refused"]
    message: str


class SignedOut(TypedDict):
    """The session has ended, or nobody used it for too long: sign in again."""

    error: Literal["signed_out"]
    message: str


class BadCursor(TypedDict):
    """No cursor of this list, or not of this caller: begin at the first page."""

    error: Literal["bad_cursor"]
    message: str


class NotFound(TypedDict):
    """No such thing, or not the caller's to see: which of them, is not told."""

    error: Literal["not_found"]
    message: str


class NotNow(TypedDict):
    """The ticket is in another state; `message` says which it needs."""

    error: Literal["not_now"]
    message: str
    id: str
    status: Status
    version: Count


class ChangedMeanwhile(TypedDict):
    """The ticket is no longer what was decided on: `changed` says what happened."""

    error: Literal["changed_meanwhile"]
    message: str
    id: str
    status: Status
    version: Count
    changed: list[str]


class SomebodyWasQuicker(TypedDict):
    """Others kept changing the same: look again."""

    error: Literal["changed_meanwhile"]
    message: str


class WrongField(TypedDict):
    """A field of a request and what is wrong with it; never its value."""

    field: str
    problem: str


class Invalid(TypedDict):
    """Fields that are missing, unknown or wrong."""

    error: Literal["invalid"]
    fields: list[WrongField]


class NoPolicy(TypedDict):
    """No policy is published."""

    error: Literal["no_policy"]
    message: str


class Unavailable(TypedDict):
    """The keys of messages cannot be had at this moment: try again."""

    error: Literal["unavailable"]
    message: str


class Internal(TypedDict):
    """Our fault; `request_id` is in the log."""

    error: Literal["internal"]
    request_id: str


BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT = 400, 401, 403, 404, 409
TOO_LARGE, WRONG_TYPE, INVALID, INTERNAL, UNAVAILABLE = 413, 415, 422, 500, 503
SHAPES: dict[int, tuple[type, ...]] = {
    BAD_REQUEST: (BadCursor,),
    UNAUTHORIZED: (Refused, SignedOut),
    FORBIDDEN: (Refused,),
    NOT_FOUND: (NotFound,),
    CONFLICT: (NotNow, ChangedMeanwhile, SomebodyWasQuicker, Refused),
    TOO_LARGE: (Refused,),
    WRONG_TYPE: (Refused,),
    INVALID: (Invalid,),
    INTERNAL: (Internal,),
    UNAVAILABLE: (NoPolicy, Unavailable),
}
MEANS = {
    BAD_REQUEST: "The cursor is none of this list",
    UNAUTHORIZED: "Nobody has signed in, or the session has ended",
    FORBIDDEN: "The caller's role does not do this",
    NOT_FOUND: "No such thing, or not the caller's to see",
    CONFLICT: "Not in this state, or changed meanwhile",
    TOO_LARGE: "The body is too long",
    WRONG_TYPE: "The body is not JSON",
    INVALID: "A field is missing, unknown or wrong",
    INTERNAL: "Our fault",
    UNAVAILABLE: "No policy is published, or messages cannot be opened at this moment",
}


def refusals_of(route: Route) -> list[int]:
    """The statuses besides 200 that a route may answer."""
    found = {UNAUTHORIZED, INTERNAL, UNAVAILABLE, *route.refuses}
    if "{" in route.path or route.takes is not None:
        found.add(NOT_FOUND)
    if route.method == "POST":
        found |= {CONFLICT}
    if route.takes is not None:
        found |= {TOO_LARGE, WRONG_TYPE, INVALID}
    if route.asks is not None:
        found.add(INVALID)
        if "cursor" in route.asks.model_fields:
            found.add(BAD_REQUEST)
    return sorted(found)
