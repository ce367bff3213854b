import { ACCOUNT, inventory, license, licenseArn, licenseCalls, REGION } from './samples';
import { adopt, imported } from './support';

const arnOf = (kind: string, id: string) => `arn:aws:license-manager:${REGION}:${ACCOUNT}:${kind}:${id}`;
const global = (kind: string, id: string, account = ACCOUNT) => `arn:aws:license-manager::${account}:${kind}:${id}`;
const flat = (source: string) => source.replace(/\n *\/\/ /g, ' ');

describe('rulesets', () => {
  const RULE_SET = arnOf('license-asset-ruleset', 'lars-1');
  const adoptRules = (...rules: object[]) => adopt(inventory(
    ...licenseCalls([license(1)]),
    { operation: 'list-license-asset-rulesets', output: { LicenseAssetRulesets: [{ Name: 'rules', LicenseAssetRulesetArn: RULE_SET, Rules: rules.map(RuleStatement => ({ RuleStatement })) }] } }));
  const one = (KeyToMatch: string, Constraint: string, ...ValueToMatch: string[]) => ({ KeyToMatch, Constraint, ValueToMatch });
  const single = (kind: string, ...match: Parameters<typeof one>) => ({ [kind]: { MatchingRuleStatement: one(...match) } });

  test.each<[what: string, rules: object[]]>([
    ['licenses by account', [single('LicenseConfigurationRuleStatement', 'AccountId', 'NOT_EQUALS', '222233334444')]],
    ['granted licenses', [single('LicenseRuleStatement', 'ProductSKU', 'EQUALS', 'a', 'b'), single('LicenseRuleStatement', 'LicenseStatus', 'EQUALS', 'AVAILABLE', 'NEW')]],
    ['all of granted licenses', [{
      LicenseRuleStatement: {
        AndRuleStatement: {
          MatchingRuleStatements: [
            one('Issuer', 'EQUALS', 'x'), one('Beneficiary', 'EQUALS', 'y'), one('HomeRegion', 'EQUALS', 'us-east-1'),
          ],
        },
      },
    }]],
    ['any of instances', [{
      InstanceRuleStatement: {
        OrRuleStatement: {
          MatchingRuleStatements: [
            one('Platform', 'EQUALS', 'Windows'), one('EC2BillingProduct', 'NOT_EQUALS', 'rhel', 'suse-linux'), one('MarketPlaceProductCode', 'EQUALS', 'x'),
            one('AMIId', 'EQUALS', 'ami-0abcdef1234567890'), one('InstanceType', 'EQUALS', 'm5.large'), one('InstanceId', 'EQUALS', 'i-0abcdef1234567890'),
            one('HostId', 'EQUALS', 'h-0abcdef1234567890'), one('AccountId', 'EQUALS', '111122223333'),
          ],
        },
      },
    }]],
  ])('with %s are written with the constructs', (_, rules) => {
    const adopted = adoptRules(...rules);
    expect(adopted.source).toContain('new LicenseAssetRuleSet(');
    expect(imported(adopted, RULE_SET)).toMatchObject({ Name: 'rules', Rules: rules.map(RuleStatement => ({ RuleStatement })) });
  });

  test('with licenses and granted licenses refer to them', () => {
    const theirs = global('license', 'l-1', '777788889999');
    const adopted = adoptRules(
      single('LicenseConfigurationRuleStatement', 'LicenseConfigurationArn', 'EQUALS', licenseArn(1)), single('LicenseRuleStatement', 'LicenseArn', 'EQUALS', theirs));
    expect(imported(adopted, RULE_SET).Rules).toMatchObject([
      { RuleStatement: { LicenseConfigurationRuleStatement: { MatchingRuleStatement: { ValueToMatch: [{ 'Fn::GetAtt': [expect.any(String), 'LicenseConfigurationArn'] }] } } } },
      { RuleStatement: { LicenseRuleStatement: { MatchingRuleStatement: { ValueToMatch: [theirs] } } } },
    ]);
  });

  test.each<[what: string, rules: object[]]>([
    ['an "and" of one', [{ InstanceRuleStatement: { AndRuleStatement: { MatchingRuleStatements: [one('Platform', 'EQUALS', 'Linux')] } } }]],
    ['a match twice', [{ InstanceRuleStatement: { OrRuleStatement: { MatchingRuleStatements: [one('Platform', 'EQUALS', 'Linux'), one('Platform', 'EQUALS', 'Linux')] } } }]],
    ['a value twice', [single('InstanceRuleStatement', 'Platform', 'EQUALS', 'Linux', 'Linux')]],
    ['a rule twice', [single('InstanceRuleStatement', 'Platform', 'EQUALS', 'Linux'), single('InstanceRuleStatement', 'Platform', 'EQUALS', 'Linux')]],
    ['no value', [single('InstanceRuleStatement', 'Platform', 'EQUALS')]],
    ['another constraint', [single('InstanceRuleStatement', 'Platform', 'LIKE', 'Linux')]],
    ['another key', [single('InstanceRuleStatement', 'Color', 'EQUALS', 'red')]],
    ['two kinds at once', [{ ...single('InstanceRuleStatement', 'Platform', 'EQUALS', 'Linux'), ...single('LicenseRuleStatement', 'Issuer', 'EQUALS', 'x') }]],
    ['an ARN of something else', [single('LicenseRuleStatement', 'LicenseArn', 'EQUALS', 'arn:aws:s3:::bucket')]],
  ])('with %s are written as CloudFormation has them', (_, rules) => {
    const adopted = adoptRules(...rules);
    expect(adopted.source).toContain('new CfnResource(');
    expect(imported(adopted, RULE_SET).Rules).toEqual(rules.map(RuleStatement => ({ RuleStatement })));
  });

  test.each<[what: string, rule: object, reason: string]>([
    ['a script', { InstanceRuleStatement: { ScriptRuleStatement: { KeyToMatch: 'x', Script: 'y' } } }, 'it has a rule with a script'],
    ['another kind of assets', single('ToasterRuleStatement', 'Platform', 'EQUALS', 'Linux'), 'it has a rule on a kind of assets'],
  ])('with %s, which CloudFormation does not have, stay as they are', (_, rule, reason) => {
    const { mapping, source } = adoptRules(rule);
    expect(Object.values(mapping)).not.toContainEqual({ LicenseAssetRulesetArn: RULE_SET });
    expect(flat(source)).toContain(`Ruleset 'rules' is not managed by this stack, and stays as it is: ${reason}`);
  });

  test('of AWS are not the account\'s', () => {
    const managed = `arn:aws:license-manager:${REGION}:aws:license-asset-ruleset:lars-9`;
    expect(adopt(inventory({ operation: 'list-license-asset-rulesets', output: { LicenseAssetRulesets: [{ Name: 'x', LicenseAssetRulesetArn: managed, Rules: [] }] } })).mapping)
      .toEqual({});
  });
});

