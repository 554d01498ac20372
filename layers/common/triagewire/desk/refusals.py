"""How an error reads to the one who asked: one table of status, code and words, never a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from triagewire.errors import (
    BadCursorError,
    ChangedMeanwhileError,
    ConflictError,
    ForbiddenTransitionError,
    InvalidFieldError,
    KeyUnavailableError,
    NotFoundError,
    NotNowError,
    PolicyMissingError,
    RefusedError,
    SignedOutError,
)

type Words = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The HTTP status and the JSON body of an answer that is not what was asked for."""

    status: int
    body: Words


def refusal(error: Exception, request_id: str) -> Refusal:
    """The answer to an error; one that nobody foresaw says nothing but where to look for it."""
    if isinstance(error, RefusedError):
        return Refusal(error.status, {"error": "refused", "message": error.reason})
    for kind, status, code, words in TABLE:
        if isinstance(error, kind):
            return Refusal(status, {"error": code, **words(error)})
    return Refusal(500, {"error": "internal", "request_id": request_id})


def _says(message: str) -> Callable[[Exception], Words]:
    return lambda _error: {"message": message}


def _own_words(error: Exception) -> Words:
    return {"message": str(error)}


def _stands(error: Exception) -> Words:
    """What was refused, and how the ticket stands."""
    now = cast("NotNowError | ChangedMeanwhileError", error)
    return {
        "message": str(now),
        "id": now.ticket_id,
        "status": now.status,
        "version": now.version,
    }


def _changed(error: Exception) -> Words:
    return {**_stands(error), "changed": list(cast("ChangedMeanwhileError", error).changed)}


def _field(error: Exception) -> Words:
    wrong = cast("InvalidFieldError", error)
    return {"fields": [{"field": wrong.field, "problem": wrong.problem}]}


def _fields(error: Exception) -> Words:
    wrong = cast("ValidationError", error)
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    # Each once: a body may have a hundred thousand unknown fields, and an answer has its limit.
    problems = dict.fromkeys(_problem(each["type"], each["loc"], each["msg"]) for each in found)
    return {"fields": [{"field": name, "problem": problem} for name, problem in problems]}


def _problem(kind: str, path: tuple[int | str, ...], message: str) -> tuple[str, str]:
    """A field and what is wrong with it. The name of an unknown one is the caller's text, so it is
    not repeated.
    """
    if kind == "extra_forbidden":
        return "body", "has a field that this action does not take"
    if kind == "json_invalid":
        return "body", "is not JSON"
    return ".".join(map(str, path)) or "body", message


TABLE: tuple[tuple[type[Exception], int, str, Callable[[Exception], Words]], ...] = (
    (SignedOutError, 401, "signed_out", _says("sign in again")),
    (BadCursorError, 400, "bad_cursor", _says("begin at the first page")),
    (NotFoundError, 404, "not_found", _says("there is no such thing, or it is not yours to see")),
    (NotNowError, 409, "not_now", _stands),
    (ForbiddenTransitionError, 409, "not_now", _own_words),
    (ChangedMeanwhileError, 409, "changed_meanwhile", _changed),
    (ConflictError, 409, "changed_meanwhile", _says("somebody was quicker: look again")),
    (InvalidFieldError, 422, "invalid", _field),
    (ValidationError, 422, "invalid", _fields),
    (PolicyMissingError, 503, "no_policy", _says("no policy is published yet")),
    (KeyUnavailableError, 503, "unavailable", _says("try again in a moment")),
)
"""The first row that fits holds. Unknown and forbidden are one row on purpose: an answer must not
tell which tickets exist.
"""
