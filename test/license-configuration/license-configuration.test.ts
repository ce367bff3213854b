import {
  App, Aws, CfnCondition, CfnParameter, Duration, Expiration, Fn, NestedStack, PhysicalName, PropertyInjectors, RemovalPolicies, RemovalPolicy,
  Stack, Stage, Tags,
} from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnHost } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  CustomResources, ILicenseConfiguration, LicenseConfiguration, LicenseConfigurationAssociation, LicenseConfigurationProps,
  LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseTenancy, ProductInformation, Provisioning, ProvisioningInjector,
  RdsDb2EngineEdition,
} from '../../src';

const NATIVE = 'AWS::LicenseManager::LicenseConfiguration';
const CUSTOM = 'Custom::LicenseManagerLicenseConfiguration';
const STATUS = 'Custom::LicenseManagerLicenseConfigurationStatus';
const DISASSOCIATION = 'Custom::LicenseManagerLicenseConfigurationDisassociation';
const ASSOCIATION = 'Custom::LicenseManagerLicenseConfigurationAssociation';

const ID = 'lic-0123456789abcdef0123456789abcdef';
const ARN = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:${ID}`;

/** As strict as a user can be. */
function strictApp(): App {
  return new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
}

function newStack(env = { account: '111122223333', region: 'us-east-1' }): Stack {
  return new Stack(strictApp(), 'Stack', { env });
}

function warningsOf(stack: Stack): [string, unknown][] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data]);
}

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

/** Whatever holds for a license, holds for both ways of provisioning it. */
describe.each([
  [Provisioning.NATIVE, NATIVE],
  [Provisioning.CUSTOM_RESOURCE, CUSTOM],
])('provisioned as %s, a license', (provisioning, type) => {
  function license(props: Partial<LicenseConfigurationProps> = {}, id = 'License'): LicenseConfiguration {
    return new LicenseConfiguration(stack, id, { provisioning, licenseCounting: LicenseCounting.vcpus(), ...props });
  }

  function resource(): Record<string, any> {
    return Object.values(Template.fromStack(stack).findResources(type))[0];
  }

  /** What License Manager gets: the properties without those of the custom resource itself. */
  function properties(): Record<string, any> {
    const { ServiceToken, ServiceTimeout, ...others } = resource().Properties;
    return others;
  }

  test('has the properties that were set, and no other', () => {
    license({
      licenseConfigurationName: 'windows',
      description: 'Cores of the enterprise agreement',
      licenseCounting: LicenseCounting.cores({ minimumCores: 8, maximumCores: 16, licenseAffinityToHost: Duration.days(90) }),
      licenseCount: 96,
      licenseCountHardLimit: true,
      licenseExpiry: Expiration.atDate(new Date('2099-06-30T00:00:00Z')),
      productInformation: [ProductInformation.ssmManaged({ applicationName: 'SQL Server', excludedTags: [{ key: 'sandbox' }] })],
      disassociateWhenNotFound: true,
    });

    expect(properties()).toEqual({
      Name: 'windows',
      Description: 'Cores of the enterprise agreement',
      LicenseCountingType: 'Core',
      LicenseCount: 96,
      LicenseCountHardLimit: true,
      LicenseRules: ['#minimumCores=8', '#maximumCores=16', '#allowedTenancy=EC2-DedicatedHost', '#licenseAffinityToHost=90'],
      LicenseExpiry: 4086460800,
      ProductInformationList: [{
        ResourceType: 'SSM_MANAGED',
        ProductInformationFilterList: [
          {
            ProductInformationFilterName: 'Application Name',
            ProductInformationFilterComparator: 'EQUALS',
            ProductInformationFilterValue: ['SQL Server'],
          },
          { ProductInformationFilterName: 'Tag:sandbox', ProductInformationFilterComparator: 'NOT_EQUALS' },
        ],
      }],
      DisassociateWhenNotFound: true,
    });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('has a name by default, and the defaults of what may be taken out again, so that an update sets it back', () => {
    license();
    expect(properties()).toEqual({
      Name: 'Stack-License-4602DEDE',
      Description: '',
      LicenseCountingType: 'vCPU',
      LicenseCountHardLimit: false,
      DisassociateWhenNotFound: false,
      ProductInformationList: [],
    });
  });

  test('brings the custom resources that were asked for, and no other', () => {
    license();
    const others = allResources(stack).map(([, { Type }]) => Type).filter(each => each.startsWith('Custom::'));
    expect(others).toEqual(type === CUSTOM ? [CUSTOM] : []);
    if (type === NATIVE) {
      Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    }
  });

  test('has the same logical id, so that neither way can replace the other', () => {
    const { licenseConfigurationArn } = license();
    expect(stack.resolve(licenseConfigurationArn)).toEqual({ 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] });
    expect(Object.keys(Template.fromStack(stack).findResources(type))).toEqual(['License2362D0E8']);
  });

  test('has the attributes of the CloudFormation type', () => {
    const made = license();
    const attributes = Object.fromEntries(Object.entries({
      LicenseConfigurationArn: made.licenseConfigurationArn,
      LicenseConfigurationId: made.licenseConfigurationId,
      OwnerAccountId: made.licenseConfigurationOwnerAccountId,
      Status: made.licenseConfigurationStatus,
    }).map(([name, value]) => [name, stack.resolve(value)]));
    for (const [name, value] of Object.entries(attributes)) {
      expect(value).toEqual({ 'Fn::GetAtt': ['License2362D0E8', name] });
    }
    expect(made.licenseConfigurationRef).toEqual({ licenseConfigurationArn: made.licenseConfigurationArn });
    expect(made.licenseCounting?.licenseCountingType).toBe('vCPU');
  });

  test('takes tags', () => {
    Tags.of(stack).add('team', 'platform');
    Tags.of(license()).add('cost-center', '4711');
    expect(properties().Tags).toEqual([{ Key: 'cost-center', Value: '4711' }, { Key: 'team', Value: 'platform' }]);
  });

  test.each(['k'.repeat(129), '', 'aws:team'])('refuses the key of a tag that AWS refuses (%#)', key => {
    const { stack: its } = license();
    Tags.of(its).add(key, 'value');
    expect(() => (its.node.root as App).synth()).toThrow(/^Stack\/[^:]*: the key of a tag .* Correct it, or keep the tag away from the resource/);
  });

  test('takes and leaves out tags by its resource type', () => {
    Tags.of(license()).add('for-licenses', 'yes', { includeResourceTypes: [NATIVE] });
    Tags.of(stack).add('for-others', 'yes', { excludeResourceTypes: [NATIVE] });
    expect(properties().Tags).toEqual([{ Key: 'for-licenses', Value: 'yes' }]);
  });

  test('is found by aws-cdk-lib\'s own validator to be in order', () => {
    license({ licenseCount: 1, status: LicenseConfigurationStatus.AVAILABLE, disassociateResourcesOnDelete: true });
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  describe('has a name', () => {
    test('that is unique and stays the same', () => {
      const names = ['One', 'Two', 'One'].map((id, index) => {
        stack = newStack();
        license({}, id);
        return [index, properties().Name];
      });
      expect(new Set(names.map(([, name]) => name)).size).toBe(2);
      expect(names[0][1]).toBe(names[2][1]);
    });

    test('that is not too long', () => {
      license({}, 'L'.repeat(200));
      expect(properties().Name).toHaveLength(64);
    });

    test('that is generated if it was asked to be generated if needed', () => {
      license({ licenseConfigurationName: PhysicalName.GENERATE_IF_NEEDED });
      expect(properties().Name).toBe('Stack-License-4602DEDE');
    });

    test('that may be a token', () => {
      license({ licenseConfigurationName: Aws.STACK_NAME });
      expect(properties().Name).toEqual({ Ref: 'AWS::StackName' });
    });

    test.each(['', ' '])('that is not empty: %p', (licenseConfigurationName) => {
      expect(() => license({ licenseConfigurationName })).toThrow(
        `Stack/License: licenseConfigurationName is '${licenseConfigurationName}': at least 1 visible character is needed. ` +
        'Set it, or leave it out to have a name generated.');
    });
  });

  describe('has a count', () => {
    test.each([0, 1, Number.MAX_SAFE_INTEGER])('of %p', (licenseCount) => {
      license({ licenseCount });
      expect(properties().LicenseCount).toBe(licenseCount);
    });

    test('of 0 with a hard limit, for what must not be used', () => {
      license({ licenseCount: 0, licenseCountHardLimit: true });
      expect(properties()).toMatchObject({ LicenseCount: 0, LicenseCountHardLimit: true });
    });

    test.each([Number.MAX_SAFE_INTEGER + 1, Infinity])('but not of %p, which is not exact', (licenseCount) => {
      expect(() => license({ licenseCount })).toThrow(
        `Stack/License: licenseCount is ${licenseCount}: it has to be a whole number from 0 to 9007199254740991. ` +
        'Correct it, or leave it out to count without a limit.');
    });

    test.each([-1, 0.5, 1e21])('but not of %p', (licenseCount) => {
      expect(() => license({ licenseCount })).toThrow(
        `Stack/License: licenseCount is ${licenseCount}: it has to be a whole number from 0 to 9007199254740991. ` +
        'Correct it, or leave it out to count without a limit.');
    });

    test('but not of a text that has still to be looked up', () => {
      const app = new App();
      stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
      expect(() => license({ licenseCount: Number(StringParameter.valueFromLookup(stack, '/licenses')) })).toThrow(
        'Stack/License: licenseCount is NaN, which is not a number: it was made from something that is none, such as a text that has still to be looked up. Write the ' +
        'number out, take it from the context (node.tryGetContext()), or from a token by Token.asNumber().');
    });

    test('that is a token', () => {
      license({ licenseCount: new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber, licenseCountHardLimit: true });
      expect(properties().LicenseCount).toEqual({ Ref: 'Count' });
    });

    test('if it has a hard limit', () => {
      expect(() => license({ licenseCountHardLimit: true })).toThrow(
        'Stack/License: licenseCountHardLimit is true, but there is no licenseCount: a limit needs a number of licenses. ' +
        'Set licenseCount (0 refuses every launch), or leave licenseCountHardLimit out.');
    });

    test('or none, and says that the limit is soft', () => {
      license({ licenseCountHardLimit: false });
      expect(properties()).toMatchObject({ LicenseCountHardLimit: false });
    });
  });

  describe('expires', () => {
    const NOW = new Date('2030-01-01T00:00:00.000Z');
    beforeEach(() => jest.useFakeTimers({ now: NOW, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] }));
    afterEach(() => jest.useRealTimers());

    test.each([
      ['now', Expiration.atDate(NOW)],
      ['a second later', Expiration.atTimestamp(NOW.getTime() + 1000)],
      ['at the end of time', Expiration.fromString('9999-12-31T23:59:59Z')],
      ['on a day', Expiration.fromString('2030-06-30T00:00:00Z')],
    ])('%s', (_, licenseExpiry) => {
      license({ licenseExpiry });
      expect(properties().LicenseExpiry).toBe(Math.floor(licenseExpiry.date.getTime() / 1000));
      expect(warningsOf(stack)).toEqual([]);
    });

    test('in the past, with a warning', () => {
      license({ licenseExpiry: Expiration.atTimestamp(NOW.getTime() - 1000) });
      expect(properties().LicenseExpiry).toBe(1893455999);
      expect(warningsOf(stack)).toEqual([['/Stack/License',
        'licenseExpiry is 2029-12-31T23:59:59.000Z, which has passed: the licenses expired. Renew them and set the new date. ' +
        '[ack: cdk-license-manager:licenseExpiryInPast]']]);
    });

    test('at a date of a clock, with a warning that says what is sent', () => {
      jest.setSystemTime(NOW.getTime() + 789);
      license({ licenseExpiry: Expiration.after(Duration.days(1)) });
      expect(properties().LicenseExpiry).toBe(1893542400);
      expect(warningsOf(stack)).toEqual([['/Stack/License',
        'licenseExpiry is \'2030-01-02T00:00:00.789Z\', and \'2030-01-02T00:00:00Z\' is sent. A date with fractions of a second was taken from a clock: it is ' +
        'another one with every synthesis, so that every deployment changes something. Write the date out. [ack: cdk-license-manager:dateFromClock]']]);
    });

    test.each(['+010000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z'])('not in the year of %s', date => {
      expect(() => license({ licenseExpiry: Expiration.fromString(date) })).toThrow(
        `Stack/License: licenseExpiry is '${date}': it has to have the form '2030-12-31T23:59:59Z'. Correct it.`);
    });

    test.each<[string, () => Expiration]>([
      ['a token', () => Expiration.atTimestamp(new CfnParameter(stack, 'Expiry', { type: 'Number' }).valueAsNumber)],
      ['a date that is none', () => Expiration.atDate(new Date('nonsense'))],
      ['a text that is not a date', () => Expiration.fromString('nonsense')],
    ])('not at %s', (_, make) => {
      expect(() => license({ licenseExpiry: make() })).toThrow(
        'Stack/License: licenseExpiry is \'Invalid Date\', which is not a date: it was made from something that cannot be read as one, ' +
        'or from a token, whose value is not known at synthesis. Use Expiration.atDate() with a valid date, or ' +
        'Expiration.fromString() with one such as \'2030-12-31T00:00:00Z\'.');
    });
  });

  test('disassociates what is not found, and warns if nothing is looked for', () => {
    license({ disassociateWhenNotFound: true });
    license({ disassociateWhenNotFound: false }, 'Not');
    license({ disassociateWhenNotFound: true, productInformation: [ProductInformation.ssmManaged({ applicationName: 'database' })] }, 'Found');
    expect(warningsOf(stack)).toEqual([['/Stack/License',
      'disassociateWhenNotFound is true, but there is no productInformation: without it nothing is discovered, and nothing disassociated. ' +
      'Set productInformation, or leave disassociateWhenNotFound out. [ack: cdk-license-manager:nothingToDiscover]']]);
  });

  test('discovers with every counting', () => {
    for (const licenseCounting of [LicenseCounting.vcpus(), LicenseCounting.instances(), LicenseCounting.cores(), LicenseCounting.sockets()]) {
      license({ licenseCounting, productInformation: [ProductInformation.ssmManaged({ applicationName: 'database' })] }, licenseCounting.licenseCountingType);
    }
    expect(warningsOf(stack)).toEqual([]);
  });

  test('refuses rules and products that do not fit', () => {
    expect(() => license({ licenseCounting: LicenseCounting.vcpus({ minimumVcpus: 0 }) }, 'Rules')).toThrow('Stack/Rules: minimumVcpus is 0');
    expect(() => license({
      licenseCounting: LicenseCounting.cores(), productInformation: [ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.AE })],
    }, 'Rds')).toThrow('Stack/Rds: the license is counted by \'Core\'');
  });

  describe('is removed', () => {
    test('with the stack by default', () => {
      license();
      expect(resource().DeletionPolicy ?? 'Delete').toBe('Delete');
      expect(resource().UpdateReplacePolicy ?? 'Delete').toBe('Delete');
    });

    test.each([
      [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
      [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
      [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
    ])('or not, as %s says', (removalPolicy, deletion, replacement) => {
      license({ removalPolicy });
      expect(resource()).toMatchObject({ DeletionPolicy: deletion, UpdateReplacePolicy: replacement });
    });

    test.each([
      [RemovalPolicy.DESTROY, 'Delete'],
      [RemovalPolicy.RETAIN, 'Retain'],
    ])('or not, as %s says afterwards', (policy, expected) => {
      license().applyRemovalPolicy(policy);
      expect(resource()).toMatchObject({ DeletionPolicy: expected, UpdateReplacePolicy: expected });
    });

    test('or not, as the policies of its scope say', () => {
      RemovalPolicies.of(stack).retain();
      license();
      (stack.node.root as App).synth();
      expect(resource()).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    });

    test('but there are no snapshots of it', () => {
      const message = 'removalPolicy is \'snapshot\': there are no snapshots of a license. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.';
      expect(() => license({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(`Stack/License: ${message}`);
      expect(() => license({}, 'Other').applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(`Stack/Other: ${message}`);
    });
  });

  test('with a policy that there is not, says so also if its resources are disassociated', () => {
    expect(() => license({ disassociateResourcesOnDelete: true }).applyRemovalPolicy('x' as RemovalPolicy)).toThrow(
      'Stack/License: removalPolicy is \'x\': it has to be \'destroy\', \'retain\' or \'retain-on-update-or-delete\'. Correct it, or leave it out.');
    expect(() => license({ removalPolicy: new CfnParameter(stack, 'Policy').valueAsString as RemovalPolicy }, 'Other')).toThrow(
      'Stack/Other: removalPolicy is a token, such as a parameter: CloudFormation takes it only as it is written in the template.');
  });

  describe('has a status', () => {
    test.each([LicenseConfigurationStatus.AVAILABLE, LicenseConfigurationStatus.DISABLED])('%s, written by a custom resource', (status) => {
      license({ status });
      Template.fromStack(stack).hasResourceProperties(STATUS, {
        LicenseConfigurationArn: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] }, Status: status,
      });
    });

    test('of its own if it was not set', () => {
      license();
      Template.fromStack(stack).resourceCountIs(STATUS, 0);
    });

    test('which its attribute says, once the license has it', () => {
      const { licenseConfigurationStatus } = license({ status: LicenseConfigurationStatus.DISABLED });
      const [writer] = Object.keys(Template.fromStack(stack).findResources(STATUS));
      expect(stack.resolve(licenseConfigurationStatus)).toEqual({ 'Fn::Select': [0, ['DISABLED', { Ref: writer }]] });
    });

    test('that the function may write for this license only', () => {
      license({ status: LicenseConfigurationStatus.DISABLED });
      expect(statements(stack, 'LicenseConfigurationStatus')).toEqual([{
        Effect: 'Allow',
        Action: ['license-manager:GetLicenseConfiguration', 'license-manager:UpdateLicenseConfiguration'],
        Resource: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] },
      }]);
    });
  });

  describe('that disassociates its resources when it is deleted', () => {
    test('does so by a custom resource that goes before it', () => {
      license({ disassociateResourcesOnDelete: true });
      Template.fromStack(stack).hasResource(DISASSOCIATION, {
        // The reference makes CloudFormation delete it before the license.
        Properties: { LicenseConfigurationArn: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] } },
        DeletionPolicy: 'Delete',
      });
      expect(statements(stack, 'LicenseConfigurationDisassociation')).toEqual([{
        Effect: 'Allow',
        Action: [
          'license-manager:ListAssociationsForLicenseConfiguration', 'license-manager:ListTagsForResource',
          'license-manager:UpdateLicenseSpecificationsForResource',
        ],
        Resource: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] },
      }]);
    });

    const TAG = { Key: 'cdk-license-manager:disassociate-resources-on-delete', Value: 'true' };

    test('has a tag that says so, beside those of the app', () => {
      Tags.of(license({ disassociateResourcesOnDelete: true })).add('cost-center', '4711');
      expect(properties().Tags).toEqual([TAG, { Key: 'cost-center', Value: '4711' }]);
    });

    test('keeps the tag whatever happens to the tags of its scope', () => {
      license({ disassociateResourcesOnDelete: true });
      Tags.of(stack).add(TAG.Key, 'false', { priority: Number.MAX_SAFE_INTEGER });
      Tags.of(stack).remove(TAG.Key, { priority: Number.MAX_SAFE_INTEGER });
      expect(properties().Tags).toEqual([TAG]);
    });

    test.each<[string, (of: LicenseConfiguration, image: LicensedResource) => void]>([
      ['by addAssociation', (of, image) => of.addAssociation('Image', { resource: image })],
      ['by the construct', (of, image) => new LicenseConfigurationAssociation(stack, 'Image', { licenseConfiguration: of, resource: image })],
    ])('removes after it what the app has associated by itself, %s', (_, associate) => {
      associate(license({ disassociateResourcesOnDelete: true }), LicensedResource.fromMachineImageId('ami-0123456789abcdef0'));
      const [disassociation] = Object.keys(Template.fromStack(stack).findResources(DISASSOCIATION));
      Template.fromStack(stack).hasResource(ASSOCIATION, { DependsOn: Match.arrayWith([disassociation]) });
    });

    test.each([undefined, false])('does not if that is %p', (disassociateResourcesOnDelete) => {
      license({ disassociateResourcesOnDelete, removalPolicy: RemovalPolicy.RETAIN })
        .addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0') });
      Template.fromStack(stack).resourceCountIs(DISASSOCIATION, 0);
      expect(properties()).not.toHaveProperty('Tags');
    });

    test('may say that it is deleted', () => {
      license({ disassociateResourcesOnDelete: true, removalPolicy: RemovalPolicy.DESTROY });
      Template.fromStack(stack).resourceCountIs(DISASSOCIATION, 1);
    });

    test.each([RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])('is not kept by %s', (removalPolicy) => {
      const message = `disassociateResourcesOnDelete is true and removalPolicy is '${removalPolicy}': a license that stays would lose its ` +
        'resources. Use RemovalPolicy.DESTROY, or leave disassociateResourcesOnDelete out.';
      expect(() => license({ disassociateResourcesOnDelete: true, removalPolicy })).toThrow(`Stack/License: ${message}`);
      expect(() => license({ disassociateResourcesOnDelete: true }, 'Other').applyRemovalPolicy(removalPolicy)).toThrow(`Stack/Other: ${message}`);
    });

    const l1 = (of: LicenseConfiguration) => of.node.defaultChild as CfnResource;
    test.each<[string, string, (of: LicenseConfiguration) => void]>([
      ['an Aspect', 'Retain', () => RemovalPolicies.of(stack).retain()],
      ['an Aspect that keeps what was once there', 'RetainExceptOnCreate', () => RemovalPolicies.of(stack).retainOnUpdateOrDelete()],
      ['its L1', 'Retain', of => l1(of).applyRemovalPolicy(RemovalPolicy.RETAIN)],
      ['an override', 'Retain', of => l1(of).addOverride('DeletionPolicy', 'Retain')],
      ['an override for replacements', 'Retain', of => l1(of).addOverride('UpdateReplacePolicy', 'Retain')],
    ])('is not kept by %s either', (_, policy, keep) => {
      keep(license({ disassociateResourcesOnDelete: true }));
      expect(() => (stack.node.root as App).synth()).toThrow(
        `[Stack/License] disassociateResourcesOnDelete is true and the DeletionPolicy or the UpdateReplacePolicy of the license is '${policy}' in the ` +
        'end: a license that stays would lose its resources. Leave disassociateResourcesOnDelete out, or keep the license out of what sets the ' +
        'policy, an Aspect (RemovalPolicies) or an override.');
    });

    test.each<[string, (of: LicenseConfiguration) => void]>([
      ['an Aspect that deletes', () => RemovalPolicies.of(stack).destroy()],
      ['an override that deletes', of => l1(of).addOverride('DeletionPolicy', 'Delete')],
      ['an Aspect on something else', () => RemovalPolicies.of(stack).retain({ applyToResourceTypes: ['AWS::Logs::LogGroup'] })],
    ])('stays possible with %s', (_, keep) => {
      keep(license({ disassociateResourcesOnDelete: true }));
      expect(() => (stack.node.root as App).synth()).not.toThrow();
    });
  });

  test('is associated with a resource', () => {
    const association = license().addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0') });
    Template.fromStack(stack).hasResourceProperties(ASSOCIATION, {
      LicenseConfigurationArn: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] },
    });
    expect(association.node.path).toBe('Stack/License/Image');
  });

  test('can be referred to from another stack', () => {
    const made = license();
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
    new Topic(other, 'Topic', { displayName: made.licenseConfigurationArn });
    Template.fromStack(other).hasResourceProperties('AWS::SNS::Topic', {
      DisplayName: { 'Fn::ImportValue': Match.stringLikeRegexp('LicenseConfigurationArn') },
    });
  });

  test('lives in a nested stack', () => {
    const nested = new NestedStack(stack, 'Nested');
    new LicenseConfiguration(nested, 'License', { provisioning, licenseCounting: LicenseCounting.vcpus() });
    Template.fromStack(nested).resourceCountIs(type, 1);
  });

  describe('is protected from replacement', () => {
    const protections = () => Object.entries<any>(Template.fromStack(stack).findResources('Custom::LicenseManagerLicenseConfigurationProtection'));

    test('by a custom resource that comes before it and knows what it counts and its rules', () => {
      license({ licenseCounting: LicenseCounting.vcpus({ minimumVcpus: 2, maximumVcpus: 8 }), protectFromReplacement: true });
      const [[id, { Properties }]] = protections();
      expect(Properties.Terms).toBe('["vCPU",["#minimumVcpus=2","#maximumVcpus=8"]]');
      expect([resource().DependsOn].flat()).toContain(id);
    });

    test('which has the same logical id when they change, so that it is updated', () => {
      const ids = [1, 2].map(minimumVcpus => {
        stack = newStack();
        license({ licenseCounting: LicenseCounting.vcpus({ minimumVcpus }), protectFromReplacement: true });
        return protections()[0][0];
      });
      expect(ids[0]).toBe(ids[1]);
    });

    test('also by an override or an Aspect', () => {
      const made = license({ protectFromReplacement: true }).node.defaultChild as CfnLicenseConfiguration;
      made.addPropertyOverride('LicenseRules', ['#minimumVcpus=4']);
      made.licenseCountingType = 'Instance';
      expect(protections()[0][1].Properties.Terms).toBe('["Instance",["#minimumVcpus=4"]]');
    });

    test('with tokens in its rules', () => {
      const minimumVcpus = new CfnParameter(stack, 'Minimum', { type: 'Number' }).valueAsNumber;
      license({ licenseCounting: LicenseCounting.vcpus({ minimumVcpus }), protectFromReplacement: true });
      expect(protections()[0][1].Properties.Terms).toEqual({ 'Fn::Join': ['', ['["vCPU",["#minimumVcpus=', { Ref: 'Minimum' }, '"]]']] });
    });

    test.each([undefined, false])('not if that is %p', protectFromReplacement => {
      license({ protectFromReplacement });
      expect(protections()).toEqual([]);
    });
  });

  describe('has an alarm on its use', () => {
    const count = { licenseCount: 96 };

    test('by default after an hour', () => {
      license(count).addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWSLicenseManager/licenseUsage',
        MetricName: 'LicenseConfigurationUsagePercentage',
        Dimensions: [
          { Name: 'LicenseConfigurationArn', Value: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] } },
          { Name: 'LicenseConfigurationType', Value: 'vCPU' },
        ],
        Statistic: 'Maximum',
        Period: 3600,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 90,
        TreatMissingData: 'ignore',
        AlarmActions: Match.absent(),
        OKActions: Match.absent(),
      });
    });

    test('with everything', () => {
      const action = (id: string) => new SnsAction(Topic.fromTopicArn(stack, id, `arn:aws:sns:us-east-1:111122223333:${id}`));
      const alarm = license(count).addUsageAlarm('Alarm', {
        thresholdPercent: 50,
        evaluationPeriods: 3,
        treatMissingData: TreatMissingData.BREACHING,
        alarmName: 'half-used',
        alarmDescription: 'Half of the licenses are used',
        actions: [action('one'), action('two')],
        okActions: [action('over')],
      });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
        Threshold: 50,
        EvaluationPeriods: 3,
        TreatMissingData: 'breaching',
        AlarmName: 'half-used',
        AlarmDescription: 'Half of the licenses are used',
        AlarmActions: ['arn:aws:sns:us-east-1:111122223333:one', 'arn:aws:sns:us-east-1:111122223333:two'],
        OKActions: ['arn:aws:sns:us-east-1:111122223333:over'],
      });
      expect(alarm.node.path).toBe('Stack/License/Alarm');
    });

    test.each([
      [0.1, true], [1, true], [100, true], [101, false], [1000, false],
    ])('at %p percent, with a hard limit: %p', (thresholdPercent, licenseCountHardLimit) => {
      license({ ...count, licenseCountHardLimit }).addUsageAlarm('Alarm', { thresholdPercent });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: thresholdPercent });
    });

    test.each(['thresholdPercent', 'evaluationPeriods'])('not with what is no number for %s', (property) => {
      const options = { thresholdPercent: 90, [property]: NaN };
      expect(() => license(count).addUsageAlarm('Alarm', options)).toThrow(
        `Stack/License: ${property} of alarm 'Alarm' is NaN, which is not a number`);
    });

    test.each([0, -1, Infinity])('not at %p percent', (thresholdPercent) => {
      expect(() => license(count).addUsageAlarm('Alarm', { thresholdPercent })).toThrow(
        `Stack/License: thresholdPercent of alarm 'Alarm' is ${thresholdPercent}: it has to be over 0. ` +
        'Use 100 for an alarm when the last license is used.');
    });

    test.each([100.1, 101])('not at %p percent of a hard limit', (thresholdPercent) => {
      expect(() => license({ ...count, licenseCountHardLimit: true }).addUsageAlarm('Alarm', { thresholdPercent })).toThrow(
        `Stack/License: thresholdPercent of alarm 'Alarm' is ${thresholdPercent}: a hard limit keeps the use at 100 or below, the alarm could ` +
        'never go off. Use at most 100, or set licenseCountHardLimit to false.');
    });

    test.each([[0.9, '90'], [0.999, '99.9'], [0.07, '7']])('at %p percent with a warning, as it may be a fraction', (thresholdPercent, percentage) => {
      license(count).addUsageAlarm('Alarm', { thresholdPercent });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: thresholdPercent });
      expect(warningsOf(stack)).toEqual([['/Stack/License',
        `thresholdPercent of alarm 'Alarm' is ${thresholdPercent}: the alarm goes off as soon as less than a hundredth of the licenses is in use. ` +
        `Use ${percentage} if that is the percentage that was meant. [ack: cdk-license-manager:usageAlarmBelowOnePercent]`]]);
    });

    test.each([1, 1.5])('at %p percent without one', (thresholdPercent) => {
      license(count).addUsageAlarm('Alarm', { thresholdPercent });
      expect(warningsOf(stack)).toEqual([]);
    });

    test('on a metric of another type, if the type that is assumed is not the one that AWS writes', () => {
      license(count).addUsageAlarm('Alarm', { thresholdPercent: 90, licenseConfigurationType: 'vCPUs' });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'LicenseConfigurationUsagePercentage',
        Dimensions: [
          { Name: 'LicenseConfigurationArn', Value: { 'Fn::GetAtt': ['License2362D0E8', 'LicenseConfigurationArn'] } },
          { Name: 'LicenseConfigurationType', Value: 'vCPUs' },
        ],
        Period: 3600,
        Statistic: 'Maximum',
      });
    });

    test.each([1, 168])('after %p hours', (evaluationPeriods) => {
      license(count).addUsageAlarm('Alarm', { thresholdPercent: 90, evaluationPeriods });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { EvaluationPeriods: evaluationPeriods });
    });

    test.each([0, -1, 1.5, 169, Infinity])('not after %p hours', (evaluationPeriods) => {
      expect(() => license(count).addUsageAlarm('Alarm', { thresholdPercent: 90, evaluationPeriods })).toThrow(
        `Stack/License: evaluationPeriods of alarm 'Alarm' is ${evaluationPeriods}: it has to be a whole number from 1 to 168, for ` +
        'CloudWatch evaluates at most 7 days of an hourly metric. Correct it, or leave it out.');
    });

    test('at a token', () => {
      const token = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
      license({ licenseCount: token, licenseCountHardLimit: true }).addUsageAlarm('Alarm', { thresholdPercent: token, evaluationPeriods: token });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: { Ref: 'Number' }, EvaluationPeriods: { Ref: 'Number' } });
    });

    test.each([
      ['has no licenseCount', {}],
      ['has a licenseCount of 0', { licenseCount: 0 }],
    ])('not if it %s', (text, props) => {
      expect(() => license(props).addUsageAlarm('Alarm', { thresholdPercent: 90 })).toThrow(
        `Stack/License: alarm 'Alarm' is on a percentage of the licenses, but the license ${text}. Set licenseCount to at least 1, or make ` +
        'an alarm on metrics.usageCount().');
    });
  });

  test('makes each facade once', () => {
    const made = license();
    expect(made.grants).toBe(made.grants);
    expect(made.metrics).toBe(made.metrics);
    expect(made.events).toBe(made.events);
  });

  test('is one of 25 in a Region without a warning, and the next with one', () => {
    for (let i = 1; i <= 28; i++) {license({}, `License${i}`);}
    expect(warningsOf(stack)).toEqual([['/Stack/License26',
      'The app has more than 25 self-managed licenses in 111122223333/us-east-1, the default quota of License Manager for an account in a ' +
      'Region. Use fewer, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyLicensesInRegion]']]);
  });
});

describe('a name that two licenses have', () => {
  const named = (scope: Stack, id: string, licenseConfigurationName: string) =>
    new LicenseConfiguration(scope, id, { licenseCounting: LicenseCounting.vcpus(), licenseConfigurationName });

  test('in one account and Region causes a warning', () => {
    named(stack, 'One', 'windows');
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
    named(other, 'Two', 'windows');
    named(other, 'Three', 'Windows');
    expect(warningsOf(stack)).toEqual([]);
    expect(warningsOf(other)).toEqual([['/Other/Two',
      '\'Stack/One\' has the same licenseConfigurationName \'windows\': AWS takes two of one name, and neither a person nor a look-up by the name (fromLookup) can tell ' +
      'them apart. Give one of the two another name. [ack: cdk-license-manager:sameName]']]);
  });

  test('in two Regions, or that nobody knows, causes none', () => {
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-west-2' } });
    [stack, other].forEach(scope => named(scope, 'One', 'windows'));
    ['Two', 'Three'].forEach(id => named(stack, id, Fn.ref('AWS::StackName')));
    expect([...warningsOf(stack), ...warningsOf(other)]).toEqual([]);
  });
});

describe('the quota of licenses', () => {
  const fill = (target: Stack, count = 25) => {
    for (let i = 1; i <= count; i++) {new LicenseConfiguration(target, `License${i}`, { licenseCounting: LicenseCounting.vcpus() });}
  };

  test('is counted over all stacks of an environment', () => {
    fill(stack);
    const other = new Stack(new Stage(stack.node.root as App, 'Stage'), 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
    fill(other, 1);
    expect(warningsOf(other)).toHaveLength(1);
  });

  test.each([
    { account: '111122223333', region: 'us-west-2' },
    { account: '444455556666', region: 'us-east-1' },
  ])('is another in %p', (env) => {
    fill(stack);
    const other = new Stack(stack.node.root as App, 'Other', { env });
    fill(other);
    expect(warningsOf(other)).toEqual([]);
  });

  test('is counted for a stack alone where the environment is open', () => {
    const app = strictApp();
    const [first, second] = ['First', 'Second'].map(id => new Stack(app, id));
    fill(first);
    fill(second);
    expect([...warningsOf(first), ...warningsOf(second)]).toEqual([]);

    new LicenseConfiguration(second, 'OneMore', { licenseCounting: LicenseCounting.vcpus() });

    expect(warningsOf(second)).toEqual([['/Second/OneMore', expect.stringContaining(
      "The app has more than 25 self-managed licenses in the environment of stack 'Second', the default quota")]]);
  });

  test('is that of one app', () => {
    fill(stack);
    const other = newStack();
    fill(other);
    expect(warningsOf(other)).toEqual([]);
  });
});

describe('where the type has not arrived, the validator of aws-cdk-lib', () => {
  const inEurope = (provisioning: Provisioning) => {
    stack = newStack({ account: '111122223333', region: 'eu-west-1' });
    return new LicenseConfiguration(stack, 'License', { provisioning, licenseCounting: LicenseCounting.vcpus() });
  };

  test('refuses a native license, which acknowledges nothing', () => {
    const license = inEurope(Provisioning.NATIVE);
    expect(() => (stack.node.root as App).synth()).toThrow(
      /Resource type 'AWS::LicenseManager::LicenseConfiguration' does not exist in 'eu-west-1'[^]*'CloudFormation-Validate::F3006'/);
    expect(license.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:acknowledged-rules'))).toEqual([]);
  });

  test('takes one that is provisioned through the API', () => {
    inEurope(Provisioning.CUSTOM_RESOURCE);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

test('a license that is provisioned through the API may write licenses of its stack only', () => {
  new LicenseConfiguration(stack, 'License', { provisioning: Provisioning.CUSTOM_RESOURCE, licenseCounting: LicenseCounting.vcpus() });
  const license = (id: string) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:license-manager:us-east-1:111122223333:license-configuration:${id}`]],
  });
  const licenses = license('lic-*');
  expect(statements(stack, 'LicenseConfiguration')).toEqual([
    { Effect: 'Allow', Action: ['license-manager:CreateLicenseConfiguration', 'license-manager:ListLicenseConfigurations'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: [
        'license-manager:GetLicenseConfiguration', 'license-manager:ListAssociationsForLicenseConfiguration', 'license-manager:ListTagsForResource',
      ],
      Resource: licenses,
    },
    {
      Effect: 'Allow',
      Action: [
        'license-manager:DeleteLicenseConfiguration', 'license-manager:TagResource', 'license-manager:UntagResource',
        'license-manager:UpdateLicenseConfiguration',
      ],
      Resource: licenses,
      Condition: { StringEquals: { 'aws:ResourceTag/cdk-license-manager:stack-id': { Ref: 'AWS::StackId' } } },
    },
    {
      Effect: 'Allow',
      Action: 'license-manager:TagResource',
      // There is no id yet.
      Resource: license('*'),
      Condition: {
        StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': { Ref: 'AWS::StackId' } },
        Null: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'true', 'aws:ResourceTag/aws:cloudformation:stack-id': 'true' },
      },
    },
  ]);
});

