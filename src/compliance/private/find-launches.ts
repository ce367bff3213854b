import { type Image, imageOf, imagesIn } from './images';
import { type Facts, UNKNOWN } from './launch-facts';
import { partsOf, type Value } from './templates';
import { type Properties, targetIn, tenancyOf } from '../../private/license/launch';
import { nameOfUsed, type Spot, type Use, USERS, versionOfUsed } from '../../private/license/launches';
import type { SynthesizedApp } from '../synthesized-app';
import { SynthesizedLaunch } from '../synthesized-launch';
import type { SynthesizedLicense } from '../synthesized-license';
import type { SynthesizedResource } from '../synthesized-resource';

const INSTANCE = 'AWS::EC2::Instance';
const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';
const AUTO_SCALING_GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const LAUNCH_CONFIGURATION = 'AWS::AutoScaling::LaunchConfiguration';
const SPOT_FLEET = 'AWS::EC2::SpotFleet';
const INFRASTRUCTURE_CONFIGURATION = 'AWS::ImageBuilder::InfrastructureConfiguration';
/** What has licenses of its own, and no launch template. */
const ALONE = ['AWS::WorkspacesInstances::WorkspaceInstance', 'AWS::BedrockAgentCore::CapacityProvider'];
const BUILDERS = ['AWS::ImageBuilder::Image', 'AWS::ImageBuilder::ImagePipeline'];
const ASSOCIATION = 'Custom::LicenseManagerLicenseConfigurationAssociation';

/** What launches in an app. */
export function launchesIn(app: SynthesizedApp): SynthesizedLaunch[] {
  return new Finder(app).find();
}

/** What a launch says itself, before what follows from it. */
interface Said {
  readonly resource: SynthesizedResource;
  readonly launchTemplate?: SynthesizedResource;
  readonly isOpen?: boolean;
  /** The lists of ARNs, as they are rendered, with the resources that have them; `UNKNOWN` for a launch template that is not of the app. */
  readonly licenses: readonly { readonly of: SynthesizedResource; readonly list: Value }[];
  readonly mayHaveMore?: boolean;
  readonly types: readonly { readonly of: SynthesizedResource; readonly type: Value }[];
  readonly tenancies: readonly { readonly of: SynthesizedResource; readonly tenancy: Value }[];
  readonly tenancyElsewhere: Facts['tenancyElsewhere'];
  readonly spot?: Spot;
  readonly image?: { readonly of: SynthesizedResource; readonly image: Value };
  readonly host?: SynthesizedResource;
  readonly group?: SynthesizedResource;
  readonly locations: Facts['locations'];
  readonly cpuOptions?: { readonly of: SynthesizedResource; readonly options: Value };
}

class Finder {
  private readonly images: ReadonlyMap<string, Image>;
  /** The licenses that the app puts on images, instances and hosts, by what is the same for two names of one. */
  private readonly associated = new Map<unknown, { readonly by: SynthesizedResource; readonly license?: SynthesizedLicense }[]>();
  /** What raises the maximum of fleets later. */
  private readonly raising = new Map<SynthesizedResource, { readonly by: SynthesizedResource; readonly maximum: number }>();

  constructor(private readonly app: SynthesizedApp) {
    this.images = imagesIn(app._root);
    for (const association of app.resourcesOfType(ASSOCIATION)) {
      const license = app._licenses.meant(association._meaningOf(association.properties.LicenseConfigurationArn));
      const key = this.keyIn(association, association.properties.ResourceArn);
      if (key !== undefined) {
        this.associated.set(key, [...this.associated.get(key) ?? [], { by: association, license }]);
      }
    }
    for (const action of app.resourcesOfType('AWS::AutoScaling::ScheduledAction')) {
      this.raise(action, action.referred('AutoScalingGroupName'), action.properties.MaxSize);
    }
    for (const target of app.resourcesOfType('AWS::ApplicationAutoScaling::ScalableTarget')) {
      const { ResourceId: id, MaxCapacity: maximum, ScheduledActions: actions } = target.properties;
      for (const fleet of target._resourcesIn(id).filter(({ resourceType }) => resourceType === SPOT_FLEET)) {
        const later = Array.isArray(actions) ? actions.map(it => it?.ScalableTargetAction?.MaxCapacity) : [];
        [maximum, ...later].forEach(it => this.raise(target, fleet, it));
      }
    }
  }

  private raise(by: SynthesizedResource, fleet: SynthesizedResource | undefined, value: Value): void {
    const maximum = by._numberOf(value);
    if (fleet && maximum !== undefined && by._isThereWith(fleet) && maximum > (this.raising.get(fleet)?.maximum ?? 0)) {
      this.raising.set(fleet, { by, maximum });
    }
  }

