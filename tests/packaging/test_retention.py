"""What is purged ends with its ticket; the ledger is kept, by the template itself."""

from collections.abc import Iterator
from typing import Any

from tests.template import resources, template

YEARS = 6
"""45 CFR 164.316(b)(2)(i)."""
DESTROYS = ("DeleteItem", "UpdateItem", "BatchWriteItem", "PartiQLDelete", "PartiQLUpdate")


def statements() -> Iterator[dict[str, Any]]:
    """Every statement that allows a function something."""
    for policy in resources("AWS::IAM::ManagedPolicy").values():
        for each in policy["Properties"]["PolicyDocument"]["Statement"]:
            if each.get("Effect") == "Allow":
                yield each


def test_nothing_of_the_ledger_runs_out() -> None:
    ledger = resources("AWS::DynamoDB::Table")["LedgerTable"]["Properties"]

    assert "TimeToLiveSpecification" not in ledger


def test_no_function_may_change_or_delete_an_event() -> None:
    allowed = [each for each in statements() if "LedgerTable" in str(each.get("Resource"))]

    assert allowed
    assert not [each for each in allowed if any(act in str(each["Action"]) for act in DESTROYS)]


def test_its_copies_are_locked_for_longer_than_six_years_and_by_nobody_to_be_unlocked() -> None:
    bucket = resources("AWS::S3::Bucket")["AuditBucket"]["Properties"]
    lock = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]

    assert lock["Mode"] == "COMPLIANCE"
    assert lock["Years"] == {"Ref": "LedgerLockYears"}
    assert template()["Parameters"]["LedgerLockYears"]["Default"] > YEARS
    assert "Expiration" not in str(bucket["LifecycleConfiguration"])


def test_no_function_may_delete_a_locked_copy() -> None:
    deletes = [each for each in statements() if "s3:DeleteObject" in str(each["Action"])]

    assert deletes
    assert not [each for each in deletes if "AuditBucket" in str(each["Resource"])]


def test_only_escalate_takes_files_away_and_never_a_kept_version_of_one() -> None:
    found = {
        name
        for name, policy in resources("AWS::IAM::ManagedPolicy").items()
        if "s3:DeleteObject" in str(policy["Properties"]["PolicyDocument"]["Statement"])
    }

    assert found == {"EscalatePolicy"}
    assert "s3:DeleteObjectVersion" not in str(list(statements()))


def test_purging_needs_no_right_to_delete_a_ticket_or_a_message() -> None:
    deletes = [each for each in statements() if "dynamodb:DeleteItem" in str(each["Action"])]

    keys = {
        key
        for each in deletes
        for key in each["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert keys == {"OUTBOX#*", "TEXT#*"}
