"""Which queue: what scoring says, what the rules of the site say, and what no rule may do."""

from dataclasses import replace

import pytest

from tests.builders import (
    MEMBERS,
    a_message,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
)
from tests.unit.routing.ruled import STAFFED, a_site_with
from triagewire.arrival import Channel, RequesterKind, StaffRequest
from triagewire.policy.roster import RoutingRule, When
from triagewire.routing.queueing import (
    Facts,
    facts_of,
    queue_of,
    takes_clinical_work,
)
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency, Verdict

EHR_DOWN = a_verdict(3, team="it_ehr", topic="clinical_system")
REFILL = a_verdict(4)


@pytest.mark.parametrize(
    ("verdict", "queue"),
    [
        (a_verdict(5), "clinical"),
        (a_verdict(4), "clinical"),
        (a_verdict(3), "billing"),
        (a_verdict(2), "scheduling"),
        (a_verdict(2, team="it_ehr", topic="ehr"), "it"),
        (for_review(candidate=4), REVIEW),
        (a_verdict(5, review=True), "clinical"),
        (a_verdict(2, team="pharmacy"), REVIEW),
    ],
    ids=[
        "chest pain",
        "refill",
        "prior authorisation",
        "appointment",
        "a team that another one stands in for",
        "doubt",
        "urgent, although in doubt",
        "a team that this site does not have",
    ],
)
def test_each_verdict_has_its_queue(verdict: Verdict, queue: str) -> None:
    assert queue_of(verdict, a_site()).team == queue


# What a rule asks for


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        (When(sources=("it-form",)), Facts(source="it-form")),
        (When(channels=("chat",)), Facts(channel="chat")),
        (When(topics=("clinical_system",)), Facts()),
        (When(teams=("it_ehr",)), Facts()),
        (When(applications=("Epic",)), Facts(application="Epic Hyperspace (prod)")),
        (When(departments=("front desk",)), Facts(department="Front Desk, 2nd floor")),
        (When(languages=("en",)), Facts()),
        (When(usual_teams=("it",)), Facts(usual_team="it")),
        (When(sources=("chat", "IT-Form")), Facts(source="it-form")),
    ],
    ids=[
        "source",
        "channel",
        "topic",
        "verdict team",
        "application",
        "department",
        "language",
        "usual team",
        "one of several values, whatever the case",
    ],
)
def test_a_rule_that_describes_a_request_sends_it_to_its_team(when: When, facts: Facts) -> None:
    to = queue_of(EHR_DOWN, a_site_with(when, team="epic"), facts)

    assert (to.team, to.why) == ("epic", "routing rule special sends it to epic")


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        (When(), Facts(source="it-form", application="Epic")),
        (When(sources=("",)), Facts()),
        (When(applications=("",)), Facts(application="Epic")),
        (When(applications=("--",)), Facts(application="Epic -- prod")),
        (When(departments=(" ",)), Facts()),
        (When(usual_teams=("",)), Facts()),
        (When(languages=("",)), Facts()),
    ],
    ids=[
        "nothing is asked",
        "a blank source",
        "a blank application",
        "an application without a letter",
        "a blank department, and none stated",
        "a blank team, and no usual one",
        "a blank language",
    ],
)
def test_blank_never_matches(when: When, facts: Facts) -> None:
    assert queue_of(EHR_DOWN, a_site_with(when, team="epic"), facts).team == "it"


def test_every_field_of_a_rule_must_match() -> None:
    site = a_site_with(When(applications=("Epic",), departments=("lab",)), team="epic")

    assert queue_of(EHR_DOWN, site, Facts(application="Epic", department="Lab")).team == "epic"
    assert queue_of(EHR_DOWN, site, Facts(application="Epic", department="Ward 3")).team == "it"


@pytest.mark.parametrize("stated", ["Epicor ERP", "repic", "Ep ic", "Hyperspace"])
def test_applications_match_by_whole_words(stated: str) -> None:
    site = a_site_with(When(applications=("Epic",)), team="epic")

    assert queue_of(EHR_DOWN, site, Facts(application=stated)).team == "it"


def test_a_name_of_two_words_matches_as_it_stands_and_not_scattered() -> None:
    site = a_site_with(When(departments=("front desk",)), team="epic")

    assert queue_of(EHR_DOWN, site, Facts(department="the front-desk")).team == "epic"
    assert queue_of(EHR_DOWN, site, Facts(department="desk at the front")).team == "it"


def test_a_language_matches_whatever_its_country() -> None:
    site = a_site_with(When(languages=("pt-BR",)), team="epic")

    assert queue_of(replace(EHR_DOWN, language="pt"), site).team == "epic"
    assert queue_of(EHR_DOWN, site).team == "it"


def test_the_first_rule_that_matches_wins() -> None:
    rules = {
        "lab": RoutingRule(when=When(departments=("lab",)), team="billing"),
        "ehr": RoutingRule(when=When(teams=("it_ehr",)), team="epic"),
        "all-it": RoutingRule(when=When(teams=("it_ehr",)), team="portal"),
    }

    assert queue_of(EHR_DOWN, a_site_with(When(), routing=rules)).team == "epic"


