"""License server endpoints, by the API and by CloudFormation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_license_configurations import refusal

SERVICE = "license-manager-user-subscriptions"
VALUE = json.dumps({"username": "Administrator", "password": "Passw0rd"})


def identity_provider(aws: LocalAws, name: str = "idp-1") -> str:
    return f"arn:aws:{SERVICE}:us-east-1:{aws.account}:identity-provider/{name}"


@pytest.fixture
def provider(aws: LocalAws) -> str:
    arn = identity_provider(aws)
    aws.state(settings={"identityProviders": [arn, identity_provider(aws, "idp-2")]})
    return arn


def settings(secret: Any) -> dict[str, Any]:
    provider = {"SecretsManagerCredentialsProvider": {"SecretId": secret}}
    return {"ServerType": "RDS_SAL", "ServerSettings": {"RdsSalSettings": {"RdsSalCredentialsProvider": provider}}}


def make_secret(aws: LocalAws, name: str = "license-manager-user-admin", value: str = VALUE) -> str:
    return aws.client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"]


def create(aws: LocalAws, provider: str, secret: str, **values: Any) -> str:
    answer = aws.client(SERVICE).create_license_server_endpoint(IdentityProviderArn=provider, LicenseServerSettings=settings(secret), **values)
    return answer["LicenseServerEndpointArn"]


def test_life_of_an_endpoint(aws: LocalAws, provider: str) -> None:
    client = aws.client(SERVICE)
    arn = create(aws, provider, make_secret(aws), Tags={"team": "windows"})
    (found,) = client.list_license_server_endpoints()["LicenseServerEndpoints"]
    assert (found["LicenseServerEndpointArn"], found["LicenseServerEndpointProvisioningStatus"]) == (arn, "PROVISIONED")
    of_another = [{"Attribute": "IdentityProviderArn", "Operation": "Equals", "Value": identity_provider(aws, "idp-2")}]
    assert client.list_license_server_endpoints(Filters=of_another)["LicenseServerEndpoints"] == []
    client.tag_resource(ResourceArn=arn, Tags={"cost": "4711"})
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"cost": "4711"}
    client.delete_license_server_endpoint(LicenseServerEndpointArn=arn, ServerType="RDS_SAL")
    assert client.list_license_server_endpoints()["LicenseServerEndpoints"] == []
    assert refusal(client.delete_license_server_endpoint, LicenseServerEndpointArn=arn, ServerType="RDS_SAL")[0] == "ResourceNotFoundException"


def test_refuses_what_the_service_refuses(aws: LocalAws, provider: str) -> None:
    secret = make_secret(aws)
    assert refusal(create, aws, identity_provider(aws, "unknown"), secret)[0] == "ResourceNotFoundException"
    create(aws, provider, secret)
    assert refusal(create, aws, provider, secret)[0] == "ConflictException"
    empty = {"ServerType": "RDS_SAL", "ServerSettings": {}}
    client, other = aws.client(SERVICE), identity_provider(aws, "idp-2")
    assert refusal(client.create_license_server_endpoint, IdentityProviderArn=other, LicenseServerSettings=empty)[0] == "ValidationException"
    assert refusal(client.list_license_server_endpoints, Filters=[{"Attribute": "Name"}])[0] == "ValidationException"


@pytest.mark.parametrize(("name", "value"), [
    ("admin", VALUE),
    ("license-manager-user-admin", "no JSON"),
    ("license-manager-user-admin", json.dumps({"username": "Admin", "password": "x"})),
    ("license-manager-user-admin", json.dumps({"username": "Administrator"})),
    ("license-manager-user-admin", json.dumps(["Administrator"])),
])
def test_refuses_credentials(aws: LocalAws, provider: str, name: str, value: str) -> None:
    assert refusal(create, aws, provider, make_secret(aws, name, value))[0] == "ValidationException"


def test_life_of_an_endpoint_in_a_stack(aws: LocalAws, provider: str) -> None:
    def resources(arn: str, **properties: Any) -> dict[str, Any]:
        endpoint = {
            "Type": "AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint",
            "Properties": {"IdentityProviderArn": arn, "LicenseServerSettings": settings({"Ref": "Secret"}), **properties}}
        secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "license-manager-user-admin", "SecretString": VALUE}}
        names = ("LicenseServerEndpointArn", "LicenseServerEndpointId", "LicenseServerEndpointProvisioningStatus", "CreationTime")
        outputs = {name: {"Value": {"Fn::GetAtt": ["Endpoint", name]}} for name in names}
        return {"Secret": secret, "Endpoint": endpoint, "Outputs": outputs}

    stack, client = Stack(aws), aws.client(SERVICE)
    assert stack.create(resources(provider)) == "CREATE_COMPLETE"
    old = stack.outputs()
    assert stack.resource("Endpoint") == f"{provider}|{old['LicenseServerEndpointArn']}"
    (found,) = client.list_license_server_endpoints()["LicenseServerEndpoints"]
    assert found["ServerEndpoint"]["Endpoint"] == f"{old['LicenseServerEndpointId']}.us-east-1.license-server.example"
    assert stack.update(resources(provider, Tags=[{"Key": "a", "Value": "b"}])) == "UPDATE_COMPLETE"
    assert stack.outputs() == old
    assert client.list_tags_for_resource(ResourceArn=old["LicenseServerEndpointArn"])["Tags"]["a"] == "b"
    other = identity_provider(aws, "idp-2")
    assert stack.update(resources(other)) == "UPDATE_COMPLETE"
    (found,) = client.list_license_server_endpoints()["LicenseServerEndpoints"]
    assert (found["IdentityProviderArn"], found["LicenseServerEndpointArn"]) == (other, stack.outputs()["LicenseServerEndpointArn"])
    assert stack.update(resources(identity_provider(aws, "unknown"))) == "UPDATE_ROLLBACK_COMPLETE"
    assert client.list_license_server_endpoints()["LicenseServerEndpoints"] == [found]
    assert stack.delete() == "DELETE_COMPLETE"
    assert client.list_license_server_endpoints()["LicenseServerEndpoints"] == []
