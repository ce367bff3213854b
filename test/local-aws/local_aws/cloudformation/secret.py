"""AWS::SecretsManager::Secret, which ministack has, but with its name as what Ref gives, and with an empty text in an empty secret."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .. import hooks
from ..scope import Scope
from .resource_type import ResourceType


class SecretType(ResourceType):
    type_name = "AWS::SecretsManager::Secret"
    service_name = "SecretsManager"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        name = properties.get("Name") or f"{default_name}-{uuid.uuid4().hex[:12]}"
        given = {key: properties[key] for key in ("Description", "KmsKeyId", "Tags") if key in properties}
        return hooks.create_secret({"Name": name, **given, **_value(properties)})

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        changes = {key: new.get(key, "") for key in ("Description", "KmsKeyId") if new.get(key) != old.get(key)}
        if any(new.get(key) != old.get(key) for key in ("SecretString", "GenerateSecretString")):
            changes.update(_value(new))
        hooks.update_secret({"SecretId": identifier, **changes})
        secret = hooks.find_secret(identifier)
        assert secret is not None
        before = [tag["Key"] for tag in old.get("Tags", [])]
        kept = [tag for tag in secret["Tags"] if tag["Key"] not in before]
        secret["Tags"] = [*kept, *new.get("Tags", [])]

    def delete(self, scope: Scope, identifier: str) -> None:
        hooks.purge_secret(identifier)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        secret = hooks.find_secret(identifier)
        return None if secret is None else {"Id": secret["ARN"], "Name": secret["Name"], "Tags": secret["Tags"]}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"Id": arn} for arn in hooks.secret_ids()]


def _value(properties: dict[str, Any]) -> dict[str, str]:
    """The value that a template gives, or lets generate; nothing for neither."""
    generate = properties.get("GenerateSecretString")
    if "SecretString" in properties or generate is None:
        return {"SecretString": properties["SecretString"]} if "SecretString" in properties else {}
    template, key = generate.get("SecretStringTemplate"), generate.get("GenerateStringKey")
    password = hooks.random_password({name: value for name, value in generate.items() if value not in (template, key)})
    return {"SecretString": json.dumps({**json.loads(template), key: password}) if template else password}
