"""The simulated staff: they work their tickets through the desk API, some of them too late."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from local.demo.answering import Answered, answer_how_it_was, write
from local.demo.day import DayMessage, StaffPlan
from local.demo.desk import Desk, DeskError
from local.demo.hours import working
from local.demo.notices import Pager
from local.demo.world import World
from triagewire.escalation.on_call import on_call
from triagewire.flow.handing import HandoffReason
from triagewire.flow.staff import Outcome
from triagewire.flow.working import Answer
from triagewire.label import Basis
from triagewire.policy.model import Site
from triagewire.routing.duty import team_on_duty
from triagewire.store.tickets import load_ticket
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

USUAL_MINUTES = {
    Urgency.CLINICAL_STANDARD: 38,
    Urgency.ADMINISTRATIVE_URGENT: 30,
    Urgency.ADMINISTRATIVE_STANDARD: 55,
    Urgency.SELF_SERVE: 25,
}
REVIEW_MINUTES = 4
ACCEPT_MINUTES = 6
HANDOFF_MINUTES = 9
LEAVE_MINUTES = 2
AWAY_MINUTES = 75
WAIT_AFTER_ANSWER_MINUTES = 3
AFTER_ACKNOWLEDGEMENT_MINUTES = 9
TAP_MINUTES = 75
"""So long after their ticket was resolved a requester has read how they may answer."""

UNFORESEEN = {"score": 4, "team": "clinical"}
"""What staff make of a review that no label foresees."""

type Deed = Callable[[datetime], None]


@dataclass(order=True, slots=True)
class Task:
    """Something that somebody does at a moment."""

    at: datetime
    serial: int
    deed: Deed = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A link of a page that was looked at twice and then tapped: the three answers, and who had
    acknowledged the ticket before and after the tap.
    """

    ticket_id: str
    statuses: tuple[int, ...]
    heard_before: str | None
    heard_after: str | None


