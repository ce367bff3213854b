/*
 * Who launches from a launch template, and what: the template alone does not say it.
 */
import { CfnResource } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { placementOfInstance, type Properties, renderedIdentity, renderedProperties, renderedTarget, specifiedArns, tenancyOf, written } from './launch';

/** How much of what is launched are Spot Instances; absent if nobody knows. */
export type Spot = 'all' | 'some' | 'none';

/** A launch template in use. */
export interface Use {
  /** What the user of the template says of it: anything that names one, or nothing. */
  readonly template: unknown;
  /** The instance types that are launched instead of that of the template, as they are rendered; `undefined` for that of the template. */
  readonly instanceTypes: unknown[];
  readonly spot?: Spot;
  /** What is written there instead of parts of the template's placement: one for each that is launched in another way. */
  readonly placements?: Properties[];
  /** The ARNs of the licenses that are written there instead of those of the template. */
  readonly licenses?: unknown;
  /** What is written there instead of the template's. */
  readonly cpuOptions?: Properties;
}

/** What launches EC2 instances from a launch template, or could: which, and how. */
export const LAUNCHERS: { readonly [type: string]: (properties: Properties) => Use[] } = {
  'AWS::AutoScaling::AutoScalingGroup': ({ LaunchTemplate, MixedInstancesPolicy: mixed, PlacementGroup }) => [
    ...LaunchTemplate === undefined ? [] : [{ template: LaunchTemplate, instanceTypes: [undefined], spot: 'none' as const }],
    ...mixed === undefined ? [] : ofMixed(mixed),
  ].map(use => ({ ...use, placements: inPlacementGroup(PlacementGroup) })),
  'AWS::Batch::ComputeEnvironment': ({ ComputeResources: { LaunchTemplate, InstanceTypes, Type, PlacementGroup } = {} as Properties }) =>
    [LaunchTemplate, ...listed(LaunchTemplate?.Overrides)].map(template => ({
      template, instanceTypes: typesIn(InstanceTypes), spot: isSpot(Type), placements: inPlacementGroup(PlacementGroup),
    })),
  'AWS::EC2::EC2Fleet': ({ LaunchTemplateConfigs, TargetCapacitySpecification }) => ofFleet(LaunchTemplateConfigs, spotOfFleet(TargetCapacitySpecification)),
  'AWS::EC2::SpotFleet': ({ SpotFleetRequestConfigData: data }) => ofFleet(data?.LaunchTemplateConfigs, spotOfSpotFleet(data)),
  'AWS::EKS::Nodegroup': ({ LaunchTemplate, InstanceTypes, CapacityType }) =>
    [{ template: LaunchTemplate, instanceTypes: typesIn(InstanceTypes), spot: isSpot(CapacityType) }],
  'AWS::GameLift::GameServerGroup': ({ LaunchTemplate, InstanceDefinitions, BalancingStrategy = 'SPOT_PREFERRED' }) => [{
    template: LaunchTemplate,
    instanceTypes: listed(InstanceDefinitions).map(definition => definition.InstanceType),
    spot: (<{ [strategy: string]: Spot }>{ SPOT_ONLY: 'all', SPOT_PREFERRED: 'some', ON_DEMAND_ONLY: 'none' })[BalancingStrategy],
  }],
  'AWS::PCS::ComputeNodeGroup': ({ CustomLaunchTemplate, InstanceConfigs, PurchaseOption }) => [{
    template: CustomLaunchTemplate, instanceTypes: listed(InstanceConfigs).map(config => config.InstanceType), spot: isSpot(PurchaseOption),
  }],
};

function inPlacementGroup(GroupName: unknown): Properties[] | undefined {
  return GroupName === undefined ? undefined : [{ GroupName }];
}

/** An instance that is launched from a launch template, and what it says itself. */
function ofInstance(properties: Properties): Use[] {
  const { LaunchTemplate: template, InstanceType, LicenseSpecifications, CpuOptions: cpuOptions } = properties;
  return template === undefined ? [] : [{
    template, instanceTypes: [InstanceType], spot: 'none', placements: [placementOfInstance(properties)], licenses: specifiedArns(LicenseSpecifications), cpuOptions,
  }];
}

/**
 * A mixed instances policy. What an override leaves out, it takes from the template of the group.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html
 */
