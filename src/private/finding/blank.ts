import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Warns of a text that shows nothing, where AWS takes one.
 *
 * @param scope    who was given it
 * @param property the property, as the user writes it
 * @param value    the text
 * @param wayOut   what to do about it
 */
export function warnOfBlank(scope: IConstruct, property: string, value: string | undefined, wayOut: string): void {
  if (typeof value === 'string' && !Token.isUnresolved(value) && value.trim() === '') {
    Annotations.of(scope).addWarningV2('cdk-license-manager:blankText', `${property} is '${value}', which shows nothing. ${wayOut}`);
  }
}
