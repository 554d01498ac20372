"""What every measure must say of made-up tickets, worked out from their stories alone: nothing here
reads an event or asks `triagewire.measures`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.generated_plots import CLINICIANS, GO_LIVE, TOPICS, VERDICTS, ZONES, End, Plot, Visit

type Said = tuple[datetime, float]
type Answers = dict[str, list[Said]]

OPENS, LASTS = 8 * 60, 9 * 60
"""Open on weekdays from 8 to 17, in minutes of the day; and so many minutes."""
PLACED = 0.05


def left_out(plot: Plot) -> str:
    """Why no measure counts a ticket, in a word."""
    if plot.fate == "broken":
        return "verify"
    if plot.site in GO_LIVE and plot.received < GO_LIVE[plot.site]:
        return "go-live"
    return {"merged": "merged", "robot": "robot", "read_again": "unreadable"}.get(plot.fate, "")


def cells(plot: Plot) -> dict[str, str]:
    """Where a ticket counts."""
    label = plot.label or (0, "", "")
    return {
        "all": "",
        "site": plot.site,
        "team": plot.teams[-1],
        "topic": label[2] or TOPICS.get(plot.scored_for, ""),
        "channel": plot.channel,
        "language": "en" if plot.fate == "unreadable" else plot.language or "en",
        "urgency": str(5 if plot.fate == "unreadable" else max(plot.urgency, label[0])),
    }


def local_day(plot: Plot, at: datetime) -> date:
    """The day of a moment on the wall of the site."""
    return at.astimezone(ZoneInfo(ZONES[plot.site])).date()


def answers(plots: Iterable[Plot]) -> dict[tuple[str, str], dict[str, list[tuple[date, float]]]]:
    """All samples by cell and measure, each with its day."""
    found: dict[tuple[str, str], dict[str, list[tuple[date, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for plot in plots:
        if left_out(plot):
            continue
        for measure, said in samples(plot):
            for at, value in said:
                for by, of in cells(plot).items():
                    found[by, of][measure].append((local_day(plot, at), value))
    return found


def samples(plot: Plot) -> Iterator[tuple[str, list[Said]]]:
    """What one ticket gives every measure."""
    for part in (
        _answered,
        _times,
        _promises,
        _passing_on,
        _without,
        _labels,
        _requesters,
        _volume,
        _people,
    ):
        yield from part(plot).items()


def open_minutes(plot: Plot, begins: float, ends: float) -> float:
    """Minutes of the site's hours between two minutes of a story, its waiting left out."""
    total = _open_between(plot, begins, ends)
    if plot.wait:
        total -= _open_between(plot, max(begins, plot.wait[0]), min(ends, plot.wait[1]))
    return total


def _open_between(plot: Plot, begins: float, ends: float) -> float:
    if ends <= begins:
        return 0.0
    return _open_until(plot, ends) - _open_until(plot, begins)


def _open_until(plot: Plot, minute: float) -> float:
    """Open minutes from a Monday long ago; no opening lies where the clocks are changed."""
    wall = plot.at(minute).astimezone(ZoneInfo(ZONES[plot.site])).replace(tzinfo=None)
    days = (wall.date() - date(2026, 1, 5)).days
    weekdays = days // 7 * 5 + min(days % 7, 5)
    of_day = (wall - datetime.combine(wall.date(), datetime.min.time())) / timedelta(minutes=1)
    today = min(max(of_day - OPENS, 0), LASTS) if days % 7 < 5 else 0
    return weekdays * LASTS + today


def _worked(plot: Plot) -> End | None:
    return next((end for end in plot.ends if end.outcome != "answered_automatically"), None)


def _needed(plot: Plot) -> End | None:
    end = _worked(plot)
    return end if end and end.outcome != "not_needed" else None


def _deed_at(plot: Plot, visit: Visit) -> float | None:
    """The minute of the first thing done in a visit beyond looking."""
    match visit.deed:
        case "review" | "hand_on" | "work_again":
            return visit.ends
        case "work":
            return visit.begins + 1
        case "finish":
            return plot.wait[1] if plot.wait else visit.ends
    return None


