import types from './instance-types.json';
import { coresOf, vcpusOf } from '../../src/private/license/instance-types';

const KNOWN = Object.entries(types);

test('there are all types that EC2 describes', () => {
  expect(KNOWN.length).toBeGreaterThan(1300);
});

test('the vCPUs of every type are those that EC2 describes', () => {
  expect(KNOWN.filter(([type, { vcpus }]) => vcpusOf(type) !== vcpus)).toEqual([]);
});

test('the cores of every type are those that EC2 describes, or nobody knows', () => {
  expect(KNOWN.filter(([type, { cores }]) => ![cores, undefined].includes(coresOf(type)))).toEqual([]);
  expect(KNOWN.filter(([type]) => coresOf(type) === undefined).map(([type]) => type.split('.')[0]).filter((it, i, all) => all.indexOf(it) === i)).toEqual(['m3', 'u-6tb1']);
});

test.each([
  ['new9.large', 2], ['new9.xlarge', 4], ['new9.24xlarge', 96], ['new9.metal-48xl', 192], ['new9-flex.2xlarge', 8],
  ['new9.medium', undefined], ['new9.metal', undefined], ['hpc9.12xlarge', undefined], ['m5', undefined], ['m5.', undefined], ['', undefined],
])('of a type that came later its name tells what it can: %s', (type, vcpus) => {
  expect(vcpusOf(type)).toBe(vcpus);
  expect(coresOf(type)).toBeUndefined();
});