  public find(): SynthesizedLaunch[] {
    const used = new Set<SynthesizedResource>();
    const said = [
      ...this.app._ofTypes(Object.keys(USERS)).flatMap(resource => this.fromTemplates(resource)),
      ...this.app.resourcesOfType(INSTANCE).filter(it => !it.has('LaunchTemplate')).map(resource => this.alone(resource)),
      ...this.app._ofTypes(ALONE).map(resource => this.alone(resource)),
      ...this.app.resourcesOfType(AUTO_SCALING_GROUP).flatMap(resource => this.fromConfiguration(resource)),
      ...this.app.resourcesOfType(SPOT_FLEET).flatMap(resource => this.fromSpecifications(resource)),
      ...this.app._ofTypes(BUILDERS).flatMap(resource => this.building(resource)),
    ];
    said.forEach(({ launchTemplate }) => launchTemplate && used.add(launchTemplate));
    const open = this.app.resourcesOfType(LAUNCH_TEMPLATE).filter(it => !used.has(it)).map(resource => this.openTemplate(resource));
    return [...said, ...open].map(it => this.launch(it));
  }

  /** What is launched from launch templates, one for each. */
  private fromTemplates(resource: SynthesizedResource): Said[] {
    return USERS[resource.resourceType](resource.properties)
      .filter(use => use.template !== undefined && use.instanceTypes.length > 0)
      .map(use => this.fromTemplate(resource, use));
  }

  private fromTemplate(resource: SynthesizedResource, use: Use): Said {
    const isKnown = this.isOfTemplate(resource, versionOfUsed(use.template));
    const launchTemplate = isKnown ? this.templateNamed(resource, nameOfUsed(use.template)) : undefined;
    const data: Properties = launchTemplate?.properties.LaunchTemplateData ?? {};
    const target = launchTemplate && targetIn(LAUNCH_TEMPLATE, launchTemplate.properties);
    const ownLicenses = use.licenses === undefined || (Array.isArray(use.licenses) && use.licenses.length === 0) ? undefined : use.licenses;
    const placements = use.placements?.length ? use.placements : [{}];
    const own = placements.find(it => tenancyOf(it) !== undefined);
    const image = resource.properties.ImageId !== undefined && resource.resourceType === INSTANCE
      ? { of: resource, image: resource.properties.ImageId }
      : launchTemplate && data.ImageId !== undefined ? { of: launchTemplate, image: data.ImageId } : undefined;
    const placement = { ...target?.placement, ...placements[0] };
    const owner = (name: string) => name in placements[0] ? resource : launchTemplate;
    return {
      resource,
      launchTemplate,
      licenses: ownLicenses !== undefined ? [{ of: resource, list: ownLicenses }]
        : launchTemplate && target ? target.licenses.filter(list => list !== undefined).map(list => ({ of: launchTemplate, list })) : [],
      mayHaveMore: !launchTemplate && ownLicenses === undefined,
      types: use.instanceTypes.map(type => type !== undefined || !launchTemplate
        ? { of: resource, type }
        : { of: launchTemplate, type: data.InstanceType }),
      tenancies: placements.map(it => tenancyOf(it) !== undefined || !launchTemplate
        ? { of: resource, tenancy: launchTemplate || tenancyOf(it) !== undefined ? tenancyOf({ ...target?.placement, ...it }) : UNKNOWN }
        : { of: launchTemplate, tenancy: tenancyOf(target?.placement ?? {}) }),
      tenancyElsewhere: this.tenancyOfNetwork(resource),
      spot: target?.marketType === 'spot' ? 'all' : use.spot,
      image,
      host: owner('HostId')?._resourceOf(placement.HostId),
      group: owner('HostResourceGroupArn')?._resourceOf(placement.HostResourceGroupArn),
      locations: {
        licenses: ownLicenses !== undefined ? 'Properties.LicenseSpecifications' : resource.resourceType === INSTANCE ? 'Properties.LaunchTemplate' : 'Properties',
        tenancy: own !== undefined && resource.resourceType === INSTANCE ? 'Properties.Tenancy' : 'Properties',
      },
      cpuOptions: use.cpuOptions !== undefined ? { of: resource, options: use.cpuOptions }
        : launchTemplate && data.CpuOptions ? { of: launchTemplate, options: data.CpuOptions } : undefined,
    };
  }

