import type { LicenseManagerClientConfig } from '@aws-sdk/client-license-manager';
import { partition } from '@aws-sdk/core/client';
import { AwsJson1_1Protocol, AwsQueryProtocol, AwsRestJsonProtocol } from '@aws-sdk/core/protocols';

/** How an error is tried again: after a longer time (`THROTTLING`), after a short one (`TRANSIENT`), or not at all. */
export type Retry = 'THROTTLING' | 'TRANSIENT' | 'NO';

/**
 * A service of AWS: what is different about calling it.
 */
export interface Service {
  /** As texts call it. */
  readonly name: string;
  /** How errors are tried again of which the SDK does not know it, by their codes: one code may pass in one service and be final in another. */
  readonly retries: { readonly [code: string]: Retry };
  /** What the bundled client has to know, unless it is its own service. */
  readonly configuration?: (region: string) => LicenseManagerClientConfig;
}

/**
 * License Manager, which the bundled client is made for.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/CommonErrors.html
 */
export const LICENSE_MANAGER: Service = {
  name: 'License Manager',
  retries: {
    // The API reference gives it the HTTP status 400, at which the SDK does not take it for throttling.
    RateLimitExceededException: 'THROTTLING',
    // "There was a conflict processing the request. Try your request again."
    ConflictException: 'THROTTLING',
    ServerInternalException: 'TRANSIENT',
    // What gives licenses back at the same moment may not have been counted yet.
    LicenseUsageException: 'THROTTLING',
  },
};

/**
 * @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/CommonErrors.html
 */
export const LINUX_SUBSCRIPTIONS: Service = {
  name: 'License Manager',
  retries: { ThrottlingException: 'THROTTLING', InternalServerException: 'TRANSIENT' },
  configuration: region => restJson('license-manager-linux-subscriptions', region),
};

/**
 * A conflict is about the state of a resource here, and stays: what is still being configured is waited for by reading it.
 *
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/CommonErrors.html
 */
export const USER_SUBSCRIPTIONS: Service = {
  name: 'License Manager',
  retries: { ThrottlingException: 'THROTTLING', InternalServerException: 'TRANSIENT', ConflictException: 'NO' },
  configuration: region => restJson('license-manager-user-subscriptions', region),
};

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/CommonErrors.html */
export const RAM: Service = {
  name: 'AWS RAM',
  retries: { ServerInternalException: 'TRANSIENT', ServiceUnavailableException: 'TRANSIENT' },
  configuration: region => restJson('ram', region),
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const LAMBDA: Service = {
  name: 'AWS Lambda',
  retries: { TooManyRequestsException: 'THROTTLING', ServiceException: 'TRANSIENT' },
  configuration: region => restJson('lambda', region),
};

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
export const SECRETS_MANAGER: Service = {
  name: 'AWS Secrets Manager',
  retries: { InternalServiceError: 'TRANSIENT' },
  configuration: region => json('secretsmanager', 'secretsmanager', region),
};

/**
 * One for a partition, in a Region of its own.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ao.html
 */
export const ORGANIZATIONS: Service = {
  name: 'AWS Organizations',
  retries: { ConcurrentModificationException: 'THROTTLING', TooManyRequestsException: 'THROTTLING', ServiceException: 'TRANSIENT' },
  configuration: region => json('organizations', 'AWSOrganizationsV20161128',
    { 'aws': 'us-east-1', 'aws-cn': 'cn-northwest-1', 'aws-us-gov': 'us-gov-west-1' }[partition(region).name] ?? region),
};

/**
 * One for a partition. The Region that it is signed for need not be in the name of its host.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/iam-service.html
 */
export const IAM: Service = {
  name: 'AWS IAM',
  retries: { ConcurrentModification: 'THROTTLING', ServiceFailure: 'TRANSIENT' },
  configuration: (region) => {
    const { name } = partition(region);
    const [signingRegion, host] = {
      'aws': ['us-east-1', 'iam'], 'aws-cn': ['cn-north-1', 'iam.cn-north-1'], 'aws-us-gov': ['us-gov-west-1', 'iam.us-gov'],
    }[name] ?? [region, `iam.${region}`];
    return query('iam', '2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/', signingRegion, host);
  },
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html */
export const CLOUDFORMATION: Service = {
  name: 'AWS CloudFormation',
  retries: { Throttling: 'THROTTLING' },
  configuration: region => query('cloudformation', '2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/', region),
};

/*
 * The other services are called with the bundled client, in their own protocols: their clients would make the function a third larger, and two
 * of them are not to be had. What is sent is what an operation's schema says.
 */

function restJson(signingName: string, region: string): LicenseManagerClientConfig {
  return configure(signingName, region, AwsRestJsonProtocol, {});
}

function json(signingName: string, serviceTarget: string, region: string): LicenseManagerClientConfig {
  return configure(signingName, region, AwsJson1_1Protocol, { serviceTarget });
}

function query(signingName: string, version: string, xmlNamespace: string, region: string, host?: string): LicenseManagerClientConfig {
  return configure(signingName, region, AwsQueryProtocol, { version, xmlNamespace }, host);
}

function configure(
  signingName: string, region: string, protocol: LicenseManagerClientConfig['protocol'], settings: object, host: string = `${signingName}.${region}`,
): LicenseManagerClientConfig {
  const configuration: LicenseManagerClientConfig & { signingName: string } = {
    region,
    serviceId: signingName,
    protocol,
    protocolSettings: { defaultNamespace: NAMESPACE, ...settings },
    // It, and nothing else, decides what a request is signed for: the client's own provider of schemes says License Manager.
    signingName,
    endpointProvider: ({ Endpoint }) => ({ url: new URL(Endpoint ?? `https://${host}.${partition(region).dnsSuffix}`) }),
  };
  return configuration;
}

/** The namespace of the schemas. It is on no wire. */
export const NAMESPACE = 'cdk-license-manager';
