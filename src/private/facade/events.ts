import { Rule } from 'aws-cdk-lib/aws-events';
import type { OnEventOptions } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

/**
 * A rule for what a service sends by itself. Its details are not documented, so that source and type alone are matched.
 */
export function directEvent(scope: Construct, id: string, source: string, detailType: string, options: OnEventOptions = {}): Rule {
  const rule = new Rule(scope, id, options);
  rule.addEventPattern({ source: [source], detailType: [detailType] });
  rule.addTarget(options.target);
  return rule;
}
