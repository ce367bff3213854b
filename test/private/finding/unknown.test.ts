import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Entitlement, LicenseConfiguration, LicenseCounting, LicenseShare, ProductInformation } from '../../../src';
import { warnOfMisspelled } from '../../../src/private/finding/unknown';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const found = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data]);
const KNOWN = new Set(['licenseCount', 'licenseCountHardLimit', 'description', 'name']);

test.each<[string, string | undefined]>([
  ['licenseCountt', 'licenseCount'], ['licenseCoun', 'licenseCount'], ['licenceCount', 'licenseCount'], ['LicenseCount', 'licenseCount'], ['desciption', 'description'],
  ['NAME', 'name'],
  ['licenseCount', undefined], ['team', undefined], ['fame', undefined], ['licenses', undefined], ['licenseCountSoftLimit', undefined], ['liceneCountss', undefined],
])('%s is near to %s', (name, meant) => {
  warnOfMisspelled(stack, { [name]: 1 }, KNOWN, ' of it');
  expect(found()).toEqual(meant === undefined ? [] : [['/Stack',
    `${name} of it is no property of it, and nothing becomes of it. Write ${meant} if that is what was meant. [ack: cdk-license-manager:unknownProperty]`]]);
});

test('a property that is given as well is not meant by another one', () => {
  warnOfMisspelled(stack, { licenseCount: 1, licenseCounts: [1] }, KNOWN, '');
  expect(found()).toEqual([]);
});

const counted = { licenseCounting: LicenseCounting.vcpus() };

test.each<[string, () => unknown, string]>([
  ['a construct', () => new LicenseConfiguration(stack, 'It', { ...counted, licenseCountt: 3 } as any), 'licenseCountt'],
  ['a construct whose properties can all be left out', () => new LicenseShare(stack, 'It', { allowExternalPrincipal: true } as any), 'allowExternalPrincipal'],
  ['an alarm', () => new LicenseConfiguration(stack, 'It', { ...counted, licenseCount: 9 }).addUsageAlarm('Alarm', { thresholdPercent: 9, evaluationPeriod: 2 } as any),
    'evaluationPeriod of alarm \'Alarm\''],
  ['an import', () => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Imported', {
    licenseConfigurationArn: 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0', licenceCounting: counted.licenseCounting,
  } as any), 'licenceCounting of \'Imported\''],
  ['a factory', () => new LicenseConfiguration(stack, 'It', {
    ...counted, productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', aplicationName: 'a' } as any)],
  }), 'aplicationName'],
])('%s says so', (_, make, name) => {
  make();
  expect(found().map(([, data]) => data)).toContainEqual(expect.stringContaining(`${name} is no property of it, and nothing becomes of it.`));
});

test('a struct of somebody else that has more in it, and one that extends one of aws-cdk-lib, cause none', () => {
  new LicenseConfiguration(stack, 'It', { ...counted, team: 'a', environment: 'b' } as any).metrics.usageCount({ statistics: Stats.MAXIMUM } as any);
  Entitlement.counted('a', { maxCount: 1, maxCounts: 2 } as any);
  expect(found()).toEqual([]);
});
