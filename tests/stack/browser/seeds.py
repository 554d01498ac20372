"""Tickets for the console, written as the flows leave them: a page waits for no pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import Any

from local.demo.world import World
from tests.builders import a_message, a_requester, a_stamp, a_ticket, a_verdict, an_entry
from triagewire.arrival import Attachment, Channel
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action
from triagewire.store.loads import shift
from triagewire.store.messages import add_message
from triagewire.store.table import commit
from triagewire.store.tickets import Change, changed, load_ticket
from triagewire.ticket import REVIEW, Ticket

SITE = "riverside"
REFILL = "Could you renew my lisinopril? I have three tablets left."
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Seeds:
    """Puts tickets onto the tables of a stack."""

    world: World
    now: datetime

    def sow(
        self,
        text: str = REFILL,
        *,
        score: int = 4,
        site: str = SITE,
        subject: str = "Refill",
        name: str = "Ada Marlow",
        files: Sequence[str] = (),
        review: bool = False,
        ago: timedelta = timedelta(minutes=5),
        **changes: Any,  # noqa: ANN401
    ) -> Ticket:
        """A routed ticket that nobody holds, of a mail that came a while `ago`."""
        at, number = self.now - ago, next(_numbers)
        own = ticket_id(site, "mail", token_hex())
        who = a_requester(
            name=name,
            email=f"ada.{number}@mail.example",
            patient_id=f"MRN-{number}",
            phone=f"+1555{7000000 + number}",
        )
        verdict = a_verdict(score, **({"team": REVIEW, "review": True} if review else {}))
        ticket = a_ticket(
            verdict,
            at,
            self.world.site(site),
            **(
                {"id": own, "source": "mail", "requester": who, "channels": (Channel.EMAIL,)}
                | changes
            ),
        )
        self._store(
            replace(ticket, site=site),
            text,
            subject=subject,
            attachments=tuple(Attachment(name=each) for each in files),
        )
        return self.ticket(own)

    def ticket(self, own: str) -> Ticket:
        """A ticket as it stands."""
        stored = load_ticket(self.world.tables, own)
        assert stored is not None
        return stored

    def _store(self, ticket: Ticket, text: str, **said: Any) -> None:  # noqa: ANN401
        whole = replace(ticket, version=0, load=int(ticket.urgency) if ticket.assignee else 0)
        where = an_entry(detail={"team": whole.team, "member": whole.assignee})
        scored = an_entry(action=Action.SCORED, why="clear", detail={"score": int(whole.urgency)})
        stamp = a_stamp(whole.received_at)
        tables = self.world.tables
        change = Change(before=None, after=whole, entries=(scored, where))
        _, writes = changed(tables, change, stamp)
        if whole.assignee and whole.team:
            writes.append(shift(tables, whole.site, whole.assignee, whole.load))
        message = a_message(
            ticket_id=whole.id, at=whole.received_at, channel=whole.channels[0], text=text, **said
        )
        commit(tables, [*writes, add_message(tables, message, whole.site)])
