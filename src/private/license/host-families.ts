/**
 * The family of an instance type, `m5` of `m5.large`; of a family, itself.
 */
export function familyOfType(instanceType: string): string {
  return instanceType.split('.')[0];
}
