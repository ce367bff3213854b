"""Errors as the protocol of a service carries them."""

from __future__ import annotations

import json
from functools import cache
from xml.sax.saxutils import escape

from botocore.model import ServiceModel

from . import model
from .errors import ServiceError

Response = tuple[int, dict[str, str], bytes]

REQUEST_ID = "00000000-0000-4000-8000-000000000000"


def error_response(service: str, error: ServiceError) -> Response:
    """The answer of a service that refuses a call."""
    found = _model(service)
    write = {"json": _json, "rest-json": _rest_json, "query": _query, "ec2": _ec2, "rest-xml": _rest_xml}[found.protocol]
    return write(found, error)


@cache
def _model(service: str) -> ServiceModel:
    return model.load(service)


def _json(found: ServiceModel, error: ServiceError) -> Response:
    headers = {"Content-Type": f"application/x-amz-json-{found.metadata['jsonVersion']}"}
    return error.status, headers, json.dumps({"__type": error.code, _message_member(found, error): error.message, **error.members}).encode()


def _rest_json(found: ServiceModel, error: ServiceError) -> Response:
    # Services send an address behind the code; SDKs cut it off.
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": f"{error.code}:http://internal.amazon.com/coral/"}
    return error.status, headers, json.dumps({_message_member(found, error): error.message, **error.members}).encode()


def _query(found: ServiceModel, error: ServiceError) -> Response:
    kind = "Receiver" if error.status >= 500 else "Sender"
    return _xml(error, f'<ErrorResponse xmlns="{found.metadata["xmlNamespace"]}"><Error><Type>{kind}</Type>{_texts(error)}</Error>'
                       f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>")


def _ec2(_: ServiceModel, error: ServiceError) -> Response:
    return _xml(error, f"<Response><Errors><Error>{_texts(error)}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>")


def _rest_xml(_: ServiceModel, error: ServiceError) -> Response:
    return _xml(error, f"<Error>{_texts(error)}<RequestId>{REQUEST_ID}</RequestId></Error>")


def _xml(error: ServiceError, body: str) -> Response:
    return error.status, {"Content-Type": "text/xml"}, body.encode()


def _texts(error: ServiceError) -> str:
    return f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"


def _message_member(found: ServiceModel, error: ServiceError) -> str:
    """Some errors have a message, others a Message."""
    shapes = [shape for shape in found.error_shapes if shape.name == error.code] or found.error_shapes
    return next((name for shape in shapes for name in shape.members if name.lower() == "message"), "message")