describe('license asset groups', () => {
  const GROUP = arnOf('license-asset-group', 'lag-1');
  const adoptGroup = (change: object) => adopt(inventory({
    operation: 'list-license-asset-groups',
    output: {
      LicenseAssetGroups: [{
        Name: 'group', LicenseAssetGroupArn: GROUP, LicenseAssetGroupConfigurations: [{ UsageDimension: 'vCPU' }], AssociatedLicenseAssetRulesetARNs: [], Status: 'ACTIVE', ...change,
      }],
    },
  }));

  test.each<[what: string, change: object, properties: object]>([
    ['a ruleset of AWS', { AssociatedLicenseAssetRulesetARNs: [`arn:aws:license-manager:${REGION}:aws:license-asset-ruleset:lars-9`] },
      { AssociatedLicenseAssetRulesetARNs: [`arn:aws:license-manager:${REGION}:aws:license-asset-ruleset:lars-9`] }],
    ['properties', { Properties: [{ Key: '__proto__', Value: 'x' }, { Key: 'a b', Value: '' }] }, { Properties: [{ Key: '__proto__', Value: 'x' }, { Key: 'a b', Value: '' }] }],
    ['another dimension', { LicenseAssetGroupConfigurations: [{ UsageDimension: 'Brain' }] }, { LicenseAssetGroupConfigurations: [{ UsageDimension: 'Brain' }] }],
    ['a status', { Status: 'DISABLED' }, { Name: 'group' }],
  ])('with %s are written with the constructs', (_, change, properties) => {
    const adopted = adoptGroup(change);
    expect(adopted.source).toContain('new LicenseAssetGroup(');
    expect(imported(adopted, GROUP)).toMatchObject(properties);
  });

  test.each<[what: string, change: object]>([
    ['two dimensions', { LicenseAssetGroupConfigurations: [{ UsageDimension: 'vCPU' }, { UsageDimension: 'Core' }] }],
    ['a property twice', { Properties: [{ Key: 'a', Value: 'x' }, { Key: 'a', Value: 'y' }] }],
  ])('with %s are written as CloudFormation has them', (_, change) => {
    const adopted = adoptGroup(change);
    expect(adopted.source).toContain('new CfnResource(');
    expect(imported(adopted, GROUP)).toMatchObject(change);
  });

  test('that are deleted are no more', () => {
    expect(adoptGroup({ Status: 'DELETED' }).mapping).toEqual({});
  });
});

