import { App, Aws, CfnCondition, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnHost } from 'aws-cdk-lib/aws-ec2';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { mixins } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense, makeLicenses } from '../license-configuration/licenses';
import { acknowledge } from '../support/validator';

const TYPE = 'AWS::ImageBuilder::DistributionConfiguration';
const IRELAND_ARN = LICENSE_ARN.replace('us-east-1', 'eu-west-1');

const NOT_IN_TEMPLATE = 'License \'Stack/Windows\' was attached by a mixin and is not in the template: the property was assigned afterwards, or an override (addPropertyOverride) or a condition (Fn::If) has ' +
  'written the licenses, and a mixin cannot merge into it. Write all licenses there and leave the mixin out, or attach all of them by the mixin. ' +
  '[ack: cdk-license-manager:licenseNotInTemplate]';

let app: App;
let stack: Stack;
let windows: CfnLicenseConfiguration;
let ireland: ImportedLicense;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  windows = makeLicense(stack, 'Windows');
  ireland = new ImportedLicense(stack, 'Ireland', IRELAND_ARN);
});

function configure(distributions: CfnDistributionConfiguration['distributions'], scope = stack) {
  return new CfnDistributionConfiguration(scope, 'Distribution', { name: 'images', distributions });
}

function distribution(region: string, licenseConfigurationArns?: string[]) {
  return { region, licenseConfigurationArns, amiDistributionConfiguration: { Name: 'image-{{ imagebuilder:buildDate }}' } };
}

function expectLicenses(expected: { [region: string]: unknown[] | undefined }, scope = stack) {
  Template.fromStack(scope).hasResourceProperties(TYPE, {
    Distributions: Object.entries(expected).map(([region, arns]) => ({
      Region: region,
      LicenseConfigurationArns: arns ?? Match.absent(),
      AmiDistributionConfiguration: { Name: 'image-{{ imagebuilder:buildDate }}' },
    })),
  });
}

test.each<[string, (distributions: any) => any]>([['known', it => it], ['known only in the end', it => Lazy.any({ produce: () => it })]])(
  'a distribution that is missing is refused: %s', (_, wrap) => {
    expect(() => {
      configure(wrap([distribution('us-east-1'), null])).with(new mixins.DistributionConfigurationLicenses([windows]));
      app.synth();
    }).toThrow('Stack/Distribution: distributions[1] is missing: a list has no gaps. Set it, or take it out of the list.');
  });

