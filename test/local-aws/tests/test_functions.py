"""Functions that invoke themselves, and the repetition of invocations that fail."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_custom_resources import custom, function

# What the functions below have in common: a signed call, and the answer to CloudFormation.
COMMON = """
const http = require('node:http');
const { createHash, createHmac } = require('node:crypto');
const sha = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function send(method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.on('data', (chunk) => text += chunk).on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function invoke(functionName, event, more = {}) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, _X_AMZN_TRACE_ID } = process.env;
  const url = new URL(`/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`, AWS_ENDPOINT_URL);
  const date = new Date().toISOString().replace(/[-:]|\\.\\d{3}/g, '');
  const body = JSON.stringify(event);
  const headers = {
    'host': url.host, 'x-amz-date': date, 'x-amz-invocation-type': 'Event', 'x-amz-security-token': AWS_SESSION_TOKEN,
    'x-amzn-trace-id': _X_AMZN_TRACE_ID, ...more,
  };
  const names = Object.keys(headers).sort();
  const path = url.pathname.split('/').map((part) => encodeURIComponent(part)).join('/');
  const canonical = ['POST', path, '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), sha(body)].join('\\n');
  const scope = `${date.slice(0, 8)}/${AWS_REGION}/lambda/aws4_request`;
  let key = `AWS4${AWS_SECRET_ACCESS_KEY}`;
  for (const part of scope.split('/')) key = hmac(key, part);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha(canonical)].join('\\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return send('POST', url, { ...headers, authorization }, body);
}

