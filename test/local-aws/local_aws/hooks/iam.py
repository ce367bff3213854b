"""The evaluation of policies."""

from __future__ import annotations

import contextvars
import dataclasses
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import ServiceError

# The ARNs that policies have to allow a request on, given as ministack gives it: method, path, headers, body, query. None is «*».
ResourceArns = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], list[str]]
ErrorResponse = Callable[[ServiceError], tuple[int, dict[str, str], bytes]]


@dataclass(frozen=True)
class Permission:
    """What a caller must be allowed to do, beside what it asks for: the service does it with the caller's permissions."""

    action: str
    resource: str = "*"
    keys: dict[str, Any] = field(default_factory=dict)


_resource_arns: dict[str, ResourceArns] = {}
_errors: dict[str, ErrorResponse] = {}

# Services of ministack whose denials name the resource, as those of nearly all services do.
_NAMES_THE_RESOURCE = ("cloudformation", "iam", "lambda", "organizations", "secretsmanager")

# The ARNs that a request has to be allowed to tag, too, since it creates something with tags.
_tagging_arns: dict[str, ResourceArns] = {}
_tagged_arns: contextvars.ContextVar[tuple[str, ...]] = contextvars.ContextVar("local_aws_tagged_arns", default=())

# The ARNs of the request that is being authorized: ministack itself asks for one.
_authorized_arns: contextvars.ContextVar[tuple[str, ...]] = contextvars.ContextVar("local_aws_authorized_arns", default=())

# The condition keys of requests and the permissions that they need beside their own.
_keys_of: dict[str, Callable[..., dict[str, Any]]] = {}
_condition_keys: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("local_aws_condition_keys", default=None)
_dependent: dict[str, Callable[..., list[Permission]]] = {}
# The actions that can be called without credentials.
_unsigned: set[str] = set()
_permissions: contextvars.ContextVar[tuple[Permission, ...]] = contextvars.ContextVar("local_aws_permissions", default=())

# The resource of a request to one of ministack's services, where ministack knows another one.
_corrected: dict[str, Callable[..., str | None]] = {}

# Of a launch of instances: the ARNs that it is asked for beside that of the instance, and the condition keys of one of them.
LaunchArns = Callable[[dict[str, Any], str], list[str]]
LaunchKeys = Callable[[dict[str, Any], str], dict[str, Any]]
_launch_arns: list[LaunchArns] = []
_launch_keys: list[LaunchKeys] = []
_launch: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("local_aws_launch", default=None)

# The action and the resource that were denied, which may be other ones than those of the request.
_denied: contextvars.ContextVar[tuple[str, str] | None] = contextvars.ContextVar("local_aws_denied", default=None)


# The organization of an account.
_organizations: list[Callable[[str], str | None]] = []


def declare_organizations(organization: Callable[[str], str | None]) -> None:
    """Lets policies use aws:PrincipalOrgID and aws:ResourceOrgID."""
    from ministack.core import iam_evaluator

    _organizations[:] = [organization]
    iam_evaluator._principal_org_id = organization


def declare_tagging(service: str, tagging_arns: ResourceArns) -> None:
    """Lets creating something with tags take the permission to tag it, too."""
    _tagging_arns[service] = tagging_arns


def declare_condition_keys(service: str, keys: Callable[..., dict[str, Any]]) -> None:
    """Lets policies use condition keys that a request's parameters give; asked as `ResourceArns` is."""
    _keys_of[service] = keys


def declare_dependent_permissions(service: str, permissions: Callable[..., list[Permission]]) -> None:
    _dependent[service] = permissions


def allow_unsigned(action: str) -> None:
    """Lets an action be called without credentials. Of somebody who has some, it asks for permission."""
    _unsigned.add(action)


def correct_resource(service: str, resource: Callable[..., str | None]) -> None:
    _corrected[service] = resource


def declare_launches(arns: LaunchArns, keys: LaunchKeys) -> None:
    """Lets policies be asked for more resources of a launch, each with its own condition keys, as EC2 does it."""
    _launch_arns.append(arns)
    _launch_keys.append(keys)


