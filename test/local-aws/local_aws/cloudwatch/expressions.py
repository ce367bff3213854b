"""Metric math, as far as dashboards and alarms of licenses use it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# A time series: the beginning of a period, in seconds since 1970, to its value.
Series = dict[float, float]
# A number, a time series, or several of them with their labels.
Value = float | Series | list[tuple[str, Series]]

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>[-+*/(),]))")
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
_OF_A_SERIES = ("ABS", "AVG", "EPOCH", "MAX", "MIN", "SUM")


class ExpressionError(ValueError):
    """What CloudWatch refuses an expression with."""


@dataclass(frozen=True)
class Node:
    kind: str
    value: Any = None
    operands: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Search:
    """What SEARCH looks for: a metric by its namespace, the names of its dimensions and what these are."""

    namespace: str
    dimensions: tuple[str, ...]
    terms: dict[str, str]
    statistic: str
    period: int


def parse(expression: str) -> Node:
    """The expression as a tree, or an error."""
    parser = _Parser(expression)
    node = parser.sum()
    parser.expect_end()
    return node


def ids_in(node: Node) -> list[str]:
    """The metrics and expressions that an expression refers to."""
    own = [node.value] if node.kind == "id" else []
    return own + [found for operand in node.operands for found in ids_in(operand)]


def searches(node: Node) -> bool:
    return node.kind == "search" or any(searches(operand) for operand in node.operands)


def evaluate(node: Node, value_of: Callable[[str], Value], search: Callable[[Search], list[tuple[str, Series]]]) -> Value:
    """The value of an expression, with those of what it refers to."""
    if node.kind == "number":
        return float(node.value)
    if node.kind == "id":
        return value_of(node.value)
    if node.kind == "search":
        return search(node.value)
    operands = [evaluate(operand, value_of, search) for operand in node.operands]
    if node.kind == "call":
        return _call(node.value, operands)
    if node.kind == "negative":
        return _each(operands[0], lambda number: -number)
    return _combine(node.kind, operands[0], operands[1])


class _Parser:
    def __init__(self, expression: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while expression[at:].strip():
            match = _TOKEN.match(expression, at)
            if match is None:
                raise ExpressionError(f"Error in expression '{expression}': unexpected '{expression[at:].strip()[0]}'")
            kind = str(match.lastgroup)
            self._tokens.append((kind, match.group(kind)))
            at = match.end()
        self._expression = expression
        self._at = 0

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            self._fail()

    def sum(self) -> Node:
        return self._chain(self.product, "+-")

    def product(self) -> Node:
        return self._chain(self.operand, "*/")

    def operand(self) -> Node:
        kind, text = self._next()
        if kind == "number":
            return Node("number", text)
        if (kind, text) == ("sign", "-"):
            return Node("negative", operands=(self.operand(),))
        if (kind, text) == ("sign", "("):
            node = self.sum()
            self._take(")")
            return node
        if kind == "name" and self._peek() == "(":
            return self._function(text)
        if kind == "name" and _ID.fullmatch(text):
            return Node("id", text)
        self._at -= 1
        return self._fail()

    def _function(self, name: str) -> Node:
        self._take("(")
        if name == "SEARCH":
            arguments = [self._next()]
            while self._peek() == ",":
                self._take(",")
                arguments.append(self._next())
            self._take(")")
            return Node("search", self._search(arguments))
        if name not in _OF_A_SERIES:
            raise ExpressionError(f"Error in expression '{self._expression}': unknown function {name}")
        operand = self.sum()
        self._take(")")
        return Node("call", name, (operand,))

    def _search(self, arguments: list[tuple[str, str]]) -> Search:
        if [kind for kind, _ in arguments] != ["text", "text", "number"]:
            return self._fail()
        query, statistic, period = arguments[0][1][1:-1], arguments[1][1][1:-1], arguments[2][1]
        schema = re.match(r"\{([^}]*)\}", query)
        if schema is None or len(query) > 1024:
            return self._fail()
        namespace, *dimensions = [part.strip().strip('"') for part in schema.group(1).split(",")]
        terms = dict(re.findall(r'(\w+)="([^"]*)"', query[schema.end():]))
        return Search(namespace, tuple(dimensions), terms, statistic, int(period))

    def _chain(self, operand: Callable[[], Node], signs: str) -> Node:
        node = operand()
        while self._peek() and str(self._peek()) in signs:
            _, sign = self._next()
            node = Node(sign, operands=(node, operand()))
        return node

    def _peek(self) -> str | None:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return text if kind == "sign" else None

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            self._fail()
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            self._fail()
        self._at += 1

    def _fail(self) -> Any:
        found = self._tokens[self._at][1] if self._at < len(self._tokens) else "the end"
        raise ExpressionError(f"Error in expression '{self._expression}': unexpected '{found}'")


def _each(value: Value, change: Callable[[float], float]) -> Value:
    if isinstance(value, list):
        return [(label, {at: change(number) for at, number in series.items()}) for label, series in value]
    if isinstance(value, dict):
        return {at: change(number) for at, number in value.items()}
    return change(value)


def _combine(sign: str, left: Value, right: Value) -> Value:
    if isinstance(left, list):
        return [(label, _series(_combine(sign, series, right))) for label, series in left]
    if isinstance(right, list):
        return [(label, _series(_combine(sign, left, series))) for label, series in right]
    if isinstance(left, dict) and isinstance(right, dict):
        # A period in which one of the two has no value, has none.
        return _values({at: _calculate(sign, left[at], right[at]) for at in left if at in right})
    if isinstance(left, dict):
        return _values({at: _calculate(sign, number, right) for at, number in left.items()})  # type: ignore[arg-type]
    if isinstance(right, dict):
        return _values({at: _calculate(sign, left, number) for at, number in right.items()})
    found = _calculate(sign, left, right)
    return float("nan") if found is None else found


def _calculate(sign: str, left: float, right: float) -> float | None:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    # CloudWatch has no value where it would divide by 0.
    return left / right if right else None


def _values(found: dict[float, float | None]) -> Series:
    return {at: number for at, number in found.items() if number is not None}


def _series(value: Value) -> Series:
    assert isinstance(value, dict)
    return value


def _call(name: str, operands: list[Value]) -> Value:
    (value,) = operands
    if name == "ABS":
        return _each(value, abs)
    if name == "EPOCH":
        if isinstance(value, list):
            return [(label, {at: at for at in series}) for label, series in value]
        if not isinstance(value, dict):
            raise ExpressionError("EPOCH takes a time series")
        return {at: at for at in value}
    functions: dict[str, Callable[[list[float]], float]] = {
        "AVG": lambda numbers: sum(numbers) / len(numbers), "MAX": max, "MIN": min, "SUM": sum}
    of = functions[name]
    if isinstance(value, list):
        # Of several, one: period by period.
        return {at: of([series[at] for _, series in value if at in series]) for at in sorted({at for _, series in value for at in series})}
    if isinstance(value, dict):
        return of(list(value.values())) if value else float("nan")
    return value
