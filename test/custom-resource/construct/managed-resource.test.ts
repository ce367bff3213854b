import { App, CfnParameter, CfnResource, NestedStack, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { Construct } from 'constructs';
import {
  AdministratorFeature, DelegatedAdministrator, LicenseConfiguration, LicenseConfigurationAssociation, LicenseConfigurationStatus, LicenseCounting,
  LicensedResource, LinuxSubscriptionsSettings, OrganizationSharing, Provisioning, ServiceLinkedRole, ServiceSettings,
} from '../../../src';
import { ask, ManagedResource } from '../../../src/custom-resource/construct/managed-resource';
import { DEFINITIONS } from '../../../src/custom-resource/contract/definitions';
import { madeUp } from '../made-up/definition';

const ENV = { account: '111122223333', region: 'us-east-1' };
const IMAGES = ['ami-0000000000000000a', 'ami-0000000000000000b', 'ami-0000000000000000c'];
const ASSOCIATION = DEFINITIONS.licenseConfigurationAssociation.type;
const LICENSE_ARN = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'0'.repeat(32)}`;

/** The logical ids of a type, by the properties that the resources have. */
function idsOf(stack: Stack, type: string): { [properties: string]: string } {
  return Object.fromEntries(Object.entries(Template.fromStack(stack).findResources(type))
    .map(([id, { Properties: { ServiceToken, ServiceTimeout, ...properties } }]) => [JSON.stringify(properties), id]));
}

function license(scope: Construct, id = 'License'): LicenseConfiguration {
  return new LicenseConfiguration(scope, id, { licenseCounting: LicenseCounting.vcpus() });
}

/** The logical ids of a license's associations, by image, in a stack of their own. */
function associations(add: (stack: Stack, license: LicenseConfiguration) => void, env: object = ENV): { [image: string]: string } {
  const stack = new Stack(new App(), 'Licenses', { env });
  add(stack, license(stack));
  const found = Template.fromStack(stack).findResources(ASSOCIATION);
  return Object.fromEntries(Object.entries(found).map(([id, { Properties }]) => [/ami-\w+/.exec(JSON.stringify(Properties.ResourceArn))![0], id]));
}

const inOrder = (images: string[]) => (_stack: Stack, each: LicenseConfiguration) => images.forEach((image, index) =>
  each.addAssociation(`Image${index}`, { resource: LicensedResource.fromMachineImageId(image) }));

describe('the logical id of what is known by what it is', () => {
  test('stays when others are put before it', () => {
    const [a, b, c] = IMAGES;
    const before = associations(inOrder([a, b]));
    const after = associations(inOrder([c, a, b]));
    expect(after).toEqual({ ...before, [c]: expect.any(String) });
    expect(new Set(Object.values(after)).size).toBe(3);
  });

  test('stays when two are swapped', () => {
    const [a, b] = IMAGES;
    expect(associations(inOrder([b, a]))).toEqual(associations(inOrder([a, b])));
  });

  test('stays when the construct is renamed, or moved within the stack', () => {
    const [a] = IMAGES;
    const moved = associations((stack, each) => {
      LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Unrelated', LICENSE_ARN);
      each.addAssociation('Renamed', { resource: LicensedResource.fromMachineImageId(a) });
    });
    expect(moved).toEqual(associations(inOrder([a])));
  });

  test('stays when the license moves and keeps its logical id', () => {
    const [a] = IMAGES;
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    const moved = license(new Construct(stack, 'Below'));
    (moved.node.defaultChild as CfnResource).overrideLogicalId(
      Object.keys(Template.fromStack(((other) => (license(other), other))(new Stack(new App(), 'Licenses', { env: ENV }))).findResources('AWS::LicenseManager::LicenseConfiguration'))[0]);
    moved.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(a) });
    expect(Object.values(idsOf(stack, ASSOCIATION))).toEqual([associations(inOrder([a]))[a]]);
  });

  test('stays when the license moves after the association was declared', () => {
    const [a] = IMAGES;
    const late = associations((_stack, each) => {
      each.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(a) });
      (each.node.defaultChild as CfnResource).overrideLogicalId('Renamed');
    });
    const early = associations((_stack, each) => {
      (each.node.defaultChild as CfnResource).overrideLogicalId('Renamed');
      each.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(a) });
    });
    expect(late).toEqual(early);
    expect(late).not.toEqual(associations(inOrder([a])));
  });

  test('stays when the account and the Region of the stack are written out, and when the ARN of the image is', () => {
    const [a] = IMAGES;
    const open = associations(inOrder([a]), {});
    expect(open).toEqual(associations(inOrder([a])));
    expect(open).toEqual(associations((_stack, each) => each.addAssociation('Image', {
      resource: LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-east-1::image/${a}`),
    })));
  });

  test('stays when the license is provisioned in another way', () => {
    const [a] = IMAGES;
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), provisioning: Provisioning.CUSTOM_RESOURCE })
      .addAssociation('Image', { resource: LicensedResource.fromMachineImageId(a) });
    expect(Object.values(idsOf(stack, ASSOCIATION))).toEqual(Object.values(associations(inOrder([a]))));
  });

  test('is the same for the L1 and the L2 of a license, and however a template reads its ARN', () => {
    const ids = (arnOf: (resource: CfnLicenseConfiguration) => string) => {
      const stack = new Stack(new App(), 'Licenses', { env: ENV });
      const resource = license(stack).node.defaultChild as CfnLicenseConfiguration;
      new ManagedResource(stack, 'Status', {
        definition: DEFINITIONS.licenseConfigurationStatus, properties: { LicenseConfigurationArn: arnOf(resource), Status: 'DISABLED' },
      });
      return Object.keys(Template.fromStack(stack).findResources(DEFINITIONS.licenseConfigurationStatus.type));
    };
    expect(ids(resource => resource.ref)).toEqual(ids(resource => resource.attrLicenseConfigurationArn));
  });

  test.each([false, true])('of a license in another stack is the same before and after the reference is written (weak references: %s)', (weak) => {
    const ids = () => {
      const app = new App({ context: weak ? { '@aws-cdk/core:defaultCrossStackReferences': 'weak' } : {} });
      const other = new Stack(app, 'Licenses', { env: ENV });
      const shared = license(other);
      const stack = new Stack(app, 'Images', { env: ENV });
      new ManagedResource(stack, 'Status', {
        definition: DEFINITIONS.licenseConfigurationStatus, properties: { LicenseConfigurationArn: shared.licenseConfigurationArn, Status: 'DISABLED' },
      });
      const before = stack.resolve((stack.node.findChild('Status').node.defaultChild as CfnResource).logicalId);
      return [before, ...Object.keys(Template.fromStack(stack).findResources(DEFINITIONS.licenseConfigurationStatus.type))];
    };
    const [before, after] = ids();
    expect(after).toBe(before);
    expect(after).toMatch(/^LicenseConfigurationStatus[0-9A-F]{16}$/);
  });

  test('differs for each license, for each stack that a license is in, and for each type', () => {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    const nested = new NestedStack(stack, 'Nested');
    const ids: string[] = [];
    for (const arn of [
      license(stack, 'One').licenseConfigurationArn, license(stack, 'Two').licenseConfigurationArn,
      new CfnLicenseConfiguration(nested, 'OneABC', { name: 'x', licenseCountingType: 'vCPU' }).attrLicenseConfigurationArn,
      new CfnParameter(stack, 'Arn').valueAsString, LICENSE_ARN,
    ]) {
      const resource = new ManagedResource(stack, `Status${ids.length}`, {
        definition: DEFINITIONS.licenseConfigurationStatus, properties: { LicenseConfigurationArn: arn, Status: 'DISABLED' },
      });
      ids.push(stack.resolve((resource.node.defaultChild as CfnResource).logicalId));
    }
    expect(new Set(ids).size).toBe(5);
  });

  test('is that of its path as long as it is not known what it is', () => {
    const [a] = IMAGES;
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    new ManagedResource(stack, 'Association', {
      definition: DEFINITIONS.licenseConfigurationAssociation,
      properties: { LicenseConfigurationArn: LICENSE_ARN, ResourceArn: `arn:aws:ec2:us-east-1::image/${a}`, AmiAssociationScope: undefined },
      identified: false,
    });
    expect(Object.values(idsOf(stack, ASSOCIATION))).toEqual(['Association']);
  });

  test('is of one resource only: a second one of the same is refused', () => {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    const properties = { LicenseConfigurationArn: LICENSE_ARN, Status: 'DISABLED' };
    const declare = (id: string) => new ManagedResource(new Construct(stack, id), 'Resource', {
      definition: DEFINITIONS.licenseConfigurationStatus, properties,
    });
    declare('One');
    expect(() => declare('Other')).toThrow(
      'Licenses/Other: \'Licenses/One\' declares it already, and there is one of it: a second one repeats it, or overwrites it. Leave one of the two '
      + 'out.');
  });

  test.each([
    ['of one environment is refused', { ...ENV }, true],
    ['of another Region is taken', { ...ENV, region: 'eu-west-1' }, false],
    ['of an environment that nobody knows is taken', {}, false],
  ])('of a singleton: another stack %s', (_what, env, refused) => {
    const app = new App();
    const declare = (id: string, stackEnv: object) => new ManagedResource(new Construct(new Stack(app, id, { env: stackEnv }), 'Settings'), 'Resource', {
      definition: madeUp, properties: { LinuxSubscriptionsDiscovery: 'Enabled' },
    });
    declare('One', ENV);
    const other = () => declare('Other', env);
    if (refused) {
      expect(other).toThrow('Other/Settings: \'One/Settings\' declares it already, and there is one of it in 111122223333/us-east-1: the removal of one '
        + 'of the two would remove both. Leave one of the two out.');
    } else {
      expect(other).not.toThrow();
    }
  });

  test.each([
    ['of another Region is refused', { ...ENV, region: 'eu-west-1' }, true],
    ['of another account is taken', { ...ENV, account: '444455556666' }, false],
    ['of an account that nobody knows is taken', { region: 'us-east-1' }, false],
  ])('of a singleton of the account: another stack %s', (_what, env, refused) => {
    const app = new App();
    const declare = (id: string, stackEnv: object) => new ManagedResource(new Construct(new Stack(app, id, { env: stackEnv }), 'Settings'), 'Resource', {
      definition: { ...madeUp, singleton: 'account' as const }, properties: { LinuxSubscriptionsDiscovery: 'Enabled' },
    });
    declare('One', ENV);
    const other = () => declare('Other', env);
    if (refused) {
      expect(other).toThrow('Other/Settings: \'One/Settings\' declares it already, and there is one of it in account 111122223333: the removal of one '
        + 'of the two would remove both. Leave one of the two out.');
    } else {
      expect(other).not.toThrow();
    }
  });

  test('of status and release stays when the license is moved and keeps its logical id', () => {
    const ids = (scopeOf: (stack: Stack) => Construct) => {
      const stack = new Stack(new App(), 'Licenses', { env: ENV });
      const made = new LicenseConfiguration(scopeOf(stack), 'License', {
        licenseCounting: LicenseCounting.vcpus(), status: LicenseConfigurationStatus.AVAILABLE, disassociateResourcesOnDelete: true,
      });
      (made.node.defaultChild as CfnResource).overrideLogicalId('License');
      return Object.keys(Template.fromStack(stack).toJSON().Resources).filter(id => /^LicenseConfiguration(Status|Disassociation)/.test(id)).sort();
    };
    expect(ids(stack => new Construct(stack, 'Below'))).toEqual(ids(stack => stack));
    expect(ids(stack => stack)).toHaveLength(2);
  });
});