function answer(event, data, reason) {
  return send('PUT', event.ResponseURL, { 'content-type': '' }, JSON.stringify({
    Status: reason ? 'FAILED' : 'SUCCESS', Reason: reason, PhysicalResourceId: event.PhysicalResourceId ?? 'id', StackId: event.StackId,
    RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, Data: { Asked: event.RequestType, ...data },
  }));
}
"""

# Invokes itself Hops times, by its ARN and by its name, and answers then.
HOPS = COMMON + """
exports.handler = async (event, context) => {
  const hops = event.Hops ?? 0;
  if (event.RequestType === 'Delete' || hops === Number(event.ResourceProperties.Hops)) {
    return answer(event, { Hops: `after ${hops}` });
  }
  const itself = hops % 2 ? context.functionName : context.invokedFunctionArn;
  const { status, headers, text } = await invoke(itself, { ...event, Hops: hops + 1 });
  if (status !== 202) {
    return answer(event, {}, `hop ${hops + 1}: ${status} ${headers['x-amzn-errortype'] ?? ''} ${text}`);
  }
};
"""


def allowed(code: str, resource: Any) -> dict[str, Any]:
    """The function, with permission to invoke what is given; a resource of its own, since the function is its resource."""
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resource}
    return {**function(code), "Policy": {"Type": "AWS::IAM::RolePolicy", "Properties": {
        "RoleName": {"Ref": "Role"}, "PolicyName": "invoke", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}}}


ITSELF = {"Fn::GetAtt": ["Function", "Arn"]}


@pytest.fixture
def iam(endpoint_with_iam: str) -> LocalAws:
    found = LocalAws(endpoint_with_iam)
    found.control("DELETE", f"calls?account={found.account}")
    return found


def test_a_function_hands_its_work_over_to_itself(iam: LocalAws) -> None:
    stack = Stack(iam, "hops")
    outputs = {"Hops": {"Value": {"Fn::GetAtt": ["Thing", "Hops"]}}}
    template = {**allowed(HOPS, ITSELF), "Thing": custom(Hops=2, DependsOn="Policy"), "Outputs": outputs}
    assert stack.create(template) == "CREATE_COMPLETE"
    assert stack.outputs() == {"Hops": "after 2"}
    assert [(c["operation"], c["status"], c["error"]) for c in iam.calls("lambda")] == [("InvokeFunction", 202, None)] * 2
    assert [c["operation"] for c in iam.calls("cloudformation-response")] == ["PutResponse"]
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_function_that_may_not_invoke_itself_is_told_so(iam: LocalAws) -> None:
    stack = Stack(iam, "not-itself")
    other = "arn:aws:lambda:us-east-1:111122223333:function:other"
    assert stack.create({**allowed(HOPS, other), "Thing": custom(Hops=2, DependsOn="Policy")}) == "ROLLBACK_COMPLETE"
    reason = stack.reasons("CREATE_FAILED")[0]
    assert reason.startswith("hop 1: 403 AccessDeniedException ")
    assert "is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:" in reason
    assert [(c["status"], c["error"]) for c in iam.calls("lambda")] == [(403, "AccessDeniedException")]


def test_a_chain_of_invocations_ends_after_sixteen(iam: LocalAws) -> None:
    """The function itself is the first one."""
    stack = Stack(iam, "loop")
    template = {**allowed(HOPS, ITSELF), "Thing": custom(Hops=20, DependsOn="Policy")}
    assert stack.create(template) == "ROLLBACK_COMPLETE"
    assert stack.reasons("CREATE_FAILED")[0].startswith("hop 16: 400 RecursiveInvocationException ")
    assert [c["status"] for c in iam.calls("lambda")] == [202] * 15 + [400]


# Keeps in the control API what it was called with, and fails as often as it is told.
FAILING = COMMON + """
exports.handler = async (event, context) => {
  const key = `${process.env.AWS_ENDPOINT_URL}/_local-aws/responses/${context.invokedFunctionArn.split(':')[4]}/attempts`;
  const { status, text } = await send('GET', key, {}, '');
  const attempts = [...(status === 200 ? JSON.parse(text) : []), [event.RequestType, event.RequestId, context.awsRequestId]];
  await send('PUT', key, {}, JSON.stringify(attempts));
  const number = attempts.filter(([, id]) => id === event.RequestId).length;
  if (event.RequestType === 'Create' && number <= Number(event.ResourceProperties.Failures)) throw new Error(`attempt ${number}`);
  await answer(event, { Attempts: String(number) });
};
"""


def test_a_function_that_fails_is_called_three_times_with_the_same_event(aws: LocalAws) -> None:
    stack = Stack(aws)
    outputs = {"Attempts": {"Value": {"Fn::GetAtt": ["Thing", "Attempts"]}}}
    template = {**function(FAILING), "Thing": custom(Failures=2), "Outputs": outputs}
    assert stack.create(template) == "CREATE_COMPLETE"
    assert stack.outputs() == {"Attempts": "3"}
    attempts = aws.control("GET", f"responses/{aws.account}/attempts")
    assert [kind for kind, *_ in attempts] == ["Create"] * 3
    assert len({tuple(ids) for _, *ids in attempts}) == 1


def test_a_function_that_keeps_failing_is_given_up(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({**function(FAILING), "Thing": custom(Failures=9, ServiceTimeout=5)}) == "ROLLBACK_COMPLETE"
    assert "timed out after 5s" in stack.reasons("CREATE_FAILED")[0]
    # On a slow machine, the third attempt may come when CloudFormation has given up already.
    while len(attempts := aws.control("GET", f"responses/{aws.account}/attempts")) < 4:
        time.sleep(0.05)
    assert sorted(kind for kind, *_ in attempts) == ["Create"] * 3 + ["Delete"]


def test_an_invocation_that_is_waited_for_is_not_repeated(aws: LocalAws) -> None:
    stack = Stack(aws)
    code = "exports.handler = async (event) => { if (event.fail) throw new Error('no'); return event; };"
    stack.create({**function(code), "Outputs": {"Name": {"Value": {"Ref": "Function"}}}})
    client, name = aws.client("lambda"), stack.outputs()["Name"]
    assert json.load(client.invoke(FunctionName=name, Payload=b'{"a": 1}')["Payload"]) == {"a": 1}
    assert client.invoke(FunctionName=name, Payload=b'{"fail": true}')["FunctionError"] == "Unhandled"
    assert len(aws.calls("lambda")) == 2


def test_the_time_of_the_resource_begins_with_the_invocation(aws: LocalAws) -> None:
    """A function that runs longer than the resource is waited for does not hold the stack up."""
    stack = Stack(aws)
    code = FAILING.replace("if (event", "if (event.RequestType === 'Create') await new Promise(() => setInterval(() => {}, 1000));\n  if (event")
    assert stack.create({**function(code), "Thing": custom(Failures=0, ServiceTimeout=10)}) == "ROLLBACK_COMPLETE"
    # The function itself would have run for minutes.
    assert "timed out after 10s" in stack.reasons("CREATE_FAILED")[0]


def test_what_is_logged_after_the_log_group_was_deleted_is_lost(aws: LocalAws) -> None:
    stack = Stack(aws)
    template = function("exports.handler = async () => { console.log('logged'); };")
    template["Function"]["Properties"]["LoggingConfig"] = {"LogFormat": "JSON", "LogGroup": {"Ref": "Logs"}}
    stack.create({**template, "Logs": {"Type": "AWS::Logs::LogGroup"}, "Outputs": {"Name": {"Value": {"Ref": "Function"}}, "Logs": {"Value": {"Ref": "Logs"}}}})
    client, logs, outputs = aws.client("lambda"), aws.client("logs"), stack.outputs()

    client.invoke(FunctionName=outputs["Name"])
    assert "logged" in str(logs.filter_log_events(logGroupName=outputs["Logs"])["events"])

    logs.delete_log_group(logGroupName=outputs["Logs"])
    client.invoke(FunctionName=outputs["Name"])
    assert logs.describe_log_groups(logGroupNamePrefix=outputs["Logs"])["logGroups"] == []
