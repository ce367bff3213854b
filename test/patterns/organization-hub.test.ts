import { App, Aws, CfnOutput, CfnParameter, CfnResource, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as s3assets from 'aws-cdk-lib/aws-s3-assets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  CrossAccountDiscovery, HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseCounting, patterns, ServiceLinkedRole,
} from '../../src';

const ENV = { account: '111122223333', region: 'us-east-1' };
const STACK_SET = 'AWS::CloudFormation::StackSet';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack', { env: ENV });
});

const hubWith = (props: patterns.OrganizationHubProps = {}) => new patterns.OrganizationHub(stack, 'Hub', { organizationalUnitIds: ['r-ab12'], ...props });
const inEurope = (id = 'Europe') => new Stack(app, id, { env: { ...ENV, region: 'eu-west-1' } });
const license = (scope: Stack) => new LicenseConfiguration(scope, 'License', { licenseCounting: LicenseCounting.vcpus() });

/** What the stack set deploys. */
const memberTemplate = (from = stack) => {
  const [{ Properties }] = Object.values<any>(Template.fromStack(from).findResources(STACK_SET));
  return JSON.parse(Properties.TemplateBody);
};

describe('the management account', () => {
  test('has what an organization sets up once, and the inventory, in a deployment', () => {
    const hub = hubWith({ administratorAccountId: '444455556666' });
    const template = Template.fromStack(stack);

    for (const [type, count] of Object.entries({
      'Custom::LicenseManagerServiceLinkedRole': 1,
      'Custom::LicenseManagerServiceSettings': 1,
      'Custom::LicenseManagerOrganizationSharing': 1,
      'Custom::LicenseManagerDelegatedAdministrator': 2,
      'AWS::S3::Bucket': 1,
      'AWS::SNS::Topic': 1,
      'AWS::SSM::Association': 1,
      [STACK_SET]: 1,
    })) {
      template.resourceCountIs(type, count);
    }
    template.hasResourceProperties('Custom::LicenseManagerServiceSettings', { OrganizationIntegration: true, DiscoverySourceRegions: ['us-east-1'] });
    expect(hub.home.member.inventory).toBeDefined();
    expect(hub.administrator).toBeDefined();
    expect(hub.regions).toEqual([hub.home]);
    expect(hub.members).toHaveLength(2);
  });

  test('keeps bucket and topic when the hub goes, and not when its first deployment fails', () => {
    hubWith();
    for (const type of ['AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::KMS::Key']) {
      Template.fromStack(stack).hasResource(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('takes a bucket and a topic that somebody has made', () => {
    const reportBucket = Bucket.fromBucketName(stack, 'Bucket', 'aws-license-manager-service-mine');
    const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:aws-license-manager-service-mine');
    const { home } = hubWith({ reportBucket, topic });

    expect([home.reportBucket, home.topic]).toEqual([reportBucket, topic]);
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
    Template.fromStack(stack).hasResourceProperties('Custom::LicenseManagerServiceSettings', { SnsTopicArn: topic.topicArn });
  });

  test('discovers over accounts only if somebody says so', () => {
    hubWith({ crossAccountDiscovery: CrossAccountDiscovery.enabledForever(), overwriteExistingSettings: true });

    Template.fromStack(stack).hasResourceProperties('Custom::LicenseManagerServiceSettings', { CrossAccountsDiscovery: true, OverwriteExistingSettings: true });
  });

  test('takes the service-linked role that the stack has already', () => {
    const role = new ServiceLinkedRole(stack, 'Role');

    expect(hubWith().role).toBe(role);
    Template.fromStack(stack).resourceCountIs('Custom::LicenseManagerServiceLinkedRole', 1);
  });

  test('an administrator of another form is refused by the name of the property', () => {
    expect(() => hubWith({ administratorAccountId: '44445555' })).toThrow("Stack/Hub: administratorAccountId is '44445555': it has to have 12 digits.");
  });
});

describe('member accounts', () => {
  test('get the same by a stack set that follows the organization', () => {
    const hub = hubWith();
    const template = Template.fromStack(stack);

    template.hasResourceProperties(STACK_SET, {
      StackSetName: Match.stringLikeRegexp('^license-manager-Stack-Hub-'),
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'SELF',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: ['r-ab12'] }, Regions: ['us-east-1'] }],
      OperationPreferences: {
        RegionConcurrencyType: 'PARALLEL', ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE', MaxConcurrentPercentage: 25, FailureTolerancePercentage: 10,
      },
      TemplateURL: Match.absent(),
    });
    const [own] = Object.values<any>(template.findResources('AWS::SSM::Association'));
    expect(Object.values<any>(memberTemplate().Resources).map(({ Properties }) => Properties)).toEqual([own.Properties]);
    expect(hub.memberStack).toBeDefined();
  });

  test('get it when the organization is linked', () => {
    hubWith();
    const template = Template.fromStack(stack);
    const [settings] = Object.keys(template.findResources('Custom::LicenseManagerServiceSettings'));

    template.hasResource(STACK_SET, { DependsOn: Match.arrayWith([settings]) });
  });

  test('have a template that is the same for every account, whatever the stage says, and is nothing to deploy by itself', () => {
    const stage = new Stage(app, 'Stage', { env: ENV });
    const inStage = new Stack(stage, 'Stack');
    const hub = new patterns.OrganizationHub(inStage, 'Hub', { organizationalUnitIds: ['r-ab12'] });
    new CfnResource(hub.members[1], 'Told', { type: 'AWS::SNS::Topic', properties: { DisplayName: inStage.resolve(hub.memberStack!.account) } });

    expect(JSON.stringify(memberTemplate(inStage))).not.toContain(ENV.account);
    expect(JSON.stringify(memberTemplate(inStage))).toContain('{"Ref":"AWS::AccountId"}');
    expect(stage.synth().stacks.map(it => it.displayName)).toEqual([expect.stringContaining('Stack')]);
  });

  test('have what is added to all members, and the management account has it, too', () => {
    const hub = hubWith();
    hub.members.forEach(member => new iam.Role(member, 'Auditor', { assumedBy: new iam.AccountPrincipal('444455556666') }));

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Action: 'sts:AssumeRole', Principal: { AWS: Match.anyValue() } })] },
    });
    expect(Object.values<any>(memberTemplate().Resources).map(({ Type }) => Type).sort()).toEqual(['AWS::IAM::Role', 'AWS::SSM::Association']);
  });

  test('keep what they have when they leave, and are gone about otherwise, if somebody says so', () => {
    hubWith({ retainStacksOnAccountRemoval: true, operationPreferences: { maxConcurrentCount: 1 } });

    Template.fromStack(stack).hasResourceProperties(STACK_SET, {
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true }, OperationPreferences: { MaxConcurrentCount: 1 },
    });
  });

  test('have nothing where no unit is named', () => {
    const hub = new patterns.OrganizationHub(stack, 'Hub');

    expect([hub.memberStack, hub.memberStackSet]).toEqual([undefined, undefined]);
    expect(hub.members).toEqual([hub.home.member]);
    Template.fromStack(stack).resourceCountIs(STACK_SET, 0);
  });

  test.each(['r-ab12', 'ou-ab12-abcd1234', `r-${'a'.repeat(32)}`, `ou-${'a'.repeat(32)}-${'1'.repeat(32)}`])('are those of a root or a unit: %s', id => {
    hubWith({ organizationalUnitIds: [id] });

    Template.fromStack(stack).hasResourceProperties(STACK_SET, {
      StackInstancesGroup: [Match.objectLike({ DeploymentTargets: { OrganizationalUnitIds: [id] } })],
    });
  });

  test.each(['444455556666', 'o-abcde12345', 'r-abc', `r-${'a'.repeat(33)}`, 'ou-abc-abcd1234', 'ou-ab12-abcd123', 'r-AB12', ''])('are those of nothing else: %s', id => {
    expect(() => hubWith({ organizationalUnitIds: [id] })).toThrow(
      `Stack/Hub: organizationalUnitIds[0] is '${id}': it has to be the id of the root, r-…, or of an organizational unit, ou-…-…. Take it from 'aws organizations list-roots'`);
  });

  test('a unit may be a token, or all of them', () => {
    const units = new CfnParameter(stack, 'Units', { type: 'CommaDelimitedList' });
    hubWith({ organizationalUnitIds: units.valueAsList });

    Template.fromStack(stack).hasResourceProperties(STACK_SET, {
      StackInstancesGroup: [Match.objectLike({ DeploymentTargets: { OrganizationalUnitIds: { Ref: 'Units' } } })],
    });
  });

  test('a unit that is named twice is written once, with a warning, and none is refused', () => {
    hubWith({ organizationalUnitIds: ['r-ab12', 'r-ab12'] });

    Annotations.fromStack(stack).hasWarning('/Stack/Hub', Match.stringLikeRegexp("'r-ab12' is in organizationalUnitIds twice"));
    expect(() => new patterns.OrganizationHub(new Stack(app, 'Other'), 'Hub', { organizationalUnitIds: [] })).toThrow(
      'Other/Hub: organizationalUnitIds has 0 members: it has to have at least 1. Name the root of the organization, or leave it out.');
  });
});

