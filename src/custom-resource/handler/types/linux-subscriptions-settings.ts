import { Refusal } from '../../contract/refusal';
import { linuxSubscriptionsSettings as definition } from '../../contract/types/linux-subscriptions-settings';
import { singleton, type SingletonSpecification } from '../kinds/singleton';
import type { Subject } from '../managed-type';
import { enableAwsServiceAccess } from '../operations/aws';
import { getLinuxSettings, updateLinuxSettings } from '../operations/linux-subscriptions';
import { waitFor } from '../patience';

/**
 * The settings of Linux subscriptions.
 *
 * There is no part of them that could be written alone: what the template does not say is written as it is.
 */
const specification: SingletonSpecification<typeof definition> = {
  what: 'the settings of Linux subscriptions',
  settings: ['Discovery', 'OrganizationIntegration', 'SourceRegions'],
  off: { Discovery: 'Disabled', OrganizationIntegration: 'Disabled' },
  ofAccount: true,

  async read({ aws }) {
    const found = await aws.call(getLinuxSettings, {});
    const { OrganizationIntegration, SourceRegions } = found.LinuxSubscriptionsDiscoverySettings ?? {};
    return {
      Discovery: found.LinuxSubscriptionsDiscovery as Word | undefined,
      OrganizationIntegration: OrganizationIntegration as Word | undefined,
      SourceRegions,
      homeRegions: found.HomeRegions,
      status: found.Status,
      messages: found.StatusMessage,
    };
  },

  check(subject, present) {
    const { homeRegions = [] } = present as State;
    const { region } = subject.place;
    if (homeRegions.length > 0 && !homeRegions.includes(region) && !subject.declared?.AllowUpdate) {
      throw new Refusal(`Linux subscriptions are set up from ${homeRegions.join(', ')}, which shows what is found; a change from ${region} adds it to these.`
        + ' Deploy the stack there, or set allowUpdate to true');
    }
  },

  async write({ aws, declared, log }, { Discovery, OrganizationIntegration, SourceRegions }, present) {
    if (OrganizationIntegration === 'Enabled') {
      try {
        // Whether License Manager does that itself is not documented. It does no harm twice.
        await aws.call(enableAwsServiceAccess, { ServicePrincipal: 'license-manager-linux-subscriptions.amazonaws.com' });
      } catch (error) {
        // A delegated administrator may not. Without trust License Manager says itself what is missing.
        log.warn('Not trusted in the organization by this account, which takes its management account', { error: (error as Error).message });
      }
    }
    await aws.call(updateLinuxSettings, {
      LinuxSubscriptionsDiscovery: Discovery ?? present?.Discovery ?? 'Disabled',
      LinuxSubscriptionsDiscoverySettings: {
        OrganizationIntegration: OrganizationIntegration ?? present?.OrganizationIntegration ?? 'Disabled',
        SourceRegions: SourceRegions ?? present?.SourceRegions ?? declared?.SourceRegions,
      },
      AllowUpdate: declared?.AllowUpdate,
    });
  },

  hasFailed: values => (values as State).status === FAILED,

  settling(_subject, values) {
    const { status } = values as State;
    const said = textOf(values as State);
    if (status === FAILED) {
      throw new Refusal(`Linux subscriptions could not be set up${said && `: ${said}`}${whatToDo(said)}`);
    }
    return status === 'InProgress' || /Pending/i.test(said) ? `Linux subscriptions are being set up${said && ` (${said})`}` : undefined;
  },

  // A role that was made a moment ago is not known everywhere, which is told when the write is done.
  async confirm(subject, values, present) {
    let roleIsMissing = false;
    await waitFor(subject, async () => {
      if (roleIsMissing) {
        await specification.write(subject, values, present);
      }
      const state = await stateOf(subject);
      roleIsMissing = state.status === FAILED && /service-linked role/i.test(textOf(state));
      return roleIsMissing ? 'the service-linked role is not known yet' : state.status === 'InProgress' ? 'the settings are being changed' : undefined;
    });
  },

  attributes: values => ({ HomeRegions: ((values as State).homeRegions ?? []).join(',') }),
};

export const linuxSubscriptionsSettings = singleton(definition, specification);

async function stateOf(subject: Subject<typeof definition>): Promise<State> {
  return await specification.read(subject) as State;
}

const FAILED = 'Failed';

function textOf({ messages = {} }: State): string {
  return Object.entries(messages).map(([region, text]) => `${region}: ${text}`).join('; ');
}

type Word = 'Enabled' | 'Disabled';

interface State {
  readonly homeRegions?: readonly string[];
  readonly status?: string;
  readonly messages?: { readonly [region: string]: string };
}

/** @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-manage-discovery.html */
function whatToDo(said: string): string {
  const [, hint] = HINTS.find(([text]) => text.test(said)) ?? [];
  return hint === undefined ? '' : `. ${hint}`;
}

const HINTS: readonly [RegExp, string][] = [
  [/service-linked role/i, 'Make the role with ServiceLinkedRole and LicenseManagerFeature.LINUX_SUBSCRIPTIONS, and deploy again'],
  [/management account/i, 'Deploy the stack to the management account of the organization, or to its delegated administrator'],
  [/part of an organization/i, 'Leave organizationIntegration out, or deploy the stack to the management account of an organization'],
  [/access the organization/i, 'Check that the service-linked role is there, and that Linux subscriptions are trusted in AWS Organizations'],
  [/internal error/i, 'Deploy again'],
];
