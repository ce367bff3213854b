import { CfnElement, CfnResource, Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { CfnCondition, Stack } from 'aws-cdk-lib';

/**
 * Has a resource made under the condition under which what it names is made, as long as it has none of its own: CloudFormation refuses a template in which
 * something refers to what is not made. Conditions are set when everything is there already, so that it is asked for again and again.
 *
 * Where what it names has several conditions, none of them alone is right. Of what others make refer to it, aws-cdk-lib's validator warns (W1001).
 *
 * @param resource the resource, which is there for what it names
 * @param named    resources, and texts that may refer to some
 */
export function followCondition(resource: CfnResource, ...named: unknown[]): void {
  const { cfnOptions, stack } = resource;
  const sources = [...new Set(named.flatMap(it => resourcesIn(stack, it)))];
  if (sources.length === 0) {
    return;
  }
  let own = cfnOptions.condition;
  Object.defineProperty(cfnOptions, 'condition', {
    configurable: true,
    enumerable: true,
    get: () => own ?? onlyOne(sources.map(source => source.cfnOptions.condition)),
    set: (condition: CfnCondition | undefined) => {
      own = condition;
    },
  });
}

/** The resources of a stack that a value consists of or refers to. */
function resourcesIn(stack: Stack, value: unknown): CfnResource[] {
  if (typeof value === 'string') {
    const { tokens } = Tokenization.reverseString(Token.isUnresolved(value) ? value : '');
    return tokens.filter(token => Reference.isReference(token)).flatMap(({ target }) => resourcesIn(stack, target));
  }
  if (CfnResource.isCfnResource(value)) {
    return value.stack === stack ? [value] : [];
  }
  return typeof value === 'object' && value !== null && !Tokenization.isResolvable(value) && !CfnElement.isCfnElement(value)
    ? Object.values(value).flatMap(it => resourcesIn(stack, it)) : [];
}

function onlyOne(conditions: (CfnCondition | undefined)[]): CfnCondition | undefined {
  const found = new Set(conditions.filter(condition => condition !== undefined));
  return found.size === 1 ? [...found][0] : undefined;
}