  /** Whether a version has what the template says: what an earlier one had, or another one will have, nobody knows. */
  private isOfTemplate(resource: SynthesizedResource, version: Value): boolean {
    const meaning = resource._meaningOf(version);
    return version === undefined || meaning !== undefined && ('entry' in meaning
      ? meaning.attribute === 'LatestVersionNumber' || meaning.attribute === 'DefaultVersionNumber'
      : 'value' in meaning && ['$Latest', '$Default'].includes(meaning.value));
  }

  private templateNamed(resource: SynthesizedResource, name: unknown): SynthesizedResource | undefined {
    const meaning = resource._meaningOf(name);
    if (meaning && 'entry' in meaning) {
      const found = resource._resourceOf(name);
      return found?.resourceType === LAUNCH_TEMPLATE ? found : undefined;
    }
    const text = resource._textOf(name);
    return text === undefined ? undefined : this.app.resourcesOfType(LAUNCH_TEMPLATE)
      .find(it => it.properties.LaunchTemplateName !== undefined && it.known('LaunchTemplateName') === text && it._isNear(resource));
  }

  /** What has its licenses itself. */
  private alone(resource: SynthesizedResource): Said {
    const target = targetIn(resource.resourceType, resource.properties)!;
    const isInstance = resource.resourceType === INSTANCE;
    const image = isInstance ? resource.properties.ImageId : resource.properties.ManagedInstance?.ImageId;
    const inside = isInstance ? 'Properties' : 'Properties.ManagedInstance.Placement';
    return {
      resource,
      licenses: target.licenses.filter(list => list !== undefined).map(list => ({ of: resource, list })),
      types: [{ of: resource, type: target.instanceType }],
      tenancies: [{ of: resource, tenancy: tenancyOf(target.placement) }],
      tenancyElsewhere: isInstance ? this.tenancyOfNetwork(resource) : UNKNOWN,
      spot: target.marketType === 'spot' ? 'all' : 'none',
      image: image === undefined ? undefined : { of: resource, image },
      host: resource._resourceOf(target.placement.HostId),
      group: resource._resourceOf(target.hostResourceGroupArn),
      locations: { licenses: 'Properties.LicenseSpecifications', tenancy: `${inside}.Tenancy` },
      cpuOptions: target.cpuOptions && { of: resource, options: target.cpuOptions },
    };
  }

  /** A launch template of which the app does not say who launches from it. */
  private openTemplate(resource: SynthesizedResource): Said {
    const target = targetIn(LAUNCH_TEMPLATE, resource.properties)!;
    const data: Properties = resource.properties.LaunchTemplateData ?? {};
    return {
      resource,
      launchTemplate: resource,
      isOpen: true,
      licenses: target.licenses.filter(list => list !== undefined).map(list => ({ of: resource, list })),
      types: [{ of: resource, type: target.instanceType }],
      tenancies: [{ of: resource, tenancy: tenancyOf(target.placement) }],
      tenancyElsewhere: UNKNOWN,
      spot: target.marketType === 'spot' ? 'all' : 'none',
      image: data.ImageId === undefined ? undefined : { of: resource, image: data.ImageId },
      host: resource._resourceOf(target.placement.HostId),
      group: resource._resourceOf(target.hostResourceGroupArn),
      locations: { licenses: 'Properties.LaunchTemplateData.LicenseSpecifications', tenancy: 'Properties.LaunchTemplateData.Placement.Tenancy' },
      cpuOptions: target.cpuOptions && { of: resource, options: target.cpuOptions },
    };
  }

  /** An Auto Scaling group with a launch configuration, which has no licenses but those of its image. */
  private fromConfiguration(resource: SynthesizedResource): Said[] {
    const configuration = resource.referred('LaunchConfigurationName');
    if (configuration?.resourceType !== LAUNCH_CONFIGURATION) {
      return [];
    }
    const { PlacementTenancy: tenancy, InstanceType: type, ImageId: image, SpotPrice } = configuration.properties;
    return [{
      resource,
      licenses: [],
      types: [{ of: configuration, type }],
      tenancies: [{ of: configuration, tenancy }],
      tenancyElsewhere: this.tenancyOfNetwork(resource),
      spot: SpotPrice === undefined ? 'none' : 'all',
      image: image === undefined ? undefined : { of: configuration, image },
      locations: { licenses: 'Properties.LaunchConfigurationName', tenancy: 'Properties.LaunchConfigurationName' },
    }];
  }

