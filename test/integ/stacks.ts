import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Provisioning, ProvisioningInjector } from '../../src';

/*
 * Whole stacks, as users have them deployed: logical ids, physical names and properties are an API.
 * A change of a snapshot is a change of somebody's stack, and is explained in the commit.
 */

export const ENV = { account: '111122223333', region: 'us-east-1' };

/** A stack, and what its template has to have besides being what it was. */
export interface IntegStack {
  /** Adds the stack to the app. */
  readonly define: (app: App) => Stack;
  /** What a snapshot does not say: asserted before it. */
  readonly check: (template: Template, provisioning: Provisioning) => void;
  /** Paths of constructs that are the user's, as plain as can be: what cdk-nag says of them says nothing of this library. */
  readonly ofTheUser?: string[];
}

/**
 * Tests that stacks stay what they were, and that cdk-nag has nothing to say about them.
 *
 * @param stacks        by their names
 * @param provisionings the ways in which the constructs can be provisioned
 */
export function describeStacks(stacks: Record<string, IntegStack>, provisionings: Provisioning[] = [Provisioning.NATIVE]): void {
  describe.each(provisionings)('provisioned as %s', (provisioning) => {
    const synthesize = ({ define }: IntegStack) => {
      const app = newApp();
      ProvisioningInjector.addTo(app, provisioning);
      const stack = define(app);
      return { app, template: Template.fromStack(stack) };
    };

    test.each(Object.entries(stacks))('a stack with %s stays what it was', (_, stack) => {
      const { template } = synthesize(stack);

      stack.check(template, provisioning);
      expect(withoutAssetHashes(template.toJSON())).toMatchSnapshot();
    });

    test.each(Object.entries(stacks))('cdk-nag has nothing to say about a stack with %s', (_, stack) => {
      const { app } = synthesize(stack);

      expect(findingsOfCdkNag(app).filter((finding) => !stack.ofTheUser?.some((path) => finding.includes(` ${path}`)))).toEqual([]);
    });
  });
}

/** Strict: what aws-cdk-lib's own validator finds is an error. */
export function newApp(): App {
  return new App({
    analyticsReporting: false,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
  });
}

/** What cdk-nag says against an app: the rule and the path of the construct. */
export function findingsOfCdkNag(app: App): string[] {
  return new AwsSolutionsChecks(app).validateScope(app).violations.flatMap(({ ruleName, violatingResources }) =>
    (violatingResources ?? []).map((resource: any) => `${ruleName} ${resource.constructPath ?? resource.resourceLogicalId}`));
}

/** The hash of the function's code changes with every release, and says nothing. */
function withoutAssetHashes(template: object): object {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, '<asset hash>'));
}
