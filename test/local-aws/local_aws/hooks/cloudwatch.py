"""CloudWatch: metric math in GetMetricData and in alarms, and composite alarms for CloudFormation."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

# How a metric is asked for: namespace, name, dimensions, statistic, period.
Metric = tuple[str, str, dict[str, str], str, int]


def metric_values(metric: Metric, start: float | None = None, end: float | None = None) -> dict[float, float]:
    """The values of a metric of exactly these dimensions, by the beginning of their periods."""
    from ministack.services import cloudwatch

    namespace, name, dimensions, statistic, period = metric
    points = list(cloudwatch._metrics.get((namespace, name, cloudwatch._dims_key(dimensions))) or [])
    buckets: dict[float, list[Any]] = {}
    for point in points:
        if (start is None or point["Timestamp"] >= start) and (end is None or point["Timestamp"] < end):
            buckets.setdefault(float(point["Timestamp"] // period * period), []).append(point)
    found = {at: cloudwatch._stat_value(cloudwatch._calc_stats(them), statistic, them) for at, them in sorted(buckets.items())}
    return {at: float(value) for at, value in found.items() if value is not None}


def metrics_named(namespace: str, name: str) -> list[dict[str, str]]:
    """The dimensions of each metric of a name."""
    from ministack.services import cloudwatch

    return [dict(points[0].get("Dimensions") or {}) for (space, metric, _), points in cloudwatch._metrics.items()
            if (space, metric) == (namespace, name) and points]


def answer_expressions(results: Callable[[list[dict[str, Any]], float | None, float | None], list[dict[str, Any]]]) -> None:
    """Has GetMetricData answer requests with expressions: its queries to its results, whose times are seconds."""
    from ministack.services import cloudwatch

    original = cloudwatch._get_metric_data

    def get_metric_data(params: dict[str, Any], data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        queries = data.get("MetricDataQueries", [])
        if not any(query.get("Expression") for query in queries):
            return original(params, data, is_cbor, is_json)
        try:
            found = results(queries, cloudwatch._parse_ts(data.get("StartTime")), cloudwatch._parse_ts(data.get("EndTime")))
        except ValueError as refused:
            return cloudwatch._error("ValidationError", str(refused), 400, use_json=is_json, use_cbor=is_cbor)
        for result in found:
            result["Timestamps"] = [cloudwatch._ts_iso(at) for at in result["Timestamps"]]
        if is_cbor:
            return cloudwatch._cbor_ok({"MetricDataResults": [cloudwatch._cbor_metric_data_result(result) for result in found]})
        return cloudwatch._json_ok({"MetricDataResults": found})

    cloudwatch._get_metric_data = get_metric_data


def install_alarms_of_expressions(
    check: Callable[[dict[str, Any]], None], latest: Callable[[list[dict[str, Any]], float], float | None],
) -> None:
    """Has CloudFormation make alarms on metric math, and CloudWatch evaluate them.

    `check` refuses properties; `latest` tells the value of metrics since a time, or nothing if there is none.
    """
    from ministack.services import cloudwatch
    from ministack.services.cloudformation import provisioners

    record, evaluate = provisioners._cw_metric_alarm_record, cloudwatch._evaluate_alarm

    def alarm_record(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        metrics = properties.get("Metrics")
        if not metrics:
            return dict(record(name, properties))
        check(properties)
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        alarm = dict(record(name, {**plain, "MetricName": "-", "Namespace": "-"}))
        for of_a_metric in _OF_A_METRIC:
            alarm.pop(of_a_metric, None)
        return {**alarm, "Metrics": metrics}

    def evaluate_alarm(alarm: dict[str, Any]) -> None:
        metrics = alarm.get("Metrics") or _own_metric(alarm)
        period = max(int(query.get("MetricStat", {}).get("Period", 0)) for query in metrics)
        value = latest(metrics, time.time() - period * int(alarm["EvaluationPeriods"]))
        if value is None:
            return
        own = {name: alarm.pop(name) for name in _OF_A_METRIC if name in alarm}
        # ministack compares and tells; it is shown the value as that of a metric of this alarm alone.
        namespace, name = "local-aws/alarm", alarm["AlarmName"]
        key = (namespace, name, cloudwatch._dims_key({}))
        cloudwatch._metrics[key] = [{"Timestamp": time.time(), "Value": value, "Unit": "None", "Dimensions": {}}]
        alarm.update(Namespace=namespace, MetricName=name, Statistic="Average", Period=period)
        try:
            evaluate(alarm)
        finally:
            for of_a_metric in ("Namespace", "MetricName", "Statistic", "Period"):
                alarm.pop(of_a_metric, None)
            alarm.update(own)
            cloudwatch._metrics.pop(key, None)

    provisioners._cw_metric_alarm_record = alarm_record
    cloudwatch._evaluate_alarm = evaluate_alarm


_OF_A_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")


def _own_metric(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The one metric of an alarm: ministack looks at all of that name, whatever their dimensions."""
    metric = {"Namespace": alarm["Namespace"], "MetricName": alarm["MetricName"], "Dimensions": alarm.get("Dimensions") or []}
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    return [{"Id": "own", "MetricStat": {"Metric": metric, "Stat": stat, "Period": alarm.get("Period", 60)}}]


def put_composite_alarm(parameters: dict[str, Any]) -> None:
    from ministack.services import cloudwatch

    # Those of CloudFormation are refused from anybody else.
    tags = [tag for tag in parameters.get("Tags", []) if not tag["Key"].startswith("aws:cloudformation:")]
    _refused(cloudwatch._put_composite_alarm({}, {**parameters, "Tags": tags}, False, True))
    alarm = cloudwatch._composite_alarms[parameters["AlarmName"]]
    alarm.update({key: value for key, value in parameters.items() if key.startswith("ActionsSuppressor")})
    cloudwatch._resource_tags[alarm["AlarmArn"]] = {tag["Key"]: tag["Value"] for tag in tags}


def delete_composite_alarm(name: str) -> None:
    from ministack.services import cloudwatch

    _refused(cloudwatch._delete_alarms({}, {"AlarmNames": [name]}, False, True))


def composite_alarm(name: str) -> dict[str, Any] | None:
    from ministack.services import cloudwatch

    return cloudwatch._composite_alarms.get(name)


def composite_alarm_names() -> list[str]:
    from ministack.services import cloudwatch

    return list(cloudwatch._composite_alarms)


def references_of_rule(rule: str) -> list[str]:
    """The alarms that a rule refers to, or a ValueError for one that is malformed."""
    from ministack.services import cloudwatch

    return list(cloudwatch._rule_refs(cloudwatch._parse_alarm_rule(rule)))


def _refused(answer: tuple[int, dict[str, str], bytes]) -> None:
    status, _, body = answer
    if status >= 300:
        error = json.loads(body)
        raise ValueError(error.get("message") or error.get("Message"))
