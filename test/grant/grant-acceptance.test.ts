import { App, Aws, Duration, Fn, Lazy, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnGrant } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnGrantProps } from 'aws-cdk-lib/aws-licensemanager';
import { ActivationOverrideBehavior, Grant, GrantAcceptance, GrantPrincipal, License, ServiceLinkedRole } from '../../src';
import type { GrantAcceptanceOptions } from '../../src';
import { LICENSE_ARN } from '../license/licenses';
import { permissionsOf, propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerGrantAcceptance';
const GRANTER = '444455556666';
const GRANT_ARN = `arn:aws:license-manager::${GRANTER}:grant:g-0123456789abcdef0123456789abcdef`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = stackIn(app);
});

const imported = (arn = GRANT_ARN) => Grant.fromGrantArn(stack, 'Grant', arn);
const accept = (options?: GrantAcceptanceOptions) => imported().accept(stack, 'Acceptance', options);
const declared = () => propertiesOf(stack, TYPE);

/** A grant that another account of the app makes. */
function granted({ to = GrantPrincipal.fromAccountId('111122223333'), scope = app as App | Stage, license = LICENSE_ARN, name = undefined as string | undefined } = {}) {
  const granter = new Stack(scope, 'Granter', { env: { account: GRANTER, region: 'us-east-1' } });
  return new Grant(granter, 'Department', {
    license: License.fromLicenseAttributes(granter, 'License', { licenseArn: license, homeRegion: 'us-east-1' }), principal: to, grantName: name,
  });
}
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

test('accepts a grant and activates it, and may do nothing else with it', () => {
  accept();
  expect(declared()).toEqual({ Grant: GRANT_ARN, Activate: true });
  expect(permissionsOf(stack)).toEqual({
    'license-manager:ListReceivedGrants': [{ Resource: '*' }],
    'license-manager:AcceptGrant': [{ Resource: GRANT_ARN }],
    'license-manager:CreateGrantVersion': [{ Resource: GRANT_ARN }],
    // To go on waiting in another invocation of itself.
    'lambda:InvokeFunction': [{ Resource: { 'Fn::GetAtt': [expect.stringMatching(/Function/), 'Arn'] } }],
  });
  Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '1800' }, DeletionPolicy: 'Delete' });
  expect(warnings()).toEqual([]);
  expect(Annotations.fromStack(stack).findInfo('*', Match.anyValue())).toEqual([]);
});

