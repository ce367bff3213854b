import {
  Annotations as CoreAnnotations, App, CfnOutput, CfnResource, CrossStackReferences, NestedStack, ReferenceStrength, Stack, Stage,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnReportGenerator } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import {
  AwsManagedRuleSet, GrantPrincipal, HostLicenses, HostResourceGroup, LicenseAssetGroup, LicenseAssetRuleSet, LicenseConfiguration,
  LicenseConfigurationAssociation, LicenseCounting, LicensedResource, LicenseServerCredentials, Provisioning, RhsmSecret, UsageDimension,
} from '../../../src';
import { issue } from '../../license/licenses';

const ACCOUNT = '111122223333';
const EAST = { account: ACCOUNT, region: 'us-east-1' };

/** As `cdk init` writes it. */
const WEAK = { '@aws-cdk/core:defaultCrossStackReferences': 'weak' };

function stacks({ producerEnv = EAST, consumerEnv = EAST } = {}) {
  const app = new App({ context: WEAK });
  return { app, producer: new Stack(app, 'Producer', { env: producerEnv }), consumer: new Stack(app, 'Consumer', { env: consumerEnv }) };
}

const vcpus = (scope: Construct, provisioning?: Provisioning) =>
  new LicenseConfiguration(scope, 'License', { licenseCounting: LicenseCounting.vcpus(), provisioning });

/** How a value comes to another stack. */
function wayTo(consumer: Stack, value: string): string {
  new CfnOutput(consumer, 'Used', { value });
  return Object.keys(Template.fromStack(consumer).findOutputs('Used').Used.Value)[0];
}

