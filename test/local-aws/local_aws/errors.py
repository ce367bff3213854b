"""Errors that an API answers with."""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """What an operation refuses a call with: the error's code, its text, the HTTP status, and what else its shape has, such as a reason."""

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def invalid_parameter(message: str) -> ServiceError:
    return ServiceError("InvalidParameterValueException", message)
