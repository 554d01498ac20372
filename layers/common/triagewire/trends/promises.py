"""Promises that break again and again, pages that nobody hears, and what staff forms leave out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from triagewire.clock.calendar import is_open
from triagewire.measures.life import Life
from triagewire.policy.model import Site
from triagewire.routing.duty import team_on_duty
from triagewire.trends.chances import holds
from triagewire.trends.finding import Draft, Finding, Kind
from triagewire.trends.looked import Looked, most_common
from triagewire.verdict import Urgency

BREACH_MORE_THAN = 0.1
UNHEARD_MORE_THAN = 0.1
LACKING_MORE_THAN = 0.3
MOST_OF_THEM = 0.5
"""What is true of at least so many of the tickets is said to be why."""
HOURS = 3
"""Of a part of a day in which tickets come."""
MINUTE = 60.0


def breaches(looked: Looked) -> Iterator[Finding]:
    """Teams and topics whose promises are broken, of those that were kept or broken in the
    period.
    """
    ended: dict[tuple[str, str], list[tuple[Life, bool]]] = defaultdict(list)
    for life in looked.lives:
        broken = next((each.at for each in life.broken_promises if looked.happened(each.at)), None)
        if broken or looked.happened(life.responded_at):
            ended[life.team, life.topic].append((life, broken is not None))
    for (team, topic), of in sorted(ended.items()):
        late = [life for life, broken in of if broken]
        if holds(len(late), len(of), BREACH_MORE_THAN):
            yield _late(looked, team, topic, late, len(of))


def unheard_pages(looked: Looked) -> Iterator[Finding]:
    """Pages that had to go out again before anybody acknowledged one."""
    paged = [life for life in looked.lives if looked.happened(life.paged_at)]
    again = [life for life in paged if life.pages > 1]
    if not holds(len(again), len(paged), UNHEARD_MORE_THAN):
        return
    calendar = looked.site.calendar
    closed = sum(not is_open(calendar, life.paged_at) for life in again if life.paged_at)
    yield looked.finding(
        Kind.ESCALATIONS,
        ("pages",),
        "Paged more than once before anybody acknowledged",
        again,
        of=len(paged),
        told=(f"{closed} of {len(again)} while the site was closed",),
        suggestion="See whom no page reaches (triagewire people report), and who has to hear first "
        "(ladders.urgent, ladders.urgent_after_hours, docs/ladders.md).",
    )


def missing_fields(looked: Looked) -> Iterator[Finding]:
    """Fields that staff leave out, by the source whose form could ask for them."""
    critical = looked.site.intake.critical
    asked: dict[tuple[str, str], list[Life]] = defaultdict(list)
    for life in looked.lives:
        if looked.happened(life.scored_at):
            for name in {*critical.get(life.scored_team, ()), *life.missing}:
                asked[life.source, name].append(life)
    for (source, name), of in sorted(asked.items()):
        lacking = [life for life in of if name in life.missing]
        if holds(len(lacking), len(of), LACKING_MORE_THAN):
            yield looked.finding(
                Kind.MISSING_FIELDS,
                (source, name),
                f"Requests of staff by {source} came without {name}",
                lacking,
                of=len(of),
                suggestion=f"Make {name} a required field in the form behind {source}: each of "
                "these had to be asked for.",
            )


def _late(looked: Looked, team: str, topic: str, late: Sequence[Life], of: int) -> Finding:
    alone = sum(_nobody_there(looked.site, life) for life in late)
    lacking = most_common(name for life in late for name in life.missing)
    draft = None if alone > MOST_OF_THEM * len(late) else _forewarning(looked, team, topic, late)
    return looked.finding(
        Kind.BREACHES,
        (team, topic),
        f"Promises broken for {topic or 'what nobody scored'} in {team or 'no queue'}",
        late,
        of=of,
        told=tuple(_why_late(looked, team, late, alone)),
        suggestion=_how_to_keep(team, late, alone, lacking, draft),
        draft=draft,
    )


def _why_late(looked: Looked, team: str, late: Sequence[Life], alone: int) -> Iterator[str]:
    if waits := sorted(filter(None, map(_waited, late))):
        yield f"they waited {waits[len(waits) // 2] / MINUTE:.1f} h for an answer (median)"
    if found := _part_of_day(looked, late):
        hour, times = found
        yield f"{times} of {len(late)} came from {hour:02d}:00 to {hour + HOURS:02d}:00"
    if alone:
        yield f"{alone} of {len(late)} came while nobody of {team} was at work"
    if again := sum(life.escalations > 0 for life in late):
        yield f"{again} of {len(late)} were still open when those above were told"
    for name, times in sorted(Counter(name for life in late for name in life.missing).items()):
        yield f"{times} of {len(late)} came without {name}"
    held = Counter(life.owner for life in looked.lives if life.owner and _in(looked, life, team))
    crew = [name for name, member in looked.site.members.items() if team in member.teams]
    if crew:
        yield "held at the end: " + ", ".join(f"{name} {held[name]}" for name in crew)


def _in(looked: Looked, life: Life, team: str) -> bool:
    return life.team == team and life.open_at(looked.ends)


def _how_to_keep(
    team: str,
    late: Sequence[Life],
    alone: int,
    lacking: tuple[str, int] | None,
    draft: Draft | None,
) -> str:
    if lacking and lacking[1] >= MOST_OF_THEM * len(late):
        return f"Ask for {lacking[0]} in the form: most of them waited for it."
    if alone > MOST_OF_THEM * len(late):
        return (
            f"Put somebody of {team} to work at those hours (the members' week), or name a team "
            "that stands in (fallback). A longer promise is no answer."
        )
    if draft:
        return f"Try the draft: the lead of {team} hears sooner. If it stays so, staff the queue."
    return f"Give {team} more hands at those hours, or other work to another team."


def _forewarning(looked: Looked, team: str, topic: str, late: Sequence[Life]) -> Draft | None:
    """A lead who hears before the promise is broken; only where the site says nothing of it yet.
    It makes nothing wait longer.
    """
    found = most_common(life.urgency for life in late if life.urgency)
    if found is None:
        return None
    urgency = Urgency(found[0])
    name, ladders = urgency.name.lower(), looked.site.ladders
    if urgency is Urgency.CLINICAL_URGENT or ladders.before or name in ladders.scores:
        return None
    promised = looked.site.targets.of(urgency).minutes
    own = [
        each.targets[name].minutes for each in looked.site.teams.values() if name in each.targets
    ]
    minutes = min([promised, *own]) // 4
    if minutes < 1:
        return None
    return Draft(
        file=f"sites/{looked.id}.yaml",
        place="ladders",
        name=name,
        text=(
            f"  # trend review {looked.named}: {len(late)} promises for {topic} broken in {team}\n"
            f"  scores:\n    {name}:\n      before: [{{ minutes: {minutes}, tell: lead }}]\n"
        ),
    )


def _waited(life: Life) -> float | None:
    """Minutes from receipt to the first response."""
    if life.responded_at is None or life.received_at is None:
        return None
    return (life.responded_at - life.received_at).total_seconds() / MINUTE


def _part_of_day(looked: Looked, lives: Sequence[Life]) -> tuple[int, int] | None:
    """The hours of the site's wall in which most of them came: the first of them, and how many."""
    zone = ZoneInfo(looked.site.zone)
    hours = Counter(each.received_at.astimezone(zone).hour for each in lives if each.received_at)
    parts = [
        (first, sum(hours[first + n] for n in range(HOURS))) for first in range(24 - HOURS + 1)
    ]
    best = max(parts, key=lambda each: (each[1], -each[0]))
    return best if best[1] > MOST_OF_THEM * len(lives) else None


def _nobody_there(site: Site, life: Life) -> bool:
    at: datetime | None = life.routed_at or life.received_at
    return at is not None and next(team_on_duty(site, life.team, at), None) is None
