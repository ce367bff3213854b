import { BOOLEAN, bySchema, BLOB, body, inHeader, label, listOf, mapOf, STRING, structure } from '../clients/schema';
import { CLOUDFORMATION, IAM, LAMBDA, ORGANIZATIONS, RAM, SECRETS_MANAGER } from '../clients/service';

/*
 * The operations of other services that the life cycle and the kinds of resources need.
 */

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const invoke = bySchema(LAMBDA, 'lambda:InvokeFunction', {
  name: 'Invoke',
  http: 'POST /2015-03-31/functions/{FunctionName}/invocations',
  input: { FunctionName: label(STRING), InvocationType: inHeader('X-Amz-Invocation-Type', STRING), Payload: body(BLOB) },
  output: {},
  about: ({ FunctionName }) => FunctionName!,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html */
export const describeStackResource = bySchema(CLOUDFORMATION, 'cloudformation:DescribeStackResource', {
  input: { StackName: STRING, LogicalResourceId: STRING },
  output: { StackResourceDetail: structure({ ResourceStatus: STRING, LastUpdatedTimestamp: STRING }) },
  about: ({ LogicalResourceId }) => LogicalResourceId!,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const describeStacks = bySchema(CLOUDFORMATION, 'cloudformation:DescribeStacks', {
  input: { StackName: STRING },
  output: { Stacks: listOf(structure({ StackStatus: STRING })) },
  about: ({ StackName }) => StackName!,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
export const listStackResources = {
  ...bySchema(CLOUDFORMATION, 'cloudformation:ListStackResources', {
    input: { StackName: STRING, NextToken: STRING },
    output: {
      StackResourceSummaries: listOf(structure({ LogicalResourceId: STRING, PhysicalResourceId: STRING, ResourceStatus: STRING })), NextToken: STRING,
    },
    about: ({ StackName }) => StackName!,
  }),
  items: ({ StackResourceSummaries }: { readonly StackResourceSummaries?: readonly StackResource[] }) => StackResourceSummaries,
};

interface StackResource {
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceStatus?: string;
}

/**
 * The token makes it the same version when it is called twice.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export const putSecretValue = bySchema(SECRETS_MANAGER, 'secretsmanager:PutSecretValue', {
  input: { SecretId: STRING, ClientRequestToken: STRING, SecretString: STRING },
  output: { VersionId: STRING },
  about: ({ SecretId }) => SecretId!,
});

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
export const describeSecret = bySchema(SECRETS_MANAGER, 'secretsmanager:DescribeSecret', {
  input: { SecretId: STRING },
  output: { VersionIdsToStages: mapOf(listOf(STRING)) },
  about: ({ SecretId }) => SecretId!,
});

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html */
export const updateSecretVersionStage = bySchema(SECRETS_MANAGER, 'secretsmanager:UpdateSecretVersionStage', {
  input: { SecretId: STRING, VersionStage: STRING, MoveToVersionId: STRING, RemoveFromVersionId: STRING },
  output: {},
  about: ({ SecretId }) => SecretId!,
});

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export const getRole = bySchema(IAM, 'iam:GetRole', {
  input: { RoleName: STRING },
  output: { Role: structure({ Arn: STRING }) },
  about: ({ RoleName }) => RoleName!,
});

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html */
export const createServiceLinkedRole = bySchema(IAM, 'iam:CreateServiceLinkedRole', {
  input: { AWSServiceName: STRING },
  output: { Role: structure({ Arn: STRING }) },
  about: ({ AWSServiceName }) => AWSServiceName!,
});

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html */
export const enableSharingWithAwsOrganization = bySchema(RAM, 'ram:EnableSharingWithAwsOrganization', {
  http: 'POST /enablesharingwithawsorganization',
  input: {},
  output: { returnValue: BOOLEAN },
  about: () => 'the organization',
});

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAWSServiceAccess.html */
export const enableAwsServiceAccess = bySchema(ORGANIZATIONS, 'organizations:EnableAWSServiceAccess', {
  input: { ServicePrincipal: STRING },
  output: {},
  about: ({ ServicePrincipal }) => ServicePrincipal!,
});

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html */
export const listAwsServiceAccess = {
  ...bySchema(ORGANIZATIONS, 'organizations:ListAWSServiceAccessForOrganization', {
    input: { NextToken: STRING },
    output: { EnabledServicePrincipals: listOf(structure({ ServicePrincipal: STRING })), NextToken: STRING },
    about: () => 'the organization',
  }),
  items: ({ EnabledServicePrincipals }: { readonly EnabledServicePrincipals?: readonly TrustedService[] }) => EnabledServicePrincipals,
};

interface TrustedService {
  readonly ServicePrincipal?: string;
}

/**
 * Of an account its id alone: names and addresses are nobody's business here.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html
 */
export const listDelegatedAdministrators = {
  ...bySchema(ORGANIZATIONS, 'organizations:ListDelegatedAdministrators', {
    input: { ServicePrincipal: STRING, NextToken: STRING },
    output: { DelegatedAdministrators: listOf(structure({ Id: STRING })), NextToken: STRING },
    about: ({ ServicePrincipal }) => ServicePrincipal!,
  }),
  items: ({ DelegatedAdministrators }: { readonly DelegatedAdministrators?: readonly { readonly Id?: string }[] }) => DelegatedAdministrators,
};

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html */
export const registerDelegatedAdministrator = bySchema(ORGANIZATIONS, 'organizations:RegisterDelegatedAdministrator', {
  input: { AccountId: STRING, ServicePrincipal: STRING },
  output: {},
  about: ({ AccountId, ServicePrincipal }) => `${AccountId} for ${ServicePrincipal}`,
});

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeregisterDelegatedAdministrator.html */
export const deregisterDelegatedAdministrator = bySchema(ORGANIZATIONS, 'organizations:DeregisterDelegatedAdministrator', {
  input: { AccountId: STRING, ServicePrincipal: STRING },
  output: {},
  about: ({ AccountId, ServicePrincipal }) => `${AccountId} for ${ServicePrincipal}`,
});
