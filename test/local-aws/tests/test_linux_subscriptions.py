"""Subscription providers, by the API and by CloudFormation, and what becomes of their tokens; secrets of stacks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_license_configurations import refusal

SERVICE = "license-manager-linux-subscriptions"
TAGS = [{"Key": "LicenseManagerLinuxSubscriptions", "Value": "enabled"}]
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ0eXAiOiJPZmZsaW5lIn0.signature-1"


def make_secret(aws: LocalAws, **values: Any) -> str:
    return aws.client("secretsmanager").create_secret(**{"Name": "rhsm", "SecretString": TOKEN, "Tags": TAGS, **values})["ARN"]


def register(aws: LocalAws, arn: str, **values: Any) -> dict[str, Any]:
    return aws.client(SERVICE).register_subscription_provider(SecretArn=arn, SubscriptionProviderSource="RedHat", **values)


def test_life_of_a_provider(aws: LocalAws) -> None:
    secret = make_secret(aws)
    answer = register(aws, secret, Tags={"team": "linux"})
    arn = answer["SubscriptionProviderArn"]
    assert answer["SubscriptionProviderStatus"] == "PENDING"
    assert arn.startswith(f"arn:aws:{SERVICE}:us-east-1:{aws.account}:subscription-provider/")
    client = aws.client(SERVICE)
    assert client.get_registered_subscription_provider(SubscriptionProviderArn=arn)["SecretArn"] == secret
    aws.state(housekeeping=True)
    (found,) = client.list_registered_subscription_providers()["RegisteredSubscriptionProviders"]
    assert (found["SubscriptionProviderStatus"], "LastSuccessfulDataRetrievalTime" in found) == ("ACTIVE", True)
    client.tag_resource(resourceArn=arn, tags={"cost": "4711"})
    client.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"cost": "4711"}
    client.deregister_subscription_provider(SubscriptionProviderArn=arn)
    assert client.list_registered_subscription_providers()["RegisteredSubscriptionProviders"] == []
    assert refusal(client.get_registered_subscription_provider, SubscriptionProviderArn=arn)[0] == "ResourceNotFoundException"
    # The secret stays.
    assert aws.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == TOKEN


def test_there_is_one_registration(aws: LocalAws) -> None:
    secret = make_secret(aws)
    register(aws, secret)
    assert refusal(register, aws, secret)[0] == "ValidationException"


def test_discovery_has_to_be_on(aws: LocalAws) -> None:
    aws.state(settings={"linuxSubscriptionsDiscovery": False})
    assert refusal(register, aws, make_secret(aws))[0] == "ValidationException"
    assert refusal(aws.client(SERVICE).list_registered_subscription_providers)[0] == "ValidationException"


@pytest.mark.parametrize("change", [
    ("us-east-1", "us-east-2"), (":secret:", ":secret:path/"), ("rhsm", "other"), ("{account}", "999988887777"),
])
def test_refuses_a_secret_that_is_not_there(aws: LocalAws, change: tuple[str, str]) -> None:
    before, after = (part.replace("{account}", aws.account) for part in change)
    assert refusal(register, aws, make_secret(aws).replace(before, after))[0] == "ValidationException"


@pytest.mark.parametrize(("values", "message"), [
    ({"Tags": []}, "Access to the secret"),
    ({"Tags": [{**TAGS[0], "Value": "disabled"}]}, "Access to the secret"),
    ({"SecretString": "no token"}, "The offline token"),
    ({"SecretString": json.dumps({"token": TOKEN})}, "The offline token"),
    ({"SecretString": f"{TOKEN}\n"}, "The offline token"),
])
def test_a_bad_token_is_found_out_later(aws: LocalAws, values: dict[str, Any], message: str) -> None:
    arn = register(aws, make_secret(aws, **values))["SubscriptionProviderArn"]
    aws.state(housekeeping=True)
    found = aws.client(SERVICE).get_registered_subscription_provider(SubscriptionProviderArn=arn)
    assert (found["SubscriptionProviderStatus"], found["SubscriptionProviderStatusMessage"].startswith(message)) == ("INVALID", True)


def test_the_key_needs_the_tag_too(aws: LocalAws) -> None:
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    arn = register(aws, make_secret(aws, KmsKeyId=key))["SubscriptionProviderArn"]
    client = aws.client(SERVICE)
    aws.state(housekeeping=True)
    assert "Access to the key" in client.get_registered_subscription_provider(SubscriptionProviderArn=arn)["SubscriptionProviderStatusMessage"]
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in TAGS])
    aws.state(housekeeping=True)
    assert client.get_registered_subscription_provider(SubscriptionProviderArn=arn)["SubscriptionProviderStatus"] == "ACTIVE"


def test_the_default_key_needs_none_by_whatever_it_is_named(aws: LocalAws) -> None:
    arn = register(aws, make_secret(aws, KmsKeyId="alias/aws/secretsmanager"))["SubscriptionProviderArn"]
    aws.state(housekeeping=True)
    assert aws.client(SERVICE).get_registered_subscription_provider(SubscriptionProviderArn=arn)["SubscriptionProviderStatus"] == "ACTIVE"


def provider(secret: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider",
        "Properties": {"SecretArn": secret, "SubscriptionProviderSource": "RedHat", **properties}}


def secret(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SecretsManager::Secret", "Properties": {"Tags": TAGS, **properties}}


BAD = {"Type": "AWS::LicenseManager::LicenseConfiguration", "Properties": {"Name": "bad", "LicenseCountingType": "Core", "LicenseRules": ["#no"]},
       "DependsOn": "Provider"}


def test_life_of_a_provider_in_a_stack(aws: LocalAws) -> None:
    stack = Stack(aws)
    status = {"Value": {"Fn::GetAtt": ["Provider", "SubscriptionProviderStatus"]}}
    resources = {"Secret": secret(), "Provider": provider({"Ref": "Secret"}), "Outputs": {"Status": status}}
    assert stack.create(resources) == "CREATE_COMPLETE"
    arn = stack.resource("Provider")
    assert stack.outputs() == {"Status": "PENDING"}
    assert stack.update({"Secret": secret(), "Provider": provider({"Ref": "Secret"}, Tags=[{"Key": "a", "Value": "b"}])}) == "UPDATE_COMPLETE"
    assert stack.resource("Provider") == arn
    assert aws.client(SERVICE).list_tags_for_resource(resourceArn=arn)["tags"]["a"] == "b"
    assert stack.delete() == "DELETE_COMPLETE"
    assert aws.client(SERVICE).list_registered_subscription_providers()["RegisteredSubscriptionProviders"] == []
    assert aws.client("secretsmanager").list_secrets()["SecretList"] == []


def test_a_replacement_deregisters_first(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({"Secret": secret(Name="one"), "Provider": provider({"Ref": "Secret"})}) == "CREATE_COMPLETE"
    old = stack.resource("Provider")
    assert stack.update({"Secret": secret(Name="two"), "Provider": provider({"Ref": "Secret"})}) == "UPDATE_COMPLETE"
    assert stack.resource("Provider") != old
    (found,) = aws.client(SERVICE).list_registered_subscription_providers()["RegisteredSubscriptionProviders"]
    assert (found["SubscriptionProviderArn"], ":secret:two-" in found["SecretArn"]) == (stack.resource("Provider"), True)
    operations = [call["operation"] for call in aws.calls(SERVICE) if call["operation"].startswith(("Reg", "Dereg"))]
    assert operations == ["RegisterSubscriptionProvider", "DeregisterSubscriptionProvider", "RegisterSubscriptionProvider"]
    assert stack.delete() == "DELETE_COMPLETE"
    assert aws.client(SERVICE).list_registered_subscription_providers()["RegisteredSubscriptionProviders"] == []


@pytest.mark.parametrize("own_fault", [False, True])
def test_a_replacement_that_is_rolled_back_leaves_the_old_one(aws: LocalAws, own_fault: bool) -> None:
    stack = Stack(aws)
    assert stack.create({"Secret": secret(Name="one"), "Provider": provider({"Ref": "Secret"})}) == "CREATE_COMPLETE"
    if own_fault:
        aws.fault("RegisterSubscriptionProvider", "server-error", service=SERVICE)
    changed = {"Secret": secret(Name="two"), "Provider": provider({"Ref": "Secret"}), **({} if own_fault else {"Bad": BAD})}
    assert stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    (found,) = aws.client(SERVICE).list_registered_subscription_providers()["RegisteredSubscriptionProviders"]
    assert (found["SubscriptionProviderArn"], ":secret:one-" in found["SecretArn"]) == (stack.resource("Provider"), True)
    assert stack.delete() == "DELETE_COMPLETE"
    assert aws.client(SERVICE).list_registered_subscription_providers()["RegisteredSubscriptionProviders"] == []


def test_a_secret_of_a_stack(aws: LocalAws) -> None:
    """Ref is the ARN, and without a value it is empty."""
    stack, client = Stack(aws), aws.client("secretsmanager")
    assert stack.create({"Secret": secret(Name="one")}) == "CREATE_COMPLETE"
    arn = stack.resource("Secret")
    assert arn.startswith(f"arn:aws:secretsmanager:us-east-1:{aws.account}:secret:one-")
    assert refusal(client.get_secret_value, SecretId=arn)[0] == "ResourceNotFoundException"
    client.put_secret_value(SecretId=arn, SecretString=TOKEN)
    assert stack.update({"Secret": secret(Name="one", Description="changed")}) == "UPDATE_COMPLETE"
    assert client.get_secret_value(SecretId=arn)["SecretString"] == TOKEN
    assert client.describe_secret(SecretId=arn)["Description"] == "changed"
    generate = {"SecretStringTemplate": '{"username":"a"}', "GenerateStringKey": "password", "PasswordLength": 20, "ExcludeCharacters": "'\""}
    assert stack.update({"Secret": secret(Name="one", GenerateSecretString=generate)}) == "UPDATE_COMPLETE"
    value = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    assert (value["username"], len(value["password"])) == ("a", 20)


def test_iam_knows_the_provider(endpoint_with_iam: str) -> None:
    root = LocalAws(endpoint_with_iam, account="100000000777")
    arn = register(root, make_secret(root))["SubscriptionProviderArn"]
    iam = root.client("iam")
    iam.create_user(UserName="reader")
    statement = {"Effect": "Allow", "Action": f"{SERVICE}:GetRegisteredSubscriptionProvider", "Resource": arn}
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = root.client(SERVICE, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert reader.get_registered_subscription_provider(SubscriptionProviderArn=arn)["SubscriptionProviderArn"] == arn
    assert refusal(reader.list_registered_subscription_providers)[0].startswith("AccessDenied")
    assert refusal(reader.get_registered_subscription_provider, SubscriptionProviderArn=f"{arn}0")[0].startswith("AccessDenied")