describe('merging', () => {
  test('each license goes to the distribution of its Region', () => {
    configure([distribution('us-east-1'), distribution('eu-west-1'), distribution('eu-central-1')])
      .with(new mixins.DistributionConfigurationLicenses([ireland, windows]));
    expectLicenses({ 'us-east-1': [{ Ref: 'Windows' }], 'eu-west-1': [IRELAND_ARN], 'eu-central-1': undefined });
  });

  test('licenses that are there stay, before those of the mixin', () => {
    configure([distribution('us-east-1', [LICENSE_ARN])])
      .with(new mixins.DistributionConfigurationLicenses([windows]))
      .with(new mixins.DistributionConfigurationLicenses([makeLicense(stack, 'Sql')]));
    expectLicenses({ 'us-east-1': [LICENSE_ARN, { Ref: 'Sql' }, { Ref: 'Windows' }] });
  });

  test('a construct that has nothing to do with licenses stays as it is', () => {
    const host = new CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()) });
    const mixin = new mixins.DistributionConfigurationLicenses([windows]);
    expect(mixin.supports(host)).toBe(false);
    mixin.applyTo(host);
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('a license is there once', () => {
    const mixin = new mixins.DistributionConfigurationLicenses([windows, new ImportedLicense(stack, 'Imported'), windows]);
    configure([distribution('us-east-1', [LICENSE_ARN])]).with(mixin, mixin);
    expectLicenses({ 'us-east-1': [LICENSE_ARN, { Ref: 'Windows' }] });
  });

  test.each<[string, () => CfnDistributionConfiguration['distributions']]>([
    ['distributions', () => Lazy.any({ produce: () => [distribution('us-east-1', [windows.ref])] })],
    ['a distribution', () => [Lazy.any({ produce: () => distribution('us-east-1', [windows.ref]) })]],
    ['ARNs', () => [distribution('us-east-1', Lazy.list({ produce: () => [windows.ref] }))]],
    ['an ARN', () => [distribution('us-east-1', [Lazy.string({ produce: () => windows.ref })])]],
  ])('a license is there once, also in %s known only in the end', (_, distributions) => {
    const mixin = new mixins.DistributionConfigurationLicenses([windows]);
    configure(distributions()).with(mixin, mixin);
    expectLicenses({ 'us-east-1': [{ Ref: 'Windows' }] });
  });

  test('a distribution with a condition stays as it is, and another one gets the license', () => {
    const { region: Region, amiDistributionConfiguration: AmiDistributionConfiguration } = distribution('eu-west-1');
    const either = { Region, AmiDistributionConfiguration };
    new CfnCondition(stack, 'AtHome', { expression: Fn.conditionEquals(Aws.ACCOUNT_ID, '111122223333') });
    configure([Fn.conditionIf('AtHome', either, either), distribution('us-east-1')])
      .with(new mixins.DistributionConfigurationLicenses([windows]));
    expect(Object.values<any>(Template.fromStack(stack).findResources(TYPE))[0].Properties.Distributions).toEqual([
      { 'Fn::If': ['AtHome', either, either] }, expect.objectContaining({ LicenseConfigurationArns: [{ Ref: 'Windows' }] }),
    ]);
  });

  test.each<[string, () => CfnDistributionConfiguration['distributions']]>([
    ['distributions', () => Lazy.any({ produce: () => [distribution('us-east-1', [LICENSE_ARN]), distribution('eu-west-1')] })],
    ['a distribution', () => [Lazy.any({ produce: () => distribution('us-east-1', [LICENSE_ARN]) }), distribution('eu-west-1')]],
    ['ARNs', () => [distribution('us-east-1', Lazy.list({ produce: () => [LICENSE_ARN] })), distribution('eu-west-1')]],
  ])('%s known only in the end', (_, distributions) => {
    configure(distributions())
      .with(new mixins.DistributionConfigurationLicenses([windows]))
      .with(new mixins.DistributionConfigurationLicenses([ireland]));
    expectLicenses({ 'us-east-1': [LICENSE_ARN, { Ref: 'Windows' }], 'eu-west-1': [IRELAND_ARN] });
  });

  test('ARNs that are nothing in the end', () => {
    configure([distribution('us-east-1', Lazy.list({ produce: () => undefined }))]).with(new mixins.DistributionConfigurationLicenses([windows]));
    expectLicenses({ 'us-east-1': [{ Ref: 'Windows' }] });
  });
});

describe('a stack without a Region', () => {
  let agnostic: Stack;
  let license: CfnLicenseConfiguration;
  let mixin: mixins.DistributionConfigurationLicenses;

  beforeEach(() => {
    agnostic = new Stack(app, 'Agnostic');
    license = makeLicense(agnostic, 'License');
    mixin = new mixins.DistributionConfigurationLicenses([license]);
  });

  test('the license goes to the distribution of the stack\'s Region', () => {
    configure([distribution('eu-west-1'), distribution(agnostic.region)], agnostic).with(mixin);
    Template.fromStack(agnostic).hasResourceProperties(TYPE, {
      Distributions: [
        { Region: 'eu-west-1', LicenseConfigurationArns: Match.absent() },
        { Region: { Ref: 'AWS::Region' }, LicenseConfigurationArns: [{ Ref: 'License' }] },
      ],
    });
  });

  test('… also if the distributions are known only in the end', () => {
    configure(Lazy.any({ produce: () => [distribution('eu-west-1'), distribution(agnostic.region)] }), agnostic).with(mixin);
    Template.fromStack(agnostic).hasResourceProperties(TYPE, {
      Distributions: [
        { Region: 'eu-west-1', LicenseConfigurationArns: Match.absent() },
        { Region: { Ref: 'AWS::Region' }, LicenseConfigurationArns: [{ Ref: 'License' }] },
      ],
    });
  });

  test('the license goes to the only distribution', () => {
    configure([distribution('eu-west-1')], agnostic).with(mixin);
    expectLicenses({ 'eu-west-1': [{ Ref: 'License' }] }, agnostic);
  });

  test('several distributions that it may be for are refused', () => {
    expect(() => configure([distribution('eu-west-1'), distribution('us-east-1')], agnostic).with(mixin)).toThrow(
      'Agnostic/Distribution: 2 distributions may be in the Region of license \'Agnostic/License\', which is not known, and License ' +
      'Manager tracks nothing across Regions. Give the stack a Region (env), or write stack.region as the region of the distribution ' +
      'that the license is for.');
  });
});

