"""The events of made-up tickets, as the desk would have recorded them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tests.generated_plots import TOPICS, VERDICTS, Plot, Visit
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Detail, Entry, Event, Stamp
from triagewire.routing.merge import WHY

PLACED = 0.05
"""Three seconds: so soon after its receipt a ticket is scored and placed."""
PAGED = 0.1
SYSTEM = "system:score_route"


class Line(NamedTuple):
    """What is to be recorded, when, and in which order."""

    order: float
    minute: float
    action: Action
    actor: str
    why: str
    detail: Mapping[str, Detail]


def events_of(plot: Plot) -> tuple[Event, ...]:
    """The ledger of one ticket, and of the person whom its page told."""
    lines = sorted(_lines(plot), key=lambda line: line.order)
    subject = f"TICKET#{plot.id}"
    events: list[Event] = []
    head = ""
    for line in lines:
        events += _recorded(subject, len(events), head, line, plot)
        head = events[-1].hash
    if plot.fate == "broken":
        events[1] = replace(events[1], why="altered afterwards")
    return (*events, *_told(plot))


def _recorded(subject: str, number: int, head: str, line: Line, plot: Plot) -> tuple[Event, ...]:
    stamp = Stamp(at=plot.at(line.minute), actor=line.actor, policy_version=3)
    entry = Entry(action=line.action, why=line.why, detail=line.detail)
    return extend(subject, number, head, [entry], stamp)


def _told(plot: Plot) -> tuple[Event, ...]:
    if plot.page is None:
        return ()
    detail: dict[str, Detail] = {"notices": [f"{plot.id}-1-page-nora"], "ways": ["sms"]}
    line = Line(0, plot.page[0], Action.TOLD, SYSTEM, "notices were sent", detail)
    return _recorded(f"TOLD#nora#{plot.id}", 0, "", line, plot)


def _line(
    minute: float, action: Action, actor: str = SYSTEM, why: str = "", **detail: Detail
) -> Line:
    return Line(minute, minute, action, actor, why, detail)


def _after(**values: object) -> list[str]:
    return [f"{name}={value}" for name, value in values.items()]


def _lines(plot: Plot) -> Iterator[Line]:
    yield _first(plot)
    yield from _placed(plot)
    yield from _told_about(plot)
    for visit in plot.visits:
        yield from _DEEDS[visit.deed](plot, visit)
        if visit.deed != "hear":
            look = _line(visit.begins, Action.VIEWED, f"staff:{visit.member}", "opened")
            # Whose clock is slow looked before it came, and is recorded after that all the same.
            yield look._replace(order=max(look.order, PLACED + 0.01))
    yield from _ended(plot)
    yield from _around(plot)


def _first(plot: Plot) -> Line:
    came: dict[str, Detail] = {
        "site": plot.site,
        "source": "form",
        "channel": plot.channel,
        "requester": "patient",
    }
    if plot.fate == "robot":
        came["automatic"] = True
    if plot.fate in ("unreadable", "read_again"):
        came["problem"] = "body: is no JSON"
    if plot.part_of:
        came |= {"of": plot.part_of, "received_at": plot.received.isoformat()}
        return _line(-9e9, Action.LINKED, SYSTEM, "a further need")._replace(minute=0, detail=came)
    return _line(-9e9, Action.RECEIVED, "source:form", "verified")._replace(minute=0, detail=came)


def _placed(plot: Plot) -> Iterator[Line]:
    if plot.fate in ("unreadable", "read_again"):
        after = _after(status="routed", team="review")
        yield _line(PLACED, Action.ROUTED, team="review", state_after=after)
        return
    yield _line(
        PLACED,
        Action.SCORED,
        why="review" if plot.review else "clear",
        score=plot.score,
        candidate=plot.candidate if plot.review else plot.score,
        topic=TOPICS[plot.scored_for],
        team=VERDICTS[plot.scored_for],
        rules=[f"{plot.scored_for}.rule"],
        language=plot.language or None,
    )
    if plot.fate == "merged":
        into = plot.part_of or plot.id.rpartition("-")[0]
        after = _after(status="merged", merged_into=into)
        yield _line(PLACED, Action.MERGED, why=WHY, into=into, state_after=after)
    elif plot.fate == "article":
        team = plot.teams[0]
        after = _after(status="resolved", team=team)
        yield _line(
            PLACED, Action.ANSWERED, why="answered by article:hours", team=team, state_after=after
        )
    else:
        yield _routed(plot, PLACED, plot.teams[0], plot.urgency)


def _routed(plot: Plot, minute: float, team: str, urgency: int, member: str = "") -> Line:
    after = _after(status="routed", team=team, owner=member, urgency=urgency)
    return _line(
        minute,
        Action.ROUTED,
        why="placed",
        team=team,
        member=member or None,
        urgency=urgency,
        due_at=plot.at(minute + 60).isoformat(),
        state_after=after,
    )


def _told_about(plot: Plot) -> Iterator[Line]:
    if plot.page:
        people = ["nora"]
        yield _line(PAGED, Action.PAGED, people=people, team=plot.teams[0], urgency=5)
    if plot.hand_back is not None:
        team = plot.teams[1 if plot.review else 0]
        yield _routed(plot, plot.hand_back, team, plot.last_urgency, "zoe")
        yield _line(
            plot.hand_back + 30,
            Action.RETURNED,
            team=team,
            member=None,
            from_member="zoe",
            reason="not_accepted",
            state_after=_after(owner=""),
        )
    if plot.reminded is not None:
        yield _line(plot.reminded, Action.REMINDED, target="first_response")
    if plot.late is not None:
        yield _line(plot.late, Action.BREACHED, target="first_response")
    if plot.escalated is not None:
        team = plot.teams[-1]
        yield _line(plot.escalated, Action.ESCALATED, people=["director"], team=team)
    if plot.settled_late is not None:
        yield _line(plot.settled_late, Action.BREACHED, target="resolution")


def _hear(plot: Plot, visit: Visit) -> Iterator[Line]:
    yield _line(visit.begins, Action.ACKNOWLEDGED, f"staff:{visit.member}", "link")


def _look(plot: Plot, visit: Visit) -> Iterator[Line]:
    yield from ()


def _review(plot: Plot, visit: Visit) -> Iterator[Line]:
    assert plot.label is not None
    score, verdict, topic = plot.label
    who, to = f"staff:{visit.member}", plot.teams[1]
    yield _line(
        visit.ends, Action.REASSIGNED, who, "reviewed", from_team="review", to_team=to, bounce=False
    )
    yield _line(
        visit.ends,
        Action.LABELLED,
        who,
        "a person decided",
        scored=plot.score,
        candidate=plot.candidate,
        scored_topic=TOPICS[plot.scored_for],
        scored_team=VERDICTS[plot.scored_for],
        rules=[f"{plot.scored_for}.rule"],
        score=score,
        topic=topic,
        team=verdict,
    )
    yield _routed(plot, visit.ends, to, score)._replace(actor=who)


def _hand_on(plot: Plot, visit: Visit) -> Iterator[Line]:
    who, to = f"staff:{visit.member}", plot.teams[-1]
    moved: dict[str, Detail] = {"from_team": visit.team, "to_team": to}
    yield _line(
        visit.ends, Action.REASSIGNED, who, "wrong_team", misroute=True, bounce=True, **moved
    )
    yield _routed(plot, visit.ends, to, plot.last_urgency)._replace(actor=who)


def _work(plot: Plot, visit: Visit) -> Iterator[Line]:
    who, claimed = f"staff:{visit.member}", visit.begins + 1
    after = _after(status="accepted", owner=visit.member)
    yield _line(
        claimed, Action.CLAIMED, who, team=visit.team, member=visit.member, state_after=after
    )
    minute, how, in_time = plot.answered or (0.0, "", False)
    said: dict[str, Detail] = {"team": visit.team, "urgency": plot.last_urgency, "in_time": in_time}
    if how == "called":
        yield _line(minute, Action.RESPONDED, who, how, **said)
    if how == "replied":
        answered_at = plot.at(minute).isoformat()
        yield _line(minute, Action.REPLY_WRITTEN, who, "a person wrote")
        yield _line(minute + 0.5, Action.REPLY_SENT, who, "accepted for delivery")
        yield _line(
            minute + 0.5, Action.RESPONDED, who, how, **{**said, "answered_at": answered_at}
        )
    if plot.wait:
        asleep = _after(status="waiting")
        yield _line(plot.wait[0], Action.PAUSED, who, "requester", state_after=asleep)
    elif visit.ends not in [end.at for end in plot.ends]:
        yield _line(visit.ends, Action.NOTED, who, "a note")


def _finish(plot: Plot, visit: Visit) -> Iterator[Line]:
    if plot.wait:
        awake = _after(status="accepted")
        who = f"staff:{visit.member}"
        yield _line(plot.wait[1], Action.RESUMED, who, "goes on", state_after=awake)


def _ended(plot: Plot) -> Iterator[Line]:
    for end in plot.ends:
        if end.outcome != "answered_automatically":
            who = f"staff:{end.by}" if end.by else "program:locker"
            if end.outcome == "redriven":
                who = "administrator:root"
            yield _line(
                end.at,
                Action.RESOLVED,
                who,
                end.outcome,
                team=end.team,
                urgency=plot.last_urgency,
                in_time=plot.late is None,
                resolution_in_time=end.in_time,
                state_after=_after(status="resolved"),
            )
        if end.reopened is not None:
            again = _after(status="reopened", team=end.team, owner="")
            yield _line(end.reopened, Action.REOPENED, SYSTEM, "requester_wrote_again")
            yield _line(end.reopened, Action.ROUTED, team=end.team, member=None, state_after=again)


def _around(plot: Plot) -> Iterator[Line]:
    for minute, other, same in plot.repeats:
        why = WHY if same else "a participant wrote again in the same thread"
        yield _line(minute, Action.ABSORBED, SYSTEM, why, ticket=other, worse=False)
    if plot.surveyed is not None:
        yield _line(plot.surveyed, Action.SURVEYED, why="the ticket is resolved")
        if plot.rated:
            yield _line(plot.surveyed + 40, Action.RATED, "requester", score=plot.rated)
    if plot.undelivered is not None:
        yield _line(plot.undelivered, Action.REPLY_FAILED, why="bounced")
    if plot.closed is not None:
        closed = _after(status="closed")
        yield _line(plot.closed, Action.CLOSED, "system:escalate", state_after=closed)


_DEEDS = {
    "hear": _hear,
    "look": _look,
    "review": _review,
    "hand_on": _hand_on,
    "work": _work,
    "finish": _finish,
    "work_again": _look,
}