describe('a question', () => {
  test('is asked once in a stack, whoever asks', () => {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    const definition = DEFINITIONS.awsManagedLicenseAssetRuleSet;
    const asked = [1, 2].map(number => ask(new Construct(stack, `Scope${number}`), definition, { Name: 'Ubuntu Pro' }));
    expect(asked[0]).toBe(asked[1]);
    expect(ask(stack, definition, { Name: 'SUSE' })).not.toBe(asked[0]);
    Template.fromStack(stack).resourceCountIs(definition.type, 2);
  });
});

describe('what is provisioned through the API', () => {
  const template = (change: (resource: CfnLicenseConfiguration, made: LicenseConfiguration) => void = () => {}) => {
    const of = (provisioning: Provisioning) => {
      const stack = new Stack(new App(), 'Licenses', { env: ENV });
      const made = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores(), licenseCount: 10, provisioning });
      change(made.node.defaultChild as CfnLicenseConfiguration, made);
      const [[id, resource]] = Object.entries<any>(Template.fromStack(stack).toJSON().Resources).filter(([, { Type }]) => /LicenseConfiguration$/.test(Type));
      const { ServiceToken, ServiceTimeout, ...properties } = resource.Properties;
      return { id, ...resource, Properties: properties, DependsOn: undefined, Type: undefined };
    };
    return { native: of(Provisioning.NATIVE), custom: of(Provisioning.CUSTOM_RESOURCE) };
  };

  test.each<[string, (resource: CfnLicenseConfiguration, made: LicenseConfiguration) => void]>([
    ['nothing', () => {}],
    ['an override of a property', resource => resource.addPropertyOverride('Description', 'EA 1234567')],
    ['a property that is taken away', resource => resource.addPropertyDeletionOverride('LicenseCount')],
    ['a property of the L1', resource => { resource.licenseCount = 20; }],
    ['tags', (_resource, made) => Tags.of(made).add('team', 'licensing')],
    ['tags for the type', (_resource, made) => Tags.of(made).add('team', 'licensing', { includeResourceTypes: ['AWS::LicenseManager::LicenseConfiguration'] })],
    ['a removal policy', (_resource, made) => made.applyRemovalPolicy(RemovalPolicy.RETAIN)],
    ['a logical id', resource => resource.overrideLogicalId('Renamed')],
    ['metadata', resource => resource.addMetadata('key', 'value')],
  ])('is the same as what CloudFormation provisions, when it is changed: %s', (_what, change) => {
    const { native, custom } = template(change);
    expect(custom).toEqual(native);
  });

  test('is found by its native type, as Aspects and mixins look for it', () => {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    const made = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores(), provisioning: Provisioning.CUSTOM_RESOURCE });
    expect(CfnLicenseConfiguration.isCfnLicenseConfiguration(made.node.defaultChild)).toBe(true);
  });
});

