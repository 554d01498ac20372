"""What a person is told, and what they are never told."""

from tests.builders import MONDAY_MORNING
from triagewire.escalation.notice import SUBJECT, Bundle, Notice, NoticeKind
from triagewire.ladder import Way
from triagewire.verdict import Urgency

BREACH = Notice(
    id="T1-breach",
    kind=NoticeKind.BREACH,
    person="nora",
    ticket_id="T1",
    site="north",
    team="clinical",
    urgency=Urgency.CLINICAL_STANDARD,
    elapsed_minutes=120,
    due_at=MONDAY_MORNING,
    assignee=None,
    at=MONDAY_MORNING,
)


def test_a_notice_says_where_how_urgent_how_old_who_holds_it_and_where_to_look() -> None:
    assert BREACH.text("https://desk.clinic.example/", lambda _: "") == (
        "BREACH for nora: ticket T1\n"
        "site north, team clinical, urgency 4\n"
        "open for 2 h, held by nobody\n"
        "due 2026-03-02 14:00 UTC\n"
        "https://desk.clinic.example/desk/tickets/T1"
    )


def test_a_subscription_can_filter_by_kind_site_team_person_way_and_urgency() -> None:
    message = Bundle(person="nora", site="north", notices=(BREACH,))

    assert message.attributes(Way.EMAIL) == {
        "notice": "T1-breach",
        "kind": "breach",
        "site": "north",
        "team": "clinical",
        "person": "nora",
        "urgency": "4",
        "way": "email",
        "count": "1",
        "copy": "first",
    }


def test_the_subject_is_the_same_for_every_notice() -> None:
    assert SUBJECT == "Triagewire"
