import { Annotations, Resource, Token } from 'aws-cdk-lib';
import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import { CfnReportGenerator } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnReportGeneratorProps, IReportGeneratorRef, ReportGeneratorReference } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ReportGeneratorGrants } from './report-generator-grants';
import type { UsageReport } from './usage-report';
import { provisionThroughApi } from '../custom-resource/construct/managed-resource';
import { ProvisionedType, Provisioning, ProvisioningInjector } from '../custom-resource/construct/provisioning';
import { reportGenerator } from '../custom-resource/contract/types/report-generator';
import { warnOfBlank } from '../private/finding/blank';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { ID_END_BEFORE_LOOKUP, lookUp } from '../private/identity/look-up';
import { environmentOfImport } from '../private/identity/look-up-dummy';
import { nameOrGenerated, textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { arnParts, checkFormat, colonNotSlash } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, given, givenProps, needed, ofClass, ofImport, ofLookUp, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkLength, lit } from '../private/validation/validation';

/**
 * Properties of a report generator.
 */
export interface ReportGeneratorProps {
  /**
   * The name of the report generator: 1 to 100 characters. It is part of the place of the reports in the bucket.
   *
   * It may be changed later: reports that are there already stay where they are. Two report generators with the same name would
   * write to the same place, which causes a warning. Not a place for confidential information.
   *
   * Throws a `ValidationError` if it is empty or longer. One that shows nothing causes a warning.
   *
   * @default - a unique name of at most 64 characters, made from the path of the construct: it stays the same unless the path changes
   */
  readonly reportGeneratorName?: string;

  /**
   * What the reports are for. Not a place for confidential information.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * What is reported, and when. It may be changed later, also into a report of the other kind.
   *
   * Throws a `ValidationError` for what `UsageReport` says.
   */
  readonly report: UsageReport;

  /**
   * What happens to the report generator when it is taken out of the app.
   *
   * The reports in the bucket stay in any case; without the report generator there are no new ones.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the report generator is created by CloudFormation's own type or through the API, for Regions in which the type has not arrived.
   *
   * Of all types of License Manager this one is in the fewest Regions. `ProvisioningInjector` sets it for a whole app.
   *
   * @default Provisioning.NATIVE
   */
  readonly provisioning?: Provisioning;
}

/**
 * A report generator, made by this app or imported.
 */
export interface IReportGenerator extends IResource, IReportGeneratorRef {
  /**
   * The ARN of the report generator.
   *
   * @attribute Arn
   */
  readonly reportGeneratorArn: string;

  /**
   * Permissions on the report generator; those on its reports are at their place, a `ReportGeneratorLocation`.
   */
  readonly grants: ReportGeneratorGrants;
}

/**
 * What is known of a report generator that exists.
 */
export interface ReportGeneratorAttributes {
  /**
   * The ARN of the report generator: `arn:<partition>:license-manager:<region>:<account>:report-generator:r-…`.
   */
  readonly reportGeneratorArn: string;

  /**
   * The name of the report generator. It is not checked against the report generator.
   *
   * @default - not known: a change of the name does not reach what was told of the place of the reports before
   */
  readonly reportGeneratorName?: string;
}

/**
 * What to look a report generator up by.
 */
export interface ReportGeneratorLookupOptions {
  /**
   * The name of the report generator, exactly. No token.
   */
  readonly reportGeneratorName: string;
}

/**
 * What a made and an imported report generator have in common.
 */
abstract class ReportGeneratorBase extends Resource implements IReportGenerator {
  /**
   * The ARN of the report generator.
   *
   * @attribute Arn
   */
  public abstract readonly reportGeneratorArn: string;

  private _grants?: ReportGeneratorGrants;

  /**
   * A reference to the report generator.
   */
  public get reportGeneratorRef(): ReportGeneratorReference {
    return { reportGeneratorArn: this.reportGeneratorArn };
  }

  /**
   * Permissions on the report generator; those on its reports are at their place, a `ReportGeneratorLocation`.
   */
  public get grants(): ReportGeneratorGrants {
    return this._grants ??= ReportGeneratorGrants.fromReportGenerator(this);
  }
}

