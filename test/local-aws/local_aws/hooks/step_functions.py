"""Step Functions: calls of the state machines, and distributed maps in JSONata."""

from __future__ import annotations

import contextvars
import hashlib
import json
import os
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from .metrics import record_metric
from .requests import current_scope

# The role of the state machine whose execution runs in this context.
_role: contextvars.ContextVar[str | None] = contextvars.ContextVar("local_aws_state_machine_role", default=None)
# On whose behalf the calls are, as their user agent says.
_agent: contextvars.ContextVar[str] = contextvars.ContextVar("local_aws_calling_service", default="states.amazonaws.com")

# The role that a task names in its Credentials, and the external id by which Step Functions takes it: the ARN of the state machine.
_assumed: contextvars.ContextVar[tuple[str, str] | None] = contextvars.ContextVar("local_aws_task_role", default=None)

_clients: dict[tuple[str, ...], Any] = {}
_lock = threading.Lock()

# The names in ARNs of integrations are those of the Java SDK, in small letters: of botocore they are without the hyphens, mostly.
_OTHER_NAMES = {"sfn": "stepfunctions", "cloudwatchlogs": "logs", "eventbridge": "events"}


def install_step_functions(wait_scale: Callable[[], float]) -> None:
    """What Step Functions does and ministack does not.

    - An AWS SDK integration, and Amazon SNS's own, is a request as any other one: signed with the role of the state machine, so that its policies are
      evaluated, seen in the log of calls, and hit by faults. Its error is named as in the Java SDK.
    - A task with Credentials takes their role first, by a call of AWS STS with the role of the state machine: its policies and the trust policy of the
      other role decide. Then the request is one of the account of that role.
    - A function is invoked in the same way; one that fails, fails the task by the name of its error.
    - An execution that ends is counted in CloudWatch.
    - A distributed map takes its items, their selector and its output in JSONata. Its executions see no variables of the one around them, and have a
      name of their own.
    - Waits and pauses before retries are shorter, if a test wants it.
    """
    from ministack.services import stepfunctions

    run, run_sub_machine, run_map, run_task, sleep = (
        stepfunctions._run_execution, stepfunctions._run_sub_machine, stepfunctions._run_distributed_map, stepfunctions._execute_task,
        stepfunctions._scaled_sleep)
    invoke_resource = stepfunctions._invoke_resource

    def run_execution(arn: str) -> None:
        execution = stepfunctions._executions.get(arn) or {}
        machine = stepfunctions._state_machines.get(execution.get("stateMachineArn")) or {}
        token = _role.set(machine.get("roleArn"))
        try:
            run(arn)
        finally:
            _role.reset(token)
        metric = _METRICS.get(execution.get("status", ""))
        if metric is not None:
            record_metric("AWS/States", metric, 1, {"StateMachineArn": execution["stateMachineArn"]})

    def invoke_any(resource: str, parameters: Any) -> Any:
        return _invoke_function(parameters) if resource.endswith(":states:::lambda:invoke") else invoke_resource(resource, parameters)

    def run_states(states: Any, start: Any, given: Any, execution: dict[str, Any], context: dict[str, Any]) -> Any:
        if execution.get("mapRunArn") and context["Execution"]["Id"] != execution["executionArn"]:
            context["variables"] = {}
            context["Execution"] = {
                "Id": execution["executionArn"], "Name": execution["name"], "Input": given, "StartTime": execution["startDate"]}
        return run_sub_machine(states, start, given, execution, context)

    def run_distributed_map(state: dict, given: Any, effective: Any, iterator: dict, execution: dict, context: dict) -> Any:
        if stepfunctions._state_query_language(state, context) != "JSONata" or "Items" not in state:
            return run_map(state, given, effective, iterator, execution, context)
        items = stepfunctions._jsonata_state_field(state, "Items", "array", given, context)
        selector = state.get("ItemSelector")
        if selector is not None:
            items = [stepfunctions._apply_jsonata_template(
                selector, given, {**context, "Map": {"Item": {"Index": index, "Value": item}}}) for index, item in enumerate(items)]
        plain = {name: value for name, value in state.items() if name not in ("Items", "ItemSelector", "Output", "Assign")}
        results, following = run_map({**plain, "ItemsPath": "$.items"}, given, {"items": items}, iterator, execution, context)
        output = stepfunctions._apply_jsonata_output(state, given, context, result=results, default=results)
        stepfunctions._apply_state_assign(state, given, context, result=results)
        return output, following

    def execute_task(state: dict, given: Any, execution: dict, context: dict) -> Any:
        if "Credentials" not in state:
            return run_task(state, given, execution, context)
        credentials = (
            stepfunctions._apply_jsonata_template(state["Credentials"], given, context)
            if stepfunctions._state_query_language(state, context) == "JSONata"
            else stepfunctions._resolve_params_obj(state["Credentials"], given, context))
        if not isinstance(credentials, dict) or list(credentials) != ["RoleArn"] or not isinstance(credentials["RoleArn"], str):
            raise stepfunctions._ExecutionError("States.Runtime", f"Credentials are the ARN of a role, RoleArn, and not {json.dumps(credentials)}")
        token = _assumed.set((credentials["RoleArn"], execution["stateMachineArn"].partition("/")[0]))
        try:
            return run_task(state, given, execution, context)
        finally:
            _assumed.reset(token)

    def invoke(resource: str, parameters: Any) -> Any:
        return _call(resource, parameters)

    stepfunctions._invoke_resource = invoke_any
    stepfunctions._run_execution = run_execution
    stepfunctions._run_sub_machine = run_states
    stepfunctions._run_distributed_map = run_distributed_map
    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_aws_sdk_integration = invoke
    stepfunctions._SERVICE_DISPATCH["arn:aws:states:::sns:publish"] = invoke
    stepfunctions._scaled_sleep = lambda seconds: sleep(seconds * wait_scale())


