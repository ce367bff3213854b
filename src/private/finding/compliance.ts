import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isBranded } from '../identity/copies';

/** What a stage has, in whatever version of aws-cdk-lib; of one that keeps them otherwise, nothing is known. */
interface Validated {
  readonly _validationPlugins?: readonly { readonly ruleIds?: readonly string[] }[];
}

/**
 * Whether a rule of `LicenseCompliance` looks at a construct: what a construct would say of the whole app, is the rule's to say then, so that nobody reads it
 * twice, and acknowledges it twice.
 *
 * To be asked at synthesis: plugins may come as late as that.
 *
 * @param construct what a finding is about
 * @param ruleId    the rule that finds the same
 */
export function isJudgedByRule(construct: IConstruct, ruleId: string): boolean {
  return construct.node.scopes.filter(scope => Stage.isStage(scope)).some(stage => (stage as Validated)._validationPlugins
    ?.some(plugin => isBranded(plugin, 'LicenseCompliance') && plugin.ruleIds?.includes(ruleId)));
}