describe('what cannot go into other accounts', () => {
  test('is nothing at all', () => {
    hubWith({ member: { inventory: false } });

    expect(() => app.synth()).toThrow('Stack/Hub/Members: inventory is false, and there is nothing else that member accounts have: CloudFormation takes no template without resources.');
  });

  test('is an asset', () => {
    const [, member] = hubWith().members;

    expect(() => new s3assets.Asset(member, 'Asset', { path: __filename })).toThrow();
    expect(() => new ServiceLinkedRole(member, 'Role')).toThrow('it needs a function, whose code is an asset, and stack \'Stack/Hub/Members\' did not take it');
  });

  test('is a reference to another stack', () => {
    const open = new Stack(app, 'Open');
    const hub = new patterns.OrganizationHub(open, 'Hub', { organizationalUnitIds: ['r-ab12'] });
    const topic = new Topic(open, 'Topic');
    new CfnResource(hub.members[1], 'Told', { type: 'AWS::SNS::Subscription', properties: { TopicArn: topic.topicArn, Protocol: 'email', Endpoint: 'a@example.com' } });

    expect(() => app.synth()).toThrow('Open/Hub/Members: it refers to another stack, and is deployed to other accounts, where there is none of that.');
  });

  test('is something that another stack refers to', () => {
    const open = new Stack(app, 'Open');
    const hub = new patterns.OrganizationHub(open, 'Hub', { organizationalUnitIds: ['r-ab12'] });
    new CfnOutput(open, 'Association', { value: hub.members[1].inventory!.ref });

    expect(() => app.synth()).toThrow('Open/Hub/Members: it is referred to by another stack, and is deployed to other accounts');
  });

  /** Adds to the template until it has so many bytes. */
  function fill(hub: patterns.OrganizationHub, bytes: number): void {
    const stackSetBody = () => Token.isUnresolved(hub.memberStackSet!.templateBody) ? stack.resolve(hub.memberStackSet!.templateBody) : undefined;
    const filler = new CfnResource(hub.members[1], 'Filler', { type: 'AWS::SNS::Topic', properties: { DisplayName: '' } });
    filler.addPropertyOverride('DisplayName', 'x'.repeat(bytes - Buffer.byteLength(stackSetBody())));
  }

  test('is no template of up to 51,200 bytes, which is part of that of the hub', () => {
    fill(hubWith(), 51_200);

    Template.fromStack(stack).hasResourceProperties(STACK_SET, { TemplateBody: Match.stringLikeRegexp('^.{51200}$'), TemplateURL: Match.absent() });
  });

  test('is no larger one, which is an asset of the stack of the hub', () => {
    fill(hubWith(), 51_201);

    Template.fromStack(stack).hasResourceProperties(STACK_SET, { TemplateBody: Match.absent(), TemplateURL: Match.anyValue() });
    const { files } = JSON.parse(JSON.stringify(app.synth().getStackArtifact('Stack').dependencies.map((it: any) => it.contents).find((it: any) => it?.files)));
    expect(Object.values<any>(files).map(({ source }) => source.path).filter(path => path.includes('Members'))).toHaveLength(1);
  });

  test('is one of more than a megabyte', () => {
    fill(hubWith(), 1_048_577);

    expect(() => app.synth()).toThrow('Stack/Hub/Members: its template has 1048577 bytes, and CloudFormation takes at most 1048576. Put a part of it into a stack set of its own.');
  });
});

