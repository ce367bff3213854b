"""Whether a request is signed for the service that it calls, and for a Region that this service has.

AWS knows the service that is called by the host. Here all services have one address, and ministack takes the service that the request is
signed for, so that a wrong name in the signature would go unnoticed, or lead to another service. So the service that is called is found by
what the request looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel

from . import model
from .scope import Arn

# What the local AWS adds, and what the functions of the stacks call beside it.
_SERVICES = (
    "cloudformation", "iam", "lambda", "license-manager", "license-manager-linux-subscriptions", "license-manager-user-subscriptions",
    "organizations", "ram", "resource-groups", "secretsmanager")

_CREDENTIAL = re.compile(r"Credential=[^/,\s]+/[^/,\s]+/([^/,\s]*)/([^/,\s]*)/")


@dataclass(frozen=True)
class Called:
    """What a request calls."""

    service: str
    operation: str


def called(method: str, path: str, headers: dict[str, str], parameters: dict[str, Any]) -> Called | None:
    """The operation of one of these services; nothing for others, which ministack alone knows."""
    prefix, _, operation = headers.get("x-amz-target", "").rpartition(".")
    if prefix:
        service = _by_target().get(prefix)
        return Called(service, operation) if service else None
    if "Action" in parameters:
        service = _by_version().get(str(parameters.get("Version")))
        return Called(service, str(parameters["Action"])) if service else None
    for service in _SERVICES:
        found = _route(service, method, path)
        if found:
            return found
    return None


def problem(request: Called, method: str, path: str, headers: dict[str, str]) -> str | None:
    """What AWS says of the credential scope, if it is wrong; nothing of a request that is not signed."""
    signed = _CREDENTIAL.search(headers.get("authorization", ""))
    if signed is None:
        return None
    region, service = signed.groups()
    expected = _models()[request.service].signing_name
    found = []
    if not _is_region(request.service, region):
        found.append(f"Credential should be scoped to a valid region, not '{region}'.")
    if service != expected:
        if _may_be_of(service, method, path, headers):
            return None
        found.append(f"Credential should be scoped to correct service: '{expected}'.")
    return " ".join(found) or None


def _may_be_of(service: str, method: str, path: str, headers: dict[str, str]) -> bool:
    """REST services may have the same path. Amazon S3 has any."""
    if headers.get("x-amz-target") or headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return False
    if service.startswith("s3"):
        return True
    try:
        return _route(service, method, path) is not None
    except UnknownServiceError:
        return False


def _route(service: str, method: str, path: str) -> Called | None:
    for operation, of_method, pattern in _routes(service):
        match = pattern.fullmatch(unquote(path)) if of_method == method else None
        if match is None:
            continue
        # Many services have /tags/{arn}.
        named = Arn.parse(match.group(1)) if pattern.groups == 1 else None
        if named is None or named.service == service:
            return Called(service, operation)
    return None


@cache
def _routes(service: str) -> list[tuple[str, str, re.Pattern[str]]]:
    found = _models().get(service) or model.load(service)
    if not found.protocol.startswith("rest"):
        return []
    routes = []
    for name in found.operation_names:
        http = found.operation_model(name).http
        pattern = re.sub(r"\\{[^}]*\\}", "(.+)", re.escape(http["requestUri"].partition("?")[0]))
        routes.append((name, http["method"], re.compile(pattern)))
    return routes


@cache
def _models() -> dict[str, ServiceModel]:
    return {service: model.load(service) for service in _SERVICES}


@cache
def _by_target() -> dict[str, str]:
    return {found.metadata["targetPrefix"]: service for service, found in _models().items() if "targetPrefix" in found.metadata}


@cache
def _by_version() -> dict[str, str]:
    return {found.api_version: service for service, found in _models().items() if found.protocol == "query"}


@cache
def _is_region(service: str, region: str) -> bool:
    """A global service has one Region in each partition."""
    for partition in Loader().load_data("endpoints")["partitions"]:
        if re.fullmatch(partition["regionRegex"], region):
            described = partition["services"].get(service, {})
            if described.get("isRegionalized", True):
                return True
            return bool(region == described["endpoints"][described["partitionEndpoint"]]["credentialScope"]["region"])
    return False
