"""What becomes of an article."""

from enum import StrEnum


class Use(StrEnum):
    """Shown to somebody before they sent their question; given as the answer; its ticket opened
    again; called no help by its reader.
    """

    SUGGESTED = "suggested"
    ANSWERED = "answered"
    REOPENED = "reopened"
    NOT_HELPFUL = "not_helpful"
