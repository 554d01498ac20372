"""How requesters are answered, checked: a webhook leads to the public internet, and what staff
begin with can be filled in.
"""

from collections.abc import Iterator
from string import Formatter

from triagewire.policy.document import Place
from triagewire.policy.model import Site
from triagewire.policy.replies import StaffTemplate
from triagewire.replies.reach import receiver_of
from triagewire.replies.templates import DEFAULT_LANGUAGE, NAMES


def reply_problems(site: Site) -> Iterator[tuple[Place, str]]:
    """What is wrong with how the sources of a site are answered, and with its templates."""
    for name, source in site.sources.items():
        if problem := _unreachable(source.replies.webhook):
            yield ("sources", name, "replies", "webhook"), problem
    for template_id, template in site.replies.templates.items():
        for field, problem in _template_problems(template):
            yield ("replies", "templates", template_id, *field), problem


def _template_problems(template: StaffTemplate) -> Iterator[tuple[Place, str]]:
    for field, texts in (("title", template.title), ("text", template.text)):
        if DEFAULT_LANGUAGE not in texts:
            yield (field,), f"needs a text in {DEFAULT_LANGUAGE}"
    for field, texts in (("subject", template.subject), ("text", template.text)):
        for language, text in texts.items():
            if wrong := unfillable(text, NAMES):
                yield (field, language), wrong


def unfillable(text: str, known: frozenset[str]) -> str | None:
    """Why a text cannot be filled in that may name what is `known`; None if it can."""
    try:
        parts = [each for each in Formatter().parse(text) if each[1] is not None]
        named = {field for _, field, _, _ in parts if field is not None}
        if any(spec or conversion for _, _, spec, conversion in parts):
            return "write a name alone between braces, without : or !"
    except ValueError:
        return "has a brace that is not closed; write {{ for a brace itself"
    unknown = sorted(named - known)
    return (
        f"{{{unknown[0]}}} is not known here; use {', '.join(sorted(known))}" if unknown else None
    )


def _unreachable(webhook: str) -> str:
    try:
        if webhook:
            receiver_of(webhook)
    except ValueError as error:
        return str(error)
    return ""
