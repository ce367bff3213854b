import {
  App, Aws, BootstraplessSynthesizer, CfnCondition, CfnParameter, CfnResource, Duration, Fn, PropertyInjectors, RemovalPolicy, Stack, Tags,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnMicrosoftAD } from 'aws-cdk-lib/aws-directoryservice';
import { CfnSubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  CustomResources, IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, ProductSubscription, ServiceSettings, UserDirectory,
  UserSubscriptionProduct,
} from '../../src';
import type { IdentityProviderProps, SelfManagedDirectoryOptions } from '../../src';
import { OWN_OF_NAME, permissionsOf, propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerIdentityProvider';
const ARN = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';
const DIRECTORY = 'd-0123456789';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:license-manager-user-domain-AbCdEf';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = stackIn(app);
});

function register(props: Partial<IdentityProviderProps> = {}, id = 'It', scope: Construct = stack): IdentityProvider {
  return new IdentityProvider(scope, id, {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: UserDirectory.awsManaged(DIRECTORY), ...props,
  });
}
const subnet = (id: string, subnetId = `subnet-0123456789abcdef${id}`) => Subnet.fromSubnetAttributes(stack, `Subnet${id}`, { subnetId, routeTableId: 'rtb-1' });
const credentials = (arn = SECRET) => (stack.node.tryFindChild('Credentials') ?? Secret.fromSecretCompleteArn(stack, 'Credentials', arn)) as ISecret;
const securityGroup = () => SecurityGroup.fromSecurityGroupId(stack, `Activation${stack.node.children.length}`, 'sg-0123456789abcdef0');
const selfManaged = (options: Partial<SelfManagedDirectoryOptions> = {}) => register({
  directory: UserDirectory.selfManaged({
    domainName: 'corp.example.com', ipv4Addresses: ['10.0.0.10', '10.0.1.10'], credentials: options.credentials ?? credentials(), subnets: [subnet('1')], ...options,
  }),
});
const office = ({
  activationEndpoints = { subnets: [subnet('a'), subnet('b')], securityGroup: securityGroup() }, ...props
}: Partial<IdentityProviderProps> = {}) => register({ product: UserSubscriptionProduct.OFFICE_PROFESSIONAL_PLUS, activationEndpoints, ...props });
const microsoftAd = () => new CfnMicrosoftAD(stack, 'Directory', {
  name: 'corp.example.com',
  password: '{{resolve:secretsmanager:directory}}',
  vpcSettings: { subnetIds: ['subnet-01234567', 'subnet-12345678'], vpcId: 'vpc-01234567' },
});
const declared = () => propertiesOf(stack, TYPE);
const idsOf = (type = TYPE, of = stack) => Object.keys(Template.fromStack(of).findResources(type));
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

