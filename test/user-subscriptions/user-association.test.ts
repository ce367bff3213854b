import { App, Aws, BootstraplessSynthesizer, CfnCondition, CfnParameter, CfnResource, Duration, Fn, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnInstance, Instance, InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IInstanceRef } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { DirectoryUser, IdentityProvider, ProductSubscription, UserAssociation, UserDirectory, UserSubscriptionProduct } from '../../src';
import type { IIdentityProvider, UserAssociationProps } from '../../src';
import { OWN_OF_NAME, permissionsOf, propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerUserAssociation';
const ARN = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';
const DIRECTORY = 'd-0123456789';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = stackIn(app);
});

function imported({ arn = ARN, directoryId = DIRECTORY, scope = stack as Construct } = {}): IIdentityProvider {
  return IdentityProvider.fromIdentityProviderAttributes(scope, `Directory${scope.node.children.length}`, {
    identityProviderArn: arn, directoryId, product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
  });
}
function registered(directory = UserDirectory.awsManaged(DIRECTORY), scope = stack): IdentityProvider {
  return new IdentityProvider(scope, 'Directory', { product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory });
}
const existing = (instanceId = 'i-0123456789abcdef0') => ({ instanceRef: { instanceId }, node: stack.node, env: stack.env }) as unknown as IInstanceRef;
const launched = (id = 'Instance') => new CfnInstance(stack, id, { imageId: 'ami-0123456789abcdef0', instanceType: 'm5.large' });
function associate(props: Partial<UserAssociationProps> = {}, id = 'It', scope: Construct = stack): UserAssociation {
  return new UserAssociation(scope, id, {
    identityProvider: 'identityProvider' in props ? props.identityProvider! : imported(), instance: existing(), users: [DirectoryUser.of('jane')], ...props,
  });
}
const declared = () => propertiesOf(stack, TYPE);
const idsOf = (type = TYPE, of = stack) => Object.keys(Template.fromStack(of).findResources(type));
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

test('associates the users of a directory with an instance', () => {
  associate({ users: [DirectoryUser.of('jane'), DirectoryUser.of('john', { domain: 'corp.example.com' })] });
  expect(declared()).toEqual({
    InstanceId: 'i-0123456789abcdef0',
    DirectoryId: DIRECTORY,
    IdentityProviderArn: ARN,
    Users: [{ Username: 'jane' }, { Username: 'john', Domain: 'corp.example.com' }],
  });
  Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '3600' }, DeletionPolicy: 'Delete' });
  expect(warnings()).toEqual([]);
});

test('may do nothing but that, with what the stack has associated', () => {
  associate();
  const users = {
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':license-manager-user-subscriptions:us-east-1:111122223333:instance-user/*']] },
  };
  const own = { ...users, Condition: OWN_OF_NAME };
  expect(permissionsOf(stack)).toEqual({
    'license-manager-user-subscriptions:ListInstances': [{ Resource: '*' }],
    'license-manager-user-subscriptions:ListUserAssociations': [{ Resource: ARN }],
    'license-manager-user-subscriptions:AssociateUser': [{ Resource: ARN }],
    'license-manager-user-subscriptions:DisassociateUser': expect.arrayContaining([{ Resource: ARN }, own]),
    'license-manager-user-subscriptions:ListTagsForResource': [users],
    'license-manager-user-subscriptions:TagResource': [own, {
      ...users,
      Condition: {
        StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': { Ref: 'AWS::StackId' } },
        Null: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'true', 'aws:ResourceTag/aws:cloudformation:stack-id': 'true' },
      },
    }],
    // To go on waiting in another invocation of itself.
    'lambda:InvokeFunction': [{ Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CdkLicenseManagerFunction/), 'Arn'] } }],
  });
  expect(permissionsOf(stack)['license-manager-user-subscriptions:DisassociateUser']).toHaveLength(2);
});

test.each<[string, () => IInstanceRef, unknown]>([
  ['an L1', () => launched(), { Ref: 'Instance' }],
  ['an L2', () => new Instance(stack, 'Instance', {
    vpc: new Vpc(stack, 'Vpc', { availabilityZones: [Fn.select(0, Fn.getAzs())] }),
    instanceType: new InstanceType('m5.large'),
    machineImage: MachineImage.genericWindows({ 'us-east-1': 'ami-0123456789abcdef0' }),
  }), { Ref: expect.stringMatching(/^Instance/) }],
  ['a parameter', () => existing(new CfnParameter(stack, 'Id').valueAsString), { Ref: 'Id' }],
])('refers to an instance that is %s', (_, make, expected) => {
  associate({ instance: make() });
  expect(declared().InstanceId).toEqual(expected);
});

