"""Who hears of a report, and how: leads and administrators, by mail, and nobody twice."""

import json
from dataclasses import replace

import pytest

from ops.subscribing import attributes_of
from tests.builders import MEMBERS, MONDAY_MORNING, a_site
from triagewire.escalation.addresses import Address
from triagewire.ladder import Way
from triagewire.measures.due import Due, Each
from triagewire.policy.model import Site
from triagewire.reporting import addressed, readers

WHAT = Due(each=Each.DAILY, site="north", period=Each.DAILY.of(MONDAY_MORNING.date()), newest=True)
NORA, DIRECTOR = "nora@north.example", "director@north.example"


def a_site_where(**ways: dict[Way, str]) -> Site:
    members = {name: replace(MEMBERS[name], ways=way) for name, way in ways.items()}
    return a_site(members={**MEMBERS, **members})


def test_leads_and_administrators_with_a_mail_address_are_told() -> None:
    site = a_site_where(
        nora={Way.SMS: "+15550100123", Way.EMAIL: NORA},
        director={Way.EMAIL: DIRECTOR},
        nick={Way.EMAIL: "nick@north.example"},
        bela={Way.SMS: "+15550100124"},
    )

    assert readers(site) == ("director", "nora")
    assert {each["way"] for each in addressed(WHAT, site)} == {"email"}


def test_the_subscriptions_that_people_sync_makes_hear_it() -> None:
    site = a_site_where(nora={Way.EMAIL: NORA})
    (attributes,) = addressed(WHAT, site)

    made = attributes_of(Address(page=False, way=Way.EMAIL, endpoint=NORA), ["nora"], "arn:queue")

    heard = json.loads(made["FilterPolicy"])
    assert all(attributes[name] in allowed for name, allowed in heard.items())


def test_who_hears_the_whole_topic_gets_one_copy() -> None:
    site = a_site_where(nora={Way.EMAIL: NORA}, director={Way.EMAIL: DIRECTOR})

    assert [each["copy"] for each in addressed(WHAT, site)] == ["first", "more"]


def test_where_nobody_has_an_address_the_topic_hears_it() -> None:
    (attributes,) = addressed(WHAT, a_site())

    assert (attributes["way"], attributes["copy"]) == ("topic", "first")


@pytest.mark.parametrize("name", ["site", "notice", "kind", "person", "way", "count", "copy"])
def test_no_attribute_is_empty_as_sns_refuses_one_that_is(name: str) -> None:
    assert all(each[name] for each in addressed(WHAT, a_site()))