describe('refusals', () => {
  test('an empty list attaches nothing, and causes a warning', () => {
    configure([distribution('us-east-1')]).with(new mixins.DistributionConfigurationLicenses([]));
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Distribution',
      'A mixin was to attach licenses to it, and was given none. Pass the licenses to attach, or leave the mixin out. [ack: cdk-license-manager:mixinWithoutLicense]');
  });

  test.each<[string, string[], string]>([
    ['two distributions', ['us-east-1', 'eu-central-1'], '\'us-east-1\', \'eu-central-1\''],
    ['no distribution', [], 'none'],
  ])('a license of another Region than those of %s', (_, regions, listed) => {
    expect(() => configure(regions.map(region => distribution(region))).with(new mixins.DistributionConfigurationLicenses([ireland]))).toThrow(
      `Stack/Distribution: license 'Stack/Ireland' is in Region 'eu-west-1', and the distributions are for ${listed}: License Manager ` +
      'tracks nothing across Regions. Add a distribution for its Region, or use a license of one of these.');
  });

  test.each<[string, () => CfnDistributionConfiguration['distributions']]>([
    ['distributions', () => Fn.conditionIf('Condition', [], [])],
    ['the only distribution', () => [Fn.conditionIf('Condition', {}, {})]],
    ['ARNs', () => [distribution('us-east-1', Fn.split(',', Fn.importValue('licenses')))]],
  ])('%s that cannot be merged into', (_, distributions) => {
    acknowledge(app, 'E1028', 'The condition is made up.');
    configure(distributions()).with(new mixins.DistributionConfigurationLicenses([windows]));
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Distribution', NOT_IN_TEMPLATE);
  });
});

test('distributions that are nothing in the end are refused', () => {
  configure(Lazy.any({ produce: () => undefined })).with(new mixins.DistributionConfigurationLicenses([windows]));
  expect(() => app.synth()).toThrow('license \'Stack/Windows\' is in Region \'us-east-1\', and the distributions are for none: ');
});

test.each([[50, false], [51, true]])('%d licenses for a Region (refused: %p)', (count, refused) => {
  configure([distribution('us-east-1')]).with(new mixins.DistributionConfigurationLicenses(makeLicenses(stack, count)));
  const refusal = expect(() => app.synth());
  (refused ? refusal : refusal.not).toThrow('[Stack/Distribution] it gets 51 licenses: it can have at most 50. Attach fewer.');
});

test('more than ten licenses for a Region cause a warning', () => {
  configure([distribution('us-east-1')]).with(new mixins.DistributionConfigurationLicenses(makeLicenses(stack, 11)));
  Annotations.fromStack(stack).hasWarning('/Stack/Distribution', Match.stringLikeRegexp('cdk-license-manager:tooManyLicensesOnResource'));
});

test('ten licenses for each of two Regions are not warned of', () => {
  const there = Array.from({ length: 10 }, (_, index) => new ImportedLicense(stack, `There${index}`, `${IRELAND_ARN.slice(0, -1)}${index}`));
  configure([distribution('us-east-1'), distribution('eu-west-1')])
    .with(new mixins.DistributionConfigurationLicenses([...makeLicenses(stack, 10), ...there]));
  app.synth();
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
