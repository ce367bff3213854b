import { App, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LicenseConfiguration, LicenseCounting, LicenseCountingType, LicenseTenancy, ProductInformation, RdsOracleEngineEdition } from '../../src';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

function rulesOf(licenseCounting: LicenseCounting): unknown {
  new LicenseConfiguration(stack, 'License', { licenseCounting });
  const [license] = Object.values(Template.fromStack(stack).findResources('AWS::LicenseManager::LicenseConfiguration'));
  return license.Properties.LicenseRules;
}

const tokenNumber = () => new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
const ref = (before: string) => ({ 'Fn::Join': ['', [before, { Ref: 'Number' }]] });

const ALL = [LicenseTenancy.DEDICATED_INSTANCE, LicenseTenancy.DEFAULT, LicenseTenancy.DEDICATED_HOST];
const HOST = [LicenseTenancy.DEDICATED_HOST];

describe('the table of the user guide: which rules a counting type takes, and how they are written', () => {
  test.each([
    ['vCPU', LicenseCounting.vcpus({ allowedTenancy: ALL, honorVcpuOptimization: true, maximumVcpus: 8, minimumVcpus: 2 }), [
      '#minimumVcpus=2', '#maximumVcpus=8', '#allowedTenancy=EC2-Default,EC2-DedicatedHost,EC2-DedicatedInstance', '#honorVcpuOptimization=True',
    ]],
    ['Core', LicenseCounting.cores({ allowedTenancy: HOST, licenseAffinityToHost: Duration.days(90), maximumCores: 16, minimumCores: 8 }), [
      '#minimumCores=8', '#maximumCores=16', '#allowedTenancy=EC2-DedicatedHost', '#licenseAffinityToHost=90',
    ]],
    ['Socket', LicenseCounting.sockets({ allowedTenancy: HOST, licenseAffinityToHost: Duration.days(90), maximumSockets: 4, minimumSockets: 2 }), [
      '#minimumSockets=2', '#maximumSockets=4', '#allowedTenancy=EC2-DedicatedHost', '#licenseAffinityToHost=90',
    ]],
    ['Instance', LicenseCounting.instances({
      allowedTenancy: ALL, maximumVcpus: 6, minimumVcpus: 5, maximumSockets: 4, minimumSockets: 3, maximumCores: 2, minimumCores: 1,
    }), [
      '#minimumCores=1', '#maximumCores=2', '#minimumSockets=3', '#maximumSockets=4', '#minimumVcpus=5', '#maximumVcpus=6',
      '#allowedTenancy=EC2-Default,EC2-DedicatedHost,EC2-DedicatedInstance',
    ]],
  ])('%s', (type, counting, expected) => {
    expect(rulesOf(counting)).toEqual(expected);
    expect(counting.licenseCountingType).toBe(type);
    Template.fromStack(stack).hasResourceProperties('AWS::LicenseManager::LicenseConfiguration', { LicenseCountingType: type });
  });

  test.each([
    ['vCPU', LicenseCounting.vcpus(), undefined, undefined],
    ['Instance', LicenseCounting.instances(), undefined, undefined],
    ['Core', LicenseCounting.cores(), ['#allowedTenancy=EC2-DedicatedHost'], HOST],
    ['Socket', LicenseCounting.sockets(), ['#allowedTenancy=EC2-DedicatedHost'], HOST],
  ])('%s without rules sends the tenancy where Dedicated Hosts are required, and nothing else', (_, counting, expected, tenancy) => {
    expect(rulesOf(counting)).toEqual(expected);
    expect(counting.allowedTenancy).toEqual(tenancy);
  });

  test.each([
    [true, '#honorVcpuOptimization=True'],
    [false, '#honorVcpuOptimization=False'],
  ])('honorVcpuOptimization: %s is spelled as the API has it', (honorVcpuOptimization, expected) => {
    expect(rulesOf(LicenseCounting.vcpus({ honorVcpuOptimization }))).toEqual([expected]);
  });

  test('the values of the counting types are those of the API', () => {
    expect(Object.values(LicenseCountingType)).toEqual(['vCPU', 'Instance', 'Core', 'Socket']);
    expect(Object.values(LicenseTenancy)).toEqual(['EC2-Default', 'EC2-DedicatedInstance', 'EC2-DedicatedHost']);
  });
});

