"""What a search asks and answers. What is looked for stands in the body, never in an address."""

from typing import Annotated, TypedDict

from pydantic import StringConstraints, model_validator

from triagewire.arrival import Requester, RequesterKind
from triagewire.desk.requests import Body, Name
from triagewire.desk.shapes import Line, When

type Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class RequesterAsked(Body):
    """One identity of a requester, as they state it."""

    email: Text | None = None
    phone: Text | None = None
    patient_id: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> "RequesterAsked":
        if sum(each is not None for each in (self.email, self.phone, self.patient_id)) != 1:
            raise ValueError("name one of email, phone and patient_id")
        return self

    def requester(self) -> Requester:
        """The same as somebody who states nothing else."""
        return Requester(
            kind=RequesterKind.UNKNOWN,
            email=self.email,
            phone=self.phone,
            patient_id=self.patient_id,
        )


class SearchBody(Body):
    """What to look for in a site: one ticket, one requester, or words. Without `closed` only open
    tickets are found by requester and words.
    """

    site: Name
    ticket: Text | None = None
    requester: RequesterAsked | None = None
    text: Text | None = None
    closed: bool = False

    @model_validator(mode="after")
    def _one(self) -> "SearchBody":
        if sum(each is not None for each in (self.ticket, self.requester, self.text)) != 1:
            raise ValueError("name one of ticket, requester and text")
        return self


class SearchView(TypedDict):
    """What was found; `more` says that there is or may be more, so that other words help."""

    site: str
    at: When
    tickets: list[Line]
    more: bool
