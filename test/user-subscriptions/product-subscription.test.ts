import { App, Aws, BootstraplessSynthesizer, CfnParameter, CfnResource, Duration, Fn, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnMicrosoftAD } from 'aws-cdk-lib/aws-directoryservice';
import { Construct } from 'constructs';
import { DirectoryUser, IdentityProvider, ProductSubscription, UserDirectory, UserSubscriptionProduct } from '../../src';
import type { IIdentityProvider, ProductSubscriptionProps } from '../../src';
import { OWN_OF_NAME, permissionsOf, propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerProductSubscription';
const ARN = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';
const DIRECTORY = 'd-0123456789';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = stackIn(app);
});

function imported({ arn = ARN, directoryId = DIRECTORY, product = UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES } = {}): IIdentityProvider {
  return IdentityProvider.fromIdentityProviderAttributes(stack, `Directory${stack.node.children.length}`, { identityProviderArn: arn, directoryId, product });
}
function registered(directory = UserDirectory.awsManaged(DIRECTORY), scope = stack): IdentityProvider {
  return new IdentityProvider(scope, 'Directory', { product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory });
}
function subscribe(props: Partial<ProductSubscriptionProps> = {}, id = 'It', scope: Construct = stack): ProductSubscription {
  return new ProductSubscription(scope, id, {
    identityProvider: 'identityProvider' in props ? props.identityProvider! : imported(), users: [DirectoryUser.of('jane')], ...props,
  });
}
const declared = () => propertiesOf(stack, TYPE);
const idsOf = (type = TYPE, of = stack) => Object.keys(Template.fromStack(of).findResources(type));
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

test('subscribes the users of a directory to its product', () => {
  subscribe({ users: [DirectoryUser.of('jane'), DirectoryUser.of('john', { domain: 'corp.example.com' })] });
  expect(declared()).toEqual({
    DirectoryId: DIRECTORY,
    Product: 'REMOTE_DESKTOP_SERVICES',
    IdentityProviderArn: ARN,
    Users: [{ Username: 'jane' }, { Username: 'john', Domain: 'corp.example.com' }],
  });
  Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '3600' }, DeletionPolicy: 'Delete' });
  expect(warnings()).toEqual([]);
});

test('may do nothing but that, with what the stack has subscribed', () => {
  subscribe();
  const subscriptions = {
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':license-manager-user-subscriptions:us-east-1:111122223333:product-subscription/*']] },
  };
  const own = { ...subscriptions, Condition: OWN_OF_NAME };
  expect(permissionsOf(stack)).toEqual({
    'license-manager-user-subscriptions:ListProductSubscriptions': [{ Resource: ARN }],
    'license-manager-user-subscriptions:StartProductSubscription': [{ Resource: ARN }],
    'license-manager-user-subscriptions:StopProductSubscription': expect.arrayContaining([{ Resource: ARN }, own]),
    'license-manager-user-subscriptions:ListTagsForResource': [subscriptions],
    'license-manager-user-subscriptions:TagResource': [own, {
      ...subscriptions,
      Condition: {
        StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': { Ref: 'AWS::StackId' } },
        Null: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'true', 'aws:ResourceTag/aws:cloudformation:stack-id': 'true' },
      },
    }],
    'license-manager-user-subscriptions:ListInstances': [{ Resource: '*' }],
    'license-manager-user-subscriptions:ListUserAssociations': [{ Resource: ARN }],
    // To go on waiting in another invocation of itself.
    'lambda:InvokeFunction': [{ Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CdkLicenseManagerFunction/), 'Arn'] } }],
  });
  expect(permissionsOf(stack)['license-manager-user-subscriptions:StopProductSubscription']).toHaveLength(2);
});

test('of a directory that the app registers comes after it', () => {
  const identityProvider = registered();
  subscribe({ identityProvider });
  expect(declared()).toMatchObject({ DirectoryId: DIRECTORY, IdentityProviderArn: { 'Fn::GetAtt': [idsOf('Custom::LicenseManagerIdentityProvider')[0], 'IdentityProviderArn'] } });
  expect(warnings()).toEqual([]);
});

