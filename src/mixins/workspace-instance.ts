import { Mixin } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnWorkspaceInstance } from 'aws-cdk-lib/aws-workspacesinstances';
import type { IConstruct } from 'constructs';
import { changed, checkAtSynthesis, checkedLicenses, mergeSpecifications } from './private/attachment';
import { Reach } from './private/reach';
import { checkLicenseRegions, warnOfDeactivated, warnOfForeign } from '../private/license/licenses';
import { lit, refuse } from '../private/validation/validation';

/**
 * Has WorkSpaces instances (`AWS::WorkspacesInstances::WorkspaceInstance`) launched with self-managed licenses: License Manager counts them, and
 * refuses the launch if that breaks a rule or a hard limit.
 *
 * The licenses come after those that the instance has already, in one order, in whatever order mixins bring them; one that it has already is there
 * once. CloudFormation cannot change the licenses of a WorkSpaces instance: adding or removing one **replaces it**, and so does a change that
 * replaces the license (its counting or its rules), unless the license has `protectFromReplacement`.
 *
 * A license of another account has to be shared with the account that launches (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/workspaces-instances/latest/api/API_CreateWorkspaceInstance.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-workspacesinstances-workspaceinstance-managedinstance.html
 */
export class WorkspaceInstanceLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];
  private readonly reach = new Reach(CfnWorkspaceInstance.CFN_RESOURCE_TYPE_NAME);

  /**
   * Attaches self-managed licenses to WorkSpaces instances.
   *
   * A mixin without licenses attaches none, and causes a warning.
   *
   * @param licenses of the instance's Region; more than 10, License Manager's default quota for a resource, is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = checkedLicenses('WorkspaceInstanceLicenses', licenses);
  }

  /**
   * Whether the mixin attaches licenses to the construct, an `AWS::WorkspacesInstances::WorkspaceInstance`, or has to say that it can't: something
   * else that can have licenses or launches instances, or an imported one.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Attaches the licenses to a WorkSpaces instance, and warns at synthesis (`cdk-license-manager:licenseNotAttached`) of an imported one that stays
   * without them. If there is none at all in what the mixin is applied to, it warns of everything else there that launches instances or can have
   * licenses, and has not got them in the end.
   *
   * Throws a `ValidationError` for a license known to be of another Region, and without a `managedInstance`. At synthesis, an instance is refused
   * whose tenancy is not one that the license allows. Licenses that an override has overwritten cause a warning, and so does an instance type with
   * fewer vCPUs than a license's `minimumVcpus`, as far as its name tells. A license of another account, or for databases of Amazon RDS, causes one,
   * too.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnWorkspaceInstance.isCfnWorkspaceInstance(construct)) {
      this.reach.leaveWithoutLicenses(construct, this.licenses);
      return;
    }
    this.reach.change(construct);
    checkLicenseRegions(construct, this.licenses);
    warnOfDeactivated(construct, this.licenses);
    warnOfForeign(construct, this.licenses);
    construct.managedInstance = changed<CfnWorkspaceInstance.ManagedInstanceProperty | undefined>(construct.managedInstance, known => ({
      ...known ?? refuse(construct, lit`WorkspaceInstanceWithoutInstance`,
        'it has no managedInstance, which licenses are a part of. Set it, then apply the mixin.'),
      licenseSpecifications: mergeSpecifications(known?.licenseSpecifications, this.licenses),
    }));
    checkAtSynthesis(construct, this.licenses);
  }
}
