"""Texts that staff begin with: kept in the policy, filled in for one ticket.

A template is filled by names only. What a requester states is put in as it is and never read as a
template itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from triagewire.policy.replies import StaffTemplate

NAMES = frozenset({"name", "site", "phone", "member"})
"""What a template may name: the requester, the clinic, its telephone, and who writes."""
DEFAULT_LANGUAGE = "en"
_NAMED = re.compile(r"\{(\w+)\}|\{\{|\}\}")
_LOOSE = re.compile(r"[ \t]+(?=[,.;:!?])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A template in one language, filled in."""

    id: str
    title: str
    subject: str
    text: str
    language: str


def filled(
    template_id: str, template: StaffTemplate, language: str | None, values: Mapping[str, str]
) -> Filled:
    """A template in the language of the requester, else in English."""
    wanted = (language or DEFAULT_LANGUAGE).split("-", maxsplit=1)[0].casefold()
    spoken = wanted if wanted in template.text else DEFAULT_LANGUAGE
    return Filled(
        id=template_id,
        title=template.title.get(spoken) or template.title.get(DEFAULT_LANGUAGE) or template_id,
        subject=fill(template.subject.get(spoken, ""), values),
        text=fill(template.text[spoken], values),
        language=spoken,
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its names filled in, each once. A name that nobody stated leaves no gap before
    a comma.
    """

    def put(found: re.Match[str]) -> str:
        name = found[1]
        return values.get(name, found[0]) if name else found[0][0]

    empty = any(not value for value in values.values())
    done = _NAMED.sub(put, text)
    return _LOOSE.sub("", done) if empty else done
