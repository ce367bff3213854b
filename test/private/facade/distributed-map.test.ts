import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { letMapStartExecutions } from '../../../src/private/facade/distributed-map';

function make(app: App): Stack {
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  const machine = new StateMachine(stack, 'Machine', { role, definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) });
  letMapStartExecutions(stack, role, machine, 'Items');
  return stack;
}

const NEEDED = ['states:StartExecution', 'states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'];

test('the map of a state machine may start executions, by a policy of its own', () => {
  const policies = Object.values(Template.fromStack(make(new App())).findResources('AWS::IAM::Policy'));

  expect(policies.map(({ Properties }) => Properties.Roles)).toEqual([[{ Ref: expect.stringMatching('^Role') }]]);
  expect(policies[0].Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action)).toEqual(NEEDED);
});

test('where roles are made by others, there is no policy, and the report tells what is needed', () => {
  const app = new App();
  Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'precreated' } });
  Template.fromStack(make(app)).resourceCountIs('AWS::IAM::Policy', 0);

  const { roles } = JSON.parse(readFileSync(join(app.outdir, 'iam-policy-report.json'), 'utf8'));
  expect(roles).toHaveLength(1);
  for (const action of NEEDED) {
    expect(JSON.stringify(roles[0].identityPolicyStatements)).toContain(action);
  }
});
