import { Annotations, Duration, Lazy, RemovalPolicy, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnGrant } from 'aws-cdk-lib/aws-licensemanager';
import type { IGrantRef } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { grantAcceptance, grantByName } from '../custom-resource/contract/types/grant-acceptance';
import { brand, isBranded } from '../private/identity/copies';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { accountOf, accountOfArn, knownToDiffer, resourceBehind } from '../private/identity/reference';
import { ANYTHING, construct, DURATION, FLAG, givenProps, needed } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkTimeout } from '../private/validation/timeout';
import { checkOneOf, lit, refuse } from '../private/validation/validation';

/**
 * What becomes of other grants of the same product when a grant is activated.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_Options.html
 */
export enum ActivationOverrideBehavior {
  /** They stay active. License Manager refuses the activation if the product may have one active grant only. */
  DISTRIBUTED_GRANTS_ONLY = 'DISTRIBUTED_GRANTS_ONLY',

  /** Active grants of the same product are deactivated, as far as who issued them permits. */
  ALL_GRANTS_PERMITTED_BY_ISSUER = 'ALL_GRANTS_PERMITTED_BY_ISSUER',
}

/**
 * Options of the acceptance of a grant.
 */
export interface GrantAcceptanceOptions {
  /**
   * Whether the grant is activated, so that the license can be used.
   *
   * `false` accepts it and leaves it inactive; a change from `true` to `false` deactivates it.
   *
   * @default true
   */
  readonly activate?: boolean;

  /**
   * What becomes of other grants of the same product when this one is activated: for licenses of AWS Marketplace, of which one grant of a product can be
   * active at a time.
   *
   * It has an effect when the grant is activated, and none on one that is active.
   *
   * @default - nothing is said to License Manager, which then refuses to activate a second grant of such a product
   */
  readonly activationOverrideBehavior?: ActivationOverrideBehavior;

  /**
   * Whether the license has been granted to the organization, or an organizational unit, that the account is in.
   *
   * The account has a grant of its own then, which is looked for among those that it has received. Linked organizations accept these by themselves, so that
   * it has to be activated only.
   *
   * @default - true for a grant of this app to an organization or an organizational unit, else false
   */
  readonly throughOrganization?: boolean;

  /**
   * For how long the deployment waits for the grant to arrive, and to be distributed: at most 1 hour, in whole seconds.
   *
   * Throws a `ValidationError` outside of 1 second to 1 hour.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * Whether the grant is rejected when this is taken out of the app.
   *
   * **A grant that was rejected can never be used again:** the license has to be granted anew. A deployment that is rolled back rejects nothing.
   *
   * @default false - the grant stays accepted, and is deactivated if this has activated it
   */
  readonly rejectOnDelete?: boolean;

  /**
   * What happens to the grant when this is taken out of the app. With `RemovalPolicy.RETAIN` it stays as it is, active or not.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - the grant stays accepted, and is deactivated if this has activated it
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Properties of the acceptance of a grant.
 */
export interface GrantAcceptanceProps extends GrantAcceptanceOptions {
  /**
   * The grant: one that is imported by its ARN (`Grant.fromGrantArn()`), or one that this app makes in another account.
   *
   * The ARN of one that this app makes is not known in another account before it is made. So it is looked for by its name, among the grants that the account of its
   * stack has made, and its stack is deployed first, if both are in one stage. Both accounts have to be known at synthesis then.
   */
  readonly grant: IGrantRef;
}

/**
 * Accepts a grant that the account has received, and activates it: only then can its license be used.
 *
 * The deployment waits for the grant to arrive and to be distributed. A grant that somebody has accepted, or activated, is left as it is; so are those that
 * an organization accepts by itself, and of which there is the activation left to do. One that was rejected, has failed or is being deleted fails the
 * deployment with the reason that License Manager tells.
 *
 * License Manager changes a grant in its home Region, wherever the stack is. Nothing is ever rejected, unless `rejectOnDelete` says so: when this is taken
 * out of the app, a grant that it has activated is deactivated, and every other one stays as it is.
 *
 * The account needs the service-linked role of License Manager (`ServiceLinkedRole`), and that of `LicenseManagerFeature.MARKETPLACE` for grants of AWS
 * Marketplace. The custom resource has a function, whose code is an asset: a stack that takes no assets refuses it with a `ValidationError`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Grant, GrantAcceptance, License } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Department');
 * const acceptance = new GrantAcceptance(stack, 'Acceptance', {
 *   grant: Grant.fromGrantArn(stack, 'Grant', 'arn:aws:license-manager::444455556666:grant:g-0123456789abcdef0123456789abcdef'),
 * });
 * const license = License.fromLicenseAttributes(stack, 'License', { licenseArn: acceptance.licenseArn, homeRegion: acceptance.homeRegion });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/grant-acceptance.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/granted-licenses.html
 */
@propertyInjectable
export class GrantAcceptance extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.GrantAcceptance';

