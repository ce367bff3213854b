import { App, Aws, CfnParameter, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LicenseConversionRole, patterns } from '../../src';

const newStack = () => new Stack(new App(), 'Stack');
const ASSOCIATION = 'AWS::SSM::Association';

test('the inventory of all managed nodes is gathered, with what License Manager reads', () => {
  const stack = newStack();
  const { inventory } = new patterns.OrganizationMember(stack, 'Member');
  const template = Template.fromStack(stack);

  expect(inventory?.ref).toBeDefined();
  template.resourceCountIs(ASSOCIATION, 1);
  template.hasResourceProperties(ASSOCIATION, {
    Name: 'AWS-GatherSoftwareInventory',
    Targets: [{ Key: 'InstanceIds', Values: ['*'] }],
    ScheduleExpression: 'rate(30 minutes)',
    Parameters: Match.objectLike({
      applications: ['Enabled'], instanceDetailedInformation: ['Enabled'], billingInfo: ['Enabled'], windowsRoles: ['Enabled'], networkConfig: ['Disabled'],
    }),
  });
});

test('it has no assets, no function and no service-linked role, so that it goes into any account', () => {
  const stack = newStack();
  new patterns.OrganizationMember(stack, 'Member');
  const types = Object.values(Template.fromStack(stack).toJSON().Resources).map(({ Type }: any) => Type);

  expect(types).toEqual([ASSOCIATION]);
});

test.each<[Duration, string]>([
  [Duration.minutes(30), 'rate(30 minutes)'],
  [Duration.minutes(90), 'rate(90 minutes)'],
  [Duration.minutes(60), 'rate(1 hour)'],
  [Duration.hours(12), 'rate(12 hours)'],
  [Duration.hours(24), 'rate(1 day)'],
  [Duration.days(30), 'rate(30 days)'],
  [Duration.seconds(1800), 'rate(30 minutes)'],
])('how often is said as Systems Manager has it: %s', (inventoryFrequency, expected) => {
  const stack = newStack();
  new patterns.OrganizationMember(stack, 'Member', { inventoryFrequency });

  Template.fromStack(stack).hasResourceProperties(ASSOCIATION, { ScheduleExpression: expected });
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
});

test.each([1, 29])('less than 30 minutes is taken, with a warning: %s', minutes => {
  const stack = newStack();
  new patterns.OrganizationMember(stack, 'Member', { inventoryFrequency: Duration.minutes(minutes) });

  Annotations.fromStack(stack).hasWarning('/Stack/Member', Match.stringLikeRegexp(
    `inventoryFrequency is ${minutes} minutes, and Systems Manager gathers an inventory every 30 minutes at most.*cdk-license-manager:inventoryFrequency`));
});

test.each([Duration.seconds(90), Duration.minutes(0)])('what Systems Manager has no words for is refused: %s', inventoryFrequency => {
  expect(() => new patterns.OrganizationMember(newStack(), 'Member', { inventoryFrequency })).toThrow(
    `Stack/Member: inventoryFrequency is ${inventoryFrequency.toMinutes({ integral: false })} minutes: it has to be a whole number of minutes, at least 1.`);
});

test('a token is refused, for its unit is in the template', () => {
  const stack = newStack();
  const minutes = new CfnParameter(stack, 'Minutes', { type: 'Number' }).valueAsNumber;

  expect(() => new patterns.OrganizationMember(stack, 'Member', { inventoryFrequency: Duration.minutes(minutes) })).toThrow(
    'Stack/Member: inventoryFrequency is a token, which is known at the deployment only');
});

test('there need be no inventory, where somebody else sees to it', () => {
  const stack = newStack();
  const { inventory } = new patterns.OrganizationMember(stack, 'Member', { inventory: false });

  expect(inventory).toBeUndefined();
  Template.fromStack(stack).resourceCountIs(ASSOCIATION, 0);
});

describe('two inventories', () => {
  const warned = (define: (app: App) => void) => {
    const app = new App();
    define(app);
    return app.node.children.flatMap(it => Annotations.fromStack(it as Stack).findWarning('*', Match.stringLikeRegexp('inventoryTwice'))).map(({ id }) => id);
  };
  const env = { account: '111122223333', region: 'us-east-1' };

  test('in one account and Region cause a warning', () => {
    expect(warned(app => ['One', 'Two'].forEach(id => new patterns.OrganizationMember(new Stack(app, id, { env }), 'Member')))).toEqual(['/Two/Member']);
  });

  test('of a hub and a member there cause one, too', () => {
    expect(warned(app => {
      const stack = new Stack(app, 'Stack', { env });
      new patterns.OrganizationHub(stack, 'Hub');
      new patterns.OrganizationMember(stack, 'Member');
    })).toEqual(['/Stack/Member']);
  });

  test.each<[string, (app: App) => void]>([
    ['of two Regions', app => ['us-east-1', 'eu-west-1'].forEach(region => new patterns.OrganizationMember(new Stack(app, region, { env: { ...env, region } }), 'Member'))],
    ['of which one is turned off', app => [true, false].forEach(inventory => new patterns.OrganizationMember(new Stack(app, `${inventory}`, { env }), 'Member', { inventory }))],
    ['of two stacks whose environment nobody knows', app => ['One', 'Two'].forEach(id => new patterns.OrganizationMember(new Stack(app, id), 'Member'))],
    ['of a hub and the accounts of its stack set', app => new patterns.OrganizationHub(new Stack(app, 'Stack', { env }), 'Hub', { organizationalUnitIds: ['r-ab12'] })],
  ])('%s cause none', (_, define) => {
    expect(warned(define)).toEqual([]);
  });
});

