/*
 * Each malformed event gets an answer that explains itself, and no write.
 */
import {
  ACCEPTANCE, ASSOCIATION, type Bench, describeFunction, DISASSOCIATION, IDENTITY_PROVIDER, LICENSE, MANAGED_RULE_SET,
  NOTHING_CREATED, PROTECTION, REPORT, REPORT_LOCATION, reportOn, STATUS, SUBSCRIPTION, TOKEN, USER_ASSOCIATION,
} from './support/licenses';

interface Case {
  readonly name: string;
  readonly type: string;
  readonly properties: (bench: Bench) => object;
  readonly reason: (bench: Bench) => string;
}

const HEX = '0123456789abcdef0123456789abcdef';
const NEWER = 'If the version of cdk-license-manager that wrote the template knows the property, deploy the stack again with that version';

function license({ localAws }: Bench, { partition = 'aws', region = localAws.region, account = localAws.account } = {}): string {
  return `arn:${partition}:license-manager:${region}:${account}:license-configuration:lic-${HEX}`;
}

function report(bench: Bench, place: { partition?: string; region?: string; account?: string } = {}): string {
  return license(bench, place).replace('license-configuration:lic', 'report-generator:r');
}

function provider({ localAws }: Bench, { partition = 'aws', region = localAws.region, account = localAws.account } = {}): string {
  return `arn:${partition}:license-manager-user-subscriptions:${region}:${account}:identity-provider/idp-${HEX}`;
}

