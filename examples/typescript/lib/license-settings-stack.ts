import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  DelegatedAdministrator, LicenseManagerBucket, LicenseManagerFeature, LicenseManagerTopic, LinuxSubscription, LinuxSubscriptionsSettings,
  OrganizationSharing, ServiceLinkedRole, ServiceSettings,
} from 'cdk-license-manager';
import type { Construct } from 'constructs';

export interface LicenseSettingsStackProps extends StackProps {
  /** The member account that administers License Manager for the organization. */
  readonly administratorAccountId: string;
}

/**
 * What has to be there before anything of License Manager works, in the management account of an organization: roles, settings, sharing, and who
 * administers it.
 */
export class LicenseSettingsStack extends Stack {
  constructor(scope: Construct, id: string, props: LicenseSettingsStackProps) {
    super(scope, id, props);

    new ServiceLinkedRole(this, 'Role');
    new ServiceSettings(this, 'Settings', {
      reportBucket: new LicenseManagerBucket(this, 'Reports'),
      topic: new LicenseManagerTopic(this, 'Notices'),
      organizationIntegration: true,
      discoveryRegions: [this.region],
    });

    new ServiceLinkedRole(this, 'LinuxRole', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
    const linux = new LinuxSubscriptionsSettings(this, 'Linux', { sourceRegions: [this.region], organizationIntegration: true });
    // Tells the topic of the settings.
    linux.addAlarm('ManyInstances', { subscription: LinuxSubscription.RHEL, threshold: 100 });

    // Takes up to six hours to work.
    new OrganizationSharing(this, 'Sharing');
    new DelegatedAdministrator(this, 'Administrator', { accountId: props.administratorAccountId });
  }
}
