/*
 * An account as people have clicked it together over the years, made through the APIs: 30 licenses with names that clash, deleted and shared AMIs, and all that
 * hangs on them. Node can run it as it is, without a compiler.
 */
import {
  CreateGrantCommand, CreateLicenseAssetGroupCommand, CreateLicenseAssetRulesetCommand, CreateLicenseCommand, CreateLicenseConfigurationCommand,
  CreateLicenseManagerReportGeneratorCommand, CreateTokenCommand, LicenseManagerClient, ListLicenseAssetRulesetsCommand,
  UpdateLicenseConfigurationCommand, UpdateLicenseSpecificationsForResourceCommand,
} from '@aws-sdk/client-license-manager';
import type { CreateLicenseConfigurationCommandInput, CreateLicenseCommandInput } from '@aws-sdk/client-license-manager';
import { CreateResourceShareCommand, RAMClient } from '@aws-sdk/client-ram';
import type { LocalAws } from '../local-aws/local-aws.ts';

/** What was made, as far as tests speak of it. */
export interface ClickedEstate {
  /** The ARNs of the licenses, in the order in which they were made. */
  readonly licenses: string[];
  readonly sharedLicense: string;
  readonly images: { readonly own: string; readonly deleted: string; readonly foreign: string };
}

const OTHER_ACCOUNT = '444455556666';
const GRANTS = ['1', '2', '3'].map(digit => `arn:aws:license-manager::777788889999:grant:g-${digit.repeat(32)}`);

const EC2 = '2016-11-15';

/** The licenses that were made, one after another, by whoever needed one. */
function licensesOf(): CreateLicenseConfigurationCommandInput[] {
  const ssm = (name: string, comparator: string, ...values: string[]) =>
    ({ ProductInformationFilterName: name, ProductInformationFilterComparator: comparator, ProductInformationFilterValue: values });
  const named: CreateLicenseConfigurationCommandInput[] = [
    { Name: 'Windows Server 2019', LicenseCountingType: 'Core', LicenseCount: 96, LicenseCountHardLimit: true, LicenseRules: ['#allowedTenancy=EC2-DedicatedHost', '#minimumCores=8', '#licenseAffinityToHost=90'], Description: 'EA 7123, renewed' },
    { Name: 'Windows Server 2019', LicenseCountingType: 'Core', LicenseCount: 16 },
    { Name: 'windows server 2019', LicenseCountingType: 'Socket', LicenseRules: ['#minimumSockets=2', '#maximumSockets=2'] },
    { Name: 'SQL-Server', LicenseCountingType: 'vCPU', LicenseCount: 64, LicenseRules: ['#minimumVcpus=4', '#allowedTenancy=EC2-DedicatedHost,EC2-Default', '#honorVcpuOptimization=True'] },
    { Name: 'SQL Server', LicenseCountingType: 'vCPU', LicenseCount: 32, LicenseCountHardLimit: true, Tags: [{ Key: 'CostCenter', Value: '4711' }, { Key: 'Owner', Value: 'it\'s "ours"\\' }] },
    { Name: 'SQL Server Enterprise (BYOL) – Zürich', LicenseCountingType: 'vCPU', Description: 'für die Datenbanken in Zürich\nZeile zwei' },
    { Name: '製品ライセンス', LicenseCountingType: 'Instance', LicenseCount: 5 },
    { Name: '${HOME} `id` */ """ \'); process.exit(1); //', LicenseCountingType: 'Instance', Description: '# not a comment' },
    { Name: '2022-datacenter', LicenseCountingType: 'Core', LicenseRules: ['#minimumCores=4', '#maximumCores=32'] },
    { Name: 'class', LicenseCountingType: 'Instance', LicenseRules: ['#minimumVcpus=2', '#maximumVcpus=96'] },
    { Name: 'Resource', LicenseCountingType: 'Instance', LicenseCount: 0 },
    {
      Name: 'Discovered SQL',
      LicenseCountingType: 'vCPU',
      LicenseCount: 128,
      DisassociateWhenNotFound: true,
      ProductInformationList: [{
        ResourceType: 'SSM_MANAGED',
        ProductInformationFilterList: [
          ssm('Platform Name', 'EQUALS', 'Windows Server 2022'), ssm('Application Name', 'EQUALS', 'Microsoft SQL Server 2022 (64-bit)'),
          ssm('License Included', 'NOT_EQUALS', 'sql-server-standard'),
        ],
      }, {
        ResourceType: 'SSM_MANAGED', ProductInformationFilterList: [ssm('Application Name', 'EQUALS', 'Oracle Java')],
      }],
    },
    {
      Name: 'Oracle on RDS',
      LicenseCountingType: 'vCPU',
      LicenseCount: 24,
      ProductInformationList: [{ ResourceType: 'RDS', ProductInformationFilterList: [ssm('Engine Edition', 'EQUALS', 'oracle-ee'), ssm('License Pack', 'EQUALS', 'data guard', 'olap')] }],
    },
    {
      Name: 'Db2 on RDS',
      LicenseCountingType: 'vCPU',
      ProductInformationList: [{ ResourceType: 'RDS', ProductInformationFilterList: [ssm('Engine Edition', 'EQUALS', 'db2-se')] }],
    },
  ];
  const others = ['Office', 'Visual Studio', 'RHEL', 'SLES', 'SAP', 'Citrix', 'VMware', 'Autodesk', 'Matlab', 'Veeam', 'Splunk', 'Tableau', 'F5', 'Palo Alto', 'Informatica', 'Temporary'];
  return [...named, ...others.map((name, index): CreateLicenseConfigurationCommandInput => ({
    Name: name, LicenseCountingType: index % 2 === 0 ? 'vCPU' : 'Instance', LicenseCount: index * 10, Tags: [{ Key: 'Team', Value: name }],
  }))];
}

