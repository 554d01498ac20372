"""What members of staff may do at any moment, and what the policy may become: for tests in which
anything happens in any order.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import LADDERS, MEMBERS, MONDAY_MORNING, TARGETS, a_site, minutes
from triagewire.access import Principal
from triagewire.clock.calendar import Holiday
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.flow import acknowledging, noting, staff, working
from triagewire.flow.context import Context
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.merging import merge_in
from triagewire.flow.rescoring import Rescore, rescore
from triagewire.flow.returning import drain
from triagewire.flow.unmerging import UnmergeReason, unmerge
from triagewire.label import Basis
from triagewire.ladder import BeforeDue, Ladder, LadderStep, OwnLadders, Tell
from triagewire.policy.model import Site
from triagewire.policy.roster import Member, Presence, Role
from triagewire.policy.targets import Target
from triagewire.routing.hand_merge import MergeReason
from triagewire.store.findable import words_of_site
from triagewire.ticket import REVIEW, Ticket
from triagewire.verdict import Urgency

TEAMS = ("clinical", "billing", "scheduling", "it", REVIEW)
WHO = ("nick", "nell", "bela", "sami", "rhea", "director")
SETTLING = Target(minutes=600)
RESOLUTION = replace(
    TARGETS,
    clinical_urgent=Target(minutes=240, hours=CalendarKind.ALWAYS),
    clinical_standard=SETTLING,
    administrative_urgent=SETTLING,
    administrative_standard=SETTLING,
    self_serve=SETTLING,
    review=SETTLING,
)


def a_clinic(**changes: Any) -> Site:  # noqa: ANN401
    """A site that promises to settle needs too, and where untaken work returns after an hour."""
    director = Member(name="Dr Vance", roles=(Role.ADMINISTRATOR,))
    usual: dict[str, Any] = {
        "members": {**MEMBERS, "director": director},
        "resolution": RESOLUTION,
        "presence": Presence(accept_minutes=60),
        "close_after_days": 3,
    }
    return a_site(**(usual | changes))


CLINICS = (
    a_clinic(),
    a_clinic(holidays=(Holiday(date=MONDAY_MORNING.date() + timedelta(days=1), name="Closed"),)),
    a_clinic(
        zone="America/Denver", members={**MEMBERS, "nell": replace(MEMBERS["nell"], away=True)}
    ),
    a_clinic(
        ladders=replace(
            LADDERS,
            urgent=Ladder(
                steps=(LadderStep(tell=Tell.TEAM, everyone=True), Tell.LEAD), wait_minutes=4
            ),
            before=(
                BeforeDue(minutes=30, tell=Tell.ASSIGNEE),
                BeforeDue(minutes=9, tell=Tell.LEAD),
            ),
            scores={REVIEW: OwnLadders(breach=Ladder(steps=(Tell.TEAM,), wait_minutes=10))},
        )
    ),
)
"""What the policy may be changed to: hours, zone, people and ladders."""


def _move(context: Context, principal: Principal, ticket: Ticket, chance: int) -> None:
    reasons = list(HandoffReason)
    team = TEAMS[chance % len(TEAMS)]
    leaves = ticket.in_review and team != REVIEW
    score = Urgency(1 + chance // 5 % 5) if leaves or chance % 3 == 0 else None
    handoff = Handoff(
        reason=reasons[chance % len(reasons)],
        team=team,
        member=WHO[chance % len(WHO)] if chance % 4 == 1 else None,
        score=None if team == REVIEW else score,
    )
    staff.reassign(context, principal, ticket.id, handoff)


def _decide(context: Context, principal: Principal, ticket: Ticket, chance: int) -> None:
    score = Urgency(chance % 5 + 1)
    handoff = Handoff(reason=HandoffReason.REVIEWED, team="clinical", score=score)
    staff.decide(context, principal, ticket.id, handoff)


def _unmerge(context: Context, principal: Principal, ticket: Ticket, chance: int) -> None:
    if ticket.merged_from:
        merged = ticket.merged_from[chance % len(ticket.merged_from)]
        unmerge(context, principal, ticket.id, merged, UnmergeReason.OTHER_NEED)


def _rescore(context: Context, principal: Principal, ticket: Ticket, chance: int) -> None:
    said = Rescore(
        score=Urgency(chance % 5 + 1),
        team=TEAMS[chance // 5 % 4] if chance % 3 == 0 else None,
        basis=Basis.SPOKE_WITH_REQUESTER if chance % 2 else None,
    )
    rescore(context, principal, ticket.id, said)


def _merge(context: Context, principal: Principal, ticket: Ticket, chance: int) -> None:
    known = [name for page in words_of_site(context.tables, ticket.site) for name, _ in page.found]
    if known:
        other = sorted(known)[chance % len(known)]
        merge_in(context, principal, ticket.id, other, MergeReason.SAME_NEED)


def _resolve(context: Context, principal: Principal, ticket: Ticket, _chance: int) -> None:
    staff.resolve(context, principal, ticket.id, staff.Outcome.DONE)
    drain(context, ticket.site, ticket.team or REVIEW)


def _wait(context: Context, principal: Principal, ticket: Ticket, chance: int) -> None:
    until = context.now + minutes(90 if chance % 2 else 5000)
    working.wait(context, principal, ticket.id, PauseReason.REQUESTER, until)


type Act = Callable[[Context, Principal, Ticket, int], object]

ACTS: Mapping[str, Act] = {
    "move": _move,
    "decide": _decide,
    "rescore": _rescore,
    "merge": _merge,
    "unmerge": _unmerge,
    "note": lambda c, p, t, _: noting.note(c, p, t.id, "Called twice, no answer."),
    "wait": _wait,
    "resolve": _resolve,
    "claim": lambda c, p, t, _: working.claim(c, p, t.id),
    "accept": lambda c, p, t, _: working.accept(c, p, t.id),
    "respond": lambda c, p, t, _: working.respond(c, p, t.id, working.Answer.CALLED),
    "resume": lambda c, p, t, _: working.resume(c, p, t.id),
    "acknowledge": lambda c, p, t, _: acknowledging.acknowledge(c, p, t.id),
    "reopen": lambda c, p, t, _: staff.reopen(c, p, t.id, staff.ReopenReason.NOT_FINISHED),
}
"""All that a member does with a ticket; the number is the chance that chooses the details."""
REGRADES = frozenset({"move", "decide", "rescore", "unmerge"})
"""The acts by which a person may lower an urgency."""


def any_member(ticket: Ticket, chance: int) -> str:
    """Its owner, or anybody."""
    return WHO[chance % len(WHO)] if chance % 2 else ticket.assignee or "director"
