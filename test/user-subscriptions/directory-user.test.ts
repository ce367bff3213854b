import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DirectoryUser, IdentityProvider, ProductSubscription, UserSubscriptionProduct } from '../../src';
import type { DirectoryUserOptions } from '../../src';
import { propertiesOf, stackIn } from '../settings/settings';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = stackIn(app);
});

const ARN = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';

function subscribe(users: DirectoryUser[], directoryId = 'd-0123456789', id = 'It', of = stack): ProductSubscription {
  return new ProductSubscription(of, id, {
    identityProvider: IdentityProvider.fromIdentityProviderAttributes(of, `Directory${id}`, {
      identityProviderArn: ARN, directoryId, product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
    }),
    users,
  });
}
const rendered = () => propertiesOf(stack, 'Custom::LicenseManagerProductSubscription').Users;
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
const twice = (name: string) =>
  `'${name}' is in users twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]`;

test('a user has a name, and a domain where it is another one', () => {
  subscribe([DirectoryUser.of('jane'), DirectoryUser.of('John.Doe', { domain: 'corp.example.com' }), DirectoryUser.of('Jörg O\'Neill', {})]);
  expect(rendered()).toEqual([{ Username: 'jane' }, { Username: 'John.Doe', Domain: 'corp.example.com' }, { Username: 'Jörg O\'Neill' }]);
  expect(warnings()).toEqual([]);
});

test('names may be known at the deployment only', () => {
  const name = new CfnParameter(stack, 'Name').valueAsString;
  subscribe([DirectoryUser.of(name, { domain: Fn.importValue('domain') }), DirectoryUser.of('a')]);
  expect(rendered()).toEqual([{ Username: { Ref: 'Name' }, Domain: { 'Fn::ImportValue': 'domain' } }, { Username: 'a' }]);
});

test('options that are changed later change nothing', () => {
  const options: { domain?: string } = { domain: 'corp.example.com' };
  const user = DirectoryUser.of('jane', options);
  options.domain = 'example.org';
  subscribe([user]);
  expect(rendered()).toEqual([{ Username: 'jane', Domain: 'corp.example.com' }]);
});

describe('a user who is in a list twice is written once, and a warning says so', () => {
  test.each<[string, () => DirectoryUser, () => DirectoryUser, name: string]>([
    ['by the name', () => DirectoryUser.of('jane'), () => DirectoryUser.of('jane'), 'jane'],
    ['in upper and lower case', () => DirectoryUser.of('jane'), () => DirectoryUser.of('JANE'), 'JANE'],
    ['with a domain', () => DirectoryUser.of('jane', { domain: 'corp.example.com' }), () => DirectoryUser.of('Jane', { domain: 'CORP.example.com' }), 'Jane@CORP.example.com'],
    ['by a token', () => DirectoryUser.of(new CfnParameter(stack, 'Name').valueAsString),
      () => DirectoryUser.of((stack.node.findChild('Name') as CfnParameter).valueAsString), 'Stack/Name'],
  ])('%s', (_, one, other, name) => {
    const first = one();
    subscribe([first, other()]);
    expect(rendered()).toHaveLength(1);
    expect(warnings()).toEqual([twice(name)]);
  });

  test('and added later', () => {
    subscribe([DirectoryUser.of('jane')]).addUser(DirectoryUser.of('jane'));
    expect(rendered()).toHaveLength(1);
    expect(warnings()).toEqual([twice('jane')]);
  });

  test('and not who has another domain', () => {
    subscribe([DirectoryUser.of('jane', { domain: 'corp.example.com' }), DirectoryUser.of('jane', { domain: 'example.org' })]);
    expect(rendered()).toHaveLength(2);
    expect(warnings()).toEqual([]);
  });
});

describe('a user who is in two lists is refused', () => {
  const message = (other: string, where: string) => `user 'jane' is in the list of '${other}', too, in ${where}: who is taken out of one would lose what the other declares. `
    + 'Leave the user out of one.';

  test('of two stacks of an account and a Region', () => {
    subscribe([DirectoryUser.of('jane')]);
    expect(() => subscribe([DirectoryUser.of('john'), DirectoryUser.of('jane')], undefined, 'It', stackIn(app, 'Other')))
      .toThrow(`Other/It: ${message('Stack/It', '111122223333/us-east-1')}`);
  });

  test('when it is added', () => {
    subscribe([DirectoryUser.of('jane')]);
    const other = subscribe([], undefined, 'It', stackIn(app, 'Other'));
    expect(() => other.addUser(DirectoryUser.of('jane'))).toThrow(`Other/It: ${message('Stack/It', '111122223333/us-east-1')}`);
  });

  test('and not of another directory, nor of another account, nor of stacks of which nobody knows where they are', () => {
    subscribe([DirectoryUser.of('jane')]);
    subscribe([DirectoryUser.of('jane')], 'd-9876543210', 'Other');
    for (const place of [new Stack(app, 'One'), new Stack(app, 'Two')]) {
      expect(() => subscribe([DirectoryUser.of('jane')], undefined, 'It', place)).not.toThrow();
    }
  });
});

describe('is refused', () => {
  test.each<[string, () => DirectoryUser, string]>([
    ['without a name', () => DirectoryUser.of(undefined as any), 'the name of a user is missing: there is no default for it. Set it.'],
    ['with an empty name', () => DirectoryUser.of(''), "the name of a user '' has 0 characters: it has to have at least 1. Write the name."],
    ['with a number as name', () => DirectoryUser.of(5 as any), 'the name of a user is 5: it has to be a text. Write it as a text.'],
    ['with a number as domain', () => DirectoryUser.of('jane', { domain: 5 as any }), "domain of user 'jane' is 5: it has to be a text. Write it as a text."],
    ['with a text as options', () => DirectoryUser.of('jane', 'corp.example.com' as DirectoryUserOptions),
      "options of DirectoryUser.of() is the text 'corp.example.com': it has to be an object with properties. Name each value."],
    ['as a text', () => 'jane' as any, "users[0] is the text 'jane': it has to be of the class DirectoryUser. Use what DirectoryUser has."],
  ])('%s, by who takes it', (_, make, text) => {
    const user = make();
    expect(() => subscribe([user])).toThrow(`Stack/It: ${text}`);
  });

  test('when it is added, too', () => {
    const subscription = subscribe([]);
    expect(() => subscription.addUser('jane' as any)).toThrow(
      "Stack/It: user is the text 'jane': it has to be of the class DirectoryUser. Use what DirectoryUser has.");
    expect(() => subscription.addUser(undefined as any)).toThrow('Stack/It: user is missing: there is no default for it. Set it.');
  });
});

test('a domain that is misspelled causes a warning', () => {
  subscribe([DirectoryUser.of('jane', { Domain: 'corp.example.com' } as DirectoryUserOptions)]);
  expect(warnings()).toEqual([
    "Domain of user 'jane' is no property of it, and nothing becomes of it. Write domain if that is what was meant. [ack: cdk-license-manager:unknownProperty]",
  ]);
});
