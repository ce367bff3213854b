import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  ListDistributedGrantsCommand, ListLicenseAssetGroupsCommand, ListLicenseAssetRulesetsCommand, ListLicenseManagerReportGeneratorsCommand,
  ListLicensesCommand,
} from '@aws-sdk/client-license-manager';
import { GetResourceSharesCommand, RAMClient } from '@aws-sdk/client-ram';
import type { Deployment } from './deployment';
import { callJson, callQuery, callRest } from '../support/requests';

const EC2 = '2016-11-15';
const IAM = '2010-05-08';
const SNS = '2010-03-31';

/** Names, by the kinds of what they name. */
export interface Inventory {
  readonly [kind: string]: string[];
}

/** What an account has in a Region, by kind: all that a stack of this library may leave behind. What is deleted, and can still be read, is not. */
export async function inventory(aws: Deployment): Promise<Inventory> {
  const { licenseManager, localAws } = aws;
  const lives = (status?: string) => !status?.includes('DELETE');

  const { LicenseAssetGroups = [] } = await licenseManager.send(new ListLicenseAssetGroupsCommand({}));
  const { LicenseAssetRulesets = [] } = await licenseManager.send(new ListLicenseAssetRulesetsCommand({}));
  const { ReportGenerators = [] } = await licenseManager.send(new ListLicenseManagerReportGeneratorsCommand({}));
  const { Licenses = [] } = await licenseManager.send(new ListLicensesCommand({}));
  const { Grants = [] } = await licenseManager.send(new ListDistributedGrantsCommand({}));
  const {
    receivedGrants, tokens, subscriptionProviders, licenseServerEndpoints, identityProviders, productSubscriptions, userAssociations,
  } = await localAws.state();
  const { resourceShares = [] } = await new RAMClient(localAws.clientConfig).send(new GetResourceSharesCommand({ resourceOwner: 'SELF' }));
  const { MetricAlarms = [] } = await new CloudWatchClient(localAws.clientConfig).send(new DescribeAlarmsCommand({}));
  const { SecretList = [] } = await callJson(localAws, 'secretsmanager', 'ListSecrets');
  const { logGroups = [] } = await callJson(localAws, 'logs', 'DescribeLogGroups');
  const { Keys = [] } = await callJson(localAws, 'kms', 'ListKeys');
  const keys = await Promise.all(Keys.map(async ({ KeyId }: { KeyId: string }) => (await callJson(localAws, 'kms', 'DescribeKey', { KeyId })).KeyMetadata));
  const rules = await Promise.all(['Ingress', 'Egress'].map(async (direction) => {
    const { ResourceDescriptions = [] } = await callJson(localAws, 'cloudcontrolapi', 'ListResources', { TypeName: `AWS::EC2::SecurityGroup${direction}` });
    return ResourceDescriptions.map(({ Identifier }: { Identifier: string }) => Identifier);
  }));
  const { Schedules = [] } = await callRest(localAws, 'scheduler', 'GET', '/schedules');
  const { Functions = [] } = await callRest(localAws, 'lambda', 'GET', '/2015-03-31/functions/');
  const { GroupIdentifiers = [] } = await callRest(localAws, 'resource-groups', 'POST', '/groups-list');

  const found: { [kind: string]: (string | undefined)[] } = {
    licenseConfigurations: await aws.licenses(),
    licenseAssetGroups: LicenseAssetGroups.map(({ LicenseAssetGroupArn }) => LicenseAssetGroupArn),
    licenseAssetRuleSets: LicenseAssetRulesets.map(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn),
    reportGenerators: ReportGenerators.map(({ LicenseManagerReportGeneratorArn }) => LicenseManagerReportGeneratorArn),
    licenses: Licenses.filter(({ Status }) => lives(Status)).map(({ LicenseArn }) => LicenseArn),
    grants: Grants.filter(({ GrantStatus }) => lives(GrantStatus)).map(({ GrantArn }) => GrantArn),
    // Received ones stay; what a stack may leave behind is that they are active.
    activeGrants: receivedGrants.filter(({ GrantStatus }) => GrantStatus === 'ACTIVE').map(({ GrantArn }) => GrantArn),
    tokens: tokens.filter(({ Status }) => Status === 'AVAILABLE').map(({ TokenId }) => TokenId),
    subscriptionProviders: subscriptionProviders.map((it) => JSON.stringify(it)),
    licenseServerEndpoints: licenseServerEndpoints.map((it) => JSON.stringify(it)),
    identityProviders: identityProviders.map(({ IdentityProviderArn }) => IdentityProviderArn),
    // Who has ended is told for a while.
    subscribedUsers: productSubscriptions.filter(({ Status }) => Status !== 'UNSUBSCRIBED').map(({ ProductUserArn }) => ProductUserArn),
    associatedUsers: userAssociations.filter(({ Status }) => Status !== 'DISASSOCIATED').map(({ InstanceUserArn }) => InstanceUserArn),
    resourceShares: resourceShares.filter(({ status }) => lives(status)).map(({ resourceShareArn }) => resourceShareArn),
    resourceGroups: GroupIdentifiers.map(({ GroupArn }: { GroupArn: string }) => GroupArn),
    hosts: await callQuery(localAws, 'ec2', EC2, 'DescribeHosts', 'hostId'),
    launchTemplates: await callQuery(localAws, 'ec2', EC2, 'DescribeLaunchTemplates', 'launchTemplateId'),
    securityGroupRules: rules.flat(),
    alarms: MetricAlarms.map(({ AlarmName }) => AlarmName),
    secrets: SecretList.map(({ ARN }: { ARN: string }) => ARN),
    keys: keys.filter(({ KeyState }) => KeyState !== 'PendingDeletion').map(({ Arn }) => Arn),
    functions: Functions.map(({ FunctionArn }: { FunctionArn: string }) => FunctionArn),
    logGroups: logGroups.map(({ logGroupName }: { logGroupName: string }) => logGroupName),
    roles: await callQuery(localAws, 'iam', IAM, 'ListRoles', 'RoleName'),
    topics: await callQuery(localAws, 'sns', SNS, 'ListTopics', 'TopicArn'),
    schedules: Schedules.map(({ Arn }: { Arn: string }) => Arn),
    policies: await callQuery(localAws, 'iam', IAM, 'ListPolicies', 'PolicyName', { Scope: 'Local' }),
  };
  return Object.fromEntries(Object.entries(found).map(([kind, names]) => [kind, names.map(String).sort()]));
}
