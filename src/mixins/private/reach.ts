/*
 * What a mixin is applied to, and what it says of what it leaves as it is.
 */
import { Annotations, CfnResource } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IConstruct } from 'constructs';
import { attachedTo, hasLicense } from './attachment';
import { isInGroup, wasPlaced } from './host-placement';
import { keepOn, keptOn } from '../../private/identity/copies';
import { identityOf } from '../../private/identity/reference';
import { renderedProperties, renderedTarget } from '../../private/license/launch';
import { findUsed, isNamed, LAUNCHERS, resourcesOf } from '../../private/license/launches';
import { identityOfLicense } from '../../private/license/license-reference';

const INSTANCE = 'AWS::EC2::Instance';
const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';
const DISTRIBUTION_CONFIGURATION = 'AWS::ImageBuilder::DistributionConfiguration';
const AUTO_SCALING_GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const LAUNCH_CONFIGURATION = 'AWS::AutoScaling::LaunchConfiguration';
const INFRASTRUCTURE_CONFIGURATION = 'AWS::ImageBuilder::InfrastructureConfiguration';

type Properties = { readonly [name: string]: any };

/** The resources that can have licenses: what they are, and how the mixins for them are called. */
const TARGETS: { readonly [type: string]: { readonly what: string; readonly prefix: string } } = {
  'AWS::BedrockAgentCore::CapacityProvider': { what: 'a capacity provider of Amazon Bedrock AgentCore', prefix: 'AgentCoreCapacityProvider' },
  [INSTANCE]: { what: 'an EC2 instance', prefix: 'Instance' },
  [LAUNCH_TEMPLATE]: { what: 'a launch template', prefix: 'LaunchTemplate' },
  [DISTRIBUTION_CONFIGURATION]: { what: 'an Image Builder distribution configuration', prefix: 'DistributionConfiguration' },
  'AWS::WorkspacesInstances::WorkspaceInstance': { what: 'a WorkSpaces instance', prefix: 'WorkspaceInstance' },
};

/** What builds AMIs, and distributes them by a distribution configuration, or could. */
const BUILDERS: readonly string[] = ['AWS::ImageBuilder::Image', 'AWS::ImageBuilder::ImagePipeline'];

/** What launches EC2 instances in another way. */
const OTHERS: readonly string[] = [LAUNCH_CONFIGURATION, INFRASTRUCTURE_CONFIGURATION, 'AWS::ECS::CapacityProvider'];

/** By which name aws-cdk-lib has what is not of the app: all that is known of it. */
const REFERENCES: { readonly [name: string]: string } = {
  autoScalingGroupRef: AUTO_SCALING_GROUP,
  distributionConfigurationRef: DISTRIBUTION_CONFIGURATION,
  ec2FleetRef: 'AWS::EC2::EC2Fleet',
  instanceRef: INSTANCE,
  launchTemplateRef: LAUNCH_TEMPLATE,
  workspaceInstanceRef: 'AWS::WorkspacesInstances::WorkspaceInstance',
};

/**
 * Whether a construct is nothing but a reference to a resource: an imported one.
 *
 * @param construct any construct
 * @param name      by which aws-cdk-lib has the reference: `bucketRef`
 * @param type      the CloudFormation type
 */
export function isOnlyReference(construct: IConstruct, name: string, type: string): boolean {
  return name in construct && !CfnResource.isCfnResource(construct)
    && construct.node.findAll().every(it => !CfnResource.isCfnResource(it) || it.cfnResourceType !== type);
}

/** The CloudFormation type of a resource, also of an imported one, as far as licenses or hosts are concerned. */
function typeOf(construct: IConstruct): string | undefined {
  if (CfnResource.isCfnResource(construct)) {
    const type = construct.cfnResourceType;
    return type in TARGETS || type in LAUNCHERS || BUILDERS.includes(type) || OTHERS.includes(type) ? type : undefined;
  }
  const name = Object.keys(REFERENCES).find(it => isOnlyReference(construct, it, REFERENCES[it]));
  // An instance of a service is one of AWS Cloud Map.
  return name === undefined || name === 'instanceRef' && 'service' in construct ? undefined : REFERENCES[name];
}

/** One application of a mixin, by `.with()` or by `Mixins.of()`. */
interface Application {
  readonly root: IConstruct;
  readonly asked: WeakSet<IConstruct>;
  changed: boolean;
}

/**
 * What a mixin is applied to.
 *
 * A mixin changes resources of one type. It also says what it leaves as it is, of what could have had what it brings:
 *
 * - always, what gets its licenses by a resource of that type, or is an imported one;
 * - of everything else only if it has found nothing to change: who applies it to a whole tree means what its name says, but who
 *   applies it to something else takes it for something that it is not.
 */
export class Reach {
  private application?: Application;

  /**
   * @param type the type of the resources that the mixin changes
   */
  constructor(private readonly type: string) {}

