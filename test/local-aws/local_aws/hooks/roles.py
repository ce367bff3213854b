"""Service-linked roles."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from ..scope import Scope

Answer = tuple[int, dict[str, str], bytes]


def put_service_linked_role(scope: Scope, service: str, name: str, description: str) -> None:
    """Makes a role of the account, unless it has it."""
    from ministack.services import iam

    if name in iam._roles:
        return
    path = f"/aws-service-role/{service}/"
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam._roles[name] = {
        "RoleName": name, "Arn": f"arn:{scope.partition}:iam::{scope.account}:role{path}{name}", "RoleId": iam._gen_id("AROA"),
        "CreateDate": iam._now(), "Path": path, "Description": description, "MaxSessionDuration": 3600, "AttachedPolicies": [],
        "InlinePolicies": {}, "Tags": [], "AssumeRolePolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }


def drop_role(name: str) -> None:
    from ministack.services import iam

    iam._roles.pop(name, None)


def role_exists(name: str) -> bool:
    from ministack.services import iam

    return name in iam._roles


def role_answer(operation: str, name: str) -> Answer:
    """What an operation answers that returns a role."""
    from ministack.services import iam

    answer: Answer = iam._xml(
        200, f"{operation}Response", f"<{operation}Result><Role>{iam._role_xml(name)}</Role></{operation}Result>")
    return answer


def iam_parameters(body: bytes, query: dict[str, Any]) -> dict[str, str]:
    """The parameters of an IAM request, which may be in its body or already in its query."""
    found = {name: value[0] if isinstance(value, list) else value for name, value in query.items()}
    return {**found, **dict(parse_qsl(body.decode("utf-8", "replace")))}