test('of a directory that the app registers comes after it, also where another account shares it', () => {
  associate({ identityProvider: registered(UserDirectory.shared(DIRECTORY)) });
  expect(declared()).toMatchObject({ DirectoryId: DIRECTORY, IdentityProviderArn: { 'Fn::GetAtt': [idsOf('Custom::LicenseManagerIdentityProvider')[0], 'IdentityProviderArn'] } });
  expect(warnings()).toEqual([]);
});

test('is made under the condition under which its instance is', () => {
  const instance = launched();
  associate({ instance });
  instance.cfnOptions.condition = new CfnCondition(stack, 'Wanted', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
  Template.fromStack(stack).hasResource(TYPE, { Condition: 'Wanted' });
});

test.each([0, 1])('waits for the subscriptions of its stack, whichever is declared first: %d', (first) => {
  const identityProvider = imported();
  const steps = [() => associate({ identityProvider }), () => new ProductSubscription(stack, 'Subscribed', { identityProvider, users: [DirectoryUser.of('jane')] })];
  steps[first]();
  steps[1 - first]();
  const [subscription] = idsOf('Custom::LicenseManagerProductSubscription');
  const template = Template.fromStack(stack);
  template.hasResource(TYPE, { DependsOn: Match.arrayWith([subscription]) });
  const [{ DependsOn }] = Object.values(template.findResources('Custom::LicenseManagerProductSubscription'));
  expect(DependsOn).not.toContain(idsOf()[0]);
});

test('waits for no subscription of another stack', () => {
  associate();
  const other = stackIn(app, 'Other');
  new ProductSubscription(other, 'Subscribed', { identityProvider: imported({ scope: other }), users: [] });
  expect(stack.dependencies).toEqual([]);
});

test('takes more users later', () => {
  const association = associate({ users: [] });
  association.addUser(DirectoryUser.of('jane'));
  association.addUser(DirectoryUser.of('john'));
  expect(declared().Users).toEqual([{ Username: 'jane' }, { Username: 'john' }]);
});

test('takes no user', () => {
  associate({ users: [] });
  expect(declared().Users).toEqual([]);
});

test('has tags of its own and of its stack', () => {
  const association = associate();
  Tags.of(app).add('team', 'desktop');
  Tags.of(association).add('cost', '4711');
  expect(declared().Tags).toEqual([{ Key: 'cost', Value: '4711' }, { Key: 'team', Value: 'desktop' }]);
});

test('has its removal policy and its time, and what was injected', () => {
  PropertyInjectors.of(stack).add({
    constructUniqueId: UserAssociation.PROPERTY_INJECTION_ID, inject: (props: any) => ({ removalPolicy: RemovalPolicy.RETAIN, ...props }),
  });
  associate({ timeout: Duration.minutes(5) });
  Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '300' }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('can be overridden where that of any other construct is', () => {
  (associate().node.defaultChild as CfnResource).addPropertyOverride('InstanceId', 'i-1');
  expect(declared().InstanceId).toBe('i-1');
});

test('is known as one, and nothing else is', () => {
  expect([associate(), stack, {}, undefined].map(it => UserAssociation.isUserAssociation(it))).toEqual([true, false, false, false]);
});

describe('the logical id', () => {
  const idOf = (props: () => Partial<UserAssociationProps>, id = 'It', scope?: () => Construct) => {
    app = new App();
    stack = stackIn(app);
    associate(props(), id, scope?.());
    return idsOf()[0];
  };

  test('says which instance and directory it is of, and not where the construct is, nor whose users', () => {
    const one = idOf(() => ({}));
    expect(one).toMatch(/^UserAssociation[0-9A-F]{16}$/);
    expect(idOf(() => ({ identityProvider: registered(), users: [] }), 'Renamed')).toBe(one);
    expect(idOf(() => ({ identityProvider: imported({ arn: `${ARN}1` }) }), 'Moved', () => new Construct(stack, 'Below'))).toBe(one);
    expect(idOf(() => ({ instance: existing('i-1') }))).not.toBe(one);
    expect(idOf(() => ({ identityProvider: imported({ directoryId: 'd-9876543210' }) }))).not.toBe(one);
  });

  test('is there once in a stack, however the instance is given', () => {
    const instance = launched();
    associate({ instance });
    expect(() => associate({ instance: { instanceRef: { instanceId: instance.attrInstanceId }, node: stack.node, env: stack.env } as any, users: [] }, 'Again')).toThrow(
      "Stack/Again: 'Stack/It' declares it already, and there is one of it: the removal of one of the two would remove both. Add the users of both to one: users, or addUser().");
    expect(() => associate({ instance: launched('Other') }, 'Third')).not.toThrow();
  });
});

describe('a user of an instance', () => {
  test('in the lists of two stacks is refused', () => {
    associate();
    const other = stackIn(app, 'Other');
    expect(() => associate({ identityProvider: imported({ scope: other }) }, 'It', other)).toThrow(
      "Other/It: user 'jane' is in the list of 'Stack/It', too, in 111122223333/us-east-1: who is taken out of one would lose what the other declares. Leave the user out of one.");
  });

  test('of another instance, or of another directory, is another one', () => {
    associate();
    associate({ instance: existing('i-1') }, 'Instance');
    associate({ identityProvider: imported({ directoryId: 'd-9876543210' }) }, 'Directory');
    expect(warnings()).toEqual([]);
  });

  test('is not one who is subscribed', () => {
    associate();
    expect(() => new ProductSubscription(stack, 'Subscribed', { identityProvider: imported(), users: [DirectoryUser.of('jane')] })).not.toThrow();
  });

  test('who is named twice causes a warning', () => {
    associate().addUser(DirectoryUser.of('Jane'));
    expect(declared().Users).toEqual([{ Username: 'jane' }]);
    expect(warnings()).toEqual(["'Jane' is in users twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]"]);
  });
});

describe('is refused', () => {
  test.each<[string, () => unknown, string]>([
    ['for an identity provider of another Region', () => associate({ identityProvider: imported({ arn: ARN.replace('us-east-1', 'us-west-2') }) }),
      "the identity provider is in Region 'us-west-2' and the stack in 'us-east-1': an association is in the Region of its identity provider. Declare it in a stack of "
      + "'us-west-2'."],
    ['for an identity provider of another account', () => associate({ identityProvider: imported({ arn: ARN.replace('111122223333', '444455556666') }) }),
      "the identity provider belongs to account '444455556666' and the stack to '111122223333': an association is of the account that has registered the directory, and so are "
      + "its subscriptions. Declare it in a stack of '444455556666'; a directory that it shares is registered anew, and has another ARN."],
    ['for one of the app in another Region', () => associate({ identityProvider: registered(undefined, stackIn(app, 'West', { region: 'us-west-2' })) }),
      "the identity provider is in Region 'us-west-2' and the stack in 'us-east-1': an association is in the Region"],
    ['for a time out of its range', () => associate({ timeout: Duration.seconds(3601) }),
      'timeout is 3601 seconds: CloudFormation waits from 1 second to 1 hour, in whole seconds. Correct it.'],
    ['for a snapshot', () => associate({ removalPolicy: RemovalPolicy.SNAPSHOT }),
      "removalPolicy is 'snapshot': there are no snapshots of an association. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN."],
    ['for no identity provider', () => associate({ identityProvider: undefined }), 'identityProvider is missing: there is no default for it. Set it.'],
    ['for no instance', () => associate({ instance: undefined }), 'instance is missing: there is no default for it. Set it.'],
    ['for an id as instance', () => associate({ instance: 'i-1' as any }),
      "instance is the text 'i-1': it has to be an instance. Use a construct, or import one."],
    ['for no users', () => associate({ users: undefined }), 'users is missing: there is no default for it. Set it.'],
    ['for a text as user', () => associate({ users: ['jane' as any] }), "users[0] is the text 'jane': it has to be of the class DirectoryUser. Use what DirectoryUser has."],
  ])('%s', (_, make, text) => {
    expect(make).toThrow(`Stack/It: ${text}`);
  });

  test('for an import without its directory, and not for one without its product', () => {
    expect(() => associate({ identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Imported', ARN) })).toThrow(
      'Stack/Imported: directoryId of an identity provider that is imported without it is not known. Import it with IdentityProvider.fromIdentityProviderAttributes() and '
      + 'directoryId.');
    stack.node.tryRemoveChild('It');
    const identityProvider = IdentityProvider.fromIdentityProviderAttributes(stack, 'Known', { identityProviderArn: ARN, directoryId: DIRECTORY });
    expect(() => associate({ identityProvider })).not.toThrow();
  });

  test('by a stack that takes no assets', () => {
    stack = new Stack(app, 'Without', { synthesizer: new BootstraplessSynthesizer() });
    expect(() => associate()).toThrow(/^Without\/It: it needs a function, whose code is an asset, and stack 'Without' did not take it/);
  });

  test('with more than 49 tags, beside that of the stack', () => {
    const association = associate();
    Array.from({ length: 50 }, (_, index) => Tags.of(association).add(`key${index}`, 'value'));
    expect(() => app.synth()).toThrow('Stack/It: it has 50 tags: at most 49 are possible beside that of the stack. Keep some away from the resource (excludeResourceTypes).');
  });
});
