import { BOOLEAN, bySchema, listOf, mapOf, STRING, structure } from '../clients/schema';
import { LINUX_SUBSCRIPTIONS } from '../clients/service';

/*
 * The operations of Linux subscriptions.
 */

const SETTINGS = {
  LinuxSubscriptionsDiscovery: STRING,
  LinuxSubscriptionsDiscoverySettings: structure({ OrganizationIntegration: STRING, SourceRegions: listOf(STRING) }),
};
const STATE = { ...SETTINGS, HomeRegions: listOf(STRING), Status: STRING, StatusMessage: mapOf(STRING) };
const about = () => 'Linux subscriptions';

/** @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_GetServiceSettings.html */
export const getLinuxSettings = bySchema(LINUX_SUBSCRIPTIONS, 'license-manager-linux-subscriptions:GetServiceSettings', {
  http: 'POST /subscription/GetServiceSettings', input: {}, output: STATE, about,
});

/** @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_UpdateServiceSettings.html */
export const updateLinuxSettings = bySchema(LINUX_SUBSCRIPTIONS, 'license-manager-linux-subscriptions:UpdateServiceSettings', {
  http: 'POST /subscription/UpdateServiceSettings', input: { ...SETTINGS, AllowUpdate: BOOLEAN }, output: STATE, about,
});
