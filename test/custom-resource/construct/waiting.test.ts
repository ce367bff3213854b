import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ManagedResource } from '../../../src/custom-resource/construct/managed-resource';
import { DEFINITIONS } from '../../../src/custom-resource/contract/definitions';
import { madeUp } from '../made-up/definition';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:token-AbCdEf';
const REPORT = `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0'.repeat(32)}`;

function statements(stack: Stack): any[] {
  const template = Template.fromStack(stack);
  return ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'].flatMap(type => Object.values(template.findResources(type)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

test('a function that waits may invoke itself, and look at the resources of its own stack', () => {
  const app = new App();
  const stack = new Stack(app, 'Settings', { env: { account: '111122223333', region: 'us-east-1' } });
  new ManagedResource(stack, 'Settings', {
    definition: madeUp, properties: { LinuxSubscriptionsDiscovery: 'Enabled', SecretArn: SECRET, Token: '{{resolve:secretsmanager:token}}' },
  });
  const found = statements(stack);
  expect(found).toContainEqual({
    Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CdkLicenseManagerFunction/), 'Arn'] },
  });
  expect(found).toContainEqual({ Effect: 'Allow', Action: 'cloudformation:DescribeStackResource', Resource: { Ref: 'AWS::StackId' } });
  expect(found).toContainEqual({ Effect: 'Allow', Action: ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'], Resource: SECRET });
  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
});

test('a function that neither waits nor takes anything away, and whose changes can be taken back, may do neither', () => {
  const stack = new Stack(new App(), 'Location', { env: { account: '111122223333', region: 'us-east-1' } });
  new ManagedResource(stack, 'Location', { definition: DEFINITIONS.reportGeneratorLocation, properties: { ReportGeneratorArn: REPORT } });
  expect(JSON.stringify(statements(stack))).not.toMatch(/lambda:|cloudformation:/);
});