test('of a directory of the app, or of what is known at the deployment only, refers to that', () => {
  const directory = new CfnMicrosoftAD(stack, 'MicrosoftAD', {
    name: 'corp.example.com',
    password: '{{resolve:secretsmanager:directory}}',
    vpcSettings: { subnetIds: ['subnet-01234567', 'subnet-12345678'], vpcId: 'vpc-01234567' },
  });
  subscribe({ identityProvider: imported({ arn: Fn.importValue('arn'), directoryId: directory.ref, product: UserSubscriptionProduct.of(new CfnParameter(stack, 'Product').valueAsString) }) });
  expect(declared()).toMatchObject({ DirectoryId: { Ref: 'MicrosoftAD' }, Product: { Ref: 'Product' }, IdentityProviderArn: { 'Fn::ImportValue': 'arn' } });
  expect(permissionsOf(stack)['license-manager-user-subscriptions:StartProductSubscription']).toEqual([{ Resource: { 'Fn::ImportValue': 'arn' } }]);
});

test('takes no user', () => {
  subscribe({ users: [] });
  expect(declared().Users).toEqual([]);
});

test('takes more users later', () => {
  const subscription = subscribe({ users: [] });
  subscription.addUser(DirectoryUser.of('jane'));
  subscription.addUser(DirectoryUser.of('john'));
  expect(declared().Users).toEqual([{ Username: 'jane' }, { Username: 'john' }]);
});

test('has tags of its own and of its stack', () => {
  const subscription = subscribe();
  Tags.of(app).add('team', 'desktop');
  Tags.of(subscription).add('cost', '4711');
  expect(declared().Tags).toEqual([{ Key: 'cost', Value: '4711' }, { Key: 'team', Value: 'desktop' }]);
});

