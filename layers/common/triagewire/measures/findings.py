"""Findings of a trend review as blocks: what was found, in which tickets, and what to do."""

from collections.abc import Iterator, Sequence

from triagewire.measures.blocks import Block, Code, Grid, Heading, Tone, Words
from triagewire.trends.finding import Draft, Finding, Standing


def findings_told(findings: Sequence[Finding]) -> Iterator[Block]:
    """All of them, the gravest first; of what is gone only that it was there."""
    yield Heading("What the tickets say")
    if not findings:
        yield Words("Nothing stands out: nothing happened often enough to be more than chance.")
        return
    rows = tuple(
        (str(number), each.title, _counted(each), each.standing.value)
        for number, each in enumerate(findings, 1)
    )
    heading = ("No.", "Finding", "Tickets", "Compared")
    yield Grid(heading=heading, rows=rows, numbers=frozenset({2}))
    for number, each in enumerate(findings, 1):
        if each.standing is not Standing.GONE:
            yield from _finding(number, each)


def _finding(number: int, finding: Finding) -> Iterator[Block]:
    yield Heading(f"{number}. {finding.title}", 3)
    for each in finding.told:
        yield Words(each)
    if finding.suggestion:
        yield Words(f"To do: {finding.suggestion}")
    yield from _listed("Rules", finding.rules)
    yield from _listed("Their words", finding.words)
    yield from _listed("Tickets", finding.tickets)
    yield Words(f"Finding {finding.id}", Tone.SMALL)
    if finding.draft:
        yield from _draft(finding.draft)


def _draft(draft: Draft) -> Iterator[Block]:
    where = f"{draft.file}, under {draft.place}" if draft.place else draft.file
    if draft.by_hand:
        yield Words(f"For {where}, to be written by a person:")
    else:
        told = f"{draft.right} tickets of the period would have gone right by it"
        yield Words(f"Draft for {where}: {told}, {draft.wrong} wrong that went right.")
    yield Code(draft.text.rstrip("\n"))


def _counted(finding: Finding) -> str:
    return f"{finding.n} of {finding.of}" if finding.of else str(finding.n)


def _listed(name: str, values: Sequence[str]) -> Iterator[Block]:
    if values:
        yield Words(f"{name}: {', '.join(values)}")