describe('more Regions', () => {
  test('have a bucket, a topic, settings and an inventory each, after the hub, and the stack set goes into them', () => {
    const hub = hubWith({ crossAccountDiscovery: CrossAccountDiscovery.enabledForever(), member: { inventory: true } });
    const europe = inEurope();
    const region = hub.addRegion(europe, 'Region');

    expect(hub.regions).toEqual([hub.home, region]);
    expect(hub.members).toEqual([hub.home.member, region.member, expect.anything()]);
    expect(europe.dependencies.map(({ node }) => node.id)).toEqual(['Stack']);
    Template.fromStack(stack).hasResourceProperties(STACK_SET, { StackInstancesGroup: [Match.objectLike({ Regions: ['us-east-1', 'eu-west-1'] })] });
    Template.fromStack(stack).hasResourceProperties('Custom::LicenseManagerServiceSettings', { DiscoverySourceRegions: ['us-east-1', 'eu-west-1'] });
    const template = Template.fromStack(europe);
    template.hasResourceProperties('Custom::LicenseManagerServiceSettings', {
      OrganizationIntegration: true, CrossAccountsDiscovery: true, DiscoverySourceRegions: Match.absent(),
    });
    template.resourceCountIs('AWS::SSM::Association', 1);
    template.resourceCountIs('Custom::LicenseManagerOrganizationSharing', 0);
    template.resourceCountIs('Custom::LicenseManagerServiceLinkedRole', 0);
  });

  test('take a bucket and a topic of their own', () => {
    const europe = inEurope();
    const topic = Topic.fromTopicArn(europe, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:aws-license-manager-service-mine');
    const reportBucket = Bucket.fromBucketName(europe, 'Bucket', 'aws-license-manager-service-mine');
    const region = hubWith().addRegion(europe, 'Region', { topic, reportBucket });

    expect([region.topic, region.reportBucket]).toEqual([topic, reportBucket]);
  });

  test('are known at synthesis', () => {
    const open = new Stack(app, 'Open', { env: { account: ENV.account } });

    expect(() => hubWith().addRegion(open, 'Region')).toThrow(
      "Stack/Hub: the Region of stack 'Open' is known at the deployment only, and the stack set goes into it. Give the stack an environment (env).");
  });

  test('are there once', () => {
    const hub = hubWith();
    hub.addRegion(inEurope(), 'Region');

    expect(() => hub.addRegion(inEurope('Again'), 'Region')).toThrow("Stack/Hub: the hub has Region 'eu-west-1' already. Add each Region once.");
    expect(() => hub.addRegion(new Stack(app, 'Home', { env: ENV }), 'Region')).toThrow("the hub has Region 'us-east-1' already");
  });

  test('are those of the management account', () => {
    const other = new Stack(app, 'Other', { env: { account: '444455556666', region: 'eu-west-1' } });

    expect(() => hubWith().addRegion(other, 'Region')).toThrow("Stack/Hub: stack 'Other' is of account '444455556666', and the hub of '111122223333', the management account");
  });

  test('need no environment where there is one', () => {
    const open = new Stack(app, 'Open');
    new patterns.OrganizationHub(open, 'Hub', { organizationalUnitIds: ['r-ab12'] });

    Template.fromStack(open).hasResourceProperties(STACK_SET, { StackInstancesGroup: [Match.objectLike({ Regions: [{ Ref: 'AWS::Region' }] })] });
  });
});

describe('a share with the organization', () => {
  test('is in a stack that is deployed after the hub', () => {
    const hub = hubWith({ organizationId: 'o-abcde12345' });
    const licenses = new Stack(app, 'Licenses', { env: ENV });
    const shares = new Stack(app, 'Shares', { env: ENV });
    const share = hub.addShare(shares, 'Share', { licenseConfigurations: [license(licenses)] });

    expect(share.node.path).toBe('Shares/Share');
    expect(shares.dependencies.map(({ node }) => node.id)).toEqual(['Stack']);
    Template.fromStack(shares).hasResourceProperties('AWS::RAM::ResourceShare', {
      Principals: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':organizations::111122223333:organization/o-abcde12345']] }],
      AllowExternalPrincipals: false,
    });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('has host resource groups as well', () => {
    const hosts = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() });
    const shares = new Stack(app, 'Shares', { env: ENV });
    hubWith({ organizationId: 'o-abcde12345' }).addShare(shares, 'Share', { hostResourceGroups: [hosts] });

    Template.fromStack(shares).hasResourceProperties('AWS::RAM::ResourceShare', { ResourceArns: [Match.anyValue()] });
  });

  test('causes a warning in the stack of the hub, which it would take back with it', () => {
    hubWith({ organizationId: 'o-abcde12345' }).addShare(stack, 'Share', { licenseConfigurations: [license(stack)] });

    Annotations.fromStack(stack).hasWarning('/Stack/Hub', Match.stringLikeRegexp(
      "share 'Share' is in the stack that lets AWS RAM share with the organization, which takes up to six hours to work.*cdk-license-manager:shareBesideSharing"));
  });

  test('takes the id of the organization', () => {
    expect(() => hubWith().addShare(new Stack(app, 'Shares', { env: ENV }), 'Share', {})).toThrow(
      "Stack/Hub: share 'Share' is for the organization, whose id is not known. Set organizationId of the hub");
    expect(() => hubIn('Other', { organizationId: 'abcde12345' })).toThrow("Other/Hub: organizationId is 'abcde12345': it has to have the form o-<letters and digits>.");
    expect(() => hubIn('Token', { organizationId: Aws.STACK_NAME })).not.toThrow();
  });
});

