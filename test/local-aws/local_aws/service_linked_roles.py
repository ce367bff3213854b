"""Service-linked roles: which of License Manager's an account has, who sees them, and the operations of IAM on them."""

from __future__ import annotations

from typing import Any

from . import hooks, wire
from .errors import ServiceError
from .scope import Scope
from .settings import LICENSE_MANAGER_ROLES, change_settings, settings_of_account
from .state import ScopedState

CORE, MASTER, MEMBER = (
    "license-manager.amazonaws.com", "license-manager.master-account.amazonaws.com", "license-manager.member-account.amazonaws.com")
LINUX = "license-manager-linux-subscriptions.amazonaws.com"
SHARING = "ram.amazonaws.com"

_NAMES = {**LICENSE_MANAGER_ROLES, SHARING: "AWSServiceRoleForResourceAccessManager"}
_SERVICES = {name: service for service, name in _NAMES.items()}

# Service -> how many more uses do not see the role that was made by a call.
_unseen: ScopedState[dict[str, int]] = ScopedState(dict)


def is_seen(account: str, service: str) -> bool:
    """Whether a service finds its role. Each call counts as a use: IAM tells its Regions of a new role after a while only."""
    if service not in settings_of_account(account).serviceLinkedRoles:
        return False
    unseen = _unseen_in(account)
    if unseen.get(service, 0) > 0:
        unseen[service] -= 1
        return False
    return True


def create(account: str, *services: str) -> None:
    """Makes the roles that are not there. That a role which a service makes itself is seen as late as another is a guess."""
    settings = settings_of_account(account)
    for service in services:
        if service not in settings.serviceLinkedRoles:
            _unseen_in(account)[service] = settings.serviceLinkedRoleDelay
            _set(account, [*settings_of_account(account).serviceLinkedRoles, service])


def forget_delays(account: str) -> None:
    """What a test sets, is seen at once."""
    _unseen_in(account).clear()


def arn(scope: Scope, service: str) -> str:
    return f"arn:{scope.partition}:iam::{scope.account}:role/aws-service-role/{service}/{_NAMES[service]}"


def permission_to_create(scope: Scope, service: str) -> hooks.Permission:
    return hooks.Permission("iam:CreateServiceLinkedRole", arn(scope, service), {"iam:AWSServiceName": service})


def _unseen_in(account: str) -> dict[str, int]:
    return _unseen.of(Scope(account, ""))


def _set(account: str, services: list[str]) -> None:
    change_settings(Scope(account, ""), {"serviceLinkedRoles": services})


async def _handle(
        original: hooks.ServiceHandler, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> wire.Response:
    parameters = hooks.iam_parameters(body, query)
    operation, service = parameters.get("Action", ""), _service_of(parameters)
    try:
        if operation == "CreateServiceLinkedRole":
            _check(parameters.get("AWSServiceName", ""), parameters)
        if service is None:
            return await original(method, path, headers, body, query)
        return await _on_role(operation, service, parameters) or await _as_ministack_does(
            service, original, method, path, headers, body, query)
    except ServiceError as error:
        return wire.error_response("iam", error)


def _service_of(parameters: dict[str, str]) -> str | None:
    """The service of these whose role a request is about."""
    named = parameters.get("AWSServiceName", "")
    return named if named in _NAMES else _SERVICES.get(parameters.get("RoleName", ""))


def _check(service: str, parameters: dict[str, str]) -> None:
    # A misspelt name of License Manager is refused; of other services nothing is known here. The text is a guess.
    if service.startswith("license-manage") and service not in _NAMES:
        raise ServiceError("InvalidInput", f"{service} is not a valid service principal for service-linked roles.")
    if service in _NAMES and "CustomSuffix" in parameters:
        raise ServiceError("InvalidInput", f"Custom suffix is not allowed for {service}")


async def _on_role(operation: str, service: str, parameters: dict[str, str]) -> wire.Response | None:
    scope, name = hooks.current_scope(), _NAMES[service]
    exists = service in settings_of_account(scope.account).serviceLinkedRoles
    if operation == "CreateServiceLinkedRole":
        if exists:
            raise ServiceError(
                "InvalidInput", f"Service role name {name} has been taken in this account, please try a different suffix.")
        create(scope.account, service)
        # ministack may still have one that the account had before.
        hooks.drop_role(name)
        hooks.put_service_linked_role(scope, service, name, parameters.get("Description", ""))
        return hooks.role_answer(operation, name)
    if operation == "GetRole" and not exists:
        raise ServiceError("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
    return None


async def _as_ministack_does(service: str, original: hooks.ServiceHandler, *request: Any) -> wire.Response:
    """Everything else: ministack is to have the roles that the account has, no others, and may delete one."""
    scope, name = hooks.current_scope(), _NAMES[service]
    services = settings_of_account(scope.account).serviceLinkedRoles
    if service in services:
        hooks.put_service_linked_role(scope, service, name, "")
    else:
        hooks.drop_role(name)
    answer: wire.Response = await original(*request)
    if service in services and not hooks.role_exists(name):
        _set(scope.account, [each for each in services if each != service])
    return answer


def _resource(_method: str, _path: str, _headers: dict[str, str], body: bytes, query: dict[str, Any]) -> str | None:
    """What policies have to allow the operation on.

    Of a role that exists it is the ARN with its path. One that does not exist has no path that IAM knows: a guess, after the texts of denials.
    """
    scope, parameters = hooks.current_scope(), hooks.iam_parameters(body, query)
    service = _service_of(parameters)
    if service is None:
        return None
    is_there = service in settings_of_account(scope.account).serviceLinkedRoles
    if is_there or parameters.get("Action") == "CreateServiceLinkedRole":
        return arn(scope, service)
    return f"arn:{scope.partition}:iam::{scope.account}:role/{_NAMES[service]}"


def _condition_keys(_method: str, _path: str, _headers: dict[str, str], body: bytes, query: dict[str, Any]) -> dict[str, Any]:
    named = hooks.iam_parameters(body, query).get("AWSServiceName")
    return {"iam:AWSServiceName": named} if named else {}


def install() -> None:
    hooks.wrap_service("iam", _handle)
    hooks.correct_resource("iam", _resource)
    hooks.declare_condition_keys("iam", _condition_keys)
