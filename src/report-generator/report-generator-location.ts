import { CfnResource } from 'aws-cdk-lib';
import type { IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { ReportGeneratorLocationGrants } from './report-generator-location-grants';
import { ask, type ManagedResource } from '../custom-resource/construct/managed-resource';
import { reportGeneratorLocation } from '../custom-resource/contract/types/report-generator-location';
import { brand, isBranded } from '../private/identity/copies';
import { accountOf, regionOf } from '../private/identity/reference';
import { construct, givenProps, needed } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkAccount, checkRegion } from '../private/validation/place';
import { lit } from '../private/validation/validation';

/**
 * Properties of the place of reports.
 */
export interface ReportGeneratorLocationProps {
  /**
   * The report generator: one of this app, or an imported one. It has to be of the account and the Region of the stack.
   */
  readonly reportGenerator: IReportGeneratorRef;
}

/**
 * Where the reports of a report generator go, as License Manager tells it at deployment, to a custom resource.
 *
 * CloudFormation's own type has the attribute `S3Location`. It is an object, and CloudFormation can neither read a member of it nor hand it on.
 * However many ask for the place of a report generator in a stack, there is one custom resource for it. It has a function, whose code is an asset: a
 * stack that takes no assets refuses it with a `ValidationError`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
 * import { ReportGenerator, ReportGeneratorLocation } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Audit');
 * const auditor = new Role(stack, 'Auditor', { assumedBy: new AccountRootPrincipal() });
 * const monthly = ReportGenerator.fromReportGeneratorArn(stack, 'Monthly',
 *   'arn:aws:license-manager:us-east-1:111122223333:report-generator:r-0123456789abcdef0123456789abcdef');
 * const location = new ReportGeneratorLocation(stack, 'Location', { reportGenerator: monthly });
 * location.grants.read(auditor);
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2434
 */
@propertyInjectable
export class ReportGeneratorLocation extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.ReportGeneratorLocation';

  /**
   * Whether the given object is a `ReportGeneratorLocation`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isReportGeneratorLocation(x: any): x is ReportGeneratorLocation {
    return isBranded(x, 'ReportGeneratorLocation');
  }

  /**
   * The name of the bucket that the reports are published to.
   */
  public readonly bucketName: string;

  /**
   * What the keys of the reports in the bucket begin with: `Reports/<name of the report generator>/`.
   */
  public readonly keyPrefix: string;

  /**
   * The same for a policy, in which `*`, `?` and `$` are written as policy variables: License Manager takes any character in a name.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
   */
  public readonly keyPrefixInPolicy: string;

  private _grants?: ReportGeneratorLocationGrants;

  /**
   * Asks for the place of reports.
   *
   * Throws a `ValidationError` for a report generator that is known to be of another account or Region than the stack.
   */
  constructor(scope: Construct, id: string, props: ReportGeneratorLocationProps) {
    super(scope, id);
    brand(this, 'ReportGeneratorLocation');
    const { reportGenerator } = givenProps(this, props, PROPS);
    const { reportGeneratorArn } = reportGenerator.reportGeneratorRef;
    const told = toldBy(reportGenerator) ?? this.ask(reportGenerator, reportGeneratorArn).resource;
    const attribute = (name: string) => told.getAtt(name).toString();
    this.bucketName = attribute('Bucket');
    this.keyPrefix = attribute('KeyPrefix');
    this.keyPrefixInPolicy = attribute('KeyPrefixInPolicy');
  }

  /**
   * Permissions on the reports.
   */
  public get grants(): ReportGeneratorLocationGrants {
    return this._grants ??= ReportGeneratorLocationGrants.fromReportGeneratorLocation(this);
  }

  private ask(reportGenerator: IReportGeneratorRef, reportGeneratorArn: string): ManagedResource {
    const what = `report generator '${reportGenerator.node.path}'`;
    const reason = 'License Manager tells the place of reports to their owner, in their Region. Declare the location in the stack of the report generator, ' +
      'or in one of its account and Region.';
    checkRegion(this, lit`ReportGeneratorOfAnotherRegion`, { what, value: regionOf(reportGenerator, reportGeneratorArn), reason });
    checkAccount(this, lit`ReportGeneratorOfAnotherAccount`, { what, value: accountOf(reportGenerator, reportGeneratorArn), reason });
    return ask(this, reportGeneratorLocation, { ReportGeneratorArn: reportGeneratorArn, ReportGeneratorName: nameOf(reportGenerator) });
  }
}

/** What is provisioned through the API tells its place itself. */
function toldBy(reportGenerator: IReportGeneratorRef): CfnResource | undefined {
  const { defaultChild } = reportGenerator.node;
  return (reportGenerator as { readonly _tellsItsLocation?: boolean })._tellsItsLocation && CfnResource.isCfnResource(defaultChild)
    ? defaultChild
    : undefined;
}

/** The name of a report generator, if it is known: by the L2, the L1, or what is known of an imported one. */
function nameOf(reportGenerator: IReportGeneratorRef): string | undefined {
  return (reportGenerator as { readonly reportGeneratorName?: string }).reportGeneratorName;
}

const PROPS: Shape<ReportGeneratorLocationProps> = { reportGenerator: needed(construct('a report generator', 'reportGeneratorRef')) };
