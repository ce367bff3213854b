import { App, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { CfnWorkspaceInstance } from 'aws-cdk-lib/aws-workspacesinstances';
import { mixins } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense, makeStackWithLicenses, specified } from '../license-configuration/licenses';

const TYPE = 'AWS::WorkspacesInstances::WorkspaceInstance';

const NOT_IN_TEMPLATE = 'License \'Stack/Windows\' was attached by a mixin and is not in the template: the property was assigned afterwards, or an override (addPropertyOverride) or a condition (Fn::If) has ' +
  'written the licenses, and a mixin cannot merge into it. Write all licenses there and leave the mixin out, or attach all of them by the mixin. ' +
  '[ack: cdk-license-manager:licenseNotInTemplate]';

let app: App;
let stack: Stack;
let windows: CfnLicenseConfiguration;
let sql: CfnLicenseConfiguration;

beforeEach(() => {
  ({ app, stack, windows, sql } = makeStackWithLicenses());
});

const IMAGE = Fn.importValue('image');
const l1 = (props: Partial<CfnWorkspaceInstance.ManagedInstanceProperty> = {}) =>
  new CfnWorkspaceInstance(stack, 'WorkSpace', { managedInstance: { imageId: IMAGE, instanceType: 'm6i.large', ...props } });

function expectLicenses(...licenses: unknown[]) {
  Template.fromStack(stack).hasResourceProperties(TYPE, { ManagedInstance: { InstanceType: 'm6i.large', LicenseSpecifications: specified(...licenses) } });
}

test('licenses come after those that are there, each once', () => {
  const mixin = new mixins.WorkspaceInstanceLicenses([new ImportedLicense(stack, 'Imported'), windows]);
  l1({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] }).with(mixin, new mixins.WorkspaceInstanceLicenses([sql]), mixin);
  expectLicenses(LICENSE_ARN, { Ref: 'Sql' }, { Ref: 'Windows' });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('an instance that is known only in the end keeps what it has', () => {
  new CfnWorkspaceInstance(stack, 'WorkSpace', { managedInstance: Lazy.any({ produce: () => ({ imageId: IMAGE, instanceType: 'm6i.large' }) }) })
    .with(new mixins.WorkspaceInstanceLicenses([windows]));
  expectLicenses({ Ref: 'Windows' });
});

test('all of a tree get them', () => {
  l1();
  stack.with(new mixins.WorkspaceInstanceLicenses([windows]));
  expectLicenses({ Ref: 'Windows' });
});

test('an empty list attaches nothing, and causes a warning', () => {
  l1().with(new mixins.WorkspaceInstanceLicenses([]));
  app.synth();
  Annotations.fromStack(stack).hasWarning('/Stack/WorkSpace',
    'A mixin was to attach licenses to it, and was given none. Pass the licenses to attach, or leave the mixin out. [ack: cdk-license-manager:mixinWithoutLicense]');
});

test('a license of another Region is refused', () => {
  const license = new ImportedLicense(stack, 'Imported', LICENSE_ARN.replace('us-east-1', 'us-west-2'));
  expect(() => l1().with(new mixins.WorkspaceInstanceLicenses([license]))).toThrow("Stack/WorkSpace: license 'Stack/Imported' is in Region 'us-west-2'");
});

test.each<[string, any]>([
  ['nothing', undefined], ['null', null], ['nothing in the end', Lazy.any({ produce: () => undefined })],
])('one that has %s for an instance is refused', (_, managedInstance) => {
  const workspace = new CfnWorkspaceInstance(stack, 'WorkSpace', { managedInstance });
  expect(() => { workspace.with(new mixins.WorkspaceInstanceLicenses([windows])); app.synth(); }).toThrow(
    'Stack/WorkSpace: it has no managedInstance, which licenses are a part of. Set it, then apply the mixin.');
});

test('a tenancy that the license does not allow is refused', () => {
  l1({ placement: { tenancy: 'dedicated' } }).with(new mixins.WorkspaceInstanceLicenses([makeLicense(stack, 'License', ['#allowedTenancy=EC2-Default'])]));
  expect(() => app.synth()).toThrow(
    "[Stack/WorkSpace] its tenancy is 'dedicated', and license 'Stack/License' allows only 'default' (EC2-Default). Change the tenancy, or the " +
    'allowedTenancy of the license.');
});

test('no tenancy is not judged', () => {
  l1().with(new mixins.WorkspaceInstanceLicenses([makeLicense(stack, 'License', ['#allowedTenancy=EC2-DedicatedHost'])]));
  app.synth();
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('licenses that an override has written are refused', () => {
  const workspace = l1();
  workspace.with(new mixins.WorkspaceInstanceLicenses([windows]));
  workspace.addPropertyOverride('ManagedInstance.LicenseSpecifications', specified(LICENSE_ARN));
  app.synth();
  Annotations.fromStack(stack).hasWarning('/Stack/WorkSpace', NOT_IN_TEMPLATE);
});
