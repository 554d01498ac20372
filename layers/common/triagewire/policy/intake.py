"""What a policy may ask of staff: known fields of known groups, each with words to ask in."""

from collections.abc import Iterator

from triagewire.channels.reading.staff import STAFF_FIELDS
from triagewire.policy.document import Place
from triagewire.policy.model import Site
from triagewire.replies.matching import DEFAULT_LANGUAGE
from triagewire.team import IT


def intake_problems(site: Site) -> Iterator[tuple[Place, str]]:
    """What is wrong with the critical fields of a site, and with the question about them."""
    yield from _question_problems(site)
    for group, wanted in site.intake.critical.items():
        place: Place = ("intake", "critical", group)
        if group not in IT:
            yield place, f"is none of {', '.join(IT)}"
        for number, name in enumerate(wanted):
            if name not in STAFF_FIELDS:
                yield (*place, number), f"is none of {', '.join(STAFF_FIELDS)}"
            elif DEFAULT_LANGUAGE not in site.intake.fields.get(name, {}):
                yield ("intake", "fields", name), f"needs words in {DEFAULT_LANGUAGE} to ask with"


def _question_problems(site: Site) -> Iterator[tuple[Place, str]]:
    """A question that does not say what is missing would ask for nothing."""
    texts = site.replies.question.text if site.replies.question else {}
    for language, text in texts.items():
        if "{missing}" not in text:
            yield ("replies", "question", "text", language), "must hold {missing}"
