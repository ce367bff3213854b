import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { acknowledgeConversions, allowConversions } from './conversion-permissions';
import { acknowledgeStandards } from '../private/finding/acknowledgement';
import { brand, isBranded } from '../private/identity/copies';
import { stackSetTemplate } from '../private/template/stack-set';
import { REGION } from '../private/validation/format';
import { givenProps, listOf, needed, pathBelow, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { ORGANIZATION_ID, ROLE_NAME } from '../private/validation/principals';
import { regionsOf } from '../private/validation/regions';
import { checkKnown, checkPattern, checkSize, lit, refuse } from '../private/validation/validation';

/**
 * Properties of the role by which a workflow of another account converts license types.
 */
export interface LicenseConversionRoleProps {
  /**
   * The account of the workflow, which may have the role.
   *
   * Throws a `ValidationError` unless it is a token or has 12 digits.
   */
  readonly workflowAccountId: string;

  /**
   * The name of the role of the workflow, which alone may have this role then: `roleName` of the workflow. It need not exist yet.
   *
   * @default - whoever in the account of the workflow is allowed to assume the role there
   */
  readonly workflowRoleName?: string;

  /**
   * The id of the organization in which the account of the workflow has to be: `o-…`. An account that has left it has the role no more.
   *
   * Throws a `ValidationError` for another form.
   *
   * @default - its organization does not matter
   */
  readonly organizationId?: string;

  /**
   * The name of the role, by which the workflow knows it: `memberRoleName` of the workflow. An account has a name once, in all Regions.
   *
   * **A change replaces the role.**
   *
   * @default LicenseConversionRole.ROLE_NAME
   */
  readonly roleName?: string;

  /**
   * The Regions whose instances may be stopped and started: those of the workflows. The role itself is one for all Regions.
   *
   * What has not the form of the name of a Region causes a warning, and so does one that is named twice.
   *
   * Throws a `ValidationError` for an empty list. `stackSetTemplate()` throws one for another form, too: nobody would see a warning of it.
   *
   * @default - the Region of the stack
   */
  readonly regions?: string[];

  /**
   * What the role may do at most. For `stackSetTemplate()`, its ARN has to be written out: `ManagedPolicy.fromManagedPolicyArn()`.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;
}

/**
 * The role by which a `LicenseConversionWorkflow` of another account converts instances of the account of the stack. It may do what the workflow itself may do
 * with instances, and nothing else.
 *
 * One for each account, in one Region of it. Its name is fixed, so that the workflow knows its ARN by the id of the account. `stackSetTemplate()` is the template
 * with it, for the accounts of an organization by a stack set of AWS CloudFormation.
 *
 * Whoever may start the workflow has instances of this account stopped and billed otherwise.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseConversionRole } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Member');
 * new LicenseConversionRole(stack, 'Role', { workflowAccountId: '111122223333', organizationId: 'o-exampleorgid' });
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/tutorial-access-cross-acct-resources.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-prerequisites.html
 * @resource AWS::IAM::Role
 */
@propertyInjectable
export class LicenseConversionRole extends Role {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseConversionRole';

  /**
   * The name of the role, unless there is another one for it.
   */
  public static readonly ROLE_NAME: string = 'LicenseManagerConversionRole';

  /**
   * Whether the given object is a `LicenseConversionRole`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseConversionRole(x: any): x is LicenseConversionRole {
    return isBranded(x, 'LicenseConversionRole');
  }

  /**
   * A template of AWS CloudFormation with the role alone, as JSON: for the accounts of a stack set (`templateBody`). It has no assets. Its deployment needs
   * the capability `CAPABILITY_NAMED_IAM`.
   *
   * A stack set whose permissions AWS manages has no instance in the management account of the organization.
   *
   * Throws a `ValidationError` for what the properties say, and for tokens: what they stand for in this app is not in the template of another one.
   *
   * @param props what the role is like; the Region of the stack is that of each instance of the stack set
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
   */
  public static stackSetTemplate(props: LicenseConversionRoleProps): string {
    const who = 'LicenseConversionRole.stackSetTemplate()';
    const { permissionsBoundary, ...texts } = givenProps(who, props, PROPS);
    if (Token.isUnresolved(permissionsBoundary?.managedPolicyArn)) {
      refuse(who, lit`StackSetTemplateToken`, 'permissionsBoundary has an ARN that is a token, which is known at the deployment only: it decides what is in a template of its '
        + 'own. Write the ARN out: ManagedPolicy.fromManagedPolicyArn(); that of a policy of AWS is \'arn:<partition>:iam::aws:policy/<name>\'.');
    }
    for (const [property, value] of Object.entries(texts)) {
      for (const each of [value, ...Array.isArray(value) ? value : []]) {
        checkKnown(who, lit`StackSetTemplateToken`, { property, value: each, decides: 'what is in a template of its own' });
      }
    }
    // A finding would be one of an app that nobody sees.
    for (const value of texts.regions ?? []) {
      checkPattern(who, lit`StackSetTemplateRegion`, {
        property: 'a Region of regions', value, pattern: REGION, expected: 'be the name of a Region', wayOut: 'Write it as \'aws ec2 describe-regions\' shows it.',
      });
    }
    return stackSetTemplate('License type conversion by the workflow of another account', stack => {
      new LicenseConversionRole(stack, 'Role', props);
    });
  }

  /**
   * Makes a role.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(scope: Construct, id: string, props: LicenseConversionRoleProps) {
    const who = pathBelow(scope, id);
    // Before aws-cdk-lib makes an error of its own of it, without a path.
    props = givenProps(who, props, PROPS);
    const { workflowAccountId, workflowRoleName, organizationId, roleName = LicenseConversionRole.ROLE_NAME, permissionsBoundary } = props;
    const stack = Stack.of(scope);
    checkPattern(who, lit`WorkflowAccountId`, {
      property: 'workflowAccountId', value: workflowAccountId, pattern: /^\d{12}$/, expected: 'have 12 digits', wayOut: 'Correct it.',
    });
    checkPattern(who, lit`WorkflowRoleName`, { property: 'workflowRoleName', value: workflowRoleName, ...ROLE_NAME });
    checkPattern(who, lit`ConversionRoleName`, { property: 'roleName', value: roleName, ...ROLE_NAME });
    checkPattern(who, lit`ConversionOrganizationId`, { property: 'organizationId', value: organizationId, ...ORGANIZATION_ID });
    checkSize(who, lit`ConversionRegions`, { property: 'regions', value: props.regions, minimum: 1, maximum: Infinity });
    // By conditions: IAM takes no principal that does not exist, and loses one that is made again.
    const conditions = {
      ...workflowRoleName !== undefined && {
        ArnEquals: {
          'aws:PrincipalArn': stack.formatArn({ service: 'iam', region: '', account: workflowAccountId, resource: 'role', resourceName: workflowRoleName }),
        },
      },
      ...organizationId !== undefined && { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
    };
    const workflow = new AccountPrincipal(workflowAccountId);
    super(scope, id, {
      roleName,
      description: 'Converts license types by AWS License Manager for a workflow of another account',
      assumedBy: Object.keys(conditions).length > 0 ? workflow.withConditions(conditions) : workflow,
      permissionsBoundary,
    });
    brand(this, 'LicenseConversionRole');
    this.letItConvert(props.regions ? regionsOf(this, 'regions', props.regions) : [stack.region]);
  }

  private letItConvert(regions: readonly string[]): void {
    allowConversions(this, regions.map(region => Stack.of(this).formatArn({
      service: 'ec2', region, resource: 'instance', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })));
    acknowledgeConversions(this);
    acknowledgeStandards(this, {
      IAMNoInlinePolicy: 'The policy is for this role and what the workflow does by it: nobody else is to have it, which a managed policy would make possible.',
    });
  }
}

const PROPS: Shape<LicenseConversionRoleProps> = {
  workflowAccountId: needed(TEXT),
  workflowRoleName: TEXT,
  organizationId: TEXT,
  roleName: TEXT,
  regions: listOf(TEXT),
  permissionsBoundary: reference('a managed policy', 'managedPolicyArn'),
};
