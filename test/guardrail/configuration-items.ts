/*
 * Configuration items of EC2 instances, as AWS Config hands them to a rule.
 *
 * The names are those of AWS's own schema, https://github.com/awslabs/aws-config-resource-schema, AWS::EC2::Instance.properties.json, and the form, with `null` for
 * what there is not and the tags twice, is that of recorded items which are published. That schema, of what can be searched for, lacks `licenses`, as it lacks
 * `configuration.tags`. Published items have it, as an empty list, since 2019. None with a license is published: that a member has `licenseConfigurationArn` is
 * what DescribeInstances has, of which all else is in the item, with its names in lower camel case.
 */

/** An item of 2017, before there were licenses and usage operations. See https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html */
export const OF_2017 = {
  relatedEvents: [],
  relationships: [{ resourceId: 'vpc-14400670', resourceName: null, resourceType: 'AWS::EC2::VPC', name: 'Is contained in Vpc' }],
  configuration: {
    instanceId: 'i-007d374c8912e3e90',
    imageId: 'ami-9be6f38c',
    state: { code: 16, name: 'running' },
    stateTransitionReason: '',
    amiLaunchIndex: 0,
    productCodes: [],
    instanceType: 't2.micro',
    launchTime: '2017-01-09T20:13:28.000Z',
    placement: { availabilityZone: 'us-east-2c', groupName: '', tenancy: 'default', hostId: null, affinity: null },
    kernelId: null,
    platform: null,
    monitoring: { state: 'disabled' },
    virtualizationType: 'hvm',
    tags: [{ key: 'Name', value: 'value' }],
    securityGroups: [{ groupName: 'example-security-group-2', groupId: 'sg-3f1fef43' }],
    iamInstanceProfile: null,
    enaSupport: true,
  },
  supplementaryConfiguration: {},
  tags: { Name: 'value' },
  configurationItemVersion: '1.2',
  configurationItemCaptureTime: '2017-01-09T22:50:14.328Z',
  configurationStateId: 1484002214328,
  awsAccountId: '123456789012',
  configurationItemStatus: 'OK',
  resourceType: 'AWS::EC2::Instance',
  resourceId: 'i-007d374c8912e3e90',
  resourceName: null,
  ARN: 'arn:aws:ec2:us-east-2:123456789012:instance/i-007d374c8912e3e90',
  awsRegion: 'us-east-2',
  availabilityZone: 'us-east-2c',
  configurationStateMd5Hash: '8d0f41750f5965e0071ae9be063ba306',
  resourceCreationTime: '2017-01-09T20:13:28.000Z',
};

/** What an instance is, apart from what all have. */
export interface Recorded {
  readonly usageOperation?: string | null;
  readonly platformDetails?: string | null;
  readonly platform?: string | null;
  readonly imageId?: string;
  readonly instanceType?: string;
  readonly state?: string;
  readonly tenancy?: string | null;
  /** The ARNs of its licenses. */
  readonly licenses?: string[] | null;
  readonly productCodes?: string[] | null;
  readonly tags?: { [key: string]: string } | null;
}

/** An item as AWS Config records it today: Windows Server BYOL on shared hardware, without a license. */
export function item(recorded: Recorded = {}, without: string[] = []): object {
  const { state = 'running', licenses = [], productCodes = [], tags = { Name: 'web' }, tenancy = 'default', ...others } = recorded;
  const configuration: { [name: string]: unknown } = {
    amiLaunchIndex: 0,
    imageId: 'ami-0123456789abcdef0',
    instanceId: 'i-0123456789abcdef0',
    instanceType: 'm5.large',
    kernelId: null,
    launchTime: '2026-03-02T08:15:00.000Z',
    monitoring: { state: 'disabled' },
    placement: {
      availabilityZone: 'eu-west-1a', affinity: null, groupName: '', partitionNumber: null, hostId: null, tenancy, spreadDomain: null, hostResourceGroupArn: null,
    },
    platform: 'windows',
    productCodes: productCodes?.map(productCodeId => ({ productCodeId, productCodeType: 'marketplace' })) ?? null,
    state: { code: 16, name: state },
    stateTransitionReason: '',
    architecture: 'x86_64',
    clientToken: '',
    ebsOptimized: true,
    hypervisor: 'xen',
    iamInstanceProfile: null,
    networkInterfaces: [],
    securityGroups: [{ groupName: 'default', groupId: 'sg-0123456789abcdef0' }],
    tags: tags && Object.entries(tags).map(([key, value]) => ({ key, value })),
    cpuOptions: { coreCount: 1, threadsPerCore: 2 },
    hibernationOptions: { configured: false },
    licenses: licenses?.map(licenseConfigurationArn => ({ licenseConfigurationArn })) ?? null,
    metadataOptions: { state: 'applied', httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
    enclaveOptions: { enabled: false },
    bootMode: null,
    platformDetails: 'Windows BYOL',
    usageOperation: 'RunInstances:0800',
    usageOperationUpdateTime: '2026-03-02T08:15:00.000Z',
    ...others,
  };
  without.forEach(name => delete configuration[name]);
  return {
    ...OF_2017, configuration, tags: tags ?? {}, configurationItemVersion: '1.3', configurationItemCaptureTime: '2026-03-02T08:16:00.000Z',
  };
}