test.each([
  [ALL],
  [[...ALL].reverse()],
  [[LicenseTenancy.DEFAULT, LicenseTenancy.DEDICATED_HOST, LicenseTenancy.DEDICATED_INSTANCE]],
])('the order in which tenancies are named changes nothing: it would replace the license', (allowedTenancy) => {
  expect(rulesOf(LicenseCounting.vcpus({ allowedTenancy }))).toEqual(['#allowedTenancy=EC2-Default,EC2-DedicatedHost,EC2-DedicatedInstance']);
});

test.each<[string, string, (rules: any) => LicenseCounting, string]>([
  ['minimumCores', 'vCPU', LicenseCounting.vcpus, 'minimumVcpus, maximumVcpus, honorVcpuOptimization, allowedTenancy'],
  ['licenseAffinityToHost', 'vCPU', LicenseCounting.vcpus, 'minimumVcpus, maximumVcpus, honorVcpuOptimization, allowedTenancy'],
  ['minimumVcpus', 'Core', LicenseCounting.cores, 'minimumCores, maximumCores, allowedTenancy, withoutTenancyRule, licenseAffinityToHost'],
  ['maximumCores', 'Socket', LicenseCounting.sockets, 'minimumSockets, maximumSockets, allowedTenancy, withoutTenancyRule, licenseAffinityToHost'],
  ['honorVcpuOptimization', 'Instance', LicenseCounting.instances,
    'minimumCores, maximumCores, minimumSockets, maximumSockets, minimumVcpus, maximumVcpus, allowedTenancy'],
])('the rule %s of another type in an object that holds more is refused: by %s', (rule, type, count, taken) => {
  const rules = { [rule]: { licenseAffinityToHost: Duration.days(4), honorVcpuOptimization: true }[rule] ?? 4, minimumSockets: undefined };
  expect(() => rulesOf(count(rules))).toThrow(
    `Stack/License: '${rule}' is not a rule of a license that is counted by '${type}', which has ${taken}. Leave it out, or count by something else.`);
});

test('a rule that is not set is none, also one of another type', () => {
  expect(rulesOf(LicenseCounting.vcpus({ minimumVcpus: undefined, minimumCores: undefined } as any))).toBeUndefined();
  stack = new Stack(undefined, 'Rds');
  expect(() => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus({ minimumVcpus: undefined }),
    productInformation: [ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE })],
  })).not.toThrow();
});

test('the tenancies that were named are kept for who attaches the license', () => {
  expect(LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEFAULT] }).allowedTenancy).toEqual([LicenseTenancy.DEFAULT]);
});

