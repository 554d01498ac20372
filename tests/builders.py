"""Values with sensible defaults: a test names only what it is about. All people are made up."""

# ruff: noqa: ANN401 overrides are as various as the fields they stand for

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from triagewire.arrival import Arrival, Channel, Requester, RequesterKind
from triagewire.channels.options import Options
from triagewire.channels.source import Source
from triagewire.clock.calendar import Interval
from triagewire.clock.promise import CalendarKind
from triagewire.clock.sla import start_clock
from triagewire.escalation.timers import next_timer
from triagewire.keyring import DerivedKeys
from triagewire.ladder import Ladder, Ladders, Tell
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.message import Message
from triagewire.policy.model import Policy, PublishedPolicy, Site
from triagewire.policy.replies import Article, Replies, Template
from triagewire.policy.roster import Member, OnCall, Presence, Role, Team
from triagewire.policy.targets import Target, Targets
from triagewire.ticket import REVIEW, Status, Ticket
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict

KEYS = DerivedKeys(b"m" * 32)
"""The keys of messages, where a test is not about KMS."""
ZONE = "America/New_York"
MONDAY_MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in New York: the clinic is open."""
AT_NIGHT = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
"""Tuesday 3 March 2026, 02:00 in New York: the clinic is closed."""

EIGHT_TO_FIVE = (Interval(time(8), time(17)),)
OFFICE_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), EIGHT_TO_FIVE)

TEAMS = {
    "clinical": Team(lead="nora"),
    "billing": Team(lead="bela"),
    "scheduling": Team(lead="sami"),
    "portal": Team(lead="pia"),
    "it": Team(lead="ivo", handles=("it_access", "it_endpoint", "it_application", "it_ehr")),
    REVIEW: Team(lead="rhea"),
}
MEMBERS = {
    "nora": Member(name="Nora Quist", teams=("clinical",), roles=(Role.LEAD,)),
    "nick": Member(name="Nick Abara", teams=("clinical",)),
    "nell": Member(name="Nell Ito", teams=("clinical",)),
    "bela": Member(name="Bela Fonseca", teams=("billing",), roles=(Role.AGENT, Role.LEAD)),
    "sami": Member(name="Sami Roth", teams=("scheduling",), roles=(Role.AGENT, Role.LEAD)),
    "pia": Member(name="Pia Lund", teams=("portal",)),
    "ivo": Member(name="Ivo Marsh", teams=("it",)),
    "rhea": Member(name="Rhea Stone", teams=(REVIEW, "clinical"), capacity=1),
    "dr-okafor": Member(name="Dr Okafor", roles=(Role.LEAD,)),
    "dr-lind": Member(name="Dr Lind", roles=(Role.LEAD,)),
    "director": Member(name="Dr Vance", roles=(Role.ADMINISTRATOR,)),
}

TARGETS = Targets(
    clinical_urgent=Target(minutes=10, hours=CalendarKind.ALWAYS),
    clinical_standard=Target(minutes=120),
    administrative_urgent=Target(minutes=180),
    administrative_standard=Target(minutes=240),
    self_serve=Target(minutes=240),
    review=Target(minutes=15),
)
RESOLUTION = Targets(
    clinical_urgent=Target(minutes=60, hours=CalendarKind.ALWAYS),
    clinical_standard=Target(minutes=480),
    administrative_urgent=Target(minutes=480),
    administrative_standard=Target(minutes=960),
    self_serve=Target(minutes=960),
    review=Target(minutes=480),
)
LADDERS = Ladders(
    urgent=Ladder(steps=(Tell.ASSIGNEE, Tell.LEAD, Tell.ON_CALL), wait_minutes=5),
    urgent_after_hours=Ladder(steps=(Tell.ON_CALL, Tell.LEAD), wait_minutes=5),
    breach=Ladder(steps=(Tell.LEAD, Tell.CATCH_ALL), wait_minutes=30),
    acknowledged_minutes=60,
)
OPENING_HOURS = Article(
    topics=("hours",),
    title={"en": "Our hours", "es": "Nuestro horario"},
    text={
        "en": "We are open Monday to Friday, 8 am to 5 pm.",
        "es": "Abrimos de lunes a viernes, de 8 a 17 h.",
    },
)
REPLIES = Replies(
    acknowledgement=Template(
        subject={"en": "{site}: we have your request", "es": "{site}: recibimos su solicitud"},
        text={
            "en": "We will answer by {expected}. Call {phone} if it gets worse, or 911.",
            "es": "Responderemos antes del {expected}. Si empeora, llame al {phone} o al 911.",
        },
    ),
    after_hours=Template(
        subject={"en": "{site}: we are closed now", "es": "{site}: ahora estamos cerrados"},
        text={
            "en": "We are closed and will answer by {expected}. Urgent: {phone} or 911.",
            "es": "Estamos cerrados; responderemos antes del {expected}. Urgente: {phone} o 911.",
        },
    ),
    answer=Template(
        subject={"en": "{site}: {title}", "es": "{site}: {title}"},
        text={"en": "{answer}\nQuestions: {phone}", "es": "{answer}\nPreguntas: {phone}"},
    ),
    articles={"opening-hours": OPENING_HOURS},
)


def a_source(name: str, adapter: str, site: str = "north", **options: Any) -> Source:
    """A source of a site; `options` are those of its adapter."""
    return Source(
        site=site,
        name=name,
        adapter=adapter,
        url=f"https://hooks.clinic.example/webhook/{site}/{name}",
        options=Options(**options),
    )


def sources_of(site: str) -> dict[str, Source]:
    """Five ways in: EHR portal, phone, mailbox, web form, and the IT form of the staff."""
    patient, staff = RequesterKind.PATIENT, RequesterKind.STAFF
    found = (
        a_source("portal", "epic", site),
        a_source("phone", "twilio", site),
        a_source("mailbox", "postmark", site, requester_kind=patient),
        a_source("form", "web", site, requester_kind=patient),
        a_source("it-form", "standard", site, requester_kind=staff),
    )
    return {source.name: source for source in found}


def a_site(**changes: Any) -> Site:
    """A clinic in New York, open on weekdays from 8 to 5; night pages go to dr-okafor this week.

    Who gets a ticket has all day to take it up, so that only tests of that see it go back.
    """
    site = Site(
        name="North Clinic",
        zone=ZONE,
        phone="+1 555 010 0100",
        hours=OFFICE_WEEK,
        teams=TEAMS,
        members=MEMBERS,
        on_call=OnCall(rota=("dr-okafor", "dr-lind"), since=date(2026, 3, 2)),
        catch_all="director",
        targets=TARGETS,
        ladders=LADDERS,
        replies=REPLIES,
        sources=sources_of("north"),
        presence=Presence(accept_minutes=540),
    )
    return replace(site, **changes)


def a_policy(site: Site | None = None, rules: Mapping[str, Any] | None = None) -> Policy:
    """A group of two clinics, the second of them in Los Angeles."""
    west = a_site(name="West Clinic", zone="America/Los_Angeles", sources=sources_of("west"))
    return Policy(
        group="lakeside", sites={"north": site or a_site(), "west": west}, rules=rules or {}
    )


def a_published_policy(version: int = 1, **parts: Any) -> PublishedPolicy:
    """A policy as a function holds it."""
    return PublishedPolicy(version=version, policy=a_policy(**parts))


def a_requester(**changes: Any) -> Requester:
    """A patient with an identity of every kind."""
    requester = Requester(
        kind=RequesterKind.PATIENT,
        patient_id="MRN-4401",
        email="ada.marlow@mail.example",
        phone="+15550107744",
        name="Ada Marlow",
        date_of_birth=date(1961, 5, 17),
    )
    return replace(requester, **changes)


def an_arrival(**changes: Any) -> Arrival:
    """A refill request through the portal."""
    arrival = Arrival(
        site="north",
        source="portal",
        channel=Channel.EHR,
        event_id="evt-1",
        requester=a_requester(),
        text="Could you renew my lisinopril? I have three tablets left.",
        subject="Refill",
    )
    return replace(arrival, **changes)


def a_verdict(score: int = 4, **changes: Any) -> Verdict:
    """A clear verdict of a score, with the topic and team that are usual for it."""
    topic, team = {
        5: ("symptom", "clinical"),
        4: ("refill", "clinical"),
        3: ("prior_auth", "billing"),
        2: ("appointment", "scheduling"),
        1: ("hours", "scheduling"),
    }[score]
    kind = RuleSet.CLINICAL if score >= 4 else RuleSet.ADMINISTRATIVE
    verdict = Verdict(
        score=Urgency(score),
        topic=topic,
        team=team,
        confidence=0.9,
        review=False,
        candidate=Urgency(score),
        reasons=(Reason(rule=f"{topic}-rule", set=kind, text_span="…", effect=f"score {score}"),),
    )
    return replace(verdict, **changes)


def for_review(candidate: int = 4, score: int = 2) -> Verdict:
    """A verdict in doubt: it could be as urgent as `candidate`."""
    return a_verdict(score, review=True, candidate=Urgency(candidate), confidence=0.4)


def a_ticket(
    verdict: Verdict | None = None,
    at: datetime = MONDAY_MORNING,
    site: Site | None = None,
    **changes: Any,
) -> Ticket:
    """A routed, open ticket with its clock and its timer, as it is once score_route has seen it.

    `at` is when it arrived and was routed. The timer is computed last, unless a change names one.
    """
    place = site or a_site()
    judged = verdict or a_verdict()
    team = REVIEW if judged.review and judged.score is not Urgency.CLINICAL_URGENT else judged.team
    target = place.targets.review if team == REVIEW else place.targets.of(judged.score)
    ticket = Ticket(
        id="TICKET-A",
        site="north",
        source="portal",
        requester=a_requester(),
        received_at=at,
        channels=(Channel.EHR,),
        status=Status.ROUTED,
        version=2,
        policy_version=1,
        verdict=judged,
        team=team,
        routed_at=at,
        clock=start_clock(target.minutes, place.calendar, at, kind=target.hours),
    )
    ticket = replace(ticket, **changes)
    return ticket if "timer" in changes else replace(ticket, timer=next_timer(ticket, place))


def a_new_ticket(at: datetime = MONDAY_MORNING, **changes: Any) -> Ticket:
    """A ticket that has just been stored and that nobody has scored."""
    bare: dict[str, Any] = {
        "status": Status.NEW,
        "verdict": None,
        "team": None,
        "clock": None,
        "routed_at": None,
        "version": 1,
    }
    return a_ticket(at=at, **(bare | changes))


def a_message(**changes: Any) -> Message:
    """What the requester said first."""
    message = Message(
        ticket_id="TICKET-A",
        at=MONDAY_MORNING,
        channel=Channel.EHR,
        text="Could you renew my lisinopril? I have three tablets left.",
        subject="Refill",
    )
    return replace(message, **changes)


def an_entry(**changes: Any) -> Entry:
    """Something worth recording."""
    return replace(Entry(action=Action.ROUTED, why="refill is handled by clinical"), **changes)


def a_stamp(at: datetime = MONDAY_MORNING, **changes: Any) -> Stamp:
    """A change that score_route made."""
    return replace(Stamp(at=at, actor="system:score_route", policy_version=1), **changes)


def minutes(number: float) -> timedelta:
    """A stretch of time."""
    return timedelta(minutes=number)