describe('the template', () => {
  test('has a directory of AWS, and the product', () => {
    register();
    expect(declared()).toEqual({ Directory: DIRECTORY, Type: 'AWS_MANAGED', Product: 'REMOTE_DESKTOP_SERVICES' });
    Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '3600' }, DeletionPolicy: 'Delete' });
    expect(warnings()).toEqual([]);
  });

  test('has a directory of another account as one', () => {
    register({ directory: UserDirectory.shared(DIRECTORY) });
    expect(declared()).toEqual({ Directory: DIRECTORY, Type: 'AWS_MANAGED', Shared: true, Product: 'REMOTE_DESKTOP_SERVICES' });
  });

  test('has a self-managed directory, and how it is reached', () => {
    selfManaged();
    expect(declared()).toEqual({
      Directory: 'corp.example.com',
      Type: 'SELF_MANAGED',
      Domain: { Ipv4Addresses: ['10.0.0.10', '10.0.1.10'], CredentialsArn: SECRET, Subnets: ['subnet-0123456789abcdef1'] },
      Product: 'REMOTE_DESKTOP_SERVICES',
    });
    expect(warnings()).toEqual([]);
  });

  test('has the endpoints by which Office is activated', () => {
    office();
    expect(declared()).toEqual({
      Directory: DIRECTORY,
      Type: 'AWS_MANAGED',
      Product: 'OFFICE_PROFESSIONAL_PLUS',
      Settings: { Subnets: ['subnet-0123456789abcdefa', 'subnet-0123456789abcdefb'], SecurityGroupId: 'sg-0123456789abcdef0' },
    });
    expect(warnings()).toEqual([]);
  });

  test('has subnets and a security group of the app', () => {
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: [Fn.select(0, Fn.getAzs()), Fn.select(1, Fn.getAzs())] });
    office({ activationEndpoints: { subnets: vpc.privateSubnets, securityGroup: new SecurityGroup(stack, 'Group', { vpc }) } });
    expect(declared().Settings).toEqual({
      Subnets: vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)), SecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] },
    });
  });

  test('has what is known at the deployment only', () => {
    const directory = microsoftAd();
    const { directoryId } = register({
      directory: UserDirectory.awsManaged(directory.ref), product: UserSubscriptionProduct.of(new CfnParameter(stack, 'Product').valueAsString),
    });
    expect(declared()).toEqual({ Directory: { Ref: 'Directory' }, Type: 'AWS_MANAGED', Product: { Ref: 'Product' } });
    expect(stack.resolve(directoryId)).toEqual({ Ref: 'Directory' });
  });

  test('takes a list of addresses that is known at the deployment only', () => {
    const list = new CfnParameter(stack, 'Addresses', { type: 'CommaDelimitedList' }).valueAsList;
    selfManaged({ ipv4Addresses: list, ipv6Addresses: list });
    expect(declared().Domain).toMatchObject({ Ipv4Addresses: { Ref: 'Addresses' }, Ipv6Addresses: { Ref: 'Addresses' } });
  });

  test('has tags, as they are when all aspects have been there', () => {
    const provider = register();
    Tags.of(app).add('team', 'desktop');
    Tags.of(provider).add('cost', '4711');
    expect(declared().Tags).toEqual([{ Key: 'cost', Value: '4711' }, { Key: 'team', Value: 'desktop' }]);
  });

  test('has none where they are kept away', () => {
    Tags.of(stack).add('team', 'desktop', { excludeResourceTypes: [TYPE] });
    register();
    expect(declared().Tags).toBeUndefined();
  });

  test.each([
    [RemovalPolicy.RETAIN, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }], [RemovalPolicy.DESTROY, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }],
  ])('has the removal policy %s, also where it is said later', (removalPolicy, expected) => {
    register({ removalPolicy });
    register({ directory: UserDirectory.awsManaged('d-9876543210') }, 'Later').applyRemovalPolicy(removalPolicy);
    Template.fromStack(stack).allResources(TYPE, expected);
  });

  test('has the condition under which its directory is made', () => {
    const directory = microsoftAd();
    register({ directory: UserDirectory.awsManaged(directory.ref) });
    directory.cfnOptions.condition = new CfnCondition(stack, 'Wanted', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
    Template.fromStack(stack).hasResource(TYPE, { Condition: 'Wanted' });
    // The policy names it.
    Template.fromStack(stack).hasResource('AWS::IAM::RolePolicy', { Condition: 'Wanted' });
  });

  test('can be overridden where that of any other L2 is', () => {
    (register().node.defaultChild as CfnResource).addPropertyOverride('Product', 'OFFICE_STANDARD');
    expect(declared().Product).toBe('OFFICE_STANDARD');
  });

  test('has properties that were injected', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: IdentityProvider.PROPERTY_INJECTION_ID, inject: (props: any) => ({ removalPolicy: RemovalPolicy.RETAIN, ...props }),
    });
    register();
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain' });
  });

  test('waits as long as is said, also where that is known at the deployment only', () => {
    register({ timeout: Duration.minutes(20) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ServiceTimeout: '1200' });
    stack = stackIn();
    register({ timeout: Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ServiceTimeout: { Ref: 'Seconds' } });
  });
});

test('tells its ARN, its directory and its product', () => {
  const { identityProviderArn, directoryId, product, env } = register();
  expect(stack.resolve(identityProviderArn)).toEqual({ 'Fn::GetAtt': [idsOf()[0], 'IdentityProviderArn'] });
  expect([directoryId, product, env]).toEqual([DIRECTORY, UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, { account: '111122223333', region: 'us-east-1' }]);
});

test('tells the id of a self-managed directory when it is registered', () => {
  const { directoryId } = selfManaged();
  expect(stack.resolve(directoryId)).toEqual({ 'Fn::GetAtt': [idsOf()[0], 'DirectoryId'] });
});

