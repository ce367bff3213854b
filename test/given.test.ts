/*
 * What a language without types, or a value out of a file, leaves out: each is refused by its name, where somebody finds it, and never ends in an error of
 * JavaScript.
 */
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import * as library from '../src';

const {
  HostLicenses, HostResourceGroup, LicenseAssetGroup, LicenseAssetRuleSet, mixins, ReportGenerator, ReportGeneratorLocation, UsageReport,
} = library;
const IN_US = 'arn:aws:license-manager:us-east-1:111122223333';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const found = <T>(id: string, make: (id: string) => T) => stack.node.tryFindChild(id) as T | undefined ?? make(id);
const license = () => found('License', id =>
  library.LicenseConfiguration.fromLicenseConfigurationArn(stack, id, `${IN_US}:license-configuration:lic-${'0'.repeat(32)}`));
const ruleSet = () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'RuleSet', `${IN_US}:license-asset-ruleset:lars-1`);
const assets = () => found('Assets', id => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, id, `${IN_US}:license-asset-group:lag-1`));
const generator = () => ReportGenerator.fromReportGeneratorArn(stack, 'Generator', `${IN_US}:report-generator:r-1`);
const hosts = () => new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() });
const importedHosts = () => HostResourceGroup.fromHostResourceGroupName(stack, 'Hosts', 'hosts');
const { LicenseConfigurationReportType: { USAGE }, ReportFrequency: { DAILY }, UsageDimension: { VCPU } } = library;

const makeGroup = (props: any) => new LicenseAssetGroup(stack, 'It', props);
const makeHosts = (props: any) => new HostResourceGroup(stack, 'It', props);
const onLicenses = (more: any) => new ReportGenerator(stack, 'It', {
  report: UsageReport.licenseConfigurations(more && { licenseConfigurations: [license()], types: [USAGE], frequency: DAILY, ...more }),
});
const onGroups = (more: any) => new ReportGenerator(stack, 'It', {
  report: UsageReport.licenseAssetGroups(more && { licenseAssetGroups: [assets()], start: new Date(0), end: new Date(1e9), ...more }),
});

