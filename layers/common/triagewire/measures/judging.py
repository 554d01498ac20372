"""How scoring did, as far as people have said what was right."""

from collections.abc import Callable, Iterable
from functools import partial

from triagewire.measures.labels import Judged, raisings
from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Better, Kind, Measure, Sample, Take, Theme, Unit
from triagewire.ticket import REVIEW

HIGH = 4
URGENT = 5
LABELS = (
    "tickets that nobody judged. Labels are of what was doubted or put right, no sample of all: "
    "a share of labels says nothing of messages that nobody looked at twice. Of several labels of "
    "a ticket the first counts, unless it says otherwise"
)


def _placed_alone(life: Life, around: Around) -> Iterable[Sample]:
    if life.routed_at:
        yield Sample(life.routed_at, float(life.first_team != REVIEW))


def _labels(counts: Callable[[Judged], bool], says: Callable[[Judged], bool]) -> Take:
    """Of the first labels of tickets that count, how many say something."""

    def take(life: Life, around: Around) -> Iterable[Sample]:
        for judged in filter(counts, life.judged[:1]):
            yield Sample(judged.at, float(says(judged)))

    return take


def _raised(counts: Callable[[Judged], bool], says: Callable[[Judged], bool]) -> Take:
    """Of the labels that called a ticket more urgent than all before, how many say something."""

    def take(life: Life, around: Around) -> Iterable[Sample]:
        for judged in filter(counts, raisings(life.judged)):
            yield Sample(judged.at, float(says(judged)))

    return take


def _labelled(life: Life, around: Around) -> Iterable[Sample]:
    for judged in life.judged:
        yield Sample(judged.at, 1.0)


_SHARE = partial(Measure, theme=Theme.JUDGING, unit=Unit.SHARE, kind=Kind.SHARE)

MEASURES = (
    _SHARE(
        id="placed_alone",
        name="Placed without a person",
        formula="tickets that scoring and routing placed or answered / all that were placed; what "
        "went to review first was not",
        excluded="what has no place yet",
        take=_placed_alone,
        better=Better.HIGHER,
        compare="a vendor's article says that keyword rules route 70 to 80 %; it does not say how "
        "often rightly",
    ),
    Measure(
        id="labels",
        name="Judgements of people",
        theme=Theme.JUDGING,
        unit=Unit.TIMES,
        kind=Kind.SUM,
        formula="decisions of people that ended a review or put a verdict right",
        excluded="tickets that nobody judged",
        take=_labelled,
        better=Better.NEITHER,
    ),
    _SHARE(
        id="under_triage",
        name="Under-triage among what is clinical",
        formula="labels of 4 or 5 above all that scoring had said or feared / labels of 4 or 5; "
        "of several of one ticket those that raised it; what was feared stood before a person at "
        "that urgency",
        excluded=LABELS,
        take=_raised(lambda label: label.score >= HIGH, lambda label: label.under_triaged),
        compare="trauma centres: up to 5 % (American College of Surgeons); severely injured "
        "patients taken to a lower level, of all of them",
    ),
    _SHARE(
        id="missed_urgent",
        name="Urgent that was neither seen nor doubted",
        formula="labels of 5 whose score and highest candidate were lower / labels of 5",
        excluded=LABELS,
        take=_raised(
            lambda label: label.score == URGENT,
            lambda label: max(label.scored, label.candidate) < URGENT,
        ),
        compare="CMD-1: sensitivity 0.98, positive predictive value 0.66 for crisis messages, "
        "prospective, 102,471 messages (npj Digit Med 2023); against labels of all messages",
    ),
    _SHARE(
        id="over_triage",
        name="Over-triage among what was scored clinical",
        formula="labels that people put lower / labels that scoring had at 4 or 5",
        excluded=LABELS,
        take=_labels(lambda label: label.scored >= HIGH, lambda label: label.score < label.scored),
        compare="trauma centres: 25 to 50 % is accepted (American College of Surgeons)",
    ),
    _SHARE(
        id="urgency_agreed",
        name="Labels that agree on the urgency",
        formula="labels with the score that scoring gave / labels",
        excluded=f"{LABELS}. Never read it as accuracy: where 3.5 % are urgent, calling nothing "
        "urgent is right 96.5 % of the time",
        take=_labels(lambda _: True, lambda label: label.scored == label.score),
        better=Better.HIGHER,
    ),
    _SHARE(
        id="team_agreed",
        name="Labels that agree on the team",
        formula="labels with the team that scoring named / labels",
        excluded=LABELS,
        take=_labels(lambda _: True, lambda label: label.scored_team == label.team),
        better=Better.HIGHER,
    ),
    _SHARE(
        id="topic_agreed",
        name="Labels that agree on the topic",
        formula="labels with the topic that scoring named / labels",
        excluded=LABELS,
        take=_labels(lambda _: True, lambda label: label.scored_topic == label.topic),
        better=Better.HIGHER,
        compare="Kaiser Southern California: 81.0 % of labels right against 44.0 % of what "
        "patients chose themselves (JAMA Netw Open, January 2026); of a sample of all messages",
    ),
)