describe('reports', () => {
  const REPORT = arnOf('report-generator', 'r-1');
  const monthly = {
    ReportGeneratorName: 'monthly',
    LicenseManagerReportGeneratorArn: REPORT,
    ReportType: ['LicenseConfigurationSummaryReport'],
    ReportContext: { licenseConfigurationArns: [licenseArn(1)] },
    ReportFrequency: { period: 'WEEK', value: 1 },
  };
  const adoptReport = (change: object) => adopt(inventory(...licenseCalls([license(1)]),
    { operation: 'list-license-manager-report-generators', output: { ReportGenerators: [{ ...monthly, ...change }] } },
    { operation: 'list-tags-for-resource', of: REPORT, output: { Tags: [{ Key: 'a', Value: 'b' }] } }));

  test('on licenses refer to them', () => {
    expect(imported(adoptReport({}), REPORT)).toMatchObject({
      ReportGeneratorName: 'monthly',
      ReportFrequency: { Period: 'WEEK', Value: 1 },
      Tags: [{ Key: 'a', Value: 'b' }],
      ReportContext: { LicenseConfigurationArns: [{ 'Fn::GetAtt': [expect.any(String), 'LicenseConfigurationArn'] }] },
    });
  });

  test.each([['seconds', 1767225600, 1774915200.0], ['ISO 8601', '2026-01-01T01:00:00+01:00', '2026-03-31T00:00:00.000Z']])('on groups have their time, told in %s', (_, start, end) => {
    const adopted = adoptReport({
      ReportType: ['LicenseAssetGroupUsageReport'],
      ReportFrequency: { period: 'ONE_TIME', value: 1 },
      ReportContext: { licenseAssetGroupArns: [arnOf('license-asset-group', 'lag-1')], reportStartDate: start, reportEndDate: end },
    });
    expect(imported(adopted, REPORT)).toMatchObject({
      ReportContext: { LicenseAssetGroupArns: [arnOf('license-asset-group', 'lag-1')], ReportStartDate: '2026-01-01T00:00:00Z', ReportEndDate: '2026-03-31T00:00:00Z' },
    });
    expect(adopted.source).toContain('new ReportGenerator(');
  });

  test.each<[what: string, change: object, context?: object]>([
    ['every second month', { ReportFrequency: { period: 'MONTH', value: 2 } }],
    ['of two kinds', { ReportType: ['LicenseConfigurationSummaryReport', 'LicenseAssetGroupUsageReport'] }],
    ['of licenses and groups', { ReportContext: { licenseConfigurationArns: [licenseArn(1)], licenseAssetGroupArns: [arnOf('license-asset-group', 'lag-1')] } }],
    ['on groups without an end', { ReportType: ['LicenseAssetGroupUsageReport'], ReportFrequency: { period: 'ONE_TIME', value: 1 }, ReportContext: { licenseAssetGroupArns: [] } }],
  ])('%s are written as CloudFormation has them', (_, change) => {
    const adopted = adoptReport(change);
    expect(adopted.source).toContain('new CfnResource(');
    const { period: Period, value: Value } = ({ ...monthly, ...change }).ReportFrequency;
    expect(imported(adopted, REPORT)).toMatchObject({ ReportType: ({ ...monthly, ...change }).ReportType, ReportFrequency: { Period, Value } });
  });
});

