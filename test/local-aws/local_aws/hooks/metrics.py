"""CloudWatch."""

from __future__ import annotations


def record_metric(namespace: str, name: str, value: float, dimensions: dict[str, str]) -> None:
    """Puts one datum, of this moment and counted, into the current account and Region."""
    from ministack.services import cloudwatch

    cloudwatch.record_metric(namespace, name, value, "Count", dimensions)
