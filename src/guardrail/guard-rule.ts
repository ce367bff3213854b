import { Token } from 'aws-cdk-lib';
import type { ReadInstances, ReadMatch } from './read-instances';

/** What a rule asks for. */
export interface GuardRule {
  readonly instances: ReadInstances;
  /** The ARNs of the licenses. */
  readonly licenses: readonly string[];
  /** Those tenancies, as EC2 names them, that not every license allows, with the ARNs of the licenses that do. */
  readonly restricted: readonly { readonly tenancies: readonly string[]; readonly licenses: readonly string[] }[];
}

/**
 * The text of a rule of AWS CloudFormation Guard 2, which AWS Config runs against each configuration item of an instance: it passes (compliant), fails
 * (noncompliant), or is skipped (not applicable).
 *
 * There is one rule and no helper beside it: each rule of a text counts for what AWS Config says.
 *
 * A property that an item does not have fails what is asked of it, so that of what is not recorded `when` takes nothing, and what stands in the block is
 * noncompliant: an item without `licenses` shows no license.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_cfn-guard.html
 * @see https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html
 */
export function guardRule({ instances, licenses, restricted }: GuardRule): string {
  const governed = instances.matches.map(clausesOf);
  return [
    'rule license_guardrail when',
    '  resourceType == "AWS::EC2::Instance"',
    '  configuration.state.name not in ["shutting-down", "terminated"]',
    ...(instances.logic === 'all' ? governed : [governed.flat()]).map(alternatives => `  ${alternatives.join(' or ')}`),
    '{',
    `  some ${LICENSES} in ${list(licenses)} <<It has none of the licenses that its product needs.>>`,
    ...restricted.flatMap(({ tenancies, licenses: allowing }) => [
      `  when ${TENANCY} in ${list(tenancies)} {`,
      allowing.length > 0
        ? `    some ${LICENSES} in ${list(allowing)} <<None of its licenses allows its tenancy.>>`
        : `    ${TENANCY} not in ${list(tenancies)} <<No license of its product allows its tenancy.>>`,
      '  }',
    ]),
    '}',
    '',
  ].join('\n');
}

const LICENSES = 'configuration.licenses[*].licenseConfigurationArn';
const TENANCY = 'configuration.placement.tenancy';

/** One of which has to be so. */
function clausesOf({ recorded, negated, tagKey, values }: ReadMatch): string[] {
  if ('scalar' in recorded) {
    const path = recorded.scalar;
    // What is not there is none of the values, and Guard compares no text with it.
    return negated ? [`${path} !is_string`, `${path} not in ${list(values!)}`] : [`${path} in ${list(values!)}`];
  }
  const asked = [...tagKey === undefined ? [] : [`key == ${quoted(tagKey)}`], ...values === undefined ? [] : [`${recorded.member} in ${list(values)}`]];
  // Not `some …[ … ].value in …`, which is true of nothing, too.
  const those = `${recorded.list}[ ${asked.join(' ')} ]`;
  return negated ? [`${recorded.list} !is_list`, `${those} empty`] : [`${those} !empty`];
}

function list(values: readonly string[]): string {
  return `[${values.map(quoted).join(', ')}]`;
}

/** A text as Guard writes it: it escapes quotes and nothing else, so that one with a backslash, which may end in it, is a pattern. */
function quoted(text: string): string {
  // What a token stands for is an id or an ARN, and has nothing to escape.
  return Token.isUnresolved(text) || !text.includes('\\')
    ? `"${text.replace(/"/g, '\\"')}"`
    : `/^${text.replace(/[^\w -]/gu, character => `\\x{${character.codePointAt(0)!.toString(16)}}`)}$/`;
}
