"""The metrics of Linux subscriptions, in CloudWatch."""

from __future__ import annotations

import urllib.error
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from .conftest import LocalAws
from .test_linux_settings import settle, update
from .test_organizations import LINUX, organization

NAMESPACE = "AWS/LicenseManager/LinuxSubscriptions"
RHEL, UBUNTU = "Red Hat Enterprise Linux Server", "Ubuntu Pro"
INSTANCES = {RHEL: {"us-east-1": 3, "eu-west-1": 2, "ap-south-1": 100}, UBUNTU: {"ap-south-1": 1}}
Found = dict[tuple[str, ...], float]


def data(aws: LocalAws, metric: str = "RunningInstancesCount", region: str | None = None) -> Found:
    """What CloudWatch has: subscription and, if so, Region -> the sum of the data."""
    client, found = aws.client("cloudwatch", region=region), {}
    for each in client.list_metrics(Namespace=NAMESPACE, MetricName=metric)["Metrics"]:
        dimensions = {one["Name"]: one["Value"] for one in each["Dimensions"]}
        now = datetime.now(timezone.utc)
        (point,) = client.get_metric_statistics(
            Namespace=NAMESPACE, MetricName=metric, Dimensions=each["Dimensions"], StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(hours=1), Period=86400, Statistics=["Sum"])["Datapoints"]
        assert point["Unit"] == "Count"
        found[tuple(dimensions[name] for name in ("SubscriptionName", "Region") if name in dimensions)] = point["Sum"]
    return found


def discover(aws: LocalAws, *regions: str, **values: Any) -> None:
    update(aws, *regions, **values)
    assert settle(aws)["Status"] == "Completed"


def test_there_is_a_datum_for_each_subscription_and_source_region(aws: LocalAws) -> None:
    aws.state(settings={"linuxInstances": INSTANCES})
    discover(aws, "us-east-1", "eu-west-1")
    assert data(aws) == {}
    aws.state(housekeeping=True)
    assert data(aws) == {(RHEL,): 5, (RHEL, "us-east-1"): 3, (RHEL, "eu-west-1"): 2}
    assert data(aws, "AggregateRunningInstancesCount") == data(aws, region="eu-west-1") == {}
    # Another hour, in which they have been stopped.
    aws.state(settings={"linuxInstances": {RHEL: {"us-east-1": 0}}}, housekeeping=True)
    statistics = aws.client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE, MetricName="RunningInstancesCount", Dimensions=[{"Name": "SubscriptionName", "Value": RHEL}],
        StartTime=datetime.now(timezone.utc) - timedelta(hours=1), EndTime=datetime.now(timezone.utc) + timedelta(hours=1), Period=86400,
        Statistics=["Minimum", "SampleCount"])["Datapoints"]
    assert [(each["Minimum"], each["SampleCount"]) for each in statistics] == [(0, 2)]


def test_there_is_none_before_discovery_is_done_and_after_it_is_off(aws: LocalAws) -> None:
    aws.state(settings={"linuxInstances": INSTANCES}, housekeeping=True)
    update(aws, "us-east-1")
    aws.state(housekeeping=True)
    aws.state(settings={"linuxSubscriptionsFailure": "An internal error occurred"})
    assert settle(aws)["Status"] == "Failed"
    aws.state(settings={"linuxSubscriptionsFailure": ""}, housekeeping=True)
    discover(aws, "us-east-1", enabled=False)
    aws.state(housekeeping=True)
    assert data(aws) == {}


def test_they_are_in_the_home_regions(aws: LocalAws) -> None:
    aws.state(settings={"linuxInstances": INSTANCES})
    discover(LocalAws(aws.endpoint, aws.account, "eu-west-1"), "ap-south-1")
    # In whatever Region it is ordered.
    aws.state(housekeeping=True)
    expected: Found = {(RHEL,): 100, (RHEL, "ap-south-1"): 100, (UBUNTU,): 1, (UBUNTU, "ap-south-1"): 1}
    assert (data(aws), data(aws, region="eu-west-1")) == ({}, expected)


def test_the_accounts_of_the_organization(aws: LocalAws) -> None:
    first, second = organization(aws, organizationServiceAccess=[LINUX], linuxInstances={RHEL: {"us-east-1": 1}})
    first.state(settings={"linuxInstances": {RHEL: {"us-east-1": 10, "eu-west-1": 1000}}})
    second.state(settings={"linuxInstances": {RHEL: {"us-east-1": 100}, UBUNTU: {"us-east-1": 7}}})
    discover(aws, "us-east-1", organization=True)
    aws.state(housekeeping=True)
    assert data(aws) == {(RHEL,): 1, (RHEL, "us-east-1"): 1}
    assert data(aws, "AggregateRunningInstancesCount") == {
        (RHEL,): 111, (RHEL, "us-east-1"): 111, (UBUNTU,): 7, (UBUNTU, "us-east-1"): 7}
    assert data(first, "AggregateRunningInstancesCount") == {}


@pytest.mark.parametrize("values", [{RHEL: 3}, {RHEL: {"us-east-1": "3"}}, {RHEL: {"us-east-1": -1}}, {RHEL: {"us-east-1": True}}, []])
def test_refuses_a_setting_that_counts_nothing(aws: LocalAws, values: Any) -> None:
    with pytest.raises(urllib.error.HTTPError):
        aws.state(settings={"linuxInstances": values})