def limit_accounts(policies: Callable[[str], list[str]]) -> None:
    """Limits what the principals of an account may do, also its root user, by policies of its organization: each has to leave it to them."""
    from ministack.core import iam_evaluator

    original = iam_evaluator.resolve_principal

    def resolve_principal(*args: Any, **options: Any) -> Any:
        principal = original(*args, **options)
        found = policies(principal.account) if hasattr(principal, "account") else []
        if not found or ":role/aws-service-role/" in principal.arn:
            return principal
        everything = iam_evaluator.parse_policy_document({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
        limit = [everything, *(iam_evaluator.parse_policy_document(document) for document in found)]
        return dataclasses.replace(
            principal, policies=[everything] if principal.policies is None else principal.policies, limits=[*principal.limits, limit])

    iam_evaluator.resolve_principal = resolve_principal


def policy_problem(document: str) -> str | None:
    """What is wrong with a policy, if something is."""
    from ministack.core import iam_evaluator

    return iam_evaluator.validate_policy_document(document)


def declare_resources(service: str, resource_arns: ResourceArns, error: ErrorResponse) -> None:
    """Adds a service to the evaluation of policies."""
    from ministack.core import iam_actions

    iam_actions.SERVICE_TO_IAM_NAMESPACE[service] = service
    iam_actions._BOTOCORE_SERVICE_MAP[service] = [service]
    _resource_arns[service] = resource_arns
    _errors[service] = error


def install_iam() -> None:
    """Lets ministack's evaluation of policies know the resources of the services added, and answer as AWS's JSON services do."""
    from ministack.core import iam_actions, iam_evaluator

    original_arn = iam_actions.extract_resource_arn
    original_enforce = iam_evaluator.enforce
    original_denied = iam_actions.access_denied_response
    original_more = iam_actions.verified_access_resource_arns
    original_key = iam_evaluator._resolve_condition_key

    def extract_resource_arn(service: str, method: str, path: str, headers: dict, body: bytes, query: dict, *rest: Any) -> str:
        request = (method, path, headers, body, query)
        keys, dependent, corrected = _keys_of.get(service), _dependent.get(service), _corrected.get(service)
        _condition_keys.set(keys(*request) if keys else None)
        _denied.set(None)
        _launch.set(query if service == "ec2" and _is_launch(query) else None)
        if _launch.get() is not None:
            return "arn:aws:ec2:{}:{}:instance/*".format(*rest)
        if service not in _resource_arns:
            return (corrected(*request) if corrected else None) or original_arn(service, *request, *rest)
        arns = _resource_arns[service](*request) or ["*"]
        _authorized_arns.set(tuple(arns))
        tagging = _tagging_arns.get(service)
        _tagged_arns.set(tuple(tagging(*request)) if tagging else ())
        _permissions.set(tuple(dependent(*request)) if dependent else ())
        return arns[0]

    def enforce(key: str, action: str, service: str, region: str, **options: Any) -> Any:
        if action in _unsigned and not key:
            return None
        context = {**(options.get("service_context") or {}), **(_condition_keys.get() or {})}
        owner = options.get("resource_arn", "*").split(":")[4:5]
        organization = next((of(account) for of in _organizations for account in owner), None)
        if organization:
            context["aws:ResourceOrgID"] = organization
        launch = _launch.get() if action == "ec2:RunInstances" else None
        if launch is not None:
            for keys in _launch_keys:
                context.update(keys(launch, options.get("resource_arn", "*")))
        if service not in _resource_arns:
            return original_enforce(key, action, service, region, **{**options, "service_context": context})
        asked = [(action, arn, context) for arn in _authorized_arns.get()]
        asked += [(f"{service}:TagResource", arn, context) for arn in _tagged_arns.get()]
        asked += [(needed.action, needed.resource, needed.keys) for needed in _permissions.get()]
        for each, arn, keys in asked:
            denied = original_enforce(key, each, service, region, **{**options, "resource_arn": arn, "service_context": keys})
            if denied:
                _denied.set((each, arn))
                return denied
        return None

    def access_denied_response(service: str, action: str, principal: str, request_id: str, **options: Any) -> tuple:
        if options.get("error_code") or options.get("message") or options.get("resource_policy_arn"):
            return original_denied(service, action, principal, request_id, **options)
        denied_action, resource = _denied.get() or (action, options.get("resource_arn", "*"))
        message = iam_actions.identity_denial_message(denied_action, principal, resource, options.get("explicit_deny", False))
        if service in _errors:
            status, headers, body = _errors[service](ServiceError("AccessDeniedException", message))
            return status, headers, body
        if service in _NAMES_THE_RESOURCE:
            options["message"] = message
        return original_denied(service, action, principal, request_id, **options)

    def resolve_condition_key(key: str, context: Any) -> Any:
        """Of a session, aws:PrincipalArn is its role, and not the session: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
        value = original_key(key, context)
        return _role_of(value) if value and key.lower() == "aws:principalarn" else value

    def verified_access_resource_arns(query: dict[str, Any], region: str, account: str) -> list[str]:
        """The other resources of an EC2 call; the first of the list is the one that was checked already."""
        arns = original_more(query, region, account)
        if not _is_launch(query):
            return arns
        named = [value for name, value in query.items() if re.fullmatch(_NAMED_BY_LAUNCH, name)]
        more = [arn for found in _launch_arns for arn in found(query, region)]
        return [*(arns or ["*"]), *(value[0] if isinstance(value, list) else value for value in named), *more]

    iam_evaluator._resolve_condition_key = resolve_condition_key
    iam_actions.verified_access_resource_arns = verified_access_resource_arns
    iam_actions.extract_resource_arn = extract_resource_arn
    iam_evaluator.enforce = enforce
    iam_actions.access_denied_response = access_denied_response


def _role_of(arn: str) -> str:
    from ministack.services import iam

    match = re.fullmatch(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.+", arn)
    if match is None:
        return arn
    partition, account, name = match.groups()
    role = iam._roles.get_scoped(account, None, name)
    return str(role["Arn"]) if role else f"arn:{partition}:iam::{account}:role/{name}"


# The parameters of a launch that name a license configuration or a host resource group.
_NAMED_BY_LAUNCH = r"LicenseSpecification\.\d+\.LicenseConfigurationArn|Placement\.HostResourceGroupArn"


def _is_launch(query: dict[str, Any]) -> bool:
    return query.get("Action") in (["RunInstances"], "RunInstances")


def add_resource_tags(service: str, collect: Callable[[], list[tuple[str, list[dict[str, str]]]]]) -> None:
    """Lets policies use aws:ResourceTag on the resources of a service."""
    from ministack.services import tagging

    tagging._RESOURCE_TAG_COLLECTORS[service] = collect


def put_role_policy(role: str, policy: str, document: dict[str, Any]) -> None:
    from ministack.services import iam

    status, _, body = iam._put_role_policy({"RoleName": role, "PolicyName": policy, "PolicyDocument": json.dumps(document)})
    if status != 200:
        texts = dict(re.findall(rb"<(Code|Message)>([^<]*)</", body))
        raise ServiceError(texts.get(b"Code", b"").decode(), texts.get(b"Message", b"").decode(), status)


def delete_role_policy(role: str, policy: str) -> None:
    from ministack.services import iam

    # Nothing happens when the role or the policy is gone.
    iam._delete_role_policy({"RoleName": role, "PolicyName": policy})