describe('limits', () => {
  const limits: [string, (value: number) => LicenseCounting][] = [
    ['minimumVcpus', minimumVcpus => LicenseCounting.vcpus({ minimumVcpus })],
    ['maximumVcpus', maximumVcpus => LicenseCounting.vcpus({ maximumVcpus })],
    ['minimumCores', minimumCores => LicenseCounting.cores({ minimumCores })],
    ['maximumCores', maximumCores => LicenseCounting.cores({ maximumCores })],
    ['minimumSockets', minimumSockets => LicenseCounting.sockets({ minimumSockets })],
    ['maximumSockets', maximumSockets => LicenseCounting.sockets({ maximumSockets })],
    ['minimumVcpus', minimumVcpus => LicenseCounting.instances({ minimumVcpus })],
    ['maximumSockets', maximumSockets => LicenseCounting.instances({ maximumSockets })],
    ['minimumCores', minimumCores => LicenseCounting.instances({ minimumCores })],
  ];

  test.each(limits)('%s takes 1, 2 and the greatest number that is exact', (name, counting) => {
    for (const [index, value] of [1, 2, Number.MAX_SAFE_INTEGER].entries()) {
      stack = new Stack(undefined, `Stack${index}`);
      expect(rulesOf(counting(value))).toContain(`#${name}=${value}`);
    }
  });

  test.each(limits.flatMap(([name, counting]) => [0, -1, 1.5, Infinity, 2 ** 53, 1e21].map(value => [name, value, counting] as const)))(
    '%s of %s is refused', (name, value, counting) => {
      expect(() => rulesOf(counting(value)))
        .toThrow(`Stack/License: ${name} is ${value}: it has to be a whole number from 1 to 9007199254740991. Correct it, or leave it out.`);
    });

  test.each(limits)('%s that is no number is refused', (name, counting) => {
    expect(() => rulesOf(counting(NaN))).toThrow(`Stack/License: ${name} is NaN, which is not a number: it was made from something that is none`);
  });

  test.each([
    ['Vcpus', (minimumVcpus: number, maximumVcpus: number) => LicenseCounting.vcpus({ minimumVcpus, maximumVcpus })],
    ['Cores', (minimumCores: number, maximumCores: number) => LicenseCounting.cores({ minimumCores, maximumCores })],
    ['Sockets', (minimumSockets: number, maximumSockets: number) => LicenseCounting.sockets({ minimumSockets, maximumSockets })],
    ['Cores', (minimumCores: number, maximumCores: number) => LicenseCounting.instances({ minimumCores, maximumCores })],
  ])('of %s may be equal, and not cross', (unit, counting) => {
    expect(rulesOf(counting(8, 8))).toEqual(expect.arrayContaining([`#minimum${unit}=8`, `#maximum${unit}=8`]));
    stack = new Stack(undefined, 'Other');
    expect(() => rulesOf(counting(9, 8))).toThrow(
      `Other/License: minimum${unit} is 9 and maximum${unit} is 8: the minimum has to be at most the maximum. ` +
      `Lower minimum${unit} or raise maximum${unit}.`);
  });

  test('tokens pass as they are, and are compared with nothing', () => {
    const value = tokenNumber();
    expect(rulesOf(LicenseCounting.vcpus({ minimumVcpus: value, maximumVcpus: 1 }))).toEqual([ref('#minimumVcpus='), '#maximumVcpus=1']);
  });

  test('a token as maximum passes too', () => {
    const value = tokenNumber();
    expect(rulesOf(LicenseCounting.vcpus({ minimumVcpus: 1000, maximumVcpus: value }))).toEqual(['#minimumVcpus=1000', ref('#maximumVcpus=')]);
  });
});