describe('the service timeout', () => {
  const timeouts = (stack: Stack) => Object.values(Template.fromStack(stack).toJSON().Resources as { [id: string]: any })
    .filter(({ Type }) => Type.startsWith('Custom::')).map(({ Type, Properties }) => [Type.replace('Custom::LicenseManager', ''), Properties.ServiceTimeout]);

  function licensed(): Stack {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    new LicenseConfiguration(stack, 'License', {
      licenseCounting: LicenseCounting.vcpus(), status: LicenseConfigurationStatus.AVAILABLE, provisioning: Provisioning.CUSTOM_RESOURCE,
    });
    return stack;
  }

  test('is that of the type', () => {
    expect(timeouts(licensed())).toEqual([['LicenseConfiguration', '300'], ['LicenseConfigurationStatus', '300']]);
  });

  test('is that of the user, who has it set on the L1: the function reads it from there', () => {
    const stack = licensed();
    for (const it of stack.node.findAll()) {
      if (CfnResource.isCfnResource(it) && /^Custom::|LicenseConfiguration$/.test(it.cfnResourceType)) {
        it.addPropertyOverride('ServiceTimeout', '900');
      }
    }
    expect(timeouts(stack)).toEqual([['LicenseConfiguration', '900'], ['LicenseConfigurationStatus', '900']]);
  });
});

