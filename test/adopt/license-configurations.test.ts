import { ACCOUNT, inventory, license, licenseArn, licenseCalls, REGION } from './samples';
import { adopt, imported } from './support';

const adoptOne = (change: object) => adopt(inventory(...licenseCalls([license(1, change)])));
const IMAGE = 'ami-0abcdef1234567890';
const onImage = (change: object = {}) =>
  ({ ResourceArn: `arn:aws:ec2:${REGION}::image/${IMAGE}`, ResourceType: 'EC2_AMI', ResourceOwnerId: ACCOUNT, AssociationTime: 1764500000.0, ...change });

describe('what a license has is what is declared', () => {
  test.each<[what: string, change: object, properties: object]>([
    ['nothing but a name', {}, { Name: 'license-1', LicenseCountingType: 'vCPU', Description: '', LicenseCountHardLimit: false, DisassociateWhenNotFound: false }],
    ['a description', { Description: 'EA "7"\nline' }, { Description: 'EA "7"\nline' }],
    ['a number', { LicenseCount: 0 }, { LicenseCount: 0 }],
    ['a hard limit', { LicenseCount: 9007199254740991, LicenseCountHardLimit: true }, { LicenseCount: 9007199254740991, LicenseCountHardLimit: true }],
    ['an expiry', { LicenseExpiry: 1893456000 }, { LicenseExpiry: 1893456000 }],
    ['the last expiry', { LicenseExpiry: 253402300799 }, { LicenseExpiry: 253402300799 }],
    ['the first expiry', { LicenseExpiry: 0 }, { LicenseExpiry: 0 }],
    ['tags', { Tags: [{ Key: 'b', Value: '' }, { Key: 'a', Value: 'x' }] }, { Tags: [{ Key: 'a', Value: 'x' }, { Key: 'b', Value: '' }] }],
    ['disassociation of what is gone', { DisassociateWhenNotFound: true }, { DisassociateWhenNotFound: true }],
  ])('%s', (_, change, properties) => {
    expect(imported(adoptOne(change), licenseArn(1))).toMatchObject(properties);
  });

  test('a number that is not there is not declared', () => {
    expect(imported(adoptOne({}), licenseArn(1))).not.toHaveProperty('LicenseCount');
    expect(imported(adoptOne({}), licenseArn(1))).not.toHaveProperty('LicenseRules');
  });

  test('it stays when it is taken out of the stack', () => {
    const { resources, mapping } = adoptOne({});
    expect(resources[Object.keys(mapping)[0]]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('a deactivated one is deactivated', () => {
    adoptOne({ Status: 'DISABLED' }).template.hasResourceProperties('Custom::LicenseManagerLicenseConfigurationStatus', { Status: 'DISABLED' });
    adoptOne({}).template.resourceCountIs('Custom::LicenseManagerLicenseConfigurationStatus', 0);
  });
});

describe('rules are declared with the very same texts, since another text replaces the license', () => {
  test.each<[type: string, rules: string[], code: string]>([
    ['vCPU', ['#minimumVcpus=1', '#maximumVcpus=96'], 'LicenseCounting.vcpus({ minimumVcpus: 1, maximumVcpus: 96 })'],
    ['vCPU', ['#honorVcpuOptimization=True'], 'LicenseCounting.vcpus({ honorVcpuOptimization: true })'],
    ['vCPU', ['#honorVcpuOptimization=False'], 'LicenseCounting.vcpus({ honorVcpuOptimization: false })'],
    ['vCPU', ['#allowedTenancy=EC2-Default,EC2-DedicatedInstance'], 'LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEFAULT, LicenseTenancy.DEDICATED_INSTANCE] })'],
    ['Instance', ['#minimumCores=2', '#maximumSockets=4', '#minimumVcpus=8'], 'LicenseCounting.instances({ minimumCores: 2, maximumSockets: 4, minimumVcpus: 8 })'],
    ['Core', [], 'LicenseCounting.cores({ withoutTenancyRule: true })'],
    ['Core', ['#allowedTenancy=EC2-DedicatedHost'], 'LicenseCounting.cores()'],
    ['Core', ['#allowedTenancy=EC2-DedicatedHost', '#licenseAffinityToHost=180'], 'LicenseCounting.cores({ licenseAffinityToHost: Duration.days(180) })'],
    ['Socket', ['#minimumSockets=2', '#maximumSockets=2'], 'LicenseCounting.sockets({ minimumSockets: 2, maximumSockets: 2, withoutTenancyRule: true })'],
  ])('%s %j', (type, rules, code) => {
    const adopted = adoptOne({ LicenseCountingType: type, LicenseRules: rules });
    expect(adopted.source).toContain(code);
    expect(adopted.source).not.toContain('addPropertyOverride');
    expect([...imported(adopted, licenseArn(1)).LicenseRules ?? []].sort()).toEqual([...rules].sort());
  });

  test.each<[type: string, rules: string[]]>([
    ['vCPU', ['#allowedTenancy=EC2-DedicatedHost, EC2-Default']],
    ['vCPU', ['#honorVcpuOptimization=true', '#minimumVcpus=2']],
    ['vCPU', ['#minimumVcpus=04']],
    ['Core', ['#allowedTenancy= EC2-DedicatedHost']],
  ])('%s %j, which this library spells otherwise, by an override', (type, rules) => {
    const adopted = adoptOne({ LicenseCountingType: type, LicenseRules: rules });
    expect(adopted.source).toContain('LicenseCounting.');
    expect(imported(adopted, licenseArn(1)).LicenseRules).toEqual(rules);
  });

  test.each<[why: string, change: object]>([
    ['a rule of another type', { LicenseCountingType: 'Core', LicenseRules: ['#minimumVcpus=2'] }],
    ['a rule that nobody knows', { LicenseRules: ['#color=red'] }],
    ['no rule at all', { LicenseRules: ['minimumVcpus'] }],
    ['a rule twice', { LicenseRules: ['#minimumVcpus=2', '#minimumVcpus=2'] }],
    ['a limit of 0', { LicenseRules: ['#minimumVcpus=0'] }],
    ['limits that cross', { LicenseRules: ['#minimumVcpus=3', '#maximumVcpus=2'] }],
    ['an affinity that is too long', { LicenseCountingType: 'Core', LicenseRules: ['#licenseAffinityToHost=181'] }],
    ['a tenancy that cannot be counted', { LicenseCountingType: 'Core', LicenseRules: ['#allowedTenancy=EC2-Default'] }],
    ['a tenancy that nobody knows', { LicenseRules: ['#allowedTenancy=EC2-Moon'] }],
    ['a tenancy twice', { LicenseRules: ['#allowedTenancy=EC2-Default,EC2-Default'] }],
    ['a hard limit without a number', { LicenseCountHardLimit: true }],
    ['a negative number', { LicenseCount: -1 }],
    ['a blank name', { Name: ' ' }],
    ['an expiry in the year 10000', { LicenseExpiry: 253402300800 }],
    ['an expiry before 1970', { LicenseExpiry: -1 }],
    ['another status', { Status: 'SLEEPING' }],
  ])('%s is declared as CloudFormation has it, with the reason', (_, change) => {
    const adopted = adoptOne({ ...change, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(adopted.source).toMatch(/ is written as CloudFormation has it: .+/);
    const { LicenseRules = [], ...properties } = imported(adopted, licenseArn(1));
    const expected = license(1, change);
    expect(LicenseRules).toEqual(expected.LicenseRules);
    expect(properties).toMatchObject({
      Name: expected.Name, LicenseCountingType: expected.LicenseCountingType, LicenseCountHardLimit: expected.LicenseCountHardLimit, Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(properties.LicenseCount).toBe(expected.LicenseCount);
    expect(properties.LicenseExpiry).toBe(expected.LicenseExpiry);
    const [logicalId] = Object.keys(adopted.mapping);
    expect(adopted.resources[logicalId].DeletionPolicy).toBe('Retain');
  });
});

describe('product information', () => {
  const filter = (ProductInformationFilterName: string, ProductInformationFilterComparator: string, ...values: string[]) => ({
    ProductInformationFilterName, ProductInformationFilterComparator, ...values.length > 0 ? { ProductInformationFilterValue: values } : {},
  });
  const product = (ResourceType: string, ...filters: object[]) => ({ ResourceType, ProductInformationFilterList: filters });
  /** In any order: CloudFormation has none. */
  const sorted = (products: any[]) => products.map(it => JSON.stringify([
    it.ResourceType, it.ProductInformationFilterList.map((f: object) => JSON.stringify(Object.entries(f).sort())).sort(),
  ])).sort();

  test.each<[what: string, products: object[], isNative?: boolean]>([
    ['all of Systems Manager', [product('SSM_MANAGED',
      filter('Application Publisher', 'EQUALS', 'Microsoft'), filter('Application Name', 'EQUALS', 'SQL'), filter('Application Version', 'EQUALS', '16'),
      filter('Platform Name', 'EQUALS', 'Windows'), filter('Platform Type', 'EQUALS', 'Windows'), filter('License Included', 'EQUALS', 'sql-server-web'),
      filter('License Included', 'NOT_EQUALS', 'something-new'), filter('AccountId', 'NOT_EQUALS', '222233334444', '333344445555'),
      filter('Tag:Stage', 'NOT_EQUALS', 'test', 'it\'s'), filter('Tag:Name', 'NOT_EQUALS'))]],
    ['two products', [product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'one')), product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'two'))]],
    ['several licenses that are not included', [product('SSM_MANAGED', filter('License Included', 'NOT_EQUALS', 'sql-server-web', 'something-new'))]],
    ['a license that is not included twice', [product('SSM_MANAGED', filter('License Included', 'NOT_EQUALS', 'sql-server-web', 'sql-server-web'))], false],
    ['Oracle', [product('RDS', filter('Engine Edition', 'EQUALS', 'oracle-se2'), filter('License Pack', 'EQUALS', 'olap', 'a new pack'))]],
    ['Oracle, whatever its edition', [product('RDS', filter('License Pack', 'EQUALS', 'ols'))]],
    ['Db2', [product('RDS', filter('Engine Edition', 'EQUALS', 'db2-ae'))]],
    ['an engine that nobody knows', [product('RDS', filter('Engine Edition', 'EQUALS', 'sqlserver-ee'))]],
    ['two values', [product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'one', 'two'))], false],
    ['another comparator', [product('SSM_MANAGED', filter('Application Name', 'CONTAINS', 'one'))], false],
    ['another filter', [product('SSM_MANAGED', filter('Weather', 'EQUALS', 'fair'))], false],
    ['no filter', [product('SSM_MANAGED')], false],
    ['a tag that has to be there', [product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'x'), filter('Tag:Stage', 'EQUALS', 'test'))], false],
    ['another kind', [product('TOASTER', filter('Application Name', 'EQUALS', 'one'))], false],
    ['the same twice', [product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'x')), product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'x'))], false],
    ['Oracle beside other things', [product('RDS', filter('Engine Edition', 'EQUALS', 'oracle-ee')), product('SSM_MANAGED', filter('Application Name', 'EQUALS', 'x'))], false],
    ['a pack twice', [product('RDS', filter('License Pack', 'EQUALS', 'ols', 'ols'))], false],
    ['another filter of RDS', [product('RDS', filter('Engine Edition', 'EQUALS', 'oracle-ee'), filter('Weather', 'EQUALS', 'fair'))], false],
  ])('of %s', (_, products, isNative = true) => {
    const adopted = adoptOne({ ProductInformationList: products });
    expect(adopted.source.includes('new CfnResource(')).toBe(!isNative);
    expect(sorted(imported(adopted, licenseArn(1)).ProductInformationList)).toEqual(sorted(products));
  });
});

