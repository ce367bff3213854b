import { App, Aws, CfnParameter, Fn, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import { ImportedLicense, LICENSE_ARN, makeLicense } from './licenses';
import { HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseShare, SharePrincipal } from '../../src';
import type { LicenseShareProps } from '../../src';
import { acknowledge } from '../support/validator';

const ACCOUNT = '444455556666';
const ORGANIZATION = 'arn:aws:organizations::111122223333:organization/o-abcde12345';
const UNIT = 'arn:aws:organizations::111122223333:ou/o-abcde12345/ou-abcd-12345678';
const SHARE_ARN = 'arn:aws:ram:us-east-1:111122223333:resource-share/a1b2c3d4-5678-90ab-cdef-1234567890ab';
const GROUP_ARN = 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts';
const TYPE = 'AWS::RAM::ResourceShare';

let app: App;
let stack: Stack;
let license: CfnLicenseConfiguration;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  license = makeLicense(stack, 'License');
});

function share(props: Partial<LicenseShareProps> = {}) {
  return new LicenseShare(stack, 'Share', {
    licenseConfigurations: [license], principals: [SharePrincipal.fromOrganizationArn(ORGANIZATION)], ...props,
  });
}

const twice = () => Annotations.fromStack(stack).findWarning('/Stack/Share', Match.stringLikeRegexp('twice')).map(({ entry }) => entry.data);

describe('what is shared with whom', () => {
  test('a license with the organization: external principals are off', () => {
    const construct = share();
    const template = Template.fromStack(stack);
    template.hasResource(TYPE, {
      Properties: {
        Name: Match.stringLikeRegexp('^Stack-Share-[0-9A-F]{8}$'),
        ResourceArns: [{ Ref: 'License' }],
        Principals: [ORGANIZATION],
        AllowExternalPrincipals: false,
        PermissionArns: Match.absent(),
      },
      DeletionPolicy: Match.absent(),
    });
    const [logicalId] = Object.keys(template.findResources(TYPE));
    expect(stack.resolve(construct.licenseShareArn)).toEqual({ 'Fn::GetAtt': [logicalId, 'Arn'] });
    expect(construct.resourceShareRef).toEqual({ resourceShareArn: construct.licenseShareArn });
  });

  test('several licenses with accounts, a unit and the organization', () => {
    share({
      licenseShareName: 'licenses',
      licenseConfigurations: [license, new ImportedLicense(stack, 'Imported')],
      principals: [
        SharePrincipal.fromAccountId(ACCOUNT), SharePrincipal.fromOrganizationalUnitArn(UNIT), SharePrincipal.fromOrganizationArn(ORGANIZATION),
      ],
      allowExternalPrincipals: true,
    });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Name: 'licenses',
      ResourceArns: [{ Ref: 'License' }, LICENSE_ARN],
      Principals: [ACCOUNT, UNIT, ORGANIZATION],
      AllowExternalPrincipals: true,
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each(['', ' '])('the name %j causes a warning', licenseShareName => {
    share({ licenseShareName });
    Annotations.fromStack(stack).hasWarning('/Stack/Share',
      `licenseShareName is '${licenseShareName}', which shows nothing. Set it, or leave it out to have a name generated. ` +
      '[ack: cdk-license-manager:blankText]');
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: licenseShareName });
  });

  test('tags', () => {
    Tags.of(share()).add('team', 'licenses');
    Template.fromStack(stack).hasResourceProperties(TYPE, { Tags: [{ Key: 'team', Value: 'licenses' }] });
  });

  test('the removal policy', () => {
    share({ removalPolicy: RemovalPolicy.RETAIN });
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('the removal policy, later on, and no snapshot', () => {
    const construct = share();
    construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(() => construct.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(
      'Stack/Share: removalPolicy is \'snapshot\': there are no snapshots of a resource share. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.');
  });

  test('properties can be injected', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: LicenseShare.PROPERTY_INJECTION_ID,
      inject: (props: any) => ({ licenseShareName: 'injected', ...props }),
    });
    share();
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: 'injected' });
  });

  test('external principals without an account among the principals cause a warning', () => {
    share({ allowExternalPrincipals: true });
    Annotations.fromStack(stack).hasWarning('/Stack/Share',
      'External principals are allowed, and all principals are inside the organization: whoever may change the share could add accounts ' +
      'outside of it. Leave allowExternalPrincipals out. [ack: cdk-license-manager:externalPrincipalsWithoutAccounts]');
  });
});

