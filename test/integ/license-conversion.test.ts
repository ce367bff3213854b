import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describeStacks, ENV } from './stacks';
import { LicenseConversionPath, LicenseConversionWorkflow } from '../../src';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'Conversion', { env: ENV });
  const workflow = new LicenseConversionWorkflow(stack, 'ToByol', {
    path: LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL,
    stopInstances: true,
    concurrency: 10,
    maximumFailures: 5,
    conversionTimeout: Duration.hours(4),
    notify: new Topic(stack, 'Topic', { enforceSSL: true, masterKey: new Key(stack, 'Key', { enableKeyRotation: true }) }),
    requireApproval: true,
    approvalTimeout: Duration.days(7),
    stateMachineName: 'to-byol',
  });
  workflow.grants.start(Role.fromRoleName(stack, 'Operator', 'operator'));
  workflow.grants.approve(Role.fromRoleName(stack, 'Approver', 'approver'));
  return stack;
}

/** The construct with nothing but what it requires. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new LicenseConversionWorkflow(stack, 'ToPro', { path: LicenseConversionPath.ubuntuLtsToProForever() });
  return stack;
}

describeStacks({
  'everything of license type conversion': {
    define: everything,
    check: (template) => {
      template.hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineName: 'to-byol', TracingConfiguration: { Enabled: true } });
      template.resourceCountIs('AWS::Lambda::Function', 0);
    },
  },
  'the defaults of license type conversion': {
    define: defaults,
    check: (template) => {
      template.hasResourceProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: Match.objectLike({ Level: 'ALL' }) });
      template.resourceCountIs('AWS::SNS::Topic', 0);
    },
  },
});
