/*
 * The text of the rule, run by cfn-guard against configuration items.
 */
import { spawnSync } from 'node:child_process';
import { App, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { item, OF_2017 } from './configuration-items';
import type { Recorded } from './configuration-items';
import { ENGINES, evaluate } from './guard';
import type { Verdict } from './guard';
import {
  GovernedInstances, GuardrailMatch, LicenseConfiguration, LicenseGuardrail, LicenseTenancy, LicenseType,
} from '../../src';
import type { LicenseGuardrailProps } from '../../src';

const arn = (name: string) => `arn:aws:license-manager:eu-west-1:111122223333:license-configuration:lic-${name.padEnd(32, '0')}`;
const [A, B, OTHER] = ['a', 'b', 'c'].map(arn);
const BYOL = GuardrailMatch.usageOperation([LicenseType.WINDOWS_BYOL.usageOperation]);

function rule(instances: GovernedInstances, more: Partial<LicenseGuardrailProps> = {}, licenses = [A, B]): string {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  return new LicenseGuardrail(stack, 'It', {
    instances,
    licenseConfigurations: licenses.map(it => LicenseConfiguration.fromLicenseConfigurationArn(stack, it, it)),
    ...more,
  }).policyText;
}

/** Licenses of an app, with rules on tenancies. */
function ruleOf(tenancies: { [arn: string]: string | undefined }): string {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  return new LicenseGuardrail(stack, 'It', {
    instances: GovernedInstances.matching(BYOL),
    licenseConfigurations: Object.entries(tenancies).map(([it, rules], index) => {
      const license = new CfnLicenseConfiguration(stack, `L${index}`, {
        name: 'license', licenseCountingType: 'vCPU', licenseRules: rules === undefined ? undefined : [`#allowedTenancy=${rules}`],
      });
      Object.defineProperty(license, 'licenseConfigurationRef', { value: { licenseConfigurationArn: it } });
      return license;
    }),
  }).policyText;
}

test('the versions are those that are meant', () => {
  expect(ENGINES.map(engine => spawnSync(engine, ['--version'], { encoding: 'utf8' }).stdout.trim())).toEqual(
    ['cfn-guard 3.1.1', 'cfn-guard 2.1.4'].slice(0, ENGINES.length));
});

describe.each(ENGINES)('by %s', (engine) => {
  const verdict = (text: string, recorded: Recorded = {}, without: string[] = []) => evaluate(engine, text, [item(recorded, without)])[0];

  test.each<[what: string, recorded: Recorded, without: string[], expected: Verdict]>([
    ['without a license', {}, [], 'FAIL'],
    ['with one of the licenses', { licenses: [A] }, [], 'PASS'],
    ['with the other one', { licenses: [B] }, [], 'PASS'],
    ['with both', { licenses: [A, B] }, [], 'PASS'],
    ['with one of them beside another one', { licenses: [OTHER, B] }, [], 'PASS'],
    ['with another one', { licenses: [OTHER] }, [], 'FAIL'],
    ['with licenses of which nothing is recorded', { licenses: null }, [], 'FAIL'],
    ['without a list of licenses', {}, ['licenses'], 'FAIL'],
    ['that is stopped', { state: 'stopped' }, [], 'FAIL'],
    ['that is pending', { state: 'pending' }, [], 'FAIL'],
    ['that is shutting down', { state: 'shutting-down' }, [], 'SKIP'],
    ['that is terminated', { state: 'terminated' }, [], 'SKIP'],
    ['of another product', { usageOperation: 'RunInstances:0002' }, [], 'SKIP'],
    ['with no usage operation', { usageOperation: null }, [], 'SKIP'],
    ['of which no usage operation is recorded', {}, ['usageOperation'], 'SKIP'],
  ])('an instance %s', (_, recorded, without, expected) => {
    expect(verdict(rule(GovernedInstances.matching(BYOL)), recorded, without)).toBe(expected);
  });

  test('what is no instance is not judged, and neither is an item from before there were usage operations', () => {
    expect(evaluate(engine, rule(GovernedInstances.matching(BYOL)), [{ ...item(), resourceType: 'AWS::EC2::Volume' }, OF_2017])).toEqual(['SKIP', 'SKIP']);
  });

  test('an item from before there were licenses has none', () => {
    expect(evaluate(engine, rule(GovernedInstances.matching(GuardrailMatch.amiId(['ami-9be6f38c']))), [OF_2017])).toEqual(['FAIL']);
  });

  test.each<[match: GuardrailMatch, fitting: [Recorded, string[]?][], others: [Recorded, string[]?][]]>([
    [GuardrailMatch.usageOperation(['RunInstances:0010', 'RunInstances:0800']), [[{}]], [[{ usageOperation: 'RunInstances' }]]],
    [GuardrailMatch.platformDetails(['Windows BYOL']), [[{}]], [[{ platformDetails: 'Windows' }], [{ platformDetails: null }], [{}, ['platformDetails']]]],
    [GuardrailMatch.amiId(['ami-0123456789abcdef0']), [[{}]], [[{ imageId: 'ami-0123456789abcdef1' }]]],
    [GuardrailMatch.instanceType([new InstanceType('m5.large')]), [[{}]], [[{ instanceType: 'm5.xlarge' }]]],
    [
      GuardrailMatch.marketplaceProductCode(['one', 'two']),
      [[{ productCodes: ['two'] }], [{ productCodes: ['three', 'one'] }]],
      [[{}], [{ productCodes: ['three'] }], [{ productCodes: null }], [{}, ['productCodes']]],
    ],
    [
      GuardrailMatch.tag('product', ['windows', 'sql']),
      [[{ tags: { product: 'sql' } }], [{ tags: { Name: 'a', product: 'windows' } }]],
      [[{}], [{ tags: {} }], [{ tags: { product: 'linux' } }], [{ tags: { Name: 'sql', product: 'linux' } }], [{ tags: null }], [{}, ['tags']]],
    ],
    [
      GuardrailMatch.tag('product'),
      [[{ tags: { product: '' } }], [{ tags: { Name: 'a', product: 'windows' } }]],
      [[{}], [{ tags: {} }], [{ tags: { Product: 'linux' } }], [{ tags: null }], [{}, ['tags']]],
    ],
    // What a tag may have, and Guard has a meaning for.
    [GuardrailMatch.tag('a"b', ['c\\']), [[{ tags: { 'a"b': 'c\\' } }]], [[{ tags: { 'a"b': 'c' } }]]],
    [GuardrailMatch.tag('a\\"/.', ['ä\'#{}$%']), [[{ tags: { 'a\\"/.': 'ä\'#{}$%' } }]], [[{ tags: { 'a\\"/x': 'ä\'#{}$%' } }]]],
    [GuardrailMatch.tag('aws:cloudformation:stack-name', ['a.*']), [[{ tags: { 'aws:cloudformation:stack-name': 'a.*' } }]], [[{ tags: { 'aws:cloudformation:stack-name': 'ab' } }]]],
  ])('a match, and its opposite: %#', (match, fitting, others) => {
    const [governed, opposite, twice] = [match, match.negated(), match.negated().negated()].map(it => rule(GovernedInstances.matching(it)));
    const [those, rest] = [fitting, others].map(list => list.map(([recorded, without]) => item(recorded, without)));
    const all = (list: object[], value: Verdict) => list.map(() => value);

    expect(evaluate(engine, governed, [...those, ...rest])).toEqual([...all(those, 'FAIL'), ...all(rest, 'SKIP')]);
    expect(evaluate(engine, opposite, [...those, ...rest])).toEqual([...all(those, 'SKIP'), ...all(rest, 'FAIL')]);
    expect(twice).toBe(governed);
  });

  const TAG = GuardrailMatch.tag('product', ['windows']);
  const tagged = { tags: { product: 'windows' } };
  const linux = { usageOperation: 'RunInstances' };
  test.each<[what: string, instances: GovernedInstances, expected: Verdict[]]>([
    ['all', GovernedInstances.matchingAll([BYOL, TAG]), ['SKIP', 'FAIL', 'SKIP', 'SKIP']],
    ['all, of which one is negated', GovernedInstances.matchingAll([BYOL, TAG.negated()]), ['FAIL', 'SKIP', 'SKIP', 'SKIP']],
    ['any', GovernedInstances.matchingAny([BYOL, TAG]), ['FAIL', 'FAIL', 'FAIL', 'SKIP']],
    ['any, of which one is negated', GovernedInstances.matchingAny([BYOL, TAG.negated()]), ['FAIL', 'FAIL', 'SKIP', 'FAIL']],
  ])('%s of two matches', (_, instances, expected) => {
    expect(evaluate(engine, rule(instances), [item(), item(tagged), item({ ...linux, ...tagged }), item(linux)])).toEqual(expected);
  });

  const verdicts = (text: string, licenses: string[]) => evaluate(engine, text, ['default', 'dedicated', 'host'].map(tenancy => item({ licenses, tenancy })));

  test.each<[allowedTenancy: LicenseTenancy[], expected: Verdict[]]>([
    [[LicenseTenancy.DEDICATED_HOST], ['FAIL', 'FAIL', 'PASS']],
    [[LicenseTenancy.DEDICATED_HOST, LicenseTenancy.DEDICATED_INSTANCE], ['FAIL', 'PASS', 'PASS']],
    [[LicenseTenancy.DEFAULT], ['PASS', 'FAIL', 'FAIL']],
    [[LicenseTenancy.DEFAULT, LicenseTenancy.DEDICATED_INSTANCE, LicenseTenancy.DEDICATED_HOST], ['PASS', 'PASS', 'PASS']],
  ])('the tenancies %s', (allowedTenancy, expected) => {
    const text = rule(GovernedInstances.matching(BYOL), { allowedTenancy });

    expect(verdicts(text, [A])).toEqual(expected);
    expect(verdicts(text, [])).toEqual(['FAIL', 'FAIL', 'FAIL']);
  });

  test('each license allows its own tenancies', () => {
    const text = ruleOf({ [A]: 'EC2-DedicatedHost', [B]: 'EC2-DedicatedInstance,EC2-DedicatedHost' });

    expect(verdicts(text, [A])).toEqual(['FAIL', 'FAIL', 'PASS']);
    expect(verdicts(text, [B])).toEqual(['FAIL', 'PASS', 'PASS']);
    expect(verdicts(text, [A, B])).toEqual(['FAIL', 'PASS', 'PASS']);
  });

  test('a license without a rule allows all, also beside one with a rule', () => {
    const text = ruleOf({ [A]: 'EC2-DedicatedHost', [B]: undefined });

    expect(verdicts(text, [A])).toEqual(['FAIL', 'FAIL', 'PASS']);
    expect(verdicts(text, [B])).toEqual(['PASS', 'PASS', 'PASS']);
    expect(verdicts(text, [A, B])).toEqual(['PASS', 'PASS', 'PASS']);
  });

  test('a tenancy that nobody knows, or that is not recorded, excludes nothing', () => {
    expect(evaluate(engine, ruleOf({ [A]: 'EC2-DedicatedHost' }), ['new', null].map(tenancy => item({ licenses: [A], tenancy })))).toEqual(['PASS', 'PASS']);
  });
});