describe('what is added later', () => {
  test('comes after what is there', () => {
    const construct = share();
    construct.addLicenseConfiguration(new ImportedLicense(stack, 'Imported'));
    construct.addHostResourceGroup(HostResourceGroup.fromHostResourceGroupArn(stack, 'Hosts', GROUP_ARN));
    construct.addPrincipal(SharePrincipal.fromAccountId(ACCOUNT));

    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArns: [{ Ref: 'License' }, LICENSE_ARN, GROUP_ARN], Principals: [ORGANIZATION, ACCOUNT] });
  });

  test('may be all there is, and then nothing causes a warning', () => {
    const construct = new LicenseShare(stack, 'Share');
    construct.addPrincipal(SharePrincipal.fromAccountId(ACCOUNT));
    construct.addLicenseConfiguration(license);

    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArns: [{ Ref: 'License' }], Principals: [ACCOUNT] });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('is not written again if it is there already, which a warning says', () => {
    const construct = share({ hostResourceGroups: [HostResourceGroup.fromHostResourceGroupArn(stack, 'Hosts', GROUP_ARN)] });
    construct.addLicenseConfiguration(license);
    construct.addHostResourceGroup(HostResourceGroup.fromHostResourceGroupArn(stack, 'Same', GROUP_ARN));
    construct.addPrincipal(SharePrincipal.fromOrganizationArn(ORGANIZATION));

    expect(twice()).toEqual([
      '\'Stack/License\' is in the licenses of the share twice',
      '\'Stack/Same\' is in the host resource groups of the share twice',
      `'${ORGANIZATION}' is in principals twice`,
    ].map(text => `${text}, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]`));
    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArns: [{ Ref: 'License' }, GROUP_ARN], Principals: [ORGANIZATION] });
  });

  test('may be the licenses that a shared group requires, and an account outside of the organization', () => {
    const group = HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Hosts', {
      hostResourceGroupArn: GROUP_ARN, licenses: HostLicenses.only([license]),
    });
    const construct = share({ licenseConfigurations: [], hostResourceGroups: [group], allowExternalPrincipals: true });
    construct.addLicenseConfiguration(license);
    construct.addPrincipal(SharePrincipal.fromAccountId(ACCOUNT));

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a share that AWS RAM takes, and that is of no use, causes a warning', () => {
  test('without anything to share', () => {
    share({ licenseConfigurations: [] });
    Annotations.fromStack(stack).hasWarning('/Stack/Share',
      'The share has neither a license nor a host resource group: nothing is shared. Name what to share in licenseConfigurations or ' +
      'hostResourceGroups, or leave the share out. [ack: cdk-license-manager:shareWithoutResource]');
  });

  test('without anybody to share with', () => {
    share({ principals: [], allowExternalPrincipals: true });
    Annotations.fromStack(stack).hasWarning('/Stack/Share',
      'The share has no principal: nobody gets what is shared. Name whom to share with in principals, or leave the share out. ' +
      '[ack: cdk-license-manager:shareWithoutPrincipal]');
    // What is no longer there would stay in the share.
    Template.fromStack(stack).hasResourceProperties(TYPE, { Principals: [] });
  });
});

