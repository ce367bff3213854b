import { CfnReportGenerator } from 'aws-cdk-lib/aws-licensemanager';
import type { IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { ResourceTypes } from '../custom-resource/properties';
import type { ReportGeneratorLocationProperties } from '../custom-resource/properties';
import { ManagedResource } from '../custom-resource/provider';

/**
 * Where the reports of a report generator go.
 */
export interface ReportLocation {
  /** The name of the bucket. */
  readonly bucketName: string;
  /** What the keys of the reports begin with; it ends with a slash. */
  readonly keyPrefix: string;
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
  return { bucketName: resource.getAttString('Bucket'), keyPrefix: resource.getAttString('KeyPrefix') };
}

function ask(reportGenerator: IReportGeneratorRef): ManagedResource {
  const { reportGeneratorArn } = reportGenerator.reportGeneratorRef;
  const properties: ReportGeneratorLocationProperties = {
    ReportGeneratorArn: reportGeneratorArn,
    ReportGeneratorName: CfnReportGenerator.isCfnReportGenerator(reportGenerator) ? reportGenerator.reportGeneratorName : undefined,
  };
  return new ManagedResource(reportGenerator, LOCATION_ID, {
    resourceType: ResourceTypes.REPORT_GENERATOR_LOCATION,
    properties: { ...properties },
    permissions: [{ actions: ['license-manager:GetLicenseManagerReportGenerator'], resources: [reportGeneratorArn] }],
  });
}
