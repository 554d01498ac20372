"""From the hits of the three rule sets to one verdict: which need leads, at what urgency, and
whether a person looks first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from triagewire.scoring import effects
from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Clinical, Hits, modifiers, reason, sort_clinical
from triagewire.scoring.net import calmed, of_mind, points_of, telling, together
from triagewire.scoring.office import (
    PLAIN,
    Weighed,
    asked,
    asks_at_desk,
    beside_systems,
    explained,
    plainly_office,
    strongest,
)
from triagewire.scoring.rulebook import Net
from triagewire.verdict import Need, Reason, RuleSet, Urgency, Verdict

DOUBT = "may be urgent: review"
LIKELY = "likely urgent: review, unless borne out"
"""What a reason says of a doubt, and of a red flag that harmless messages name too."""
MENTION = 2.0
"""A health word that weighs more is asked about, and gets a ticket beside the request it stands in.
"""
LINKED_WEIGHT = 1.5
"""A further need must weigh this much to become a linked ticket of its own."""


FEW_WORDS = 8
"""Of fewer words there is no whole that could bear a sign out: there it pages by itself."""


def weigh(
    hits: Mapping[RuleSet, Hits],
    *,
    staff: bool,
    words: int,
    net: Net | None = None,
    asked_again: bool = False,
) -> Verdict:
    """The verdict of the rules alone. Nothing lowers a live urgent hit.

    `asked_again` says that a second opinion will hear the message: only then does a red flag that
    is `likely` wait for it, in review at the clock of a 5, and so do points without a red flag.
    """
    clinical = sort_clinical(hits[RuleSet.CLINICAL])
    held = asked_again and words >= FEW_WORDS
    heard = strongest(hits[RuleSet.ADMINISTRATIVE], RuleSet.ADMINISTRATIVE)
    office, desk = asked(heard, words=words)
    technical = strongest(hits[RuleSet.IT], RuleSet.IT) if staff else None
    others = tuple(
        w.need for w in (office, technical) if w is not None and w.weight >= LINKED_WEIGHT
    )
    if clinical.live or clinical.likely:
        return _flagged(clinical, others, held=held)
    net = net or Net()
    troubled = of_mind(clinical) >= net.review
    if technical is not None and not troubled and _technical_leads(clinical, office, technical):
        return (
            _plain(technical, ())
            if not clinical.modified
            else _modified(clinical, None, technical, others)
        )
    points = points_of(clinical, explained(office))
    page = together(clinical, points, net)
    if page is not None:
        return replace(_waiting(page) if held else page, others=others)
    doubtful = clinical.doubtful or (telling(clinical) if points >= net.review else ())
    if doubtful:
        doubted = _doubtful(clinical, doubtful, others)
        return replace(doubted, team=desk) if asks_at_desk(clinical, office) else doubted
    if clinical.modified:
        return _modified(clinical, office, technical, others)
    verdict = _usual(clinical, office, others, words=words)
    return replace(verdict, team=desk) if verdict.review and not clinical.vague else verdict


def _technical_leads(clinical: Clinical, office: Weighed | None, technical: Weighed) -> bool:
    """Staff asked for IT: more than a greeting, and no clinical or office need outweighs it."""
    if technical.weight < LINKED_WEIGHT:
        return not (
            clinical.modified or clinical.doubtful or clinical.standard or clinical.weak or office
        )
    medical = sum(hit.rule.weight for hit in clinical.standard)
    return technical.weight >= medical and technical.weight >= beside_systems(office)


def waits(verdict: Verdict) -> bool:
    """Whether a red flag, or points that would page, only wait to be borne out."""
    return verdict.review and any(each.effect.startswith(LIKELY) for each in verdict.reasons)


def _flagged(clinical: Clinical, others: tuple[Need, ...], *, held: bool) -> Verdict:
    """A red flag: a 5, unless it is only likely and waits to be borne out."""
    if clinical.live or not held:
        return _urgent(clinical, others)
    return _doubtful(clinical, (*clinical.likely, *clinical.doubtful), others)


def _urgent(clinical: Clinical, others: tuple[Need, ...]) -> Verdict:
    live = clinical.live or clinical.likely
    crisis = [hit for hit in live if hit.rule.crisis]
    lead = (crisis or list(live))[0]
    reasons = [reason(hit, RuleSet.CLINICAL, "scores 5") for hit in live]
    reasons += [
        reason(hit, RuleSet.CLINICAL, f"no effect: {effects.describe(hit.bits)}")
        for hit in clinical.modified
    ]
    return Verdict(
        score=Urgency.CLINICAL_URGENT,
        topic=lead.rule.topic,
        team="clinical",
        confidence=0.97,
        review=False,
        candidate=Urgency.CLINICAL_URGENT,
        reasons=tuple(reasons),
        others=others,
        crisis=bool(crisis),
    )


def _waiting(page: Verdict) -> Verdict:
    """The verdict of points that wait for a second opinion, or for a person."""
    lead = replace(page.reasons[0], effect=page.reasons[0].effect.replace("scores 5", LIKELY))
    return replace(
        page,
        score=Urgency.CLINICAL_STANDARD,
        confidence=0.5,
        review=True,
        reasons=(lead, *page.reasons[1:]),
    )


def _doubtful(clinical: Clinical, doubtful: tuple[Hit, ...], others: tuple[Need, ...]) -> Verdict:
    reasons = [
        reason(hit, RuleSet.CLINICAL, LIKELY if hit.rule.likely else DOUBT) for hit in doubtful
    ]
    reasons += _modified_reasons(clinical.modified, "kept at 4")
    lead = doubtful[0]
    return Verdict(
        score=Urgency.CLINICAL_STANDARD,
        topic=lead.rule.topic,
        team="clinical",
        confidence=0.5,
        review=True,
        candidate=Urgency.CLINICAL_URGENT,
        reasons=tuple(reasons),
        others=others,
        crisis=any(hit.rule.crisis for hit in doubtful),
    )


def _modified_reasons(found: Iterable[Hit], effect: str) -> list[Reason]:
    return [
        reason(hit, RuleSet.CLINICAL, f"{effect}: {effects.describe(modifiers(hit))}")
        for hit in found
    ]


def _modified(
    clinical: Clinical, office: Weighed | None, technical: Weighed | None, others: tuple[Need, ...]
) -> Verdict:
    """Every urgent hit is modified. Sure modifiers leave a plain 4 (or the office need of a
    figure of speech); doubt is reviewed.
    """
    bits = [modifiers(hit) for hit in clinical.modified]
    unsure = any(bit & effects.UNSURE for bit in bits)
    paper = _paper_need(bits, office, technical)
    if paper is not None and not clinical.standard:
        figure = all(bit & (effects.FIGURATIVE | effects.SYSTEM) for bit in bits) and not unsure
        score = paper.need.score if figure else Urgency.CLINICAL_STANDARD
        topic, team = paper.need.topic, paper.need.team
        reasons = [
            *paper.need.reasons,
            *_modified_reasons(clinical.modified, "no effect" if figure else "kept at 4"),
        ]
        others = tuple(need for need in others if need.team != team)
    else:
        score, team = Urgency.CLINICAL_STANDARD, "clinical"
        topic = (clinical.standard or clinical.modified)[0].rule.topic
        reasons = _modified_reasons(clinical.modified, "kept at 4")
        reasons += [reason(hit, RuleSet.CLINICAL, "scores 4") for hit in clinical.standard]
    return Verdict(
        score=score,
        topic=topic,
        team=team,
        confidence=0.5 if unsure else 0.8,
        review=unsure,
        candidate=Urgency.CLINICAL_URGENT
        if unsure
        else Urgency(max(score, Urgency.CLINICAL_STANDARD)),
        reasons=tuple(reasons),
        others=others,
        crisis=any(hit.rule.crisis for hit in clinical.modified),
    )


def _paper_need(
    bits: list[int], office: Weighed | None, technical: Weighed | None
) -> Weighed | None:
    """The office or IT need that explains the modified words; negation alone explains nothing."""
    explains = (
        effects.PURPOSE | effects.FIGURATIVE | effects.SYSTEM | effects.HISTORICAL | effects.NEGATED
    )
    explains |= effects.HYPOTHETICAL | effects.OTHER
    found = [w for w in (office, technical) if w is not None and w.weight >= LINKED_WEIGHT]
    return (
        max(found, key=lambda w: w.weight)
        if found and all(bit & explains for bit in bits)
        else None
    )


def _usual(
    clinical: Clinical, office: Weighed | None, others: tuple[Need, ...], *, words: int
) -> Verdict:
    """No urgent hit at all."""
    if clinical.standard:
        need = _clinical_need(clinical.standard)
        if office is not None and plainly_office(clinical, office):
            return _plain(office, (need,))
        return Verdict(
            score=need.score,
            topic=need.topic,
            team="clinical",
            confidence=0.85,
            review=False,
            candidate=need.score,
            reasons=need.reasons,
            others=others,
        )
    health = max((hit.rule.weight for hit in clinical.weak), default=0.0)
    if (
        office is not None
        and office.weight >= health
        and not (clinical.vague and office.weight < PLAIN)
    ):
        named = _clinical_need(clinical.weak) if health > MENTION else None
        return _plain(office, (named,) if named else ())
    if clinical.vague and health < 2:
        return _doubtful(clinical, clinical.vague, others)
    if clinical.weak:
        need = _clinical_need(clinical.weak)
        # Only words of health and nothing understood about them: a person must look.
        short = words <= 2 or (office is None and health <= 1 and not calmed(clinical))
        return Verdict(
            score=need.score,
            topic=need.topic,
            team="clinical",
            confidence=0.4 if short else 0.6,
            review=short,
            candidate=Urgency.CLINICAL_URGENT if short else need.score,
            reasons=need.reasons,
            others=others,
        )
    return nothing_found("clinical")


def _clinical_need(hits: tuple[Hit, ...]) -> Need:
    found = sorted(hits, key=lambda hit: -hit.rule.weight)
    reasons = tuple(reason(hit, RuleSet.CLINICAL, "scores 4") for hit in found)
    return Need(
        score=Urgency.CLINICAL_STANDARD, topic=found[0].rule.topic, team="clinical", reasons=reasons
    )


def _plain(weighed: Weighed, others: tuple[Need, ...]) -> Verdict:
    need = weighed.need
    confidence = min(0.95, 0.6 + 0.08 * weighed.weight)
    return Verdict(
        score=need.score,
        topic=need.topic,
        team=need.team,
        confidence=round(confidence, 2),
        review=False,
        candidate=need.score,
        reasons=need.reasons,
        others=others,
    )


def nothing_found(team: str, topic: str = "unclear") -> Verdict:
    """No rule knows this message: a person must look, at the urgent clock."""
    return Verdict(
        score=Urgency.CLINICAL_STANDARD,
        topic=topic,
        team=team,
        confidence=0.2,
        review=True,
        candidate=Urgency.CLINICAL_URGENT,
    )
