import { App, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import {
  LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, ProvisionedType, Provisioning, ProvisioningInjector, ReportFrequency,
  ReportGenerator, UsageReport,
} from '../../src';

const NATIVE = 'AWS::LicenseManager::LicenseConfiguration';
const CUSTOM = 'Custom::LicenseManagerLicenseConfiguration';
const NATIVE_REPORT = 'AWS::LicenseManager::ReportGenerator';
const CUSTOM_REPORT = 'Custom::LicenseManagerReportGenerator';

let app: App;
beforeEach(() => {
  app = new App();
});

const stackOf = (id: string) => app.node.tryFindChild(id) as Stack | undefined ?? new Stack(app, id);

function provisioned(id: string, provisioning?: Provisioning): string[] {
  const stack = stackOf(id);
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), provisioning });
  new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.DAILY,
    }),
    provisioning,
  });
  const template = Template.fromStack(stack);
  return [NATIVE, CUSTOM, NATIVE_REPORT, CUSTOM_REPORT].filter(type => Object.keys(template.findResources(type)).length > 0);
}

test('a license and a report generator are native unless something else is said', () => {
  expect(provisioned('Stack')).toEqual([NATIVE, NATIVE_REPORT]);
});

test('an app is provisioned as it says', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  expect(provisioned('Stack')).toEqual([CUSTOM, CUSTOM_REPORT]);
});

test('a construct that says it itself keeps its way', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  expect(provisioned('Stack', Provisioning.NATIVE)).toEqual([NATIVE, NATIVE_REPORT]);
});

test('the nearest scope wins', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  ProvisioningInjector.addTo(new Stack(app, 'Stack'), Provisioning.NATIVE);
  expect(provisioned('Stack')).toEqual([NATIVE, NATIVE_REPORT]);
});

test.each<[ProvisionedType, string[]]>([
  [ProvisionedType.LICENSE_CONFIGURATION, [CUSTOM, NATIVE_REPORT]],
  [ProvisionedType.REPORT_GENERATOR, [NATIVE, CUSTOM_REPORT]],
])('%s alone may go through the API', (type, expected) => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE, { types: [type] });
  expect(provisioned('Stack')).toEqual(expected);
});

test('of the same scope what is said last of a type counts', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  ProvisioningInjector.addTo(app, Provisioning.NATIVE, { types: [ProvisionedType.REPORT_GENERATOR] });
  expect(provisioned('Stack')).toEqual([CUSTOM, NATIVE_REPORT]);
});

test('what a nearer scope says of one type leaves the other as a farther one says', () => {
  ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
  ProvisioningInjector.addTo(stackOf('Stack'), Provisioning.NATIVE, { types: [ProvisionedType.LICENSE_CONFIGURATION] });
  expect(provisioned('Stack')).toEqual([NATIVE, CUSTOM_REPORT]);
});

describe('what is said after a construct was made', () => {
  const TOO_LATE = Match.stringLikeRegexp('provisioningSetTooLate');
  const license = (id: string, provisioning?: Provisioning) =>
    new LicenseConfiguration(stackOf('Stack'), id, { licenseCounting: LicenseCounting.vcpus(), provisioning });

  test('leaves the construct as it is, and the construct says so', () => {
    license('License');
    ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
    Template.fromStack(stackOf('Stack')).resourceCountIs(NATIVE, 1);
    Annotations.fromStack(stackOf('Stack')).hasWarning('/Stack/License',
      "ProvisioningInjector.addTo() sets 'custom-resource' for 'App' when this is made already: it stays 'native'. Call it before the constructs are made. "
      + '[ack: cdk-license-manager:provisioningSetTooLate]');
  });

  test.each<[what: string, say: () => void]>([
    ['the same way', () => ProvisioningInjector.addTo(app, Provisioning.NATIVE)],
    ['of another type', () => ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE, { types: [ProvisionedType.REPORT_GENERATOR] })],
    ['of another scope', () => ProvisioningInjector.addTo(stackOf('Other'), Provisioning.CUSTOM_RESOURCE)],
  ])('is no matter if it is %s', (_, say) => {
    license('License');
    say();
    Annotations.fromStack(stackOf('Stack')).hasNoWarning('*', TOO_LATE);
  });

  test('is no matter to one that says itself how it is provisioned, or that a nearer scope decides for', () => {
    ProvisioningInjector.addTo(stackOf('Stack'), Provisioning.NATIVE);
    license('Own', Provisioning.NATIVE);
    license('Nearer');
    ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
    Annotations.fromStack(stackOf('Stack')).hasNoWarning('*', TOO_LATE);
  });
});

describe('what there is not is refused', () => {
  const [WAYS, TYPES] = ["'native' or 'custom-resource'", "'AWS::LicenseManager::LicenseConfiguration' or 'AWS::LicenseManager::ReportGenerator'"];
  test.each<[string, () => void, string]>([
    ['no type at all', () => ProvisioningInjector.addTo(stackOf('Stack'), Provisioning.NATIVE, { types: [] }),
      'Stack: types of ProvisioningInjector.addTo() is empty: it would set nothing. Name at least 1 of ProvisionedType, or leave types out for all of them.'],
    ['what is no list', () => ProvisioningInjector.addTo(stackOf('Stack'), Provisioning.NATIVE, { types: 'a' as any }),
      'Stack: types is the text \'a\': it has to be a list.'],
    ['a way, for a scope', () => ProvisioningInjector.addTo(stackOf('Stack'), 'NATIVE' as Provisioning), `Stack: provisioning is 'NATIVE': it has to be ${WAYS}. Correct it.`],
    ['a type', () => ProvisioningInjector.addTo(stackOf('Stack'), Provisioning.NATIVE, { types: ['AWS::S3::Bucket' as ProvisionedType] }),
      `Stack: a member of types is 'AWS::S3::Bucket': it has to be ${TYPES}. Correct it.`],
    ['a way, of a construct', () => provisioned('Stack', 'NATIVE' as Provisioning), `Stack/License: provisioning is 'NATIVE': it has to be ${WAYS}.`],
  ])('%s', (_what, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a property injector of the user\'s own for the same class takes effect, too', () => {
  const ours = (scope: IConstruct) => ProvisioningInjector.addTo(scope, Provisioning.CUSTOM_RESOURCE);
  const theirs = (more: object) => (scope: IConstruct) => PropertyInjectors.of(scope).add({
    constructUniqueId: LicenseConfiguration.PROPERTY_INJECTION_ID,
    inject: props => ({ description: 'injected', ...more, ...props }),
  });
  const made = () => {
    new LicenseConfiguration(stackOf('Stack'), 'License', { licenseCounting: LicenseCounting.vcpus() });
    const { Resources } = Template.fromStack(stackOf('Stack')).toJSON();
    return Object.values<any>(Resources).filter(({ Type }) => [NATIVE, CUSTOM].includes(Type))
      .map(({ Type, Properties: { Description } }) => [Type, Description]);
  };

  test.each<[string, () => void]>([
    ['added after it', () => { ours(app); theirs({})(app); }],
    ['added before it', () => { theirs({})(app); ours(app); }],
    ['on a nearer scope', () => { ours(app); theirs({})(stackOf('Stack')); }],
    ['on a farther scope', () => { theirs({})(app); ours(stackOf('Stack')); }],
  ])('%s', (_, add) => {
    add();
    expect(made()).toEqual([[CUSTOM, 'injected']]);
  });

  test('and what it says of the provisioning wins', () => {
    theirs({ provisioning: Provisioning.NATIVE })(app);
    ours(app);
    expect(made()).toEqual([[NATIVE, 'injected']]);
  });
});
