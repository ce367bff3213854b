import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LicenseConfiguration, LicenseCounting, Provisioning, ProvisioningInjector } from '../../src';

const NATIVE = 'AWS::LicenseManager::LicenseConfiguration';
const CUSTOM = 'Custom::LicenseManagerLicenseConfiguration';

let app: App;
beforeEach(() => {
  app = new App();
});

function provisioned(id: string, provisioning?: Provisioning): [number, number] {
  const stack = app.node.tryFindChild(id) as Stack | undefined ?? new Stack(app, id);
  new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), provisioning });
  const template = Template.fromStack(stack);
  return [NATIVE, CUSTOM].map(type => Object.keys(template.findResources(type)).length) as [number, number];
}

test('a license is native unless something else is said', () => {
  expect(provisioned('Stack')).toEqual([1, 0]);
});

test('an app is provisioned as it says', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  expect(provisioned('Stack')).toEqual([0, 1]);
});

test('a license that says it itself keeps its way', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  expect(provisioned('Stack', Provisioning.NATIVE)).toEqual([1, 0]);
});

test('the nearest scope wins', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  ProvisioningInjector.addTo(new Stack(app, 'Stack'), Provisioning.NATIVE);
  expect(provisioned('Stack')).toEqual([1, 0]);
});
