"""AWS Config."""

from __future__ import annotations

from typing import Any


def records_configurations() -> bool:
    """Whether the account has a configuration recorder in the Region."""
    from ministack.services import config

    return len(list(config._recorders.keys())) > 0


def config_rule(name: str) -> dict[str, Any] | None:
    from ministack.services import config

    found: dict[str, Any] | None = config._config_rules.get(name)
    return found


def config_rules() -> list[dict[str, Any]]:
    from ministack.services import config

    return list(config._config_rules.values())


def put_config_rule(rule: dict[str, Any]) -> None:
    from ministack.services import config

    config._put_config_rule({"ConfigRule": rule})


def delete_config_rule(name: str) -> None:
    from ministack.services import config

    # Nothing happens when there is none.
    config._delete_config_rule({"ConfigRuleName": name})
