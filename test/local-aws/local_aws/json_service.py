"""An API of the JSON protocols (awsJson1.1, restJson1), made of one Python function for each operation."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote

from botocore.model import OperationModel

from . import hooks, model, wire
from .errors import ServiceError
from .scope import Scope
from .wire import Response

# The ARNs that IAM is asked for, of an operation with its parameters.
Arns = Callable[[str, dict[str, Any]], list[str]]
Operation = Callable[[Scope, dict[str, Any]], "dict[str, Any] | None"]
# The condition keys of an operation with its parameters, and what else its caller must be allowed to do.
Keys = Callable[[str, dict[str, Any]], dict[str, Any]]
Permissions = Callable[[str, dict[str, Any]], list[hooks.Permission]]
T = TypeVar("T")

logger = logging.getLogger("local_aws")


class JsonService:
    """Parses a request, validates it, calls the operation, and shapes its answer or its error as the protocol says."""

    def __init__(self, name: str, operations: dict[str, Operation]) -> None:
        self.name = name
        self.model = model.load(name)
        self.operations = operations
        # Refuses the operations of an account that is not prepared.
        self.guard: Callable[[str, Scope], None] = lambda _operation, _scope: None
        self.rest = self.model.protocol == "rest-json"
        self.content_type = "application/json" if self.rest else f"application/x-amz-json-{self.model.metadata['jsonVersion']}"
        unknown = set(operations) - set(self.model.operation_names)
        if unknown:
            raise model.ModelMismatch(f"{name} has no operation {', '.join(sorted(unknown))}")

    def install(
            self, resource_arns: Arns, target_prefix: str | None = None, tagging_arns: Arns | None = None,
            dependent: Permissions | None = None) -> None:
        """Adds the service to ministack.

        `resource_arns` is given the operation and its parameters, and returns the ARNs that policies have to allow the operation on; an
        empty list is «*». `tagging_arns` returns those that they have to allow to tag as well, `dependent` what else they have to allow.
        """
        arns = self._of(resource_arns, [])
        hooks.add_service(self.name, self.handle, target_prefix=target_prefix, resource_arns=arns, error=self.denial)
        if tagging_arns is not None:
            hooks.declare_tagging(self.name, self._of(tagging_arns, []))
        if dependent is not None:
            hooks.declare_dependent_permissions(self.name, self._of(dependent, []))

    def install_over(self, resource_arns: Arns, condition_keys: Keys) -> None:
        """Puts the operations in front of ministack's service of the same name, which does the others."""
        async def handle(original: hooks.ServiceHandler, method: str, path: str, headers: dict, body: bytes, query: dict) -> Response:
            is_ours = headers.get("x-amz-target", "").rpartition(".")[2] in self.operations
            return await (self.handle if is_ours else original)(method, path, headers, body, query)

        hooks.wrap_service(self.name, handle)
        hooks.declare_resources(self.name, self._of(resource_arns, []), self.denial)
        hooks.declare_condition_keys(self.name, self._of(condition_keys, {}))

    def _of(self, tell: Callable[[str, dict[str, Any]], T], nothing: T) -> Callable[..., T]:
        """What is told of an operation and its parameters, of a request."""
        def found(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> T:
            try:
                operation, parameters = self._parse(method, path, headers, body, query)
            except ServiceError:
                return nothing  # It is refused anyway.
            return tell(operation, parameters if isinstance(parameters, dict) else {})

        return found

    def request(self, operation: str, scope: Scope, parameters: dict[str, Any]) -> dict[str, Any]:
        """An operation that a client or CloudFormation asks for."""
        self.guard(operation, scope)
        return self.call(operation, scope, parameters)

    def call(self, operation: str, scope: Scope, parameters: dict[str, Any]) -> dict[str, Any]:
        """An operation with its validation, for what looks at an account from outside."""
        operation_model = self.model.operation_model(operation)
        if operation not in self.operations:
            raise ServiceError("UnknownOperationException", f"The local AWS does not implement {self.name} {operation}", 501)
        answer = self.operations[operation](scope, model.validate_request(operation_model, parameters))
        return model.shape_response(operation_model, answer or {})

    async def handle(self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        """The signature that ministack calls a service with."""
        try:
            operation, parameters = self._parse(method, path, headers, body, query)
            return self._answer(200, self.request(operation, hooks.current_scope(), parameters))
        except ServiceError as error:
            return self.error(error)
        except Exception as error:  # The caller sees what the service would answer; the cause is in the log.
            logger.exception("%s %s %s", self.name, method, path)
            return self.error(ServiceError("InternalFailure", f"The local AWS failed: {error!r}", 500))

    def error(self, error: ServiceError) -> Response:
        return wire.error_response(self.name, error)

    def denial(self, error: ServiceError) -> Response:
        """What is refused for its credentials or their permissions: the REST services have another status for it."""
        return self.error(ServiceError(error.code, error.message, 403 if self.rest else 400))

    def _parse(self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> tuple[str, Any]:
        operation, in_path = self._operation(method, path, headers)
        return operation, self._parameters(self.model.operation_model(operation), in_path, body, query)

    def _answer(self, status: int, answer: dict[str, Any]) -> Response:
        return status, {"Content-Type": self.content_type}, json.dumps(answer).encode()

    def _operation(self, method: str, path: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
        """The operation, and the parameters that are in the path."""
        if not self.rest:
            name = headers.get("x-amz-target", "").rpartition(".")[2]
            if name in self.model.operation_names:
                return name, {}
            raise ServiceError("UnknownOperationException", f"There is no operation {name!r}")
        for name in self.model.operation_names:
            http = self.model.operation_model(name).http
            # An ARN in a path has slashes, which are decoded by now.
            pattern = re.sub(r"\\{([^}]*)\\}", r"(?P<\1>.+)", re.escape(http["requestUri"].partition("?")[0]))
            match = re.fullmatch(pattern, unquote(path)) if http["method"] == method else None
            if match:
                return name, match.groupdict()
        raise ServiceError("UnknownOperationException", f"There is no operation {method} {path}", 404)

    def _parameters(self, operation: OperationModel, in_path: dict[str, str], body: bytes, query: dict[str, Any]) -> dict[str, Any]:
        try:
            parameters = json.loads(body) if body else {}
        except ValueError:
            raise ServiceError("SerializationException", "The request is not JSON") from None
        if not self.rest or operation.input_shape is None or not isinstance(parameters, dict):
            return parameters
        for name, shape in operation.input_shape.members.items():
            if shape.serialization.get("location") == "uri":
                parameters[name] = in_path[shape.serialization["name"]]
            if shape.serialization.get("location") == "querystring":
                values = query.get(shape.serialization["name"])
                if values:
                    parameters[name] = values if shape.type_name == "list" else values[0]
        return parameters
