import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** A stack of a known account and Region. */
export function stackIn(app: App = new App(), id: string = 'Stack', { account = ACCOUNT, region = REGION } = {}): Stack {
  return new Stack(app, id, { env: { account, region } });
}

/** What is the stack's, or was that of a former one of its name: the condition of what changes it. */
export const OWN_OF_NAME = {
  StringLike: {
    'aws:ResourceTag/cdk-license-manager:stack-id': {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudformation:${REGION}:${ACCOUNT}:stack/`, { Ref: 'AWS::StackName' }, '/*']],
    },
  },
};

/** The properties of the only resource of a type, without what every custom resource has. */
export function propertiesOf(stack: Stack, type: string): { readonly [name: string]: any } {
  const [{ Properties: { ServiceToken, ServiceTimeout, ...properties } }] = Object.values(Template.fromStack(stack).findResources(type)) as any[];
  return properties;
}

/** What the function may do besides what every one may: actions with what they are on, and under which conditions. */
export function permissionsOf(stack: Stack): { readonly [action: string]: { readonly Resource: any; readonly Condition?: any }[] } {
  const template = Template.fromStack(stack);
  const found: { [action: string]: { Resource: any; Condition?: any }[] } = {};
  for (const { Properties } of [...Object.values(template.findResources('AWS::IAM::Policy')), ...Object.values(template.findResources('AWS::IAM::RolePolicy'))]) {
    for (const { Action, Resource, Condition } of Properties.PolicyDocument.Statement) {
      for (const action of [Action].flat().filter(name => !/^(cloudformation|logs):/.test(name))) {
        (found[action] ??= []).push({ Resource, ...Condition && { Condition } });
      }
    }
  }
  return found;
}