/**
 * Publishes reports on self-managed licenses or on license asset groups to an Amazon S3 bucket.
 *
 * The console calls it a *usage report*. Publishing begins within an hour after the deployment, and after each change.
 *
 * **The bucket** is that of License Manager in the account and Region. If there is none, License Manager creates one with the first report
 * generator, whose name begins with `aws-license-manager-service-`; neither CloudFormation nor this construct owns it, and it stays, with
 * its reports, when the report generator is deleted. A bucket of your own gets what License Manager needs by the mixin `BucketLicenseManagerReports`,
 * and is made known by `ServiceSettings` (`LicenseManagerBucket` is a right one), for which the report generators of its
 * stack wait.
 *
 * **AWS License Manager's service-linked role** (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the first
 * deployment: `ServiceLinkedRole` makes it.
 *
 * How many there may be in an account and a Region is a quota of which AWS publishes no figure: the console of Service Quotas tells it.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import {
 *   LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, ReportFrequency, ReportGenerator, UsageReport,
 * } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const windows = new LicenseConfiguration(stack, 'WindowsServer', { licenseCounting: LicenseCounting.cores() });
 * new ReportGenerator(stack, 'Monthly', {
 *   report: UsageReport.licenseConfigurations({
 *     licenseConfigurations: [windows],
 *     types: [LicenseConfigurationReportType.SUMMARY, LicenseConfigurationReportType.USAGE],
 *     frequency: ReportFrequency.MONTHLY,
 *   }),
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-usage-reports.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
 * @resource AWS::LicenseManager::ReportGenerator
 */
@propertyInjectable
export class ReportGenerator extends ReportGeneratorBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.ReportGenerator';

  /**
   * Whether the given object is a `ReportGenerator`, made by whichever copy of this library. An imported report generator is not.
   *
   * @param x any object
   */
  public static isReportGenerator(x: any): x is ReportGenerator {
    return isBranded(x, 'ReportGenerator');
  }

  /**
   * Imports a report generator by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager:<region>:<account>:report-generator:r-…`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param reportGeneratorArn the ARN; the report generator's account and Region are taken from it
   */
  public static fromReportGeneratorArn(scope: Construct, id: string, reportGeneratorArn: string): IReportGenerator {
    return ReportGenerator.fromReportGeneratorAttributes(scope, id, { reportGeneratorArn });
  }

  /**
   * Imports a report generator by what is known of it.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager:<region>:<account>:report-generator:r-…`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param attrs the ARN, and the name if it is known
   */
  public static fromReportGeneratorAttributes(scope: Construct, id: string, attrs: ReportGeneratorAttributes): IReportGenerator {
    const { reportGeneratorArn: arn, reportGeneratorName } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`ReportGeneratorArn`, REPORT_GENERATOR_ARN, arn, id);

    class Import extends ReportGeneratorBase {
      public readonly reportGeneratorArn = arn;
      public readonly reportGeneratorName = reportGeneratorName;
    }
    return new Import(scope, id, environmentOfImport(arn));
  }

  /**
   * Imports the one report generator that has a name, in the account and the Region of the stack.
   *
   * The CDK CLI looks it up once, with AWS Cloud Control, and keeps it in `cdk.context.json`; until then the report generator is a made-up
   * one. Cloud Control has to know the type in the Region: where it doesn't, import the report generator by its ARN.
   *
   * Throws a `ValidationError` if no report generator or more than one has the name, if the look-up failed, if the name is empty or a token, and if
   * account and Region of the stack are not set.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param options the name
   */
  public static fromLookup(scope: Construct, id: string, options: ReportGeneratorLookupOptions): IReportGenerator {
    const { reportGeneratorName: name } = givenProps(scope, options, LOOK_UP, ofLookUp(id));
    const found = lookUp(scope, id, {
      typeName: CfnReportGenerator.CFN_RESOURCE_TYPE_NAME,
      what: 'report generator',
      name,
      userProperty: 'reportGeneratorName',
      property: 'ReportGeneratorName',
      instead: 'import the report generator by its ARN (ReportGenerator.fromReportGeneratorArn)',
      made: { Arn: `arn:{partition}:license-manager:{region}:{account}:report-generator:r-${ID_END_BEFORE_LOOKUP}` },
    });
    return ReportGenerator.fromReportGeneratorAttributes(scope, id, {
      reportGeneratorArn: found.Arn, reportGeneratorName: name,
    });
  }

  /**
   * The name of the report generator, with which the place of its reports ends.
   *
   * @attribute
   */
  public readonly reportGeneratorName: string;

  /**
   * Whether the resource has the attributes of the place, as the API tells them.
   *
   * @internal
   */
  public readonly _tellsItsLocation: boolean = false;

  private readonly resource: CfnReportGenerator;

  /**
   * Makes a report generator.
   *
   * Throws a `ValidationError` for what License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: ReportGeneratorProps) {
    super(scope, id, { physicalName: textOrNone(props?.reportGeneratorName) });
    brand(this, 'ReportGenerator');
    props = givenProps(this, props, PROPS);

    const provisioning = ProvisioningInjector._of(this, ProvisionedType.REPORT_GENERATOR, props.provisioning);
    const properties = render(this, props);
    this.reportGeneratorName = properties.reportGeneratorName;
    this.resource = new CfnReportGenerator(this, 'Resource', properties);
    if (provisioning === Provisioning.CUSTOM_RESOURCE) {
      const { licenseConfigurationArns } = properties.reportContext as CfnReportGenerator.ReportContextProperty;
      provisionThroughApi(this.resource, reportGenerator, { ReportContext: { LicenseConfigurationArns: licenseConfigurationArns } });
      this._tellsItsLocation = true;
    }
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'report generator');
    needs(this.resource, Prerequisite.ROLE, Prerequisite.SETTINGS);
    checkTags(this, this.resource);
    checkName(this, this.reportGeneratorName);
  }

  /**
   * The ARN of the report generator.
   *
   * @attribute Arn
   */
  public get reportGeneratorArn(): string {
    return this.resource.attrArn;
  }

  /**
   * When the report generator was created.
   *
   * @attribute CreateTime
   */
  public get reportGeneratorCreateTime(): string {
    return this.resource.attrCreateTime;
  }

  /**
   * The id of the account that created the report generator.
   *
   * @attribute ReportCreatorAccount
   */
  public get reportGeneratorCreatorAccount(): string {
    return this.resource.attrReportCreatorAccount;
  }

  /**
   * Says what happens to the report generator when it is taken out of the app.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'report generator');
  }
}

/** Checks the properties and writes them as CloudFormation reads them. */
function render(generator: ReportGenerator, props: ReportGeneratorProps): CfnReportGeneratorProps {
  const name = {
    property: 'reportGeneratorName', value: props.reportGeneratorName, wayOut: 'Correct it, or leave it out to have a name generated.',
  };
  warnOfBlank(generator, name.property, name.value, name.wayOut);
  checkLength(generator, lit`ReportGeneratorNameLength`, { ...name, minimum: 1, maximum: 100 });
  return {
    reportGeneratorName: nameOrGenerated(generator, props.reportGeneratorName),
    // None is written as an empty one: in an update of the API, what is missing stays as it is.
    description: props.description ?? '',
    ...props.report._render(generator),
  };
}