describe('properties may be injected', () => {
  test('into a license', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: LicenseConfiguration.PROPERTY_INJECTION_ID,
      inject: props => ({ description: 'injected', ...props }),
    });
    new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    Template.fromStack(stack).hasResourceProperties(NATIVE, { Description: 'injected' });
  });
});

describe('an imported license', () => {
  test('by its ARN has its id, its account and its Region', () => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', ARN.replace('us-east-1', 'eu-west-1').replace('1111', '9999'));
    expect(license.licenseConfigurationArn).toBe(`arn:aws:license-manager:eu-west-1:999922223333:license-configuration:${ID}`);
    expect(license.licenseConfigurationRef.licenseConfigurationArn).toBe(license.licenseConfigurationArn);
    expect(license.licenseConfigurationId).toBe(ID);
    expect(license.env).toMatchObject({ account: '999922223333', region: 'eu-west-1' });
    expect(license.licenseCounting).toBeUndefined();
    expect(license.node.findAll()).toEqual([license]);
  });

  test.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b', 'aws-eusc'])('may be of partition %s', (partition) => {
    const arn = ARN.replace('arn:aws', `arn:${partition}`);
    expect(LicenseConfiguration.fromLicenseConfigurationArn(new Stack(new App(), 'Anywhere'), 'Imported', arn).licenseConfigurationArn).toBe(arn);
  });

  test.each([
    ['us-gov-west-1'], ['eusc-de-east-1'], ['ap-southeast-4'], ['us-isob-east-1'],
  ])('may be of Region %s', (region) => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', ARN.replace('us-east-1', region));
    expect(license.env.region).toBe(region);
  });

  test.each(['lic-1', 'lic-0123456789abcdef0123456789abcde', 'lic-0123456789abcdef0123456789abcdef0', 'lic-A_b.c/d'])('may have the id %s: the API says nothing of its form', (id) => {
    expect(LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', ARN.replace(ID, id)).licenseConfigurationId).toBe(id);
  });

  test('may have an ARN that is a token', () => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', Fn.importValue('license'));
    expect(stack.resolve(license.licenseConfigurationArn)).toEqual({ 'Fn::ImportValue': 'license' });
    expect(stack.resolve(license.licenseConfigurationId)).toEqual({ 'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::ImportValue': 'license' }] }] });
  });

  test('may have an ARN with tokens in it', () => {
    const arn = `arn:${Aws.PARTITION}:license-manager:us-east-1:111122223333:license-configuration:${ID}`;
    expect(LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', arn).licenseConfigurationId).toBe(ID);
  });

  const FORM = 'is not the ARN of a self-managed license: expected ' +
    '\'arn:<partition>:license-manager:<region>:<account>:license-configuration:lic-<id>\'.';

  test.each([
    ['an id', ID],
    ['nothing', ''],
    ['a seller-issued license', 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef'],
    ['no id', ARN.slice(0, -32)],
    ['another id', ARN.replace('lic-', 'l-')],
    ['an id with a colon', `${ARN}:0`],
    ['an id with a space', `${ARN} 0`],
    ['another service', ARN.replace('license-manager', 'ec2')],
    ['no Region', ARN.replace('us-east-1', '')],
    ['an account of 11 digits', ARN.replace('111122223333', '11112222333')],
    ['another partition', ARN.replace('arn:aws', 'arn:azure')],
  ])('has no ARN of %s', (_, arn) => {
    expect(() => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', ${FORM} Take the ARN from the details of the license in the License Manager console.`);
  });

  test('has no ARN with a slash, as old documents have it', () => {
    const arn = ARN.replace(`:${ID}`, `/${ID}`);
    expect(() => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Imported', { licenseConfigurationArn: arn })).toThrow(
      `Stack: '${arn}', for 'Imported', ${FORM} The id follows a colon, not a slash: '${ARN}'.`);
  });

  test('has associations, and an alarm if its counting is known', () => {
    const licenseCounting = LicenseCounting.cores();
    const license: ILicenseConfiguration = LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Imported', {
      licenseConfigurationArn: ARN, licenseCounting,
    });
    license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0') });
    // Whether its limit is a hard one is not known.
    license.addUsageAlarm('Alarm', { thresholdPercent: 120 });

    expect(license.licenseCounting).toBe(licenseCounting);
    const template = Template.fromStack(stack);
    template.hasResourceProperties(ASSOCIATION, { LicenseConfigurationArn: ARN });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 120,
      Dimensions: [{ Name: 'LicenseConfigurationArn', Value: ARN }, { Name: 'LicenseConfigurationType', Value: 'Core' }],
    });
  });

  test('has an alarm if its counting is not known, but the type of its metrics is', () => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', ARN);
    license.addUsageAlarm('Alarm', { thresholdPercent: 90, licenseConfigurationType: 'Core' });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'LicenseConfigurationArn', Value: ARN }, { Name: 'LicenseConfigurationType', Value: 'Core' }],
    });
  });

  test('has no alarm if its counting is not known', () => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', ARN);
    expect(() => license.addUsageAlarm('Alarm', { thresholdPercent: 90 })).toThrow('Stack/Imported: the counting type of the license is not known');
  });
});

