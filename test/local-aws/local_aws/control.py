"""The control API, under /_local-aws/: what tests order and ask. Plain HTTP with JSON, without credentials."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, fields
from typing import Any

from . import ec2_billing, ec2_hosts, hooks, service_linked_roles
from .calls import Calls
from .cloudformation import stack_set
from .errors import ServiceError
from .faults import Faults
from .holds import Holds
from .license_manager import associations, checkouts, conversions, resources, tokens
from .license_manager.issued import issued_by
from .license_manager.received_grants import received_by
from .license_manager.seeding import seed_received_grant
from .license_manager.service import SERVICE as LICENSE_MANAGER
from .license_manager.store import Association, Failure, LicenseConfiguration, SeededResource, state_of
from .linux_subscriptions import service as linux_subscriptions
from .linux_subscriptions.discovery import describe, discovery_of
from .linux_subscriptions.store import providers_of
from .ram.store import attempts_to_wait
from .scope import Scope
from .settings import change_settings, settings_of
from .stalls import Stalls
from .state import reset_all
from .user_subscriptions import associations as user_associations
from .user_subscriptions import identity_providers
from .user_subscriptions import subscriptions as user_subscriptions
from .user_subscriptions.store import endpoints_of, user_subscriptions_of

PREFIX = "/_local-aws/"
Answer = tuple[int, Any]


class Control:
    def __init__(self, account: str, region: str, auth: bool) -> None:
        self.faults = Faults()
        self.holds = Holds()
        self.stalls = Stalls()
        self.calls = Calls()
        # What custom resources answered, by the id that a test made up for the ResponseURL.
        self.responses: dict[str, bytes] = {}
        self._default = Scope(account, region)
        self._auth = auth

    def handle(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
        name, _, rest = path[len(PREFIX):].partition("/")
        filters = {key: values[-1] for key, values in query.items()}
        try:
            if name == "responses":
                return self._responses(method, rest, body)
            values = json.loads(body) if body else {}
            if not isinstance(values, dict):
                raise ValueError("the body is a JSON object")
            handler = getattr(self, f"_{method.lower()}_{name}", None)
            if handler is None:
                return 404, {"message": f"The local AWS has no {method} {PREFIX}{name}"}
            return 200, handler(filters, values)
        except (ValueError, TypeError, KeyError) as error:
            return 400, {"message": f"{method} {path}: {error}"}
        except ServiceError as error:
            return 400, {"message": f"{method} {path}: {error.message}"}

    def _responses(self, method: str, key: str, body: bytes) -> Answer:
        if method == "PUT":
            self.responses[key] = body
            return 200, {}
        if method == "DELETE":
            self.responses.pop(key, None)
            return 200, {}
        if key not in self.responses:
            return 404, {"message": f"Nothing was put to {PREFIX}responses/{key}"}
        return 200, json.loads(self.responses[key])

    def _get_health(self, _filters: dict[str, str], _values: dict[str, Any]) -> Any:
        return {"account": self._default.account, "region": self._default.region, "auth": self._auth}

    def _post_reset(self, _filters: dict[str, str], values: dict[str, Any]) -> Any:
        account = values.get("account")
        reset_all(account)
        self.faults.clear(account)
        self.calls.clear({"account": account} if account else {})
        if account is None:
            self.responses.clear()
            hooks.reset_ministack()
        return {}

    def _post_faults(self, _filters: dict[str, str], values: dict[str, Any]) -> Any:
        return asdict(self.faults.add(values))

    def _get_faults(self, _filters: dict[str, str], _values: dict[str, Any]) -> Any:
        return self.faults.list()

    def _delete_faults(self, filters: dict[str, str], _values: dict[str, Any]) -> Any:
        self.faults.clear(filters.get("account"))
        return {}

    def _get_held(self, filters: dict[str, str], _values: dict[str, Any]) -> Any:
        return self.holds.list(filters.get("account"))

    def _post_stalls(self, _filters: dict[str, str], values: dict[str, Any]) -> Any:
        self.stalls = Stalls.ordered(values)
        return {}

    def _get_stalls(self, _filters: dict[str, str], _values: dict[str, Any]) -> Any:
        return self.stalls.describe()

    def _delete_stalls(self, _filters: dict[str, str], _values: dict[str, Any]) -> Any:
        self.stalls.count = 0
        return {}

    def _get_calls(self, filters: dict[str, str], _values: dict[str, Any]) -> Any:
        return self.calls.list(filters)

    def _delete_calls(self, filters: dict[str, str], _values: dict[str, Any]) -> Any:
        self.calls.clear(filters)
        return {}

    def _scope(self, values: dict[str, Any]) -> Scope:
        return Scope(values.get("account", self._default.account), values.get("region", self._default.region))

    def _get_state(self, filters: dict[str, str], _values: dict[str, Any]) -> Any:
        """What License Manager holds in an account and Region, without paging, permissions and log."""
        scope = self._scope(filters)
        state, issued, users = state_of(scope), issued_by(scope), user_subscriptions_of(scope)
        with hooks.in_scope(scope):
            return {
                "settings": asdict(settings_of(scope)),
                "licenseConfigurations": [
                    {
                        **LICENSE_MANAGER.call("GetLicenseConfiguration", scope, {"LicenseConfigurationArn": arn}),
                        "Associations": [asdict(a) for a in configuration.associations],
                    }
                    for arn, configuration in state.configurations.items()
                ],
                "reportGenerators": [
                    LICENSE_MANAGER.call(
                        "GetLicenseManagerReportGenerator", scope, {"LicenseManagerReportGeneratorArn": arn})["ReportGenerator"]
                    for arn in state.reports
                ],
                "licenses": [_without_empty(found.describe()) for found in issued.licenses.values()],
                "grants": [_without_empty(found.describe()) for found in (*issued.grants.values(), *issued.member_grants.values())],
                "receivedGrants": [_without_empty(found.describe()) for found in received_by(scope.account)],
                "tokens": [tokens.describe(found) for found in issued.tokens.values()],
                "checkouts": [checkouts.describe(found) for found in issued.checkouts.values() if not found.is_over],
                "subscriptionProviders": [asdict(provider) for provider in providers_of(scope).values()],
                "linuxSubscriptions": _without_empty(describe(discovery_of(scope))),
                "licenseServerEndpoints": [
                    {**asdict(endpoint), "created": endpoint.created.timestamp()} for endpoint in endpoints_of(scope).values()
                ],
                "identityProviders": [_without_empty(identity_providers.describe(scope, found)) for found in users.providers.values()],
                "productSubscriptions": [_without_empty(user_subscriptions.describe(scope, found)) for found in users.subscriptions.values()],
                "userSubscriptionInstances": [
                    _without_empty(user_associations.describe_instance(scope, found)) for found in users.instances.values()],
                "stackSets": stack_set.describe(scope),
                "userAssociations": [_without_empty(user_associations.describe(scope, found)) for found in users.associations.values()],
            }

    def _post_state(self, _filters: dict[str, str], values: dict[str, Any]) -> Any:
        """Seeds an account and Region; see docs/local-aws.md for the members."""
        known = (
            "account", "region", "settings", "resources", "associations", "failures", "lateFailures", "hosts", "receivedGrants",
            "userSubscriptionInstances", "instances", "housekeeping")
        unknown = set(values) - set(known)
        if unknown:
            raise ValueError(f"no member {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
        scope = self._scope(values)
        state = state_of(scope)
        with hooks.in_scope(scope):
            _change_settings(scope, values.get("settings", {}))
            if {"organizationAccounts", "organizationalUnits"} & set(values.get("settings", {})):
                stack_set.follow_organization()
            for entry in values.get("resources", []):
                _seed_resource(scope, entry)
            for entry in values.get("associations", []):
                configuration = _configuration(scope, entry)
                configuration.associations.append(_association(scope, entry))
            for entry in values.get("failures", []):
                configuration = _configuration(scope, entry)
                configuration.failures.append(_failure(scope, entry))
            for entry in values.get("hosts", []):
                _age_host(scope, entry)
            for entry in values.get("receivedGrants", []):
                seed_received_grant(scope, entry)
            for entry in values.get("userSubscriptionInstances", []):
                user_associations.seed_instance(scope, entry)
            for entry in values.get("instances", []):
                ec2_billing.seed_instance(entry)
                conversions.forget(scope, entry["instanceId"])
            for entry in values.get("lateFailures", []):
                state.late_failures[entry["resourceArn"]] = entry["errorMessage"]
            if values.get("housekeeping"):
                associations.housekeeping(scope)
                linux_subscriptions.housekeeping(scope)
                user_associations.housekeeping(scope)
        return {}


def _without_empty(described: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if value is not None}


def _change_settings(scope: Scope, values: dict[str, Any]) -> None:
    """What a test says is so, and has been for long."""
    change_settings(scope, values)
    if "serviceLinkedRoles" in values:
        service_linked_roles.forget_delays(scope.account)
    if "sharingWithOrganization" in values:
        attempts_to_wait(scope.account).count = 0


def _configuration(scope: Scope, entry: dict[str, Any]) -> LicenseConfiguration:
    arn = entry["licenseConfigurationArn"]
    configuration = state_of(scope).configurations.get(arn)
    if configuration is None:
        raise ValueError(f"there is no license configuration {arn} in account {scope.account}, Region {scope.region}")
    return configuration


def _seed_resource(scope: Scope, entry: dict[str, Any]) -> None:
    names = {"instanceType": "instance_type"}
    values = {names.get(name, name): value for name, value in entry.items()}
    unknown = set(values) - {f.name for f in fields(SeededResource)}
    if unknown:
        raise ValueError(f"a resource has no {', '.join(sorted(unknown))}")
    resources.parse_arn(scope, values["arn"])
    state_of(scope).resources[values["arn"]] = SeededResource(**values)


def _age_host(scope: Scope, entry: dict[str, Any]) -> None:
    host = ec2_hosts.find(scope, entry["id"])
    if host is None:
        raise ValueError(f"there is no host {entry['id']} in account {scope.account}, Region {scope.region}")
    host.allocated = time.time() - float(entry["hoursSinceAllocation"]) * 3600


def _association(scope: Scope, entry: dict[str, Any]) -> Association:
    """Without a resource type: one that discovery made, of a managed node."""
    kind = entry.get("resourceType", "SYSTEMS_MANAGER_MANAGED_INSTANCE")
    association = Association(
        entry["resourceArn"], kind, entry.get("resourceOwnerId", scope.account),
        ami_association_scope=entry.get("amiAssociationScope"),
        discovered=entry.get("discovered", kind in ("SYSTEMS_MANAGER_MANAGED_INSTANCE", "RDS")),
        consumed_licenses=entry.get("consumedLicenses"))
    if "associationTime" in entry:
        association.time = float(entry["associationTime"])
    return association


def _failure(scope: Scope, entry: dict[str, Any]) -> Failure:
    failure = Failure(
        entry["resourceArn"], entry.get("resourceType", "EC2_AMI"), entry.get("resourceOwnerId", scope.account), entry["errorMessage"],
        entry.get("operationName", "UpdateLicenseSpecificationsForResource"))
    if "failureTime" in entry:
        failure.time = float(entry["failureTime"])
    return failure