  /**
   * Whether the mixin has something to do with a construct.
   *
   * `.with()` and `Mixins.of()` ask about every construct of a tree, the outermost first, and tell a mixin nothing else of what they were called on.
   */
  public includes(construct: IConstruct): boolean {
    const { application } = this;
    if (!application || application.asked.has(construct) || !construct.node.scopes.includes(application.root)) {
      this.application = { root: construct, asked: new WeakSet(), changed: false };
    }
    this.application?.asked.add(construct);
    return typeOf(construct) !== undefined;
  }

  /**
   * Notes that the mixin changes a construct.
   */
  public change(construct: IConstruct): void {
    this.applicationTo(construct).changed = true;
  }

  /**
   * Warns at synthesis of licenses that a construct stays without. Does nothing to what the mixin has nothing to do with.
   */
  public leaveWithoutLicenses(construct: IConstruct, licenses: readonly ILicenseConfigurationRef[]): void {
    if (typeOf(construct) === INFRASTRUCTURE_CONFIGURATION) {
      // It says where AMIs are built, and its instances have the licenses of the AMI that they are built from.
      return;
    }
    this.leave(construct, licenses.map(license => ({
      key: identityOfLicense(license),
      isOn: target => hasLicense(target, license),
      isLeftToTemplate: target => renderedTarget(target).licenses.flat().every(it => it === undefined),
      isFoundBy: template => attachedTo(template).some(it => identityOfLicense(it) === identityOfLicense(license)),
      suffix: 'Licenses',
      id: 'cdk-license-manager:licenseNotAttached',
      finding: `It stays without license '${license.node.path}', which a mixin was to attach:`,
    })));
  }

  /**
   * Warns at synthesis of a host resource group that a construct is not placed in. Does nothing to what launches nothing.
   */
  public leaveUnplaced(construct: IConstruct, group: IGroupRef): void {
    if ([DISTRIBUTION_CONFIGURATION, ...BUILDERS].includes(typeOf(construct) ?? '')) {
      return;
    }
    this.leave(construct, [{
      key: identityOf(group.groupRef.groupArn),
      isOn: target => wasPlaced(target, group) || isInGroup(target, group, renderedTarget(target).hostResourceGroupArn),
      isThere: (target, arn) => isInGroup(target, group, arn),
      isLeftToTemplate: target => renderedTarget(target).hostResourceGroupArn === undefined,
      isFoundBy: template => wasPlaced(template, group),
      suffix: 'HostPlacement',
      id: 'cdk-license-manager:notPlacedInHostResourceGroup',
      finding: `It is not placed in host resource group '${group.node.path}', as a mixin was to do:`,
    }]);
  }

  private leave(construct: IConstruct, missing: Missing[]): void {
    const type = typeOf(construct);
    if (type === undefined) {
      return;
    }
    const application = this.applicationTo(construct);
    const applies = this.concerns(type) ? () => true : () => !application.changed;
    const all = keepOn(construct, LEFT, () => {
      const left = new Array<Left>();
      construct.node.addValidation({ validate: () => warn(construct, left) });
      return left;
    });
    all.push(...missing.map(it => ({ ...it, applies })));
  }

  /** Whether a construct gets what the mixin brings by what it changes. */
  private concerns(type: string): boolean {
    return type === this.type
      || this.type === LAUNCH_TEMPLATE && (type in LAUNCHERS || type === LAUNCH_CONFIGURATION)
      || this.type === DISTRIBUTION_CONFIGURATION && BUILDERS.includes(type);
  }

  private applicationTo(construct: IConstruct): Application {
    if (!this.application?.asked.has(construct)) {
      this.includes(construct);
    }
    return this.application!;
  }
}

/** Under which the copies of this library keep what their mixins have left as it is. */
const LEFT = 'mixins.left';

/** What a mixin was to bring. */
interface Missing {
  /** The same for two mixins that bring the same. */
  readonly key: string;
  /** Whether a resource has it, in the end. */
  readonly isOn: (target: CfnResource) => boolean;
  /** Whether it is what a resource has rendered. */
  readonly isThere?: (target: CfnResource, rendered: unknown) => boolean;
  /** Whether a resource leaves it to its launch template. */
  readonly isLeftToTemplate: (target: CfnResource) => boolean;
  /** Whether a launch template has it by a mixin, which finds what is written instead where the template is used. */
  readonly isFoundBy: (template: CfnResource) => boolean;
  /** What the mixins that bring such things are called, after the resource. */
  readonly suffix: string;
  readonly id: string;
  readonly finding: string;
}

interface Left extends Missing {
  readonly applies: () => boolean;
}

function warn(construct: IConstruct, left: Left[]): string[] {
  const seen = new Set<string>();
  for (const missing of left.filter(it => it.applies())) {
    const reason = seen.has(missing.key) ? undefined : reasonOf(construct, missing);
    seen.add(missing.key);
    if (reason !== undefined) {
      Annotations.of(construct).addWarningV2(missing.id, `${missing.finding} ${reason}`);
    }
  }
  return [];
}

