"""What the template says of the bucket of inbound mail, which the emulator does not all keep."""

from typing import Any

from tests.template import resources, template

BUCKET = resources("AWS::S3::Bucket")["InboundBucket"]
POLICY = resources("AWS::S3::BucketPolicy")["InboundBucketPolicy"]
QUEUE = resources("AWS::SQS::Queue")["MailQueue"]
INTAKE = resources("AWS::Serverless::Function")["IntakeFunction"]


def _statements(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["Sid"]: each for each in document["Statement"]}


def test_stored_mail_is_encrypted_with_the_customer_key_and_closed() -> None:
    properties = BUCKET["Properties"]

    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": {"Fn::GetAtt": "DataKey.Arn"},
    }
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert (BUCKET["DeletionPolicy"], BUCKET["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_only_receipt_rules_of_this_account_may_store_mail_and_only_as_mail() -> None:
    statements = _statements(POLICY["Properties"]["PolicyDocument"])

    allowed = statements.pop("ReceiptRulesOfThisAccount")
    assert allowed["Principal"] == {"Service": "ses.amazonaws.com"}
    assert allowed["Action"] == "s3:PutObject"
    assert allowed["Resource"] == {"Fn::Sub": "${InboundBucket.Arn}/mail/*"}
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert {each["Effect"] for each in statements.values()} == {"Deny"}


def test_the_key_lets_ses_store_and_s3_tell() -> None:
    key = _statements(resources("AWS::KMS::Key")["DataKey"]["Properties"]["KeyPolicy"])

    assert key["MailIsStoredEncrypted"]["Principal"] == {"Service": "ses.amazonaws.com"}
    senders = key["SendersReachEncryptedTopicsAndQueues"]["Principal"]["Service"]
    assert "s3.amazonaws.com" in senders


def test_every_stored_mail_is_told_to_the_queue() -> None:
    notified = BUCKET["Properties"]["NotificationConfiguration"]["QueueConfigurations"]

    assert [(each["Event"], each["Queue"]) for each in notified] == [
        ("s3:ObjectCreated:*", {"Fn::GetAtt": "MailQueue.Arn"})
    ]
    assert BUCKET["DependsOn"] == ["MailQueuePolicy"]


def test_a_mail_that_fails_comes_again_and_then_raises_an_alarm() -> None:
    properties = QUEUE["Properties"]
    alarmed = {
        each["Value"]["Fn::GetAtt"]
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        for each in alarm["Properties"].get("Dimensions", [])
        if each["Name"] == "QueueName"
    }

    assert properties["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": "MailDlq.Arn"}
    assert {"MailDlq.QueueName", "MailQueue.QueueName"} <= alarmed
    assert properties["VisibilityTimeout"] >= 6 * INTAKE["Properties"]["Timeout"]
    event = INTAKE["Properties"]["Events"]["StoredMail"]["Properties"]
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_intake_may_read_mail_and_keep_large_bodies_and_nothing_else_of_the_bucket() -> None:
    policy = resources("AWS::IAM::ManagedPolicy")["IntakePolicy"]["Properties"]["PolicyDocument"]
    granted = {
        (action, each["Resource"]["Fn::Sub"])
        for each in policy["Statement"]
        for action in each["Action"]
        if action.startswith("s3:")
    }

    assert granted == {
        ("s3:GetObject", "${InboundBucket.Arn}/mail/*"),
        ("s3:GetObject", "${InboundBucket.Arn}/quarantine/*"),
        ("s3:PutObject", "${InboundBucket.Arn}/quarantine/*"),
    }


def test_no_receipt_rule_is_made_unless_asked_for() -> None:
    assert template()["Parameters"]["MailRecipient"]["Default"] == ""
    for kind in ("AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule"):
        (rule,) = resources(kind).values()
        assert rule["Condition"] == "ReceivesMail"