describe('host resource groups', () => {
  const GROUP = `arn:aws:resource-groups:${REGION}:${ACCOUNT}:group/hosts`;
  const HOST = `arn:aws:ec2:${REGION}:${ACCOUNT}:dedicated-host/h-0abcdef1234567890`;
  const flags = (allocate = 'true', release = 'true', recover = 'false') =>
    [{ Name: 'auto-allocate-host', Values: [allocate] }, { Name: 'auto-release-host', Values: [release] }, { Name: 'auto-host-recovery', Values: [recover] }];
  const generic = { Type: 'AWS::ResourceGroups::Generic', Parameters: [{ Name: 'allowed-resource-types', Values: ['AWS::EC2::Host'] }, { Name: 'deletion-protection', Values: ['UNLESS_EMPTY'] }] };
  const any = { Name: 'any-host-based-license-configuration', Values: ['true'] };
  const adoptGroup = (parameters: object[], { hosts = [HOST], description = 'clicked', more = [] as any[], other = generic as object | null } = {}) => adopt(inventory(
    ...licenseCalls([license(1, { LicenseCountingType: 'Core' })]),
    { operation: 'list-groups', output: { GroupIdentifiers: [{ GroupName: 'hosts', GroupArn: GROUP }, { GroupName: 'other', GroupArn: `${GROUP}2` }] } },
    { operation: 'get-group', of: 'hosts', output: { Group: { Name: 'hosts', GroupArn: GROUP, Description: description } } },
    { operation: 'get-group-configuration', of: 'hosts', output: { GroupConfiguration: { Configuration: [{ Type: 'AWS::EC2::HostManagement', Parameters: parameters }, ...other ? [other] : []] } } },
    { operation: 'list-group-resources', of: 'hosts', output: { Resources: hosts.map(ResourceArn => ({ Identifier: { ResourceArn } })), ResourceIdentifiers: hosts.map(ResourceArn => ({ ResourceArn })) } },
    { operation: 'get-tags', of: GROUP, output: { Tags: { Team: 'hosts' } } }, ...more));

  test.each<[what: string, parameters: object[]]>([
    ['of certain licenses', [{ Name: 'allowed-host-based-license-configurations', Values: [licenseArn(1)] }, { Name: 'allowed-host-families', Values: ['m5'] }, ...flags()]],
    ['of any licenses', [any, ...flags('false', 'true', 'true')]],
    ['of no licenses', [{ Name: 'instance-launch-option', Values: ['LICENSE_CONFIGURATION_NOT_REQUIRED'] }, ...flags()]],
  ])('%s are written with the constructs', (_, parameters) => {
    const adopted = adoptGroup(parameters);
    expect(adopted.source).toContain('new HostResourceGroup(');
    const { Configuration, ...rest } = imported(adopted, 'hosts');
    expect(rest).toMatchObject({ Name: 'hosts', Description: 'clicked', Tags: [{ Key: 'Team', Value: 'hosts' }], Resources: [expect.anything()] });
    const plain = Configuration[0].Parameters.map((it: any) => ({ ...it, Values: it.Values.map((value: any) => typeof value === 'string' ? value : licenseArn(1)) }));
    expect(plain.map((it: object) => JSON.stringify(it)).sort()).toEqual(parameters.map(it => JSON.stringify(it)).sort());
    expect(Configuration[1]).toEqual(generic);
  });

  test.each<[what: string, parameters: object[], options?: object]>([
    ['without a flag', [any, ...flags().slice(1)]],
    ['with another flag', [any, ...flags(), { Name: 'auto-dance', Values: ['true'] }]],
    ['with a strange flag', [any, ...flags('maybe')]],
    ['of any and certain licenses', [any, { Name: 'allowed-host-based-license-configurations', Values: [licenseArn(1)] }, ...flags()]],
    ['without a generic part', [any, ...flags()], { other: null }],
    ['with something else than hosts', [any, ...flags()], { hosts: ['arn:aws:s3:::bucket'] }],
  ])('%s are written as CloudFormation has them', (_, parameters, options = {}) => {
    const adopted = adoptGroup(parameters, options);
    expect(adopted.source).toContain('new CfnResource(');
    expect(imported(adopted, 'hosts').Configuration[0]).toEqual({ Type: 'AWS::EC2::HostManagement', Parameters: parameters });
  });

  test('with a description that CloudFormation does not take stay as they are', () => {
    const { mapping, source } = adoptGroup([any, ...flags()], { description: 'ours!' });
    expect(Object.values(mapping)).not.toContainEqual({ Name: 'hosts' });
    expect(source).toContain('HostResourceGroup.fromHostResourceGroupArn(');
  });

  test('do not have hosts that have been released', () => {
    const adopted = adoptGroup([any, ...flags()], { more: [{ operation: 'describe-hosts', output: { Hosts: [] } }] });
    expect(imported(adopted, 'hosts')).not.toHaveProperty('Resources');
    expect(flat(adopted.source)).toContain(`has ${HOST}, which is no longer there`);
  });
});

