import { arnParts, colonNotSlash, type Format } from '../../private/validation/format';
import { ARN_PARTS, type ArnKind, arnExample } from '../contract/arn';

/**
 * The form of the ARNs of a kind, for what a user gives.
 *
 * @param kind      the kind, whose id follows a colon
 * @param otherwise where to get a right one
 */
export function formatOf(kind: ArnKind, otherwise: string): Format {
  const type = kind.resource.slice(0, -1);
  return {
    name: `the ARN of ${kind.name}`,
    parts: [...arnParts(kind.service), new RegExp(`^${type}$`), new RegExp(`^${kind.id}${ARN_PARTS.id.source.slice(1)}`)],
    expected: `'${arnExample(kind)}'`,
    wayOut: colonNotSlash(type, otherwise),
  };
}