describe('under the weak references of cdk init', () => {
  test.each<[what: string, value: (stack: Stack) => string]>([
    ['a self-managed license', stack => vcpus(stack).licenseConfigurationArn],
    ['a self-managed license through the API', stack => vcpus(stack, Provisioning.CUSTOM_RESOURCE).licenseConfigurationArn],
    ['the id of a self-managed license', stack => vcpus(stack).licenseConfigurationId],
    ['the reference to a self-managed license', stack => vcpus(stack).licenseConfigurationRef.licenseConfigurationArn],
    ['the L1 of a self-managed license', stack => (vcpus(stack).node.defaultChild as CfnLicenseConfiguration).attrLicenseConfigurationArn],
    ['a seller-issued license', stack => issue(stack).licenseArn],
    ['a grant', stack => issue(stack).addGrant('Grant', { principal: GrantPrincipal.fromAccountId('444455556666') }).grantArn],
    ['a license asset group', stack => new LicenseAssetGroup(stack, 'Group', {
      usageDimension: UsageDimension.VCPU,
      ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Rules', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)],
    }).licenseAssetGroupArn],
    ['the ARN of a host resource group', stack => new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() }).hostResourceGroupArn],
    ['the name of a host resource group', stack => new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() }).hostResourceGroupName],
    ['the secret of Red Hat', stack => new RhsmSecret(stack, 'Secret').secretArn],
    ['the credentials of a license server', stack => new LicenseServerCredentials(stack, 'Credentials').secretArn],
  ])('%s is imported by another stack, so that CloudFormation refuses to replace it', (_, value) => {
    const { producer, consumer } = stacks();
    expect(wayTo(consumer, value(producer))).toBe('Fn::ImportValue');
  });

  test.each<[what: string, value: (stack: Stack) => string]>([
    ['the version of a license', stack => issue(stack).licenseVersion],
    ['the version of a grant', stack => issue(stack).addGrant('Grant', { principal: GrantPrincipal.fromAccountId('444455556666') }).grantVersion],
    ['the status of a license', stack => vcpus(stack).licenseConfigurationStatus],
  ])('%s, which changes with what is still the same, is no reason to refuse a change', (_, value) => {
    const { producer, consumer } = stacks();
    const text = value(producer);
    expect(Object.keys(producer.resolve(text))).toEqual(['Fn::GetAtt']);
    expect(wayTo(consumer, text)).toBe('Fn::GetStackOutput');
  });

  test('an association in another stack imports the license, and so does the policy of its function', () => {
    const { producer, consumer } = stacks();
    vcpus(producer).addAssociation('InOwnStack', { resource: LicensedResource.fromMachineImageId('ami-0abcdef1234567890') });
    new LicenseConfigurationAssociation(consumer, 'Association', {
      licenseConfiguration: producer.node.findChild('License') as LicenseConfiguration,
      resource: LicensedResource.fromMachineImageId('ami-1abcdef1234567890'),
    });
    const text = JSON.stringify(Template.fromStack(consumer));
    expect(text).toContain('"LicenseConfigurationArn":{"Fn::ImportValue":');
    expect(text).not.toContain('Fn::GetStackOutput');
  });

  test('what is in a nested stack is imported by another stack, too', () => {
    const { producer, consumer } = stacks();
    const nested = new NestedStack(new NestedStack(producer, 'Outer'), 'Inner');
    expect(wayTo(consumer, vcpus(nested).licenseConfigurationArn)).toBe('Fn::ImportValue');
  });

  test('a nested stack in another stack imports it', () => {
    const { producer, consumer } = stacks();
    expect(wayTo(new NestedStack(consumer, 'Nested'), vcpus(producer).licenseConfigurationArn)).toBe('Fn::ImportValue');
  });

  test('another Region gets it by a custom resource of aws-cdk-lib that refuses the same, without crossRegionReferences', () => {
    const { producer, consumer } = stacks({ consumerEnv: { account: ACCOUNT, region: 'eu-west-1' } });
    wayTo(consumer, vcpus(producer).licenseConfigurationArn);
    Template.fromStack(producer).resourceCountIs('Custom::CrossRegionExportWriter', 1);
    Template.fromStack(consumer).resourceCountIs('Custom::CrossRegionExportReader', 1);
  });

  const OTHER = { account: '444455556666', region: 'us-east-1' };
  const ALWAYS_WEAK = Match.stringLikeRegexp('crossAccountRefsAreAlwaysWeak');
  const NOT_SEEN = Match.stringLikeRegexp('replacementNotSeenByOtherAccount');

  test('another account reads an output, and is told what that means instead of the advice that is followed already', () => {
    const { app, producer, consumer } = stacks({ consumerEnv: OTHER });
    const bystander = new Stack(app, 'Bystander', { env: OTHER });
    expect(wayTo(consumer, vcpus(producer).licenseConfigurationArn)).toBe('Fn::GetStackOutput');
    const found = Annotations.fromStack(consumer);
    found.hasNoWarning('*', ALWAYS_WEAK);
    found.hasWarning('/Consumer',
      'The stack of account \'444455556666\' refers to what account \'111122223333\' owns, which CloudFormation lets it do by weak references only: when a ' +
      'license, a grant, a group or a secret is replaced there, this stack goes on with the old one, and is not deployed by itself. Never change there ' +
      'what replaces; make a second one beside it. [ack: cdk-license-manager:replacementNotSeenByOtherAccount]');
    Annotations.fromStack(bystander).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(producer).hasNoWarning('*', Match.anyValue());
  });

  test('it can be acknowledged', () => {
    const { producer, consumer } = stacks({ consumerEnv: OTHER });
    CoreAnnotations.of(consumer).acknowledgeWarning('cdk-license-manager:replacementNotSeenByOtherAccount');
    wayTo(consumer, vcpus(producer).licenseConfigurationArn);
    Annotations.fromStack(consumer).hasNoWarning('*', Match.anyValue());
  });

  test('it is told so in a stage, too', () => {
    const stage = new Stage(new App({ context: WEAK }), 'Production');
    const producer = new Stack(stage, 'Producer', { env: EAST });
    const consumer = new Stack(stage, 'Consumer', { env: OTHER });
    new CfnOutput(consumer, 'Used', { value: vcpus(producer).licenseConfigurationArn });
    const messages = stage.synth().getStackArtifact(consumer.artifactId).messages.map(({ entry }) => String(entry.data));
    expect(messages).toEqual([expect.stringContaining('replacementNotSeenByOtherAccount')]);
  });

  test('where the flag is another one, the advice of aws-cdk-lib stays, which can be followed', () => {
    const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
    const consumer = new Stack(app, 'Consumer', { env: OTHER });
    wayTo(consumer, vcpus(new Stack(app, 'Producer', { env: EAST })).licenseConfigurationArn);
    const found = Annotations.fromStack(consumer);
    found.hasWarning('*', ALWAYS_WEAK);
    found.hasNoWarning('*', NOT_SEEN);
  });

  test('what the user has referred to strongly himself, with nothing of this library in another account, is none of its business', () => {
    const { producer, consumer } = stacks({ consumerEnv: OTHER });
    vcpus(consumer);
    const report = new CfnResource(producer, 'Topic', { type: 'AWS::SNS::Topic' });
    report.applyCrossStackReferenceStrength(ReferenceStrength.STRONG);
    wayTo(consumer, report.ref);
    const found = Annotations.fromStack(consumer);
    found.hasWarning('*', ALWAYS_WEAK);
    found.hasNoWarning('*', NOT_SEEN);
  });

  test.each([
    ['the construct', (license: LicenseConfiguration) => license.applyCrossStackReferenceStrength(ReferenceStrength.WEAK)],
    ['its references', (license: LicenseConfiguration) => CrossStackReferences.of(license).produce(ReferenceStrength.WEAK)],
    ['its L1', (license: LicenseConfiguration) => (license.node.defaultChild as CfnResource).applyCrossStackReferenceStrength(ReferenceStrength.WEAK)],
  ])('the user decides otherwise on %s', (_, weaken) => {
    const { producer, consumer } = stacks();
    const license = vcpus(producer);
    weaken(license);
    expect(wayTo(consumer, license.licenseConfigurationArn)).toBe('Fn::GetStackOutput');
  });

  test('a nested stack of which the user has said that it is read weakly stays so', () => {
    const { producer, consumer } = stacks();
    const nested = new NestedStack(producer, 'Nested');
    (nested.nestedStackResource as CfnResource).applyCrossStackReferenceStrength(ReferenceStrength.WEAK);
    expect(wayTo(consumer, vcpus(nested).licenseConfigurationArn)).toBe('Fn::GetStackOutput');
  });

  test('what nothing of ours is, stays as the app has it', () => {
    const { producer, consumer } = stacks();
    vcpus(producer);
    const generator = new CfnReportGenerator(producer, 'Report', {
      reportGeneratorName: 'report', reportType: [], reportContext: {}, reportFrequency: { period: 'DAY', value: 1 },
    });
    expect(wayTo(consumer, generator.attrArn)).toBe('Fn::GetStackOutput');
  });
});
