"""Reading patients' records from a site's FHIR server, within one second for everything together.

Nothing here raises and nothing waits: what has come when the second is over is used, the rest is
not known. A server that gave nothing is left alone for a while, and all messages of one invocation
share a few seconds, so that no page waits behind other people's records.
"""

import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.error import HTTPError
from uuid import uuid4

from triagewire.arrival import PatientRecord
from triagewire.channels.ehr.reader import Asked, token_from
from triagewire.channels.ehr.record import record_of
from triagewire.channels.ehr.record_answers import (
    Learnt,
    Person,
    Whose,
    learnt_from,
    patient_id_from,
    person_from,
)
from triagewire.channels.ehr.record_asking import (
    PatientKey,
    patient_asked_for,
    record_asked_for,
    record_token_asked_for,
)
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.errors import TriagewireError, UnreadableError
from triagewire.observability import count, logger, milliseconds
from triagewire.patience import begin
from triagewire.reading import REST_SECONDS, SPARE_SECONDS, is_down, send
from triagewire.secrets import reader_secrets

SECONDS = 1.0
"""The longest wait for one record: secret, token and every answer together."""
INVOCATION_SECONDS = 3.0
"""The longest wait for the records of all messages of one invocation together."""
KEPT_SECONDS = 300.0
MOST_KEPT = 200

_UNAUTHORISED = 401

type _Place = tuple[str, RecordServer]
type _Part = Person | Learnt

_tokens: dict[_Place, tuple[str, float]] = {}
"""By site and server: a token is shown to no server but the one that it was fetched for."""
_resting: dict[_Place, float] = {}
_kept: dict[tuple[_Place, PatientKey], tuple[PatientRecord, float]] = {}
"""Records read in the last minutes by this process, the oldest first."""


@dataclass(slots=True)
class RecordReading:
    """The reading of one invocation; `left` is how many seconds of waiting it has."""

    left: float = field(default_factory=lambda: INVOCATION_SECONDS)

    def read(
        self, site: str, server: RecordServer, key: PatientKey, now: datetime
    ) -> PatientRecord | None:
        """The record of a patient as far as it came in time; None when nothing did."""
        place, began = (site, server), time.monotonic()
        kept, until = _kept.get((place, key), (None, 0.0))
        if kept is not None and began < until:
            return kept
        seconds = min(SECONDS, self.left)
        if seconds <= 0 or began < _resting.get(place, 0.0):
            return None
        try:
            return _read(place, key, now, began + seconds)
        except Exception as error:
            # Only its type is told: a message of an HTTP library may hold an address or an answer.
            count("RecordReadingFailed")
            logger.warning("record not read", site=site, error=type(error).__name__)
            if not _is_about_the_patient(error):
                _resting[place] = time.monotonic() + REST_SECONDS
            return None
        finally:
            waited = time.monotonic() - began
            self.left -= waited
            milliseconds("RecordRead", 1000 * waited)


def _read(place: _Place, key: PatientKey, now: datetime, ends: float) -> PatientRecord:
    """Raises what kept the first steps from being done, or TimeoutError when nothing was learnt."""
    site, server = place
    token = _admitted(place, now, ends)
    patient = key.id
    if not patient:
        found = begin(lambda: patient_id_from(_answer(patient_asked_for(server, key, token), ends)))
        patient = _ended(found, ends)
    whose = Whose(id=patient, base=server.base, now=now)
    asked = record_asked_for(server, patient, token, now)
    begun = {kind: begin(partial(_part, kind, each, whose, ends)) for kind, each in asked.items()}
    parts, missed = _in_time(begun, ends)
    if any(_is_refused(error) for error in missed.values()):
        _tokens.pop(place, None)
    if not parts:
        raise next(iter(missed.values()))
    record = _joined(parts, now)
    if record.unknown:
        errors = {kind: type(error).__name__ for kind, error in missed.items()}
        logger.info("record read in part", site=site, unknown=record.unknown, errors=errors)
    if not any(map(is_down, missed.values())):
        _keep(place, key, record)
    return record


def _joined(parts: Mapping[str, _Part], now: datetime) -> PatientRecord:
    person = parts.get("patient")
    learnt = {kind: each for kind, each in parts.items() if isinstance(each, Learnt)}
    return record_of(person if isinstance(person, Person) else None, learnt, now)


def _part(kind: str, asked: Asked, whose: Whose, ends: float) -> _Part:
    answer = _answer(asked, ends)
    return person_from(answer, whose) if kind == "patient" else learnt_from(kind, answer, whose)


def _in_time(
    begun: Mapping[str, Future[_Part]], ends: float
) -> tuple[dict[str, _Part], dict[str, Exception]]:
    """What came before the end, and why the rest did not, by kind."""
    parts: dict[str, _Part] = {}
    missed: dict[str, Exception] = {}
    for kind, future in begun.items():
        try:
            parts[kind] = _ended(future, ends)
        except Exception as error:
            missed[kind] = error
    return parts, missed


def _admitted(place: _Place, now: datetime, ends: float) -> str:
    """The token; a server that gives none gives it for no other patient either."""
    try:
        return _ended(begin(lambda: _token(place, now, ends)), ends)
    except Exception:
        _resting[place] = time.monotonic() + REST_SECONDS
        raise


def _token(place: _Place, now: datetime, ends: float) -> str:
    """The stored secret itself, or what the token endpoint gave for it."""
    site, server = place
    text, until = _tokens.get(place, ("", 0.0))
    if time.monotonic() < until:
        return text
    secret = reader_secrets().get().get(site, "")
    if not secret:
        raise UnreadableError("the record server has no secret")
    asked = record_token_asked_for(server, secret, now, uuid4().hex)
    if asked is None:
        return secret
    token = token_from(_answer(asked, ends))
    _tokens[place] = (token.text, time.monotonic() + token.seconds - SPARE_SECONDS)
    return token.text


def _answer(asked: Asked, ends: float) -> bytes:
    return send(asked, ends - time.monotonic())


def _ended[T](future: Future[T], ends: float) -> T:
    return future.result(max(0.0, ends - time.monotonic()))


def _keep(place: _Place, key: PatientKey, record: PatientRecord) -> None:
    _kept.pop((place, key), None)
    _kept[place, key] = (record, time.monotonic() + KEPT_SECONDS)
    while len(_kept) > MOST_KEPT:
        _kept.pop(next(iter(_kept)))


def _is_refused(error: Exception) -> bool:
    return isinstance(error, HTTPError) and error.code == _UNAUTHORISED


def _is_about_the_patient(error: Exception) -> bool:
    """Whether another patient of the same server may well be read."""
    return isinstance(error, TriagewireError) or (
        isinstance(error, HTTPError) and not is_down(error) and not _is_refused(error)
    )
