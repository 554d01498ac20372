"""How Zendesk prints comments in a placeholder: a dashed rule, "Author, Date", then the words."""

import re

_RULE = re.compile(r"-{10,}")
_BYLINE = re.compile(r".{1,200}?,.{0,80}\b(?:19|20)[0-9]{2}\b.{0,40}")


def without_bylines(text: str) -> str:
    """The words of the first (newest) comment; '' when the text does not begin with a byline.

    A dashed line without a byline below it is the writer's own, and cuts nothing.
    """
    lines = text.splitlines()
    start = _after_byline(lines, 0)
    if start is None:
        return ""
    end = next(
        (at for at in range(start, len(lines)) if lines[at].strip() and _begins(lines, at)),
        len(lines),
    )
    return "\n".join(lines[start:end]).strip()


def _begins(lines: list[str], at: int) -> bool:
    return _after_byline(lines, at) is not None


def _after_byline(lines: list[str], at: int) -> int | None:
    """The line below a rule and its byline, blank lines left out; None when there is none here."""
    rule = _worded(lines, at)
    if rule is None or not _RULE.fullmatch(lines[rule].strip()):
        return None
    byline = _worded(lines, rule + 1)
    if byline is None or not _BYLINE.fullmatch(lines[byline].strip()):
        return None
    return byline + 1


def _worded(lines: list[str], start: int) -> int | None:
    return next((at for at in range(start, len(lines)) if lines[at].strip()), None)