  /** A Spot Fleet without launch templates, which has no licenses but those of its images. */
  private fromSpecifications(resource: SynthesizedResource): Said[] {
    const specifications = resource.properties.SpotFleetRequestConfigData?.LaunchSpecifications;
    return (Array.isArray(specifications) ? specifications : []).map((specification, index) => ({
      resource,
      licenses: [],
      types: [{ of: resource, type: specification?.InstanceType ?? specification?.InstanceRequirements }],
      tenancies: [{ of: resource, tenancy: specification?.Placement?.Tenancy }],
      tenancyElsewhere: UNKNOWN,
      spot: 'all' as const,
      image: specification?.ImageId === undefined ? undefined : { of: resource, image: specification.ImageId },
      locations: {
        licenses: 'Properties.SpotFleetRequestConfigData.LaunchSpecifications',
        tenancy: `Properties.SpotFleetRequestConfigData.LaunchSpecifications.${index}.Placement.Tenancy`,
      },
    }));
  }

  /**
   * What builds and tests images, with the licenses of the image that it begins with. Those of a distribution are put on an image when it has passed its tests,
   * in the Region that it is for: nothing is built with them.
   *
   * @see https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-workflows.html
   */
  private building(resource: SynthesizedResource): Said[] {
    const infrastructure = resource.referred('InfrastructureConfigurationArn');
    if (infrastructure?.resourceType !== INFRASTRUCTURE_CONFIGURATION) {
      return [];
    }
    const distribution = resource.referred('DistributionConfigurationArn');
    const recipe = resource.referred('ImageRecipeArn');
    const lists = distribution ? targetIn(distribution.resourceType, distribution.properties)?.licenses ?? [] : [];
    const { InstanceTypes: types, Placement: placement = {} } = infrastructure.properties;
    return [{
      resource,
      licenses: [],
      // What is built is licensed.
      mayHaveMore: resource.has('DistributionConfigurationArn') && distribution === undefined || lists.some(list => list !== undefined),
      types: Array.isArray(types) ? types.map(type => ({ of: infrastructure, type })) : [],
      tenancies: [{ of: infrastructure, tenancy: tenancyOf(placement) }],
      // Without a placement it builds on shared hardware.
      tenancyElsewhere: 'default',
      spot: 'none',
      image: recipe?.properties.ParentImage === undefined ? undefined : { of: recipe, image: recipe.properties.ParentImage },
      locations: { licenses: 'Properties.DistributionConfigurationArn', tenancy: 'Properties.InfrastructureConfigurationArn' },
    }];
  }

  /**
   * The tenancy of the VPC of subnets that the app makes: it counts where no other is written. It is never `host`.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-instance.html
   */
  private tenancyOfNetwork(resource: SynthesizedResource): Facts['tenancyElsewhere'] {
    const { SubnetId, NetworkInterfaces, VPCZoneIdentifier } = resource.properties;
    const subnet = SubnetId ?? NetworkInterfaces?.[0]?.SubnetId ?? VPCZoneIdentifier?.[0];
    const vpc = resource._resourceOf(subnet)?.referred('VpcId');
    return vpc?.resourceType !== 'AWS::EC2::VPC' ? UNKNOWN : vpc.has('InstanceTenancy') ? vpc.known('InstanceTenancy') ?? UNKNOWN : 'default';
  }

  private launch(said: Said): SynthesizedLaunch {
    const { resource, launchTemplate, types, tenancies, tenancyElsewhere, spot, host, group, locations } = said;
    const image = said.image && imageOf(said.image.of._meaningOf(said.image.image), said.image.of, this.images);
    const lists = said.licenses.map(({ of, list }) => ({ of, list: Array.isArray(list) ? list : undefined }));
    const named = lists.flatMap(({ of, list }) => (list ?? []).map(arn => this.app._licenses.meant(of._meaningOf(arn))));
    const associated = [image?.key, resource._entry, host?._entry].flatMap(key => key === undefined ? [] : this.associated.get(key) ?? []);
    const brought = associated.map(({ by, license }) => by._isThereWith(resource) ? license : undefined);
    const all = [...new Set([...named, ...brought])];
    // What is there under other conditions than its license may be meant for when that is another one.
    const licenses = all.filter((license): license is SynthesizedLicense => license !== undefined && resource._isThereWith(license.resource));
    return SynthesizedLaunch._of({
      resource,
      launchTemplate,
      isOpen: said.isOpen ?? false,
      licenses,
      mayHaveMore: (said.mayHaveMore ?? false) || lists.some(({ list }) => list === undefined) || licenses.length < all.length,
      instanceTypes: types.map(({ of, type }) => of._textOf(type)),
      tenancies: tenancies.map(({ of, tenancy }) => tenancy === undefined || tenancy === UNKNOWN ? tenancy : of._textOf(tenancy) ?? UNKNOWN),
      tenancyElsewhere,
      spot,
      image,
      products: image ? this.app._products.filter(product => product._isOn(image)) : [],
      host,
      hostResourceGroup: group,
      locations,
      ...this.raised(resource, maximumOf(resource)),
      customizedVcpus: customized(said.cpuOptions),
    });
  }