def test_a_skill_alone_leaves_the_queue_as_it_is() -> None:
    to = queue_of(EHR_DOWN, a_site_with(When(topics=("clinical_system",)), skill="interfaces"))

    assert (to.team, to.skill) == ("it", "interfaces")
    assert to.why == "clinical_system is handled by it; routing rule special asks for a skill"


def test_a_rule_may_name_a_team_and_a_skill() -> None:
    site = a_site_with(When(topics=("clinical_system",)), team="epic", skill="interfaces")

    assert queue_of(EHR_DOWN, site).skill == "interfaces"


def test_what_no_team_handles_may_have_a_queue_by_a_rule() -> None:
    strange = a_verdict(2, team="pharmacy", topic="delivery")

    assert queue_of(strange, a_site_with(When(teams=("pharmacy",)), team="billing")).team == (
        "billing"
    )


def test_the_reason_repeats_nothing_of_the_request() -> None:
    stated = "Epic, as Ada Marlow 555-0144 saw it"
    site = a_site_with(When(applications=("Epic",)), team="epic")

    to = queue_of(EHR_DOWN, site, Facts(application=stated, department="Ward of Ada Marlow"))

    assert to.team == "epic"
    assert "Marlow" not in to.why
    assert "Epic" not in to.why


# What no rule may do


def test_no_rule_moves_what_is_clinical_urgent() -> None:
    to = queue_of(a_verdict(5), a_site_with(When(topics=("symptom",)), team="refills"))

    assert to.team == "clinical"
    assert "routing rule special is passed over: it may not move what is clinical urgent" in to.why


def test_an_urgent_ticket_may_ask_for_a_skill() -> None:
    to = queue_of(a_verdict(5), a_site_with(When(topics=("symptom",)), skill="cardiology"))

    assert (to.team, to.skill) == ("clinical", "cardiology")


def test_no_rule_takes_a_ticket_out_of_review() -> None:
    site = a_site_with(When(teams=("scheduling",)), team="scheduling", skill="forms")

    assert queue_of(for_review(), site).team == REVIEW
    assert queue_of(for_review(), site).skill == ""


def test_clinical_work_may_go_to_a_team_whose_members_are_all_in_the_clinical_one() -> None:
    assert queue_of(REFILL, a_site_with(When(topics=("refill",)), team="refills")).team == "refills"


def test_clinical_work_goes_to_nobody_who_may_not_open_it() -> None:
    to = queue_of(REFILL, a_site_with(When(topics=("refill",)), team="scheduling"))

    assert to.team == "clinical"
    assert to.why == (
        "refill is handled by clinical; "
        "routing rule special is passed over: scheduling takes no clinical work"
    )


def test_one_member_outside_the_clinical_team_keeps_clinical_work_out_of_a_queue() -> None:
    mixed = STAFFED | {"sami": replace(MEMBERS["sami"], teams=("scheduling", "refills"))}
    site = a_site_with(When(topics=("refill",)), team="refills", members=mixed)

    assert not takes_clinical_work(site, "refills")
    assert queue_of(REFILL, site).team == "clinical"


def test_what_may_be_clinical_counts_as_clinical() -> None:
    unsure = a_verdict(2, candidate=Urgency.CLINICAL_STANDARD)

    assert queue_of(unsure, a_site_with(When(teams=("scheduling",)), team="billing")).team == (
        "scheduling"
    )


def test_a_rule_that_is_passed_over_lets_the_next_one_try() -> None:
    rules = {
        "wrong": RoutingRule(when=When(topics=("refill",)), team="billing"),
        "empty": RoutingRule(when=When(topics=("refill",))),
        "right": RoutingRule(when=When(topics=("refill",)), team="refills"),
    }

    assert queue_of(REFILL, a_site_with(When(), routing=rules)).team == "refills"


def test_a_rule_whose_team_is_gone_puts_the_ticket_before_a_person() -> None:
    to = queue_of(EHR_DOWN, a_site_with(When(teams=("it_ehr",)), team="epic-experts"))

    assert to.team == REVIEW
    assert to.why == "routing rule special names a team that this site does not have"


# The facts of a request


def test_the_facts_are_those_of_the_ticket_and_of_its_first_message() -> None:
    asked = StaffRequest(application="Epic", department="Lab")
    message = a_message(channel=Channel.CHAT, staff_request=asked)

    staff = a_requester(kind=RequesterKind.STAFF)
    facts = facts_of(a_ticket(source="it-form", requester=staff), message, "it")

    assert facts == Facts(
        source="it-form", channel="chat", application="Epic", department="Lab", usual_team="it"
    )


def test_without_the_message_the_channel_is_that_of_the_ticket() -> None:
    assert facts_of(a_ticket()) == Facts(source="portal", channel="ehr")


def test_what_a_patients_form_states_as_an_application_or_department_moves_nothing() -> None:
    asked = StaffRequest(application="Epic", department="Lab")

    facts = facts_of(a_ticket(), a_message(staff_request=asked))

    assert (facts.application, facts.department) == ("", "")
