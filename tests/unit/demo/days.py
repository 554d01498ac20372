"""A day of one message, for the checks of the promises."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from local.demo.commands import Said
from local.demo.day import DayMessage, Expected, Person
from local.demo.evidence import Emergency, Found
from local.demo.facts import Facts
from local.demo.hostile import Refusal
from local.demo.measuring import DAYS, WEEK, Measured
from local.demo.notices import Delivered
from local.demo.posts import Post
from local.demo.promises_of_measures import FORMATS
from local.demo.replay import Posted, Replayed
from tests.builders import MONDAY_MORNING, a_policy, a_stamp, a_ticket
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Action, Entry, Event
from triagewire.store.tickets import ticket_pk
from triagewire.store.told import told_subject
from triagewire.ticket import Ticket

SITES = sorted(a_policy().sites)
POST = Post(site="north", source="portal", event_id="evt-1", headers={}, body=b"")
SCORED = Entry(
    action=Action.SCORED,
    why="clear",
    detail={"score": 4, "team": "clinical", "rules": [], "unknown": ["record"]},
)
REMINDER = (f"{POST.ticket_id}-1-reminder-nick",)
DUE = (MONDAY_MORNING + timedelta(minutes=120)).isoformat()
ROUTED = Entry(
    action=Action.ROUTED,
    why="nobody of the team is on duty",
    detail={"team": "clinical", "member": None, "review": False, "due_at": DUE},
)


def a_day_message(**changes: Any) -> DayMessage:  # noqa: ANN401
    """A refill request, labelled."""
    writer = Person(name="Ada Marlow", mrn="MRN-4401")
    message = DayMessage(
        id="refill",
        site="north",
        at=MONDAY_MORNING,
        by="portal",
        kind="clinical",
        text="A refill, please.",
        writer=writer,
        patient=writer,
        expected=Expected(score=4, team="clinical"),
    )
    return replace(message, **changes)


def recorded(*entries: Entry, at: datetime = MONDAY_MORNING) -> tuple[Event, ...]:
    """Events of the one ticket; each entry a minute after the one before it."""
    events: tuple[Event, ...] = ()
    for number, entry in enumerate(entries):
        stamp = a_stamp(at + timedelta(minutes=number))
        head = events[-1].hash if events else ""
        events += extend(ticket_pk(POST.ticket_id), number, head, (entry,), stamp)
    return events


def a_posted(**changes: Any) -> Posted:  # noqa: ANN401
    """The refill request as it was posted and settled."""
    posted = Posted(
        message=a_day_message(),
        post=POST,
        at=MONDAY_MORNING,
        statuses=(202,),
        bodies=("accepted",),
        seconds=0.2,
        ticket_ids=(POST.ticket_id,),
    )
    return replace(posted, **changes)


def the_ticket(events: tuple[Event, ...], **changes: Any) -> Ticket:  # noqa: ANN401
    """The ticket of the refill request, as long as its ledger."""
    head = events[-1].hash
    return a_ticket(id=POST.ticket_id, version=len(events), ledger_head=head, **changes)


def a_day(**changes: Any) -> Facts:  # noqa: ANN401
    """A day on which every promise was kept."""
    events = recorded(SCORED, ROUTED)
    refusal = Refusal(name="wrong signature", wanted=401, got=401, echoed=False)
    seen = Replayed(
        posted=[a_posted()],
        refusals=[refusal],
        notices=[a_notice()],
        intruder_status=404,
        checkpoints=54,
        emergency=Emergency(before=404, during=200, after=404, forged=(403, 403, 403)),
    )
    facts = Facts(
        policy=a_policy(),
        seen=seen,
        tickets={POST.ticket_id: the_ticket(events)},
        events={POST.ticket_id: events},
        replies={POST.ticket_id: ()},
        mails=(),
        logs=("routed",),
        problems=(),
        ended_at=MONDAY_MORNING + timedelta(minutes=10),
        found=Found(
            whole=said("all verify"),
            export=said("1 ticket"),
            offline=said("it verifies"),
            edited=said("event 3 was altered", status=1),
            altered=said("event 1 was altered", status=1),
            month=said("nurse.abara had emergency access"),
        ),
        measured=a_week(),
        desk_calls=0,
        listed=0,
        said={
            "shadow_began": said(""),
            "shadow": said("       1  now urgent\n     129  same"),
            "diff": said("       1  now urgent\n     129  same"),
            "explain": said("5, clinical"),
            "labels": said("0 decisions in review in 2 days"),
            "people": said("everybody can be reached"),
            "night": said(" page  repage  breach  ack  ack_expired  responded "),
        },
        told={"nick": told("nick", REMINDER)},
    )
    return replace(facts, **changes)


def a_week() -> Measured:
    """The reports of the week at every site and of the group, and a message about each."""
    names = [f"daily/{day}" for day in DAYS] + [f"weekly/{WEEK}"]
    return Measured(
        runs={"gather": True, "daily": True, "weekly": True},
        files={
            f"reports/{site}/{name}.{kind}": b"first_response 25"
            for site in (*SITES, "_group")
            for name in names
            for kind in FORMATS
        },
        messages=tuple(f"desk.clinic.example/console#/measures/{site}" for site in SITES),
        kept=said("{}"),
        anew=said("the same figures"),
        roi=said("1 h saved"),
        trends=said("no findings"),
        table=said("first response 25 min"),
    )


def told(person: str, *messages: tuple[str, ...]) -> tuple[Event, ...]:
    """What a person's ledger says: each message with the notices in it."""
    entries = [
        Entry(action=Action.TOLD, why="notices were sent", detail={"notices": list(each)})
        for each in messages
    ]
    return extend(told_subject(person), 0, "", entries, a_stamp())


def said(text: str, status: int = 0) -> Said:
    """What a command printed."""
    return Said(command="triagewire", status=status, text=text)


def a_notice(**changes: Any) -> Delivered:  # noqa: ANN401
    """A reminder that SNS delivered."""
    notice = Delivered(
        id=REMINDER[0],
        kind="reminder",
        person="nick",
        site="north",
        way="sms",
        at=MONDAY_MORNING,
        text="REMINDER for nick",
        body="REMINDER for nick",
    )
    return replace(notice, **changes)
