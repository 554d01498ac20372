"""`make audit` finds what it is there to find, and excuses nothing without a reason."""

import json
from collections.abc import Callable
from copy import deepcopy
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from infra.audit import house_access, house_data, house_running
from infra.audit.expanding import expand
from infra.audit.findings import Finding, Waiver, WaiverError, read_waivers, tally
from infra.audit.model import Model
from tests.template import ROOT, TEMPLATE, resources, template

RULES = {
    each.__name__: each for each in (*house_access.RULES, *house_data.RULES, *house_running.RULES)
}
LOCK = ROOT / "infra" / "audit" / "package-lock.json"
WAIVERS = ROOT / "infra" / "audit-waivers.json"
type Resources = dict[str, Any]


@cache
def _expanded() -> Resources:
    """As in a real account: the firewall, backups and shares are there."""
    found: Resources = expand(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
    return found


@pytest.mark.parametrize("rule", RULES)
def test_the_template_keeps_every_rule_of_our_own(rule: str) -> None:
    broken = [name for name, kept in RULES[rule](Model(_expanded())) if not kept]

    assert broken == []


def _without(resource: str, *path: str) -> Callable[[Resources], None]:
    def remove(found: Resources) -> None:
        node = found[resource]["Properties"]
        for each in path[:-1]:
            node = node[each]
        del node[path[-1]]

    return remove


def _open_acknowledging(found: Resources) -> None:
    paths = found["Api"]["Properties"]["Body"]["paths"]
    paths["/acknowledge/{token}"]["post"]["security"] = [{"NONE": []}]


def _read_webhooks(found: Resources) -> None:
    for rule in found["FirewallAcl"]["Properties"]["Rules"]:
        group = rule["Statement"].get("ManagedRuleGroupStatement", {})
        group.pop("ScopeDownStatement", None)


def _let_desk_delete_events(found: Resources) -> None:
    for each in found["DeskPolicy"]["Properties"]["PolicyDocument"]["Statement"]:
        if each["Sid"] == "LedgerAppendAndRead":
            each["Action"].append("dynamodb:DeleteItem")


def _keep_tickets_for_years(found: Resources) -> None:
    chosen = found["LedgerSelection"]["Properties"]["BackupSelection"]["Resources"]
    chosen.append({"Fn::GetAtt": ["TicketsTable", "Arn"]})


def _log_addresses(found: Resources) -> None:
    stage = found["ApiStage"]["Properties"]
    stage["AccessLogSetting"]["Format"] = '{"from":"$context.identity.sourceIp"}'


def _lock_for_a_year(found: Resources) -> None:
    lock = found["AuditBucket"]["Properties"]["ObjectLockConfiguration"]
    lock["Rule"]["DefaultRetention"]["Years"] = 1


@pytest.mark.parametrize(
    ("rule", "harm"),
    [
        ("every_route_but_webhooks_asks_who_comes", _open_acknowledging),
        ("no_firewall_rule_drops_a_message", _read_webhooks),
        ("the_ledger_is_only_added_to", _let_desk_delete_events),
        ("backups_of_texts_end_soon", _keep_tickets_for_years),
        ("the_api_logs_nobody_and_keeps_nothing", _log_addresses),
        ("the_ledger_has_locked_copies", _lock_for_a_year),
        ("the_ledger_table_refuses_changes", _without("LedgerTable", "ResourcePolicy")),
        ("everything_has_a_key_of_the_group", _without("PagesTopic", "KmsMasterKeyId")),
        ("what_holds_data_is_tagged", _without("TicketsTable", "Tags")),
        ("each_function_keeps_its_share", _without("DeskFunction", "ReservedConcurrentExecutions")),
        (
            "a_bad_record_is_put_aside",
            _without("ScoreRouteFunctionNewMessages", "DestinationConfig"),
        ),
        ("alarms_reach_somebody", _without("LedgerAlteredAlarm", "AlarmActions")),
    ],
)
def test_a_protection_that_is_taken_out_is_missed(
    rule: str, harm: Callable[[Resources], None]
) -> None:
    harmed = deepcopy(_expanded())
    harm(harmed)

    assert not all(kept for _, kept in RULES[rule](Model(harmed)))


def test_a_finding_without_a_waiver_stays_open() -> None:
    found = Finding("checkov", "CKV_AWS_1", "DeskFunction", passed=False)
    other = Waiver("CKV_AWS_1", "IntakeFunction", "a reason that is about another function")

    assert tally("checkov", [found], [other]).open == [found]


def test_a_waiver_without_a_reason_is_refused(tmp_path: Any) -> None:  # noqa: ANN401
    path = tmp_path / "waivers.json"
    path.write_text('[{"rule": "*", "resource": "*", "reason": "later"}]', encoding="utf-8")

    with pytest.raises(WaiverError, match="gives no reason"):
        read_waivers(path)


@pytest.mark.parametrize(
    "waiver", read_waivers(WAIVERS), ids=lambda each: f"{each.rule}-{each.resource}"
)
def test_a_waiver_speaks_of_something_that_is_there(waiver: Waiver) -> None:
    assert any(fnmatchcase(each, waiver.resource) for each in _expanded())


def test_what_npm_brings_is_pinned_by_its_hash_and_by_no_registry() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    brought = [each for name, each in packages.items() if name and not each.get("inBundle")]

    assert brought
    assert all(each["integrity"].startswith("sha512-") for each in brought)
    assert not any("resolved" in each for each in packages.values())


@pytest.mark.parametrize("role", resources("AWS::IAM::Role"))
def test_an_account_can_bound_every_role(role: str) -> None:
    bound = resources("AWS::IAM::Role")[role]["Properties"]["PermissionsBoundary"]

    assert bound["Fn::If"][:2] == ["HasPermissionsBoundary", {"Ref": "PermissionsBoundary"}]


def test_no_library_could_write_an_answer_or_an_error_into_a_trace() -> None:
    told = template()["Globals"]["Function"]["Environment"]["Variables"]

    assert told["POWERTOOLS_TRACER_CAPTURE_RESPONSE"] == "false"
    assert told["POWERTOOLS_TRACER_CAPTURE_ERROR"] == "false"


def test_an_address_meets_the_limit_of_the_api_before_that_of_the_firewall() -> None:
    told = template()["Parameters"]

    assert told["FirewallRate"]["Default"] > told["WebhookRate"]["Default"] * 300
