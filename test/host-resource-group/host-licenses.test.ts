import { App, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseCounting } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense } from '../license-configuration/licenses';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const make = (licenses: HostLicenses) => new HostResourceGroup(stack, 'Hosts', { licenses });
const only = (...licenses: ILicenseConfigurationRef[]) => make(HostLicenses.only(licenses));
const makeMany = (count: number) => Array.from({ length: count }, (_, index) => makeLicense(stack, `License${index}`, undefined, 'Core'));

/** The parameters that have to do with licenses. */
function parameters() {
  const [group] = Object.values<any>(Template.fromStack(stack).findResources('AWS::ResourceGroups::Group'));
  return group.Properties.Configuration[0].Parameters.filter(({ Name }: any) => /license|launch/.test(Name));
}

describe('the parameter of the configuration', () => {
  test('only certain licenses', () => {
    only(makeLicense(stack, 'Windows', undefined, 'Core'), new ImportedLicense(stack, 'Imported'));

    expect(parameters()).toEqual([{ Name: 'allowed-host-based-license-configurations', Values: [{ Ref: 'Windows' }, LICENSE_ARN] }]);
  });

  test('any license', () => {
    make(HostLicenses.any());

    expect(parameters()).toEqual([{ Name: 'any-host-based-license-configuration', Values: ['true'] }]);
  });

  test('no license', () => {
    make(HostLicenses.notRequired());

    expect(parameters()).toEqual([{ Name: 'instance-launch-option', Values: ['LICENSE_CONFIGURATION_NOT_REQUIRED'] }]);
  });

  test('the list that was given is not kept', () => {
    const given: ILicenseConfigurationRef[] = [makeLicense(stack, 'Windows', undefined, 'Core')];
    const licenses = HostLicenses.only(given);
    given.pop();
    make(licenses);

    expect(parameters()[0].Values).toEqual([{ Ref: 'Windows' }]);
  });
});

describe('only certain licenses', () => {
  const notHostBased = (type: string) => `is counted by '${type}', and a host resource group is for licenses that are counted by core or by socket. Use a ` +
    'license with LicenseCounting.cores() or .sockets(). [ack: cdk-license-manager:licenseNotHostBased]';

  test('none causes a warning', () => {
    only();
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      'HostLicenses.only() has no license, so that nothing could be launched. Name the licenses, or use HostLicenses.any() or .notRequired(). ' +
      '[ack: cdk-license-manager:hostLicensesEmpty]');
  });

  test('one that is there twice is written once, also by another reference', () => {
    const license = makeLicense(stack, 'Windows', undefined, 'Core');
    const same = new ImportedLicense(stack, 'Same', license.attrLicenseConfigurationArn);

    only(license, same);
    expect(parameters()[0].Values).toEqual([{ Ref: 'Windows' }]);
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      '\'Stack/Same\' is in HostLicenses.only() twice, and is written once. Leave one of the two out, or name what was meant. ' +
      '[ack: cdk-license-manager:namedTwice]');
  });

  test.each([1, 2, 9, 10])('%d are within the quota', count => {
    only(...makeMany(count));

    Annotations.fromStack(stack).hasNoWarning('/Stack/Hosts', Match.anyValue());
  });

  test.each([11, 12])('%d cause a warning', count => {
    only(...makeMany(count));

    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      'HostLicenses.only() has more than 10 licenses, and an instance in the group has to have them all: 10 is License Manager\'s default quota for a ' +
      'resource. Use fewer, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyLicensesOfGroup]');
  });

  test('some that have still to be looked up are taken, of which the counting type is a made-up one', () => {
    only(...['one', 'two'].map(name => LicenseConfiguration.fromLookup(stack, name, { licenseConfigurationName: name })));

    expect(app.synth().manifest.missing).toHaveLength(2);
  });

  test('one of another Region is refused', () => {
    expect(() => only(new ImportedLicense(stack, 'Other', LICENSE_ARN.replace('us-east-1', 'us-west-2')))).toThrow(
      'Stack/Hosts: license \'Stack/Other\' is in Region \'us-west-2\' and the stack in \'us-east-1\': License Manager tracks nothing across ' +
      'Regions. Use a license of \'us-east-1\'.');
  });

  test.each(['vCPU', 'Instance'])('one that is counted by %s causes a warning', type => {
    only(makeLicense(stack, 'Windows', undefined, type));
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts', `License 'Stack/Windows' ${notHostBased(type)}`);
  });

  test('so is an L2, and an imported one of which the counting is known', () => {
    const vcpus = new LicenseConfiguration(stack, 'Vcpus', { licenseCounting: LicenseCounting.vcpus() });
    const imported = LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Imported', {
      licenseConfigurationArn: LICENSE_ARN, licenseCounting: LicenseCounting.instances(),
    });
    only(vcpus, imported);
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts', `License 'Stack/Vcpus' ${notHostBased('vCPU')}`);
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts', `License 'Stack/Imported' ${notHostBased('Instance')}`);
  });

  test.each([
    ['Core', () => LicenseCounting.cores()],
    ['Socket', () => LicenseCounting.sockets()],
  ])('one that is counted by %s is taken', (_, counting) => {
    only(new LicenseConfiguration(stack, 'License', { licenseCounting: counting() }));

    expect(parameters()[0].Values).toHaveLength(1);
  });

  test('what is not known is taken: another account\'s license, a counting type and an ARN that are tokens', () => {
    only(
      new ImportedLicense(stack, 'Foreign', LICENSE_ARN.replace('111122223333', '999988887777')),
      makeLicense(stack, 'Token', undefined, Lazy.string({ produce: () => 'Core' })),
      new ImportedLicense(stack, 'Import', Fn.importValue('license')),
    );

    expect(parameters()[0].Values).toHaveLength(3);
  });
});