@dataclass(slots=True)
class Staff:
    """Everybody who works on the day. `problems` are refusals that should not have been, `taps` the
    links that somebody tapped, `answered` what requesters said of how they were served.
    """

    world: World
    desk: Desk
    pager: Pager
    tasks: list[Task] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    listed: int = 0
    taps: list[Tap] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    _serials: "count[int]" = field(default_factory=count)

    def at(self, moment: datetime, deed: Deed) -> None:
        """Do something at a moment."""
        heapq.heappush(self.tasks, Task(moment, next(self._serials), deed))

    def next_at(self) -> datetime | None:
        """When the next thing is to be done."""
        return self.tasks[0].at if self.tasks else None

    def work(self, now: datetime) -> None:
        """Do everything that is to be done by now."""
        while self.tasks and self.tasks[0].at <= now:
            task = heapq.heappop(self.tasks)
            try:
                task.deed(now)
            except DeskError as refused:
                self.problems.append(str(refused))

    def take_on(self, ticket_id: str, plan: StaffPlan, now: datetime) -> None:
        """Plan what will be done about a ticket that was just routed."""
        if plan.part:
            self.at(now + HANDOFF_MINUTES * _MINUTE, lambda at: self._part(ticket_id, at))
            return
        ticket = self._ticket(ticket_id)
        if ticket.merged_into:
            # of a message that landed on another ticket only what it changed there is new
            ticket = self._ticket(ticket.merged_into)
            ticket_id = ticket.id
            if not (ticket.in_review or ticket.must_page):
                return
        if ticket.status not in _FRESH or plan.leave:
            return
        site = self.world.site(ticket.site)
        self._plan_its_handling(ticket_id, plan, site, now)
        if ticket.must_page:
            self.at(now + plan.acknowledge_after * _MINUTE, lambda at: self._hear(ticket_id, at))
        elif ticket.in_review:
            due = working(site, now, plan.after or REVIEW_MINUTES)
            self.at(due, lambda at: self._decide(ticket_id, plan, at))
        else:
            usual = USUAL_MINUTES[ticket.urgency]
            due = working(site, now, usual if plan.after is None else plan.after)
            self.at(due, lambda at: self._finish(ticket_id, Outcome.DONE, at, plan))

    def _plan_its_handling(
        self, ticket_id: str, plan: StaffPlan, site: Site, now: datetime
    ) -> None:
        """What happens to a ticket before it is settled."""
        if plan.owner_leaves:
            self.at(now + LEAVE_MINUTES * _MINUTE, lambda at: self._go_home(ticket_id, at))
        self.at(working(site, now, ACCEPT_MINUTES), lambda at: self._accept(ticket_id, at))
        if plan.answer:
            self.at(working(site, now, plan.answer), lambda at: self._answer(ticket_id, plan, at))
        if plan.resume:
            self.at(working(site, now, plan.resume), lambda at: self._resume(ticket_id, at))
        for number, team in enumerate((plan.handoff, *plan.moves)):
            if team:
                due = working(site, now, HANDOFF_MINUTES * (1 + number))
                self.at(due, partial(self._hand_over, ticket_id, team))

    def look_through_queues(self, site_id: str) -> Deed:
        """A deed: the lead of each team looks at its queue, as they do every morning."""

        def look(_now: datetime) -> None:
            for name, team in self.world.site(site_id).teams.items():
                shown = self.desk.get(team.lead, f"/desk/queues/{site_id}/{name}")
                self.listed += len(shown["tickets"])

        return look

    def _hear(self, ticket_id: str, now: datetime) -> None:
        """Acknowledge a page, look at the ticket and call the patient."""
        ticket = self._ticket(ticket_id)
        who = self._responsible(ticket, now)
        if link := self.pager.link_to(ticket.id, who):
            self._tap(ticket.id, link)
        else:
            self.desk.act(who, ticket.id, "acknowledge")
        self.desk.get(who, f"/desk/tickets/{ticket.id}")
        called = now + AFTER_ACKNOWLEDGEMENT_MINUTES * _MINUTE
        self.at(called, lambda at: self._finish(ticket_id, Outcome.SENT_TO_EMERGENCY_CARE, at))

    def _tap(self, ticket_id: str, link: str) -> None:
        """Acknowledge by the link of a page, at which a mail program has looked before."""
        looked = [self.desk.follow("HEAD", link), self.desk.follow("GET", link)]
        heard = self._ticket(ticket_id).escalation.acknowledged_by
        tapped = self.desk.follow("POST", link)
        acknowledged_by = self._ticket(ticket_id).escalation.acknowledged_by
        self.taps.append(
            Tap(
                ticket_id=ticket_id,
                statuses=(*looked, tapped),
                heard_before=heard,
                heard_after=acknowledged_by,
            )
        )

    def _decide(self, ticket_id: str, plan: StaffPlan, now: datetime) -> None:
        """Say what a ticket in review is; it then goes its way like any other."""
        ticket = self._ticket(ticket_id)
        if not ticket.is_open or not ticket.in_review:
            return
        who = self._holder(ticket, now)
        self.desk.get(who, f"/desk/tickets/{ticket.id}")
        found = dict(plan.decide or UNFORESEEN)
        self.desk.act(who, ticket.id, "decide", why=Basis.SPOKE_WITH_REQUESTER.value, **found)
        self.take_on(ticket_id, StaffPlan(), now)

    def _hand_over(self, ticket_id: str, team: str, now: datetime) -> None:
        ticket = self._ticket(ticket_id)
        who = self._holder(ticket, now)
        self.desk.act(who, ticket.id, "reassign", reason=HandoffReason.WRONG_TEAM.value, team=team)

    def _accept(self, ticket_id: str, now: datetime) -> None:
        """Take up what one was given; who pages or reviews does something else with it."""
        ticket = self._ticket(ticket_id)
        if ticket.assignee and ticket.status in _FRESH and not ticket.must_page:
            self.desk.act(ticket.assignee, ticket.id, "accept")

    def _answer(self, ticket_id: str, plan: StaffPlan, now: datetime) -> None:
        """Write to the requester or call them, and perhaps find that the next step is somebody
        else's.
        """
        ticket = self._ticket(ticket_id)
        who = self._holder(ticket, now)
        if plan.reply:
            write(self.desk, who, ticket.id, plan)
        else:
            self.desk.act(who, ticket.id, "respond", how=Answer.CALLED.value)
        if plan.wait:
            due = now + WAIT_AFTER_ANSWER_MINUTES * _MINUTE
            self.at(due, lambda at: self._wait(ticket_id, plan.wait, at))

    def _wait(self, ticket_id: str, reason: str, now: datetime) -> None:
        ticket = self._ticket(ticket_id)
        self.desk.act(self._holder(ticket, now), ticket.id, "wait", waiting_for=reason)

    def _resume(self, ticket_id: str, now: datetime) -> None:
        ticket = self._ticket(ticket_id)
        self.desk.act(self._holder(ticket, now), ticket.id, "resume")

    def _go_home(self, ticket_id: str, now: datetime) -> None:
        """Its owner is called away before they have seen it."""
        ticket = self._ticket(ticket_id)
        if ticket.assignee is None:
            raise DeskError(f"ticket {ticket_id} has no owner who could leave")
        until = (now + AWAY_MINUTES * _MINUTE).isoformat()
        path = f"/desk/sites/{ticket.site}/presence"
        self.desk.say(ticket.assignee, path, away=True, until=until)

    def _part(self, merged_id: str, now: datetime) -> None:
        """See that two needs were made one, and undo it."""
        merged = self._ticket(merged_id)
        if merged.merged_into is None:
            raise DeskError(f"ticket {merged_id} was not merged")
        survivor = self._ticket(merged.merged_into)
        who = self._holder(survivor, now)
        self.desk.act(who, survivor.id, "unmerge", ticket=merged_id, reason="other_need")
        self.take_on(merged_id, StaffPlan(), now)

    def _finish(
        self, ticket_id: str, outcome: Outcome, now: datetime, plan: StaffPlan | None = None
    ) -> None:
        ticket = self._ticket(ticket_id)
        if not ticket.is_open or ticket.in_review:
            return
        who = self._holder(ticket, now)
        self.desk.get(who, f"/desk/tickets/{ticket.id}")
        self.desk.act(who, ticket.id, "resolve", outcome=outcome.value)
        email = ticket.requester.email
        if plan is not None and plan.tap and email:
            asked = working(self.world.site(ticket.site), now, TAP_MINUTES)
            self.at(asked, lambda _at: self._be_asked(email, plan))

    def _be_asked(self, email: str, plan: StaffPlan) -> None:
        """A requester is asked how it was, and says it."""
        self.answered.append(answer_how_it_was(self.world, email, plan))

    def _holder(self, ticket: Ticket, now: datetime) -> str:
        """Who holds the ticket; somebody of the team takes it first where nobody does."""
        if ticket.assignee:
            return ticket.assignee
        who = self._responsible(ticket, now)
        self.desk.act(who, ticket.id, "claim")
        return who

    def _responsible(self, ticket: Ticket, now: datetime) -> str:
        site = self.world.site(ticket.site)
        if ticket.assignee:
            return ticket.assignee
        present = team_on_duty(site, ticket.team or "", now)
        return next(present, None) or on_call(site, now) or site.catch_all

    def _ticket(self, ticket_id: str) -> Ticket:
        ticket = load_ticket(self.world.tables, ticket_id)
        if ticket is None:
            raise DeskError(f"ticket {ticket_id} is not there")
        return ticket


def plan_of(message: DayMessage | None) -> StaffPlan:
    """How staff treat the ticket of a message, or one that no message asked for."""
    return message.staff if message else StaffPlan()


_MINUTE = timedelta(minutes=1)
_FRESH = frozenset({Status.ROUTED, Status.REOPENED})