function issuedLicense(key: string, change: Partial<CreateLicenseCommandInput>): CreateLicenseCommandInput {
  return {
    LicenseName: 'analytics',
    ProductName: 'Example Analytics',
    ProductSKU: 'example-analytics',
    Issuer: { Name: 'Example Software', SignKey: key },
    HomeRegion: 'us-east-1',
    Validity: { Begin: '2026-01-01T00:00:00Z', End: '2029-12-31T23:59:59Z' },
    Entitlements: [{ Name: 'Seats', Unit: 'Count', MaxCount: 50, AllowCheckIn: true, Overage: false }, { Name: 'Platinum', Unit: 'None', AllowCheckIn: false }],
    Beneficiary: 'Example Customer',
    ConsumptionConfiguration: { RenewType: 'Weekly', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } },
    LicenseMetadata: [{ Name: 'order', Value: '42' }],
    ClientToken: `issue-${change.LicenseName ?? ''}`,
    ...change,
  };
}

/** Makes it all. */
export async function clickTogether(localAws: LocalAws): Promise<ClickedEstate> {
  const licenseManager = new LicenseManagerClient(localAws.clientConfig);
  const ram = new RAMClient(localAws.clientConfig);
  const { account, region } = localAws;
  const image = (id: string) => `arn:aws:ec2:${region}::image/${id}`;
  await localAws.seed({
    settings: { sharingWithOrganization: true, licenseConfigurationsPerRegion: 50 },
    receivedGrants: [{ grantArn: GRANTS[0], status: 'ACTIVE' }, { grantArn: GRANTS[1], status: 'DISABLED' }, { grantArn: GRANTS[2] }],
  });

  const licenses: string[] = [];
  for (const license of licensesOf()) {
    licenses.push((await licenseManager.send(new CreateLicenseConfigurationCommand(license))).LicenseConfigurationArn!);
  }
  const [hostLicense, otherHostLicense, , sql, hardSql] = licenses;
  await licenseManager.send(new UpdateLicenseConfigurationCommand({ LicenseConfigurationArn: licenses.at(-1), LicenseConfigurationStatus: 'DISABLED' }));

  // What others have made, and shared.
  const other = localAws.as(OTHER_ACCOUNT);
  const shared = (await new LicenseManagerClient(other.clientConfig).send(new CreateLicenseConfigurationCommand({
    Name: 'Windows of headquarters', LicenseCountingType: 'vCPU',
  }))).LicenseConfigurationArn!;
  await new RAMClient(other.clientConfig).send(new CreateResourceShareCommand({ name: 'to-us', resourceArns: [shared], principals: [account], allowExternalPrincipals: true }));

  // AMIs: of the account, shared by others, and one that is deleted later.
  const [own, deleted] = await Promise.all(['own', 'deleted'].map(name => ec2(localAws, 'RegisterImage', 'imageId', { Name: name, RootDeviceName: '/dev/sda1' })));
  // A public one, of which instances can be launched.
  const golden = 'ami-0fedcba9876543210';
  const foreign = await ec2(other, 'RegisterImage', 'imageId', { Name: 'foreign', RootDeviceName: '/dev/sda1' });
  const put = (resource: string, license: string, scope?: string) => licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
    ResourceArn: resource, AddLicenseSpecifications: [{ LicenseConfigurationArn: license, AmiAssociationScope: scope }],
  }));
  await put(image(own), sql);
  await put(image(own), hardSql, 'cross-account');
  await put(image(golden), sql);
  await put(image(deleted), sql);
  await put(image(own), shared);
  await ec2(other, 'ModifyImageAttribute', 'return', { 'ImageId': foreign, 'LaunchPermission.Add.1.UserId': account });
  await put(image(foreign), licenses[5]);
  await ec2(localAws, 'DeregisterImage', 'return', { ImageId: deleted });

  // Hosts and instances.
  const hostId = await ec2(localAws, 'AllocateHosts', 'item', { AvailabilityZone: `${region}a`, InstanceType: 'm5.large', Quantity: '1' });
  const host = `arn:aws:ec2:${region}:${account}:dedicated-host/${hostId}`;
  await put(host, otherHostLicense);
  const instance = (id: string) => `arn:aws:ec2:${region}:${account}:instance/${id}`;
  const [launched, alone, scaled, terminated] = ['1', '2', '3', '4'].map(digit => `i-0${digit.repeat(16)}`);
  const running = { state: 'running', instanceType: 'm5.xlarge', usageOperation: 'RunInstances', imageId: 'ami-0aaaaaaaaaaaaaaaa' } as const;
  await localAws.seed({
    instances: [
      { ...running, instanceId: launched, imageId: golden }, { ...running, instanceId: alone }, { ...running, instanceId: terminated },
      { ...running, instanceId: scaled, tags: { 'aws:autoscaling:groupName': 'fleet' } },
    ],
  });
  await put(instance(launched), sql);
  for (const id of [alone, scaled, terminated]) {
    await put(instance(id), licenses[9]);
  }
  await ec2(localAws, 'TerminateInstances', 'instanceId', { 'InstanceId.1': terminated });
  await localAws.seed({
    associations: [{
      licenseConfigurationArn: licenses[11],
      resourceArn: `arn:aws:ssm:${region}:${account}:managed-instance/mi-0123456789abcdef0`,
      resourceType: 'SYSTEMS_MANAGER_MANAGED_INSTANCE',
      resourceOwnerId: account,
      discovered: true,
    }],
  });

  // Rulesets, groups, reports.
  const ruleSet = async (name: string, ...rules: object[]) => (await licenseManager.send(new CreateLicenseAssetRulesetCommand({
    Name: name, Rules: rules.map(rule => ({ RuleStatement: rule })) as any, ClientToken: `ruleset-${name}`, Tags: [{ Key: 'Team', Value: 'assets' }],
  }))).LicenseAssetRulesetArn!;
  const matching = (KeyToMatch: string, Constraint: string, ...ValueToMatch: string[]) => ({ KeyToMatch, Constraint, ValueToMatch });
  const windowsRules = await ruleSet('Windows BYOL',
    { LicenseConfigurationRuleStatement: { MatchingRuleStatement: matching('LicenseConfigurationArn', 'EQUALS', hostLicense, otherHostLicense) } },
    { InstanceRuleStatement: { AndRuleStatement: { MatchingRuleStatements: [matching('EC2BillingProduct', 'EQUALS', 'windows-byol'), matching('AccountId', 'NOT_EQUALS', OTHER_ACCOUNT)] } } });
  const otherRules = await ruleSet('Everything else',
    { InstanceRuleStatement: { OrRuleStatement: { MatchingRuleStatements: [matching('Platform', 'EQUALS', 'Linux'), matching('InstanceType', 'EQUALS', 'm5.large')] } } },
    // One match in an "and": nobody but a script writes that.
    { LicenseRuleStatement: { AndRuleStatement: { MatchingRuleStatements: [matching('Issuer', 'EQUALS', 'Example Software')] } } });
  const { LicenseAssetRulesets = [] } = await licenseManager.send(new ListLicenseAssetRulesetsCommand({ ShowAWSManagedLicenseAssetRulesets: true }));
  const managed = LicenseAssetRulesets.map(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn!).find(arn => !arn.includes(account));
  const group = (await licenseManager.send(new CreateLicenseAssetGroupCommand({
    Name: 'Windows Server 2019',
    Description: 'all of it',
    LicenseAssetGroupConfigurations: [{ UsageDimension: 'vCPU' }],
    AssociatedLicenseAssetRulesetARNs: [windowsRules, otherRules, ...managed === undefined ? [] : [managed]],
    Properties: [{ Key: 'agreement', Value: 'EA' }],
    ClientToken: 'group',
  }))).LicenseAssetGroupArn!;
  const report = (name: string, more: object) => licenseManager.send(new CreateLicenseManagerReportGeneratorCommand({
    ReportGeneratorName: name, ClientToken: `report-${name}`, ...more as any,
  }));
  await report('monthly', {
    Type: ['LicenseConfigurationSummaryReport', 'LicenseConfigurationUsageReport'],
    ReportContext: { licenseConfigurationArns: [sql, hardSql] },
    ReportFrequency: { period: 'MONTH', value: 1 },
    Description: 'for the auditors',
    Tags: [{ Key: 'Team', Value: 'audit' }],
  });
  await report('audit', {
    Type: ['LicenseAssetGroupUsageReport'],
    ReportContext: { licenseAssetGroupArns: [group], reportStartDate: new Date('2026-01-01T00:00:00Z'), reportEndDate: new Date('2026-03-31T00:00:00Z') },
    ReportFrequency: { period: 'ONE_TIME', value: 1 },
  });

  // Host resource groups.
  await hostGroup(localAws, 'windows-hosts', [
    { Name: 'allowed-host-based-license-configurations', Values: [hostLicense] }, { Name: 'allowed-host-families', Values: ['m5', 'c5'] },
    { Name: 'auto-allocate-host', Values: ['true'] }, { Name: 'auto-release-host', Values: ['true'] }, { Name: 'auto-host-recovery', Values: ['false'] },
  ], [host]);
  await hostGroup(localAws, 'macs', [
    { Name: 'instance-launch-option', Values: ['LICENSE_CONFIGURATION_NOT_REQUIRED'] },
    { Name: 'auto-allocate-host', Values: ['false'] }, { Name: 'auto-release-host', Values: ['false'] }, { Name: 'auto-host-recovery', Values: ['false'] },
  ], []);

  // Shares: of licenses, of something that is License Manager's own, of a role.
  await ram.send(new CreateResourceShareCommand({
    name: 'licenses',
    resourceArns: [sql, hardSql],
    principals: ['222233334444', `arn:aws:organizations::${account}:organization/o-exampleorgid`],
    allowExternalPrincipals: true,
    tags: [{ key: 'Team', value: 'licensing' }],
  }));
  await ram.send(new CreateResourceShareCommand({ name: 'SQL Server', resourceArns: [licenses[5]], principals: [OTHER_ACCOUNT] }));

  // What the account sells.
  const key = await signingKey(localAws);
  const issue = async (change: Partial<CreateLicenseCommandInput>) =>
    (await licenseManager.send(new CreateLicenseCommand(issuedLicense(key, change)))).LicenseArn!;
  const issued = await issue({});
  await issue({
    LicenseName: 'analytics',
    ClientToken: 'second',
    Beneficiary: 'Another Customer',
    ConsumptionConfiguration: { RenewType: 'None', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 }, BorrowConfiguration: { AllowEarlyCheckIn: true, MaxTimeToLiveInMinutes: 1440 } },
    Entitlements: [{ Name: 'Traffic', Unit: 'Gigabytes/Second', MaxCount: 3, Overage: true }],
  });
  const grant = async (name: string, principal: string, operations: string[]) => (await licenseManager.send(new CreateGrantCommand({
    ClientToken: `grant-${name}`, GrantName: name, LicenseArn: issued, Principals: [`arn:aws:iam::${principal}:root`], HomeRegion: region, AllowedOperations: operations as any,
  }))).GrantArn!;
  await grant('customer', '222233334444', ['ListPurchasedLicenses', 'CheckoutLicense', 'CheckInLicense', 'ExtendConsumptionLicense']);
  await grant('another', OTHER_ACCOUNT, ['ListPurchasedLicenses', 'CheckoutLicense']);
  await licenseManager.send(new CreateTokenCommand({ LicenseArn: issued, ClientToken: 'token', RoleArns: [`arn:aws:iam::${account}:role/consumer`] })).catch(() => undefined);
  return { licenses, sharedLicense: shared, images: { own, deleted, foreign } };
}