describe('what a license is on', () => {
  const adoptOn = (association: object, ...calls: { operation: string; output: object }[]) =>
    adopt(inventory(...licenseCalls([license(1)], { [licenseArn(1)]: [association] }), ...calls));
  const TYPE = 'Custom::LicenseManagerLicenseConfigurationAssociation';
  const arn = (rest: string, account = ACCOUNT) => `arn:aws:ec2:${REGION}:${account}:${rest}`;
  const INSTANCE = 'i-0abcdef1234567890';
  const reservations = (...instances: object[]) => ({ operation: 'describe-instances', output: { Reservations: [{ Instances: instances }] } });

  test.each<[what: string, association: { [name: string]: any }, calls?: { operation: string; output: object }[]]>([
    ['an AMI', onImage()],
    ['an AMI that is there', onImage(), [{ operation: 'describe-images', output: { Images: [{ ImageId: IMAGE }] } }]],
    ['an AMI in all accounts', onImage({ AmiAssociationScope: 'cross-account' })],
    ['an AMI of somebody else', onImage({ ResourceOwnerId: '222233334444' })],
    ['an AMI with a short id', onImage({ ResourceArn: `arn:aws:ec2:${REGION}::image/ami-0abcdef1` })],
    ['an instance', { ResourceArn: arn(`instance/${INSTANCE}`), ResourceType: 'EC2_INSTANCE', ResourceOwnerId: ACCOUNT }],
    ['an instance of another AMI', { ResourceArn: arn(`instance/${INSTANCE}`) }, [reservations({ InstanceId: INSTANCE, ImageId: 'ami-1', State: { Name: 'running' } })]],
    ['a host', { ResourceArn: arn('dedicated-host/h-0abcdef1234567890') }],
    ['a host that is there', { ResourceArn: arn('dedicated-host/h-0abcdef1234567890') },
      [{ operation: 'describe-hosts', output: { Hosts: [{ HostId: 'h-0abcdef1234567890', State: 'available' }] } }]],
  ])('%s is taken over', (_, association, calls = []) => {
    const { resources } = adoptOn(association, ...calls);
    const made = Object.values<any>(resources).find(({ Type }) => Type === TYPE);
    expect(JSON.stringify(made.Properties.ResourceArn)).toContain(association.ResourceArn.split(':').at(-1));
    expect(made.Properties.AmiAssociationScope).toBe(association.AmiAssociationScope);
    expect(made.DeletionPolicy).toBe('Retain');
  });

  test.each<[what: string, association: object, calls: { operation: string; output: object }[], reason: RegExp]>([
    ['a deleted AMI', onImage(), [{ operation: 'describe-images', output: { Images: [] } }], /is on ami-0abcdef1234567890, which is no longer there/],
    ['a released host', { ResourceArn: arn('dedicated-host/h-0abcdef1234567890') },
      [{ operation: 'describe-hosts', output: { Hosts: [{ HostId: 'h-0abcdef1234567890', State: 'released' }] } }], /has been released/],
    ['a terminated instance', { ResourceArn: arn(`instance/${INSTANCE}`) }, [reservations({ InstanceId: INSTANCE, State: { Name: 'terminated' } })], /has been terminated/],
    ['an instance that is gone', { ResourceArn: arn(`instance/${INSTANCE}`) }, [reservations()], /has been terminated/],
    ['an instance of a fleet', { ResourceArn: arn(`instance/${INSTANCE}`) },
      [reservations({ InstanceId: INSTANCE, State: { Name: 'running' }, Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'fleet' }] })], /Auto Scaling group has launched \('fleet'\)/],
    ['a managed node', { ResourceArn: 'arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-1', ResourceType: 'SYSTEMS_MANAGER_MANAGED_INSTANCE' }, [], /automated discovery/],
    ['a database', { ResourceArn: 'arn:aws:rds:us-east-1:111122223333:db:x', ResourceType: 'RDS' }, [], /automated discovery/],
    ['something that nobody knows', { ResourceArn: 'arn:aws:s3:::bucket' }, [], /nobody associates it by hand/],
    ['an instance of another account', { ResourceArn: arn(`instance/${INSTANCE}`, '222233334444'), ResourceOwnerId: '222233334444' }, [], /belongs to account 222233334444/],
    ['a scope that nobody knows', onImage({ AmiAssociationScope: 'galaxy' }), [], /the scope 'galaxy'/],
  ])('%s is left, with a comment that says why', (_, association, calls, reason) => {
    const { template, source } = adoptOn(association, ...calls);
    template.resourceCountIs(TYPE, 0);
    expect(source.replace(/\n *\/\/ /g, ' ')).toMatch(reason);
  });

  test('an instance that has the license from its AMI is left', () => {
    const { template, source } = adopt(inventory(
      ...licenseCalls([license(1)], { [licenseArn(1)]: [onImage(), { ResourceArn: arn(`instance/${INSTANCE}`) }] }),
      reservations({ InstanceId: INSTANCE, ImageId: IMAGE, State: { Name: 'running' } })));
    template.resourceCountIs(TYPE, 1);
    expect(source).toContain(`was launched from ${IMAGE}`);
  });

  test('what could not be read is said', () => {
    const { source } = adopt(inventory(
      { operation: 'list-license-configurations', output: { LicenseConfigurations: [license(1)] } },
      { operation: 'list-associations-for-license-configuration', of: licenseArn(1), error: 'An error occurred (AccessDeniedException)' }));
    const flat = source.replace(/\n *\/\/ /g, ' ');
    expect(flat).toContain('What License \'license-1\' is on was not read: it stays as it is, and is not in this code.');
    expect(flat).toContain(`Not read: 'list-associations-for-license-configuration' could not be read of ${licenseArn(1)}: An error occurred (AccessDeniedException)`);
  });

  test('tags that could not be read stay as they are', () => {
    const { Tags, ...untagged } = license(1);
    const adopted = adopt(inventory({ operation: 'list-license-configurations', output: { LicenseConfigurations: [untagged] } }));
    expect(adopted.source).toContain('The tags of License \'license-1\' were not read: those that it has stay as they are.');
    expect(imported(adopted, licenseArn(1))).not.toHaveProperty('Tags');
    expect(Tags).toEqual([]);
  });
});

