"""Puts the local AWS together: ministack, what is added to it, and the gateway in front."""

from __future__ import annotations

from typing import Any

from . import ec2_billing, ec2_hosts, hooks, service_linked_roles, ssm_inventory
from .calls import Call
from .cloudformation import custom_resources, engine
from .cloudformation.types import all_types
from .cloudwatch import alarms
from .control import Control
from .errors import ServiceError
from .gateway import Gateway
from .json_service import JsonService
from .license_manager import launches, web_identity
from .license_manager import service as license_manager
from .linux_subscriptions import service as linux_subscriptions
from .organizations import service as organizations
from .ram import service as ram
from .resource_groups import service as resource_groups
from .server import Options
from .settings import settings_of
from .user_subscriptions import service as user_subscriptions

_CLOUDFORMATION = "cloudformation.amazonaws.com"


def application(options: Options) -> Gateway:
    """Imports ministack, which reads its settings from the environment: `server.run` sets them first."""
    missing = hooks.missing()
    if missing:
        raise RuntimeError(f"This version of ministack or hypercorn does not fit: it has no {', '.join(missing)}")
    control = Control(options.account, options.region, options.auth)
    services = {service.name: service for service in (
        license_manager.SERVICE, linux_subscriptions.SERVICE, user_subscriptions.SERVICE, ram.SERVICE, resource_groups.SERVICE,
        ssm_inventory.SERVICE)}
    # Not what the gateway tells by its own service.
    called = {**services, organizations.SERVICE.name: organizations.SERVICE}
    hooks.install_connections()
    hooks.install_iam()
    hooks.install_functions()
    hooks.install_secrets()
    hooks.install_response_host()
    hooks.install_stack_sets()
    service_linked_roles.install()
    organizations.install()
    license_manager.install()
    web_identity.install()
    linux_subscriptions.install()
    user_subscriptions.install()
    ram.install()
    resource_groups.install()
    ec2_hosts.install()
    ec2_billing.install()
    ssm_inventory.install()
    hooks.install_step_functions(lambda: settings_of(hooks.current_scope()).stateMachineWaitPercent / 100)
    hooks.install_scheduler()
    alarms.install()
    launches.install()
    custom_resources.install()
    engine.install(all_types(_Caller(control, called)))
    return Gateway(hooks.ministack_app(), control, services)


class _Caller:
    """How CloudFormation's types call an API: logged and hit by faults as any other call, but for those of the network."""

    def __init__(self, control: Control, services: dict[str, JsonService]) -> None:
        self._control = control
        self._services = services

    def __call__(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        scope = hooks.current_scope()
        call = Call(service, operation, parameters, scope.account, scope.region, userAgent=_CLOUDFORMATION)
        self._control.calls.add(call)
        fault = self._control.faults.next_for(service, operation, scope, "/")
        call.fault = fault.kind if fault else None
        try:
            if fault is not None and fault.kind not in ("cut", "cut-after", "late"):
                raise fault.error(service)
            answer = self._services[service].request(operation, scope, parameters)
        except ServiceError as error:
            call.status, call.error = error.status, error.code
            raise
        call.status = 200
        return answer