/** Two of one name write to one place, and whoever may read the reports of one may read those of the other. */
function checkName(generator: ReportGenerator, name: string): void {
  if (Token.isUnresolved(name)) {
    return;
  }
  const other = declaredBefore(generator, 'report generator', name);
  if (other !== undefined) {
    Annotations.of(generator).addWarningV2('cdk-license-manager:reportGeneratorsOfOneName',
      `'${other}' has the same reportGeneratorName '${name}': the reports of both go to the same place in the bucket. ` +
      'Give one of the two another name.');
  }
}

/**
 * The id may be anything that CloudFormation takes in an ARN.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
const REPORT_GENERATOR_ARN: Format = {
  name: 'the ARN of a usage report',
  parts: [...arnParts('license-manager'), /^report-generator$/, /^[A-Za-z0-9:_/+=,@.-]+$/],
  expected: '\'arn:<partition>:license-manager:<region>:<account>:report-generator:r-<id>\'',
  wayOut: colonNotSlash('report-generator', 'Take the ARN from \'aws license-manager list-license-manager-report-generators\'.'),
};

const PROPS: Shape<ReportGeneratorProps> = {
  reportGeneratorName: TEXT, description: TEXT, report: needed(ofClass('UsageReport')), removalPolicy: ANYTHING, provisioning: ANYTHING,
};

const ATTRIBUTES: Shape<ReportGeneratorAttributes> = { reportGeneratorArn: needed(TEXT), reportGeneratorName: TEXT };

const LOOK_UP: Shape<ReportGeneratorLookupOptions> = { reportGeneratorName: needed(TEXT) };
