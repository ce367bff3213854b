import { App, Fn, Stack, Token } from 'aws-cdk-lib';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { notHostBased, tenanciesOf } from '../../../src/private/license/license-reference';

const stack = new Stack(new App(), 'Stack');
let count = 0;
const license = (licenseCountingType: string, ...licenseRules: string[]) =>
  new CfnLicenseConfiguration(stack, `License${count++}`, { name: 'license', licenseCountingType, licenseRules });

test.each([
  ['vCPU', 'vCPU'], ['Instance', 'Instance'], ['Core', undefined], ['Socket', undefined], [Fn.importValue('type'), undefined],
])('%s is told as not counted on hosts: %s', (type, expected) => {
  expect(notHostBased(license(type))).toBe(expected);
});

test.each<[string, string[], string[] | undefined]>([
  ['vCPU', [], undefined],
  ['Core', [], ['EC2-DedicatedHost']],
  ['Socket', [], ['EC2-DedicatedHost']],
  ['vCPU', ['#allowedTenancy=EC2-Default, EC2-DedicatedHost'], ['EC2-Default', 'EC2-DedicatedHost']],
  ['vCPU', ['#minimumVcpus=2', '#allowedTenancy=EC2-DedicatedInstance'], ['EC2-DedicatedInstance']],
  ['vCPU', ['#minimumVcpus=2'], undefined],
  ['vCPU', [Token.asAny({ Ref: 'Rule' }) as unknown as string, '#allowedTenancy=EC2-Default'], ['EC2-Default']],
  ['vCPU', ['#allowedTenancy=EC2-Default,Anywhere'], undefined],
])('a license by %s with the rules %j allows %j', (type, rules, expected) => {
  expect(tenanciesOf(license(type, ...rules))).toEqual(expected);
});