  /**
   * Whether the given object is a `GrantAcceptance`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isGrantAcceptance(x: any): x is GrantAcceptance {
    return isBranded(x, 'GrantAcceptance');
  }

  /**
   * The ARN of the grant that was accepted. It names no Region.
   */
  public readonly grantArn: string;

  /**
   * The ARN of the license that was granted. It names no Region.
   */
  public readonly licenseArn: string;

  /**
   * The home Region of the license and the grant.
   */
  public readonly homeRegion: string;

  /**
   * Accepts a grant.
   *
   * Throws a `ValidationError` for an unknown behavior, a timeout out of its range, `RemovalPolicy.SNAPSHOT`, a grant that is to be accepted in the stack already,
   * and for a grant of this app whose account is known to be another one and whose name is not.
   */
  constructor(scope: Construct, id: string, props: GrantAcceptanceProps) {
    super(scope, id);
    brand(this, 'GrantAcceptance');
    props = givenProps(this, props, PROPS);
    const { grant, activate = true, activationOverrideBehavior, rejectOnDelete = false, removalPolicy, timeout } = props;
    checkNoSnapshot(this, removalPolicy, 'grant');
    checkOneOf(this, lit`ActivationOverrideBehaviorUnknown`, {
      property: 'activationOverrideBehavior', value: activationOverrideBehavior, allowed: Object.values(ActivationOverrideBehavior),
    });
    checkTimeout(this, timeout);

    const made = resourceBehind(grant, CfnGrant.isCfnGrant);
    const isElsewhere = made && knownToDiffer(accountOf(grant, ''), Stack.of(this).account);
    const throughOrganization = props.throughOrganization ?? (made && isToOrganization(made));
    const { resource } = new ManagedResource(this, 'Resource', {
      definition: grantAcceptance,
      properties: {
        Grant: isElsewhere ? this.byName(grant, made) : grant.grantRef.grantArn,
        ThroughOrganization: throughOrganization || undefined,
        Activate: activate,
        ActivationOverrideBehavior: activationOverrideBehavior,
        RejectOnDelete: rejectOnDelete || undefined,
        // Another license or principal makes another grant, of the same name.
        Revision: isElsewhere ? Lazy.string({ produce: () => made.stack.resolve(made.logicalId) }) : undefined,
      },
      removalPolicy,
      serviceTimeout: timeout,
    });
    needs(resource, Prerequisite.ROLE);
    // Else the ARN of the grant says so.
    if (isElsewhere && Stage.of(made) === Stage.of(this)) {
      this.node.addDependency(made);
    }
    this.grantArn = resource.getAtt('GrantArn').toString();
    this.licenseArn = resource.getAtt('LicenseArn').toString();
    this.homeRegion = resource.getAtt('HomeRegion').toString();

    this.checkReceiver(grant, made);
    if (rejectOnDelete) {
      Annotations.of(this).addInfoV2('cdk-license-manager:grantRejectedForEver',
        'rejectOnDelete is true: when this is taken out of the app, the grant is rejected, and can never be used again.');
    }
  }

  private byName(grant: IGrantRef, { grantName }: CfnGrant): string {
    const account = accountOf(grant, '');
    if (grantName === undefined || Token.isUnresolved(grantName)) {
      refuse(this, lit`GrantAcceptanceName`,
        `the ARN of grant '${grant.node.path}' is not known in another account, and its name is not known at synthesis: it cannot be looked for. Give it a `
        + 'grantName, or import it with Grant.fromGrantArn() when it is made.');
    }
    return grantByName(account, grantName);
  }

  private checkReceiver(grant: IGrantRef, made: CfnGrant | undefined): void {
    const { account } = Stack.of(this);
    // Of one that is imported, its ARN alone tells: it may be a token.
    const granter = made ? accountOf(grant, grant.grantRef.grantArn) : accountOfArn(grant.grantRef.grantArn);
    if (granter !== undefined && !Token.isUnresolved(account) && !Token.isUnresolved(granter) && account === granter) {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantAcceptedByGranter',
        `Grant '${grant.node.path}' is made by account '${granter}', and the stack is in the same one: a grant is accepted by the account that receives it. Accept `
        + 'it in a stack of that account.');
    }
    const [principal] = made?.principals ?? [];
    const receiver = /:iam::(\d{12}):root$/.exec(principal ?? '')?.[1];
    if (receiver !== undefined && knownToDiffer(receiver, account)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantAcceptedByAnotherAccount',
        `Grant '${grant.node.path}' is to account '${receiver}', and the stack is in '${account}', which does not receive it. Accept it in a stack of `
        + `'${receiver}'.`);
    }
  }
}

function isToOrganization({ principals }: CfnGrant): boolean {
  return principals?.some(principal => /:organizations:/.test(principal)) ?? false;
}

const PROPS: Shape<GrantAcceptanceProps> = {
  grant: needed(construct('a grant', 'grantRef', 'Use a Grant, or import one with Grant.fromGrantArn().')),
  activate: FLAG,
  activationOverrideBehavior: ANYTHING,
  throughOrganization: FLAG,
  timeout: DURATION,
  rejectOnDelete: FLAG,
  removalPolicy: ANYTHING,
};
