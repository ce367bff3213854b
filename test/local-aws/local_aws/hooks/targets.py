"""Where License Manager writes to: buckets and topics."""

from __future__ import annotations


def bucket_region(name: str) -> str | None:
    """The Region of a bucket, whoever owns it; nothing if there is none of that name."""
    from ministack.services import s3

    owner = s3._bucket_owner_account(name)
    return None if owner is None else str(s3._buckets.get_scoped(owner, None, name).get("region") or "us-east-1")


def bucket_owner(name: str) -> str | None:
    """The account of a bucket; nothing if there is none of that name."""
    from ministack.services import s3

    owner: str | None = s3._bucket_owner_account(name)
    return owner


def topic_exists(arn: str) -> bool:
    """Whether a topic exists in the current account and Region. ministack's ARNs are those of one partition."""
    from ministack.services import sns

    return any(known.split(":", 2)[2] == arn.split(":", 2)[2] for known in sns._topics)
