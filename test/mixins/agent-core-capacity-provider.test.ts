import { App, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnCapacityProvider } from 'aws-cdk-lib/aws-bedrockagentcore';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { LicenseConfiguration, mixins } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicenses, makeStackWithLicenses, specified } from '../license-configuration/licenses';

const TYPE = 'AWS::BedrockAgentCore::CapacityProvider';

let app: App;
let stack: Stack;
let windows: CfnLicenseConfiguration;
let sql: CfnLicenseConfiguration;

beforeEach(() => {
  ({ app, stack, windows, sql } = makeStackWithLicenses());
});

const LAUNCH_PARAMETERS: CfnCapacityProvider.LaunchParametersProperty = {
  operatingSystem: 'LINUX_X86_64', instanceRequirements: { allowedInstanceTypes: ['m6i.large'] },
};

function l1(launchTemplateSource: CfnCapacityProvider.Ec2ConfigurationProperty['launchTemplateSource'] = { launchParameters: LAUNCH_PARAMETERS }) {
  return new CfnCapacityProvider(stack, 'Capacity', {
    name: 'agents',
    permissionsConfiguration: { capacityProviderOperatorRoleArn: 'arn:aws:iam::111122223333:role/agents' },
    computeConfiguration: {
      ec2Configuration: {
        launchTemplateSource,
        vpcConfiguration: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] },
      },
    },
  });
}

function expectLicenses(...licenses: unknown[]) {
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    ComputeConfiguration: {
      Ec2Configuration: {
        LaunchTemplateSource: { LaunchParameters: { OperatingSystem: 'LINUX_X86_64', LicenseSpecifications: specified(...licenses) } },
        VpcConfiguration: { Subnets: ['subnet-0123456789abcdef0'] },
      },
    },
  });
}

test('licenses come after those that are there, each once', () => {
  const mixin = new mixins.AgentCoreCapacityProviderLicenses([new ImportedLicense(stack, 'Imported'), windows]);
  l1({ launchParameters: { ...LAUNCH_PARAMETERS, licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] } })
    .with(mixin, new mixins.AgentCoreCapacityProviderLicenses([sql]), mixin);
  expectLicenses(LICENSE_ARN, { Ref: 'Sql' }, { Ref: 'Windows' });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('what is known only in the end keeps what it has', () => {
  l1(Lazy.any({ produce: () => ({ launchParameters: Lazy.any({ produce: () => LAUNCH_PARAMETERS }) }) }))
    .with(new mixins.AgentCoreCapacityProviderLicenses([windows]));
  expectLicenses({ Ref: 'Windows' });
});

test('all of a tree get them', () => {
  l1();
  stack.with(new mixins.AgentCoreCapacityProviderLicenses([windows]));
  expectLicenses({ Ref: 'Windows' });
});

test('an empty list attaches nothing, and causes a warning', () => {
  l1().with(new mixins.AgentCoreCapacityProviderLicenses([]));
  app.synth();
  Annotations.fromStack(stack).hasWarning('/Stack/Capacity',
    'A mixin was to attach licenses to it, and was given none. Pass the licenses to attach, or leave the mixin out. [ack: cdk-license-manager:mixinWithoutLicense]');
});

test('a license of another Region is refused', () => {
  const license = new ImportedLicense(stack, 'Imported', LICENSE_ARN.replace('us-east-1', 'us-west-2'));
  expect(() => l1().with(new mixins.AgentCoreCapacityProviderLicenses([license]))).toThrow("Stack/Capacity: license 'Stack/Imported' is in Region 'us-west-2'");
});

test('five licenses are taken', () => {
  l1().with(new mixins.AgentCoreCapacityProviderLicenses(makeLicenses(stack, 5)));
  expect(() => app.synth()).not.toThrow();
});

test('six licenses are refused, also of two mixins', () => {
  const [first, ...others] = makeLicenses(stack, 6);
  l1().with(new mixins.AgentCoreCapacityProviderLicenses([first]), new mixins.AgentCoreCapacityProviderLicenses(others));
  expect(() => app.synth()).toThrow('[Stack/Capacity] it gets 6 licenses: it can have at most 5. Attach fewer.');
});

test('licenses that have still to be looked up are not counted', () => {
  const found = Array.from({ length: 6 }, (_, index) => LicenseConfiguration.fromLookup(stack, `Found${index}`, { licenseConfigurationName: `license-${index}` }));
  Validations.of(stack).acknowledge({ id: 'CloudFormation-Validate::F3032', reason: 'aws-cdk-lib counts them' });
  l1().with(new mixins.AgentCoreCapacityProviderLicenses(found));
  expect(app.synth().manifest.missing).toHaveLength(6);
});

describe('without what the licenses are a part of, it is refused by the path of what is missing', () => {
  const NOTHING = undefined as any;
  const MISSING: [string, any][] = [
    ['computeConfiguration', NOTHING],
    ['computeConfiguration', null],
    ['computeConfiguration.ec2Configuration', {}],
    ['computeConfiguration.ec2Configuration.launchTemplateSource', { ec2Configuration: {} }],
    ['computeConfiguration.ec2Configuration.launchTemplateSource.launchParameters', { ec2Configuration: { launchTemplateSource: {} } }],
  ];
  const attach = (computeConfiguration: any) => {
    const provider = l1();
    provider.computeConfiguration = computeConfiguration;
    provider.with(new mixins.AgentCoreCapacityProviderLicenses([windows]));
  };

  test.each(MISSING)('%s of %j', (path, computeConfiguration) => {
    expect(() => attach(computeConfiguration)).toThrow(`Stack/Capacity: ${path} is missing: there is no default for it. Set it.`);
  });

  test.each(MISSING)('%s of %j, known only in the end', (path, computeConfiguration) => {
    attach(Lazy.any({ produce: () => computeConfiguration }));
    expect(() => app.synth()).toThrow(`Stack/Capacity: ${path} is missing: there is no default for it. Set it.`);
  });
});
