"""What requesters say of how they were served, and what did not reach them."""

from collections.abc import Iterable, Iterator

from triagewire.measures.life import Life, Settled
from triagewire.measures.measure import Around, Better, Kind, Measure, Sample, Theme, Unit

SATISFIED = 4
AT_RESOLUTION = "counted at the resolution that they were asked about"
WHO_ANSWERS = "requesters who were not asked or did not answer: who answers is no sample of all"


def _asked_about(life: Life) -> Settled | None:
    """The resolution about which its requester was asked."""
    asked_at = life.asked_at
    if asked_at is None:
        return None
    before = (each for each in reversed(life.settled) if each.at <= asked_at)
    return next(before, None)


def _scores(life: Life) -> Iterator[tuple[Settled, int]]:
    about = _asked_about(life)
    if about is not None and life.score:
        yield about, life.score


def _satisfaction(life: Life, around: Around) -> Iterable[Sample]:
    for about, score in _scores(life):
        yield Sample(about.at, score)


def _satisfied(life: Life, around: Around) -> Iterable[Sample]:
    for about, score in _scores(life):
        yield Sample(about.at, float(score >= SATISFIED))


def _survey_answers(life: Life, around: Around) -> Iterable[Sample]:
    if about := _asked_about(life):
        yield Sample(about.at, float(life.score > 0))


def _undelivered(life: Life, around: Around) -> Iterable[Sample]:
    if life.undelivered_at:
        yield Sample(life.undelivered_at, 1.0)


MEASURES = (
    Measure(
        id="satisfaction",
        name="Satisfaction",
        theme=Theme.REQUESTERS,
        unit=Unit.POINTS,
        kind=Kind.MEAN,
        formula=f"sum of the scores of 1 to 5 / answers; {AT_RESOLUTION}",
        excluded=WHO_ANSWERS,
        take=_satisfaction,
        better=Better.HIGHER,
        target=4.0,
        compare="a vendor's article says 40 % more satisfaction, of what and among whom it does "
        "not say",
    ),
    Measure(
        id="satisfied",
        name="Requesters who were satisfied",
        theme=Theme.REQUESTERS,
        unit=Unit.SHARE,
        kind=Kind.SHARE,
        formula=f"answers of 4 or 5 / answers; {AT_RESOLUTION}",
        excluded=WHO_ANSWERS,
        take=_satisfied,
        better=Better.HIGHER,
    ),
    Measure(
        id="survey_answers",
        name="Requesters who answered",
        theme=Theme.REQUESTERS,
        unit=Unit.SHARE,
        kind=Kind.SHARE,
        formula=f"tickets with an answer / tickets whose requester was asked; {AT_RESOLUTION}",
        excluded="requesters who were not asked",
        take=_survey_answers,
        better=Better.HIGHER,
    ),
    Measure(
        id="undelivered",
        name="Tickets with a text that did not arrive",
        theme=Theme.REQUESTERS,
        unit=Unit.TICKETS,
        kind=Kind.SUM,
        formula="tickets by the first of their texts that never left or came back for good",
        excluded="texts that a carrier took and of which nobody reports anything",
        take=_undelivered,
    ),
)
