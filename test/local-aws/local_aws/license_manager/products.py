"""Product information: the filters of automated discovery, as the API text lists them."""

from __future__ import annotations

import re
from typing import Any

from ..errors import invalid_parameter

_EQUALS = ("EQUALS",)
_NOT_EQUALS = ("NOT_EQUALS",)

# Filter name -> comparators, allowed values (None: any).
_SSM_FILTERS: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "Application Name": (_EQUALS, None),
    "Application Publisher": (_EQUALS, None),
    "Application Version": (_EQUALS, None),
    "Platform Name": (_EQUALS, None),
    "Platform Type": (_EQUALS, None),
    "License Included": (
        ("EQUALS", "NOT_EQUALS"),
        ("sql-server-enterprise", "sql-server-standard", "sql-server-web", "windows-server-datacenter")),
    "AccountId": (_NOT_EQUALS, None),
}
_RDS_FILTERS: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "Engine Edition": (_EQUALS, ("oracle-ee", "oracle-se", "oracle-se1", "oracle-se2", "db2-se", "db2-ae")),
    "License Pack": (_EQUALS, ("data guard", "diagnostic pack sqlt", "tuning pack sqlt", "ols", "olap")),
}


def check(products: list[dict[str, Any]], counting_type: str, rules: list[str], hard_limit: bool) -> None:
    """Refuses what the service does not take, also the guide's restrictions on Amazon RDS."""
    for product in products:
        if product["ResourceType"] not in ("SSM_MANAGED", "RDS"):
            raise invalid_parameter(f"Resource type '{product['ResourceType']}' is not valid. Valid values: SSM_MANAGED, RDS.")
        if not product["ProductInformationFilterList"]:
            raise invalid_parameter("Product information needs at least one filter.")
        for product_filter in product["ProductInformationFilterList"]:
            _check_filter(product["ResourceType"], product_filter)
    if any(product["ResourceType"] == "RDS" for product in products):
        _check_rds(products, counting_type, rules, hard_limit)


def _check_filter(resource_type: str, product_filter: dict[str, Any]) -> None:
    name = product_filter["ProductInformationFilterName"]
    comparator = product_filter["ProductInformationFilterComparator"]
    values = product_filter.get("ProductInformationFilterValue") or []
    is_tag = resource_type == "SSM_MANAGED" and name.startswith("Tag:") and len(name) > len("Tag:")
    known = _SSM_FILTERS if resource_type == "SSM_MANAGED" else _RDS_FILTERS
    if not is_tag and name not in known:
        raise invalid_parameter(f"Filter '{name}' is not valid for the resource type {resource_type}.")
    comparators, allowed = (_NOT_EQUALS, None) if is_tag else known[name]
    if comparator not in comparators:
        raise invalid_parameter(f"Comparator '{comparator}' is not valid for the filter '{name}'. Valid values: {', '.join(comparators)}.")
    if not values and not is_tag:
        raise invalid_parameter(f"The filter '{name}' needs a value.")
    for value in values:
        if allowed is not None and value not in allowed:
            raise invalid_parameter(f"Value '{value}' is not valid for the filter '{name}'. Valid values: {', '.join(allowed)}.")
        if name == "AccountId" and not re.fullmatch(r"\d{12}", value):
            raise invalid_parameter(f"Value '{value}' is not valid for the filter 'AccountId': an account has 12 digits.")


def _check_rds(products: list[dict[str, Any]], counting_type: str, rules: list[str], hard_limit: bool) -> None:
    if len(products) > 1:
        raise invalid_parameter("Amazon RDS and other products, or several Amazon RDS products, cannot share a license configuration.")
    if counting_type != "vCPU":
        raise invalid_parameter(f"Amazon RDS products are counted by vCPU, not by {counting_type}.")
    if rules:
        raise invalid_parameter("License rules are not supported for Amazon RDS products.")
    if hard_limit:
        raise invalid_parameter("A hard limit is not supported for Amazon RDS products.")
