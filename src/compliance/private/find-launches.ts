import { type Image, imageOf, imagesIn, keyOf } from './images';
import { type Facts, type Tenancy, UNKNOWN } from './launch-facts';
import { partsOf, type Value } from './templates';
import { type Properties, targetIn, tenancyOf } from '../../private/license/launch';
import { nameOfUsed, type Spot, type Use, USERS } from '../../private/license/launches';
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
  readonly tenancyElsewhere: Tenancy;
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
  private readonly associated = new Map<unknown, SynthesizedLicense[]>();

  constructor(private readonly app: SynthesizedApp) {
    this.images = imagesIn(app._root);
    for (const association of app.resourcesOfType(ASSOCIATION)) {
      const license = app._licenses.meant(association._meaningOf(association.properties.LicenseConfigurationArn));
      const key = keyIn(association, association.properties.ResourceArn);
      if (license && key !== undefined) {
        this.associated.set(key, [...this.associated.get(key) ?? [], license]);
      }
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
    const launchTemplate = this.templateNamed(resource, nameOfUsed(use.template));
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
      tenancyElsewhere: undefined,
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

  /** What builds and tests images: with the licenses of the image that it begins with, and those that it puts on what it has built. */
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
      licenses: lists.filter(list => list !== undefined).map(list => ({ of: distribution!, list })),
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
  private tenancyOfNetwork(resource: SynthesizedResource): Tenancy {
    const { SubnetId, NetworkInterfaces, VPCZoneIdentifier } = resource.properties;
    const subnet = SubnetId ?? NetworkInterfaces?.[0]?.SubnetId ?? VPCZoneIdentifier?.[0];
    const vpc = resource._resourceOf(subnet)?.referred('VpcId');
    return vpc?.resourceType !== 'AWS::EC2::VPC' ? UNKNOWN : vpc.has('InstanceTenancy') ? vpc.known('InstanceTenancy') ?? UNKNOWN : 'default';
  }

  private launch(said: Said): SynthesizedLaunch {
    const { resource, launchTemplate, types, tenancies, tenancyElsewhere, spot, host, group, locations } = said;
    const image = said.image && imageOf(said.image.of._meaningOf(said.image.image), this.images);
    const lists = said.licenses.map(({ of, list }) => ({ of, list: Array.isArray(list) ? list : undefined }));
    const named = lists.flatMap(({ of, list }) => (list ?? []).map(arn => this.app._licenses.meant(of._meaningOf(arn))));
    const brought = [image?.key, resource._entry, host?._entry].flatMap(key => key === undefined ? [] : this.associated.get(key) ?? []);
    const licenses = [...new Set([...named, ...brought])].filter(license => license !== undefined);
    return SynthesizedLaunch._of({
      resource,
      launchTemplate,
      isOpen: said.isOpen ?? false,
      licenses,
      mayHaveMore: (said.mayHaveMore ?? false) || lists.some(({ list }) => list === undefined) || named.includes(undefined),
      instanceTypes: types.map(({ of, type }) => of._textOf(type)),
      tenancies: tenancies.map(({ of, tenancy }) => tenancy === undefined || tenancy === UNKNOWN ? tenancy : of._textOf(tenancy) ?? UNKNOWN),
      tenancyElsewhere,
      spot,
      image,
      products: image ? this.app._products.filter(product => product._isOn(image)) : [],
      host,
      hostResourceGroup: group,
      locations,
      ...maximumOf(resource),
      customizedVcpus: customized(said.cpuOptions),
    });
  }
}

function customized(cpu: Said['cpuOptions']): number | undefined {
  const [cores, threads] = ['CoreCount', 'ThreadsPerCore'].map(name => cpu?.of._numberOf(cpu.options?.[name]));
  return cores !== undefined && threads !== undefined ? cores * threads : undefined;
}

/** What an ARN names, which is put together of parts: `arn:…:image/ami-…`, of which the end may be a reference. */
function keyIn(resource: SynthesizedResource, arn: Value): unknown {
  const parts = partsOf(arn);
  for (const [index, part] of parts.entries()) {
    const [, id] = typeof part === 'string' ? /:(?:image|instance|dedicated-host)\/(.*)$/.exec(part) ?? [] : [];
    if (id !== undefined) {
      return id !== '' ? id : keyOf(resource._meaningOf(parts[index + 1]));
    }
  }
  return undefined;
}

/** Where types say how much they launch at most: of what weighs its instances, nobody knows how many that is. */
function maximumOf(resource: SynthesizedResource): Pick<Facts, 'maximumInstances' | 'maximumVcpus' | 'locationOfMaximum'> {
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