describe('licenses', () => {
  test('one that is there twice causes a warning, also by another reference', () => {
    share({ licenseConfigurations: [license, new ImportedLicense(stack, 'Same', license.attrLicenseConfigurationArn)] });
    expect(twice()).toEqual([expect.stringContaining('\'Stack/Same\' is in the licenses of the share twice')]);
  });

  test('some that have still to be looked up are taken', () => {
    share({ licenseConfigurations: ['one', 'two'].map(name => LicenseConfiguration.fromLookup(stack, name, { licenseConfigurationName: name })) });
    expect(app.synth().manifest.missing).toHaveLength(2);
  });

  test('one of another account is refused', () => {
    const other = new ImportedLicense(stack, 'Other', LICENSE_ARN.replace('111122223333', '999988887777'));
    expect(() => share({ licenseConfigurations: [other] })).toThrow(
      'Stack/Share: license \'Stack/Other\' belongs to account \'999988887777\' and the stack to \'111122223333\': an account can share ' +
      'only what it owns. Declare the share in a stack of \'999988887777\'.');
  });

  test('one of another Region is refused', () => {
    const other = new ImportedLicense(stack, 'Other', LICENSE_ARN.replace('us-east-1', 'us-east-2'));
    expect(() => share({ licenseConfigurations: [other] })).toThrow(
      'Stack/Share: license \'Stack/Other\' is in Region \'us-east-2\' and the stack in \'us-east-1\': AWS RAM shares resources of its own ' +
      'Region. Declare the share in a stack of \'us-east-2\'.');
  });

  test('one of which nothing is known is taken', () => {
    share({ licenseConfigurations: [new ImportedLicense(stack, 'Other', Fn.importValue('license'))] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArns: [{ 'Fn::ImportValue': 'license' }] });
  });
});

describe('host resource groups', () => {
  const imported = (id: string, arn = GROUP_ARN) => HostResourceGroup.fromHostResourceGroupArn(stack, id, arn);

  test('are shared without a license', () => {
    const hosts = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.notRequired() });
    share({ licenseConfigurations: undefined, hostResourceGroups: [hosts, imported('Imported')] });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ResourceArns: [stack.resolve(hosts.hostResourceGroupArn), GROUP_ARN],
      PermissionArns: Match.absent(),
    });
  });

  test('are shared with licenses, which come first', () => {
    share({ hostResourceGroups: [new CfnGroup(stack, 'Group', { name: 'hosts' })] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArns: [{ Ref: 'License' }, { 'Fn::GetAtt': ['Group', 'Arn'] }] });
  });

  test('one that is there twice causes a warning, also by another reference', () => {
    share({ hostResourceGroups: [imported('One'), imported('Other')] });
    expect(twice()).toEqual([expect.stringContaining('\'Stack/Other\' is in the host resource groups of the share twice')]);
  });

  test('one of another account is refused', () => {
    expect(() => share({ hostResourceGroups: [imported('Other', GROUP_ARN.replace('111122223333', '999988887777'))] })).toThrow(
      'Stack/Share: host resource group \'Stack/Other\' belongs to account \'999988887777\' and the stack to \'111122223333\': an account ' +
      'can share only what it owns. Declare the share in a stack of \'999988887777\'.');
  });

  test('one of another Region is refused', () => {
    expect(() => share({ hostResourceGroups: [imported('Other', GROUP_ARN.replace('us-east-1', 'us-east-2'))] })).toThrow(
      'Stack/Share: host resource group \'Stack/Other\' is in Region \'us-east-2\' and the stack in \'us-east-1\': AWS RAM shares resources ' +
      'of its own Region. Declare the share in a stack of \'us-east-2\'.');
  });

  test('one of which nothing is known is taken', () => {
    share({ hostResourceGroups: [imported('Other', Fn.importValue('group'))] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArns: [{ Ref: 'License' }, { 'Fn::ImportValue': 'group' }] });
  });
});

