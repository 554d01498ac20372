"""What needed nobody: no person, no clinician, no escalation."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from triagewire.measures.life import Life, Settled
from triagewire.measures.measure import Around, Better, Kind, Measure, Sample, Theme, Unit
from triagewire.measures.samples import by_clinician, sittings_until
from triagewire.ticket import NOT_NEEDED

NO_NEED = "what asked for nothing, what is still open"
LATER = "a reopening may still come until the ticket is closed"
UNSEEN = (
    "a clinician who is asked by telephone or in the corridor leaves no trace, and who is on no "
    "clinical roster counts as a clinician only in a clinical queue"
)


def _settled(life: Life) -> Settled | None:
    settled = life.first_settled
    return None if settled is None or settled.outcome == NOT_NEEDED else settled


def _acted_until(life: Life, at: datetime) -> bool:
    return any(each.acts for each in sittings_until(life, at))


def _stands(settled: Settled | None) -> bool:
    return settled is not None and settled.reopened_at is None


def _escalated_until(life: Life, at: datetime) -> bool:
    return life.escalated_at is not None and life.escalated_at <= at


def _seen_by_clinician(life: Life, around: Around, at: datetime) -> bool:
    """Whether a clinician sat at it by then, or was told of it."""
    clinicians = around.clinicians.get(life.site, frozenset())
    queues = around.clinical.get(life.site, frozenset())
    told = (each for each in life.raised if each.at <= at)
    return any(each.team in queues or clinicians.intersection(each.people) for each in told) or any(
        by_clinician(each, life, around) for each in sittings_until(life, at)
    )


def _without_person(life: Life, around: Around) -> Iterator[Sample]:
    if settled := _settled(life):
        alone = not settled.by and not _acted_until(life, settled.at) and _stands(settled)
        yield Sample(settled.at, float(alone))


def _without_clinician(life: Life, around: Around) -> Iterator[Sample]:
    if settled := _settled(life):
        helped = _escalated_until(life, settled.at) or _seen_by_clinician(life, around, settled.at)
        yield Sample(settled.at, float(not helped))


def _unescalated(life: Life, around: Around) -> Iterator[Sample]:
    if settled := _settled(life):
        yield Sample(settled.at, float(not _escalated_until(life, settled.at)))


def _deflected(life: Life, around: Around) -> Iterable[Sample]:
    if life.routed_at:
        alone = bool(life.article) and _stands(life.first_settled)
        yield Sample(life.routed_at, float(alone))


def _articles_held(life: Life, around: Around) -> Iterable[Sample]:
    if life.routed_at and life.article:
        yield Sample(life.routed_at, float(_stands(life.first_settled)))


_SHARE = partial(
    Measure, theme=Theme.WITHOUT, unit=Unit.SHARE, kind=Kind.SHARE, better=Better.HIGHER
)

MEASURES = (
    _SHARE(
        id="without_person",
        name="Resolved without a person",
        formula="tickets first resolved by an article or a program, on which no person had acted, "
        "and that were not opened again / tickets first resolved",
        excluded=f"{NO_NEED}; {LATER}",
        take=_without_person,
        compare="a vendor's article says 80 % without a manual step; what it takes for a step it "
        "does not say",
    ),
    _SHARE(
        id="without_clinician",
        name="Resolved without escalation and without a clinician",
        formula="tickets first resolved before those above were told, before a clinician sat at "
        "them, and without a page or an escalation to a clinician / tickets first resolved",
        excluded=NO_NEED,
        take=_without_clinician,
        estimate=UNSEEN,
        compare="Kaiser Northern California: 31.9 % of 4.7 million messages resolved before they "
        "reached a physician's inbox (JAMA Netw Open 2024); nurses there count as no physician, "
        "here whoever works in a clinical queue is a clinician",
    ),
    _SHARE(
        id="unescalated",
        name="Resolved without escalation",
        formula="tickets first resolved before those above were told / tickets first resolved",
        excluded=NO_NEED,
        take=_unescalated,
    ),
    _SHARE(
        id="deflected",
        name="Answered by an article, and done with it",
        formula="tickets that an article answered and that were not opened again / tickets that "
        "were answered or placed first",
        excluded=f"people who read an article while writing and then sent nothing; {LATER}",
        take=_deflected,
        compare="Providence: 27 to 33 % fewer non-clinical messages (vendor's blog 2025); counted "
        "as messages that were not sent, which no ledger of tickets can see",
    ),
    _SHARE(
        id="articles_held",
        name="Articles that were answer enough",
        formula="tickets that an article answered and that were not opened again / tickets that an "
        "article answered",
        excluded=LATER,
        take=_articles_held,
    ),
)
