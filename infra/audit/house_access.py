"""Who may come in, and who may do what."""

import re
from collections.abc import Iterator

from infra.audit.model import Model, is_true, listed, text_of

type Judged = Iterator[tuple[str, bool]]

WITHOUT_RESOURCE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
APPENDS = {"dynamodb:PutItem", "dynamodb:Query", "s3:PutObject", "s3:GetObject", "s3:ListBucket"}
READS_STREAM = {f"dynamodb:{each}" for each in ("DescribeStream", "GetRecords", "ListStreams")} | {
    "dynamodb:GetShardIterator"
}
TEXTS = ("/desk/", "/acknowledge/", "/feedback/")
READS_BODIES = {
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
}


def every_route_but_webhooks_asks_who_comes(model: Model) -> Judged:
    """A route has an authorizer, before code that can read a ticket; webhooks are signed."""
    for name, api in model.of("AWS::ApiGateway::RestApi"):
        for path, methods in api["Body"]["paths"].items():
            for method, each in methods.items():
                if method == "options" or path.startswith("/webhook/"):
                    continue
                security = each.get("security") or [{"NONE": []}]
                yield f"{name} {method} {path}", "NONE" not in security[0]


def the_answer_of_an_authorizer_is_not_kept(model: Model) -> Judged:
    """A cached answer could let in, or keep out, who asks otherwise from the same address."""
    for name, api in model.of("AWS::ApiGateway::RestApi"):
        for scheme in api["Body"]["components"]["securitySchemes"].values():
            told = scheme.get("x-amazon-apigateway-authorizer", {})
            if told.get("type") == "request":
                yield name, told.get("authorizerResultTtlInSeconds") == 0


def staff_have_a_second_factor_and_sign_nobody_up(model: Model) -> Judged:
    """A pool of staff is filled by an administrator, and a password alone opens nothing."""
    for name, pool in model.of("AWS::Cognito::UserPool"):
        made = pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly")
        yield name, pool.get("MfaConfiguration") == "ON" and is_true(made)


def sessions_end(model: Model) -> Judged:
    """Automatic log-off: an hour for a token, half a day for its renewal."""
    for name, client in model.of("AWS::Cognito::UserPoolClient"):
        units = set(client["TokenValidityUnits"].values())
        short = client["AccessTokenValidity"] <= 60 and client["RefreshTokenValidity"] <= 720
        yield name, units == {"minutes"} and short


def no_right_is_on_everything(model: Model) -> Judged:
    """Each right names its action and its resource; only X-Ray's two have none to name."""
    for name, _ in model.of("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        allowed = [each for each in model.statements(name) if each["Effect"] == "Allow"]
        wide = (
            action
            for each in allowed
            for action in map(str, listed(each.get("Action")))
            if "*" in action
            or ("*" in listed(each.get("Resource")) and action not in WITHOUT_RESOURCE)
        )
        yield name, not list(wide)


def the_ledger_is_only_added_to(model: Model) -> Judged:
    """No role may change or remove what the ledger or its locked copies hold."""
    for name, _ in model.of("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        actions = {
            str(action)
            for each in model.statements(name)
            if each["Effect"] == "Allow"
            if any(model.is_audit(found) for found in model.names_in(each.get("Resource")))
            for action in listed(each["Action"])
        }
        yield name, actions <= APPENDS | READS_STREAM


def no_firewall_rule_drops_a_message(model: Model) -> Judged:
    """What reads texts stands before no route on which people write, and who is too fast is told
    to come again.
    """
    for name, acl in model.of("AWS::WAFv2::WebACL"):
        for rule in acl["Rules"]:
            statement = rule["Statement"]
            group = statement.get("ManagedRuleGroupStatement", {})
            apart = text_of(group.get("ScopeDownStatement", {}).get("NotStatement"))
            spared = "/webhook/" in apart
            if group.get("Name") in READS_BODIES:
                spared = spared and all(each in apart for each in TEXTS)
            slowed = "Retry-After" in text_of(rule.get("Action")) and "429" in text_of(rule)
            yield f"{name} {rule['Name']}", spared if group else slowed


def the_firewall_stands_and_keeps_no_path(model: Model) -> Judged:
    """A stage has a firewall, whose log has no path, no query and no sample of a request."""
    attached = [each for _, each in model.of("AWS::WAFv2::WebACLAssociation")]
    for name, _ in model.of("AWS::ApiGateway::Stage"):
        yield name, any(name in model.names_in(each["ResourceArn"]) for each in attached)
    for name, acl in model.of("AWS::WAFv2::WebACL"):
        yield name, not re.search(r'"SampledRequestsEnabled": true', text_of(acl))
    for name, logging in model.of("AWS::WAFv2::LoggingConfiguration"):
        kept_out = text_of(logging.get("RedactedFields"))
        yield name, "UriPath" in kept_out and "QueryString" in kept_out


RULES = (
    every_route_but_webhooks_asks_who_comes,
    the_answer_of_an_authorizer_is_not_kept,
    staff_have_a_second_factor_and_sign_nobody_up,
    sessions_end,
    no_right_is_on_everything,
    the_ledger_is_only_added_to,
    no_firewall_rule_drops_a_message,
    the_firewall_stands_and_keeps_no_path,
)
