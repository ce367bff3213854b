import { App, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { LicenseConfiguration, LicenseCounting, LicensedResource, mixins } from '../../src';

const DISASSOCIATION = 'Custom::LicenseManagerLicenseConfigurationDisassociation';
const IMAGE = 'ami-0123456789abcdef0';

let stack: Stack;
let license: LicenseConfiguration;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.instances(), disassociateResourcesOnDelete: true });
});

const instance = (id: string) => new CfnInstance(stack, id, { imageId: IMAGE, instanceType: 'm5.large' });
const launched = (id: string) => instance(id).with(new mixins.InstanceLicenses([license])) as CfnInstance;

/** What the resource that releases is made after, and deleted before, of what is no policy of its function. */
function madeAfter(): string[] {
  const [{ DependsOn = [] }] = Object.values(Template.fromStack(stack).findResources(DISASSOCIATION));
  return [DependsOn].flat().filter((id: string) => !id.startsWith('CdkLicenseManager'));
}

test('a license is released before the instances that are launched with it, and no others', () => {
  launched('Launched');
  instance('Other');
  expect(madeAfter()).toEqual(['Launched']);
});

test('a license is released before what is launched by a launch template with it', () => {
  const template = new CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: { imageId: IMAGE, licenseSpecifications: [{ licenseConfigurationArn: license.licenseConfigurationArn }] },
  });
  const launchTemplate = { launchTemplateId: template.ref, version: template.attrLatestVersionNumber };
  new CfnAutoScalingGroup(stack, 'Group', { minSize: '1', maxSize: '1', launchTemplate });
  new CfnInstance(stack, 'Instance', { launchTemplate });
  const other = new CfnLaunchTemplate(stack, 'Another', { launchTemplateData: { imageId: IMAGE } });
  new CfnInstance(stack, 'Other', { launchTemplate: { launchTemplateId: other.ref, version: '1' } });
  expect(madeAfter()).toEqual(['Group', 'Instance']);
});

test('a license is released before what gets it from an Aspect', () => {
  const template = new CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { imageId: IMAGE } });
  instance('Launched');
  const licenseSpecifications = [{ licenseConfigurationArn: license.licenseConfigurationArn }];
  Aspects.of(stack).add({
    visit: (node) => {
      if (CfnInstance.isCfnInstance(node) && !node.launchTemplate) {
        node.licenseSpecifications = licenseSpecifications;
      }
      if (CfnLaunchTemplate.isCfnLaunchTemplate(node)) {
        node.launchTemplateData = { imageId: IMAGE, licenseSpecifications };
      }
    },
  });
  new CfnInstance(stack, 'ByTemplate', { launchTemplate: { launchTemplateId: template.ref, version: '1' } });
  expect(madeAfter()).toEqual(['ByTemplate', 'Launched']);
});

test('a license is released before what is launched by a launch template that comes later', () => {
  const later = new CfnInstance(stack, 'Launched', { launchTemplate: { launchTemplateId: 'later', version: '1' } });
  const template = new CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: { imageId: IMAGE, licenseSpecifications: [{ licenseConfigurationArn: license.licenseConfigurationArn }] },
  });
  later.launchTemplate = { launchTemplateId: template.ref, version: '1' };
  expect(madeAfter()).toEqual(['Launched']);
});

test.each<[string, (launchedInstance: CfnInstance) => void]>([
  ['the license', it => it.node.addDependency(license)],
  ['an association of the license', it => it.node.addDependency(associate())],
  ['what refers to an association', it => it.addPropertyOverride('UserData', (associate().node.findChild('Resource').node.defaultChild as CfnResource).ref)],
  ['the resource that releases', it => it.addResourceDependency(releaser())],
  ['something that waits for that', (it) => {
    const other = new CfnResource(stack, 'Between', { type: 'AWS::CloudFormation::WaitConditionHandle' });
    other.addResourceDependency(releaser());
    it.addResourceDependency(other);
  }],
])('an instance that waits for %s is left alone: neither could be made before the other', (_what, wait) => {
  wait(launched('Waiting'));
  launched('Launched');
  expect(madeAfter()).toEqual(['Launched']);
});

test('an instance that an association is with is made first, as ever', () => {
  license.addAssociation('Instance', { resource: LicensedResource.fromInstance(instance('Associated')) });
  launched('Launched');
  expect(madeAfter()).toEqual(['Launched']);
});

test('a license that is not released waits for nothing', () => {
  const kept = new LicenseConfiguration(stack, 'Kept', { licenseCounting: LicenseCounting.instances() });
  instance('Launched').with(new mixins.InstanceLicenses([kept]));
  expect(madeAfter()).toEqual([]);
});

test('what refers to an association that an Aspect makes is left alone, too', () => {
  const first = launched('First');
  const waiting = instance('Waiting');
  Aspects.of(stack).add({
    visit: (node) => {
      if (node === first) {
        waiting.addPropertyOverride('UserData', (associate().node.findChild('Resource').node.defaultChild as CfnResource).ref);
        waiting.with(new mixins.InstanceLicenses([license]));
      }
    },
  });
  expect(madeAfter()).toEqual(['First']);
});

test('the resources of a stack are collected once, however many instances there are, and licenses', () => {
  const collected = (instances: number, licenses: number) => {
    stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    for (let index = 0; index < licenses; index++) {
      license = new LicenseConfiguration(stack, `License${index}`, { licenseCounting: LicenseCounting.instances(), disassociateResourcesOnDelete: true });
      Array.from({ length: instances }, (_, each) => launched(`Launched${index}${each}`));
    }
    const findAll = jest.spyOn(stack.node, 'findAll');
    Template.fromStack(stack);
    return findAll.mock.calls.length;
  };
  const once = collected(1, 1);
  expect([collected(5, 1), collected(2, 3)]).toEqual([once, once]);
});

function associate() {
  return license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
}

function releaser(): CfnResource {
  return stack.node.findAll().find((it): it is CfnResource => CfnResource.isCfnResource(it) && it.cfnResourceType === DISASSOCIATION)!;
}
