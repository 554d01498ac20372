"""What staff write to requesters, and how requesters say that they were served."""

import re
from dataclasses import dataclass

from local.demo.day import StaffPlan
from local.demo.desk import Desk
from local.demo.notices import outbox
from local.demo.world import HTTP_SECONDS, World

SLIP = "Dear Mr. Lisinopril,"
"""What is taken back before it leaves."""
_LINK = re.compile(r"/feedback/[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a requester's link was answered: when a program looked, when it was tapped, and when
    something was added.
    """

    email: str
    statuses: tuple[int, ...]


def write(desk: Desk, who: str, ticket_id: str, plan: StaffPlan) -> None:
    """Write a reply to the requester of a ticket; take back a slip first, where the plan has one.

    Raises DeskError when it is refused.
    """
    if plan.undo:
        slip = desk.act(who, ticket_id, "reply", text=SLIP)
        desk.act(who, ticket_id, "undo-reply", message=slip["message"])
    desk.act(who, ticket_id, "reply", text=plan.reply)


def answer_how_it_was(world: World, email: str, plan: StaffPlan) -> Answered:
    """Open the last link that a requester was sent, tap an answer, and perhaps add some words."""
    link = _last_link(world, email)
    said = [world.http.get(world.url + link, timeout=HTTP_SECONDS).status_code]
    forms = [{"score": str(plan.tap)}]
    if plan.comment:
        forms.append({"score": str(plan.tap), "comment": plan.comment})
    for form in forms if link else ():
        said.append(world.http.post(world.url + link, data=form, timeout=HTTP_SECONDS).status_code)
    return Answered(email=email, statuses=tuple(said))


def _last_link(world: World, email: str) -> str:
    """The path of the last link that was mailed to somebody; "" for none."""
    found = [
        link for mail in outbox(world) if email in str(mail) for link in _LINK.findall(str(mail))
    ]
    return found[-1] if found else ""
