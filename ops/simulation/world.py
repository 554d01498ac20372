"""A deployment in memory: intake, score_route, escalate and the desk as the template wires them,
with the scenario's clock instead of a real one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ops.simulation.acts import do
from ops.simulation.messages import incoming
from ops.simulation.phones import Phones
from ops.simulation.scenario import Scenario
from ops.simulation.sheet import Act, Away, Back, Said
from ops.simulation.tape import Died, Tape
from ops.simulation.timeline import Moment, Timeline
from ops.simulation.words import SET_UP
from triagewire.access import Principal
from triagewire.errors import ForbiddenTransitionError, NotFoundError, TriagewireError
from triagewire.escalation.addresses import Subscription
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.undelivered import Undelivered
from triagewire.flow import presence
from triagewire.flow.context import Context, Plan
from triagewire.flow.escalate import act as do_what_is_due
from triagewire.flow.facts import record_fact
from triagewire.flow.judge import forget_engines
from triagewire.flow.presence import Statement
from triagewire.flow.receive import receive
from triagewire.flow.send import Leaving, send
from triagewire.flow.survivor import last_of_chain
from triagewire.flow.sweeping import all_is_well, sweep
from triagewire.flow.triage import triage
from triagewire.flow.undelivered import take as take_undelivered
from triagewire.ladder import Way
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.store.ledger import read_events
from triagewire.store.policies import publish
from triagewire.store.stream import NewFact, new_item
from triagewire.store.tickets import Change, load_ticket
from triagewire.verdict import Verdict

IDENTITY_KEY = b"rehearsal".ljust(32, b".")
"""The same in every run, so that a scenario gives the same timeline again."""
NOT_WELL = ("Failed", "Overdue", "Unaudited")
"""What of a sweep keeps its heart from beating."""


class WayDownError(Exception):
    """The scenario lets this way fail."""


@dataclass(slots=True)
class World:
    """One deployment while a scenario is played. `now` is what every clock of it shows (UTC);
    `lost` are messages that SNS took and will give up on, and when.
    """

    scenario: Scenario
    now: datetime = field(init=False)
    tape: Tape = field(default_factory=Tape)
    timeline: Timeline = field(init=False)
    published: PublishedPolicy = field(init=False)
    phones: Phones = field(default_factory=Phones)
    lost: list[tuple[datetime, Undelivered]] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        forget_engines()
        self.now = self.scenario.starts
        policy = self.scenario.policies[self.scenario.policy]
        calendars = {name: site.calendar for name, site in policy.sites.items()}
        self.timeline = Timeline(self.scenario.site, calendars)
        self.publish_policy(self.scenario.policy)

    # What happens

    def publish_policy(self, folder: str) -> None:
        """Another policy is in force from now on."""
        policy = _without_silence(self.scenario.policies[folder])
        stamp = Stamp(at=self.now, actor="administrator:scenario", policy_version=0)
        version = publish(self.tape.as_tables, policy, stamp)
        self.published = PublishedPolicy(version=version, policy=policy, published_at=self.now)
        self.timeline.calendars |= {name: site.calendar for name, site in policy.sites.items()}

    def hear(self, said: Said, site_id: str) -> None:
        """A message comes in: intake stores it, and the table's stream has it."""
        site = self.context("system:intake").site(site_id)
        message = incoming(said, site_id, site)
        stamp = Stamp(
            at=self.now,
            actor=f"source:{site_id}/{message.arrival.source}",
            policy_version=self.published.version,
        )
        ticket_id = receive(self.tape.as_tables, message.arrival, stamp)
        self.timeline.names[ticket_id] = said.name
        self.timeline.sites[ticket_id] = site_id
        if message.verdict is not None:
            self._state(ticket_id, message.verdict)

    def route(self, record: dict[str, Any]) -> None:
        """score_route takes one record of the stream, as its handler does."""
        new, context = new_item(record), self.context("system:score_route")
        if isinstance(new, NewFact):
            record_fact(context, new.pk, new.sk)
        elif new.outbound:
            send(context, new.pk, new.sk, _mailed)
        else:
            ticket = triage(context, new.ticket_id) or last_of_chain(context, new.ticket_id)
            if ticket is not None:
                do_what_is_due(context, ticket.id)

    def sweep(self) -> None:
        """escalate runs once; if its heart does not beat, that is said."""
        done = sweep(self.context("system:escalate"))
        if not all_is_well(done):
            why = ", ".join(f"{name} {done[name]}" for name in NOT_WELL if done[name])
            self.timeline.add(Moment(at=self.now, event="no_heartbeat", why=why))

    def come_back(self, lost: Undelivered) -> None:
        """escalate hears that SNS has given up on a message."""
        take_undelivered(self.context("system:escalate"), lost)

    def staff_act(self, kind: str, act: Act, until: datetime | None) -> None:
        """A member does something with a ticket. Raises what the desk refuses it with, and
        ForbiddenTransitionError for what changes nothing: who wrote the scenario is to see it.
        """
        wanted = [each for each, name in self.timeline.names.items() if name == act.ticket]
        if not wanted:
            raise NotFoundError(f"{act.ticket} has not come in yet")
        context = self.context(f"staff:{act.by}")
        before = last_of_chain(context, wanted[0])
        do(kind, context, wanted[0], act, until)
        after = last_of_chain(context, wanted[0])
        if before is not None and after is not None and after.version == before.version:
            by = after.escalation.acknowledged_by
            why = (
                f"already acknowledged by {by}" if kind == "acknowledge" and by else "is so already"
            )
            raise ForbiddenTransitionError(why)

    def say(self, said: Away | Back, site_id: str, until: datetime | None) -> None:
        """A member, or a lead for them, says that they are away or back."""
        by = said.by or said.member
        context = self.context(f"staff:{by}")
        principal = Principal(id=by, policy=context.policy.policy)
        statement = Statement(member=said.member, away=isinstance(said, Away), until=until)
        presence.say(context, principal, site_id, statement)

    # How it happens

    def process(self, what: Callable[[], object], about: Moment) -> bool:
        """Let a process of the deployment run; False if it died. What it was refused, and what it
        left behind, is in the timeline.
        """
        died = False
        try:
            what()
        except Died:
            died = True
            self.timeline.add(replace(about, event="died", why="the process was killed"))
        except TriagewireError as error:
            self.timeline.add(replace(about, event="refused", why=str(error)))
        except Exception as error:
            why = f"an error that nobody foresaw: {type(error).__name__}"
            self.timeline.add(replace(about, event="failed", why=why))
        self._take_down()
        return not died

    def context(self, actor: str) -> Context:
        """The surroundings of one invocation."""
        return Context(
            tables=self.tape.as_tables,
            policy=self.published,
            now=self.now,
            actor=actor,
            identity_key=IDENTITY_KEY,
            publish=self._publish,
            later=self._bring_back,
            subscribed=self._subscribed if self._asks_for_subscriptions else None,
        )

    def _bring_back(self, pk: str, sk: str, wait: timedelta) -> None:
        """What the queue of replies does with what is due; the sweep finds what is to wait."""
        if not wait:
            send(self.context("system:score_route"), pk, sk, _mailed)

    @property
    def _asks_for_subscriptions(self) -> bool:
        """Without any that is missing, all are known to be there."""
        return any(each.kind == "unsubscribed" for each in self.scenario.happenings)

    def _publish(self, bundle: Bundle, way: Way) -> None:
        """What SNS does: it takes the message, or fails where the scenario wants it."""
        self.tape.about_to_write()
        refused = self.phones.refuses(bundle.person, way, self.now)
        self.timeline.published(self.now, bundle, way, failed=refused)
        if refused:
            raise WayDownError
        after = self.phones.gives_up_after(bundle.person, way, self.now)
        if after is not None:
            lost = Undelivered(message=bundle.id, person=bundle.person, way=way)
            self.lost.append((self.now + after, lost))

    def _subscribed(self) -> list[Subscription]:
        return self.phones.subscriptions(self.published.policy, self.now)

    def _state(self, ticket_id: str, verdict: Verdict) -> None:
        """Give a ticket the verdict that the scenario states: it is not scored then."""
        ticket = load_ticket(self.tape.as_tables, ticket_id)
        if ticket is None:
            return
        self.timeline.stated.add(ticket_id)
        entry = Entry(action=Action.SCORED, why="stated by the scenario")
        change = Change(before=ticket, after=replace(ticket, verdict=verdict), entries=(entry,))
        with self.tape.spared():  # no process of the deployment writes this
            Plan(changes=[change]).commit(self.context(SET_UP))

    def _take_down(self) -> None:
        """Put into the timeline what the ledger and the phones have got since the last time."""
        places, self.tape.recorded = self.tape.recorded, []
        events = {
            (subject, event.sequence): event
            for subject in {subject for subject, _ in places}
            for event in read_events(self.tape.as_tables, subject, self._known.get(subject, 0))
        }
        for subject, sequence in places:
            self._known[subject] = sequence
        self.timeline.record(events[place] for place in places)
        self.timeline.told()


def _without_silence(policy: Policy) -> Policy:
    """The policy with sources that may be silent: what a scenario does not send is not missed."""
    sites = {
        name: replace(
            site,
            sources={
                key: replace(source, silent_after_minutes=None)
                for key, source in site.sources.items()
            },
        )
        for name, site in policy.sites.items()
    }
    return replace(policy, sites=sites)


def _mailed(_leaving: Leaving) -> None:
    """The mail service takes every automatic text."""
