import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  Grant, GrantPrincipal, HostLicenses, HostResourceGroup, InstanceMatch, License, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet,
  LicenseConfiguration, LicenseCounting, LicensedResource, LicenseShare, SharePrincipal,
} from '../../../src';
import { isLookUpDummy } from '../../../src/private/identity/look-up-dummy';
import { acknowledge } from '../../support/validator';

let app: App;
let stack: Stack;
let counter: number;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  counter = 0;
});

/** What a parameter of Systems Manager has, until the CDK CLI has looked it up. */
const parameter = () => ssm.StringParameter.valueFromLookup(stack, `/licenses/${++counter}`);
const image = () => ec2.MachineImage.lookup({ name: `golden-${++counter}` }).getImage(stack).imageId;

test('aws-cdk-lib has these values for what has still to be looked up', () => {
  expect([parameter(), image()].map(isLookUpDummy)).toEqual([true, true]);
  expect(['', 'ami-12345678', 'arn:aws:iam::111122223333:root', 'ami-12345', 'my-ami-1234'].filter(isLookUpDummy)).toEqual([]);
});

test('what is made of one is one', () => {
  expect([`arn:aws:ec2:us-east-1:111122223333:dedicated-host/${parameter()}`, `arn:aws:ec2:us-east-1::image/${image()}`].map(isLookUpDummy)).toEqual([true, true]);
});

test.each<[string, () => unknown]>([
  ['the ARN of a license', () => License.fromLicenseArn(stack, 'Imported', parameter()).licenseId],
  ['the ARN of a grant', () => Grant.fromGrantArn(stack, 'Imported', parameter()).env],
  ['the ARN of a host resource group', () => HostResourceGroup.fromHostResourceGroupArn(stack, 'Imported', parameter()).groupRef],
  ['the name of a host resource group', () => HostResourceGroup.fromHostResourceGroupName(stack, 'Imported', parameter()).groupRef],
  ['the ARN of a license asset group', () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Imported', parameter()).env],
  ['the ARN of a ruleset', () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'Imported', parameter()).env],
  ['the ARN of a share', () => LicenseShare.fromLicenseShareArn(stack, 'Imported', parameter()).env],
  ['whom a license is shared with', () => {
    const share = new LicenseShare(stack, 'Share');
    share.addPrincipal(SharePrincipal.fromAccountId(parameter()));
    share.addPrincipal(SharePrincipal.fromOrganizationArn(parameter()));
  }],
  ['whom a license is granted to', () => new Grant(stack, 'Grant', {
    license: License.fromLicenseArn(stack, 'Imported', parameter()), principal: GrantPrincipal.fromAccountId(parameter()), grantName: parameter(),
  })],
  ['hosts of a group', () => {
    const group = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any(), hostResourceGroupName: parameter(), description: parameter() });
    group.addHostId(parameter());
    group.addHostId(parameter());
    group.addHostArn(parameter());
  }],
  ['images that have one id until then', () => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    license.addAssociation('One', { resource: LicensedResource.fromMachineImageId(image()) });
    license.addAssociation('Other', { resource: LicensedResource.fromMachineImageId(image()) });
    license.addAssociation('Third', { resource: LicensedResource.fromInstanceArn(parameter()) });
  }],
  ['images that a rule asks for and excludes', () => new LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [LicenseAssetRule.instancesMatchingAll([InstanceMatch.amiId([image(), image()]), InstanceMatch.amiId([image()]).negated()])],
  })],
])('nothing that has still to be looked up is refused, or it never would be: %s', (_, make) => {
  acknowledge(app, 'F3031', 'What aws-cdk-lib has for what is still to be looked up.');
  expect(make).not.toThrow();
  expect(app.synth().manifest.missing).toHaveLength(counter);
});

test('a host that is looked up twice by one name is one host', () => {
  const group = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() });
  const host = parameter();
  group.addHostId(host);
  group.addHostId(host);
  acknowledge(app, 'F3031', 'What aws-cdk-lib has for what is still to be looked up.');
  expect(Object.values(Template.fromStack(stack).findResources('AWS::ResourceGroups::Group'))[0].Properties.Resources).toHaveLength(1);
});
