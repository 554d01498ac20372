"""A requester comes to who knows them, if that one is at work and has room."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.deployment import forget
from tests.aws.said import APPOINTMENT, HOURS, REFILL
from tests.aws.senders import ADA, by_phone, by_portal
from tests.builders import MEMBERS, a_policy, a_requester, a_site, a_ticket, minutes
from triagewire import aws
from triagewire.flow.context import Context
from triagewire.flow.continuity import last_handler, remember
from triagewire.flow.policies import current_policy
from triagewire.ledger.event import Action

TOMORROW = timedelta(days=1)
HANDLERS = "HANDLER#"


def settled(clinic: Clinic, who: str = "nell") -> str:
    """A patient's refill, settled by somebody; returns the ticket."""
    ticket_id = clinic.take(by_portal(REFILL, clinic.now, "first"))
    clinic.resolve(ticket_id, who)
    return ticket_id


def kept(clinic: Clinic) -> list[str]:
    return [item["pk"]["S"] for item in clinic.items() if item["pk"]["S"].startswith(HANDLERS)]


def why(clinic: Clinic, ticket_id: str) -> str:
    (routed,) = [each for each in clinic.ledger(ticket_id) if each.action is Action.ROUTED]
    return routed.why


def test_the_next_ticket_goes_to_who_settled_the_last_one(clinic: Clinic) -> None:
    for owner in ("nell", "nick"):
        clinic.take(by_portal(REFILL, clinic.now, f"of-{owner}", a_requester(patient_id=owner)))
    settled(clinic)
    clinic.now += TOMORROW

    again = clinic.take(by_portal(REFILL, clinic.now, "second"))

    assert clinic.ticket(again).assignee == "nell"
    assert "has worked for this requester before" in why(clinic, again)


def test_somebody_else_comes_to_whoever_has_room(clinic: Clinic) -> None:
    settled(clinic, "nell")
    settled_again = clinic.take(by_portal(REFILL, clinic.now, "x", a_requester(patient_id="B-2")))

    assert "before" not in why(clinic, settled_again)


def test_a_handler_of_another_team_is_not_asked(clinic: Clinic) -> None:
    settled(clinic)
    clinic.now += TOMORROW

    ticket_id = clinic.take(by_portal(APPOINTMENT, clinic.now, "second"))

    assert clinic.ticket(ticket_id).assignee == "sami"


def test_after_the_days_of_continuity_nobody_is_preferred(clinic: Clinic) -> None:
    ticket = clinic.ticket(settled(clinic))
    at_hand = _context(clinic)

    last_day = replace(at_hand, now=clinic.now + timedelta(days=30) - minutes(1))
    assert last_handler(last_day, ticket) is not None
    assert last_handler(replace(at_hand, now=clinic.now + timedelta(days=30)), ticket) is None


def test_who_left_the_roster_is_not_asked(clinic: Clinic) -> None:
    ticket = clinic.ticket(settled(clinic))
    without = {name: member for name, member in MEMBERS.items() if name != "nell"}
    clinic.publish(a_policy(site=a_site(members=without)))
    forget()

    assert last_handler(_context(clinic), ticket) is None


def test_an_automatic_answer_makes_nobody_a_handler(clinic: Clinic) -> None:
    clinic.take(by_portal(HOURS, clinic.now, "first"))

    assert kept(clinic) == []


def test_the_key_holds_a_hash_and_nothing_of_the_patient(clinic: Clinic) -> None:
    settled(clinic)

    (key,) = kept(clinic)
    assert key.startswith("HANDLER#north#")
    assert str(ADA.patient_id).lower() not in key.lower()


def test_a_caller_without_a_patient_id_is_known_by_the_phone(clinic: Clinic) -> None:
    by_voice = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.resolve(by_voice, "rhea")
    clinic.now += TOMORROW

    again = clinic.ticket(clinic.take(by_phone(REFILL, clinic.now, "call-2")))

    handler = last_handler(_context(clinic), again)
    assert handler is not None
    assert handler.member == "rhea"


@pytest.mark.parametrize("known_as", [(), ("a-hash",)])
def test_a_site_may_do_without(clinic: Clinic, known_as: tuple[str, ...]) -> None:
    clinic.publish(a_policy(site=a_site(continuity_days=0)))
    forget()
    ticket = a_ticket(known_as=known_as)

    assert remember(_context(clinic), ticket, "nell") == ()
    assert last_handler(_context(clinic), ticket) is None


def test_nobody_is_kept_for_a_requester_who_cannot_be_known_again(clinic: Clinic) -> None:
    assert remember(_context(clinic), a_ticket(known_as=()), "nell") == ()
    assert remember(_context(clinic), a_ticket(known_as=("a-hash",)), "stranger") == ()


def _context(clinic: Clinic) -> Context:
    policy = current_policy().get()
    return Context(tables=aws.tables(), policy=policy, now=clinic.now, actor="staff:nell")