describe('a license that is looked up', () => {
  const KEY = 'cc-api-provider:account=111122223333:expectedMatchCount=exactly-one:propertiesToReturn.0=LicenseConfigurationArn:' +
    'propertiesToReturn.1=LicenseCountingType:propertyMatch.Name=sql-server:region=us-east-1:typeName=AWS$:$:LicenseManager$:$:LicenseConfiguration';
  const lookUp = (name = 'sql-server') => LicenseConfiguration.fromLookup(stack, 'Found', { licenseConfigurationName: name });

  test('is a made-up one until the CLI has looked', () => {
    const license = lookUp();

    expect(license.licenseConfigurationArn).toBe(`arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'0'.repeat(32)}`);
    license.addUsageAlarm('Alarm', { thresholdPercent: 90 });
    const { missing } = (stack.node.root as App).synth().manifest;
    expect(missing).toEqual([{
      key: KEY,
      provider: 'cc-api-provider',
      props: expect.objectContaining({
        account: '111122223333',
        region: 'us-east-1',
        typeName: NATIVE,
        propertyMatch: { Name: 'sql-server' },
        propertiesToReturn: ['LicenseConfigurationArn', 'LicenseCountingType'],
        expectedMatchCount: 'exactly-one',
        dummyValue: [{ LicenseConfigurationArn: license.licenseConfigurationArn, LicenseCountingType: 'vCPU' }],
      }),
    }]);
  });

  test.each([
    ['cn-north-1', 'aws-cn'], ['us-gov-east-1', 'aws-us-gov'], ['us-east-1', 'aws'], ['xx-unknown-1', 'aws'],
  ])('has an ARN of the partition of its Region %s, or of the one with most Regions', (region, partition) => {
    stack = newStack({ account: '111122223333', region });
    expect(lookUp().licenseConfigurationArn).toMatch(`arn:${partition}:license-manager:${region}:111122223333:`);
  });

  test('is the one that the CLI has found', () => {
    stack.node.setContext(KEY, [{ LicenseConfigurationArn: ARN, LicenseCountingType: 'Core', Identifier: ARN }]);
    const license = lookUp();
    expect(license.licenseConfigurationArn).toBe(ARN);
    expect(license.licenseCounting?.licenseCountingType).toBe('Core');
    expect(license.licenseCounting?.allowedTenancy).toEqual([LicenseTenancy.DEDICATED_HOST]);
    license.addUsageAlarm('Alarm', { thresholdPercent: 90 });
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
  });

  // The texts are those of the CDK CLI's provider.
  test.each([
    ['none', 'Could not find any resources matching {"Name":"sql-server"}; expected exactly one.',
      'the look-up \'Found\' found no self-managed license with the name \'sql-server\' in 111122223333/us-east-1, exactly 1 is needed. Correct the ' +
      'name, create the self-managed license first, or import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn).'],
    ['two', 'Found 2 resources matching {"Name":"sql-server"}; expected exactly one. Please narrow the search criteria',
      'the look-up \'Found\' found more than one self-managed license with the name \'sql-server\' in 111122223333/us-east-1, exactly 1 is needed. ' +
      'Rename the others, or import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn).'],
    ['many', 'Found at least 12 resources matching {"Name":"sql-server"}; expected exactly one. Please narrow the search criteria',
      'the look-up \'Found\' found more than one self-managed license with the name \'sql-server\' in 111122223333/us-east-1, exactly 1 is needed. ' +
      'Rename the others, or import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn).'],
    ['an error', 'Encountered CC API error while listing: TypeNotFoundException.',
      'the look-up \'Found\' of the self-managed license \'sql-server\' in 111122223333/us-east-1 failed: Encountered CC API error while listing: ' +
      'TypeNotFoundException. If AWS Cloud Control does not know the type in the Region, import the license by its ARN ' +
      '(LicenseConfiguration.fromLicenseConfigurationArn).'],
  ])('is refused if there is %s', (_, error, message) => {
    stack.node.setContext(KEY, { $providerError: error, $dontSaveContext: true });
    expect(() => lookUp()).toThrow(`Stack: ${message}`);
  });

  test('has a name that is known', () => {
    expect(() => lookUp(Aws.STACK_NAME)).toThrow(
      'Stack: the look-up \'Found\' has a token as licenseConfigurationName, but it is made at synthesis, when the value is not known. ' +
      'Write the name out, or import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn).');
  });

  test('has a name that is not empty', () => {
    expect(() => lookUp('')).toThrow(
      'Stack: the look-up \'Found\' has \'\' as licenseConfigurationName. Name the self-managed license, or import the license by its ARN ' +
      '(LicenseConfiguration.fromLicenseConfigurationArn).');
  });

  test.each([{}, { account: '111122223333' }, { region: 'us-east-1' }])('has a stack that says its environment, not %p', (env) => {
    stack = new Stack(strictApp(), 'Stack', { env });
    expect(() => lookUp()).toThrow(
      'Stack: the look-up \'Found\' of \'sql-server\' needs the account and the Region, which the stack does not say. Set \'env\' of the stack to an ' +
      'account and a Region, or import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn).');
  });
});