describe('tenancy', () => {
  test('a gap in the list is refused', () => {
    expect(() => rulesOf(LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEFAULT, undefined as any] }))).toThrow(
      'Stack/License: allowedTenancy[1] is missing: a list has no gaps. Set it, or take it out of the list.');
  });

  test('an empty list is refused', () => {
    expect(() => rulesOf(LicenseCounting.vcpus({ allowedTenancy: [] }))).toThrow(
      'Stack/License: allowedTenancy is empty: the license could not be used anywhere, at least 1 tenancy is needed. ' +
      'Name a tenancy, or leave allowedTenancy out.');
  });

  test.each(['dedicated', 'ec2-default', ''])('an unknown one is refused: %p', value => {
    expect(() => rulesOf(LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEFAULT, value as LicenseTenancy] }))).toThrow(
      `Stack/License: a member of allowedTenancy is '${value}': it has to be 'EC2-Default', 'EC2-DedicatedInstance' or 'EC2-DedicatedHost'. Correct it.`);
  });

  test('tokens are taken, by themselves and as a list', () => {
    const one = new CfnParameter(stack, 'Tenancy').valueAsString as LicenseTenancy;
    expect(rulesOf(LicenseCounting.vcpus({ allowedTenancy: [one, LicenseTenancy.DEFAULT] }))).toEqual([
      { 'Fn::Join': ['', ['#allowedTenancy=EC2-Default,', { Ref: 'Tenancy' }]] },
    ]);
    stack = new Stack(undefined, 'Hosts');
    const host = new CfnParameter(stack, 'Tenancy').valueAsString as LicenseTenancy;
    expect(rulesOf(LicenseCounting.cores({ allowedTenancy: [host] }))).toEqual([{ 'Fn::Join': ['', ['#allowedTenancy=', { Ref: 'Tenancy' }]] }]);
    stack = new Stack(undefined, 'List');
    const list = new CfnParameter(stack, 'Tenancies', { type: 'CommaDelimitedList' }).valueAsList as LicenseTenancy[];
    expect(rulesOf(LicenseCounting.vcpus({ allowedTenancy: list }))).toEqual([
      { 'Fn::Join': ['', ['#allowedTenancy=', { 'Fn::Join': [',', { Ref: 'Tenancies' }] }]] },
    ]);
  });

  test('one that is there twice is sent once, which a warning says', () => {
    expect(rulesOf(LicenseCounting.instances({ allowedTenancy: [LicenseTenancy.DEFAULT, LicenseTenancy.DEFAULT] }))).toEqual(['#allowedTenancy=EC2-Default']);
    Annotations.fromStack(stack).hasWarning('/Stack/License', '\'EC2-Default\' is in allowedTenancy twice, and is written once. Leave one of the two out, or name ' +
      'what was meant. [ack: cdk-license-manager:namedTwice]');
  });

  test('a token that is there twice is sent once, and is not shown as such', () => {
    const tenancy: any = new CfnParameter(stack, 'Tenancy').valueAsString;
    rulesOf(LicenseCounting.instances({ allowedTenancy: [tenancy, tenancy] }));
    Annotations.fromStack(stack).hasWarning('/Stack/License', Match.stringLikeRegexp('\'Stack/Tenancy\' is in allowedTenancy twice'));
  });

  test.each([
    ['core', 'EC2-Default', LicenseCounting.cores({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST, LicenseTenancy.DEFAULT] })],
    ['core', 'EC2-DedicatedInstance', LicenseCounting.cores({ allowedTenancy: [LicenseTenancy.DEDICATED_INSTANCE] })],
    ['socket', 'EC2-Default', LicenseCounting.sockets({ allowedTenancy: [LicenseTenancy.DEFAULT] })],
  ])('by %s, %s is refused', (unit, tenancy, counting) => {
    expect(() => rulesOf(counting)).toThrow(
      `Stack/License: allowedTenancy names '${tenancy}', but a license that is counted by ${unit} can be used in 'EC2-DedicatedHost' only. ` +
      'Allow LicenseTenancy.DEDICATED_HOST alone, or count by vCPU or by instance.');
  });
});

describe('a license by core or by socket that has to stay without a rule on the tenancy', () => {
  test.each<[string, (rules: object) => LicenseCounting]>([
    ['Core', rules => LicenseCounting.cores(rules)],
    ['Socket', rules => LicenseCounting.sockets(rules)],
  ])('%s', (_, counting) => {
    expect(rulesOf(counting({ withoutTenancyRule: true }))).toBeUndefined();
    expect(counting({ withoutTenancyRule: true }).allowedTenancy).toBeUndefined();
    stack = new Stack(undefined, 'Other');
    expect(rulesOf(counting({ withoutTenancyRule: true, licenseAffinityToHost: Duration.days(1) }))).toEqual(['#licenseAffinityToHost=1']);
    stack = new Stack(undefined, 'With');
    expect(rulesOf(counting({ withoutTenancyRule: false }))).toEqual(['#allowedTenancy=EC2-DedicatedHost']);
    stack = new Stack(undefined, 'Both');
    expect(rulesOf(counting({ withoutTenancyRule: false, allowedTenancy: HOST }))).toEqual(['#allowedTenancy=EC2-DedicatedHost']);
    stack = new Stack(undefined, 'Refused');
    expect(() => rulesOf(counting({ withoutTenancyRule: true, allowedTenancy: HOST }))).toThrow(
      'Refused/License: withoutTenancyRule is true, and there is allowedTenancy: the rule cannot be both left out and sent. Leave one of the two out.');
  });
});