const hubIn = (id: string, props: patterns.OrganizationHubProps) => new patterns.OrganizationHub(new Stack(app, id), 'Hub', props);

test('a hub in a nested stack has its template published by the stack around it', () => {
  const nested = new NestedStack(stack, 'Nested');
  new patterns.OrganizationHub(nested, 'Hub', { organizationalUnitIds: ['r-ab12'] });

  expect(JSON.parse(Object.values<any>(Template.fromStack(nested).findResources(STACK_SET))[0].Properties.TemplateBody)).toHaveProperty('Resources');
});

describe('the role for conversions', () => {
  const member = { conversionRole: { workflowAccountId: '444455556666', regions: ['us-east-1', 'eu-west-1'] } };
  const ROLE = 'AWS::IAM::Role';
  const rolesIn = (from: Stack) => Object.values(Template.fromStack(from).findResources(ROLE, { Properties: { RoleName: 'LicenseManagerConversionRole' } }));

  test('is made once in each account, in the Region of the hub, whatever others there are', () => {
    const hub = hubWith({ member });
    const europe = inEurope();
    hub.addRegion(europe, 'Region');

    expect([stack, europe].map(it => rolesIn(it).length)).toEqual([1, 0]);
    const { Conditions, Resources } = memberTemplate();
    const [condition] = Object.keys(Conditions);
    expect(Conditions).toEqual({ [condition]: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } });
    expect(Object.values<any>(Resources).filter(({ Type }) => /^AWS::IAM/.test(Type)).map(({ Condition }) => Condition)).toEqual([condition, condition]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('is made in another Region of the hub, if that is said', () => {
    const hub = hubWith({ member: { conversionRole: { ...member.conversionRole, homeRegion: 'eu-west-1' } } });
    const europe = inEurope();
    hub.addRegion(europe, 'Region');

    expect([stack, europe].map(it => rolesIn(it).length)).toEqual([0, 1]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('is made nowhere in a Region that the hub has not, which causes a warning', () => {
    hubWith({ member: { conversionRole: { ...member.conversionRole, homeRegion: 'eu-west-1' } } });

    Annotations.fromStack(stack).hasWarning('/Stack/Hub', Match.stringLikeRegexp(
      "homeRegion of conversionRole is 'eu-west-1', in which the hub has nothing: no account gets the role.*cdk-license-manager:conversionRoleNowhere"));
  });

  test('needs a Region that is known', () => {
    stack = new Stack(app, 'Anywhere');
    expect(() => hubWith({ member })).toThrow('homeRegion of conversionRole is a token, which is known at the deployment only');
  });
});
