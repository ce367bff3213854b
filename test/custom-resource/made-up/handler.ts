import { madeUp as definition } from './definition';
import { Refusal } from '../../../src/custom-resource/contract/refusal';
import { BOOLEAN, bySchema, listOf, mapOf, STRING, structure } from '../../../src/custom-resource/handler/clients/schema';
import { LINUX_SUBSCRIPTIONS } from '../../../src/custom-resource/handler/clients/service';
import { isKept, keep } from '../../../src/custom-resource/handler/kinds/secret';
import { singleton } from '../../../src/custom-resource/handler/kinds/singleton';

const SETTINGS = {
  LinuxSubscriptionsDiscovery: STRING,
  LinuxSubscriptionsDiscoverySettings: structure({ OrganizationIntegration: STRING, SourceRegions: listOf(STRING) }),
};
const STATE = { ...SETTINGS, HomeRegions: listOf(STRING), Status: STRING, StatusMessage: mapOf(STRING) };
const about = () => 'the settings';

const getServiceSettings = bySchema(LINUX_SUBSCRIPTIONS, 'license-manager-linux-subscriptions:GetServiceSettings', {
  http: 'POST /subscription/GetServiceSettings', input: {}, output: STATE, about,
});
const updateServiceSettings = bySchema(LINUX_SUBSCRIPTIONS, 'license-manager-linux-subscriptions:UpdateServiceSettings', {
  http: 'POST /subscription/UpdateServiceSettings', input: { ...SETTINGS, AllowUpdate: BOOLEAN }, output: STATE, about,
});

export const madeUp = singleton(definition, {
  what: 'these settings',
  settings: ['LinuxSubscriptionsDiscovery', 'SourceRegions', 'Token'],
  off: { LinuxSubscriptionsDiscovery: 'Disabled' },

  async read({ aws, token, declared }) {
    const found = await aws.call(getServiceSettings, {});
    const kept = declared?.SecretArn !== undefined && await isKept({ aws, token }, declared.SecretArn);
    return {
      LinuxSubscriptionsDiscovery: found.LinuxSubscriptionsDiscovery as 'Enabled' | 'Disabled' | undefined,
      SourceRegions: found.LinuxSubscriptionsDiscoverySettings?.SourceRegions,
      Token: kept ? declared.Token : undefined,
      status: found.Status,
      problem: Object.values(found.StatusMessage ?? {}).join(' '),
    };
  },

  async write({ aws, token, declared }, { Token, ...settings }) {
    if (Token) {
      await keep({ aws, token }, declared!.SecretArn!, Token);
    }
    if (Object.keys(settings).length > 0) {
      await aws.call(updateServiceSettings, {
        LinuxSubscriptionsDiscovery: settings.LinuxSubscriptionsDiscovery ?? declared!.LinuxSubscriptionsDiscovery,
        LinuxSubscriptionsDiscoverySettings: {
          OrganizationIntegration: 'Disabled', SourceRegions: settings.SourceRegions ?? declared?.SourceRegions ?? ['us-east-1'],
        },
        AllowUpdate: true,
      });
    }
  },

  settling(_subject, values) {
    const { status, problem } = values as { readonly status?: string; readonly problem?: string };
    if (status === 'Failed') {
      throw new Refusal(`the settings could not be changed: ${problem}`);
    }
    return status === 'InProgress' ? 'the settings are being changed' : undefined;
  },

  attributes: ({ LinuxSubscriptionsDiscovery = '' }) => ({ LinuxSubscriptionsDiscovery }),
});