function ofMixed({ LaunchTemplate: launched, InstancesDistribution: distribution }: Properties): Use[] {
  const template = launched?.LaunchTemplateSpecification ?? {};
  const { OnDemandBaseCapacity: base = 0, OnDemandPercentageAboveBaseCapacity: percentage = 100 } = distribution ?? {};
  const spot = distribution?.DistributionSegments === undefined
    ? spotOf(base === 0 && percentage === 0, percentage === 100, [base, percentage])
    : undefined;
  const overrides = listed(launched?.Overrides);
  // The template of the group is named, also if all overrides have their own.
  const own = { template, instanceTypes: overrides.filter(it => it.LaunchTemplateSpecification === undefined).map(typeOfOverride), spot };
  return [
    overrides.length === 0 ? { ...own, instanceTypes: [undefined] } : own,
    ...overrides.filter(it => it.LaunchTemplateSpecification !== undefined)
      .map(it => ({ template: it.LaunchTemplateSpecification, instanceTypes: [typeOfOverride(it)], spot })),
  ];
}

function ofFleet(configurations: unknown, spot: Spot | undefined): Use[] {
  return listed(configurations).map(({ LaunchTemplateSpecification: template, Overrides }) => {
    const overrides = listed(Overrides);
    return overrides.length === 0 ? { template, instanceTypes: [undefined], spot } : {
      template, instanceTypes: overrides.map(typeOfOverride), spot, placements: overrides.map(({ Placement = {} }) => written(Placement)),
    };
  });
}

