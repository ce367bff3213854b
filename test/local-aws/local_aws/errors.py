"""Errors that an API answers with."""

from __future__ import annotations


class ServiceError(Exception):
    """What an operation refuses a call with: the error's code, its text and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid_parameter(message: str) -> ServiceError:
    return ServiceError("InvalidParameterValueException", message)