def _acted(plot: Plot) -> float | None:
    return min(
        (at for each in plot.visits if (at := _deed_at(plot, each)) is not None), default=None
    )


def _minutes(visit: Visit) -> float:
    return max(1.0, visit.ends - visit.begins)


def _is_triage(plot: Plot, visit: Visit) -> bool:
    acted = _acted(plot)
    looks = visit.deed in ("look", "hear") and (acted is None or visit.begins < acted)
    return visit.deed in ("review", "hand_on") or visit.team == "review" or looks


def _until(plot: Plot, end: End) -> list[Visit]:
    return [each for each in plot.visits if each.begins <= end.at]


def _answered(plot: Plot) -> Answers:
    if plot.answered is None or plot.answered[1] == "not_needed":
        return {}
    minute = plot.answered[0]
    at, in_hours = plot.at(minute), open_minutes(plot, 0, minute)
    found = {"first_response": [(at, minute)], "first_response_hours": [(at, in_hours)]}
    if plot.last_urgency in (2, 3):
        found["first_response_administrative"] = [(at, in_hours)]
    if plot.last_urgency == 4:
        found["first_response_clinical"] = [(at, in_hours)]
    return found


def _times(plot: Plot) -> Answers:
    found: Answers = {}

    def say(measure: str, minute: float, value: float) -> None:
        found[measure] = [(plot.at(minute), value)]

    acted = _acted(plot)
    if acted is not None:
        say("first_action", acted, acted)
        say("first_action_hours", acted, open_minutes(plot, 0, acted))
    if end := _needed(plot):
        say("resolution", end.at, end.at)
        say("resolution_hours", end.at, open_minutes(plot, 0, end.at))
    read = min((each.begins for each in plot.visits if each.deed != "hear"), default=None)
    if int(cells(plot)["urgency"]) >= 4:
        say("opened_soon", 60, float(read is not None and read <= 60))
        if read is not None:
            say("first_read", read, max(0.0, read))
    if plot.page:
        left, heard = plot.page
        say("page_decided", 0.1, 6.0)
        say("page_left", left, left * 60)
        say("page_heard", heard, heard - 0.1)
    return found


def _first(plot: Plot, happened: float | None) -> list[Said]:
    end = _needed(plot)
    if happened is not None:
        return [(plot.at(happened), 1.0)]
    return [(plot.at(end.at), 0.0)] if end else []


def _promises(plot: Plot) -> Answers:
    end = _needed(plot)
    broken = min((at for at in (plot.late, plot.settled_late) if at is not None), default=None)
    found: Answers = {
        "breached": _first(plot, broken),
        "reminded": _first(plot, plot.reminded),
        "escalated": _first(plot, plot.escalated),
    }
    if plot.late is not None:
        found["response_promises"] = [(plot.at(plot.late), 0.0)]
    elif plot.answered and plot.answered[1] != "not_needed":
        found["response_promises"] = [(plot.at(plot.answered[0]), 1.0)]
    if plot.settled_late is not None:
        found["resolution_promises"] = [(plot.at(plot.settled_late), 0.0)]
    elif end:
        found["resolution_promises"] = [(plot.at(end.at), 1.0)]
    if plot.page:
        found["paged"] = [(plot.at(0.1), 1.0)]
    return found


def _passing_on(plot: Plot) -> Answers:
    found: Answers = {"misroutes": _first(plot, plot.misroute)}
    if end := _needed(plot):
        back = plot.hand_back is not None
        moved = plot.review + back + (plot.misroute is not None)
        found["handoffs"] = [(plot.at(end.at), float(moved))]
        found["hand_backs"] = [(plot.at(end.at), float(back))]
        found["touches"] = [(plot.at(end.at), float(len(_until(plot, end))))]
    return found


