"""A draft written into a file of a policy: what stands there stays as it is, byte for byte."""

import re
from collections.abc import Iterator
from textwrap import dedent, indent
from typing import Any

from triagewire.errors import InvalidFieldError
from triagewire.policy.document import parsed
from triagewire.trends.finding import Draft

_FILE = re.compile(r"(?:sites|rules)/[A-Za-z0-9][A-Za-z0-9_-]*\.yaml")
_INDENT = 2
"""Of what is written into a place that holds nothing yet."""


def checked_file(draft: Draft) -> str:
    """The file of a draft below the policy folder. Raises InvalidFieldError for any that no draft
    is for: a report says where to write, and a report comes from a bucket.
    """
    if not _FILE.fullmatch(draft.file):
        raise InvalidFieldError("draft", "names no file of a site or of a rule set")
    return draft.file


def written(text: str, draft: Draft) -> str:
    """The text of a file with a draft in it, at the end of its place.

    Raises InvalidFieldError where it stands there already or the place is written on one line, and
    PolicyError for a file that is no YAML.
    """
    before = parsed(text, draft.file).data
    if draft.by_hand:
        _only_comments(draft)
        after = _at_end(text, draft.text) if draft.text not in text else text
    else:
        _not_there(before.get(draft.place), draft)
        after = _in_place(text, draft)
    _nothing_else(before, parsed(after, draft.file).data, draft)
    return after


def _only_comments(draft: Draft) -> None:
    if not all(line.startswith("#") for line in draft.text.splitlines()):
        raise InvalidFieldError("draft", "is for a person to write and must be a comment")


def _not_there(place: object, draft: Draft) -> None:
    added = parsed(dedent(draft.text), draft.file).data
    known = place if isinstance(place, dict) else {}
    if twice := [name for name in added if name in known]:
        told = f"{draft.file} has {twice[0]} under {draft.place}: change it there by hand"
        raise InvalidFieldError("draft", told)


def _in_place(text: str, draft: Draft) -> str:
    lines = text.splitlines(keepends=True)
    heads = [n for n, line in enumerate(lines) if re.match(rf"{re.escape(draft.place)}\s*:", line)]
    if not heads:
        return _at_end(text, f"{draft.place}:\n{_indented(draft.text, _INDENT)}")
    head, last = heads[0], _last_of_block(lines, heads[0])
    _, _, value = lines[head].partition(":")
    if value.split("#")[0].strip():
        told = f"{draft.file} has {draft.place} on one line: write it as a block first"
        raise InvalidFieldError("draft", told)
    deep = next(_depths(lines[head + 1 : last + 1]), _INDENT)
    block = _ended("".join(lines[: last + 1])) + _ending(_indented(draft.text, deep), text)
    return block + "".join(lines[last + 1 :])


def _last_of_block(lines: list[str], head: int) -> int:
    """The number of the last line that belongs to the place whose key stands in line `head`."""
    last = head
    for number in range(head + 1, len(lines)):
        if not lines[number].strip():
            continue
        if not lines[number].startswith(" "):
            break
        last = number
    return last


def _depths(lines: list[str]) -> Iterator[int]:
    for line in lines:
        plain = line.strip()
        if plain and not plain.startswith("#"):
            yield len(line) - len(line.lstrip(" "))


def _indented(text: str, deep: int) -> str:
    return indent(dedent(text), " " * deep)


def _at_end(text: str, added: str) -> str:
    gap = "\n" if text.strip() else ""
    return _ended(text) + _ending(gap + added, text)


def _ended(text: str) -> str:
    """A text whose last line has an end."""
    return text if not text or text.endswith("\n") else text + _ending("\n", text)


def _ending(added: str, text: str) -> str:
    """What is added, with the line ends of the file."""
    return added.replace("\n", "\r\n") if "\r\n" in text else added


def _nothing_else(before: dict[str, Any], after: dict[str, Any], draft: Draft) -> None:
    """Nothing but what the draft adds may read otherwise than before."""
    added = {} if draft.by_hand else parsed(dedent(draft.text), draft.file).data
    place = before.get(draft.place) or {}
    expected = before if draft.by_hand else {**before, draft.place: {**place, **added}}
    if after != expected or list(after)[: len(before)] != list(before):
        told = f"cannot be written into {draft.file} as it stands: add it by hand"
        raise InvalidFieldError("draft", told)