# https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
_METRICS = {"SUCCEEDED": "ExecutionsSucceeded", "FAILED": "ExecutionsFailed", "TIMED_OUT": "ExecutionsTimedOut", "ABORTED": "ExecutionsAborted"}


def _invoke_function(parameters: dict[str, Any]) -> dict[str, Any]:
    """What Step Functions' own integration with AWS Lambda does, beyond the call."""
    from botocore.exceptions import ClientError
    from ministack.services import stepfunctions

    try:
        answer = _client("lambda", *_caller()).invoke(FunctionName=parameters["FunctionName"], Payload=json.dumps(parameters.get("Payload", {})).encode())
    except ClientError as refused:
        details = refused.response["Error"]
        raise stepfunctions._ExecutionError(f"Lambda.{details.get('Code', 'Unknown')}", str(details.get("Message"))) from None
    payload = answer["Payload"].read().decode()
    if answer.get("FunctionError"):
        raise stepfunctions._ExecutionError(json.loads(payload).get("errorType", "Lambda.Unknown"), payload)
    return {"ExecutedVersion": "$LATEST", "Payload": json.loads(payload or "null"), "StatusCode": answer["StatusCode"]}


def call_as(role: str, agent: str, resource: str, parameters: Any) -> Any:
    """A call of an AWS service with a role, by another service that makes such calls."""
    role_token, agent_token = _role.set(role), _agent.set(agent)
    try:
        return _call(resource, parameters)
    finally:
        _role.reset(role_token)
        _agent.reset(agent_token)


