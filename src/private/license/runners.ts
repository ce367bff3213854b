import { Aspects, CfnResource, type Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { keepOn, keptOn } from '../identity/copies';

/** What runs instances, by itself or by a launch template. */
const RUNNERS = [
  'AWS::AutoScaling::AutoScalingGroup', 'AWS::BedrockAgentCore::CapacityProvider', 'AWS::EC2::EC2Fleet', 'AWS::EC2::Instance', 'AWS::EC2::SpotFleet',
  'AWS::WorkspacesInstances::WorkspaceInstance',
];
const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';

/** After the Aspects that change what is launched, which have the priorities up to the default one, and before those that only look. */
const PRIORITY = 900;

/**
 * Has something deleted before the instances of its stack that are launched with a license: of one that is terminated License Manager takes no license
 * any more.
 *
 * What waits for it itself, as a whole or in a part, is left alone: neither could be made before the other.
 *
 * @param releaser what releases the instances
 * @param license  the license
 */
export function deleteBeforeRunners(releaser: IConstruct, license: CfnResource): void {
  const { stack } = license;
  const templates = new Set<string>();
  const runners = new Map<CfnResource, readonly string[]>();
  const order = (runner: CfnResource) => {
    if (!waitsFor(runner, releaser)) {
      releaser.node.addDependency(runner);
    }
  };
  Aspects.of(stack).add({
    visit(node: IConstruct) {
      if (!CfnResource.isCfnResource(node) || node.stack !== stack) {
        return;
      }
      // An Aspect may have made it.
      keptOn<Map<string, CfnResource>>(stack, RESOURCES)?.set(idOf(node), node);
      if (node.cfnResourceType === LAUNCH_TEMPLATE && referencesOf(node).includes(idOf(license))) {
        const id = idOf(node);
        templates.add(id);
        [...runners].filter(([, references]) => references.includes(id)).forEach(([runner]) => order(runner));
      } else if (RUNNERS.includes(node.cfnResourceType)) {
        const references = referencesOf(node);
        runners.set(node, references);
        if (references.some(id => id === idOf(license) || templates.has(id))) {
          order(node);
        }
      }
    },
  }, { priority: PRIORITY });
}

function idOf(resource: CfnResource): string {
  return resource.stack.resolve(resource.logicalId);
}

/** Under which the copies of this library keep the resources of a stack. */
const RESOURCES = 'runners.resources';

/** The resources of a stack, by their logical ids: collected once, when the first runner is found. */
function resourcesOf(stack: Stack): Map<string, CfnResource> {
  return keepOn(stack, RESOURCES, () => new Map(stack.node.findAll()
    .filter((it): it is CfnResource => CfnResource.isCfnResource(it) && it.stack === stack)
    .map(it => [idOf(it), it])));
}

/** The logical ids that a resource refers to. */
function referencesOf(resource: CfnResource): string[] {
  const template = JSON.stringify(resource.stack.resolve(resource._toCloudFormation()));
  return [...template.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([^"]+)"/g)].map(([, id]) => id);
}

/** Whether a resource is made after something, or after what is. */
function waitsFor(resource: CfnResource, other: IConstruct): boolean {
  const resources = resourcesOf(resource.stack);
  const seen = new Set<IConstruct>();
  const waits = (it: IConstruct): boolean => {
    if (it.node.scopes.includes(other)) {
      return true;
    }
    if (seen.has(it)) {
      return false;
    }
    seen.add(it);
    const depending = it.node.scopes.flatMap(scope => scope.node.dependencies).flatMap(each => each.node.findAll());
    const referring = CfnResource.isCfnResource(it) && it.stack === resource.stack
      ? [...it.obtainDependencies() as IConstruct[], ...referencesOf(it).map(id => resources.get(id))] : [];
    return [...depending, ...referring].some(each => each !== undefined && waits(each));
  };
  return waits(resource);
}