test('says what its options say', () => {
  accept({
    activate: false,
    activationOverrideBehavior: ActivationOverrideBehavior.ALL_GRANTS_PERMITTED_BY_ISSUER,
    rejectOnDelete: true,
    removalPolicy: RemovalPolicy.RETAIN,
    timeout: Duration.hours(1),
  });
  expect(declared()).toEqual({ Grant: GRANT_ARN, Activate: false, ActivationOverrideBehavior: 'ALL_GRANTS_PERMITTED_BY_ISSUER', RejectOnDelete: true });
  expect(permissionsOf(stack)['license-manager:RejectGrant']).toEqual([{ Resource: GRANT_ARN }]);
  Template.fromStack(stack).hasResource(TYPE, { Properties: { ServiceTimeout: '3600' }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  Annotations.fromStack(stack).hasInfo('/Stack/Acceptance', Match.stringLikeRegexp('can never be used again.*grantRejectedForEver'));
});

test('may change all grants of an account where the account\'s own of the organization is looked for', () => {
  accept({ throughOrganization: true, rejectOnDelete: true });
  expect(declared()).toEqual({ Grant: GRANT_ARN, Activate: true, ThroughOrganization: true, RejectOnDelete: true });
  const Resource = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:license-manager::${GRANTER}:grant:*`]] };
  expect(permissionsOf(stack)).toMatchObject({
    'license-manager:AcceptGrant': [{ Resource }], 'license-manager:CreateGrantVersion': [{ Resource }], 'license-manager:RejectGrant': [{ Resource }],
  });
});

test('of an ARN that is not known at synthesis permits that ARN', () => {
  imported(Fn.importValue('Grant')).accept(stack, 'Acceptance');
  expect(permissionsOf(stack)['license-manager:AcceptGrant']).toEqual([{ Resource: { 'Fn::ImportValue': 'Grant' } }]);
});

test('tells what was granted', () => {
  const { grantArn, licenseArn, homeRegion } = accept();
  const [id] = Object.keys(Template.fromStack(stack).findResources(TYPE));
  expect([grantArn, licenseArn, homeRegion].map(it => stack.resolve(it))).toEqual(
    ['GrantArn', 'LicenseArn', 'HomeRegion'].map(name => ({ 'Fn::GetAtt': [id, name] })));
});

test('waits for the role of its stack', () => {
  accept();
  new ServiceLinkedRole(stack, 'Role');
  const template = Template.fromStack(stack);
  const [role] = Object.keys(template.findResources('Custom::LicenseManagerServiceLinkedRole'));
  template.hasResource(TYPE, { DependsOn: Match.arrayWith([role]) });
});

test('keeps its logical id wherever it is in its stack, and is there once for a grant', () => {
  const ids = (id: string) => {
    stack = stackIn();
    imported().accept(stack, id);
    return Object.keys(Template.fromStack(stack).findResources(TYPE));
  };
  expect(ids('One')).toEqual(ids('Other'));
  expect(() => new GrantAcceptance(stack, 'Again', { grant: Grant.fromGrantArn(stack, 'Same', GRANT_ARN) })).toThrow(/^Stack\/Again.* declares it already/);
});

test('is known as one, and nothing else is', () => {
  expect(GrantAcceptance.isGrantAcceptance(accept())).toBe(true);
  expect(GrantAcceptance.isGrantAcceptance(stack)).toBe(false);
});

describe('of a grant that the app makes in another account', () => {
  test('looks for it by its name, when it is there', () => {
    const grant = granted();
    grant.accept(stack, 'Acceptance');
    expect(declared()).toEqual({
      Grant: expect.stringMatching(/^444455556666:Granter-Department-[0-9A-F]{8}$/), Activate: true, Revision: grant.stack.resolve((grant.node.defaultChild as any).logicalId),
    });
    expect(permissionsOf(stack)['license-manager:AcceptGrant']).toEqual([
      { Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:license-manager::${GRANTER}:grant:*`]] } },
    ]);
    expect(stack.dependencies).toEqual([grant.stack]);
    expect(warnings()).toEqual([]);
  });

  test('notices another one of the same name', () => {
    const revision = (license: string) => {
      app = new App();
      stack = stackIn(app);
      granted({ license }).accept(stack, 'Acceptance');
      const [id] = Object.keys(Template.fromStack(stack).findResources(TYPE));
      return [id, declared().Revision];
    };
    const [[id, one], [sameId, other]] = [revision(LICENSE_ARN), revision(LICENSE_ARN.replace('l-0', 'l-1'))];
    expect(sameId).toBe(id);
    expect(other).not.toBe(one);
  });

  test('in another stage has no order, and waits', () => {
    const stage = new Stage(app, 'Seller', { env: { account: GRANTER, region: 'us-east-1' } });
    granted({ scope: stage }).accept(stack, 'Acceptance');
    expect(declared().Grant).toMatch(/^444455556666:SellerGranter-Department-/);
    expect(stack.dependencies).toEqual([]);
  });

  test.each([
    ['an organization', GrantPrincipal.fromOrganizationArn(`arn:aws:organizations::${GRANTER}:organization/o-abcde12345`)],
    ['an organizational unit', GrantPrincipal.fromOrganizationalUnitArn(`arn:aws:organizations::${GRANTER}:ou/o-abcde12345/ou-abcd-12345678`)],
  ])('to %s: the own one of the account is looked for', (_, to) => {
    granted({ to }).accept(stack, 'Acceptance');
    expect(declared().ThroughOrganization).toBe(true);
  });

  test('whose name is not known is refused', () => {
    const grant = granted({ name: Aws.STACK_NAME });
    expect(() => grant.accept(stack, 'Acceptance')).toThrow(
      "Stack/Acceptance: the ARN of grant 'Granter/Department' is not known in another account, and its name is not known at synthesis: it cannot be looked for. "
      + 'Give it a grantName, or import it with Grant.fromGrantArn() when it is made.');
  });

  test.each<[what: string, props: CfnGrantProps, outcome: string | RegExp]>([
    ['without a name is refused', {}, /^Stack\/Acceptance: the ARN of grant 'Granter\/L1' is not known in another account, and its name is not known/],
    ['without a principal is looked for', { grantName: 'l1' }, `${GRANTER}:l1`],
  ])('as L1 %s', (_, props, outcome) => {
    const grant = new CfnGrant(new Stack(app, 'Granter', { env: { account: GRANTER, region: 'us-east-1' } }), 'L1', props);
    const make = () => new GrantAcceptance(stack, 'Acceptance', { grant });
    if (outcome instanceof RegExp) {
      expect(make).toThrow(outcome);
    } else {
      make();
      expect(declared()).toMatchObject({ Grant: outcome });
      expect(declared()).not.toHaveProperty('ThroughOrganization');
      expect(warnings()).toEqual([]);
    }
  });

  test('to yet another account causes a warning', () => {
    granted({ to: GrantPrincipal.fromAccountId('777788889999') }).accept(stack, 'Acceptance');
    expect(warnings()).toEqual([
      "Grant 'Granter/Department' is to account '777788889999', and the stack is in '111122223333', which does not receive it. Accept it in a stack of "
      + "'777788889999'. [ack: cdk-license-manager:grantAcceptedByAnotherAccount]",
    ]);
  });
});