def _without(plot: Plot) -> Answers:
    found: Answers = {}
    article = plot.fate == "article"
    stands = bool(plot.ends) and plot.ends[0].reopened is None
    found["deflected"] = [(plot.at(PLACED), float(article and stands))]
    if article:
        found["articles_held"] = [(plot.at(PLACED), float(stands))]
    if plot.ends and plot.ends[0].outcome != "not_needed":
        end = plot.ends[0]
        there = _until(plot, end)
        escalated = plot.escalated is not None and plot.escalated <= end.at
        clinical = plot.page is not None or any(
            each.member in CLINICIANS or each.team == "clinical" for each in there
        )
        alone = not end.by and stands and not [v for v in there if v.deed not in ("look", "hear")]
        found["without_person"] = [(plot.at(end.at), float(alone))]
        found["without_clinician"] = [(plot.at(end.at), float(not (escalated or clinical)))]
        found["unescalated"] = [(plot.at(end.at), float(not escalated))]
    found["reopened"] = [
        (plot.at(end.at), float(end.reopened is not None))
        for end in plot.ends
        if end.outcome != "not_needed"
    ]
    end_by_person = _needed(plot)
    if end_by_person and end_by_person.by:
        worked = [v for v in _until(plot, end_by_person) if v.deed not in ("look", "hear")]
        once = len(worked) == 1 and end_by_person.reopened is None
        found["first_contact"] = [(plot.at(end_by_person.at), float(once))]
    return found


def _labels(plot: Plot) -> Answers:
    found: Answers = {"placed_alone": [(plot.at(PLACED), float(plot.teams[0] != "review"))]}
    if plot.label is None:
        return found
    (visit,) = (each for each in plot.visits if each.deed == "review")
    score, team, topic = plot.label
    said: dict[str, bool] = {
        "urgency_agreed": score == plot.score,
        "team_agreed": team == VERDICTS[plot.scored_for],
        "topic_agreed": topic == TOPICS[plot.scored_for],
    }
    if score >= 4:
        said["under_triage"] = score > max(plot.score, plot.candidate)
    if score == 5:
        said["missed_urgent"] = max(plot.score, plot.candidate) < 5
    if plot.score >= 4:
        said["over_triage"] = score < plot.score
    found |= {name: [(plot.at(visit.ends), float(value))] for name, value in said.items()}
    found["labels"] = [(plot.at(visit.ends), 1.0)]
    return found


def _requesters(plot: Plot) -> Answers:
    found: Answers = {}
    if plot.undelivered is not None:
        found["undelivered"] = [(plot.at(plot.undelivered), 1.0)]
    if plot.surveyed is not None:
        about = plot.at(plot.ends[-1].at)
        found["survey_answers"] = [(about, float(plot.rated > 0))]
        if plot.rated:
            found["satisfaction"] = [(about, float(plot.rated))]
            found["satisfied"] = [(about, float(plot.rated >= 4))]
    return found


def _volume(plot: Plot) -> Answers:
    end = _worked(plot)
    again = (each.reopened for each in plot.ends if each.reopened is not None)
    repeats = [(plot.at(minute), 1.0) for minute, _, same in plot.repeats if same]
    came = [(plot.received, 1.0)]
    return {
        "received": came,
        "resolved": [(plot.at(each.at), 1.0) for each in plot.ends],
        "opened_again": [(plot.at(minute), 1.0) for minute in again],
        "further_needs": came if plot.part_of else [],
        "unreadable": came if plot.fate == "unreadable" else [],
        "duplicates": [(plot.received, 0.0), *repeats],
        "not_needed": [(plot.at(end.at), float(end.outcome == "not_needed"))] if end else [],
    }


def _people(plot: Plot) -> Answers:
    verdict = plot.label[1] if plot.label else VERDICTS[plot.scored_for]
    office = verdict not in ("", "clinical")
    found: Answers = defaultdict(list)
    for each in plot.visits:
        said = (plot.at(each.begins), _minutes(each) / 60)
        found["staff_hours"].append(said)
        if _is_triage(plot, each):
            found["triage_hours"].append(said)
        if office and (each.member in CLINICIANS or each.team == "clinical"):
            found["clinical_admin_hours"].append(said)
    if end := _needed(plot):
        there = _until(plot, end)
        triage = sum(_minutes(each) for each in there if _is_triage(plot, each))
        found["triage_hours_per_hundred"] = [(plot.at(end.at), triage / 60 * 100)]
        found["staff_minutes"] = [(plot.at(end.at), sum(map(_minutes, there)))]
    return found
