"""Alarms on metric math, and GetMetricData with expressions."""

from __future__ import annotations

from typing import Any

from .. import hooks
from ..cloudformation import schema
from ..errors import ServiceError
from .expressions import ExpressionError, Search, Series, Value, evaluate, ids_in, parse, searches

ALARM = "AWS::CloudWatch::Alarm"

# What an alarm has either of one metric, or in its metrics.
_OF_ONE_METRIC = ("Namespace", "MetricName", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")


def install() -> None:
    hooks.answer_expressions(_results)
    hooks.install_alarms_of_expressions(check_alarm, _latest)


def check_alarm(properties: dict[str, Any]) -> None:
    """Refuses what PutMetricAlarm refuses of an alarm on metric math. The texts are guesses.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
    """
    try:
        typed = schema.load(ALARM).validate(properties)
    except ServiceError as error:
        raise ValueError(error.message) from None
    both = [name for name in _OF_ONE_METRIC if name in properties]
    if both:
        raise ValueError(f"Metrics must not be specified together with {', '.join(both)}")
    queries = typed["Metrics"]
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        raise ValueError("The values of the Id parameters in Metrics must be unique")
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            raise ValueError(f"Exactly one of Expression and MetricStat must be specified for '{query['Id']}'")
    for kind in ("MetricStat", "Expression"):
        if sum(kind in query for query in queries) > 10:
            raise ValueError(f"Metrics has more than 10 items with {kind}")
    if sum(query.get("ReturnData", True) for query in queries) != 1:
        raise ValueError("Exactly one item of Metrics must have ReturnData true")
    for query in queries:
        if "Expression" in query:
            node = parse(query["Expression"])
            if searches(node):
                raise ValueError("SEARCH is not supported on alarms")
            unknown = [found for found in ids_in(node) if found not in ids]
            if unknown:
                raise ValueError(f"Error in expression '{query['Id']}': unknown {', '.join(unknown)}")


def _latest(queries: list[dict[str, Any]], start: float) -> float | None:
    """The newest value of what an alarm watches. AWS looks at as many periods as the alarm says; here the newest decides."""
    (result,) = [query["Id"] for query in queries if query.get("ReturnData", True)]
    value = _Evaluation(queries, start, None).value(result)
    series = value if isinstance(value, dict) else {}
    return series[max(series)] if series else None


def _results(queries: list[dict[str, Any]], start: float | None, end: float | None) -> list[dict[str, Any]]:
    evaluation = _Evaluation(queries, start, end)
    found: list[dict[str, Any]] = []
    for query in queries:
        if not query.get("ReturnData", True):
            continue
        value = evaluation.value(query["Id"])
        label = query.get("Label") or query["Id"]
        for name, series in value if isinstance(value, list) else [(label, value if isinstance(value, dict) else {})]:
            # The newest first, as GetMetricData does.
            times = sorted(series, reverse=True)
            found.append({
                "Id": query["Id"], "Label": name, "StatusCode": "Complete", "Timestamps": times, "Values": [series[at] for at in times]})
    return found


class _Evaluation:
    def __init__(self, queries: list[dict[str, Any]], start: float | None, end: float | None) -> None:
        self._queries = {query["Id"]: query for query in queries}
        self._range = (start, end)
        self._running: list[str] = []

    def value(self, query_id: str) -> Value:
        query = self._queries.get(query_id)
        if query is None or query_id in self._running:
            raise ExpressionError(f"Error in expression: unknown {query_id}")
        if "Expression" not in query:
            return self._metric(query["MetricStat"])
        self._running.append(query_id)
        try:
            return evaluate(parse(query["Expression"]), self.value, self._search)
        finally:
            self._running.pop()

    def _metric(self, stat: dict[str, Any]) -> Series:
        metric = stat["Metric"]
        dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
        return hooks.metric_values((metric["Namespace"], metric["MetricName"], dimensions, stat["Stat"], int(stat["Period"])), *self._range)

    def _search(self, search: Search) -> list[tuple[str, Series]]:
        """All metrics with these dimensions, and no others, of which the values are those that are asked for."""
        name = search.terms.get("MetricName", "")
        values = {key: value for key, value in search.terms.items() if key != "MetricName"}
        found = [dimensions for dimensions in hooks.metrics_named(search.namespace, name)
                 if set(dimensions) == set(search.dimensions) and all(dimensions.get(key) == value for key, value in values.items())]
        return [(" ".join(dimensions[key] for key in search.dimensions),
                 hooks.metric_values((search.namespace, name, dimensions, search.statistic, search.period), *self._range)) for dimensions in found]
