import { App, Fn, Stack } from 'aws-cdk-lib';
import { checkLicenseRegions } from '../../../src/private/license/licenses';
import { ImportedLicense, LICENSE_ARN, makeLicense } from '../../license-configuration/licenses';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

test('licenses of the stack\'s Region are taken, and those of which the Region is not known', () => {
  expect(() => checkLicenseRegions(stack, [
    makeLicense(stack, 'Made'), new ImportedLicense(stack, 'Imported'), new ImportedLicense(stack, 'Token', Fn.importValue('license')),
  ])).not.toThrow();
  expect(() => checkLicenseRegions(new Stack(new App(), 'Anywhere'), [new ImportedLicense(stack, 'Other')])).not.toThrow();
});

test('one of another Region is refused', () => {
  expect(() => checkLicenseRegions(stack, [
    makeLicense(stack, 'Made'), new ImportedLicense(stack, 'Other', LICENSE_ARN.replace('us-east-1', 'eu-west-1')),
  ])).toThrow(
    'Stack: license \'Stack/Other\' is in Region \'eu-west-1\' and the stack in \'us-east-1\': License Manager tracks nothing across Regions. ' +
    'Use a license of \'us-east-1\'.');
});
