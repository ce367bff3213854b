"""AWS STS, and the managed policies that its sessions use."""

from __future__ import annotations

import json


def trust_web_identity_provider(host: str) -> None:
    """Lets trust policies name a provider by its host, without an OIDC provider in IAM."""
    from ministack.services import sts

    sts._WELL_KNOWN_WEB_IDENTITY_PROVIDERS.add(host)


def add_managed_policy(name: str, actions: list[str]) -> None:
    """Adds a policy of AWS's, which allows actions on everything; ministack has some of them, and makes these anew when it is reset."""
    from ministack.services import iam

    original = iam._seed_aws_managed_policies

    def seed() -> None:
        original()
        add()

    def add() -> None:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
        record = iam._make_aws_managed_record(name, json.dumps(document))
        iam._aws_managed_policies[record["Arn"]] = record

    iam._seed_aws_managed_policies = seed
    add()