describe('the licenses that a shared group requires', () => {
  const hosts = (licenses?: HostLicenses) =>
    HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Hosts', { hostResourceGroupArn: GROUP_ARN, licenses });
  const other = () => makeLicense(stack, 'Other', undefined, 'Core');
  const cores = () => makeLicense(stack, 'Cores', undefined, 'Core');
  const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Share', Match.anyValue()).map(({ entry }) => entry.data);

  test('cause a warning if they are not shared', () => {
    const shared = cores();
    share({ licenseConfigurations: [shared], hostResourceGroups: [hosts(HostLicenses.only([shared, other()]))] });
    expect(warnings()).toEqual([
      'Host resource group \'Stack/Hosts\' takes only instances with \'Stack/Other\', not shared here: without them others cannot launch into the group. ' +
      'Add what is missing to licenseConfigurations, unless another share has it. [ack: cdk-license-manager:groupSharedWithoutLicenses]',
    ]);
  });

  test('are all named', () => {
    share({ licenseConfigurations: undefined, hostResourceGroups: [hosts(HostLicenses.only([cores(), other()]))] });
    expect(warnings()).toEqual([expect.stringContaining('takes only instances with \'Stack/Cores\', \'Stack/Other\', not shared here')]);
  });

  test.each<[string, () => HostLicenses | undefined]>([
    ['are shared', () => HostLicenses.only([license])], ['are any', () => HostLicenses.any()], ['are none', () => HostLicenses.notRequired()],
    ['are not known', () => undefined],
  ])('are not if they %s', (_, licenses) => {
    share({ hostResourceGroups: [hosts(licenses())] });
    expect(warnings()).toEqual([]);
  });
});

describe('principals', () => {
  test('the account of the stack causes a warning', () => {
    share({ principals: [SharePrincipal.fromAccountId('111122223333'), SharePrincipal.fromAccountId(ACCOUNT)] });
    Annotations.fromStack(stack).hasWarning('/Stack/Share',
      'The account \'111122223333\' of the stack is among the principals: what is shared belongs to it already. Leave it out. ' +
      '[ack: cdk-license-manager:sharedWithOwnAccount]');
  });

  test('tokens are not shown as such', () => {
    const account = Fn.importValue('account');
    share({ principals: [SharePrincipal.fromAccountId(account), SharePrincipal.fromAccountId(account)] });
    expect(twice()).toEqual([expect.stringContaining('\'{"Fn::ImportValue":"account"}\' is in principals twice')]);
  });


  test.each(['', '12345678901', '1234567890123', '12345678901a', ORGANIZATION])('the account id \'%s\' is refused', id => {
    expect(() => share({ principals: [SharePrincipal.fromAccountId(id)] })).toThrow(
      `Stack/Share: '${id}' is not an account id: expected 12 digits. For an organization or an organizational unit, use ` +
      'SharePrincipal.fromOrganizationArn() or .fromOrganizationalUnitArn().');
  });

  test.each([
    'o-abcde12345',
    ORGANIZATION.replace('o-abcde12345', 'o-'),
    ORGANIZATION.replace('o-abcde12345', 'abcde12345'),
    ORGANIZATION.replace('111122223333', ''),
    ORGANIZATION.replace('arn:aws:', 'arn:gcp:'),
    ORGANIZATION.replace('::', ':us-east-1:'),
    UNIT,
  ])('the organization \'%s\' is refused', arn => {
    expect(() => share({ principals: [SharePrincipal.fromOrganizationArn(arn)] })).toThrow(
      `Stack/Share: '${arn}' is not the ARN of an organization: expected ` +
      '\'arn:<partition>:organizations::<management account>:organization/o-<letters and digits>\'. ' +
      'Take it from \'aws organizations describe-organization\'; the id alone is not taken.');
  });

  test.each([
    'ou-abcd-12345678',
    UNIT.replace('ou-abcd-12345678', 'ou-'),
    UNIT.replace('o-abcde12345/', ''),
    ORGANIZATION,
  ])('the organizational unit \'%s\' is refused', arn => {
    expect(() => share({ principals: [SharePrincipal.fromOrganizationalUnitArn(arn)] })).toThrow(
      `Stack/Share: '${arn}' is not the ARN of an organizational unit: expected ` +
      '\'arn:<partition>:organizations::<management account>:ou/o-<letters and digits>/ou-<letters and digits>\'. ' +
      'Take it from \'aws organizations list-organizational-units-for-parent\'; the id alone is not taken.');
  });

  test.each([
    ['aws', 'us-east-1'], ['aws-cn', 'cn-north-1'], ['aws-us-gov', 'us-gov-west-1'],
  ])('ARNs of the partition %s are taken there', (partition, region) => {
    const there = new Stack(app, 'There', { env: { account: '111122223333', region } });
    acknowledge(there, 'F3006', 'A Region that does not have the native type.');
    const principals = [ORGANIZATION, ORGANIZATION.replace('o-abcde12345', `o-${'a'.repeat(32)}`)].map(arn => arn.replace(':aws:', `:${partition}:`));
    new LicenseShare(there, 'Share', {
      licenseConfigurations: [makeLicense(there, 'License')],
      principals: [...principals.map(SharePrincipal.fromOrganizationArn), SharePrincipal.fromOrganizationalUnitArn(UNIT.replace(':aws:', `:${partition}:`))],
    });
    Template.fromStack(there).hasResourceProperties(TYPE, { Principals: Match.arrayWith(principals) });
  });

  test('one of another partition is refused', () => {
    expect(() => share({ principals: [SharePrincipal.fromOrganizationArn(ORGANIZATION.replace(':aws:', ':aws-cn:'))] })).toThrow(
      'Stack/Share: \'arn:aws-cn:organizations::111122223333:organization/o-abcde12345\' is of partition \'aws-cn\' and the stack, in \'us-east-1\', of ' +
      '\'aws\': nothing of another partition can be used. Correct the ARN, or the Region of the stack.');
  });

  test('tokens are not looked into, as a whole or as parts of an ARN', () => {
    const parameter = new CfnParameter(stack, 'Parameter').valueAsString;
    share({
      principals: [
        SharePrincipal.fromAccountId(parameter),
        SharePrincipal.fromOrganizationArn(Fn.importValue('organization')),
        SharePrincipal.fromOrganizationalUnitArn(UNIT.replace(':aws:', `:${Aws.PARTITION}:`)),
      ],
    });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Principals: [
        { Ref: 'Parameter' },
        { 'Fn::ImportValue': 'organization' },
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, UNIT.slice('arn:aws'.length)]] },
      ],
    });
  });

  test('what is written beside a token is checked', () => {
    const arn = `arn:${Aws.PARTITION}:organizations::111122223333:account/${ACCOUNT}`;
    expect(() => share({ principals: [SharePrincipal.fromOrganizationArn(arn)] })).toThrow('is not the ARN of an organization');
  });
});

