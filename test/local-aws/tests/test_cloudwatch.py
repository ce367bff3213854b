"""Metric math, alarms on it, and composite alarms."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.cloudwatch.expressions import ExpressionError, Value, evaluate, ids_in, parse

from .cloudformation import Stack
from .conftest import LocalAws

NAMESPACE = "AWSLicenseManager/licenseUsage"
TOTAL, USED = "TotalLicenseConfigurationUsageCount", "LicenseConfigurationUsageCount"
SEARCH = f"""SEARCH('{{{NAMESPACE},LicenseConfigurationArn}} MetricName="{USED}"', 'Maximum', 3600)"""
M: Value = {0.0: 4.0, 3600.0: 6.0}
N: Value = {3600.0: 2.0, 7200.0: 9.0}


@pytest.mark.parametrize(("expression", "value"), [
    ("m - n", {3600.0: 4.0}),
    ("m + 1", {0.0: 5.0, 3600.0: 7.0}),
    ("10 - m * 2", {0.0: 2.0, 3600.0: -2.0}),
    ("(10 - m) * 2", {0.0: 12.0, 3600.0: 8.0}),
    ("-m", {0.0: -4.0, 3600.0: -6.0}),
    ("m / (n - 2)", {}),
    ("8 / 4 / 2", 1.0),
    ("(7200 - EPOCH(m)) / 3600", {0.0: 2.0, 3600.0: 1.0}),
    ("SUM(m)", 10.0),
    ("MAX(m) - MIN(m)", 2.0),
    ("AVG(m)", 5.0),
    ("ABS(-m)", M),
    (f"SUM({SEARCH})", {0.0: 4.0, 3600.0: 8.0, 7200.0: 9.0}),
    (f"{SEARCH} * 2", [("m", {0.0: 8.0, 3600.0: 12.0}), ("n", {3600.0: 4.0, 7200.0: 18.0})]),
])
def test_an_expression_has_a_value(expression: str, value: Value) -> None:
    known: dict[str, Value] = {"m": M, "n": N}
    assert evaluate(parse(expression), lambda name: known[name], lambda _: [("m", M), ("n", N)]) == value  # type: ignore[list-item]


@pytest.mark.parametrize("expression", ["", "m -", "m n", "(m", "m)", "FOO(m)", "SEARCH(m)", "SEARCH('x', 'Maximum', 3600)", "M + 1", "m & n", "m,n"])
def test_a_malformed_expression_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        parse(expression)


def test_an_expression_tells_what_it_refers_to() -> None:
    assert ids_in(parse("(a - b) / SUM(c) + 1")) == ["a", "b", "c"]


def stat(query_id: str, name: str, arn: str = "a", **more: Any) -> dict[str, Any]:
    metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": [{"Name": "LicenseConfigurationArn", "Value": arn}]}
    return {"Id": query_id, "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Maximum"}, "ReturnData": False, **more}


LEFT = [{"Id": "left", "Expression": "total - used", "ReturnData": True}, stat("total", TOTAL), stat("used", USED)]


def put(aws: LocalAws, name: str, value: float, arn: str = "a", hours_ago: int = 0) -> None:
    at = datetime.now(timezone.utc) - timedelta(hours=hours_ago)
    aws.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=[
        {"MetricName": name, "Value": value, "Timestamp": at, "Dimensions": [{"Name": "LicenseConfigurationArn", "Value": arn}]}])


def test_metric_data_have_expressions(aws: LocalAws) -> None:
    for hours_ago, used in ((0, 90), (1, 40)):
        put(aws, TOTAL, 96, hours_ago=hours_ago)
        put(aws, USED, used, hours_ago=hours_ago)
    put(aws, USED, 7, arn="b")
    now = datetime.now(timezone.utc)

    def data(*queries: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = aws.client("cloudwatch").get_metric_data(
            MetricDataQueries=list(queries), StartTime=now - timedelta(hours=5), EndTime=now + timedelta(hours=1))["MetricDataResults"]
        return found

    (left,) = data(*LEFT)
    assert (left["Id"], left["Values"]) == ("left", [6, 56])
    assert [at.timestamp() % 3600 for at in left["Timestamps"]] == [0, 0]
    found = data({"Id": "all", "Expression": SEARCH})
    assert {each["Label"]: each["Values"] for each in found} == {"a": [90, 40], "b": [7]}
    with pytest.raises(ClientError, match="unknown nothing"):
        data({"Id": "wrong", "Expression": "nothing + 1"})


def alarm(**properties: Any) -> dict[str, Any]:
    given = {"Metrics": LEFT, "ComparisonOperator": "LessThanOrEqualToThreshold", "Threshold": 8, "EvaluationPeriods": 1, **properties}
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {key: value for key, value in given.items() if value is not None}}


def described(aws: LocalAws, kind: str = "MetricAlarms") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])[kind]
    return found


def test_an_alarm_on_metric_math_is_made_changed_and_deleted(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({"Alarm": alarm()}) == "CREATE_COMPLETE"
    (found,) = described(aws)
    assert (found["AlarmName"], found["Threshold"], found["StateValue"]) == (stack.resource("Alarm"), 8, "INSUFFICIENT_DATA")
    assert [query["Id"] for query in found["Metrics"]] == ["left", "total", "used"]
    assert not {"MetricName", "Namespace", "Statistic", "Period", "Dimensions"} & set(found)

    put(aws, TOTAL, 96)
    put(aws, USED, 90)
    assert stack.update({"Alarm": alarm(Threshold=5)}) == "UPDATE_COMPLETE"
    (found,) = described(aws)
    assert (found["Threshold"], found["StateValue"]) == (5, "OK")
    assert stack.update({"Alarm": alarm(Threshold=6)}) == "UPDATE_COMPLETE"
    assert described(aws)[0]["StateValue"] == "ALARM"
    assert stack.delete() == "DELETE_COMPLETE"
    assert described(aws) == []


def test_an_alarm_on_metric_math_follows_what_is_put(aws: LocalAws) -> None:
    Stack(aws).create({"Alarm": alarm()})
    put(aws, TOTAL, 96)
    assert described(aws)[0]["StateValue"] == "INSUFFICIENT_DATA"
    put(aws, USED, 90)
    assert described(aws)[0]["StateValue"] == "ALARM"
    assert [metric["MetricName"] for metric in aws.client("cloudwatch").list_metrics()["Metrics"]] == [TOTAL, USED]


def test_an_alarm_on_a_metric_looks_at_that_of_its_dimensions(aws: LocalAws) -> None:
    of_a = {"Metrics": None, "Namespace": NAMESPACE, "MetricName": USED, "Statistic": "Maximum", "Period": 3600, "Dimensions": [
        {"Name": "LicenseConfigurationArn", "Value": "a"}], "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 90}
    Stack(aws).create({"Alarm": alarm(**of_a)})
    put(aws, USED, 95, arn="b")
    assert described(aws)[0]["StateValue"] == "INSUFFICIENT_DATA"
    put(aws, USED, 10)
    assert described(aws)[0]["StateValue"] == "OK"
    put(aws, USED, 95)
    (found,) = described(aws)
    assert (found["StateValue"], found["MetricName"], found["Statistic"], found["Period"]) == ("ALARM", USED, "Maximum", 3600)


@pytest.mark.parametrize(("properties", "text"), [
    ({"MetricName": "a", "Namespace": "b"}, "together with Namespace, MetricName"),
    ({"Period": 60}, "together with Period"),
    ({"Metrics": [*LEFT, {**LEFT[1], "Label": "again"}]}, "must be unique"),
    ({"Metrics": [{**LEFT[0], "Id": "Left"}, *LEFT[1:]]}, "keyword [pattern]"),
    ({"Metrics": [{"Id": "neither"}]}, "Exactly one of Expression and MetricStat"),
    ({"Metrics": [{**LEFT[1], "Expression": "1"}]}, "Exactly one of Expression and MetricStat"),
    ({"Metrics": [{**LEFT[0], "ReturnData": False}, *LEFT[1:]]}, "Exactly one item of Metrics must have ReturnData true"),
    ({"Metrics": [LEFT[0], {**LEFT[1], "ReturnData": True}, LEFT[2]]}, "Exactly one item of Metrics must have ReturnData true"),
    ({"Metrics": [LEFT[0], *(stat(f"m{n}", TOTAL) for n in range(11))]}, "more than 10 items with MetricStat"),
    ({"Metrics": [LEFT[0], *({"Id": f"e{n}", "Expression": "1", "ReturnData": False} for n in range(10))]}, "more than 10 items with Expression"),
    ({"Metrics": [{"Id": "all", "Expression": f"SUM({SEARCH})"}]}, "SEARCH is not supported on alarms"),
    ({"Metrics": [{"Id": "left", "Expression": "total - used"}, LEFT[1]]}, "unknown used"),
    ({"Metrics": [{"Id": "left", "Expression": "total -"}, LEFT[1]]}, "unexpected 'the end'"),
    ({"Metrics": [{"Id": "left", "Expression": "1", "Nome": "x"}]}, "extraneous key [Nome]"),
])
def test_what_cloudwatch_refuses_of_an_alarm_on_metric_math(aws: LocalAws, properties: dict[str, Any], text: str) -> None:
    stack = Stack(aws)
    assert stack.create({"Alarm": alarm(**properties)}, OnFailure="DELETE") != "CREATE_COMPLETE"
    assert any(text in reason for reason in stack.reasons("CREATE_FAILED")), stack.reasons("CREATE_FAILED")
    assert described(aws) == []


def composite(rule: Any = None, **properties: Any) -> dict[str, Any]:
    of_both = {"Fn::Join": ["", ['ALARM("', {"Ref": "Alarm"}, '") OR ALARM("', {"Ref": "Other"}, '")']]}
    return {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": rule or of_both, **properties}}


TWO = {"Alarm": alarm(), "Other": alarm(Threshold=0)}


def test_a_composite_alarm_is_made_changed_and_deleted_with_its_children(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({**TWO, "Both": composite(AlarmDescription="a", Tags=[{"Key": "k", "Value": "v"}])}) == "CREATE_COMPLETE"
    (found,) = described(aws, "CompositeAlarms")
    assert (found["AlarmName"], found["StateValue"], found["AlarmDescription"]) == (stack.resource("Both"), "OK", "a")
    assert aws.client("cloudwatch").list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == [{"Key": "k", "Value": "v"}]

    put(aws, TOTAL, 96)
    put(aws, USED, 90)
    assert described(aws, "CompositeAlarms")[0]["StateValue"] == "ALARM"
    put(aws, USED, 10)
    aws.client("cloudwatch").set_alarm_state(AlarmName=stack.resource("Alarm"), StateValue="OK", StateReason="test")
    assert described(aws, "CompositeAlarms")[0]["StateValue"] == "OK"

    one = {"Fn::Join": ["", ['ALARM("', {"Ref": "Other"}, '")']]}
    assert stack.update({"Other": TWO["Other"], "Both": composite(one, AlarmDescription="b")}) == "UPDATE_COMPLETE"
    (changed,) = described(aws, "CompositeAlarms")
    assert (changed["AlarmName"], changed["AlarmDescription"], len(described(aws))) == (found["AlarmName"], "b", 1)
    assert stack.update({"Other": TWO["Other"], "Both": composite(one, AlarmName="named")}) == "UPDATE_COMPLETE"
    assert [each["AlarmName"] for each in described(aws, "CompositeAlarms")] == ["named"]
    assert stack.delete() == "DELETE_COMPLETE"
    assert described(aws) == described(aws, "CompositeAlarms") == []


def test_the_attribute_of_a_composite_alarm_is_its_arn(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**TWO, "Both": composite(), "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Both", "Arn"]}}}})
    assert stack.outputs()["Arn"] == f"arn:aws:cloudwatch:us-east-1:{aws.account}:alarm:{stack.resource('Both')}"


@pytest.mark.parametrize(("rule", "text"), [
    ("ALARM(", "Unsupported token"),
    ("ALARM(a) AND", "Unsupported token"),
    ("ON(a)", "Unsupported token"),
    ('ALARM("nobody")', "do not exist"),
    (" OR ".join(f'ALARM("a{n}")' for n in range(101)), "101 children: at most 100"),
    (" OR ".join(f'ALARM("{"a" * 250}{n}")' for n in range(50)), "minLength/maxLength"),
    ("(" * 251 + "TRUE" + ")" * 251, "more than 500 elements"),
    ('ALARM("me")', "refers to itself"),
], ids=range(8))
def test_what_cloudwatch_refuses_of_a_composite_alarm(aws: LocalAws, rule: str, text: str) -> None:
    stack = Stack(aws)
    assert stack.create({"Both": composite(rule, AlarmName="me")}, OnFailure="DELETE") != "CREATE_COMPLETE"
    assert any(text in reason for reason in stack.reasons("CREATE_FAILED")), stack.reasons("CREATE_FAILED")
    assert described(aws, "CompositeAlarms") == []


def test_a_suppressor_is_needed_for_its_periods(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({**TWO, "Both": composite(ActionsSuppressorWaitPeriod=1)}) == "ROLLBACK_COMPLETE"
    assert any("needs ActionsSuppressor" in reason for reason in stack.reasons("CREATE_FAILED"))


def test_a_failed_update_leaves_alarms_as_they_were(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**TWO, "Both": composite()})
    before = described(aws, "CompositeAlarms")[0]["AlarmRule"]
    assert stack.update({"Alarm": alarm(Threshold=1), "Other": TWO["Other"], "Both": composite('ALARM("nobody")')}) == "UPDATE_ROLLBACK_COMPLETE"
    assert described(aws, "CompositeAlarms")[0]["AlarmRule"] == before
    assert {each["Threshold"] for each in described(aws)} == {0, 8}


def schedule(expression: str, **target: Any) -> dict[str, Any]:
    return {"Type": "AWS::Scheduler::Schedule", "Properties": {
        "ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sns:publish", "RoleArn": "arn:aws:iam::111122223333:role/r", "Input": "{}", **target}}}


@pytest.mark.parametrize(("expression", "status"), [
    ("at(2099-01-01T00:00:00)", "CREATE_COMPLETE"), ("at(2020-01-01T00:00:00)", "ROLLBACK_COMPLETE"), ("at(tomorrow)", "ROLLBACK_COMPLETE"),
    ("rate(1 day)", "CREATE_COMPLETE"),
])
def test_a_schedule_in_the_past_is_refused(aws: LocalAws, expression: str, status: str) -> None:
    stack = Stack(aws)
    assert stack.create({"Schedule": schedule(expression)}) == status
    assert status == "CREATE_COMPLETE" or any(f"Invalid Schedule Expression {expression}" in it for it in stack.reasons("CREATE_FAILED"))


def test_an_update_to_the_past_and_an_input_that_is_no_json_are_refused(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({"Schedule": schedule("at(2099-01-01T00:00:00)")})
    assert stack.update({"Schedule": schedule("at(2020-01-01T00:00:00)")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.update({"Schedule": schedule("at(2099-01-01T00:00:00)", Input="no json")}) == "UPDATE_ROLLBACK_COMPLETE"


def test_a_universal_target_is_a_call_with_the_role_of_the_schedule(aws: LocalAws) -> None:
    topic = aws.client("sns").create_topic(Name="topic")["TopicArn"]
    sqs = aws.client("sqs")
    queue = sqs.create_queue(QueueName="queue")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    message = {"TopicArn": topic, "Subject": "s", "MessageStructure": "json", "Message": json.dumps({"default": "people", "https": "chat"})}
    aws.client("scheduler").create_schedule(
        Name="now", ScheduleExpression="at(2020-01-01T00:00:00)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:scheduler:::aws-sdk:sns:publish", "RoleArn": f"arn:aws:iam::{aws.account}:role/r", "Input": json.dumps(message)})
    for _ in range(30):
        found = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10).get("Messages", [])
        if found:
            break
    body = json.loads(found[0]["Body"])
    assert (body["Subject"], body["Message"]) == ("s", "people")
    (call,) = aws.calls("sns")[-1:]
    assert (call["operation"], call["userAgent"].split()[0]) == ("Publish", "scheduler.amazonaws.com")
