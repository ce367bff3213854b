import type { LocalAws } from '../local-aws/local-aws';

/** What a service calls itself in its requests. */
const TARGETS = {
  'secretsmanager': 'secretsmanager',
  'logs': 'Logs_20140328',
  'kms': 'TrentService',
  'cloudcontrolapi': 'CloudApiService',
  'organizations': 'AWSOrganizationsV20161128',
  'license-manager': 'AWSLicenseManager',
  'states': 'AWSStepFunctions',
  'sqs': 'AmazonSQS',
  'glue': 'AWSGlue',
  'athena': 'AmazonAthena',
  'ssm': 'AmazonSSM',
  'config': 'StarlingDoveService',
};

/** Calls an operation of a service that speaks JSON, for which there is no client here. */
export async function callJson(localAws: LocalAws, service: keyof typeof TARGETS, operation: string, parameters: object = {}): Promise<any> {
  return JSON.parse(await send(localAws, service, '/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `${TARGETS[service]}.${operation}` },
    body: JSON.stringify(parameters),
  }));
}

/** Calls an operation of a service that speaks in the way of REST, for which there is no client here. */
export async function callRest(localAws: LocalAws, service: string, method: string, path: string, body: object = {}): Promise<any> {
  return JSON.parse(await send(localAws, service, path, {
    method, headers: { 'Content-Type': 'application/json' }, body: method === 'GET' ? undefined : JSON.stringify(body),
  }));
}

/** Calls an operation of a service that answers in XML, for which there is no client here, and tells the texts of an element. */
export async function callQuery(
  localAws: LocalAws, service: string, version: string, operation: string, element: string, parameters: { [name: string]: string } = {},
): Promise<string[]> {
  const answer = await send(localAws, service, '/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action: operation, Version: version, ...parameters }).toString(),
  });
  return [...answer.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text);
}

/** Reads what a service has, such as an object of Amazon S3, as it is. */
export async function read(localAws: LocalAws, service: string, path: string): Promise<string> {
  return send(localAws, service, path, { method: 'GET' });
}

/** Deletes what a service has, such as a bucket of Amazon S3. */
export async function remove(localAws: LocalAws, service: string, path: string): Promise<string> {
  return send(localAws, service, path, { method: 'DELETE' });
}

async function send({ account, region, endpoint }: LocalAws, service: string, path: string, init: RequestInit): Promise<string> {
  const response = await fetch(`${endpoint}${path}`, {
    ...init,
    headers: {
      ...init.headers,
      // As if by TLS, which policies may ask for.
      'X-Forwarded-Proto': 'https',
      'Authorization': `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
  });
  return response.text();
}
