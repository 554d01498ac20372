"""The day itself: the clock jumps from one thing that happens to the next, and waits for each."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from local.demo.day import ENDS, STARTS, DayMessage, StaffPlan
from local.demo.desk import Desk
from local.demo.evidence import EMERGENCY_AT, OVER, Emergency
from local.demo.hostile import Refusal, attack
from local.demo.neighbours.program import Program
from local.demo.notices import Delivered, Pager
from local.demo.posts import Post, post_of
from local.demo.staff import Staff, plan_of
from local.demo.watch import wait_until_settled
from local.demo.world import World
from local.stack.clock import SimulatedClock
from triagewire.clock.calendar import next_open
from triagewire.escalation.undelivered import REPORT
from triagewire.store.codec import stamp, text
from triagewire.store.outbox import box_shards
from triagewire.store.tickets import timer_shards

MINUTE = timedelta(minutes=1)
SWEEP = timedelta(minutes=5)
CHECKPOINT = timedelta(minutes=30)
"""Every five minutes would be six times the same."""
POSTERS = 6
LOOK_THROUGH_AFTER = 2 * MINUTE
"""After the opening: when leads look through their queues."""
ATTACK_AT = datetime(2026, 3, 2, 17, 34, tzinfo=UTC)
UNREADABLE = StaffPlan(decide={"score": 2, "team": "portal"})
"""What staff make of the post that nobody could read: the people of the portal look into it."""
INTRUDER, NOT_THEIRS = "nurse.voss", "/desk/queues/riverside/clinical"
"""A nurse of one site, and what only the other site may see."""

type Progress = Callable[[datetime, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What came of one message; `seconds` is webhook → routed in real time, None if never."""

    message: DayMessage
    post: Post
    at: datetime
    statuses: tuple[int, ...]
    bodies: tuple[str, ...]
    seconds: float | None
    ticket_ids: tuple[str, ...]


@dataclass(slots=True)
class Replayed:
    """Everything that the driver saw from outside."""

    posted: list[Posted] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notices: list[Delivered] = field(default_factory=list)
    sweeps: int = 0
    failed_sweeps: int = 0
    intruder_status: int = 0
    checkpoints: int = 0
    emergency: Emergency = field(default_factory=Emergency)
    ended_at: datetime = ENDS


