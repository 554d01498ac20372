"""Weeks of tickets for tests of trend reviews: a test names only what it is about."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.builders import MONDAY_MORNING, ZONE, a_policy, a_site, minutes
from tests.measured import AROUND
from triagewire.measures.figures import Asked
from triagewire.measures.labels import Judged
from triagewire.measures.life import Broken, Life, Move, Settled
from triagewire.measures.measure import Around
from triagewire.measures.period import week_of
from triagewire.policy.model import Policy, Site
from triagewire.scoring.rules import rules_from
from triagewire.trends.finding import Finding, Kind
from triagewire.trends.looked import ArticleUses, Beside
from triagewire.trends.review import findings

WEEK = week_of(MONDAY_MORNING.date())
LAST_WEEK = MONDAY_MORNING - timedelta(days=7)
AROUND_BOTH = Around(
    calendar=AROUND.calendar,
    clinical={"north": frozenset({"clinical"}), "west": frozenset({"clinical"})},
    zones={"north": ZONE, "west": "America/Los_Angeles"},
)
RULES: Mapping[str, Any] = {
    "administrative": {
        "concepts": {"portal": {"en": "portal, patient website", "es": "portal"}},
        "rules": {
            "portal-mention": {
                "reason": "Mentions the portal",
                "score": 2,
                "topic": "portal",
                "team": "portal",
                "when": "{portal}",
            },
            "visit": {
                "reason": "A visit",
                "score": 2,
                "topic": "appointment",
                "team": "scheduling",
                "when": "visit, appointment",
            },
        },
    }
}


def a_life(ticket: str, **changes: Any) -> Life:  # noqa: ANN401
    """A question about the portal by the web form, in the queue of the portal since Monday 9:01."""
    at: datetime = changes.pop("at", MONDAY_MORNING)
    usual: dict[str, Any] = {
        "site": "north",
        "source": "form",
        "channel": "web",
        "requester": "patient",
        "received_at": at,
        "scored_at": at + minutes(1),
        "routed_at": at + minutes(1),
        "topic": "portal",
        "scored_team": "portal",
        "rules": ("portal-mention",),
        "urgency": 2,
        "peak": 2,
        "first_team": "portal",
        "team": "portal",
        "status": "routed",
    }
    return Life(ticket=ticket, **usual | changes)


def many(count: int, name: str, **changes: Any) -> list[Life]:  # noqa: ANN401
    """So many lives alike, a minute apart."""
    at = changes.pop("at", MONDAY_MORNING)
    return [a_life(f"{name}{n:02d}", at=at + minutes(n), **changes) for n in range(count)]


def moved(lives: Iterable[Life], to_team: str, **changes: Any) -> list[Life]:  # noqa: ANN401
    """The same, handed to another team an hour later, because their first route was wrong."""
    told = list(lives)
    for life in told:
        assert life.received_at is not None
        at = life.received_at + minutes(60)
        usual: dict[str, Any] = {"by": "pia", "why": "wrong_team", "misroute": True}
        life.moves.append(
            Move(at=at, from_team=life.first_team, to_team=to_team, **usual | changes)
        )
        life.misroutes += 1
        life.team = to_team
    return told


def judged(lives: Iterable[Life], score: int, **changes: Any) -> list[Life]:  # noqa: ANN401
    """The same, judged by a person half an hour later."""
    told = list(lives)
    for life in told:
        assert life.received_at is not None
        usual: dict[str, Any] = {
            "scored": life.urgency,
            "candidate": life.urgency,
            "scored_topic": life.topic,
            "topic": life.topic,
            "scored_team": life.scored_team,
            "team": life.scored_team,
            "rules": life.rules,
        }
        at = life.received_at + minutes(30)
        life.judged.append(Judged(at=at, score=score, **usual | changes))
    return told


def late(lives: Iterable[Life], after: float = 240) -> list[Life]:
    """The same, with the promise of a first response broken, and answered an hour after."""
    told = list(lives)
    for life in told:
        assert life.received_at is not None
        due = life.received_at + minutes(after)
        life.broken_promises.append(Broken(at=due, target="first_response"))
        life.responded_at = due + minutes(60)
    return told


def done(lives: Iterable[Life], back: str = "", **changes: Any) -> list[Life]:  # noqa: ANN401
    """The same, resolved by a person two hours later, and opened again where a reason is given."""
    told = list(lives)
    for life in told:
        assert life.received_at is not None
        at = life.received_at + minutes(120)
        usual: dict[str, Any] = {"outcome": "answered", "by": "pia", "team": life.team}
        again = {"reopened_at": at + minutes(60), "why_reopened": back} if back else {}
        life.settled.append(Settled(at=at, **usual | again | changes))
    return told


def found(
    *lives: Life, site: Site | None = None, uses: ArticleUses | None = None
) -> tuple[Finding, ...]:
    """The findings of the week at the north clinic."""
    policy = a_policy(site or a_site(), rules=RULES)
    return found_under(policy, lives, {"north": uses} if uses is not None else {})


def found_under(
    policy: Policy, lives: Iterable[Life], uses: Mapping[str, ArticleUses] | None = None
) -> tuple[Finding, ...]:
    """The findings of the week under a policy."""
    beside = Beside(policy=policy, rules=rules_from(policy.rules), uses=uses or {})
    return findings(lives, Asked(period=WEEK, around=AROUND_BOTH, site="north"), beside)


def the(kind: Kind, all_found: Iterable[Finding]) -> Finding:
    """The only finding of a kind."""
    (one,) = (each for each in all_found if each.kind is kind)
    return one
