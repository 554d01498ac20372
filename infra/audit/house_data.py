"""What is kept: under whose key, for how long, and what nobody can change."""

from collections.abc import Iterator
from typing import Any

from infra.audit.model import Model, is_true, text_of

type Judged = Iterator[tuple[str, bool]]

LEAST_YEARS = 6
KEY_OF = {
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
    "AWS::Logs::LogGroup": "KmsKeyId",
    "AWS::Lambda::Function": "KmsKeyArn",
    "AWS::Backup::BackupVault": "EncryptionKeyArn",
}
HOLDS_DATA = (
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::Cognito::UserPool",
    "AWS::Backup::BackupVault",
)
TAGS = ("Owner", "CostCenter", "DataClass")
ELIGIBLE = {
    *("ApiGateway", "Backup", "CloudWatch", "Cognito", "DynamoDB", "Events", "IAM", "KMS"),
    *("Lambda", "Logs", "S3", "SES", "SNS", "SQS", "SecretsManager", "WAFv2"),
}
SENDERS = ("cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com")


def only_services_that_may_hold_phi(model: Model) -> Judged:
    """A service is one that AWS's list of eligible services names."""
    for name in model.resources:
        yield name, model.kind(name).split("::")[1] in ELIGIBLE


def everything_has_a_key_of_the_group(model: Model) -> Judged:
    """A customer key, and never the one that AWS keeps, on whatever can hold or point to PHI."""
    for kind, field in KEY_OF.items():
        for name, each in model.of(kind):
            named = model.names_in(each.get(field))
            yield name, any(model.kind(found) == "AWS::KMS::Key" for found in named)
    for name, table in model.of("AWS::DynamoDB::Table"):
        yield name, bool(model.names_in(table.get("SSESpecification")))


def buckets_are_closed(model: Model) -> Judged:
    """A bucket is never public, speaks TLS only, and has the group's key unless it takes S3's own
    access logs, which S3 delivers to no other.
    """
    policies = [each for _, each in model.of("AWS::S3::BucketPolicy")]
    takes_logs = {
        found
        for _, bucket in model.of("AWS::S3::Bucket")
        for found in model.names_in(bucket.get("LoggingConfiguration"))
    }
    for name, bucket in model.of("AWS::S3::Bucket"):
        closed = set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        tls = any(
            name in model.names_in(each["Bucket"]) and "aws:SecureTransport" in text_of(each)
            for each in policies
        )
        keyed = bool(model.names_in(bucket["BucketEncryption"])) or name in takes_logs
        yield name, closed and tls and keyed


def senders_may_use_the_key_of_topics(model: Model) -> Judged:
    """An alarm that may not use the key of its topic is lost without an error anywhere."""
    for name, topic in model.of("AWS::SNS::Topic"):
        for key in model.names_in(topic.get("KmsMasterKeyId")):
            policy = text_of(model.properties(key)["KeyPolicy"])
            yield name, all(each in policy for each in SENDERS)


def what_holds_data_outlives_the_stack(model: Model) -> Judged:
    """Removing a line of the template must not remove a patient's message."""
    for name, _ in model.of(*HOLDS_DATA):
        yield name, model.retained(name)


def tables_can_be_restored(model: Model) -> Judged:
    """Any second of the last 35 days, a backup elsewhere, and no deletion by mistake."""
    saved = {
        found
        for _, each in model.of("AWS::Backup::BackupSelection")
        for found in model.names_in(each)
    }
    for name, table in model.of("AWS::DynamoDB::Table"):
        recovers = table.get("PointInTimeRecoverySpecification", {}).get(
            "PointInTimeRecoveryEnabled"
        )
        guarded = is_true(recovers) and is_true(table.get("DeletionProtectionEnabled"))
        yield name, guarded and name in saved


def backups_of_texts_end_soon(model: Model) -> Judged:
    """A text that was purged must not stay for years in a backup of the tickets."""
    days = {
        name: max(int(rule["Lifecycle"]["DeleteAfterDays"]) for rule in _rules(plan))
        for name, plan in model.of("AWS::Backup::BackupPlan")
    }
    for name, each in model.of("AWS::Backup::BackupSelection"):
        chosen = each["BackupSelection"]["Resources"]
        only_ledger = all(map(model.is_audit, model.names_in(chosen)))
        longest = max(days[plan] for plan in model.names_in(each["BackupPlanId"]))
        yield name, only_ledger or longest <= 35


def the_ledger_has_locked_copies(model: Model) -> Judged:
    """Object Lock in COMPLIANCE mode for six years or more, and nothing that hides a copy."""
    audits = [each for each, _ in model.of("AWS::S3::Bucket") if model.is_audit(each)]
    yield "(template)", bool(audits)
    policies = [each for _, each in model.of("AWS::S3::BucketPolicy")]
    for name in audits:
        rule = model.properties(name)["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
        locked = rule["Mode"] == "COMPLIANCE" and int(rule["Years"]) >= LEAST_YEARS
        own = [text_of(each) for each in policies if name in model.names_in(each["Bucket"])]
        kept = any("s3:DeleteObjectVersion" in each and "if-none-match" in each for each in own)
        yield name, locked and kept


def the_ledger_table_refuses_changes(model: Model) -> Judged:
    """Whatever IAM grants: no event is updated, deleted, or expires."""
    for name, table in model.of("AWS::DynamoDB::Table"):
        if model.is_audit(name):
            denied = text_of(table.get("ResourcePolicy"))
            refused = all(f"dynamodb:{each}" in denied for each in ("UpdateItem", "DeleteItem"))
            view = table.get("StreamSpecification", {}).get("StreamViewType")
            followed = view == "NEW_AND_OLD_IMAGES"
            yield name, refused and followed and "TimeToLiveSpecification" not in table


def what_holds_data_is_tagged(model: Model) -> Judged:
    """Who answers for it, who pays, and what kind of data it is."""
    for name, each in model.of(*HOLDS_DATA, "AWS::SNS::Topic"):
        told = text_of([value for key, value in each.items() if key.endswith("Tags")])
        yield name, all(f'"{tag}"' in told for tag in TAGS)


def _rules(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return list(plan["BackupPlan"]["BackupPlanRule"])


RULES = (
    only_services_that_may_hold_phi,
    everything_has_a_key_of_the_group,
    buckets_are_closed,
    senders_may_use_the_key_of_topics,
    what_holds_data_outlives_the_stack,
    tables_can_be_restored,
    backups_of_texts_end_soon,
    the_ledger_has_locked_copies,
    the_ledger_table_refuses_changes,
    what_holds_data_is_tagged,
)
