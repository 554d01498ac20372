"""The needs that are not clinical: which team of a rule set has the most evidence, and when a
request is so plain that a health word beside it is only what it is about.
"""

from collections import defaultdict
from dataclasses import dataclass

from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Clinical, Hits, reason
from triagewire.verdict import Need, RuleSet, Urgency

SUPPORT = 0.25
"""What further office rules of the same team add to the strongest."""
EXPLAINS_AT_MOST = 2.0
"""The most office weight that counts against evidence of danger: however plain a request is, it
explains no illness away.
"""
PLAINLY_OFFICE = 1.75
"""A paper or a bill this many times as heavy as the health words beside it is what the message asks
for ("how much is the shingles vaccine"); the nurse still gets a linked ticket.
"""
PLAINLY_A_VISIT = 2.3
"""The same for an appointment or a referral, which is often asked for what is wrong now: only what
is plainly routine weighs so much.
"""
VISITS = frozenset(["appointment", "referral"])
WORDS_ONLY = frozenset(["courtesy", "off_topic"])
"""Topics that ask for nothing."""
NEVER_ASIDE = frozenset(["mental_health", "crisis", "pregnancy"])
"""Health topics that no request puts into second place."""
REFILL, AUTHORISATION = "refill", "prior_auth"
"""A wanted refill is a need of its own, but where its authorisation is what is wanted."""
PASSING = 1.0
"""The points of a single word that may be a sign, as "spot" and "crushed" are."""
SYSTEMS = 4.0
"""The weight from which words of devices and programs are a request whatever the office says."""
PLAIN = 6.0
"""From this weight a request is said in so many words."""
ONLY_A_WORD, SHORT = 1.0, 14
"""A greeting or a general question weighs less than the one; in a message of more words than the
other it does not say what the message is about.
"""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The strongest need of a non-clinical rule set and what it weighs."""

    need: Need
    weight: float


def strongest(hits: Hits, name: RuleSet) -> Weighed | None:
    """The team with the most evidence; its most urgent and heaviest rule names score and topic."""
    by_team: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits.values():
        by_team[hit.rule.team].append(hit)
    if not by_team:
        return None
    weights = {team: _total(found, name) for team, found in by_team.items()}
    team = max(sorted(weights), key=lambda key: weights[key])
    found = sorted(by_team[team], key=lambda hit: (-hit.rule.weight, hit.rule.id))
    score = _score(found)
    reasons = tuple(reason(hit, name, f"scores {_own(hit)} for {team}") for hit in found)
    return Weighed(
        Need(score=Urgency(score), topic=found[0].rule.topic, team=team, reasons=reasons),
        weights[team],
    )


def asked(office: Weighed | None, *, words: int) -> tuple[Weighed | None, str]:
    """The need that a message asks for, if any, and the desk that a review of it starts from."""
    enough = 0.0 if words <= SHORT else ONLY_A_WORD
    if office is None or office.weight < enough:
        return None, "clinical"
    return office, office.need.team


def explained(office: Weighed | None) -> float:
    """How much office weight may be held against evidence of danger."""
    return min(office.weight, EXPLAINS_AT_MOST) if office else 0.0


def asks_at_desk(clinical: Clinical, office: Weighed | None) -> bool:
    """Whether what is doubtful names no sign of body or mind and stands in a plain request: the
    review then starts from that desk.
    """
    plain = office is not None and office.weight >= PLAIN
    return plain and not (_signs(clinical) or clinical.doubtful or clinical.standard)


def beside_systems(office: Weighed | None) -> float:
    """What a staff request for a system must weigh to lead beside this office request: its words
    name devices and programs, those of the office name what is done with them.
    """
    return min(office.weight / 2, SYSTEMS) if office else 0.0


def plainly_office(clinical: Clinical, office: Weighed) -> bool:
    """Whether the request is so plain that the health words name what it is about."""
    topic = office.need.topic
    health = {hit.rule.topic for hit in clinical.standard}
    kept = bool(health & NEVER_ASIDE) or (REFILL in health and topic != AUTHORISATION)
    if topic in WORDS_ONLY or kept or _signs(clinical):
        return False
    times = PLAINLY_A_VISIT if topic in VISITS else PLAINLY_OFFICE
    return office.weight >= times * max(hit.rule.weight for hit in clinical.standard)


def _signs(clinical: Clinical) -> bool:
    """Whether there is more than a passing word for a sign of body or mind."""
    return sum(max(hit.rule.points, 0) for hit in clinical.evidence if hit.rule.sign) > PASSING


def _total(found: list[Hit], name: RuleSet) -> float:
    """Office rules name requests: the strongest counts, the rest supports. IT rules name things,
    and several things of one kind are stronger evidence than one.
    """
    weights = sorted((hit.rule.weight for hit in found), reverse=True)
    return sum(weights) if name is RuleSet.IT else weights[0] + SUPPORT * sum(weights[1:])


def _own(hit: Hit) -> int:
    return 3 if hit.urgent else hit.rule.score


def _score(found: list[Hit]) -> int:
    """Urgent evidence counts from any rule; otherwise the heaviest rule decides, so a passing
    word does not.
    """
    urgent = max(_own(hit) for hit in found)
    heaviest = [hit for hit in found if hit.rule.weight == found[0].rule.weight]
    return urgent if urgent == 3 else max(_own(hit) for hit in heaviest)
