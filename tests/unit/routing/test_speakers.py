"""A ticket goes to somebody who reads its language, if one is at work, and waits for nobody."""

from dataclasses import replace

from tests.builders import AT_NIGHT, MEMBERS, MONDAY_MORNING, a_site
from triagewire.routing.balance import Crew, Load, Wanted, choose_member
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency

VIETNAMESE = {"nell": replace(MEMBERS["nell"], languages=("en", "vi"))}
SITE = a_site(members=MEMBERS | VIETNAMESE)
IDLE: dict[str, Load] = {}


def chosen(
    language: str,
    team: str = "clinical",
    urgency: Urgency = Urgency.CLINICAL_STANDARD,
    loads: dict[str, Load] = IDLE,
) -> tuple[str | None, str]:
    crew = Crew(site=SITE, team=team, now=MONDAY_MORNING, loads=loads)
    return choose_member(crew, Wanted(urgency=urgency, language=language))


def test_a_speaker_gets_it_although_others_carry_less() -> None:
    loads = {"nell": Load(member="nell", weight=9)}

    member, why = chosen("vi", loads=loads)

    assert (member, why.endswith("speaks Vietnamese")) == ("nell", True)


def test_without_a_speaker_it_goes_on_as_always_and_says_what_is_needed() -> None:
    member, why = chosen("ht")

    assert member == chosen("")[0]
    assert why.endswith("needs an interpreter: Haitian Creole")


def test_a_reviewer_learns_who_of_another_team_speaks_it() -> None:
    member, why = chosen("vi", team=REVIEW)

    assert member == "rhea"
    assert why.endswith("needs an interpreter: Vietnamese, on duty: nell of clinical")


def test_an_urgent_ticket_waits_for_no_speaker_who_is_at_capacity() -> None:
    site = a_site(members=MEMBERS | {"nell": replace(VIETNAMESE["nell"], capacity=1)})
    loads = {"nell": Load(member="nell", weight=5)}

    crew = Crew(site=site, team="clinical", now=MONDAY_MORNING, loads=loads)
    member, why = choose_member(crew, Wanted(urgency=Urgency.CLINICAL_URGENT, language="vi"))

    assert member != "nell"
    assert "needs an interpreter: Vietnamese" in why


def test_a_region_is_no_other_language() -> None:
    assert chosen("vi-VN")[0] == "nell"


def test_nobody_at_work_is_said_together_with_the_language() -> None:
    crew = Crew(site=SITE, team="clinical", now=AT_NIGHT)
    member, why = choose_member(crew, Wanted(urgency=Urgency.CLINICAL_STANDARD, language="es"))

    assert member is None
    assert why == "nobody of the team is on duty; needs an interpreter: Spanish"


def test_a_language_that_nobody_could_name_is_said_too() -> None:
    assert "needs an interpreter" in chosen("und")[1]


def test_a_ticket_in_no_special_language_says_nothing_of_it() -> None:
    assert "speaks" not in chosen("")[1]
    assert "interpreter" not in chosen("")[1]
