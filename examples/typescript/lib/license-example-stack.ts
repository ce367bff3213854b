import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AccountRootPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AmiAssociationScope, LicenseConfiguration, LicenseCounting, LicensedResource, LicenseShare, LicenseTenancy, SharePrincipal,
} from 'cdk-license-manager';
import type { Construct } from 'constructs';

export interface LicenseExampleStackProps extends StackProps {
  /** How many cores were bought. */
  readonly licenseCount: number;
  /** The AMI that servers with this operating system are launched from. */
  readonly imageId: string;
  /** The organization whose accounts may use the license. */
  readonly organizationArn: string;
}

/**
 * The license of a server operating system, from the vendor's terms to the people who answer for it:
 * the example "Implementing an operating system license" of the License Manager User Guide.
 */
export class LicenseExampleStack extends Stack {
  constructor(scope: Construct, id: string, props: LicenseExampleStackProps) {
    super(scope, id, props);

    // The vendor counts physical cores, wants eight of them at least for a server, and no virtualization below the system.
    // That a server has no more than 16, and that a launch over the number bought is refused, is the customer's own decision.
    const license = new LicenseConfiguration(this, 'ServerOperatingSystem', {
      description: 'Server operating system, licensed by physical core',
      licenseCounting: LicenseCounting.cores({
        minimumCores: 8,
        maximumCores: 16,
        allowedTenancy: [LicenseTenancy.DEDICATED_HOST],
      }),
      licenseCount: props.licenseCount,
      licenseCountHardLimit: true,
    });

    // Whatever is launched from the image is counted, also in the accounts that the image is shared with.
    license.addAssociation('GoldenImage', {
      resource: LicensedResource.fromMachineImageId(props.imageId),
      amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
    });

    // The other accounts of the organization see the license and launch under its rules.
    new LicenseShare(this, 'Share', {
      licenseConfigurations: [license],
      principals: [SharePrincipal.fromOrganizationArn(props.organizationArn)],
    });

    // There is time to buy more before a launch is refused.
    license.addUsageAlarm('NearlyUsedUp', {
      thresholdPercent: 90,
      actions: [new SnsAction(this.alertTopic())],
    });

    // Whoever may take this role in the account can answer an auditor's questions, and change nothing.
    const auditor = new Role(this, 'Auditor', { assumedBy: new AccountRootPrincipal() });
    license.grants.read(auditor);

    new CfnOutput(this, 'LicenseConfigurationArn', { value: license.licenseConfigurationArn });
  }

  /**
   * A topic that CloudWatch may publish to.
   *
   * It has a key of its own, because the policy of the key that AWS manages for Amazon SNS does not let CloudWatch in.
   */
  private alertTopic(): Topic {
    const topic = new Topic(this, 'Alerts', {
      enforceSSL: true,
      masterKey: new Key(this, 'AlertsKey', {
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.DESTROY, // a topic keeps nothing that would have to be decrypted after its end
      }),
    });
    // Also grants the use of the key.
    topic.grants.publish(new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
    }));
    return topic;
  }
}
