"""Secrets Manager, as far as the local AWS is more exact than ministack."""

from __future__ import annotations

import pytest

from .conftest import LocalAws
from .test_license_configurations import refusal

TOKEN = "0123456789abcdef0123456789abcdef"


def test_a_version_does_not_change(aws: LocalAws) -> None:
    client = aws.client("secretsmanager")
    arn = client.create_secret(Name="s", SecretString="first")["ARN"]
    answers = [client.put_secret_value(SecretId=arn, SecretString="second", ClientRequestToken=TOKEN) for _ in range(2)]
    assert [(a["ARN"], a["VersionId"], a["VersionStages"]) for a in answers] == [(arn, TOKEN, ["AWSCURRENT"])] * 2
    assert refusal(client.put_secret_value, SecretId=arn, SecretString="third", ClientRequestToken=TOKEN)[0] == "ResourceExistsException"
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "second"
    assert client.get_secret_value(SecretId=arn, VersionStage="AWSPREVIOUS")["SecretString"] == "first"
    assert sorted(map(tuple, client.describe_secret(SecretId=arn)["VersionIdsToStages"].values())) == [("AWSCURRENT",), ("AWSPREVIOUS",)]


def test_an_empty_secret_gets_its_first_version(aws: LocalAws) -> None:
    client = aws.client("secretsmanager")
    aws.client("cloudformation").create_stack(
        StackName="s", TemplateBody='{"Resources": {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "empty"}}}}')
    arn = client.describe_secret(SecretId="empty")["ARN"]
    assert "VersionIdsToStages" not in client.describe_secret(SecretId=arn) or not client.describe_secret(SecretId=arn)["VersionIdsToStages"]
    assert refusal(client.get_secret_value, SecretId=arn)[0] == "ResourceNotFoundException"
    client.put_secret_value(SecretId=arn, SecretString="first", ClientRequestToken=TOKEN)
    assert client.get_secret_value(SecretId=arn)["VersionId"] == TOKEN


@pytest.mark.parametrize("parameters", [
    {}, {"SecretString": "s", "SecretBinary": b"b"}, {"SecretString": "s", "ClientRequestToken": "short"},
    {"SecretString": "s", "ClientRequestToken": "x" * 65},
])
def test_what_is_no_value(aws: LocalAws, parameters: dict[str, str]) -> None:
    client = aws.client("secretsmanager")
    client.create_secret(Name="s")
    assert refusal(client.put_secret_value, SecretId="s", **parameters)[0] == "InvalidParameterException"


def test_a_secret_that_is_not_there(aws: LocalAws) -> None:
    client = aws.client("secretsmanager")
    for operation, more in (("PutSecretValue", {"SecretString": "s"}), ("DescribeSecret", {}), ("GetSecretValue", {})):
        assert refusal(client._make_api_call, operation, {"SecretId": "none", **more})[0] == "ResourceNotFoundException"
