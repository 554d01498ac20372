"""One request of somebody signed in, and the row of the table that says what answers it.

A row is all that there is to know of a route: handler, OpenAPI document and tests read the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from triagewire.access import Principal
from triagewire.desk.requests import Asked, Body, read_body, read_query
from triagewire.flow.context import Context
from triagewire.flow.sessions import SignIn

type View = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request: who calls in which surroundings and session, and what they sent.

    `path` holds the parts of the path by name, `query` what follows its question mark, as it came.
    """

    context: Context
    principal: Principal
    sign_in: SignIn
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    raw: bytes = b""
    content_type: str = ""

    def body[B: Body](self, model: type[B]) -> B:
        """The body as a model. Raises RefusedError and pydantic's ValidationError."""
        return read_body(self.raw, self.content_type, model)

    def asked[A: Asked](self, model: type[A]) -> A:
        """What the query asks for, as a model. Raises pydantic's ValidationError."""
        return read_query(self.query, model)


@dataclass(frozen=True, slots=True)
class Plain:
    """An answer that is not JSON: a file to save."""

    media_type: str
    content: str | bytes
    file_name: str


type Answer = View | Plain


@dataclass(frozen=True, slots=True)
class Route:
    """A row: `run` answers `method` on `path`, whose parts stand in braces.

    `takes` is the model of its body, `asks` that of its query, `gives` the type of its answer, as
    a TypedDict, or of a file the media types in `files`. `refuses` are statuses that do not follow
    from these (`refused`). A post that `looks` is no act: programs make it by themselves, as they
    read. Its name and what it does are those of `run`.
    """

    method: str
    path: str
    run: Callable[[Call], Answer]
    takes: type[Body] | None = None
    asks: type[Asked] | None = None
    gives: Any = dict
    files: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()
    looks: bool = False

    @property
    def is_look(self) -> bool:
        """Whether a program may ask it by itself, which is no sign of a person."""
        return self.looks or self.method == "GET"

    @property
    def name(self) -> str:
        """What programs call it: the operation's id in the OpenAPI document."""
        return self.run.__name__

    @property
    def does(self) -> str:
        """What it is for, in a sentence."""
        return (self.run.__doc__ or "").strip().partition("\n\n")[0]
