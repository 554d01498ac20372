"""Every error Triagewire raises on purpose. Messages name fields and ids, never values: a value may
be PHI.
"""

from datetime import timedelta


class TriagewireError(Exception):
    """Base of all of them, so that an edge can catch the family."""


class InvalidFieldError(TriagewireError):
    """A field of something received is missing, of the wrong type or out of range."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class RefusedError(TriagewireError):
    """A webhook that must not be accepted; `status` is the HTTP code its sender understands.

    `retry_seconds` is when to come again after a 429 or a 5xx.
    """

    def __init__(self, status: int, reason: str, retry_seconds: int = 5) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_seconds = retry_seconds


class UnreadableError(TriagewireError):
    """A correctly signed body that cannot be made an arrival: it goes to quarantine, never to the
    floor.
    """


class ConflictError(TriagewireError):
    """Somebody else changed the ticket, lock or load first; read again and decide again."""


class ChangedMeanwhileError(ConflictError):
    """What a person saw is no longer so: `changed` names what happened since, and the rest how the
    ticket stands now.
    """

    def __init__(
        self, message: str, *, ticket_id: str, status: str, version: int, changed: tuple[str, ...]
    ) -> None:
        super().__init__(message)
        self.ticket_id = ticket_id
        self.status = status
        self.version = version
        self.changed = changed


class NotFoundError(TriagewireError):
    """No such ticket, or one the caller may not see: the two look the same from outside."""


class DeniedError(NotFoundError):
    """There is such a thing at a site, and the caller may not see it: from outside it looks like
    one that is not there, and the ledger has that they tried. `site` and `team` are of the policy.
    """

    def __init__(self, message: str, *, site: str, team: str | None = None) -> None:
        super().__init__(message)
        self.site = site
        self.team = team


class NotAllowedError(RefusedError):
    """An act that is not for somebody of their role, at a `site` that they may see."""

    def __init__(self, reason: str, *, site: str, team: str | None = None) -> None:
        super().__init__(403, reason)
        self.site = site
        self.team = team


class BadLinkError(TriagewireError):
    """An acknowledge link that nobody was sent, or that is too old: which of them, is not told."""


class BadCursorError(TriagewireError):
    """A place to go on from that was not given for this list, or not to this caller."""


class SignedOutError(TriagewireError):
    """A session that ended, or that nobody used for too long: its tokens open nothing more."""


class SiteMissingError(NotFoundError):
    """A ticket of a site that no policy at hand has: nobody can be told of it."""


class SealedError(TriagewireError):
    """A stored value that cannot be opened now, or ever; the message names its attribute."""


class SealBrokenError(SealedError):
    """A sealed value that was altered, moved to another place, or sealed under a key that is not
    its site's: it is not what we stored.
    """


class KeyUnavailableError(SealedError):
    """The key that seals or opens cannot be had: KMS does not answer, or this function may not use
    it. Nothing is lost by trying again.
    """


class TimerMissingError(TriagewireError):
    """An open ticket would be stored without a timer, and so be forgotten: a defect of ours."""


class ForbiddenTransitionError(TriagewireError):
    """The action does not fit the ticket's present state; the message says which state is
    needed.
    """


class NotNowError(ForbiddenTransitionError):
    """The same as an answer to a person, with how the ticket stands."""

    def __init__(self, message: str, *, ticket_id: str, status: str, version: int) -> None:
        super().__init__(message)
        self.ticket_id = ticket_id
        self.status = status
        self.version = version


class OvertakenError(ForbiddenTransitionError):
    """A program reports on a request that others have gone on with: it is theirs now."""


class PolicyError(TriagewireError):
    """A policy is malformed or breaks a check. `problems` has one `file:line: field: why` text
    each.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class PolicyMissingError(TriagewireError):
    """No policy has been published yet: run `triagewire policy publish`."""


class UndeliverableError(TriagewireError):
    """A message that can never be delivered as it is; trying again is useless. `code` says why in
    one word.
    """

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code


class TryLaterError(TriagewireError):
    """A message that did not get through now; `code` says why in one word, `after` is how long its
    receiver asks for peace.
    """

    def __init__(self, message: str, code: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.after = after
