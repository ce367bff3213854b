/**
 * The family of an instance type, `m5` of `m5.large`; of a family, itself.
 */
export function familyOfType(instanceType: string): string {
  return instanceType.split('.')[0];
}

/**
 * Whether a family is among those that a host resource group allows. Upper and lower case are the same.
 */
export function isFamilyAllowed(allowed: readonly string[], family: string): boolean {
  return allowed.some(it => it.toLowerCase() === family.toLowerCase());
}