describe('affinity to a host', () => {
  test.each([
    [Duration.days(1), 1],
    [Duration.days(2), 2],
    [Duration.hours(48), 2],
    [Duration.days(179), 179],
    [Duration.days(180), 180],
  ])('of %s is sent in days', (licenseAffinityToHost, days) => {
    expect(rulesOf(LicenseCounting.cores({ licenseAffinityToHost }))).toContain(`#licenseAffinityToHost=${days}`);
    stack = new Stack(undefined, 'Other');
    expect(rulesOf(LicenseCounting.sockets({ licenseAffinityToHost }))).toContain(`#licenseAffinityToHost=${days}`);
  });

  test.each([
    [Duration.days(0), '0 days'],
    [Duration.days(181), '181 days'],
    [Duration.hours(36), '1 day 12 hours'],
    [Duration.days(1.5), '1 day 12 hours'],
    [Duration.seconds(86399), '23 hours 59 minutes'],
  ])('of %s is refused', (licenseAffinityToHost, text) => {
    expect(() => rulesOf(LicenseCounting.cores({ licenseAffinityToHost }))).toThrow(
      new RegExp(`^Stack/License: licenseAffinityToHost is ${text}.*: it has to be 1 to 180 whole days\\. ` +
      'Correct it, or leave it out to bind licenses to no host\\.$'));
  });

  test('a token in days passes', () => {
    expect(rulesOf(LicenseCounting.cores({ licenseAffinityToHost: Duration.days(tokenNumber()) }))).toContainEqual(ref('#licenseAffinityToHost='));
  });

  test('a token in another unit is refused', () => {
    expect(() => rulesOf(LicenseCounting.cores({ licenseAffinityToHost: Duration.hours(tokenNumber()) }))).toThrow(
      'Stack/License: licenseAffinityToHost is a token in hours: License Manager counts it in days, and a token cannot be converted at ' +
      'synthesis. Use Duration.days().');
  });
});

describe('limits of cores and sockets on instances', () => {
  const WARNING = 'The license is counted by instance and limits cores or sockets. The user guide knows these rules, the current API ' +
    'reference knows limits of vCPUs only: License Manager may refuse them at deployment. Use minimumVcpus and maximumVcpus to be safe. ' +
    '[ack: cdk-license-manager:instanceCoreAndSocketRules]';

  test.each(['minimumCores', 'maximumCores', 'minimumSockets', 'maximumSockets'])('%s causes a warning', (name) => {
    rulesOf(LicenseCounting.instances({ [name]: 2 }));
    Annotations.fromStack(stack).hasWarning('/Stack/License', WARNING);
  });

  test.each([
    ['vCPU limits on instances', LicenseCounting.instances({ minimumVcpus: 2, maximumVcpus: 4, allowedTenancy: ALL })],
    ['limits of cores', LicenseCounting.cores({ minimumCores: 2, maximumCores: 4 })],
    ['limits of sockets', LicenseCounting.sockets({ minimumSockets: 2, maximumSockets: 4 })],
  ])('%s are not', (_, counting) => {
    rulesOf(counting);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

test('a counting may be used for several licenses', () => {
  const licenseCounting = LicenseCounting.vcpus({ minimumVcpus: 2 });
  new LicenseConfiguration(stack, 'One', { licenseCounting });
  new LicenseConfiguration(stack, 'Two', { licenseCounting });
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::LicenseManager::LicenseConfiguration', { LicenseRules: ['#minimumVcpus=2'] }, 2);
  expect(Token.isUnresolved(licenseCounting.licenseCountingType)).toBe(false);
});