test('of a grant of the same account is named by its ARN, and causes warnings', () => {
  const grant = new Grant(stack, 'Grant', {
    license: License.fromLicenseAttributes(stack, 'License', { licenseArn: LICENSE_ARN, homeRegion: 'us-east-1' }), principal: GrantPrincipal.fromAccountId(GRANTER),
  });
  grant.accept(stack, 'Acceptance');
  expect(declared()).toEqual({ Grant: stack.resolve(grant.grantArn), Activate: true });
  // That it waits for what it names, need not be said again.
  expect(JSON.stringify(Object.values(Template.fromStack(stack).findResources(TYPE))[0].DependsOn)).not.toMatch(/"Grant[0-9A-F]/);
  expect(warnings()).toEqual([expect.stringContaining('cdk-license-manager:grantAcceptedByGranter'), expect.stringContaining('grantAcceptedByAnotherAccount')]);
});

test('by the account that has made it causes a warning', () => {
  imported(GRANT_ARN.replace(GRANTER, '111122223333')).accept(stack, 'Acceptance');
  expect(warnings()).toEqual([
    "Grant 'Stack/Grant' is made by account '111122223333', and the stack is in the same one: a grant is accepted by the account that receives it. Accept it in "
    + 'a stack of that account. [ack: cdk-license-manager:grantAcceptedByGranter]',
  ]);
});

test('in an environment that nobody knows refers to the grant by its ARN', () => {
  const unknown = new Stack(app, 'Unknown');
  const grant = new Grant(unknown, 'Grant', {
    license: License.fromLicenseArn(unknown, 'License', LICENSE_ARN), principal: GrantPrincipal.fromAccountId(GRANTER),
  });
  grant.accept(unknown, 'Acceptance');
  expect(propertiesOf(unknown, TYPE).Grant).toEqual(unknown.resolve(grant.grantArn));
  expect(Annotations.fromStack(unknown).findWarning('*', Match.anyValue())).toEqual([]);
});

describe('refuses', () => {
  test('a timeout out of its range', () => {
    expect(() => accept({ timeout: Duration.seconds(3601) })).toThrow(
      'Stack/Acceptance: timeout is 3601 seconds: CloudFormation waits from 1 second to 1 hour, in whole seconds. Correct it.');
  });

  test('no timeout that is not known yet', () => {
    accept({ timeout: Duration.seconds(Lazy.number({ produce: () => 90 })) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ServiceTimeout: 90 });
  });

  test('an unknown behavior', () => {
    expect(() => accept({ activationOverrideBehavior: 'REPLACE' as ActivationOverrideBehavior })).toThrow(
      /^Stack\/Acceptance: activationOverrideBehavior is 'REPLACE': it has to be 'DISTRIBUTED_GRANTS_ONLY' or 'ALL_GRANTS_PERMITTED_BY_ISSUER'/);
  });

  test('a snapshot', () => {
    expect(() => accept({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(/^Stack\/Acceptance: removalPolicy is 'snapshot': there are no snapshots of a grant/);
  });
});

test('of one grant there is one acceptance in an account, in whatever stack or Region', () => {
  accept();
  const inStack = (id: string, env: { account: string; region: string }) => {
    const other = new Stack(app, id, { env });
    return () => new GrantAcceptance(other, 'Again', { grant: Grant.fromGrantArn(other, 'Grant', GRANT_ARN) });
  };
  expect(inStack('Elsewhere', { account: '111122223333', region: 'eu-west-1' })).toThrow('Elsewhere/Again: \'Stack/Acceptance\' declares it already, and there is one of it '
    + 'in account 111122223333: the removal of one of the two would remove both. Leave one of the two out; two grants that are looked for by their names need different '
    + 'ones (grantName).');
  expect(inStack('OfAnother', { account: '222233334444', region: 'us-east-1' })).not.toThrow();
});

test('nobody knows who has made a grant that is imported by a token', () => {
  imported(Fn.importValue('grant')).accept(stack, 'Acceptance');
  expect(warnings()).toEqual([]);
});
