"""What is settled at once, and what comes back."""

from collections.abc import Iterable
from functools import partial

from triagewire.measures.life import Life
from triagewire.measures.measure import Around, Better, Kind, Measure, Sample, Theme, Unit
from triagewire.measures.samples import sittings_until, worked
from triagewire.ticket import NOT_NEEDED

LATER = "a reopening may still come until the ticket is closed"


def _reopened(life: Life, around: Around) -> Iterable[Sample]:
    for each in life.settled:
        if each.outcome != NOT_NEEDED:
            yield Sample(each.at, float(each.reopened_at is not None))


def _first_contact(life: Life, around: Around) -> Iterable[Sample]:
    settled = worked(life)
    if settled and settled.by:
        acted = [each for each in sittings_until(life, settled.at) if each.acts]
        yield Sample(settled.at, float(len(acted) == 1 and settled.reopened_at is None))


_SHARE = partial(Measure, theme=Theme.BACK_AGAIN, unit=Unit.SHARE, kind=Kind.SHARE)

MEASURES = (
    _SHARE(
        id="reopened",
        name="Resolutions that did not hold",
        formula="resolutions after which the ticket was opened again / resolutions; counted at "
        "the resolution",
        excluded=f"what asked for nothing; {LATER}; a further message after a ticket was closed "
        "for good is a ticket of its own",
        take=_reopened,
    ),
    _SHARE(
        id="first_contact",
        name="Resolved at the first contact",
        formula="tickets resolved by a person in the one sitting in which anybody did anything to "
        "them, and not opened again / tickets first resolved by a person",
        excluded=f"what asked for nothing, what no person resolved; {LATER}",
        take=_first_contact,
        better=Better.HIGHER,
        estimate="acts no more than 10 minutes apart are one sitting; reading alone is no contact",
    ),
)