def _call(resource: str, parameters: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError
    from ministack.services import stepfunctions

    *_, name, operation = resource.replace(".waitForTaskToken", "").split(":")
    error = stepfunctions._ExecutionError
    client = _client(_OTHER_NAMES.get(name, name), *_caller())
    model = client.meta.service_model
    operation = operation[:1].upper() + operation[1:]
    if operation not in model.operation_names:
        raise error("States.Runtime", f"{resource}: there is no operation {operation}")
    shapes = model.operation_model(operation)
    try:
        answer = client._make_api_call(operation, _wire(parameters, shapes.input_shape))
    except ClientError as refused:
        details = refused.response["Error"]
        # The text is that of the Java SDK, but for the id of the request.
        cause = f"{details.get('Message')} (Service: {_pascal(model.service_id)}, Status Code: {refused.response['ResponseMetadata']['HTTPStatusCode']})"
        raise error(_error_name(model, details.get("Code", "")), cause) from None
    except BotoCoreError as failed:
        raise error(f"{_pascal(model.service_id)}.SdkClientException", str(failed)) from None
    answer.pop("ResponseMetadata", None)
    return _sdk(answer)


def _caller() -> tuple[str, str]:
    """Whose request it is: an account and a role of it."""
    from botocore.exceptions import ClientError
    from ministack.services import stepfunctions

    own = (current_scope().account, _role.get() or "")
    assumed = _assumed.get()
    if assumed is None:
        return own
    arn, external_id = assumed
    try:
        _client("sts", *own).assume_role(RoleArn=arn, RoleSessionName="states", ExternalId=external_id)
    except ClientError as refused:
        # The name is a guess: none is documented.
        raise stepfunctions._ExecutionError("States.TaskFailed", refused.response["Error"]["Message"]) from None
    return arn.split(":")[4], arn


def _client(name: str, account: str, role: str) -> Any:
    """A client with a role. One is used by many executions: that of EC2 takes a second to make."""
    import botocore.session
    from botocore.config import Config

    region, agent = current_scope().region, _agent.get()
    key = (name, region, account, role, agent)
    # Also for one that is there: the sessions of AWS STS may have been reset since.
    access_key, secret, token = _credentials(account, role)
    with _lock:
        if key not in _clients:
            session = botocore.session.get_session()
            service = next((it for it in session.get_available_services() if it.replace("-", "") == name), name)
            client = session.create_client(
                service, region_name=region, endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}", aws_access_key_id=access_key,
                aws_secret_access_key=secret, aws_session_token=token, config=Config(
                    retries={"total_max_attempts": 1}, read_timeout=900, user_agent=agent, s3={"addressing_style": "path"},
                    max_pool_connections=50))
            # AWS calls itself by TLS, which policies ask for.
            client.meta.events.register("before-send", _by_tls)
            _clients[key] = client
        return _clients[key]


def _by_tls(request: Any, **_: Any) -> None:
    request.headers["x-forwarded-proto"] = "https"


def _credentials(account: str, role: str) -> tuple[str, str, str | None]:
    from ministack import app
    from ministack.services import sts

    if not app.AUTH:
        return account, "test", None
    digest = hashlib.sha256(role.encode()).hexdigest()
    key, secret, token = f"ASIA{digest[:16].upper()}", digest, digest[::-1]
    name = role.rpartition("/")[2]
    sts.register_session(key, {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/states", "UserId": f"{name}:states", "SecretAccessKey": secret, "SessionToken": token})
    return key, secret, token


def _wire(value: Any, shape: Any) -> Any:
    """Parameters by the names of the model."""
    from ministack.services import stepfunctions

    if shape is None:
        return {}
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {stepfunctions._api_name_to_sfn_key(name): name for name in shape.members}
        return {names.get(key, key): _wire(item, shape.members.get(names.get(key, key))) for key, item in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [_wire(item, shape.member) for item in value]
    if shape.type_name == "blob":
        return json.dumps(value).encode()
    if shape.type_name == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _sdk(value: Any) -> Any:
    """An answer by the names of the Java SDK, in JSON."""
    from ministack.services import stepfunctions

    if isinstance(value, dict):
        return {stepfunctions._api_name_to_sfn_key(key): _sdk(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_sdk(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if hasattr(value, "read"):
        value = value.read()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _error_name(model: Any, code: str) -> str:
    """Service and error. What the model of a service does not declare, as that of EC2 declares nothing, has the name of the service: a guess."""
    service = _pascal(model.service_id)
    shape = next((it for it in model.error_shapes if code in (it.name, it.error_code)), None)
    if shape is None:
        return f"{service}.{service}Exception"
    return f"{service}.{shape.name if shape.name.endswith('Exception') else f'{shape.name}Exception'}"


def _pascal(service_id: str) -> str:
    return "".join(word.capitalize() if word.isupper() else word for word in service_id.split())