/** What is asked for by its attributes is not known. */
function typeOfOverride({ InstanceType, InstanceRequirements }: Properties): unknown {
  return InstanceType ?? InstanceRequirements;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TargetCapacitySpecificationRequest.html */
function spotOfFleet({ DefaultTargetCapacityType: type, TotalTargetCapacity: total, ...capacity }: Properties = {}): Spot | undefined {
  const { OnDemandTargetCapacity: onDemand = 0, SpotTargetCapacity: spot = 0 } = capacity;
  return type === 'spot'
    ? spotOf(onDemand === 0, onDemand === total, [onDemand])
    : type === 'on-demand' ? spotOf(spot === total, spot === 0, [spot]) : undefined;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotFleetRequestConfigData.html */
function spotOfSpotFleet({ OnDemandTargetCapacity: onDemand = 0, TargetCapacity: total }: Properties = {}): Spot | undefined {
  return spotOf(onDemand === 0, onDemand === total, [onDemand]);
}

function spotOf(isAll: boolean, isNone: boolean, known: unknown[]): Spot | undefined {
  if (known.some(it => typeof it !== 'number')) {
    return undefined;
  }
  return isNone ? 'none' : isAll ? 'all' : 'some';
}

function isSpot(option: unknown): Spot | undefined {
  return option === undefined ? 'none' : typeof option === 'string' ? option === 'SPOT' ? 'all' : 'none' : undefined;
}

function listed(list: any): any[] {
  return Array.isArray(list) ? list : [];
}

/** Where no types are listed, that of the template is launched. What is no list is nothing that is known. */
function typesIn(types: any): unknown[] {
  return types === undefined ? [undefined] : !Array.isArray(types) ? [types] : types.length === 0 ? [undefined] : types;
}

/** What is launched, as far as the app says it. */
export interface Launch {
  /** What launches: itself, or what uses it. */
  readonly by: CfnResource;
  /** The instance types, as they are rendered; not texts where nobody knows them. */
  readonly instanceTypes: unknown[];
  readonly spot?: Spot;
  /** The tenancies: `undefined` where none is written; anything else than a string where nobody knows it. */
  readonly tenancies: unknown[];
  /** Whether a tenancy that is not written may come from what the app does not know. */
  readonly tenancyElsewhere: boolean;
  readonly cpuOptions?: Properties;
  /** Of a launch template: whether they are written where it is used. */
  readonly hasOwnCpuOptions?: boolean;
  /** Of a launch template: what is written where it is used, instead of parts of its placement. */
  readonly overrides: Properties[];
  /** Of a launch template: the ARNs of the licenses that are written where it is used, instead of its own. */
  readonly licenses?: unknown;
}

/**
 * What is launched by an instance, or from a launch template: by what uses it, or by whoever does so outside of the app.
 */
export function launchesOf(target: CfnResource): Launch[] {
  const { instanceType, marketType, placement, cpuOptions, tenancyElsewhere } = renderedTarget(target);
  const template = templateOf(target);
  const from = template && renderedTarget(template);
  const own: Launch = {
    by: target,
    instanceTypes: [instanceType ?? from?.instanceType],
    spot: (marketType ?? from?.marketType) === 'spot' ? 'all' : 'none',
    tenancies: [tenancyOf({ ...from?.placement, ...placement })],
    tenancyElsewhere: tenancyElsewhere && !template,
    cpuOptions: cpuOptions ?? from?.cpuOptions,
    overrides: [],
  };
  const launches = target.cfnResourceType !== LAUNCH_TEMPLATE ? [] : target.node.root.node.findAll()
    .filter((it): it is CfnResource => CfnResource.isCfnResource(it) && it.cfnResourceType in USERS)
    .flatMap(by => USERS[by.cfnResourceType](renderedProperties(by))
      .filter(use => use.instanceTypes.length > 0 && isNamed(nameOfUsed(use.template), target, by.stack))
      .map(({ instanceTypes, spot, placements = [], ...use }): Launch => ({
        by,
        instanceTypes: instanceTypes.map(type => type ?? instanceType),
        spot: own.spot === 'all' ? own.spot : spot,
        tenancies: placements.length === 0 ? own.tenancies : placements.map(it => tenancyOf({ ...placement, ...it })),
        tenancyElsewhere,
        cpuOptions: use.cpuOptions ?? cpuOptions,
        hasOwnCpuOptions: use.cpuOptions !== undefined,
        overrides: placements,
        licenses: Array.isArray(use.licenses) && use.licenses.length === 0 ? undefined : use.licenses,
      })));
  return launches.length > 0 ? launches : [own];
}

/** What uses a launch template. */
export const USERS: typeof LAUNCHERS = { ...LAUNCHERS, 'AWS::EC2::Instance': ofInstance };

/** The launch template of the app from which an instance takes what it does not say itself. */
export function templateOf(instance: CfnResource): CfnResource | undefined {
  return instance.cfnResourceType === 'AWS::EC2::Instance' ? findUsed(instance, LAUNCH_TEMPLATE, renderedProperties(instance).LaunchTemplate) : undefined;
}

const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';

/** What says with which licenses an instance is launched: itself, or its launch template if it says nothing. */
export function licenseSourceOf(instance: CfnResource): CfnResource {
  const says = renderedTarget(instance).licenses.some(list => list !== undefined && !(Array.isArray(list) && list.length === 0));
  return says ? instance : templateOf(instance) ?? instance;
}

/** The launch template, or the distribution configuration, that a rendered property names. */
export function findUsed(user: CfnResource, type: string, used: any): CfnResource | undefined {
  const name = nameOfUsed(used);
  return name === undefined ? undefined : resourcesOf(user.node.root, type).find(resource => isNamed(name, resource, user.stack));
}

/** What names the launch template, or the distribution configuration, in a rendered property. */
export function nameOfUsed(used: any): unknown {
  return used?.LaunchTemplateId ?? used?.LaunchTemplateName ?? used?.TemplateId ?? used?.Id ?? used?.Name ?? used;
}

/** The version of the launch template in a rendered property, if it names one. */
export function versionOfUsed(used: any): unknown {
  return used?.Version;
}

/** Whether a resource is what a rendered property in the template of a stack names. */
export function isNamed(name: unknown, resource: CfnResource, by: Stack): boolean {
  const logicalId = JSON.stringify(resource.stack.resolve(resource.logicalId));
  if (resource.stack === by && renderedIdentity(name) === logicalId) {
    return true;
  }
  const reference = by.resolve(resource.ref);
  const given = by.resolve((resource as { readonly launchTemplateName?: string }).launchTemplateName);
  return renderedIdentity(reference) !== logicalId && JSON.stringify(reference) === JSON.stringify(name)
    || typeof given === 'string' && given === name;
}

/** The resources of a type in a tree. */
export function resourcesOf(scope: IConstruct, type: string): CfnResource[] {
  return scope.node.findAll().filter((it): it is CfnResource => CfnResource.isCfnResource(it) && it.cfnResourceType === type);
}