test('a frequency without an inventory causes a warning', () => {
  const stack = newStack();
  new patterns.OrganizationMember(stack, 'Member', { inventory: false, inventoryFrequency: Duration.hours(1) });

  Annotations.fromStack(stack).hasWarning('/Stack/Member', Match.stringLikeRegexp('inventory is false, and inventoryFrequency says.*inventoryFrequencyWithoutInventory'));
});

test('tags that AWS would refuse are refused', () => {
  const stack = newStack();
  Tags.of(new patterns.OrganizationMember(stack, 'Member')).add('aws:mine', 'value');

  expect(() => Template.fromStack(stack)).toThrow("begin with something else than 'aws:'");
});

describe('the role for conversions', () => {
  const env = { account: '444455556666', region: 'eu-west-1' };
  const conversionRole = { workflowAccountId: '111122223333', organizationId: 'o-exampleorgid', regions: ['eu-west-1', 'us-east-1'] };
  const ROLE = 'AWS::IAM::Role';

  const memberIn = (stack: Stack, more: Partial<patterns.OrganizationMemberConversionRole> = {}) =>
    new patterns.OrganizationMember(stack, 'Member', { conversionRole: { ...conversionRole, ...more } });

  test('is there if it is asked for, by its name, and has no assets', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const { conversionRole: made } = memberIn(stack);
    const template = Template.fromStack(stack);

    expect(LicenseConversionRole.isLicenseConversionRole(made)).toBe(true);
    template.hasResourceProperties(ROLE, { RoleName: 'LicenseManagerConversionRole' });
    template.hasResource(ROLE, { Condition: Match.absent() });
    expect(Object.values(template.toJSON().Resources).map(({ Type }: any) => Type).sort()).toEqual(['AWS::IAM::Policy', ROLE, ASSOCIATION]);
  });

  test('is not there otherwise', () => {
    expect(new patterns.OrganizationMember(newStack(), 'Member').conversionRole).toBeUndefined();
  });

  test.each<[string, string | undefined, number]>([
    ['the Region that is named', 'eu-west-1', 1], ['whatever Region, if none is named', undefined, 1], ['no other one', 'us-east-1', 0],
  ])('is made in %s', (_, homeRegion, count) => {
    const stack = new Stack(new App(), 'Stack', { env });
    memberIn(stack, { homeRegion });

    Template.fromStack(stack).resourceCountIs(ROLE, count);
    Template.fromStack(stack).resourceCountIs(ASSOCIATION, 1);
  });

  test('has a condition where the Region is known at the deployment only', () => {
    const stack = newStack();
    memberIn(stack, { homeRegion: 'us-east-1' });
    const template = Template.fromStack(stack);
    const { Conditions, Resources } = template.toJSON();
    const [[condition, expression]] = Object.entries(Conditions);

    expect(expression).toEqual({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] });
    expect(Object.values<any>(Resources).map(({ Type, Condition }) => [Type, Condition]).sort()).toEqual(
      [['AWS::IAM::Policy', condition], [ROLE, condition], [ASSOCIATION, undefined]]);
  });

  test('is not made in the account of the workflow, which needs none', () => {
    const stack = new Stack(new App(), 'Stack', { env: { ...env, account: conversionRole.workflowAccountId } });

    expect(memberIn(stack).conversionRole).toBeUndefined();
    Template.fromStack(stack).resourceCountIs(ROLE, 0);
  });

  test.each<[string, object, string]>([
    ['a home Region that is none', { homeRegion: 'Ireland' }, "Stack/Member: homeRegion of conversionRole is 'Ireland': it has to be the name of a Region."],
    ['one that is not known', { homeRegion: Aws.REGION }, 'Stack/Member: homeRegion of conversionRole is a token'],
    ['an account that is none', { workflowAccountId: '1' }, "Stack/Member/ConversionRole: workflowAccountId is '1': it has to have 12 digits."],
  ])('refuses %s', (_, more, message) => {
    expect(() => memberIn(new Stack(new App(), 'Stack', { env }), more)).toThrow(message);
  });
});
