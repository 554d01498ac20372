"""What SNS gives up on comes back to escalate; what nobody handles lies where an alarm fires."""

from tests.template import resources

QUEUES = resources("AWS::SQS::Queue")
ESCALATE = resources("AWS::Serverless::Function")["EscalateFunction"]["Properties"]
RIGHTS = resources("AWS::IAM::ManagedPolicy")["EscalatePolicy"]["Properties"]["PolicyDocument"]
SUBSCRIPTIONS = resources("AWS::SNS::Subscription")


def _redrive(name: str) -> object:
    return SUBSCRIPTIONS[name]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]


def test_pages_and_alerts_come_back_and_alarms_lie_where_a_person_looks() -> None:
    back, for_a_person = {"Fn::GetAtt": "UndeliveredQueue.Arn"}, {"Fn::GetAtt": "NoticeDlq.Arn"}

    assert _redrive("PagesSubscription") == _redrive("AlertsSubscription") == back
    assert _redrive("OperationsSubscription") == for_a_person
    redriven = QUEUES["UndeliveredQueue"]["Properties"]["RedrivePolicy"]
    assert redriven["deadLetterTargetArn"] == for_a_person


def test_a_letter_that_cannot_be_handled_comes_again_alone() -> None:
    mapping = ESCALATE["Events"]["UndeliveredNotices"]["Properties"]

    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    waits = QUEUES["UndeliveredQueue"]["Properties"]["VisibilityTimeout"]
    assert waits >= 6 * ESCALATE["Timeout"]


def test_only_the_topics_of_pages_and_alerts_may_put_letters_into_the_queue() -> None:
    policy = resources("AWS::SQS::QueuePolicy")["UndeliveredQueuePolicy"]["Properties"]
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]

    (statement,) = allowed
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"] == {
        "aws:SourceArn": [{"Ref": "PagesTopic"}, {"Ref": "AlertsTopic"}]
    }


def test_escalate_may_read_of_the_ledger_what_people_were_told_and_nothing_else() -> None:
    reading = [each for each in RIGHTS["Statement"] if each.get("Sid") == "WhatPeopleWereTold"]

    (statement,) = reading
    assert statement["Action"] == ["dynamodb:Query"]
    bounds = statement["Condition"]["ForAllValues:StringLike"]
    assert bounds == {"dynamodb:LeadingKeys": ["TOLD#*"]}


def test_an_alarm_fires_for_what_nobody_handled_and_for_what_nobody_takes() -> None:
    alarms = resources("AWS::CloudWatch::Alarm")
    queues = {
        name: alarms[name]["Properties"]["Dimensions"][0]["Value"]
        for name in ("NoticeDlqAlarm", "UndeliveredAgeAlarm")
    }

    assert queues == {
        "NoticeDlqAlarm": {"Fn::GetAtt": "NoticeDlq.QueueName"},
        "UndeliveredAgeAlarm": {"Fn::GetAtt": "UndeliveredQueue.QueueName"},
    }
    assert alarms["PageUndeliveredAlarm"]["Properties"]["MetricName"] == "PageUndelivered"
