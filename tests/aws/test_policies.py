"""The policy at run time: noticed soon, stamped on decisions, and never lost to a bad version."""

from dataclasses import replace
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.deployment import forget
from tests.aws.said import CHEST_PAIN, REFILL
from tests.aws.senders import by_phone, by_portal
from tests.builders import a_policy, a_site, a_stamp
from tests.template import ROOT
from triagewire import aws
from triagewire.errors import ConflictError, PolicyMissingError
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.policy.load import load
from triagewire.policy.roster import Member, Role
from triagewire.store import large
from triagewire.store.active import active_version
from triagewire.store.codec import pack
from triagewire.store.ledger import read_events
from triagewire.store.policies import load_policy, load_usable_policy, publish


def spoil(version: int, **attributes: bytes) -> None:
    """Make a stored version unreadable for this code, as one of a newer release would be."""
    key = {"pk": {"S": "POLICY"}, "sk": {"S": f"V#{version:08d}"}}
    client: Any = aws.tables().client
    for name, value in attributes.items():
        client.update_item(
            TableName="tickets",
            Key=key,
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"B": value}},
        )


def test_versions_count_up_and_the_last_one_is_active(clinic: Clinic) -> None:
    assert clinic.publish() == 2
    assert active_version(aws.tables()) == 2


def test_every_publication_is_in_the_ledger_of_the_policy(clinic: Clinic) -> None:
    clinic.publish()

    events = list(read_events(aws.tables(), "POLICY"))

    published = [event for event in events if event.action is Action.POLICY_PUBLISHED]
    assert [event.detail["version"] for event in published] == [1, 2]
    assert first_fault("POLICY", events, len(events), events[-1].hash) is None


def test_who_gains_or_loses_access_by_a_publication_is_in_the_ledger(clinic: Clinic) -> None:
    policy = a_policy()
    north = policy.sites["north"]
    nick = replace(north.members["nick"], teams=("billing",), roles=(Role.LEAD,))
    left = {name: each for name, each in north.members.items() if name != "nell"}
    changed = replace(north, members={**left, "nick": nick, "new": Member(name="New Hand")})

    clinic.publish(replace(policy, sites={**policy.sites, "north": changed}))

    last = list(read_events(aws.tables(), "POLICY"))[-1]
    assert (last.action, last.why) == (Action.ACCESS_CHANGED, "the roster was changed")
    assert last.detail["gained"] == [
        "north/new",
        "north/new: role agent",
        "north/nick: role lead",
        "north/nick: team billing",
    ]
    lost = last.detail["lost"]
    assert isinstance(lost, list)
    assert {"north/nell", "north/nick: role agent"} <= set(lost)


def test_a_policy_that_changes_nobodys_access_says_nothing_of_it(clinic: Clinic) -> None:
    clinic.publish()

    actions = [event.action for event in read_events(aws.tables(), "POLICY")]

    assert actions == [Action.POLICY_PUBLISHED, Action.ACCESS_CHANGED, Action.POLICY_PUBLISHED]


def test_of_two_who_publish_at_once_only_one_wins(clinic: Clinic) -> None:
    client = aws.tables().client
    stale = client.get_item(TableName="tickets", Key={"pk": {"S": "POLICY"}, "sk": {"S": "ACTIVE"}})
    clinic.publish()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triagewire.store.policies.get_item", lambda *_args: stale["Item"])
        with pytest.raises(ConflictError):
            publish(aws.tables(), a_policy(), a_stamp())


def test_every_decision_is_stamped_with_the_version_it_was_made_under(clinic: Clinic) -> None:
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.publish()
    forget()
    second = clinic.take(by_phone(CHEST_PAIN, clinic.now, "call-1"))

    assert {event.policy_version for event in clinic.ledger(first)} == {1}
    assert {event.policy_version for event in clinic.ledger(second)} == {2}


def test_a_version_that_cannot_be_read_falls_back_to_the_last_good_one_and_alarms(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.publish()
    spoil(2, document=pack({"group": "of a later release"}))
    forget()

    ticket = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    assert clinic.ticket(ticket).policy_version == 1
    assert clinic.paged() == [clinic.ticket(ticket).assignee]
    assert "PolicyFallback" in capsys.readouterr().out


@pytest.mark.parametrize("document", [b"", b"no zlib", pack(None), pack([])])
def test_no_kind_of_damage_to_the_active_version_stops_the_clinic(
    clinic: Clinic, document: bytes
) -> None:
    clinic.publish()
    spoil(2, document=document)

    assert load_usable_policy(aws.tables(), 2).version == 1


def test_intake_too_falls_back_when_it_cannot_read_the_sources(clinic: Clinic) -> None:
    clinic.publish()
    spoil(2, sources=b"no zlib", document=b"no zlib")
    forget()

    assert clinic.post(by_portal(REFILL, clinic.now, "evt-1"))["statusCode"] == 202


def test_a_warm_function_keeps_its_policy_while_the_table_does_not_answer(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    monkeypatch.setattr("triagewire.flow.policies.active_version", _no_answer)
    _age_caches(monkeypatch)

    clinic.take(by_phone(CHEST_PAIN, clinic.now, "call-1"))

    assert len(clinic.paged()) == 1


def test_before_any_policy_was_published_nothing_is_usable(bare_clinic: Clinic) -> None:
    with pytest.raises(PolicyMissingError):
        active_version(aws.tables())


def test_the_open_tickets_of_a_site_that_the_policy_dropped_are_served_and_alarm(
    clinic: Clinic,
) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1", site="west"))
    only_north = a_policy()
    del only_north.sites["west"]  # type: ignore[attr-defined]
    clinic.publish(only_north)
    forget()

    result = clinic.sweep(clinic.tickets()[0].timer.at)  # type: ignore[union-attr]

    assert (result["SiteMissing"], result["Failed"]) == (1, 0)
    assert result["Steps"] == 1


def test_the_rules_are_stored_with_the_policy(clinic: Clinic) -> None:
    rules = {"it": {"rules": {"vpn": {"score": 2}}}}
    clinic.publish(a_policy(site=a_site(), rules=rules))

    assert load_usable_policy(aws.tables(), 2).policy.rules == rules


def _no_answer(_tables: object) -> int:
    raise TimeoutError


def _age_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    later = time.monotonic() + 3600
    monkeypatch.setattr("triagewire.cache.time.monotonic", lambda: later)


def test_a_policy_that_outgrows_an_item_is_read_back_whole(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MOST_BYTES", 100)

    version = clinic.publish()

    assert load_policy(aws.tables(), version).policy == a_policy()
    parts = [item["sk"]["S"] for item in clinic.items() if "V#00000002" in item["sk"]["S"]]
    assert len(parts) > 2


def test_a_policy_that_has_lost_a_part_is_passed_over(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MOST_BYTES", 100)
    version = clinic.publish()
    client: Any = aws.tables().client
    client.delete_item(
        TableName="tickets", Key={"pk": {"S": "POLICY"}, "sk": {"S": "V#00000002#2"}}
    )

    assert load_usable_policy(aws.tables(), version).version == version - 1


def test_no_item_of_the_shipped_policy_comes_near_what_an_item_may_hold(clinic: Clinic) -> None:
    clinic.publish(load(ROOT / "policy").policy)

    sizes = [len(item.get("document", {}).get("B", b"")) for item in clinic.items()]

    assert max(sizes) <= large.MOST_BYTES
