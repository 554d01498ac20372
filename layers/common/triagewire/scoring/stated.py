"""What staff stated in fields of their own, as evidence: words of the IT and the clinical rules.

Fields only add. What is told of an impact counts like the message itself. The name of a place, a
device or a program is no symptom, but somebody may have put one there: it leads to review. The
chosen category only tips a balance between resolver groups, and the stated urgency counts for
nothing: everybody's own request is urgent.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace

from triagewire.arrival import StaffRequest
from triagewire.scoring.effects import SYSTEM, UNSURE
from triagewire.scoring.engine import Hit
from triagewire.scoring.rulebook import Rule
from triagewire.scoring.subject import ScoringInput
from triagewire.team import USUAL_TOPICS
from triagewire.verdict import Need, Reason, RuleSet, Urgency, Verdict

NAMED_WEIGHT = 3.0
"""What a device or a program weighs that no rule knows, stated in its own field: as much as one
that a rule knows by its kind."""
CATEGORY_WEIGHT = 0.75
"""What the chosen category weighs: more than a greeting, less than any word of a need."""
DANGER_RULE = "patients-in-danger"
"""The IT rule that names what nobody may leave to a queue of computers."""
IMPACT_RULE = "stated-patient-impact"
SENTENCE_WORDS = 6
"""A field with so many words, or with a person in it, is more than a name."""

_GROUPS = {
    "it_access": "access, account, accounts, login, password, identity, permissions, security",
    "it_endpoint": "endpoint, hardware, device, devices, network, printing, equipment, telephony",
    "it_application": "application, applications, software, program, app, apps, email, business",
    "it_ehr": "clinical system, clinical systems, clinical application, clinical applications, "
    "clinical software, ehr, emr, epic, electronic health record, clinical, interface",
}
_NAMED_GROUPS = {name: team for team, names in _GROUPS.items() for name in names.split(", ")}
_NOTHING = re.compile(
    r"(no|none|nope|n|false|0|nil|na|n a|not applicable|nothing|nobody|unknown|not sure|unsure"
    r"|do not know|dont know|low|minimal|minor|no se|ninguno|ninguna|nada|sin impacto|no aplica)"
    r"( (known|direct|current))?( (patient|patients|patient care|care|pacientes))?"
    r"( (impact|impacts|impacted|affected|effect|delay|delays|afectados))?"
    r"( (now|yet|so far|at this time|at the moment|currently|right now))?"
)
"""What people write into a field that they must fill and have nothing for."""
_YES = re.compile(r"^\s*(?:yes|yep|y|true|sí)(?![^\W_])[\s,.:;!-]*", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\b(patients?|pts?|baby|newborn|infant|child|kid|man|woman|person|visitor|he|she|him|her|his"
    r"|somebody|someone|i|paciente|bebe|bebé|niño|niña|hombre|mujer|persona)\b",
    re.IGNORECASE,
)

type Ask = Callable[[str], Sequence[Hit]]
"""One rule set, asked about a text."""


def says_nothing(value: str) -> bool:
    """Whether a field is empty or holds one of the words for nothing."""
    plain = " ".join(re.findall(r"[^\W_]+", value.casefold()))
    return not plain or _NOTHING.fullmatch(plain) is not None


def patients_suffer(request: StaffRequest | None) -> bool:
    """Whether the field says that patient care is affected; any words but a denial say so."""
    return request is not None and not says_nothing(request.patient_impact)


def told(request: StaffRequest) -> str:
    """What a person told of the impact beyond a bare yes.

    The yes goes: without its accent the Spanish one is the shorthand for suicidal ideation.
    """
    parts = (request.business_impact, _YES.sub("", request.patient_impact))
    return "\n\n".join(part for part in parts if not says_nothing(part))


def named(request: StaffRequest) -> tuple[str, ...]:
    """The names of things and people that were filled in."""
    parts = (request.application, request.asset, request.account, request.for_whom)
    return tuple(part for part in parts if not says_nothing(part))


def answers(request: StaffRequest | None) -> tuple[str, ...]:
    """Every field that says something, as texts beside the message."""
    if request is None:
        return ()
    parts = (*named(request), request.place, request.department, told(request))
    return tuple(part for part in parts if part)


def stated_hits(request: StaffRequest, name: RuleSet, text: str, ask: Ask) -> Iterator[Hit]:
    """What the fields add for one rule set; the office is told nothing by them."""
    if name is RuleSet.IT:
        yield from _technical(request, text, ask)
    if name is RuleSet.CLINICAL:
        yield from _clinical(request, text, ask)


def _clinical(request: StaffRequest, text: str, ask: Ask) -> Iterator[Hit]:
    if impact := told(request):
        yield from ask(impact)
        yield from ask(f"{text}\n\n{impact}")
    for each in (*named(request), request.place, request.department):
        yield from (_as_name(hit) for hit in (ask(each) if _may_be_told(each) else ()))


def _may_be_told(name: str) -> bool:
    """Whether a field meant for a name may hold a sentence: "Stroke unit" is one of a place."""
    return len(name.split()) >= SENTENCE_WORDS or _SOMEBODY.search(name) is not None


def _as_name(hit: Hit) -> Hit:
    """A symptom in the name of a thing is the thing's name ("chest pain order set"), unless it is
    somebody's: a person looks.
    """
    known = hit.bits & SYSTEM
    return hit if known else replace(hit, bits=hit.bits | SYSTEM | UNSURE)


def _technical(request: StaffRequest, text: str, ask: Ask) -> Iterator[Hit]:
    whole = "\n\n".join((text, *named(request), told(request)))
    found = [*ask(whole), *_unknown_things(request, ask)]
    yield from found
    group = group_of(request.category, ask) if found else None
    if group:
        yield _hit("stated-category", group, CATEGORY_WEIGHT, request.category, "Chosen category")


def _unknown_things(request: StaffRequest, ask: Ask) -> Iterator[Hit]:
    """A program or device by a name that no rule knows: its field says what it is."""
    things = (
        ("stated-application", "it_application", request.application, "A program, in its field"),
        ("stated-asset", "it_endpoint", request.asset, "A device, in its field"),
    )
    for rule, team, value, why in things:
        if not says_nothing(value) and not ask(value):
            yield _hit(rule, team, NAMED_WEIGHT, value, why)


def group_of(category: str, ask: Ask) -> str | None:
    """The resolver group that a category names, by its name or by what the IT rules make of it."""
    plain = " ".join(re.findall(r"[^\W_]+", category.casefold()))
    if not plain:
        return None
    if plain in _NAMED_GROUPS or f"it_{plain}" in _GROUPS:
        return _NAMED_GROUPS.get(plain, f"it_{plain}")
    found = sorted(ask(plain), key=lambda hit: (-hit.rule.weight, hit.rule.id))
    return found[0].rule.team if found else None


def _hit(rule: str, team: str, weight: float, span: str, why: str) -> Hit:
    topic = USUAL_TOPICS[team]
    made = Rule(id=rule, reason=why, score=2, topic=topic, team=team, when=(), weight=weight)
    return Hit(made, span, 0)


def not_below(verdict: Verdict, floor: Verdict, weak: Container[str] = ()) -> Verdict:
    """A verdict that more was known for, never below the one that was reached with less.

    What is added explains nothing away. Where nothing was understood but words that say little by
    themselves (the `weak` rules: "it is stuck"), there is nothing to keep.
    """
    if not understood(floor, weak):
        return verdict
    lead = verdict if verdict.score >= floor.score else floor
    certain = lead.score is Urgency.CLINICAL_URGENT
    return replace(
        lead,
        candidate=max(verdict.candidate, floor.candidate),
        review=lead.review if certain else verdict.review or floor.review,
        crisis=verdict.crisis or floor.crisis,
    )


def understood(verdict: Verdict, weak: Container[str] = ()) -> bool:
    """Whether a rule that says more than the `weak` ones matched any words."""
    return any(each.text_span and each.rule not in weak for each in verdict.reasons)


def raised_by_impact(verdict: Verdict, subject: ScoringInput) -> Verdict:
    """A stated patient-care impact makes a request of staff urgent for the team that has it."""
    request = subject.staff_request
    if request is None or subject.voice != "staff" or not patients_suffer(request):
        return verdict
    note = Reason(
        rule=IMPACT_RULE,
        set=RuleSet.IT,
        text_span=request.patient_impact[:200],
        effect="raises to 3",
        why="The form says that patient care is affected",
    )
    others = tuple(_raised(need, note) for need in verdict.others)
    if verdict.score >= Urgency.ADMINISTRATIVE_URGENT:
        return replace(verdict, others=others)
    return replace(
        verdict,
        score=Urgency.ADMINISTRATIVE_URGENT,
        candidate=max(verdict.candidate, Urgency.ADMINISTRATIVE_URGENT),
        reasons=(*verdict.reasons, note),
        others=others,
    )


def _raised(need: Need, note: Reason) -> Need:
    if need.score >= Urgency.ADMINISTRATIVE_URGENT:
        return need
    return replace(need, score=Urgency.ADMINISTRATIVE_URGENT, reasons=(*need.reasons, note))