test('an app is provisioned through the API by one line', () => {
  ProvisioningInjector.addTo(stack.node.root, Provisioning.CUSTOM_RESOURCE);
  new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
  Template.fromStack(stack).resourceCountIs(NATIVE, 0);
  Template.fromStack(stack).resourceCountIs(CUSTOM, 1);
});

function allResources(of: Stack): [string, any][] {
  return Object.entries(Template.fromStack(of).toJSON().Resources ?? {});
}

/** The statements of the function's policies for a type. */
function statements(of: Stack, type: string): unknown[] {
  return allResources(of)
    .filter(([id, { Type }]) => ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'].includes(Type) && new RegExp(`^CdkLicenseManager${type}[0-9a-fA-F]{8,16}$`).test(id))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

describe('an alarm on a license that is imported', () => {
  const imported = (arn: string) => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', arn);

  test('needs its counting type, or the value of the dimension', () => {
    expect(() => imported(ARN).addUsageAlarm('Alarm', { thresholdPercent: 90 })).toThrow(
      'Stack/Imported: the counting type of the license is not known, and the metric of alarm \'Alarm\' has it as a dimension. Set licenseConfigurationType of the alarm, ' +
      'such as \'vCPU\', or import the license with LicenseConfiguration.fromLicenseConfigurationAttributes and its licenseCounting.');
    (stack.node.findChild('Imported') as ILicenseConfiguration).addUsageAlarm('Alarm', { thresholdPercent: 90, licenseConfigurationType: 'X' });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'LicenseConfigurationArn', Value: ARN }, { Name: 'LicenseConfigurationType', Value: 'X' }],
    });
  });

  test('is refused in another Region', () => {
    expect(() => imported(ARN.replace('us-east-1', 'eu-west-1')).addUsageAlarm('Alarm', { thresholdPercent: 90, licenseConfigurationType: 'X' })).toThrow(
      'Stack/Imported: the license is in Region \'eu-west-1\' and alarm \'Alarm\' in \'us-east-1\': CloudWatch keeps metrics in their Region, and an alarm is where its ' +
      'metric is. Import the license in a stack of \'eu-west-1\', and make the alarm with it.');
  });
});