test('is known as one, and neither is an import, nor anything else', () => {
  expect([register(), IdentityProvider.fromIdentityProviderArn(stack, 'Imported', ARN), stack, undefined].map(it => IdentityProvider.isIdentityProvider(it)))
    .toEqual([true, false, false, false]);
});

describe('the function', () => {
  const on = (service: string, resource: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}:us-east-1:111122223333:${resource}`]] });
  const PROVIDERS = on('license-manager-user-subscriptions', 'identity-provider/*');
  const OWN = { Resource: PROVIDERS, Condition: OWN_OF_NAME };
  const onAll = (service: string, ...actions: string[]) => Object.fromEntries(actions.map(action => [`${service}:${action}`, [{ Resource: '*' }]]));
  const ANY = {
    ...onAll('ds', 'DescribeDirectories', 'DescribeDomainControllers'),
    ...onAll('ec2', 'CreateNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets'),
    ...onAll('route53', 'AssociateVPCWithHostedZone', 'ChangeResourceRecordSets', 'CreateHostedZone', 'DeleteHealthCheck', 'DeleteHostedZone', 'GetHealthCheckCount',
      'GetHostedZone', 'ListHostedZones', 'ListHostedZonesByName', 'ListHostedZonesByVPC', 'ListResourceRecordSets'),
    ...onAll('license-manager-user-subscriptions', 'ListIdentityProviders', 'ListInstances', 'ListLicenseServerEndpoints', 'RegisterIdentityProvider'),
    ...Object.fromEntries(['ListProductSubscriptions', 'ListTagsForResource', 'UpdateIdentityProviderSettings']
      .map(action => [`license-manager-user-subscriptions:${action}`, [{ Resource: PROVIDERS }]])),
    ...Object.fromEntries(['DeregisterIdentityProvider', 'UntagResource'].map(action => [`license-manager-user-subscriptions:${action}`, [OWN]])),
    'license-manager-user-subscriptions:TagResource': [OWN, {
      Resource: PROVIDERS,
      Condition: {
        StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': { Ref: 'AWS::StackId' } },
        Null: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'true', 'aws:ResourceTag/aws:cloudformation:stack-id': 'true' },
      },
    }],
    // To go on waiting in another invocation of itself.
    'lambda:InvokeFunction': [{ Resource: { 'Fn::GetAtt': [expect.stringMatching(/^CdkLicenseManagerIdentityProvidersFunction/), 'Arn'] } }],
  };
  const onDirectory = (id: string) => Object.fromEntries(['AuthorizeApplication', 'GetAuthorizedApplicationDetails', 'UnauthorizeApplication']
    .map(action => [`ds:${action}`, [{ Resource: on('ds', `directory/${id}`) }]]));

  test('may do what License Manager does with its permissions, on this directory', () => {
    register();
    expect(permissionsOf(stack)).toEqual({ ...ANY, ...onDirectory(DIRECTORY) });
  });

  test('may make endpoints only where there are some', () => {
    office();
    expect(permissionsOf(stack)).toEqual({
      ...ANY,
      ...onDirectory(DIRECTORY),
      ...onAll('ec2', 'CreateVpcEndpoint', 'DeleteVpcEndpoints', 'DescribeSecurityGroups', 'DescribeVpcEndpoints', 'ModifyVpcEndpoint'),
    });
  });

  test('may do it on any directory where the id is not known before', () => {
    selfManaged();
    expect(permissionsOf(stack)).toEqual({ ...ANY, ...onDirectory('*') });
  });

  const Condition = { StringLike: { 'kms:ViaService': 'secretsmanager.us-east-1.*' } };

  test.each<[string, () => Partial<SelfManagedDirectoryOptions>, RegExp]>([
    ['that is named', () => ({ encryptionKey: new Key(stack, 'Key') }), /^Key/],
    ['of its credentials', () => ({ credentials: new LicenseServerCredentials(stack, 'Administrator', { encryptionKey: new Key(stack, 'Key') }) }), /^Key/],
    ['that is named, before that of the credentials', () => ({
      credentials: new LicenseServerCredentials(stack, 'Administrator', { encryptionKey: new Key(stack, 'Other') }), encryptionKey: new Key(stack, 'Key'),
    }), /^Key/],
    ['behind an alias', () => ({ encryptionKey: new Alias(stack, 'Alias', { aliasName: 'alias/domain', targetKey: new Key(stack, 'Key') }) }), /^Key/],
  ])('may decrypt with the key %s, through Secrets Manager', (_, options, key) => {
    selfManaged(options());
    const keyArn = { 'Fn::GetAtt': [expect.stringMatching(key), 'Arn'] };
    expect(declared().KeyArn).toEqual(keyArn);
    expect(permissionsOf(stack)).toEqual({ ...ANY, ...onDirectory('*'), 'kms:Decrypt': [{ Resource: keyArn, Condition }] });
  });

  test('may not decrypt with a key of which nothing but an alias is known, and a warning says so', () => {
    selfManaged({ encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/domain') });
    expect(declared().KeyArn).toBeUndefined();
    expect(permissionsOf(stack)['kms:Decrypt']).toBeUndefined();
    expect(warnings()).toEqual([
      "The key of the credentials 'Stack/Alias' is an alias whose key is not known: the function that registers the directory can be permitted the use of a key, and not that "
      + 'of an alias. Set encryptionKey of the directory to the key (Key.fromKeyArn()). [ack: cdk-license-manager:directoryKeyUnknown]',
    ]);
  });

  test.each<[string, () => void]>([
    ['another directory', () => register({ directory: UserDirectory.awsManaged('d-9876543210') }, 'Other')],
    ['endpoints', () => office({ directory: UserDirectory.awsManaged('d-9876543210') })],
    ['a self-managed one', () => selfManaged({ encryptionKey: new Key(stack, 'Key') })],
  ])('has a policy of its own for %s, which is there until that is gone, and leaves those of others as they are', (_, more) => {
    const policies = () => {
      const template = Template.fromStack(stack);
      return { ...template.findResources('AWS::IAM::Policy'), ...template.findResources('AWS::IAM::RolePolicy') };
    };
    register({}, 'First');
    const alone = policies();
    stack = stackIn(new App());
    register({}, 'First');
    more();
    const both = policies();
    expect(both).toMatchObject(alone);
    const added = Object.keys(both).filter(id => !(id in alone));
    expect(added.length).toBeGreaterThan(0);
    const dependencies = Object.values(Template.fromStack(stack).findResources(TYPE)).map(({ DependsOn }) => DependsOn);
    expect(dependencies.filter(ids => added.every(id => ids.includes(id)))).toHaveLength(1);
    expect(dependencies.filter(ids => !added.some(id => ids.includes(id)))).toHaveLength(1);
  });

  test('has policies that IAM has room for, however long the name of the stack is', () => {
    const { VISUAL_STUDIO_ENTERPRISE, VISUAL_STUDIO_PROFESSIONAL, OFFICE_STANDARD } = UserSubscriptionProduct;
    [VISUAL_STUDIO_ENTERPRISE, VISUAL_STUDIO_PROFESSIONAL, OFFICE_STANDARD].forEach((product, index) =>
      register({ product, directory: UserDirectory.awsManaged(`d-012345678${index}`) }, product.value));
    office();
    register({
      directory: UserDirectory.selfManaged({ domainName: 'corp.example.com', credentials: credentials(), subnets: [subnet('c')], encryptionKey: new Key(stack, 'Key') }),
    }, 'SelfManaged');
    const evaluated = (value: any): any => {
      if (typeof value !== 'object') {
        return value;
      }
      if (Array.isArray(value)) {
        return value.map(evaluated);
      }
      const [[name, args]] = Object.entries<any>(value);
      switch (name) {
        case 'Ref': return 'x'.repeat({ 'AWS::StackId': 240, 'AWS::StackName': 128 }[args as string] ?? 'aws-us-gov'.length);
        case 'Fn::Join': return args[1].map(evaluated).join(args[0]);
        case 'Fn::GetAtt': return 'x'.repeat(150);
        default: return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, evaluated(member)]));
      }
    };
    const template = Template.fromStack(stack);
    const documents = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'].flatMap(type => Object.values(template.findResources(type)))
      .map(({ Properties }) => JSON.stringify(evaluated(Properties.PolicyDocument)));
    expect(documents.length).toBeGreaterThan(6);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(documents.join('').length).toBeLessThan(10_240 - 300);
  });

  test('serves nothing else of the stack, which has one of its own', () => {
    register({}, 'One');
    register({ product: UserSubscriptionProduct.VISUAL_STUDIO_PROFESSIONAL }, 'Two');
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
    new ProductSubscription(stack, 'Users', { identityProvider: stack.node.findChild('One') as IdentityProvider, users: [] });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 2);
    const servedBy = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties.ServiceToken['Fn::GetAtt'][0]);
    expect(servedBy(TYPE)).toEqual(Array(2).fill(expect.stringMatching(/^CdkLicenseManagerIdentityProvidersFunction/)));
    for (const type of ['Custom::LicenseManagerServiceSettings', 'Custom::LicenseManagerProductSubscription']) {
      expect(servedBy(type)).toEqual([expect.stringMatching(/^CdkLicenseManagerFunction/)]);
    }
    // Its role is the only one that may.
    const roles = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('route53:'))
      .flatMap(({ Properties }) => Properties.Roles);
    expect(roles).toEqual([{ Ref: expect.stringMatching(/^CdkLicenseManagerIdentityProvidersRole/) }]);
  });

  test('is not there where none is registered', () => {
    new ProductSubscription(stack, 'Users', {
      identityProvider: IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', {
        identityProviderArn: ARN, directoryId: DIRECTORY, product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
      }),
      users: [],
    });
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/CdkLicenseManagerIdentityProviders|route53:|ds:/);
  });

  test('has the role that all functions are given', () => {
    CustomResources.of(stack).configure({ role: Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::111122223333:role/given', { mutable: true }) });
    office();
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
    const template = Template.fromStack(stack);
    expect(Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Role))
      .toEqual(Array(2).fill('arn:aws:iam::111122223333:role/given'));
    expect(permissionsOf(stack)).toMatchObject({ ...onDirectory(DIRECTORY), ...onAll('ec2', 'CreateVpcEndpoint', 'DescribeSubnets') });
  });

  test('is refused by a stack that takes no assets, in the name of who needs it', () => {
    stack = new Stack(app, 'Without', { synthesizer: new BootstraplessSynthesizer() });
    expect(() => register()).toThrow(/^Without\/It: it needs a function, whose code is an asset, and stack 'Without' did not take it/);
  });
});

describe('the logical id', () => {
  const idOf = (props: Partial<IdentityProviderProps>, id = 'It') => {
    stack = stackIn(new App());
    register(props, id);
    return idsOf()[0];
  };

  test('says which directory and product it is, and not where the construct is', () => {
    const one = idOf({});
    expect(one).toMatch(/^IdentityProvider[0-9A-F]{16}$/);
    expect(idOf({ timeout: Duration.minutes(9) }, 'Other')).toBe(one);
    stack = stackIn(new App());
    const office2 = register({ product: UserSubscriptionProduct.OFFICE_STANDARD }, 'Before');
    register({}, 'Moved', new Construct(stack, 'Below'));
    expect(idsOf()).toEqual(expect.arrayContaining([one]));
    expect(new Set(idsOf()).size).toBe(2);
    expect(stack.resolve(office2.identityProviderArn)).not.toEqual({ 'Fn::GetAtt': [one, 'IdentityProviderArn'] });
  });

  test('is another one of another directory, and of another product', () => {
    expect(new Set([
      idOf({}), idOf({ directory: UserDirectory.awsManaged('d-9876543210') }), idOf({ product: UserSubscriptionProduct.VISUAL_STUDIO_ENTERPRISE }),
    ]).size).toBe(3);
  });

  test('of a self-managed directory is that of its domain, in upper or lower case', () => {
    const of = (domainName: string) => {
      stack = stackIn(new App());
      selfManaged({ domainName });
      return idsOf()[0];
    };
    expect(of('CORP.example.com')).toBe(of('corp.example.com'));
    expect(of('corp.example.org')).not.toBe(of('corp.example.com'));
  });

  const message = (other: string, one = 'Stack/It', where = ' in 111122223333/us-east-1') => `${other}: '${one}' declares it already, and there is one of it${where}: the `
    + 'removal of one of the two would remove both. Leave one of the two out.';

  test('is there once in a stack, and once in an account and Region', () => {
    register();
    expect(() => register({}, 'Again')).toThrow(message('Stack/Again'));
    expect(() => register({ directory: UserDirectory.shared(DIRECTORY) }, 'Shared')).toThrow(message('Stack/Shared'));
    expect(() => register({}, 'It', stackIn(app, 'Other'))).toThrow(message('Other/It'));
    expect(() => register({}, 'It', stackIn(app, 'Europe', { region: 'eu-west-1' }))).not.toThrow();
    expect(() => register({}, 'It', stackIn(app, 'Consumer', { account: '444455556666' }))).not.toThrow();
    expect(() => register({}, 'It', new Stack(app, 'Unknown'))).not.toThrow();
  });

  test('of a directory of the app is there once, however that is referred to', () => {
    const directory = microsoftAd();
    register({ directory: UserDirectory.awsManaged(directory.ref) });
    expect(() => register({ directory: UserDirectory.awsManaged(directory.ref) }, 'Again')).toThrow(message('Stack/Again'));
    const imported = () => UserDirectory.awsManaged(Fn.importValue('Directory'));
    register({ directory: imported() }, 'Imported');
    expect(() => register({ directory: imported() }, 'Third')).toThrow(message('Stack/Third', 'Stack/Imported'));
  });
});

describe('in one stack', () => {
  test('the license server endpoint of its directory comes after it', () => {
    const identityProvider = register();
    new LicenseServerEndpoint(stack, 'Endpoint', { identityProvider, credentials: new LicenseServerCredentials(stack, 'Administrator') });
    Template.fromStack(stack).hasResourceProperties('AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint', {
      IdentityProviderArn: { 'Fn::GetAtt': [idsOf()[0], 'IdentityProviderArn'] },
    });
  });
});

describe('is refused', () => {
  test.each<[string, () => unknown, string]>([
    ['for no product', () => register({ product: undefined }), 'product is missing: there is no default for it. Set it.'],
    ['for a text as product', () => register({ product: 'OFFICE_STANDARD' as any }),
      "product is the text 'OFFICE_STANDARD': it has to be of the class UserSubscriptionProduct. Use one of its constants, or UserSubscriptionProduct.of()."],
    ['for no directory', () => register({ directory: undefined }), 'directory is missing: there is no default for it. Set it.'],
    ['for a text as directory', () => register({ directory: DIRECTORY as any }),
      "directory is the text 'd-0123456789': it has to be of the class UserDirectory. Use what UserDirectory has."],
    ['without a subnet', () => office({ activationEndpoints: { subnets: [], securityGroup: securityGroup() } }),
      'subnets of activationEndpoints has 0 members: it has to have at least 1. Name at least 1.'],
    ['without a security group', () => office({ activationEndpoints: { subnets: [subnet('1')] } as any }),
      'securityGroup of activationEndpoints is missing: there is no default for it. Set it.'],
    ['for a text as security group', () => office({ activationEndpoints: { subnets: [subnet('1')], securityGroup: 'sg-1' as any } }),
      "securityGroup of activationEndpoints is the text 'sg-1': it has to be a security group. Use a construct, or import one."],
    ['for a time out of its range', () => register({ timeout: Duration.seconds(3601) }),
      'timeout is 3601 seconds: CloudFormation waits from 1 second to 1 hour, in whole seconds. Correct it.'],
    ['for a snapshot', () => register({ removalPolicy: RemovalPolicy.SNAPSHOT }),
      "removalPolicy is 'snapshot': there are no snapshots of a registration. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN."],
    ['for a snapshot that is said later', () => register().applyRemovalPolicy(RemovalPolicy.SNAPSHOT),
      "removalPolicy is 'snapshot': there are no snapshots of a registration. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN."],
    ['for no policy', () => register().applyRemovalPolicy(undefined as any), 'policy is missing: there is no default for it. Set it.'],
  ])('%s', (_, make, text) => {
    expect(make).toThrow(`Stack/It: ${text}`);
  });

  test('with more than 49 tags, beside that of the stack', () => {
    const provider = register();
    Array.from({ length: 50 }, (_, index) => Tags.of(provider).add(`key${index}`, 'value'));
    expect(() => app.synth()).toThrow('Stack/It: it has 50 tags: at most 49 are possible beside that of the stack. Keep some away from the resource (excludeResourceTypes).');
  });

  test('not with 49', () => {
    const provider = register();
    Array.from({ length: 49 }, (_, index) => Tags.of(provider).add(`key${index}`, 'value'));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('causes a warning', () => {
  const DIRECTORY_OF_ANOTHER_KIND = (product: string) => `product is '${product}' and the directory is self-managed: it works with AWS Managed Microsoft AD only. Use `
    + 'UserDirectory.awsManaged(). [ack: cdk-license-manager:directoryOfAnotherKind]';
  const WITHOUT_ENDPOINTS = (product: string) => `product is '${product}' and activationEndpoints is not set: instances cannot activate Microsoft Office without them, and are `
    + 'terminated. Set activationEndpoints. [ack: cdk-license-manager:officeWithoutActivationEndpoints]';
  const WITHOUT_OFFICE = (product: string) => `product is '${product}' and activationEndpoints is set: only Microsoft Office has them. Leave them out. `
    + '[ack: cdk-license-manager:activationEndpointsWithoutOffice]';

  test.each<[string, selfManaged: boolean, endpoints: boolean, expected: ((product: string) => string)[]]>([
    ['OFFICE_PROFESSIONAL_PLUS', false, false, [WITHOUT_ENDPOINTS]], ['OFFICE_PROFESSIONAL_PLUS', false, true, []],
    ['OFFICE_PROFESSIONAL_PLUS', true, false, [DIRECTORY_OF_ANOTHER_KIND, WITHOUT_ENDPOINTS]], ['OFFICE_PROFESSIONAL_PLUS', true, true, [DIRECTORY_OF_ANOTHER_KIND]],
    ['OFFICE_STANDARD', false, false, [WITHOUT_ENDPOINTS]], ['OFFICE_STANDARD', false, true, []], ['OFFICE_STANDARD', true, true, [DIRECTORY_OF_ANOTHER_KIND]],
    ['VISUAL_STUDIO_ENTERPRISE', false, false, []], ['VISUAL_STUDIO_ENTERPRISE', false, true, [WITHOUT_OFFICE]],
    ['VISUAL_STUDIO_ENTERPRISE', true, false, [DIRECTORY_OF_ANOTHER_KIND]],
    ['VISUAL_STUDIO_PROFESSIONAL', false, false, []], ['VISUAL_STUDIO_PROFESSIONAL', false, true, [WITHOUT_OFFICE]],
    ['VISUAL_STUDIO_PROFESSIONAL', true, false, [DIRECTORY_OF_ANOTHER_KIND]],
    ['REMOTE_DESKTOP_SERVICES', false, false, []], ['REMOTE_DESKTOP_SERVICES', true, false, []], ['REMOTE_DESKTOP_SERVICES', true, true, [WITHOUT_OFFICE]],
    // Of which nothing is known.
    ['OFFICE_2030', true, true, []], ['OFFICE_2030', false, false, []],
  ])('%s with a self-managed directory: %s, and with endpoints: %s', (product, isSelfManaged, hasEndpoints, expected) => {
    register({
      product: UserSubscriptionProduct.of(product),
      directory: isSelfManaged
        ? UserDirectory.selfManaged({ domainName: 'corp.example.com', ipv4Addresses: ['10.0.0.10'], credentials: credentials(), subnets: [subnet('1')] })
        : UserDirectory.awsManaged(DIRECTORY),
      activationEndpoints: hasEndpoints ? { subnets: [subnet('a')], securityGroup: securityGroup() } : undefined,
    });
    expect(warnings()).toEqual(expected.map(text => text(product)));
  });

  test('none where the product is known at the deployment only', () => {
    register({
      product: UserSubscriptionProduct.of(new CfnParameter(stack, 'Product').valueAsString),
      activationEndpoints: { subnets: [subnet('a')], securityGroup: securityGroup() },
    });
    expect(warnings()).toEqual([]);
  });

  test('for a subnet that is named twice, which is written once', () => {
    office({ activationEndpoints: { subnets: [subnet('a'), subnet('b'), subnet('2', 'subnet-0123456789abcdefa')], securityGroup: securityGroup() } });
    expect(declared().Settings.Subnets).toEqual(['subnet-0123456789abcdefa', 'subnet-0123456789abcdefb']);
    expect(warnings()).toEqual([
      "'subnet-0123456789abcdefa' is in subnets of activationEndpoints twice, and is written once. Leave one of the two out, or name what was meant. "
      + '[ack: cdk-license-manager:namedTwice]',
    ]);
  });

  test('for a subnet of the app that is named twice, by where it is', () => {
    const one = new CfnSubnet(stack, 'One', { vpcId: 'vpc-0123456789abcdef0', cidrBlock: '10.0.0.0/24' });
    selfManaged({ subnets: [one, one] });
    expect(declared().Domain.Subnets).toHaveLength(1);
    expect(warnings()).toEqual([
      "'Stack/One' is in subnets of the directory twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]",
    ]);
  });
});

describe('an import', () => {
  test('by its ARN knows its account and its Region', () => {
    const imported = IdentityProvider.fromIdentityProviderArn(stack, 'Imported', ARN.replace('us-east-1:111122223333', 'us-west-2:444455556666'));
    expect(imported.identityProviderArn).toBe(ARN.replace('us-east-1:111122223333', 'us-west-2:444455556666'));
    expect(imported.env).toMatchObject({ account: '444455556666', region: 'us-west-2' });
  });

  test.each<[string, (imported: ReturnType<typeof IdentityProvider.fromIdentityProviderArn>) => unknown]>([
    ['directoryId', imported => imported.directoryId], ['product', imported => imported.product],
  ])('by its ARN does not know its %s', (attribute, read) => {
    expect(() => read(IdentityProvider.fromIdentityProviderArn(stack, 'Imported', ARN))).toThrow(
      `Stack/Imported: ${attribute} of an identity provider that is imported without it is not known. Import it with IdentityProvider.fromIdentityProviderAttributes() and `
      + `${attribute}.`);
  });

  test('by its attributes has what it is given', () => {
    const attributes = { identityProviderArn: ARN, directoryId: 'sd-0123456789', product: UserSubscriptionProduct.OFFICE_STANDARD };
    const { identityProviderArn, directoryId, product } = IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', attributes);
    expect({ identityProviderArn, directoryId, product }).toEqual(attributes);
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  test.each([
    Fn.importValue('arn'), `arn:${Aws.PARTITION}:license-manager-user-subscriptions:${Aws.REGION}:${Aws.ACCOUNT_ID}:identity-provider/idp-1`,
    ARN.replace(/[^/]*$/, 'a'), ARN.replace(/[^/]*$/, 'a'.repeat(510)), ARN.replace(/[^/]*$/, 'A.b-9'),
  ])('takes the ARN %#', (arn) => {
    expect(IdentityProvider.fromIdentityProviderArn(stack, 'Imported', arn).identityProviderArn).toBe(arn);
  });

  test.each([
    '', DIRECTORY, `arn:aws:ds:us-east-1:111122223333:directory/${DIRECTORY}`, ARN.replace(/[^/]*$/, ''), ARN.replace(/[^/]*$/, 'a'.repeat(511)), ARN.replace(/[^/]*$/, 'a_b'),
    ARN.replace(':identity-provider', ':my-identity-provider'), ARN.replace('identity-provider/', 'identity-provider:'), `${ARN}/more`,
    ARN.replace('license-manager-user-subscriptions', 'license-manager'), ARN.replace('us-east-1', ''), ARN.replace('111122223333', '1'),
  ])('refuses the ARN %#', (arn) => {
    for (const load of [() => IdentityProvider.fromIdentityProviderArn(stack, 'Imported', arn),
      () => IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', { identityProviderArn: arn, directoryId: DIRECTORY })]) {
      expect(load).toThrow(`Stack: '${arn}', for 'Imported', is not the ARN of an identity provider: expected `
        + "'arn:<partition>:license-manager-user-subscriptions:<region>:<account>:identity-provider/<id>'. Take it from 'aws license-manager-user-subscriptions "
        + "list-identity-providers'.");
    }
  });

  test('refuses the ARN of another partition', () => {
    const arn = ARN.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-west-1');
    expect(() => IdentityProvider.fromIdentityProviderArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', is of partition 'aws-us-gov' and the stack, in 'us-east-1', of 'aws': nothing of another partition can be used. Correct the ARN, or `
      + 'the Region of the stack.');
  });

  test('refuses a text as product, and no ARN', () => {
    expect(() => IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', { identityProviderArn: ARN, product: 'OFFICE_STANDARD' as any })).toThrow(
      "Stack: product of 'Imported' is the text 'OFFICE_STANDARD': it has to be of the class UserSubscriptionProduct. Use what UserSubscriptionProduct has.");
    expect(() => IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', {} as any)).toThrow(
      "Stack: identityProviderArn of 'Imported' is missing: there is no default for it. Set it.");
  });
});
