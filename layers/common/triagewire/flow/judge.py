"""A verdict for every message, whatever happens: what cannot be scored goes to a person."""

from dataclasses import replace
from datetime import datetime

from triagewire.arrival import RequesterKind, StaffRequest
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.policy.model import PublishedPolicy
from triagewire.scoring.labelled import with_labelled
from triagewire.scoring.missing import with_missing
from triagewire.scoring.quoted import said_now
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict

FAILED = "scoring_failed"
"""The topic of a message on which scoring fails."""


def judge(ticket: Ticket, message: Message, policy: PublishedPolicy, now: datetime) -> Verdict:
    """Score a message; an unreadable one, one whose words are still in the EHR, and one on which
    scoring fails, is for review at once.

    Doubt of this kind runs on the urgent clock: nobody knows what the patient said.
    """
    if ticket.unreadable:
        return for_review("unreadable")
    if message.pointer and not message.text.strip():
        return for_review("unread")
    try:
        subject, engine = subject_of(ticket, message, now), engine_of(policy)
        verdict = _complete(score(subject, engine), subject, engine, policy, ticket.site)
        return replace(verdict, unknown=(*verdict.unknown, *_unknown(ticket, message)))
    except Exception as error:
        count("ScoringFailed")
        logger.error("scoring failed", ticket_id=ticket.id, error=type(error).__name__)
        return for_review(FAILED)


def _complete(
    verdict: Verdict, subject: ScoringInput, engine: Engine, policy: PublishedPolicy, site_id: str
) -> Verdict:
    """The verdict with what a staff request lacks; a failure here costs only the question."""
    site = policy.policy.sites.get(site_id)
    if site is None or not site.intake.critical:
        return verdict
    try:
        return with_missing(verdict, subject, engine, site.intake.critical)
    except Exception as error:
        count("IntakeCheckFailed")
        logger.error("intake check failed", error=type(error).__name__)
        return verdict


def scored(verdict: Verdict) -> Entry:
    """What the ledger says of a verdict: rules by id, never the words that matched."""
    return Entry(
        action=Action.SCORED,
        why="review" if verdict.review else "clear",
        detail={
            "score": int(verdict.score),
            "candidate": int(verdict.candidate),
            "topic": verdict.topic,
            "team": verdict.team,
            "confidence": round(verdict.confidence, 3),
            "crisis": verdict.crisis,
            **({"language": verdict.language} if verdict.language else {}),
            **({"assistant": verdict.assistant} if verdict.assistant else {}),
            "rules": [reason.rule for reason in verdict.reasons],
            **({"unknown": list(verdict.unknown)} if verdict.unknown else {}),
            **({"missing": list(verdict.missing)} if verdict.missing else {}),
        },
    )


def engine_of(policy: PublishedPolicy) -> Engine:
    """The scoring engine of a policy version; a warm function builds it once."""
    if policy.version not in _engines:
        _engines.clear()
        engine = build_engine(rules_from(policy.policy.rules))
        if engine.opinion is None:
            count("SecondOpinionMissing")
            logger.error("second opinion missing", policy_version=policy.version)
        _engines[policy.version] = engine
    return _engines[policy.version]


def forget_engines() -> None:
    """For a process that plays one deployment after another: their versions share numbers."""
    _engines.clear()


_engines: dict[int, Engine] = {}


NO_RECORD = "record"
"""What a verdict calls unknown when nothing of the patient's record was read."""


def _unknown(ticket: Ticket, message: Message) -> tuple[str, ...]:
    """What of the record was not learnt; what staff ask for themselves is about no record."""
    asker = ticket.requester
    if asker.kind is RequesterKind.STAFF and not asker.patient_id:
        return ()
    record = message.record
    return (NO_RECORD,) if record is None or record.another else record.unknown


def subject_of(ticket: Ticket, message: Message, now: datetime) -> ScoringInput:
    """What scoring is asked about: a message as it is stored, and who wrote it."""
    staff = ticket.requester.kind is RequesterKind.STAFF
    return ScoringInput(
        text=said_now(message.text, message.full_text, message.subject),
        subject=message.subject,
        voice="staff" if staff else "patient",
        language=message.language,
        channel=message.channel,
        automatic=message.automatic,
        context=message.context,
        record=message.record,
        request_type=message.request_type,
        staff_request=_staff_request(message, staff=staff),
        speech=message.speech,
        attachments=bool(message.attachments),
        now=now,
    )


def _staff_request(message: Message, *, staff: bool) -> StaffRequest | None:
    """The fields that staff filled in, and those that they wrote as lines of their own."""
    return with_labelled(message.staff_request, message.text) if staff else message.staff_request


def for_review(topic: str) -> Verdict:
    """The verdict on what nobody but a person can judge, on the clock of what is feared."""
    return Verdict(
        score=Urgency.CLINICAL_STANDARD,
        topic=topic,
        team="clinical",
        confidence=0.0,
        review=True,
        candidate=Urgency.CLINICAL_URGENT,
    )
