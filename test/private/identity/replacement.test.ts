import { App, CfnOutput, CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { replaceWhenChanged } from '../../../src/private/identity/replacement';

/** A stack with one resource, and what refers to it. */
function synthesize(value: unknown, id = 'Resource'): { logicalId: string; output: unknown } {
  const stack = new Stack(new App(), 'Stack');
  const resource = new CfnResource(stack, id, { type: 'AWS::SNS::Topic' });
  new CfnOutput(stack, 'Output', { value: resource.ref });
  replaceWhenChanged(resource, () => [value].flat());
  const template = Template.fromStack(stack);
  return { logicalId: Object.keys(template.findResources('AWS::SNS::Topic'))[0], output: template.toJSON().Outputs.Output.Value };
}

test('the same properties are the same resource, and others are another one', () => {
  const one = synthesize(['a', 'b']);
  expect(one.logicalId).toMatch(/^Resource[0-9A-F]{8}$/);
  expect(synthesize(['a', 'b'])).toEqual(one);
  expect(synthesize(['a', 'c']).logicalId).not.toBe(one.logicalId);
});

test('what refers to the resource follows it', () => {
  const { logicalId, output } = synthesize('a');
  expect(output).toEqual({ Ref: logicalId });
});

test('a token stands for what the template says', () => {
  const reference = (name: string) => Token.asString({ Ref: name });
  expect(synthesize(reference('A'))).toEqual(synthesize(reference('A')));
  expect(synthesize(reference('A')).logicalId).not.toBe(synthesize(reference('B')).logicalId);
});

test('a renamed logical id is renamed before', () => {
  const stack = new Stack(new App(), 'Stack');
  const resource = new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic' });
  stack.renameLogicalId('Resource', 'Renamed');
  replaceWhenChanged(resource, () => ['a']);
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toEqual([expect.stringMatching(/^Renamed[0-9A-F]{8}$/)]);
});

test('a logical id gets no longer than CloudFormation allows, and stays unique', () => {
  const id = 'A'.repeat(255);
  const { logicalId } = synthesize('a', id);
  expect(logicalId).toHaveLength(255);
  expect(logicalId.slice(0, -8)).toBe(id.slice(-247));
});

test.each([
  ['another one', ['a', 'b'], ['a', 'c']], ['one more', ['a'], ['a', 'b']], ['one less', ['a', 'b'], ['a']],
])('properties that change after the id was asked for change it: %s', (_, before, after) => {
  const stack = new Stack(new App(), 'Stack');
  const resource = new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic' });
  let values = before;
  replaceWhenChanged(resource, () => values);
  const idOf = () => stack.resolve(resource.ref).Ref as string;

  expect(idOf()).toBe(synthesize(before).logicalId);
  values = after;
  expect(idOf()).toBe(synthesize(after).logicalId);
});

test('a resource follows the change of another one that it refers to, also after its id was asked for', () => {
  const stack = new Stack(new App(), 'Stack');
  const [license, grant] = ['License', 'Grant'].map(id => new CfnResource(stack, id, { type: 'AWS::SNS::Topic' }));
  let product = 'a';
  replaceWhenChanged(license, () => [product]);
  replaceWhenChanged(grant, () => [license.ref]);
  const idOf = (resource: CfnResource) => stack.resolve(resource.ref).Ref as string;

  const [licenseBefore, grantBefore] = [idOf(license), idOf(grant)];
  expect([idOf(license), idOf(grant)]).toEqual([licenseBefore, grantBefore]);
  product = 'b';
  expect(idOf(grant)).not.toBe(grantBefore);
  expect(idOf(license)).not.toBe(licenseBefore);
  product = 'a';
  expect([idOf(license), idOf(grant)]).toEqual([licenseBefore, grantBefore]);
});

test.each<[string, (produce: () => string) => unknown]>([
  ['text', produce => Lazy.uncachedString({ produce })], ['object', produce => Lazy.uncachedAny({ produce: () => ({ Fn: produce() }) })],
])('a token that stands for another %s the next time changes the id, also beside a reference', (_, lazy) => {
  const stack = new Stack(new App(), 'Stack');
  const [license, grant] = ['License', 'Grant'].map(id => new CfnResource(stack, id, { type: 'AWS::SNS::Topic' }));
  replaceWhenChanged(license, () => ['a']);
  let now = 'x';
  const value = lazy(() => now);
  replaceWhenChanged(grant, () => [license.ref, value]);

  const before = stack.resolve(grant.ref);
  now = 'y';
  expect(stack.resolve(grant.ref)).not.toEqual(before);
  now = 'x';
  expect(stack.resolve(grant.ref)).toEqual(before);
});

test('a reference to a resource whose id stays is the same each time', () => {
  const stack = new Stack(new App(), 'Stack');
  const [topic, grant] = ['Topic', 'Grant'].map(id => new CfnResource(stack, id, { type: 'AWS::SNS::Topic' }));
  replaceWhenChanged(grant, () => [topic.ref]);
  const before = stack.resolve(grant.ref);

  expect(stack.resolve(grant.ref)).toEqual(before);
  topic.overrideLogicalId('Renamed');
  expect(stack.resolve(grant.ref)).not.toEqual(before);
});

describe('an escape hatch', () => {
  const made = (change: (resource: CfnResource) => void) => {
    const stack = new Stack(new App(), 'Stack');
    const resource = new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic', properties: { DisplayName: 'a' } });
    replaceWhenChanged(resource, () => ['a'], 'DisplayName', 'TopicName');
    change(resource);
    return { stack, logicalId: Object.keys(Template.fromStack(stack).findResources('AWS::SNS::Topic'))[0] };
  };
  const plain = () => made(() => undefined);

  test('that overrides a property replaces the resource, as a change of the property does', () => {
    const ids = ['b', 'c'].map(name => made(resource => resource.addPropertyOverride('DisplayName', name)).logicalId);
    expect(new Set([plain().logicalId, ...ids]).size).toBe(3);
    expect(made(resource => resource.addPropertyOverride('DisplayName', 'b')).logicalId).toBe(ids[0]);
  });

  test('that overrides another property does not', () => {
    expect(made(resource => resource.addPropertyOverride('Tags', [])).logicalId).toBe(plain().logicalId);
  });

  test('that overrides the logical id causes a warning', () => {
    const { stack, logicalId } = made(resource => resource.overrideLogicalId('Fixed'));
    expect(logicalId).toBe('Fixed');
    Annotations.fromStack(stack).hasWarning('/Stack/Resource',
      'The logical id was overridden with \'Fixed\': a change of DisplayName or TopicName is taken by CloudFormation and does nothing, since License ' +
      'Manager cannot change it. Leave the logical id as it is, or override it with another one together with such a change. ' +
      '[ack: cdk-license-manager:logicalIdWithoutReplacement]');
    Annotations.fromStack(plain().stack).hasNoWarning('*', Match.anyValue());
  });
});