describe('shares', () => {
  const SHARE = `arn:aws:ram:${REGION}:${ACCOUNT}:resource-share/1`;
  const ORGANIZATION = 'arn:aws:organizations::111122223333:organization/o-exampleorgid';
  const UNIT = 'arn:aws:organizations::111122223333:ou/o-exampleorgid/ou-abcd-12345678';
  const adoptShare = ({ name = 'share', resources = [licenseArn(1)], principals = ['222233334444'], permissions = [] as string[], status = 'ACTIVE', tags = [] as object[] } = {}) => adopt(inventory(
    ...licenseCalls([license(1)]),
    { operation: 'get-resource-shares', output: { resourceShares: [{ resourceShareArn: SHARE, name, allowExternalPrincipals: false, status, tags }] } },
    { operation: 'list-resources', output: { resources: [...resources.map(arn => ({ arn, resourceShareArn: SHARE })), { arn: 'x', resourceShareArn: 'other' }] } },
    { operation: 'list-principals', output: { principals: principals.map(id => ({ id, resourceShareArn: SHARE })) } },
    {
      operation: 'list-resource-share-permissions',
      of: SHARE,
      output: {
        permissions: [
          { arn: 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionLicenseConfiguration', isResourceTypeDefault: true }, ...permissions.map(arn => ({ arn, isResourceTypeDefault: false })),
        ],
      },
    }));

  test('of licenses, with accounts, units and the organization, are written with the construct', () => {
    const adopted = adoptShare({ principals: ['222233334444', UNIT, ORGANIZATION], tags: [{ key: 'a', value: 'b' }] });
    expect(adopted.source).toContain('new LicenseShare(');
    const properties = imported(adopted, SHARE);
    expect(properties).toMatchObject({
      Name: 'share', AllowExternalPrincipals: false, ResourceArns: [{ 'Fn::GetAtt': [expect.any(String), 'LicenseConfigurationArn'] }], Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect([...properties.Principals].sort()).toEqual(['222233334444', UNIT, ORGANIZATION].sort());
  });

  test.each<[what: string, options: Parameters<typeof adoptShare>[0]]>([
    ['of other things, too', { resources: [licenseArn(1), 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1'] }],
    ['with a role', { principals: ['arn:aws:iam::111122223333:role/x'] }],
    ['with a permission of its own', { permissions: ['arn:aws:ram:us-east-1:111122223333:permission/x'] }],
  ])('%s are written as CloudFormation has them', (_, options) => {
    const adopted = adoptShare(options);
    expect(adopted.source).toContain('new CfnResource(');
    const { ResourceArns, Principals, PermissionArns } = imported(adopted, SHARE);
    expect(ResourceArns).toEqual([...options!.resources ?? [licenseArn(1)]].sort());
    expect(Principals).toEqual(options!.principals ?? ['222233334444']);
    expect(PermissionArns).toEqual(options!.permissions);
  });

  test.each<[what: string, options: Parameters<typeof adoptShare>[0]]>([
    ['that License Manager has made', { name: `licenseManagerResourceShare-${ACCOUNT}` }],
    ['that are deleted', { status: 'DELETED' }],
    ['of other things only', { resources: ['arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1'] }],
  ])('%s are left', (_, options) => {
    expect(Object.values(adoptShare(options).mapping)).not.toContainEqual({ Arn: SHARE });
  });
});

describe('seller-issued licenses', () => {
  const LICENSE = global('license', 'l-1');
  const issued = {
    LicenseArn: LICENSE,
    LicenseName: 'analytics',
    ProductName: 'Example Analytics',
    ProductSKU: 'sku',
    HomeRegion: REGION,
    Status: 'AVAILABLE',
    Issuer: { Name: 'Example Software', SignKey: `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234`, KeyFingerprint: 'x' },
    Validity: { Begin: '2026-01-01T00:00:00Z', End: '2029-12-31T23:59:59Z' },
    Beneficiary: 'Example Customer',
    Entitlements: [{ Name: 'Seats', Unit: 'Count', MaxCount: 50, Overage: false, AllowCheckIn: true }],
    ConsumptionConfiguration: { RenewType: 'None', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } },
    LicenseMetadata: [{ Name: 'order', Value: '42' }],
    CreateTime: '1',
    Version: '1',
  };
  const adoptIssued = (change: object, ...grants: object[]) => adopt(inventory(
    { operation: 'list-licenses', output: { Licenses: [{ ...issued, ...change }] } },
    ...grants.length > 0 ? [{ operation: 'list-distributed-grants', output: { Grants: grants } }] : []));
  const readable = ({ LicenseArn, CreateTime, Version, Issuer: { Name, SignKey }, ...rest }: any) => ({ ...rest, Issuer: { Name, SignKey } });

  test.each<[what: string, change: object]>([
    ['as they are', {}],
    ['that are to be borrowed', { ConsumptionConfiguration: { RenewType: 'Monthly', BorrowConfiguration: { MaxTimeToLiveInMinutes: 1, AllowEarlyCheckIn: true } } }],
    ['of both kinds', { ConsumptionConfiguration: { RenewType: 'Weekly', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 2147483647 }, BorrowConfiguration: { MaxTimeToLiveInMinutes: 9, AllowEarlyCheckIn: false } } }],
    ['that are suspended', { Status: 'SUSPENDED' }],
    ['with everything to count', {
      Entitlements: ['Bytes', 'Kilobits', 'Terabytes/Second', 'Bits/Second', 'Count/Second', 'Percent', 'Milliseconds'].map((Unit, MaxCount) => ({ Name: Unit, Unit, MaxCount, Overage: true, AllowCheckIn: false })),
    }],
    ['without a limit', { Entitlements: [{ Name: 'Platinum', Unit: 'None', AllowCheckIn: false }, { Name: 'Level', Unit: 'None', Value: 'gold', AllowCheckIn: true }] }],
    ['without a key', { Issuer: { Name: 'x' } }],
  ])('%s are written with the construct', (_, change) => {
    const adopted = adoptIssued(change);
    expect(adopted.source).toContain('new License(');
    const expected = readable({ ...issued, ...change });
    expect(imported(adopted, LICENSE)).toMatchObject(JSON.parse(JSON.stringify(expected)));
  });

  test.each<[what: string, change: object]>([
    ['with a metadata twice', { LicenseMetadata: [{ Name: 'a', Value: '1' }, { Name: 'a', Value: '2' }] }],
    ['with a key that is an alias', { Issuer: { Name: 'x', SignKey: 'alias/x' } }],
    ['with an entitlement that is counted and has a value', { Entitlements: [{ Name: 'a', Unit: 'Count', MaxCount: 1, Value: 'x', Overage: false, AllowCheckIn: false }] }],
    ['with a day that is none', { Validity: { Begin: '2026-02-30T00:00:00Z', End: '2029-12-31T23:59:59Z' } }],
    ['that nobody can consume', { ConsumptionConfiguration: { RenewType: 'None' } }],
  ])('%s are written as CloudFormation has them', (_, change) => {
    const adopted = adoptIssued(change);
    expect(adopted.source).toContain('new CfnResource(');
    expect(imported(adopted, LICENSE)).toMatchObject(JSON.parse(JSON.stringify(readable({ ...issued, ...change }))));
  });

  test.each<[what: string, change: object, reason?: string]>([
    ['that are deleted', { Status: 'DELETED' }],
    ['of another home Region', { HomeRegion: 'eu-west-1' }, 'is at home in eu-west-1'],
    ['without an end', { Validity: { Begin: '2026-01-01T00:00:00Z' } }, 'its validity has no end'],
    ['with a unit that nobody knows', { Entitlements: [{ Name: 'a', Unit: 'Bananas', MaxCount: 1, Overage: false, AllowCheckIn: false }] }, 'it has a unit that CloudFormation does not have'],
    ['with another renewal', { ConsumptionConfiguration: { RenewType: 'Daily', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } } }, 'it has a renewal that CloudFormation does not have'],
    ['of another account', { LicenseArn: global('license', 'l-2', '777788889999') }],
  ])('%s are left', (_, change, reason = '') => {
    const { mapping, source } = adoptIssued(change);
    expect(mapping).toEqual({});
    expect(flat(source)).toContain(reason);
  });

  describe('and grants', () => {
    const GRANT = global('grant', 'g-1');
    const grant = {
      GrantArn: GRANT,
      GrantName: 'customer',
      LicenseArn: LICENSE,
      GranteePrincipalArn: 'arn:aws:iam::444455556666:root',
      HomeRegion: REGION,
      GrantStatus: 'ACTIVE',
      GrantedOperations: ['CheckoutLicense', 'CreateToken'],
    };

    test.each<[what: string, change: object, license: object]>([
      ['of a license of the stack', {}, {}],
      ['of a license that is written as CloudFormation has it', {}, { ConsumptionConfiguration: { RenewType: 'None' } }],
      ['of a license that was received', { LicenseArn: global('license', 'l-9', '777788889999') }, {}],
      ['to an organization', { GranteePrincipalArn: 'arn:aws:organizations::111122223333:organization/o-exampleorgid' }, {}],
    ])('%s are written with the construct', (_, change, ofLicense) => {
      const adopted = adoptIssued(ofLicense, { ...grant, ...change });
      expect(adopted.source).toContain('new Grant(');
      const expected = { ...grant, ...change };
      expect(imported(adopted, GRANT)).toMatchObject({ GrantName: 'customer', HomeRegion: REGION, Principals: [expected.GranteePrincipalArn], AllowedOperations: expected.GrantedOperations });
    });

    test.each<[what: string, change: object]>([
      ['without a name', { GrantName: '' }],
    ])('%s are written as CloudFormation has them', (_, change) => {
      const adopted = adoptIssued({}, { ...grant, ...change });
      expect(adopted.source).toContain('new CfnResource(');
      expect(imported(adopted, GRANT)).toMatchObject({ LicenseArn: LICENSE, AllowedOperations: ({ ...grant, ...change }).GrantedOperations });
    });

    test.each<[what: string, change: object, reason?: string]>([
      ['that were rejected', { GrantStatus: 'REJECTED' }, 'gives nobody anything'],
      ['that are deleted', { GrantStatus: 'DELETED' }],
      ['of another home Region', { HomeRegion: 'eu-west-1' }, 'is at home in eu-west-1'],
    ])('%s are left', (_, change, reason = '') => {
      const { mapping, source } = adoptIssued({}, { ...grant, ...change });
      expect(Object.values(mapping)).toEqual([{ LicenseArn: LICENSE }]);
      expect(flat(source)).toContain(reason);
    });

    test('that were received are accepted as they are', () => {
      const received = (id: string, status: string, change: object = {}) => ({ ...grant, GrantArn: global('grant', id, '777788889999'), GrantName: id, GrantStatus: status, ...change });
      const { template, mapping, source } = adopt(inventory({
        operation: 'list-received-grants',
        output: {
          Grants: [
            received('g-active', 'ACTIVE'), received('g-disabled', 'DISABLED'), received('g-pending', 'PENDING_ACCEPT'), received('g-deleted', 'DELETED'),
            received('g-far', 'ACTIVE', { HomeRegion: 'eu-west-1' }),
          ],
        },
      }));
      expect(mapping).toEqual({});
      template.resourceCountIs('Custom::LicenseManagerGrantAcceptance', 2);
      template.hasResourceProperties('Custom::LicenseManagerGrantAcceptance', { Grant: global('grant', 'g-active', '777788889999'), Activate: true });
      template.hasResourceProperties('Custom::LicenseManagerGrantAcceptance', { Grant: global('grant', 'g-disabled', '777788889999'), Activate: false });
      expect(flat(source)).toContain('Grant \'g-pending\' has been received and has the status PENDING_ACCEPT');
      expect(flat(source)).toContain('Grant \'g-far\' is at home in eu-west-1');
    });
  });

  test('tokens are left', () => {
    const { source } = adopt(inventory({ operation: 'list-tokens', output: { Tokens: [{ TokenId: 't-1', LicenseArn: LICENSE, Status: 'AVAILABLE' }, { TokenId: 't-2', Status: 'DELETED' }] } }));
    expect(source).toContain('Token t-1');
    expect(source).not.toContain('t-2');
  });
});