describe('an imported share', () => {
  test.each(['aws', 'aws-cn', 'aws-us-gov'])('has the environment of its ARN in %s', partition => {
    const arn = SHARE_ARN.replace(':aws:', `:${partition}:`).replace('111122223333', '999988887777');
    const imported = LicenseShare.fromLicenseShareArn(new Stack(new App(), 'Anywhere'), 'Imported', arn);
    expect(imported.licenseShareArn).toBe(arn);
    expect(imported.resourceShareRef).toEqual({ resourceShareArn: arn });
    expect(imported.env).toEqual({ account: '999988887777', region: 'us-east-1' });
  });

  test('takes a token', () => {
    const imported = LicenseShare.fromLicenseShareArn(stack, 'Imported', Fn.importValue('share'));
    expect(stack.resolve(imported.licenseShareArn)).toEqual({ 'Fn::ImportValue': 'share' });
  });

  test.each(['a1b2c3d4', LICENSE_ARN, SHARE_ARN.replace('us-east-1', ''), SHARE_ARN.slice(0, SHARE_ARN.indexOf('/') + 1)])('of the ARN \'%s\' is refused', arn => {
    expect(() => LicenseShare.fromLicenseShareArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', is not the ARN of a resource share: expected 'arn:<partition>:ram:<region>:<account>:resource-share/<id>'. ` +
      'Take it from \'aws ram get-resource-shares\'.');
  });
});