@dataclass(slots=True)
class Replay:
    """A day to be replayed on a furnished stack."""

    world: World
    clock: SimulatedClock
    staff: Staff
    pager: Pager
    program: Program
    messages: tuple[DayMessage, ...]
    progress: Progress
    seen: Replayed = field(default_factory=Replayed)

    def run(self) -> Replayed:
        """Replay the whole day."""
        waiting = list(self.messages)
        self._plan_the_day()
        now, checkpointed = STARTS, STARTS
        while now <= ENDS:
            self.clock.move_to(now)
            self.seen.sweeps += 1
            self.seen.failed_sweeps += not self.world.sweep(now)
            due = [each for each in waiting if each.at <= now]
            waiting = waiting[len(due) :]
            self._post_all(due)
            self.staff.work(now)
            self.program.work()
            if now >= checkpointed + CHECKPOINT:
                self.seen.checkpoints += self.world.checkpoint()
                checkpointed = now
            self.progress(now, due[-1].id if due else "")
            now = self._next_moment(now, waiting)
        delivered = self.pager.delivered()
        self.seen.notices = [each for each in delivered if each.kind != REPORT]
        self.seen.ended_at = self.clock.now()
        return self.seen

    def _plan_the_day(self) -> None:
        for site_id, site in self.world.policy.sites.items():
            opening = next_open(site.calendar, STARTS)
            look = self.staff.look_through_queues(site_id)
            self.staff.at(opening + LOOK_THROUGH_AFTER, look)
        self.staff.at(ATTACK_AT, self._be_attacked)
        emergency, desk = self.seen.emergency, self.staff.desk
        self.staff.at(EMERGENCY_AT, lambda _now: emergency.open(desk))
        self.staff.at(EMERGENCY_AT + OVER, lambda _now: emergency.look_again(desk))
        for message in self.messages:
            if message.again_after:
                again = message.at + message.again_after * MINUTE
                self.staff.at(again, partial(self._repeat, message))

    def _post_all(self, due: Iterable[DayMessage]) -> None:
        """Post what is due in the same minute, all of it at once."""
        with ThreadPoolExecutor(POSTERS) as pool:
            done = list(pool.map(self._post, due))
        for posted in done:
            self.seen.posted.append(posted)
            now = self.clock.now()
            for number, ticket_id in enumerate(posted.ticket_ids):
                plan = plan_of(None if number else posted.message)
                self.staff.take_on(ticket_id, plan, now)

    def _post(self, message: DayMessage) -> Posted:
        started, at = time.monotonic(), self.clock.now()
        post = self._post_of(message, at)
        with ThreadPoolExecutor(message.at_once) as pool:
            answers = list(pool.map(self.world.send, [post] * message.at_once))
        settled = wait_until_settled(self.world.tables, post.ticket_id)
        return Posted(
            message=message,
            post=post,
            at=at,
            statuses=tuple(answer.status_code for answer in answers),
            bodies=tuple(answer.text for answer in answers),
            seconds=settled.decided_at - started if settled else None,
            ticket_ids=settled.ticket_ids if settled else (),
        )

    def _post_of(self, message: DayMessage, at: datetime) -> Post:
        sources = self.world.site(message.site).sources
        if message.answers:
            asked = next(each for each in self.seen.posted if each.message.id == message.answers)
            message = replace(message, to=self.world.answer_address(asked.post.ticket_id))
        return post_of(message, self.world.secrets, self.world.url, at, sources)

    def _repeat(self, message: DayMessage, _now: datetime) -> None:
        """The same event again, as a sender does that missed our answer."""
        post = self._post_of(message, self.clock.now())
        answer = self.world.send(post)
        place = next(
            number for number, each in enumerate(self.seen.posted) if each.message is message
        )
        before = self.seen.posted[place]
        self.seen.posted[place] = replace(
            before,
            statuses=(*before.statuses, answer.status_code),
            bodies=(*before.bodies, answer.text),
        )

    def _be_attacked(self, now: datetime) -> None:
        self.seen.refusals = attack(self.world, self.clock.now())
        for refusal in self.seen.refusals:
            if refusal.ticket_id:
                wait_until_settled(self.world.tables, refusal.ticket_id)
                self.staff.take_on(refusal.ticket_id, UNREADABLE, now)
        self.seen.intruder_status = self.staff.desk.status_of(INTRUDER, NOT_THEIRS)
        self.seen.emergency.forge(self.staff.desk, now)

    def _next_moment(self, now: datetime, waiting: list[DayMessage]) -> datetime:
        """The next whole minute in which anything happens."""
        moments = [now + SWEEP, self._next_timer()]
        moments += [each.at for each in waiting[:1]]
        if (task := self.staff.next_at()) is not None:
            moments.append(task)
        soonest = min(moments)
        whole = soonest.replace(second=0, microsecond=0)
        rounded = whole if whole == soonest else whole + MINUTE
        return max(rounded, now + MINUTE)

    def _next_timer(self) -> datetime:
        """The earliest timer of all tickets and of all that people are still to be told, from the
        index that escalate reads.
        """
        tables = self.world.tables
        found = [ENDS]
        for shard in (*timer_shards(), *box_shards()):
            items = tables.client.query(
                TableName=tables.tickets,
                IndexName="timer",
                KeyConditionExpression="timer_shard = :shard AND timer_due <= :end",
                ExpressionAttributeValues={
                    ":shard": text(shard),
                    ":end": text(stamp(ENDS)),
                },
                Limit=1,
            )["Items"]
            found += [datetime.fromisoformat(item["timer_due"]["S"]) for item in items]
        return min(found)


def replay_of(
    world: World, clock: SimulatedClock, messages: tuple[DayMessage, ...], progress: Progress
) -> Replay:
    """A day on a furnished stack, with its staff and its pager."""
    pager = Pager(world)
    return Replay(
        world=world,
        clock=clock,
        staff=Staff(world=world, desk=Desk(world), pager=pager),
        pager=pager,
        program=Program(world),
        messages=messages,
        progress=progress,
    )