/** What is needed: by whom, as a message names it, and how it is given. */
const NEEDED: [string, string, (value: any) => unknown][] = [
  ['Stack/It', 'props', value => makeGroup(value)],
  ['Stack/It', 'usageDimension', value => makeGroup({ ruleSets: [ruleSet()], usageDimension: value })],
  ['Stack/It', 'ruleSets', value => makeGroup({ ruleSets: value, usageDimension: VCPU })],
  ['Stack/It', 'ruleSets[1]', value => makeGroup({ ruleSets: [ruleSet(), value], usageDimension: VCPU })],
  ['Stack/It', 'properties[\'key\']', value => makeGroup({ ruleSets: [ruleSet()], usageDimension: VCPU, properties: { key: value } })],
  ['Stack', 'licenseAssetGroupArn of \'It\'', value => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'It', value)],
  ['Stack', 'licenseAssetGroupArn of \'It\'', value => LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'It', { licenseAssetGroupArn: value })],
  ['Stack', 'licenseAssetGroupName of the look-up \'It\'', value => LicenseAssetGroup.fromLookup(stack, 'It', { licenseAssetGroupName: value })],
  ['Stack/It', 'props', value => new LicenseAssetRuleSet(stack, 'It', value)],
  ['Stack/It', 'rules', value => new LicenseAssetRuleSet(stack, 'It', { rules: value })],
  ['Stack/It', 'rules[0]', value => new LicenseAssetRuleSet(stack, 'It', { rules: [value] })],
  ['Stack', 'licenseAssetRuleSetArn of \'It\'', value => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'It', value)],
  ['Stack', 'licenseAssetRuleSetName of the look-up \'It\'', value => LicenseAssetRuleSet.fromLookup(stack, 'It', { licenseAssetRuleSetName: value })],
  ['Stack', 'ruleSet of \'It\'', value => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', value)],
  ['Stack', 'the name in AwsManagedRuleSet.of() of \'It\'', value => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', library.AwsManagedRuleSet.of(value))],
  ['Stack/Assets', 'metricName', value => assets().metrics.metric(value)],
  ['Stack/Assets', 'the grantee of a grant on the license asset group', value => assets().grants.read(value)],
  ['Stack/Assets', 'the grantee of a grant on the license asset group', value => assets().grants.manage(value)],
  ['Stack/RuleSet', 'the grantee of a grant on the license asset ruleset', value => ruleSet().grants.read(value)],
  ['Stack/RuleSet', 'the grantee of a grant on the license asset ruleset', value => ruleSet().grants.manage(value)],
  ['Stack/It', 'props', value => makeHosts(value)],
  ['Stack/It', 'licenses', value => makeHosts({ licenses: value })],
  ['Stack/It', 'the list of HostLicenses.only()', value => makeHosts({ licenses: HostLicenses.only(value) })],
  ['Stack/It', 'the list of HostLicenses.only()[1]', value => makeHosts({ licenses: HostLicenses.only([license(), value]) })],
  ['Stack/It', 'allowedHostFamilies[1]', value => makeHosts({ licenses: HostLicenses.any(), allowedHostFamilies: ['m5', value] })],
  ['Stack/Hosts', 'the host of addHost()', value => hosts().addHost(value)],
  ['Stack/Hosts', 'hostId of addHostId()', value => hosts().addHostId(value)],
  ['Stack/Hosts', 'hostArn of addHostArn()', value => hosts().addHostArn(value)],
  ['Stack', 'hostResourceGroupArn of \'It\'', value => HostResourceGroup.fromHostResourceGroupArn(stack, 'It', value)],
  ['Stack', 'hostResourceGroupArn of \'It\'', value => HostResourceGroup.fromHostResourceGroupAttributes(stack, 'It', { hostResourceGroupArn: value })],
  ['Stack', 'hostResourceGroupName of \'It\'', value => HostResourceGroup.fromHostResourceGroupName(stack, 'It', value)],
  ['Stack', 'hostResourceGroupName of the look-up \'It\'', value => HostResourceGroup.fromLookup(stack, 'It', { hostResourceGroupName: value })],
  ['Stack/Hosts', 'the grantee of a grant on the host resource group', value => importedHosts().grants.read(value)],
  ['Stack/Hosts', 'the grantee of a grant on the host resource group', value => importedHosts().grants.manage(value)],
  ['Stack/Hosts', 'the grantee of a grant on the host resource group', value => importedHosts().grants.launchInstances(value)],
  ['Stack/It', 'props', value => new ReportGenerator(stack, 'It', value)],
  ['Stack/It', 'report', value => new ReportGenerator(stack, 'It', { report: value })],
  ['Stack/It', 'the options of UsageReport.licenseConfigurations()', value => onLicenses(value)],
  ['Stack/It', 'licenseConfigurations of the report', value => onLicenses({ licenseConfigurations: value })],
  ['Stack/It', 'licenseConfigurations of the report[1]', value => onLicenses({ licenseConfigurations: [license(), value] })],
  ['Stack/It', 'types of the report', value => onLicenses({ types: value })],
  ['Stack/It', 'types of the report[0]', value => onLicenses({ types: [value] })],
  ['Stack/It', 'frequency of the report', value => onLicenses({ frequency: value })],
  ['Stack/It', 'the options of UsageReport.licenseAssetGroups()', value => onGroups(value)],
  ['Stack/It', 'licenseAssetGroups of the report', value => onGroups({ licenseAssetGroups: value })],
  ['Stack/It', 'licenseAssetGroups of the report[1]', value => onGroups({ licenseAssetGroups: [assets(), value] })],
  ['Stack/It', 'start of the report', value => onGroups({ start: value })],
  ['Stack/It', 'end of the report', value => onGroups({ end: value })],
  ['Stack', 'reportGeneratorArn of \'It\'', value => ReportGenerator.fromReportGeneratorArn(stack, 'It', value)],
  ['Stack', 'reportGeneratorArn of \'It\'', value => ReportGenerator.fromReportGeneratorAttributes(stack, 'It', { reportGeneratorArn: value })],
  ['Stack', 'reportGeneratorName of the look-up \'It\'', value => ReportGenerator.fromLookup(stack, 'It', { reportGeneratorName: value })],
  ['Stack/Generator', 'the grantee of a grant on the report generator', value => generator().grants.read(value)],
  ['Stack/Generator', 'the grantee of a grant on the report generator', value => generator().grants.manage(value)],
  ['Stack/It', 'props', value => new ReportGeneratorLocation(stack, 'It', value)],
  ['Stack/It', 'reportGenerator', value => new ReportGeneratorLocation(stack, 'It', { reportGenerator: value })],
  ['Stack/It', 'the grantee of a grant on the report', value => new ReportGeneratorLocation(stack, 'It', { reportGenerator: generator() }).grants.read(value)],
  ...Object.entries(mixins).filter(([name]) => name.endsWith('Licenses')).flatMap(([name, Mixin]: [string, any]): typeof NEEDED => [
    [`mixins.${name}`, 'licenses', value => new Mixin(value)],
    [`mixins.${name}`, 'licenses[1]', value => new Mixin([license(), value])],
  ]),
  ...Object.entries(mixins).filter(([name]) => name.endsWith('HostPlacement')).map(([name, Mixin]: [string, any]): typeof NEEDED[0] =>
    [`mixins.${name}`, 'group', value => new Mixin(value)]),
  ...([
    ['LicenseAssetGroupGrants', 'LicenseAssetGroup'], ['LicenseAssetGroupMetrics', 'LicenseAssetGroup'], ['LicenseAssetRuleSetGrants', 'LicenseAssetRuleSet'],
    ['ReportGeneratorGrants', 'ReportGenerator'],
  ] as const).map(([facade, of]): typeof NEEDED[0] =>
    [`${facade}.from${of}()`, of[0].toLowerCase() + of.slice(1), value => (library[facade] as any)[`from${of}`](value)]),
  ['HostResourceGroupGrants.fromHostResourceGroup()', 'group', value => library.HostResourceGroupGrants.fromHostResourceGroup(value)],
  ['ReportGeneratorLocationGrants.fromReportGeneratorLocation()', 'location',
    value => library.ReportGeneratorLocationGrants.fromReportGeneratorLocation(value)],
];

test.each(NEEDED)('%s needs %s', (who, property, make) => {
  for (const value of [undefined, null]) {
    const why = property.endsWith(']') && !property.includes('\'') ? 'a list has no gaps. Set it, or take it out of the list.' : 'there is no default for it. Set it.';
    expect(() => make(value)).toThrow(`${who}: ${property} is missing: ${why}`);
    ['It', 'License', 'RuleSet', 'Assets', 'Generator', 'Hosts'].forEach(id => stack.node.tryRemoveChild(id));
  }
});

test.each<[string, (list: any) => unknown]>([
  ['Stack/It: ruleSets', list => makeGroup({ ruleSets: list, usageDimension: VCPU })],
  ['Stack/It: rules', list => new LicenseAssetRuleSet(stack, 'It', { rules: list })],
  ['Stack/It: the list of HostLicenses.only()', list => makeHosts({ licenses: HostLicenses.only(list) })],
  ['Stack/It: allowedHostFamilies', list => makeHosts({ licenses: HostLicenses.any(), allowedHostFamilies: list })],
  ['Stack/It: licenseConfigurations of the report', list => onLicenses({ licenseConfigurations: list })],
  ['Stack/It: types of the report', list => onLicenses({ types: list })],
  ['Stack/It: licenseAssetGroups of the report', list => onGroups({ licenseAssetGroups: list })],
  ['mixins.InstanceLicenses: licenses', list => new mixins.InstanceLicenses(list)],
])('%s has to be a list', (name, make) => {
  for (const single of ['m5', {}]) {
    expect(() => make(single)).toThrow(`${name} has to be a list, and is none. Write a list, also of one.`);
    ['It', 'License', 'Assets'].forEach(id => stack.node.tryRemoveChild(id));
  }
});

test.each<[string, string, (value: any) => unknown]>([
  ['Stack/It: licenses', 'HostLicenses', value => makeHosts({ licenses: value })],
  ['Stack/It: report', 'UsageReport', value => new ReportGenerator(stack, 'It', { report: value })],
  ['Stack/It: rules[0]', 'LicenseAssetRule', value => new LicenseAssetRuleSet(stack, 'It', { rules: [value] })],
  ['Stack: ruleSet of \'It\'', 'AwsManagedRuleSet', value => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', value)],
])('%s has to be of the class %s', (name, type, make) => {
  for (const other of ['any', {}, new AccountRootPrincipal()]) {
    expect(() => make(other)).toThrow(`${name} has to be of the class ${type}, and is not. Use what ${type} has.`);
    stack.node.tryRemoveChild('It');
  }
});
