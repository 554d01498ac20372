"""The firewall slows a flood down and turns no message away, and tells nobody what it saw."""

import json
from typing import Any

import pytest

from tests.template import resources

(ACL,) = (each["Properties"] for each in resources("AWS::WAFv2::WebACL").values())
(LOGGING,) = (each["Properties"] for each in resources("AWS::WAFv2::LoggingConfiguration").values())
RULES: dict[str, dict[str, Any]] = {each["Name"]: each for each in ACL["Rules"]}
RATES = {name: rule for name, rule in RULES.items() if "RateBasedStatement" in rule["Statement"]}
MANAGED = {name: rule for name, rule in RULES.items() if name not in RATES}


def test_what_no_rule_names_is_let_through() -> None:
    assert ACL["DefaultAction"] == {"Allow": {}}


@pytest.mark.parametrize("name", sorted(RATES))
def test_who_is_too_fast_is_asked_to_come_again(name: str) -> None:
    response = RATES[name]["Action"]["Block"]["CustomResponse"]

    assert response["ResponseCode"] == 429
    assert "Retry-After" in {each["Name"] for each in response["ResponseHeaders"]}


@pytest.mark.parametrize("name", sorted(MANAGED))
@pytest.mark.parametrize("path", ["/webhook/", "/desk/", "/feedback/"])
def test_no_rule_of_somebody_else_judges_a_message_or_an_act_of_staff(name: str, path: str) -> None:
    group = MANAGED[name]["Statement"]["ManagedRuleGroupStatement"]

    left_out = group["ScopeDownStatement"]["NotStatement"]

    assert path in json.dumps(left_out)


@pytest.mark.parametrize("name", sorted(MANAGED))
def test_what_stands_in_a_body_is_counted_at_most(name: str) -> None:
    group = MANAGED[name]["Statement"]["ManagedRuleGroupStatement"]
    counted = {
        each["Name"]
        for each in group.get("RuleActionOverrides", [])
        if each["ActionToUse"] == {"Count": {}}
    }
    of_bodies = {
        "AWSManagedRulesCommonRuleSet": {
            "SizeRestrictions_BODY",
            "CrossSiteScripting_BODY",
            "GenericLFI_BODY",
            "GenericRFI_BODY",
            "EC2MetaDataSSRF_BODY",
        },
        "AWSManagedRulesKnownBadInputsRuleSet": {
            "JavaDeserializationRCE_BODY",
            "Log4JRCE_BODY",
        },
    }

    assert counted >= of_bodies.get(group["Name"], set())


def test_no_request_is_kept_as_a_sample() -> None:
    visible = [ACL["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in RULES.values())]

    assert not any(each["SampledRequestsEnabled"] for each in visible)


def test_its_log_holds_no_path_no_query_and_nobody_s_token() -> None:
    fields = json.dumps(LOGGING["RedactedFields"]).lower()

    for hidden in ("uripath", "querystring", "authorization", "cookie"):
        assert hidden in fields