async function ec2(localAws: LocalAws, operation: string, element: string, parameters: { [name: string]: string }): Promise<string> {
  const answer = await send(localAws, 'ec2', {
    'Content-Type': 'application/x-www-form-urlencoded',
  }, new URLSearchParams({ Action: operation, Version: EC2, ...parameters }).toString());
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(answer)?.[1];
  if (found === undefined) {throw new Error(answer);}
  return found;
}

async function hostGroup(localAws: LocalAws, name: string, parameters: object[], hosts: string[]): Promise<void> {
  const post = (path: string, body: object) => send(localAws, 'resource-groups', { 'Content-Type': 'application/json' }, JSON.stringify(body), path);
  const answer = await post('/groups', {
    Name: name,
    Description: 'clicked',
    Configuration: [
      { Type: 'AWS::EC2::HostManagement', Parameters: parameters },
      {
        Type: 'AWS::ResourceGroups::Generic',
        Parameters: [{ Name: 'allowed-resource-types', Values: ['AWS::EC2::Host'] }, { Name: 'deletion-protection', Values: ['UNLESS_EMPTY'] }],
      },
    ],
    Tags: { Team: 'hosts' },
  });
  if (!answer.includes('"GroupArn"')) {throw new Error(answer);}
  if (hosts.length > 0) {
    const grouped = await post('/group-resources', { Group: name, ResourceArns: hosts });
    if (!grouped.includes(hosts[0])) {throw new Error(grouped);}
  }
}

async function signingKey(localAws: LocalAws): Promise<string> {
  const answer = await send(localAws, 'kms', { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'TrentService.CreateKey' },
    JSON.stringify({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }));
  return JSON.parse(answer).KeyMetadata.Arn;
}

async function send({ account, region, endpoint }: LocalAws, service: string, headers: { [name: string]: string }, body: string, path = '/'): Promise<string> {
  const response = await fetch(`${endpoint}${path}`, {
    method: 'POST',
    headers: {
      ...headers,
      Authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body,
  });
  return response.text();
}
