import { Names, PhysicalName } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The name that the user gives, if it is a text, for aws-cdk-lib, which takes no other: who is given it refuses anything else.
 */
export function textOrNone(name: string | undefined): string | undefined {
  return typeof name === 'string' ? name : undefined;
}

/**
 * The name that the user gives, or a unique one that stays the same unless the path of the construct changes.
 */
export function nameOrGenerated(construct: IConstruct, name: string | undefined, maxLength: number = 64): string {
  return name === undefined || name === PhysicalName.GENERATE_IF_NEEDED ? Names.uniqueResourceName(construct, { maxLength, separator: '-' }) : name;
}