const CASES: Case[] = [
  // Missing, unknown, of another type
  {
    name: 'a protection without terms',
    type: PROTECTION,
    properties: () => ({}),
    reason: () => 'Terms is missing.',
  },
  {
    name: 'an association without a license',
    type: ASSOCIATION,
    properties: (bench) => ({ ResourceArn: bench.image() }),
    reason: () => 'LicenseConfigurationArn is missing.',
  },
  {
    name: 'an association without a resource',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench) }),
    reason: () => 'ResourceArn is missing.',
  },
  {
    name: 'an association with a property that it does not know',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: bench.image(), Scope: 'x' }),
    reason: () => `unknown property Scope. Known: LicenseConfigurationArn, ResourceArn, AmiAssociationScope. ${NEWER}.`,
  },
  {
    name: 'an association with a list for its resource',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: [bench.image()] }),
    reason: (bench) => `ResourceArn is ["${bench.image()}"]. Expected: a text.`,
  },
  {
    name: 'an association with a scope that does not exist',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: bench.image(), AmiAssociationScope: 'organization' }),
    reason: () => "AmiAssociationScope is 'organization'. Expected: 'cross-account'.",
  },
  {
    name: 'an association of an instance with a scope',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: bench.instance(), AmiAssociationScope: 'cross-account' }),
    reason: (bench) => `AmiAssociationScope is for AMIs, and ResourceArn '${bench.instance()}' is not one. Leave AmiAssociationScope out.`,
  },
  // Wrong ARNs
  {
    name: 'an association with something else than the ARN of a license',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: `lic-${HEX}`, ResourceArn: bench.image() }),
    reason: ({ localAws }) => `LicenseConfigurationArn 'lic-${HEX}' is not the ARN of a self-managed license. Expected: `
      + `arn:aws:license-manager:${localAws.region}:<account>:license-configuration:lic-<id>.`,
  },
  {
    name: 'an association with a database',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: 'arn:aws:rds:us-east-1:111122223333:db:oracle' }),
    reason: ({ localAws: { region, account } }) =>
      'ResourceArn \'arn:aws:rds:us-east-1:111122223333:db:oracle\' is not the ARN of an AMI, an EC2 instance or a Dedicated Host. '
      + `Expected: arn:aws:ec2:${region}::image/ami-<id>, arn:aws:ec2:${region}:${account}:instance/i-<id> or `
      + `arn:aws:ec2:${region}:${account}:dedicated-host/h-<id>. Managed nodes and RDS databases are associated by automated discovery.`,
  },
  {
    name: 'an association with a license of another partition',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench, { partition: 'aws-us-gov' }), ResourceArn: bench.image() }),
    reason: (bench) => `LicenseConfigurationArn '${license(bench, { partition: 'aws-us-gov' })}' is in partition aws-us-gov, and the stack is in partition `
      + 'aws. License Manager takes a self-managed license of the same partition only.',
  },
  {
    name: 'an association with a license of another Region',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench, { region: 'eu-central-1' }), ResourceArn: bench.image() }),
    reason: (bench) => `LicenseConfigurationArn '${license(bench, { region: 'eu-central-1' })}' is in Region eu-central-1, and the stack is in Region `
      + `${bench.localAws.region}. License Manager takes a self-managed license of the same Region only: deploy this resource to eu-central-1.`,
  },
  {
    name: 'an association with a resource of another partition',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: 'arn:aws-cn:ec2:us-east-1::image/ami-01234567' }),
    reason: () => "ResourceArn 'arn:aws-cn:ec2:us-east-1::image/ami-01234567' is in partition aws-cn, and the stack is in partition aws. "
      + 'License Manager takes a resource of the same partition only.',
  },
  {
    name: 'an association with a resource of another Region',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: 'arn:aws:ec2:eu-west-1::image/ami-01234567' }),
    reason: ({ localAws }) => "ResourceArn 'arn:aws:ec2:eu-west-1::image/ami-01234567' is in Region eu-west-1, and the stack is in Region "
      + `${localAws.region}. License Manager takes a resource of the same Region only: deploy this resource to eu-west-1.`,
  },
  {
    name: 'an association with a resource of another account',
    type: ASSOCIATION,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:instance/i-01234567' }),
    reason: ({ localAws }) => "ResourceArn 'arn:aws:ec2:us-east-1:111122223333:instance/i-01234567' belongs to account 111122223333, and the stack is in "
      + `account ${localAws.account}. License Manager takes resources of the same account: deploy the association to the account of the resource, and share `
      + 'the license with it.',
  },
  // Status
  {
    name: 'a status that does not exist',
    type: STATUS,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench), Status: 'INACTIVE' }),
    reason: () => "Status is 'INACTIVE'. Expected: 'AVAILABLE', 'DISABLED'.",
  },
  ...[{ type: STATUS, more: { Status: 'DISABLED' } }, { type: DISASSOCIATION, more: {} }].map(({ type, more }): Case => ({
    name: `a license of another account for ${type.split('::')[1]}`,
    type,
    properties: (bench) => ({ LicenseConfigurationArn: license(bench, { account: '111122223333' }), ...more }),
    reason: (bench) => `LicenseConfigurationArn '${license(bench, { account: '111122223333' })}' belongs to account 111122223333, and the stack is in account `
      + `${bench.localAws.account}. A self-managed license can be changed by its owner only: deploy this resource to the account of the license.`,
  })),
  {
    name: 'a disassociation without a license', type: DISASSOCIATION, properties: () => ({}), reason: () => 'LicenseConfigurationArn is missing.',
  },
  // Licenses
  ...([
    [{ Name: undefined }, 'Name is missing.'],
    [{ LicenseCountingType: undefined }, 'LicenseCountingType is missing.'],
    [{ LicenseCountingType: 'CPU' }, "LicenseCountingType is 'CPU'. Expected: 'vCPU', 'Instance', 'Core', 'Socket'."],
    [{ LicenseCount: '1.5' }, "LicenseCount is '1.5'. Expected: a whole number."],
    [{ LicenseCount: 'many' }, "LicenseCount is 'many'. Expected: a whole number."],
    [{ LicenseCount: '' }, "LicenseCount is ''. Expected: a whole number."],
    [{ LicenseCount: '99999999999999999999' }, "LicenseCount is '99999999999999999999'. Expected: a whole number."],
    [{ LicenseCountHardLimit: 'yes' }, "LicenseCountHardLimit is 'yes'. Expected: 'true' or 'false'."],
    [{ LicenseRules: '#minimumVcpus=2' }, "LicenseRules is '#minimumVcpus=2'. Expected: a list."],
    [{ LicenseRules: [['x']] }, 'LicenseRules[0] is ["x"]. Expected: a text.'],
    [{ Status: 'DISABLED' }, 'unknown property Status. Known: Name, Description, LicenseCountingType, LicenseCount, LicenseCountHardLimit, LicenseRules, '
      + `LicenseExpiry, DisassociateWhenNotFound, ProductInformationList, Tags. ${NEWER}.`],
    [{ ProductInformationList: ['x'] }, "ProductInformationList[0] is 'x'. Expected: an object."],
    [{ ProductInformationList: [{ ResourceType: 'RDS' }] }, 'ProductInformationList[0].ProductInformationFilterList is missing.'],
    [{ ProductInformationList: [{ ResourceType: 'RDS', ProductInformationFilterList: [{ Value: 'x' }] }] },
      'unknown property ProductInformationList[0].ProductInformationFilterList[0].Value. Known: ProductInformationFilterName, '
      + `ProductInformationFilterComparator, ProductInformationFilterValue. ${NEWER}.`],
    [{ Tags: [{ Key: 'a' }] }, 'Tags[0].Value is missing.'],
    [{ Tags: [{ Key: 'cdk-license-manager:create-token', Value: 'x' }] },
      "the tag 'cdk-license-manager:create-token' is one that cdk-license-manager itself sets. Use another key."],
    [{ Description: 'x'.repeat(3), Name: ['x'.repeat(500)] }, `Name is ["${'x'.repeat(198)}…. Expected: a text.`],
  ] as [object, string][]).map(([change, reason]): Case => ({
    name: `a license with ${JSON.stringify(change).slice(0, 60)}`,
    type: LICENSE,
    properties: () => ({ Name: 'windows-server', LicenseCountingType: 'vCPU', ...change }),
    reason: () => reason,
  })),
  // Usage reports
  ...([
    [{ ReportGeneratorName: undefined }, 'ReportGeneratorName is missing.'],
    [{ ReportType: [], ReportFrequency: undefined }, 'ReportFrequency is missing.'],
    [{ ReportType: ['LicenseUsageReport'] }, "ReportType[0] is 'LicenseUsageReport'. Expected: 'LicenseConfigurationSummaryReport', "
      + "'LicenseConfigurationUsageReport', 'LicenseAssetGroupUsageReport'."],
    [{ ReportFrequency: { Period: 'YEAR', Value: 1 } }, "ReportFrequency.Period is 'YEAR'. Expected: 'DAY', 'WEEK', 'MONTH', 'ONE_TIME'."],
    [{ ReportFrequency: { Period: 'DAY' } }, 'ReportFrequency.Value is missing.'],
    [{ ReportContext: { LicenseConfigurationArns: 'all' } }, "ReportContext.LicenseConfigurationArns is 'all'. Expected: a list."],
    [{ ReportContext: { ReportStartDate: '2026-01-31' } }, "ReportContext.ReportStartDate is '2026-01-31'. Expected: a time such as 2026-01-31T00:00:00Z."],
    [{ ReportContext: { ReportEndDate: '2026-13-31T00:00:00Z' } },
      "ReportContext.ReportEndDate is '2026-13-31T00:00:00Z'. Expected: a time such as 2026-01-31T00:00:00Z."],
    [{ ReportContext: { ReportEndDate: 1767225600 } }, "ReportContext.ReportEndDate is '1767225600'. Expected: a time such as 2026-01-31T00:00:00Z."],
    [{ S3Location: {} }, 'unknown property S3Location. Known: ReportGeneratorName, Description, ReportType, ReportContext, ReportFrequency, Tags. '
      + `${NEWER}.`],
    [{ Tags: [{ Key: 'cdk-license-manager:stack-id', Value: 'x' }] },
      "the tag 'cdk-license-manager:stack-id' is one that cdk-license-manager itself sets. Use another key."],
  ] as [object, string][]).map(([change, reason]): Case => ({
    name: `a usage report with ${JSON.stringify(change).slice(0, 60)}`,
    type: REPORT,
    properties: (bench) => reportOn(license(bench), change),
    reason: () => reason,
  })),
  ...([
    ['something else than a usage report', (bench) => license(bench), ({ localAws: { region, account } }) => 'is not the ARN of a usage report. Expected: '
      + `arn:aws:license-manager:${region}:${account}:report-generator:r-<id>`],
    ['one of another partition', (bench) => report(bench, { partition: 'aws-cn' }), () => 'is in partition aws-cn, and the stack is in partition aws. '
      + 'License Manager takes a usage report of the same partition only'],
    ['one of another Region', (bench) => report(bench, { region: 'eu-west-1' }), ({ localAws: { region } }) => 'is in Region eu-west-1, and the stack is '
      + `in Region ${region}. License Manager takes a usage report of the same Region only: deploy this resource to eu-west-1`],
    ['one of another account', (bench) => report(bench, { account: '444455556666' }), ({ localAws: { account } }) => 'belongs to account 444455556666, '
      + `and the stack is in account ${account}. A usage report can be read by its owner only: deploy this resource to the account of the report`],
  ] as [string, (bench: Bench) => string, (bench: Bench) => string][]).map(([name, arn, reason]): Case => ({
    name: `the place of the reports of ${name}`,
    type: REPORT_LOCATION,
    properties: (bench) => ({ ReportGeneratorArn: arn(bench) }),
    reason: (bench) => `ReportGeneratorArn '${arn(bench)}' ${reason(bench)}.`,
  })),
  // Rulesets that AWS manages
  { name: 'an AWS-managed ruleset without a name', type: MANAGED_RULE_SET, properties: () => ({}), reason: () => 'Name is missing.' },
  {
    name: 'an AWS-managed ruleset with a property that it does not know',
    type: MANAGED_RULE_SET,
    properties: () => ({ Name: 'Ubuntu Pro', Region: 'us-east-1' }),
    reason: () => `unknown property Region. Known: Name. ${NEWER}.`,
  },
  {
    name: 'an AWS-managed ruleset with a list for its name',
    type: MANAGED_RULE_SET,
    properties: () => ({ Name: ['Ubuntu Pro'] }),
    reason: () => 'Name is ["Ubuntu Pro"]. Expected: a text.',
  },
  {
    name: 'an AWS-managed ruleset with a name that says nothing',
    type: MANAGED_RULE_SET,
    properties: () => ({ Name: ' - ' }),
    reason: () => "Name is ' - '. Expected: the name of a ruleset that AWS manages, with at least 1 letter or digit.",
  },
  // Acceptances of grants
  ...([
    [{ Grant: undefined }, 'Grant is missing.'],
    [{ Activate: undefined }, 'Activate is missing.'],
    [{ Activate: 'yes' }, "Activate is 'yes'. Expected: 'true' or 'false'."],
    [{ ThroughOrganization: 'yes' }, "ThroughOrganization is 'yes'. Expected: 'true' or 'false'."],
    [{ RejectOnDelete: 1 }, "RejectOnDelete is '1'. Expected: 'true' or 'false'."],
    [{ ActivationOverrideBehavior: 'REPLACE' },
      "ActivationOverrideBehavior is 'REPLACE'. Expected: 'DISTRIBUTED_GRANTS_ONLY', 'ALL_GRANTS_PERMITTED_BY_ISSUER'."],
    [{ DesiredStatus: 'ACTIVE' }, 'unknown property DesiredStatus. Known: Grant, ThroughOrganization, Activate, ActivationOverrideBehavior, '
      + `RejectOnDelete, Revision. ${NEWER}.`],
    ...[`g-${HEX}`, `arn:aws:license-manager::444455556666:license:l-${HEX}`, '444455556666:', '4444:customer'].map(Grant => [
      { Grant }, `Grant '${Grant}' is not the ARN of a grant. Expected: arn:<partition>:license-manager::<account>:grant:<id>.`,
    ]),
  ] as [object, string][]).map(([change, reason]): Case => ({
    name: `an acceptance with ${JSON.stringify(change)}`,
    type: ACCEPTANCE,
    properties: () => ({ Grant: `arn:aws:license-manager::444455556666:grant:g-${HEX}`, Activate: 'true', ...change }),
    reason: () => reason,
  })),
  // Tokens
  ...([
    [{ LicenseArn: undefined }, 'LicenseArn is missing.'],
    [{ SecretArn: undefined }, 'SecretArn is missing.'],
    [{ LicenseArn: `l-${HEX}` }, `LicenseArn 'l-${HEX}' is not the ARN of a seller-issued license. Expected: arn:aws:license-manager::<account>:license:<id>.`],
    [{ SecretArn: 'token' }, "SecretArn 'token' is not the ARN of a secret. Expected: arn:aws:secretsmanager:us-east-1:<account>:secret:<id>."],
    [{ RoleArns: 'role' }, "RoleArns is 'role'. Expected: a list."],
    [{ TokenProperties: [['x']] }, 'TokenProperties[0] is ["x"]. Expected: a text.'],
    [{ ExpirationInDays: '1.5' }, "ExpirationInDays is '1.5'. Expected: a whole number."],
    [{ ExpirationInDays: '-1' }, 'ExpirationInDays is -1. Expected: at least 1.'],
    [{ Generation: 'next' }, "Generation is 'next'. Expected: a whole number."],
    [{ NoticeInDays: 'soon' }, "NoticeInDays is 'soon'. Expected: a whole number."],
    [{ Token: 'x' }, 'unknown property Token. Known: LicenseArn, HomeRegion, RoleArns, TokenProperties, ExpirationInDays, Generation, SecretArn, KeyArn, '
      + `NoticeInDays. ${NEWER}.`],
  ] as [object, string][]).map(([change, reason]): Case => ({
    name: `a token with ${JSON.stringify(change)}`,
    type: TOKEN,
    properties: ({ localAws: { account, region } }) => ({
      LicenseArn: `arn:aws:license-manager::${account}:license:l-${HEX}`,
      SecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:token-0aB1cD`,
      ...change,
    }),
    reason: () => reason,
  })),
  // Directories
  ...([
    [{ Directory: undefined }, 'Directory is missing.'],
    [{ Product: ['REMOTE_DESKTOP_SERVICES'] }, 'Product is ["REMOTE_DESKTOP_SERVICES"]. Expected: a text.'],
    [{ Type: undefined }, 'Type is missing.'],
    [{ Type: 'SIMPLE_AD' }, "Type is 'SIMPLE_AD'. Expected: 'AWS_MANAGED', 'SELF_MANAGED'."],
    [{ Shared: 'yes' }, "Shared is 'yes'. Expected: 'true' or 'false'."],
    [{ Domain: { Subnets: ['subnet-1'] } }, 'Domain.CredentialsArn is missing.'],
    [{ Domain: { CredentialsArn: 'arn', Subnets: ['subnet-1'], Ipv4Addresses: '10.0.0.10' } }, "Domain.Ipv4Addresses is '10.0.0.10'. Expected: a list."],
    [{ Settings: { Subnets: 'subnet-1', SecurityGroupId: 'sg-1' } }, "Settings.Subnets is 'subnet-1'. Expected: a list."],
    [{ Settings: { Subnets: ['subnet-1'] } }, 'Settings.SecurityGroupId is missing.'],
    [{ Tags: [{ Key: 'cdk-license-manager:stack-id', Value: 'x' }] },
      "the tag 'cdk-license-manager:stack-id' is one that cdk-license-manager itself sets. Use another key."],
    [{ DirectoryId: 'd-9067000001' }, `unknown property DirectoryId. Known: Directory, Product, Type, Shared, Domain, Settings, KeyArn, Tags. ${NEWER}.`],
  ] as [object, string][]).map(([change, reason]): Case => ({
    name: `a directory with ${JSON.stringify(change)}`,
    type: IDENTITY_PROVIDER,
    properties: () => ({ Directory: 'd-9067000001', Product: 'REMOTE_DESKTOP_SERVICES', Type: 'AWS_MANAGED', ...change }),
    reason: () => reason,
  })),
  // Users
  ...[
    { type: SUBSCRIPTION, what: 'subscriptions', by: { Product: 'REMOTE_DESKTOP_SERVICES' }, known: 'DirectoryId, Product, IdentityProviderArn, Users, Tags' },
    { type: USER_ASSOCIATION, what: 'associations', by: { InstanceId: 'i-01234567' }, known: 'InstanceId, DirectoryId, IdentityProviderArn, Users, Tags' },
  ].flatMap(({ type, what, by, known }) => ([
    [{ DirectoryId: undefined }, () => 'DirectoryId is missing.'],
    [{ [Object.keys(by)[0]]: undefined }, () => `${Object.keys(by)[0]} is missing.`],
    [{ IdentityProviderArn: undefined }, () => 'IdentityProviderArn is missing.'],
    [{ IdentityProviderArn: 'd-9067000001' }, ({ localAws: { region, account } }) => "IdentityProviderArn 'd-9067000001' is not the ARN of an identity provider. "
      + `Expected: arn:aws:license-manager-user-subscriptions:${region}:${account}:identity-provider/<id>.`],
    [{ Users: undefined }, () => 'Users is missing.'],
    [{ Users: 'anna' }, () => "Users is 'anna'. Expected: a list."],
    [{ Users: ['anna'] }, () => "Users[0] is 'anna'. Expected: an object."],
    [{ Users: [{ Username: 'anna' }, { Domain: 'corp.example.com' }] }, () => 'Users[1].Username is missing.'],
    [{ Users: [{ Username: 'anna', Mail: 'x' }] }, () => `unknown property Users[0].Mail. Known: Username, Domain. ${NEWER}.`],
    [{ Tags: [{ Key: 'cdk-license-manager:stack-id', Value: 'x' }] },
      () => "the tag 'cdk-license-manager:stack-id' is one that cdk-license-manager itself sets. Use another key."],
    [{ User: 'anna' }, () => `unknown property User. Known: ${known}. ${NEWER}.`],
  ] as [object, (bench: Bench) => string][]).map(([change, reason]): Case => ({
    name: `${what} of users with ${JSON.stringify(change, (_key, value) => value ?? null)}`,
    type,
    properties: (bench) => ({ DirectoryId: 'd-9067000001', ...by, IdentityProviderArn: provider(bench), Users: [{ Username: 'anna' }], ...change }),
    reason,
  }))),
  ...([
    [{ partition: 'aws-us-gov' }, () => 'is in partition aws-us-gov, and the stack is in partition aws. License Manager takes an identity provider of the '
      + 'same partition only'],
    [{ region: 'eu-west-1' }, ({ localAws: { region } }) => `is in Region eu-west-1, and the stack is in Region ${region}. License Manager takes an identity `
      + 'provider of the same Region only: deploy this resource to eu-west-1'],
    [{ account: '444455556666' }, ({ localAws: { account } }) => `belongs to account 444455556666, and the stack is in account ${account}. A directory that `
      + 'another account shares is registered in each account, and has an ARN in each: name that of this account'],
  ] as [object, (bench: Bench) => string][]).map(([place, reason]): Case => ({
    name: `subscriptions of users of a directory of another ${Object.keys(place)[0]}`,
    type: SUBSCRIPTION,
    properties: (bench) => ({
      DirectoryId: 'd-9067000001', Product: 'REMOTE_DESKTOP_SERVICES', IdentityProviderArn: provider(bench, place), Users: [{ Username: 'anna' }],
    }),
    reason: (bench) => `IdentityProviderArn '${provider(bench, place)}' ${reason(bench)}.`,
  })),
  // The event itself
  {
    name: 'a resource type that it does not know',
    type: 'Custom::LicenseManagerReport',
    properties: () => ({}),
    reason: () => "the function of this stack knows no resource type 'Custom::LicenseManagerReport'. Deploy the stack again with the version of "
      + 'cdk-license-manager that wrote the template.',
  },
];

describeFunction('a malformed event', (bench) => {
  test.each(CASES)('$name is refused by a create and an update, and its delete needs no call', async ({ type, properties, reason }) => {
    const declared = properties(bench);
    const created = await bench.function.request({ resourceType: type, properties: declared });
    expect(created.answer).toMatchObject({ Status: 'FAILED', Reason: reason(bench), PhysicalResourceId: NOTHING_CREATED });
    const updated = await bench.function.request({ type: 'Update', resourceType: type, physicalId: 'the-id-before', properties: declared });
    expect(updated.answer).toMatchObject({ Status: 'FAILED', Reason: reason(bench), PhysicalResourceId: 'the-id-before' });
    const deleted = await bench.function.request({ type: 'Delete', resourceType: type, physicalId: NOTHING_CREATED, properties: declared });
    expect(deleted.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: NOTHING_CREATED });
    expect(await bench.operations()).toEqual([]);
  });

  test('with an unknown request type is refused', async () => {
    const { answer } = await bench.function.request({ type: 'Replace', resourceType: STATUS, properties: {} });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: "unknown request type 'Replace'." });
  });

  test('whose delete names a resource type that is not known fails, unless nothing was created', async () => {
    const { answer } = await bench.function.request({ type: 'Delete', resourceType: 'Custom::LicenseManagerReport', physicalId: 'report' });
    expect(answer!.Status).toBe('FAILED');
  });

  test('is not one because of ServiceToken and ServiceTimeout, which CloudFormation adds', async () => {
    const { answer } = await bench.function.request({
      resourceType: STATUS, properties: { LicenseConfigurationArn: await bench.license(), Status: 'AVAILABLE' }, serviceTimeout: 60,
    });
    expect(answer!.Status).toBe('SUCCESS');
  });
});
