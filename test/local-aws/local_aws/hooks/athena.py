"""Amazon Athena, as far as ministack's CloudFormation has not its types."""

from __future__ import annotations

import json
from typing import Any


def create_named_query(values: dict[str, Any]) -> str:
    from ministack.services import athena

    _, _, body = athena._create_named_query(values)
    return str(json.loads(body)["NamedQueryId"])


def find_named_query(query_id: str) -> dict[str, Any] | None:
    from ministack.services import athena

    found: dict[str, Any] | None = athena._named_queries.get(query_id)
    return found


def named_query_ids() -> list[str]:
    from ministack.services import athena

    return list(athena._named_queries.keys())


def delete_named_query(query_id: str) -> None:
    from ministack.services import athena

    athena._delete_named_query({"NamedQueryId": query_id})


def workgroup_exists(name: str) -> bool:
    from ministack.services import athena

    return name == "primary" or name in athena._workgroups


def glue_database_exists(name: str) -> bool:
    from ministack.services import glue

    return name in glue._databases
