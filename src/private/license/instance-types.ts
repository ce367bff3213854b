import { familyOfType } from './host-families';
import { ONE_THREAD, OTHER_VCPUS, TWO_THREADS } from './instance-types.generated';

/**
 * How many vCPUs an instance type has by default; nothing where neither its name nor the list tells it.
 *
 * The sizes of all families but those for high performance computing are named after a `large`, which has 2.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function vcpusOf(instanceType: string): number | undefined {
  if (instanceType in OTHER_VCPUS) {
    return OTHER_VCPUS[instanceType];
  }
  const [, family, size, multiple] = /^([a-z][a-z0-9-]*)\.(?:(large)|(?:metal-)?(\d*)xl(?:arge)?)$/.exec(instanceType) ?? [];
  const isNamedOtherwise = family?.startsWith('hpc') && ![...ONE_THREAD, ...TWO_THREADS].includes(family);
  return family === undefined || isNamedOtherwise ? undefined : size ? 2 : 4 * Number(multiple || 1);
}

/**
 * How many cores an instance type has by default; nothing where that is not known.
 */
export function coresOf(instanceType: string): number | undefined {
  const family = familyOfType(instanceType);
  const vcpus = vcpusOf(instanceType);
  return vcpus === undefined ? undefined : ONE_THREAD.includes(family) ? vcpus : TWO_THREADS.includes(family) ? vcpus / 2 : undefined;
}