test('has its removal policy and its time, and what was injected', () => {
  PropertyInjectors.of(stack).add({
    constructUniqueId: ProductSubscription.PROPERTY_INJECTION_ID, inject: (props: any) => ({ removalPolicy: RemovalPolicy.RETAIN, ...props }),
  });
  subscribe({ timeout: Duration.minutes(5) });
  Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '300' }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('can be overridden where that of any other construct is', () => {
  (subscribe().node.defaultChild as CfnResource).addPropertyOverride('Product', 'OFFICE_STANDARD');
  expect(declared().Product).toBe('OFFICE_STANDARD');
});

test('is known as one, and nothing else is', () => {
  expect([subscribe(), stack, {}, undefined].map(it => ProductSubscription.isProductSubscription(it))).toEqual([true, false, false, false]);
});

describe('the logical id', () => {
  const idOf = (identityProvider: () => IIdentityProvider, id = 'It', scope?: () => Construct) => {
    app = new App();
    stack = stackIn(app);
    subscribe({ identityProvider: identityProvider(), users: [] }, id, scope?.());
    return idsOf()[0];
  };

  test('says which directory and product it is of, and not where the construct is, nor whose users', () => {
    const one = idOf(() => imported());
    expect(one).toMatch(/^ProductSubscription[0-9A-F]{16}$/);
    expect(idOf(() => registered(), 'Renamed')).toBe(one);
    expect(idOf(() => imported({ arn: `${ARN}1` }), 'Moved', () => new Construct(stack, 'Below'))).toBe(one);
    expect(idOf(() => imported({ directoryId: 'd-9876543210' }))).not.toBe(one);
    expect(idOf(() => imported({ product: UserSubscriptionProduct.OFFICE_STANDARD }))).not.toBe(one);
  });

  test('is there once in a stack, and in any other', () => {
    subscribe();
    expect(() => subscribe({ users: [] }, 'Again')).toThrow(
      "Stack/Again: 'Stack/It' declares it already, and there is one of it: the removal of one of the two would remove both. Add the users of both to one: users, or addUser().");
    stack = stackIn(app, 'Other');
    expect(() => subscribe({ users: [] })).not.toThrow();
  });
});

describe('is refused', () => {
  const REASON = (what: string) => `a subscription is ${what}`;

  test.each<[string, () => unknown, string]>([
    ['for an identity provider of another Region', () => subscribe({ identityProvider: imported({ arn: ARN.replace('us-east-1', 'us-west-2') }) }),
      `the identity provider is in Region 'us-west-2' and the stack in 'us-east-1': ${REASON('in the Region of its identity provider')}. Declare it in a stack of 'us-west-2'.`],
    ['for an identity provider of another account', () => subscribe({ identityProvider: imported({ arn: ARN.replace('111122223333', '444455556666') }) }),
      `the identity provider belongs to account '444455556666' and the stack to '111122223333': ${REASON('of the account that has registered the directory')}, and so are its `
      + "subscriptions. Declare it in a stack of '444455556666'; a directory that it shares is registered anew, and has another ARN."],
    ['for one of the app in another Region', () => subscribe({ identityProvider: registered(undefined, stackIn(app, 'West', { region: 'us-west-2' })) }),
      `the identity provider is in Region 'us-west-2' and the stack in 'us-east-1': ${REASON('in the Region of its identity provider')}. Declare it in a stack of 'us-west-2'.`],
    ['for one of the app in another account', () => subscribe({ identityProvider: registered(undefined, stackIn(app, 'Owner', { account: '444455556666' })) }),
      "the identity provider belongs to account '444455556666' and the stack to '111122223333': a subscription is of the account"],
    ['for a time out of its range', () => subscribe({ timeout: Duration.seconds(0) }),
      'timeout is 0 seconds: CloudFormation waits from 1 second to 1 hour, in whole seconds. Correct it.'],
    ['for a snapshot', () => subscribe({ removalPolicy: RemovalPolicy.SNAPSHOT }),
      "removalPolicy is 'snapshot': there are no snapshots of a subscription. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN."],
    ['for no identity provider', () => subscribe({ identityProvider: undefined }), 'identityProvider is missing: there is no default for it. Set it.'],
    ['for an ARN', () => subscribe({ identityProvider: 'arn' as any }),
      "identityProvider is the text 'arn': it has to be an identity provider. Use an IdentityProvider, or import one with IdentityProvider.fromIdentityProviderAttributes()."],
    ['for no users', () => subscribe({ users: undefined }), 'users is missing: there is no default for it. Set it.'],
    ['for a user who is no list', () => subscribe({ users: DirectoryUser.of('jane') as any }),
      'users is an object of the class DirectoryUser: it has to be a list. Write it as a list, even of one.'],
    ['for somebody else\'s identity provider without a product', () => subscribe({
      identityProvider: Object.assign(new Construct(stack, 'Own'), { identityProviderArn: ARN, directoryId: DIRECTORY, env: stack.env }) as any,
    }), 'product of identityProvider is missing: there is no default for it. Set it.'],
  ])('%s', (_, make, text) => {
    expect(make).toThrow(`Stack/It: ${text}`);
  });

  test.each([
    ['directoryId', { identityProviderArn: ARN, product: UserSubscriptionProduct.OFFICE_STANDARD }], ['product', { identityProviderArn: ARN, directoryId: DIRECTORY }],
  ])('for an import without %s', (attribute, attributes) => {
    const identityProvider = IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', attributes);
    expect(() => subscribe({ identityProvider })).toThrow(
      `Stack/Imported: ${attribute} of an identity provider that is imported without it is not known. Import it with IdentityProvider.fromIdentityProviderAttributes() and `
      + `${attribute}.`);
  });

  test('by a stack that takes no assets', () => {
    stack = new Stack(app, 'Without', { synthesizer: new BootstraplessSynthesizer() });
    expect(() => subscribe()).toThrow(/^Without\/It: it needs a function, whose code is an asset, and stack 'Without' did not take it/);
  });

  test('with more than 49 tags, beside that of the stack', () => {
    const subscription = subscribe();
    Array.from({ length: 50 }, (_, index) => Tags.of(subscription).add(`key${index}`, 'value'));
    expect(() => app.synth()).toThrow('Stack/It: it has 50 tags: at most 49 are possible beside that of the stack. Keep some away from the resource (excludeResourceTypes).');
  });
});

test('is taken in a stack of which nobody knows where it is, and for an identity provider of there', () => {
  stack = new Stack(app, 'Unknown');
  subscribe({ identityProvider: imported({ arn: `arn:${Aws.PARTITION}:license-manager-user-subscriptions:${Aws.REGION}:${Aws.ACCOUNT_ID}:identity-provider/idp-1` }) });
  expect(warnings()).toEqual([]);
});

test('of a directory that another account shares causes a warning', () => {
  subscribe({ identityProvider: registered(UserDirectory.shared(DIRECTORY)) });
  expect(warnings()).toEqual([
    "The directory of 'Stack/Directory' is shared by another account: its users are subscribed in the account that owns it. Declare this in a stack of that account. "
    + '[ack: cdk-license-manager:subscriptionOfSharedDirectory]',
  ]);
});

test('users of one name in two directories, and of two products of one, are others', () => {
  subscribe();
  subscribe({ identityProvider: imported({ directoryId: 'd-9876543210' }) }, 'Other');
  subscribe({ identityProvider: imported({ product: UserSubscriptionProduct.OFFICE_STANDARD }) }, 'Third');
  expect(warnings()).toEqual([]);
});

describe('of another product, which License Manager subscribes to Remote Desktop Services with', () => {
  const product = UserSubscriptionProduct.VISUAL_STUDIO_ENTERPRISE;
  const remoteDesktop = (users: DirectoryUser[], directoryId = DIRECTORY) =>
    subscribe({ identityProvider: imported({ directoryId }), users }, 'RemoteDesktop');
  const named = (...names: string[]) => names.map(name => DirectoryUser.of(name));
  const found = () => Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('remoteDesktopUsersNotDeclared')).map(({ entry }) => entry.data);

  test('is told of users who are not subscribed to that by the app, as nobody would end it', () => {
    const subscription = subscribe({ identityProvider: imported({ product }), users: named('ann', 'ben') });
    remoteDesktop(named('BEN'));
    subscription.addUser(DirectoryUser.of('carl'));
    expect(found()).toEqual(['License Manager subscribes ann, carl to Remote Desktop Services, too, if nobody has. That subscription stays, and is billed, when they are '
      + 'taken out here. Declare a ProductSubscription for UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES with them, or acknowledge this finding. '
      + '[ack: cdk-license-manager:remoteDesktopUsersNotDeclared]']);
  });

  test('names three of many', () => {
    subscribe({ identityProvider: imported({ product }), users: named('ann', 'ben', 'carl', 'dora', 'eve') });
    expect(found()).toEqual([expect.stringContaining('subscribes ann, ben, carl and 2 more to')]);
  });

  test.each<[string, () => void]>([
    ['of all', () => remoteDesktop(named('ann', 'ben'))], ['of no product that is known', () => {}],
  ])('is quiet: %s', (what, make) => {
    subscribe({ identityProvider: imported({ product: what === 'of all' ? product : UserSubscriptionProduct.of('ANOTHER') }), users: named('ann', 'ben') });
    make();
    expect(found()).toEqual([]);
  });

  test('looks at the same directory only', () => {
    subscribe({ identityProvider: imported({ product }), users: named('ann') });
    remoteDesktop(named('ann'), 'd-9876543210');
    expect(found()).toHaveLength(1);
  });

  test('waits for those of the stack, whichever is declared first', () => {
    subscribe({ identityProvider: imported({ product }), users: named('ann') });
    remoteDesktop(named('ann'));
    const resources = Template.fromStack(stack).findResources(TYPE);
    const idOf = (of: string) => Object.keys(resources).find(id => resources[id].Properties.Product === of)!;
    expect(resources[idOf(product.value)].DependsOn).toContain(idOf('REMOTE_DESKTOP_SERVICES'));
  });
});

