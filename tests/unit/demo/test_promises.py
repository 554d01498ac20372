"""A promise that is broken is noticed: each check is shown a day on which it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local.demo import (
    promises_of_answers,
    promises_of_evidence,
    promises_of_measures,
    promises_of_routing,
    promises_of_telling,
)
from local.demo.day import Expected, Person
from local.demo.facts import Facts
from local.demo.hostile import Refusal
from local.demo.neighbours.around import SILENT_AT, Met
from local.demo.promises import CHECKS, check
from tests.builders import MONDAY_MORNING, a_message, a_ticket, a_verdict, for_review
from tests.unit.demo.days import (
    POST,
    ROUTED,
    SCORED,
    a_day,
    a_day_message,
    a_notice,
    a_posted,
    recorded,
    said,
    the_ticket,
)
from triagewire.arrival import RequesterKind
from triagewire.ledger.event import Action, Entry
from triagewire.ticket import Status

ID = POST.ticket_id
PAGED = Entry(action=Action.PAGED, why="", detail={"people": ["nick"]})
REMINDED = Entry(action=Action.REMINDED, why="")
BREACHED = Entry(action=Action.BREACHED, why="")
URGENT = replace(SCORED, detail={"score": 5, "team": "clinical", "rules": []})
REVIEWED = replace(ROUTED, detail={"team": "review", "review": True, "due_at": None})
SHARE = "15 to 20 % of the messages go to review"
HAPPENED = {"somebody was paged, tapped a link, heard a pager and got a digest"} | {
    list(promises_of_answers.CHECKS)[-1]
}


def broken(facts: Facts) -> set[str]:
    """The promises that were broken; of one message, no share of reviews can be right."""
    return {each.name for each in check(facts) if not each.kept} - {SHARE} - HAPPENED


def a_day_of(*entries: Entry, **of_ticket: object) -> Facts:
    """The day on which this happened to the one ticket."""
    events = recorded(*entries)
    ticket = the_ticket(events, **of_ticket)
    return a_day(events={ID: events}, tickets={ID: ticket})


def posting(**changes: object) -> Facts:
    """The day on which the one message was posted in another way."""
    day = a_day()
    return replace(day, seen=replace(day.seen, posted=[a_posted(**changes)]))


def seeing(**changes: Any) -> Facts:  # noqa: ANN401
    """The day on which the driver saw something else."""
    day = a_day()
    return replace(day, seen=replace(day.seen, **changes))


def test_a_good_day_keeps_every_promise() -> None:
    assert broken(a_day()) == set()


BAD_DAYS = [
    ("a second ticket that nobody asked for", "one ticket for every message, however often",
     a_day(tickets={**a_day().tickets, "X": a_ticket(id="X")}, events={**a_day().events, "X": ()},
           replies={ID: (), "X": ()})),
    ("a webhook that was refused", "one ticket for every message", posting(statuses=(503,))),
    ("a retry that was answered otherwise", "one ticket for every message",
     posting(statuses=(202, 202), bodies=("one", "other"))),
    ("a label that does not hold", "every message is scored and queued",
     posting(message=a_day_message(expected=Expected(score=2)))),
    ("a label of review that went past it", "every message is scored and queued",
     posting(message=a_day_message(expected=Expected(review=True)))),
    ("a duplicate on a ticket of its own", "the same need by another channel",
     posting(message=a_day_message(expected=Expected(score=4, duplicate_of="refill")))),
    ("two needs on one ticket", "the same need by another channel",
     a_day_of(SCORED, ROUTED, status=Status.MERGED, merged_into="X")),
    ("a reply that was promised and not sent", "automatic replies as promised",
     posting(message=a_day_message(expected=Expected(reply="acknowledgement")))),
    ("a mail that no ledger knows", "no automatic text on urgent", a_day(mails=({},))),
    ("an altered event", "every ledger chain",
     a_day(events={ID: tuple(replace(each, why="x") for each in a_day().events[ID])})),
    ("a patient's name in a notice", "no patient is named",
     seeing(notices=[a_notice(body="REMINDER about Harold Winslow")])),
    ("a patient's number in a log", "no patient is named", a_day(logs=("caller +12125550101",))),
    ("a hostile post that got in", "hostile posts get their code",
     seeing(refusals=[Refusal(name="stale", wanted=401, got=202, echoed=False)])),
    ("an echo of hostile words", "hostile posts get their code",
     seeing(refusals=[Refusal(name="stale", wanted=401, got=401, echoed=True)])),
    ("a refused staff action", "staff can do their work", a_day(problems=("409",))),
    ("a nurse who sees the other site", "staff can do their work", seeing(intruder_status=200)),
    ("a slow routing", "webhook to routed", posting(seconds=4.2)),
    ("a message that was never routed", "webhook to routed", posting(seconds=None)),
    ("an urgent message scored 4", "every clinical urgent message scores",
     posting(message=a_day_message(kind="urgent"))),
    ("an urgent message without a page", "every clinical urgent message pages",
     posting(message=a_day_message(kind="urgent"))),
    ("a page to the wrong person at night", "out of hours the provider on call",
     a_day(events={ID: recorded(URGENT, ROUTED, PAGED, at=MONDAY_MORNING - timedelta(hours=7))})),
    ("a page that nobody heard", "pages repeat until", a_day_of(URGENT, ROUTED, PAGED)),
    ("a review without a clock", "a review has a 15-minute clock", a_day_of(SCORED, REVIEWED)),
    ("two reminders", "a reminder at half", a_day_of(SCORED, ROUTED, REMINDED, REMINDED)),
    ("a breach before its time", "a reminder at half", a_day_of(SCORED, ROUTED, BREACHED)),
    ("half of the promise in silence", "a reminder at half",
     a_day(ended_at=MONDAY_MORNING + timedelta(minutes=70))),
    ("an open ticket without a timer", "every open ticket", a_day_of(SCORED, ROUTED, timer=None)),
    ("a sweep that failed", "every open ticket", seeing(failed_sweeps=1)),
    ("a verdict without its rule", "every message is scored and queued",
     posting(message=a_day_message(expected=Expected(score=4, rule="record-infant")))),
    ("a record that was not read", "a small bump pages",
     posting(message=a_day_message(patient=Person(name="Ada", only_in_record=("apixaban",))))),
    ("a verdict that hides an unknown record", "a small bump pages",
     a_day_of(replace(SCORED, detail={"score": 4, "team": "clinical"}), ROUTED)),
    ("a silent EHR that held somebody up", "without an answer of the EHR",
     posting(at=SILENT_AT + timedelta(hours=1), seconds=6.0,
             message=a_day_message(site="riverside"))),
    ("an assistant that was not asked", "the assistant may raise",
     posting(message=a_day_message(model="honest"))),
    ("an assistant that was talked round", "the assistant may raise",
     replace(posting(message=a_day_message(model="talked_round")),
             met=Met(model_asked=("refill",)))),
    ("a follow-up on a ticket of its own", "worse, yes, thanks",
     posting(message=a_day_message(expected=Expected(joins="refill")))),
    ("a staff request that nobody asked about", "staff are asked once",
     posting(message=a_day_message(expected=Expected(joins="refill", then="told")))),
    ("a second need that got lost", "a clinical and an office need",
     posting(message=a_day_message(expected=Expected(linked="billing")))),
    ("a message in a language that its reader does not know", "who reads the language",
     posting(message=a_day_message(expected=Expected(reader="nick")))),
    ("a decision without a label", "every decision in review",
     a_day(said={**a_day().said, "labels": said("3 decisions in review in 2 days")})),
    ("a candidate that would lower somebody", "a new rule is tried",
     a_day(said={**a_day().said, "shadow": said("  1  now urgent\n  1  no longer urgent")})),
    ("a candidate that nobody could try", "a new rule is tried",
     a_day(said={**a_day().said, "diff": said("no such policy", status=2)})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("promise", "day"), [each[1:] for each in BAD_DAYS], ids=[each[0] for each in BAD_DAYS]
)
def test_a_broken_promise_is_named(promise: str, day: Facts) -> None:
    assert any(name.startswith(promise) for name in broken(day))


def test_every_promise_but_the_share_is_broken_by_some_day_of_this_list() -> None:
    named = {name for name in CHECKS for _, promise, _ in BAD_DAYS if name.startswith(promise)}

    # those about routing, telling, answers and evidence have lists of their own
    others = (
        promises_of_routing,
        promises_of_telling,
        promises_of_answers,
        promises_of_measures,
        promises_of_evidence,
    )
    assert named == set(CHECKS) - {SHARE} - {name for each in others for name in each.CHECKS}


@pytest.mark.parametrize(
    ("entries", "ticket"),
    [
        ((URGENT, ROUTED), {"verdict": a_verdict(5)}),
        ((SCORED, REVIEWED), {"verdict": for_review()}),
        (
            (SCORED, ROUTED),
            {"requester": replace(a_ticket().requester, kind=RequesterKind.UNKNOWN)},
        ),
    ],
    ids=["urgent", "under review", "of nobody known"],
)
def test_an_automatic_text_where_there_may_be_none_is_noticed(
    entries: tuple[Entry, ...], ticket: dict[str, object]
) -> None:
    day = replace(a_day_of(*entries, **ticket), replies={ID: (a_message(automatic=True),)})

    assert "no automatic text on urgent, reviewed or unknown tickets" in broken(day)


def test_a_single_message_is_no_fair_share_of_reviews() -> None:
    assert SHARE in {each.name for each in check(a_day()) if not each.kept}
