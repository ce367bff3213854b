import { Rule } from 'aws-cdk-lib/aws-events';
import type { OnEventOptions } from 'aws-cdk-lib/aws-events';
import type { Construct, IConstruct } from 'constructs';
import { construct, givenProps, implementing, OBJECT, TEXT } from '../validation/given';
import type { Foreign } from '../validation/given';

/**
 * A rule for what a service sends by itself. Its details are not documented, so that source and type alone are matched.
 */
export function directEvent(scope: Construct, id: string, source: string, detailType: string, options: OnEventOptions = {}): Rule {
  options = givenRule(scope, id, options);
  const rule = new Rule(scope, id, options);
  rule.addEventPattern({ source: [source], detailType: [detailType] });
  rule.addTarget(options.target);
  return rule;
}

/**
 * What a rule was given. Refuses what is of another kind.
 *
 * @param scope   who was given it
 * @param id      the rule's construct id
 * @param options what was given
 */
export function givenRule(scope: IConstruct, id: string, options: OnEventOptions): OnEventOptions {
  return givenProps(scope, options, RULE, { all: `options of rule '${id}'`, of: ` of rule '${id}'` });
}

const RULE: Foreign<OnEventOptions> = {
  foreign: {
    target: implementing('IRuleTarget', 'bind', 'Use one of aws-cdk-lib/aws-events-targets.'),
    ruleName: TEXT,
    description: TEXT,
    eventPattern: OBJECT,
    crossStackScope: construct('a construct', 'node'),
  },
};