describe('a user who may not be whom somebody meant', () => {
  const told = (user: DirectoryUser, ...others: DirectoryUser[]) => {
    subscribe({ users: [user, ...others] });
    return warnings();
  };

  test.each(['CORP\\jane', 'jane@corp.example.com', ' jane', 'jane\n'])('is told of by a warning: %j', (name) => {
    expect(told(DirectoryUser.of(name))).toEqual([`the name of a user is '${name}': it is the name alone, without the domain and without white space around it. Write `
      + 'DirectoryUser.of() with the name, and the domain in its options if it is not that of the directory. [ack: cdk-license-manager:usernameWithDomain]']);
  });

  test.each(['jane', 'jane.doe', 'jane-doe_1', 'jäne', 'Jane Doe'])('is not %j', (name) => {
    expect(told(DirectoryUser.of(name))).toEqual([]);
  });

  test('is one of a blank domain', () => {
    expect(told(DirectoryUser.of('jane', { domain: ' ' }))).toEqual([expect.stringContaining('domain of user \'jane\' is \' \', which shows nothing. Write the domain, or')]);
  });

  test('is one with a domain and without', () => {
    expect(told(DirectoryUser.of('jane'), DirectoryUser.of('JANE', { domain: 'corp.example.com' }))).toEqual([
      '\'JANE@corp.example.com\' and \'jane\' are in users: without a domain it is that of the directory, and if that is the one that is named, they are the same user, which '
      + 'the deployment refuses. Leave one of the two out, or name the domain of both. [ack: cdk-license-manager:userWithAndWithoutDomain]',
    ]);
  });

  test('is not one of two domains', () => {
    expect(told(DirectoryUser.of('jane', { domain: 'a.example.com' }), DirectoryUser.of('jane', { domain: 'b.example.com' }))).toEqual([]);
  });
});