const ELSEWHERE = 'Change it where it is made, and acknowledge this finding.';

/** Why something is missing on what a construct launches or builds, and the way out; nothing if it is not missing. */
function reasonOf(construct: IConstruct, missing: Missing): string | undefined {
  if (!CfnResource.isCfnResource(construct)) {
    return `it is imported, and nothing can be changed in it. ${ELSEWHERE}`;
  }
  const type = construct.cfnResourceType;
  const properties = renderedProperties(construct);
  if (type in TARGETS) {
    return missing.isOn(construct) || isOnTemplateOf(construct, properties, missing) ? undefined : reasonOfTarget(type, missing);
  }
  if (BUILDERS.includes(type)) {
    return reasonOfUsed(construct, DISTRIBUTION_CONFIGURATION, [properties.DistributionConfigurationArn], missing);
  }
  if (type === LAUNCH_CONFIGURATION) {
    return isSaidOfGroup(construct, missing) ? undefined : reasonOfLaunchConfiguration(missing);
  }
  if (type === AUTO_SCALING_GROUP && properties.LaunchConfigurationName !== undefined) {
    return reasonOfLaunchConfiguration(missing);
  }
  if (type === INFRASTRUCTURE_CONFIGURATION) {
    return missing.isThere?.(construct, properties.Placement?.HostResourceGroupArn) ? undefined
      : 'it is an Image Builder infrastructure configuration. Write its placement: the tenancy \'host\', and hostResourceGroupArn.';
  }
  if (type === 'AWS::ECS::CapacityProvider') {
    return properties.ManagedInstancesProvider === undefined ? undefined
      : 'Amazon ECS launches its instances without a launch template. Use an Auto Scaling group with a launch template instead.';
  }
  return launchesInstances(type, properties)
    ? reasonOfUsed(construct, LAUNCH_TEMPLATE, LAUNCHERS[type](properties).map(({ template }) => template), missing)
    : undefined;
}

function reasonOfTarget(type: string, { suffix }: Missing): string {
  const { what, prefix } = TARGETS[type];
  return suffix === 'Licenses' || type === INSTANCE || type === LAUNCH_TEMPLATE
    ? `it is ${what}. Apply mixins.${prefix}${suffix} to it.`
    : `it is ${what}, which CloudFormation cannot place in one. Leave the mixin out.`;
}

/** Compute environments of AWS Batch may be on AWS Fargate, or somebody else's. */
function launchesInstances(type: string, { ComputeResources: resources }: Properties): boolean {
  return type !== 'AWS::Batch::ComputeEnvironment' || resources !== undefined && !String(resources.Type).startsWith('FARGATE');
}

function reasonOfLaunchConfiguration({ suffix }: Missing): string {
  return 'a launch configuration can have neither licenses nor a host resource group. Launch from a launch template, as aws-cdk-lib does with the ' +
    `feature flag '@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig', and apply mixins.LaunchTemplate${suffix} to it.`;
}

/** Whether the Auto Scaling group of a launch configuration says it: the L2 has both. */
function isSaidOfGroup(configuration: CfnResource, missing: Missing): boolean {
  return resourcesOf(configuration.stack, AUTO_SCALING_GROUP).some(group =>
    isSaidOf(group, missing) && isNamed(renderedProperties(group).LaunchConfigurationName, configuration, group.stack));
}

/** Whether another construct says it, so that it need not be said twice. */
function isSaidOf(construct: IConstruct, { key }: Missing): boolean {
  return keptOn<Left[]>(construct, LEFT)?.some(it => it.key === key && it.applies()) ?? false;
}

/** Whether an instance takes from its launch template what it has not itself, or is warned of there. */
function isOnTemplateOf(construct: CfnResource, { LaunchTemplate: used }: Properties, missing: Missing): boolean {
  const template = construct.cfnResourceType === INSTANCE ? findUsed(construct, LAUNCH_TEMPLATE, used) : undefined;
  return template !== undefined && (missing.isFoundBy(template) || missing.isLeftToTemplate(construct) && missing.isOn(template));
}

/** What it is about the launch templates, or the distribution configurations, that are used. */
function reasonOfUsed(user: CfnResource, type: string, used: unknown[], missing: Missing): string | undefined {
  const { what, prefix } = TARGETS[type];
  const names = used.filter(name => name !== undefined);
  if (names.length === 0) {
    return `it uses no ${what.replace(/^an? /, '')}. Give it one, and apply mixins.${prefix}${missing.suffix} to that.`;
  }
  for (const name of names) {
    const resource = findUsed(user, type, name);
    if (!resource) {
      return `it uses ${what} that is not of this app, or not known. ${ELSEWHERE}`;
    }
    if (!missing.isOn(resource) && !isSaidOf(resource, missing)) {
      return `it uses ${what} that the mixin does not change: '${resource.node.path}'. Apply mixins.${prefix}${missing.suffix} to that.`;
    }
  }
  return undefined;
}
