import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CfnStackSet } from 'aws-cdk-lib/aws-cloudformation';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describeStacks, ENV } from './stacks';
import { LicenseConversionPath, LicenseConversionRole, LicenseConversionWorkflow } from '../../src';

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

/** The workflow for several accounts, the role in them, and the stack set that has it there. */
function members(app: App): Stack {
  const stack = new Stack(app, 'Members', { env: ENV });
  const organizationId = 'o-exampleorgid';
  new LicenseConversionWorkflow(stack, 'ToIncluded', {
    path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, memberOrganizationId: organizationId, maximumFailures: 5, roleName: 'license-conversion',
  });
  new LicenseConversionWorkflow(stack, 'ToPro', { path: LicenseConversionPath.ubuntuLtsToProForever(), memberAccountIds: ['444455556666'] });
  new LicenseConversionRole(stack, 'Role', { workflowAccountId: '777788889999', workflowRoleName: 'license-conversion', roleName: 'converter' });
  new CfnStackSet(stack, 'Roles', {
    stackSetName: 'license-conversion',
    permissionModel: 'SERVICE_MANAGED',
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    capabilities: ['CAPABILITY_NAMED_IAM'],
    stackInstancesGroup: [{ deploymentTargets: { organizationalUnitIds: ['ou-abcd-11111111'] }, regions: [ENV.region] }],
    templateBody: LicenseConversionRole.stackSetTemplate({ workflowAccountId: ENV.account, workflowRoleName: 'license-conversion', organizationId }),
  });
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
  'license type conversion in several accounts': {
    define: members,
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::Function', 0);
      template.hasResourceProperties('AWS::IAM::Role', { RoleName: 'license-conversion' });
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
