"""One server for the whole run, and an account of its own for each test."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

PACKAGE = Path(__file__).parent.parent
_accounts = itertools.count(100000000001)


def new_account() -> str:
    """An account that no other test has: all of them talk to the same servers."""
    return str(next(_accounts))


@dataclass
class LocalAws:
    """A running server, seen from one account."""

    endpoint: str
    account: str = "111122223333"
    region: str = "us-east-1"

    def client(self, service: str, *, account: str | None = None, region: str | None = None, **credentials: str) -> Any:
        keys = credentials or {"aws_access_key_id": account or self.account, "aws_secret_access_key": "test"}
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=region or self.region,
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, read_timeout=120), **keys)

    def post(self, operation: str, parameters: Any) -> tuple[str, str]:
        """A License Manager call past the SDK, which would mend or refuse a malformed one; returns the error's code and text."""
        credential = f"{self.account}/20260101/{self.region}/license-manager/aws4_request"
        request = urllib.request.Request(self.endpoint, data=json.dumps(parameters).encode(), method="POST", headers={
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"AWSLicenseManager.{operation}",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"})
        try:
            with urllib.request.urlopen(request):
                return "", ""
        except urllib.error.HTTPError as error:
            assert error.code == 400
            body = json.load(error)
            return body["__type"], body["Message"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_local-aws/{path}", data=data, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def state(self, **values: Any) -> None:
        self.control("POST", "state", {"account": self.account, "region": self.region, **values})

    def fault(self, operation: str, kind: str, **values: Any) -> None:
        self.control("POST", "faults", {"account": self.account, "operation": operation, "kind": kind, **values})

    def calls(self, service: str = "license-manager") -> list[dict[str, Any]]:
        return self.control("GET", f"calls?account={self.account}&service={service}")


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "local_aws", *arguments], cwd=PACKAGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["endpoint"]


def stop(process: subprocess.Popen[str]) -> int:
    assert process.stdin is not None
    process.stdin.close()
    return process.wait(timeout=120)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    process, url = start()
    yield url
    assert stop(process) == 0


@pytest.fixture(scope="session")
def endpoint_with_iam() -> Iterator[str]:
    process, url = start("--auth")
    yield url
    assert stop(process) == 0


@pytest.fixture
def aws(endpoint: str) -> LocalAws:
    return LocalAws(endpoint, account=new_account())