describe('a license that is not taken in', () => {
  test('is counted in a way that CloudFormation does not have', () => {
    const { mapping, source } = adoptOne({ LicenseCountingType: 'Brain' });
    expect(mapping).toEqual({});
    expect(source).toContain('it is counted by \'Brain\'');
  });

  const adoptForeign = (change: object, ...options: string[]) =>
    adopt(inventory(...licenseCalls([license(1, { LicenseCountingType: 'vCPU', ...change })], { [licenseArn(1)]: [onImage()] })), ...options);

  test('belongs to another stack', () => {
    const { mapping, source, template } = adoptForeign({ Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'theirs' }] });
    expect(mapping).toEqual({});
    expect(source).toContain('belongs to the CloudFormation stack \'theirs\'');
    template.hasResourceProperties('Custom::LicenseManagerLicenseConfigurationAssociation', { LicenseConfigurationArn: licenseArn(1) });
  });

  test('belongs to a custom resource of another stack', () => {
    const { mapping, source } = adoptForeign({ Tags: [{ Key: 'cdk-license-manager:stack-id', Value: 'arn:aws:cloudformation:x' }] });
    expect(mapping).toEqual({});
    expect(source).toContain('belongs to a custom resource of the stack');
  });

  test('belongs to another account that shares it', () => {
    const theirs = licenseArn(1).replace(ACCOUNT, '444455556666');
    const { mapping, source, template } = adopt(inventory(...licenseCalls(
      [license(1, { LicenseConfigurationArn: theirs, OwnerAccountId: '444455556666' })], { [theirs]: [onImage()] })));
    expect(mapping).toEqual({});
    expect(source).toContain('License \'license-1\' belongs to account 444455556666');
    template.hasResourceProperties('Custom::LicenseManagerLicenseConfigurationAssociation', { LicenseConfigurationArn: theirs });
  });

  test('is in a Region without the type, unless it has it by now', () => {
    const there = inventory(...licenseCalls([license(1, { LicenseConfigurationArn: licenseArn(1).replace(REGION, 'eu-west-1') })]))
      .replace('"region":"us-east-1"', '"region":"eu-west-1"');
    const { mapping, source } = adopt(there);
    expect(mapping).toEqual({});
    expect(source.replace(/\n *\/\/ /g, ' ')).toContain('CloudFormation has no AWS::LicenseManager::LicenseConfiguration in eu-west-1 yet');
    expect(source).toContain('LicenseConfiguration.fromLicenseConfigurationAttributes');
    expect(Object.keys(adopt(there, '--every-type').mapping)).toHaveLength(1);
  });
});
