import type { IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { ManagedResource } from '../custom-resource/construct/provider';
import { ResourceTypes } from '../custom-resource/contract/properties';
import type { ReportGeneratorLocationProperties } from '../custom-resource/contract/properties';

/**
 * Where the reports of a report generator go.
 */
export interface ReportLocation {
  /** The name of the bucket. */
  readonly bucketName: string;
  /** What the keys of the reports begin with; it ends with a slash. */
  readonly keyPrefix: string;
  /** The same for a policy, in which some characters mean something else: License Manager takes any in a name. */
  readonly keyPrefixInPolicy: string;
}

/** The construct id is part of a logical id, and with that it is API. */
const LOCATION_ID = 'Location';

/**
 * Where the reports go, as License Manager tells it to a custom resource, which comes into being when somebody asks for the first time.
 *
 * CloudFormation's own type has the attribute `S3Location`. It is an object, and CloudFormation can neither read a member of it nor hand it on.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2434
 */
export function locationOf(reportGenerator: IReportGeneratorRef, ofItself?: ManagedResource): ReportLocation {
  const resource = ofItself
    ?? reportGenerator.node.tryFindChild(LOCATION_ID) as ManagedResource | undefined
    ?? ask(reportGenerator);
  return {
    bucketName: resource.getAttString('Bucket'),
    keyPrefix: resource.getAttString('KeyPrefix'),
    keyPrefixInPolicy: resource.getAttString('KeyPrefixInPolicy'),
  };
}

/**
 * The name of a report generator, if it is known: by the L2, the L1, or what is known of an imported one.
 */
export function nameOf(reportGenerator: IReportGeneratorRef): string | undefined {
  return (reportGenerator as { readonly reportGeneratorName?: string }).reportGeneratorName;
}

function ask(reportGenerator: IReportGeneratorRef): ManagedResource {
  const { reportGeneratorArn } = reportGenerator.reportGeneratorRef;
  const properties: ReportGeneratorLocationProperties = {
    ReportGeneratorArn: reportGeneratorArn,
    ReportGeneratorName: nameOf(reportGenerator),
  };
  return new ManagedResource(reportGenerator, LOCATION_ID, {
    resourceType: ResourceTypes.REPORT_GENERATOR_LOCATION,
    properties: { ...properties },
    permissions: [{ actions: ['license-manager:GetLicenseManagerReportGenerator'], resources: [reportGeneratorArn] }],
  });
}
