import type { Stack } from 'aws-cdk-lib';
import { CfnInstance, MachineImage, WindowsVersion } from 'aws-cdk-lib/aws-ec2';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { LicenseConversionPath, LicenseConversionWorkflow } from '../../../src';
import { brief, check } from '../report';

const RULE = 'ConversionTargetImpossible';
const windows = MachineImage.latestWindows(WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE);
const OWN = 'ami-0123456789abcdef0';

/** An instance that a workflow of a path converts once, by its id. */
function converted(stack: Stack, path: LicenseConversionPath, props: Partial<ConstructorParameters<typeof CfnInstance>[2]> = {}) {
  const instance = new CfnInstance(stack, 'It', { imageId: OWN, instanceType: 'm5.xlarge', ...props });
  const { stateMachine } = new LicenseConversionWorkflow(stack, 'Workflow', { path });
  new Rule(stack, 'Once', {
    schedule: Schedule.expression('at(2030-01-01T00:00:00)'),
    targets: [new SfnStateMachine(stateMachine, { input: RuleTargetInput.fromObject({ instanceIds: [instance.ref] }) })],
  });
}

test.each<[string, LicenseConversionPath, Partial<ConstructorParameters<typeof CfnInstance>[2]>, string]>([
  ['Windows BYOL on shared tenancy', LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL, { tenancy: 'default' }, 'Windows Server BYOL is not permitted on shared tenancy'],
  ['SQL Server on a Dedicated Host', LicenseConversionPath.WINDOWS_INCLUDED_TO_SQL_SERVER_WEB, { tenancy: 'host' }, 'cannot run on a Dedicated Host'],
  ['SQL Server on too few vCPUs', LicenseConversionPath.WINDOWS_BYOL_TO_SQL_SERVER_STANDARD, { instanceType: 'm5.large' }, 'needs 4 vCPUs, of which it has 2'],
])('%s is found', (_, path, props, message) => {
  const [finding, ...others] = check(RULE, stack => converted(stack, path, props));

  expect(others).toEqual([]);
  expect(finding).toMatchObject({ path: 'Stack/It', severity: 'error' });
  expect(finding.message).toContain(message);
});

test('an image of Amazon is found where it would become BYOL, or another system', () => {
  const imaged = (path: LicenseConversionPath) => check(RULE, stack => converted(stack, path, { imageId: windows.getImage(stack).imageId, tenancy: 'host' }));

  expect(imaged(LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL)[0].message).toContain("it is launched from an image of Amazon's");
  expect(imaged(LicenseConversionPath.ubuntuLtsToProForever())[0].message).toContain('is of another system');
  expect(check(RULE, stack => converted(stack, LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL, {
    imageId: MachineImage.fromSsmParameter('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64').getImage(stack).imageId, tenancy: 'host',
  }))[0].message).toContain('is of another system');
});

test.each<[string, LicenseConversionPath, object]>([
  ['Windows BYOL on a Dedicated Host', LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL, { tenancy: 'host' }],
  ['Windows included on shared tenancy', LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, { tenancy: 'default' }],
  ['SQL Server on a Dedicated Instance', LicenseConversionPath.WINDOWS_INCLUDED_TO_SQL_SERVER_WEB, { tenancy: 'dedicated' }],
  ['Windows BYOL where the VPC decides', LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL, {}],
])('%s is right', (_, path, props) => {
  expect(check(RULE, stack => converted(stack, path, props))).toEqual([]);
});

describe('an instance is named', () => {
  const instance = (stack: Stack, props = {}) => new CfnInstance(stack, 'It', { imageId: OWN, instanceType: 'm5.large', tenancy: 'default', ...props });
  const CONTEXTS = { SourceLicenseContext: { UsageOperation: 'RunInstances:0002' }, DestinationLicenseContext: { UsageOperation: 'RunInstances:0800' } };

  test('by a tag', () => {
    const tagged = (stack: Stack, value: string) => {
      instance(stack, { tags: [{ key: 'license', value: 'byol' }] });
      const { stateMachineArn: arn } = new LicenseConversionWorkflow(stack, 'Workflow', { path: LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL });
      new CfnSchedule(stack, 'Once', {
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'at(2030-01-01T00:00:00)',
        target: { arn, roleArn: 'arn:aws:iam::111122223333:role/scheduler', input: JSON.stringify({ tag: { key: 'license', value } }) },
      });
    };

    expect(brief(check(RULE, stack => tagged(stack, 'byol')))).toEqual(['error Stack/It']);
    expect(check(RULE, stack => tagged(stack, 'other'))).toEqual([]);
  });

  test('by a call while it is deployed', () => {
    expect(brief(check(RULE, stack => new AwsCustomResource(stack, 'Call', {
      onCreate: {
        service: '@aws-sdk/client-license-manager',
        action: 'CreateLicenseConversionTaskForResource',
        physicalResourceId: PhysicalResourceId.of('it'),
        parameters: { ResourceArn: `arn:aws:ec2:us-east-1:111122223333:instance/${instance(stack).ref}`, ...CONTEXTS },
      },
      policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
    })))).toEqual(['error Stack/It']);
  });

  test('by a state machine of another', () => {
    expect(brief(check(RULE, stack => new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromString(stack.toJsonString({
        StartAt: 'Convert',
        States: {
          Convert: {
            Type: 'Task',
            Resource: 'arn:aws:states:::aws-sdk:licensemanager:createLicenseConversionTaskForResource',
            End: true,
            Parameters: { ResourceArn: `arn:aws:ec2:us-east-1:111122223333:instance/${instance(stack).ref}`, ...CONTEXTS },
          },
        },
      })),
    })))).toEqual(['error Stack/It']);
  });
});