test.each<[string, (stack: Stack) => Construct, type: string]>([
  ['ServiceSettings', stack => new ServiceSettings(stack, 'It', { discoveryRegions: ['us-east-1'] }), 'Custom::LicenseManagerServiceSettings'],
  ['ServiceLinkedRole', stack => new ServiceLinkedRole(stack, 'It'), 'Custom::LicenseManagerServiceLinkedRole'],
  ['OrganizationSharing', stack => new OrganizationSharing(stack, 'It'), 'Custom::LicenseManagerOrganizationSharing'],
  ['LinuxSubscriptionsSettings', stack => new LinuxSubscriptionsSettings(stack, 'It', { sourceRegions: ['us-east-1'] }),
    'Custom::LicenseManagerLinuxSubscriptionsSettings'],
  ['LicenseConfigurationAssociation', stack => new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: license(stack), resource: LicensedResource.fromMachineImageId(IMAGES[0]),
  }), ASSOCIATION],
  ['DelegatedAdministrator of one feature', stack => new DelegatedAdministrator(stack, 'It', {
    accountId: '444455556666', features: [AdministratorFeature.MANAGED_LICENSES],
  }), 'Custom::LicenseManagerDelegatedAdministrator'],
])('the default child of %s is its custom resource, which can be overridden', (_, make, type) => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const resource = make(stack).node.defaultChild as CfnResource;
  expect(CfnResource.isCfnResource(resource)).toBe(true);
  resource.addPropertyOverride('Overridden', true);
  Template.fromStack(stack).hasResourceProperties(type, { Overridden: true });
});