  /** The maximum, or what it is raised to later. */
  private raised(resource: SynthesizedResource, maximum: ReturnType<typeof maximumOf>): ReturnType<typeof maximumOf> {
    const { by, maximum: raised = 0 } = this.raising.get(resource) ?? {};
    const { maximumInstances } = maximum;
    return maximumInstances !== undefined && raised > maximumInstances ? { ...maximum, maximumInstances: raised, raisedBy: by } : maximum;
  }

  /** What an ARN names, which is put together of parts: `arn:…:image/ami-…`, of which the end may be a reference. */
  private keyIn(resource: SynthesizedResource, arn: Value): unknown {
    const parts = partsOf(arn);
    for (const [index, part] of parts.entries()) {
      const [, id] = typeof part === 'string' ? /:(?:image|instance|dedicated-host)\/(.*)$/.exec(part) ?? [] : [];
      if (id !== undefined) {
        return imageOf(id !== '' ? { value: id } : resource._meaningOf(parts[index + 1]), resource, this.images)?.key;
      }
    }
    return undefined;
  }
}

function customized(cpu: Said['cpuOptions']): number | undefined {
  const [cores, threads] = ['CoreCount', 'ThreadsPerCore'].map(name => cpu?.of._numberOf(cpu.options?.[name]));
  return cores !== undefined && threads !== undefined ? cores * threads : undefined;
}

/** Where types say how much they launch at most: of what weighs its instances, nobody knows how many that is. */
function maximumOf(resource: SynthesizedResource): Pick<Facts, 'maximumInstances' | 'maximumVcpus' | 'locationOfMaximum' | 'raisedBy'> {
  const { properties } = resource;
  const of = (location: string, value: Value) => ({ maximumInstances: resource._numberOf(value), locationOfMaximum: `Properties.${location}` });
  switch (resource.resourceType) {
    case INSTANCE:
    case 'AWS::WorkspacesInstances::WorkspaceInstance': return { maximumInstances: 1 };
    case AUTO_SCALING_GROUP: {
      const overrides = properties.MixedInstancesPolicy?.LaunchTemplate?.Overrides;
      const unit = properties.DesiredCapacityType ?? 'units';
      return isWeighted(overrides) || unit !== 'units' ? {} : of('MaxSize', properties.MaxSize);
    }
    case 'AWS::EC2::EC2Fleet': {
      const { TargetCapacityUnitType: unit = 'units', TotalTargetCapacity: total } = properties.TargetCapacitySpecification ?? {};
      const isKnown = unit === 'units' && Array.isArray(properties.LaunchTemplateConfigs)
        && !properties.LaunchTemplateConfigs.some((it: Value) => isWeighted(it?.Overrides));
      return isKnown ? of('TargetCapacitySpecification.TotalTargetCapacity', total) : {};
    }
    case SPOT_FLEET: {
      const { TargetCapacity: total, TargetCapacityUnitType: unit = 'units', LaunchSpecifications: some, LaunchTemplateConfigs: others } =
        properties.SpotFleetRequestConfigData ?? {};
      const isKnown = unit === 'units' && !isWeighted(some) && !(Array.isArray(others) && others.some((it: Value) => isWeighted(it?.Overrides)));
      return isKnown ? of('SpotFleetRequestConfigData.TargetCapacity', total) : {};
    }
    case 'AWS::EKS::Nodegroup': return of('ScalingConfig.MaxSize', properties.ScalingConfig?.MaxSize);
    case 'AWS::PCS::ComputeNodeGroup': return of('ScalingConfiguration.MaxInstanceCount', properties.ScalingConfiguration?.MaxInstanceCount);
    case 'AWS::GameLift::GameServerGroup': return of('MaxSize', properties.MaxSize);
    case 'AWS::Batch::ComputeEnvironment': return {
      maximumVcpus: resource._numberOf(properties.ComputeResources?.MaxvCpus), locationOfMaximum: 'Properties.ComputeResources.MaxvCpus',
    };
    default: return {};
  }
}

function isWeighted(overrides: Value): boolean {
  return overrides !== undefined && !(Array.isArray(overrides) && overrides.every((it: Value) => it?.WeightedCapacity === undefined));
}
