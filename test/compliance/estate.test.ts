import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estate } from './estate';
import { synthesized } from './report';
import { LicenseRulePack } from '../../src';

const EXPECTED: readonly string[] = JSON.parse(readFileSync(join(__dirname, 'estate.json'), 'utf8'));

test('in an estate of ten stacks every fault is found, and nothing else', () => {
  expect(synthesized(estate(true)).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`).sort()).toEqual(EXPECTED);
});

test('there is a fault for every rule', () => {
  expect([...new Set(EXPECTED.map(it => it.split(' ')[1]))].sort()).toEqual(LicenseRulePack.everything().rules.map(({ ruleId }) => ruleId).sort());
});

test('in the estate without faults nothing is found', () => {
  expect(synthesized(estate(false))).toEqual([]);
});