describe('a license under a condition', () => {
  const conditional = (more: Partial<LicenseConfigurationProps> = {}) => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 9, ...more });
    const condition = new CfnCondition(stack, 'Wanted', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
    const decide = () => { (license.node.defaultChild as CfnLicenseConfiguration).cfnOptions.condition = condition; };
    return { license, decide };
  };
  /** The condition of each resource, by its type. */
  const conditions = () => Object.values<any>(Template.fromStack(stack).toJSON().Resources)
    .filter(({ Type }) => !/^AWS::(Lambda|Logs)|^AWS::IAM::Role$/.test(Type)).map(({ Type, Condition }) => [Type, Condition]).sort();

  test('has all that is there for it under the condition, whenever it gets it', () => {
    const { license, decide } = conditional({
      status: LicenseConfigurationStatus.AVAILABLE, disassociateResourcesOnDelete: true, protectFromReplacement: true,
    });
    license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0') });
    license.addUsageAlarm('Alarm', { thresholdPercent: 90 });
    decide();
    const found = conditions();
    expect(found.filter(([type]) => type !== 'AWS::IAM::Policy').map(([, condition]) => condition)).toEqual(Array(found.filter(([type]) => type !== 'AWS::IAM::Policy').length).fill('Wanted'));
    expect(found.map(([type]) => type)).toEqual(expect.arrayContaining([STATUS, DISASSOCIATION, ASSOCIATION, NATIVE, 'AWS::CloudWatch::Alarm', 'AWS::IAM::RolePolicy',
      'Custom::LicenseManagerLicenseConfigurationProtection']));
    // What is for all resources of a type names no license.
    expect(found.filter(([type]) => type === 'AWS::IAM::Policy').map(([, condition]) => condition)).not.toContain('Wanted');
    expect(warningsOf(stack)).toEqual([]);
  });

  test('has its policies under it also on a role that is given', () => {
    CustomResources.of(stack).configure({ role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) });
    const { decide } = conditional({ status: LicenseConfigurationStatus.AVAILABLE });
    decide();
    const policies = Object.values<any>(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    for (const { Properties, Condition } of policies) {
      expect(Condition).toBe(JSON.stringify(Properties.PolicyDocument).includes('LicenseConfigurationArn') ? 'Wanted' : undefined);
    }
    expect(policies.some(({ Condition }) => Condition === 'Wanted')).toBe(true);
  });

  test('leaves a condition that something has itself', () => {
    const { license, decide } = conditional({ status: LicenseConfigurationStatus.AVAILABLE });
    // Whoever sets one, sees to it that the license is there, too.
    const other = new CfnCondition(stack, 'Other', {
      expression: Fn.conditionAnd(stack.node.findChild('Wanted') as CfnCondition, Fn.conditionEquals(Aws.REGION, 'us-east-1')),
    });
    const writer = license.node.findChild('Status').node.defaultChild as CfnResource;
    writer.cfnOptions.condition = other;
    decide();
    expect(conditions()).toContainEqual([STATUS, 'Other']);
    writer.cfnOptions.condition = undefined;
    expect((writer.cfnOptions as { condition?: CfnCondition }).condition?.node.id).toBe('Wanted');
  });

  test('gives none to what names resources of several conditions', () => {
    const { license, decide } = conditional();
    const host = new CfnHost(stack, 'Host', { availabilityZone: 'us-east-1a' });
    host.cfnOptions.condition = new CfnCondition(stack, 'Other', { expression: Fn.conditionEquals(Aws.REGION, 'us-west-2') });
    const association = license.addAssociation('Association', { resource: LicensedResource.fromHost(host) }).node.findChild('Resource').node.defaultChild as CfnResource;
    expect(association.cfnOptions.condition?.node.id).toBe('Other');
    decide();
    expect(association.cfnOptions.condition).toBeUndefined();
  });
});
