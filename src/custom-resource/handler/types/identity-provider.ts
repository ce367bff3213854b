import { IDENTITY_PROVIDER, isArn } from '../../contract/arn';
import type { PropertiesOf } from '../../contract/definition';
import { Refusal } from '../../contract/refusal';
import { isOfStack, STACK_ID } from '../../contract/tags';
import { identityProvider as definition } from '../../contract/types/identity-provider';
import { MISSING_ROLE, OperationFailed, withoutStop } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import {
  deregisterIdentityProvider, directoryName, directoryOf, type IdentityProvider, type IdentityProviderSummary, listIdentityProviders, listInstances,
  listLicenseServerEndpoints, listProductSubscriptions, listUserSubscriptionTags, registerIdentityProvider, tagUserSubscription,
  untagUserSubscription, updateIdentityProviderSettings,
} from '../operations/user-subscriptions';
import { checkTags, mapOf } from '../own-tags';
import { waitFor } from '../patience';
import { hasFailed, Phase, phaseOf } from '../phase';

type Registration = Subject<typeof definition>;
type Declared = PropertiesOf<typeof definition>;

interface State {
  readonly provider: IdentityProviderSummary;
  readonly tags: { readonly [key: string]: string };
  /** At a delete: what needs it. */
  readonly left?: readonly Left[];
  /** Whether an update without activation endpoints takes back one that has made them. */
  readonly keepsEndpoints?: boolean;
}

/** What needs a directory that is to be deregistered. */
interface Left {
  readonly name: string;
  readonly isEnding: boolean;
  /** Whether License Manager takes a while to see that it is gone. */
  readonly isInstance?: boolean;
}

type Change =
  | { readonly register: true; readonly failed?: string }
  | { readonly update: Update }
  | { readonly deregister: string };

interface Update {
  readonly arn: string;
  readonly settings?: { readonly AddSubnets: string[]; readonly RemoveSubnets: string[]; readonly SecurityGroupId?: string };
  readonly tags: { readonly [key: string]: string };
  readonly formerTags: readonly string[];
}

/** How long License Manager may take to see that an instance has been terminated, in milliseconds. */
const PATIENCE = 300_000;

/** How many are named of what is left. */
const MOST_NAMES = 50;

/**
 * A directory that is registered for a product. There is one registration of the two in an account and a Region.
 *
 * The service chooses its id. Who has registered it, its tag says: what this stack has not registered, it does not deregister.
 */
export const identityProvider: ManagedType<typeof definition, State, Change> = {
  definition,

  check: ({ Tags }) => checkTags(Tags),

  identify: (_declared, state) => state?.provider.IdentityProviderArn,

  recognizes: physicalId => isArn(IDENTITY_PROVIDER, physicalId),

  async read(subject) {
    const { declared, former, physicalId, place } = subject;
    const provider = await find(subject, declared ? isOf(declared) : ({ IdentityProviderArn }) => IdentityProviderArn === physicalId);
    if (!provider) {
      return undefined;
    }
    const tags = await tagsOn(subject, provider);
    return {
      provider,
      tags,
      left: declared || !isOfStack(tags[STACK_ID], place.stackId) ? undefined : await whatIsLeft(subject, provider),
      keepsEndpoints: declared && !declared.Settings && former?.Settings !== undefined && await subject.rollsBack(),
    };
  },

  compare(subject, state) {
    const { declared, former, place, started, requestType, log } = subject;
    if (!state) {
      return declared && { register: true };
    }
    const { provider, tags, left = [] } = state;
    const arn = provider.IdentityProviderArn!;
    const owner = tags[STACK_ID];
    const isOurs = isOfStack(owner, place.stackId);
    if (!declared) {
      if (!isOurs) {
        log.info('Not registered by this stack, so that it stays', { identityProviderArn: arn });
        return undefined;
      }
      if (phaseOf(provider.Status, started) === Phase.ENDED) {
        return undefined;
      }
      if (left.length > 0) {
        throw new Refusal(`${directoryName(provider.IdentityProvider)} cannot be deregistered for ${provider.Product} while something needs it: `
          + `${left.slice(0, MOST_NAMES).map(({ name }) => name).join(', ')}${left.length > MOST_NAMES ? ` and ${left.length - MOST_NAMES} more` : ''}. `
          + 'Disassociate and unsubscribe the users, terminate the instances and delete the license server endpoint, then delete it again');
      }
      return { deregister: arn };
    }
    if (requestType === 'Create' && owner !== undefined && !isOurs) {
      throw new Refusal(`${declared.Directory} is registered for ${declared.Product} by stack ${owner} already, and would be deregistered with it. Leave it to that`
        + ' stack and import it here (IdentityProvider.fromIdentityProviderAttributes), or take it out there first');
    }
    const phase = phaseOf(provider.Status, started);
    if (phase === Phase.FAILED) {
      if (!isOurs) {
        throw new Refusal(`${declared.Directory} could not be registered for ${declared.Product} before: ${whyFailed(provider)}. Deregister it `
          + `(aws license-manager-user-subscriptions deregister-identity-provider --identity-provider-arn ${arn}), then deploy again`);
      }
      return { register: true, failed: arn };
    }
    if (phase === Phase.ENDED) {
      return { register: true };
    }
    refuseOtherDomain(declared, former, provider);
    const settings = settingsToChange(declared, state.keepsEndpoints ? undefined : former, provider);
    const wanted = mapOf(declared.Tags);
    const formerTags = Object.keys(mapOf(former?.Tags)).filter(key => !(key in wanted) && key in tags);
    const newTags = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => tags[key] !== value));
    const retag = isOurs && (formerTags.length > 0 || Object.keys(newTags).length > 0);
    return settings || retag
      ? { update: { arn, settings, tags: retag ? newTags : {}, formerTags: retag ? formerTags : [] } }
      : undefined;
  },

  async write(subject, change) {
    const { aws, declared, place } = subject;
    if ('deregister' in change) {
      await deregister(subject, change.deregister);
      return undefined;
    }
    if ('update' in change) {
      const { arn, settings, tags, formerTags } = change.update;
      if (settings) {
        await updateSettings(subject, arn, settings);
      }
      if (Object.keys(tags).length > 0) {
        // With the stack's own, by which it is known that it may.
        await aws.call(tagUserSubscription, { ResourceArn: arn, Tags: { ...tags, [STACK_ID]: place.stackId } });
      }
      if (formerTags.length > 0) {
        await aws.call(untagUserSubscription, { ResourceArn: arn, TagKeys: [...formerTags] });
      }
      return arn;
    }
    const { failed } = change;
    if (failed !== undefined) {
      await deregister(subject, failed);
      await waitFor(subject, async () =>
        await find(subject, one => one.IdentityProviderArn === failed && phaseOf(one.Status, subject.started) !== Phase.ENDED) && 'The failed registration is being removed');
    }
    return register(subject, declared!);
  },

  settling({ declared, started }, state, changed) {
    if (!state) {
      return declared && changed ? 'The directory is not listed as registered yet' : undefined;
    }
    const { provider, left = [] } = state;
    const { Status, Product, IdentityProvider: directory } = provider;
    const phase = phaseOf(Status, started);
    const said = `The registration of ${directoryName(directory)} for ${Product} is ${Status}`;
    if (phase === Phase.UNDER_WAY) {
      return said;
    }
    if (!declared && !changed) {
      // Instances that have just been terminated are still listed; who is there besides them is not waited for.
      const isPatient = Date.now() - started.getTime() < PATIENCE && left.every(({ isEnding, isInstance }) => isEnding || isInstance);
      const ending = left.filter(({ isEnding }) => isEnding || isPatient);
      return ending.length > 0 ? `Before it is deregistered, these have to end: ${ending.slice(0, MOST_NAMES).map(({ name }) => name).join(', ')}` : undefined;
    }
    if (!changed) {
      return undefined;
    }
    if (hasFailed(Status) || (declared && phase === Phase.ENDED)) {
      const what = !declared ? 'deregistered' : phase === Phase.THERE ? 'changed' : 'registered';
      throw new Refusal(`${directoryName(directory)} could not be ${what} for ${Product}: ${whyFailed(provider)}`);
    }
    return declared || phase === Phase.ENDED ? undefined : said;
  },

  async findUnanswered(subject) {
    const { former, place } = subject;
    const provider = former && await find(subject, isOf(former));
    return provider && isOfStack((await tagsOn(subject, provider))[STACK_ID], place.stackId) ? [provider.IdentityProviderArn!] : [];
  },

  attributes: (physicalId, _subject, state) => ({
    IdentityProviderArn: physicalId, DirectoryId: state?.provider.IdentityProvider?.ActiveDirectoryIdentityProvider?.DirectoryId ?? '',
  }),
};

/** Registers a directory, or finds that another call has done so, whose answer was lost. */
async function register(subject: Registration, declared: Declared): Promise<string> {
  const { aws, place } = subject;
  let conflict: OperationFailed | undefined;
  try {
    const { IdentityProviderSummary: made } = await aws.call(registerIdentityProvider, {
      IdentityProvider: asSent(declared),
      Product: declared.Product,
      Settings: declared.Settings,
      Tags: { ...mapOf(declared.Tags), [STACK_ID]: place.stackId },
    });
    if (made?.IdentityProviderArn !== undefined) {
      return made.IdentityProviderArn;
    }
  } catch (error) {
    if (!(error instanceof OperationFailed && error.code === 'ConflictException')) {
      throw error;
    }
    conflict = error;
  }
  const found = await find(subject, isOf(declared));
  if (found?.IdentityProviderArn === undefined) {
    throw conflict ?? new Refusal(`License Manager has registered ${declared.Directory} for ${declared.Product} without telling the ARN, and does not list it. Deploy again`);
  }
  return found.IdentityProviderArn;
}

/** How often endpoints are changed of which nobody knows whether the service has heard. */
const ATTEMPTS = 3;

/** Changes the endpoints, or finds that a call has done so whose answer was lost: the same again would be refused, as subnets are there that it adds. */
async function updateSettings(subject: Registration, arn: string, UpdateSettings: NonNullable<Update['settings']>): Promise<void> {
  const { aws, declared, started } = subject;
  for (let attempt = 1; ; attempt++) {
    try {
      await aws.call(updateIdentityProviderSettings, { IdentityProviderArn: arn, UpdateSettings });
      return;
    } catch (error) {
      if (!(error instanceof OperationFailed && error.uncertain) || attempt === ATTEMPTS) {
        throw error;
      }
      const provider = await find(subject, ({ IdentityProviderArn }) => IdentityProviderArn === arn);
      if (provider && (phaseOf(provider.Status, started) === Phase.UNDER_WAY || !settingsToChange(declared!, undefined, provider))) {
        return;
      }
    }
  }
}

/** Deregisters a directory, or finds that it is not registered any more. */
async function deregister({ aws }: Registration, IdentityProviderArn: string): Promise<void> {
  try {
    await aws.call(deregisterIdentityProvider, { IdentityProviderArn });
  } catch (error) {
    if (!(error instanceof OperationFailed && error.code === 'ResourceNotFoundException')) {
      throw error;
    }
  }
}

function asSent({ Directory, Type, Shared, Domain }: Declared): IdentityProvider {
  if (Type === 'AWS_MANAGED') {
    return {
      ActiveDirectoryIdentityProvider: { DirectoryId: Directory, ActiveDirectoryType: Type, ...Shared && { IsSharedActiveDirectory: true } },
    };
  }
  return {
    ActiveDirectoryIdentityProvider: {
      ActiveDirectoryType: Type,
      ActiveDirectorySettings: {
        DomainName: Directory,
        DomainIpv4List: Domain?.Ipv4Addresses,
        DomainIpv6List: Domain?.Ipv6Addresses,
        DomainCredentialsProvider: { SecretsManagerCredentialsProvider: { SecretId: Domain?.CredentialsArn } },
        DomainNetworkSettings: { Subnets: Domain?.Subnets },
      },
    },
  };
}

/** Whether a registration is the declared one. */
function isOf({ Directory, Product, Type }: Declared): (provider: IdentityProviderSummary) => boolean {
  return ({ IdentityProvider: found, Product: product }) => {
    const { DirectoryId, ActiveDirectorySettings } = found?.ActiveDirectoryIdentityProvider ?? {};
    const name = Type === 'AWS_MANAGED' ? DirectoryId : ActiveDirectorySettings?.DomainName;
    return product === Product && name?.toLowerCase() === Directory.toLowerCase();
  };
}

/** One that has been deregistered may be listed beside one that is there. */
async function find(
  { aws, started }: Registration, isIt: (provider: IdentityProviderSummary) => boolean,
): Promise<IdentityProviderSummary | undefined> {
  let found: IdentityProviderSummary | undefined;
  for await (const provider of aws.list(listIdentityProviders, {})) {
    if (isIt(provider)) {
      found = provider;
      if (phaseOf(provider.Status, started) !== Phase.ENDED) {
        return provider;
      }
    }
  }
  return found;
}

/** Its tags, which say whose it is. One that is gone by now has none; one that is listed, and not found, is not taken for somebody else's. */
async function tagsOn(subject: Registration, { IdentityProviderArn }: IdentityProviderSummary): Promise<State['tags']> {
  const { aws, started } = subject;
  try {
    return (await aws.call(listUserSubscriptionTags, { ResourceArn: IdentityProviderArn! })).Tags ?? {};
  } catch (error) {
    if (error instanceof OperationFailed && error.code === 'ResourceNotFoundException') {
      const now = await find(subject, one => one.IdentityProviderArn === IdentityProviderArn);
      if (!now || phaseOf(now.Status, started) === Phase.ENDED) {
        return {};
      }
    }
    throw error;
  }
}

/** Users, instances and license server endpoints, which have to go before a directory is deregistered. */
async function whatIsLeft(
  { aws, started }: Registration, { IdentityProviderArn, IdentityProvider: provider, Product }: IdentityProviderSummary,
): Promise<Left[]> {
  const directoryId = directoryName(provider);
  const left: Left[] = [];
  const add = (name: string, status: string | undefined, isInstance = false) => {
    const phase = phaseOf(status, started);
    if (phase === Phase.THERE || phase === Phase.UNDER_WAY) {
      left.push({ name: `${name} (${status})`, isEnding: phase === Phase.UNDER_WAY, isInstance });
    }
  };
  for await (const { Username, Domain, Status } of aws.list(listProductSubscriptions, {
    IdentityProvider: directoryOf(directoryId), Product,
  })) {
    add(`user ${Username}${Domain === undefined ? '' : `@${Domain}`}`, Status);
  }
  for await (const { InstanceId, Status, IdentityProvider: directory, Products } of aws.list(listInstances, {})) {
    if (directoryName(directory) === directoryId && Products?.includes(Product!)) {
      add(`instance ${InstanceId}`, Status, true);
    }
  }
  for await (const endpoint of aws.list(listLicenseServerEndpoints, {})) {
    if (endpoint.IdentityProviderArn === IdentityProviderArn) {
      add(`license server endpoint ${endpoint.LicenseServerEndpointArn}`, endpoint.LicenseServerEndpointProvisioningStatus);
    }
  }
  return left;
}

/**
 * How a self-managed directory is reached, cannot be changed; and what was registered by somebody else has to be what is declared.
 */
function refuseOtherDomain(
  { Directory, Product, Type, Domain }: Declared, former: Declared | undefined, { IdentityProvider: found }: IdentityProviderSummary,
): void {
  if (Type === 'AWS_MANAGED' || Domain === undefined) {
    return;
  }
  const { ActiveDirectorySettings: told = {} } = found?.ActiveDirectoryIdentityProvider ?? {};
  // What the service does not tell of it, is what was declared before.
  const known = {
    Ipv4Addresses: told.DomainIpv4List ?? former?.Domain?.Ipv4Addresses,
    Ipv6Addresses: told.DomainIpv6List ?? former?.Domain?.Ipv6Addresses,
    CredentialsArn: told.DomainCredentialsProvider?.SecretsManagerCredentialsProvider?.SecretId ?? former?.Domain?.CredentialsArn,
    Subnets: told.DomainNetworkSettings?.Subnets ?? former?.Domain?.Subnets,
  };
  const sorted = (value: string | readonly string[] | undefined) => JSON.stringify([...value === undefined ? [] : [value].flat()].sort());
  const other = (Object.keys(NAMES) as (keyof typeof NAMES)[])
    .filter(name => known[name] !== undefined && sorted(known[name]) !== sorted(Domain[name]));
  if (other.length > 0) {
    throw new Refusal(`${Directory} is registered for ${Product} with other ${other.map(name => NAMES[name]).join(' and ')}, which License Manager `
      + 'cannot change. It takes two deployments: one without the IdentityProvider, which deregisters the directory when its users, instances and license server endpoints are gone, '
      + 'and one with it');
  }
}

/** How a user has written it. */
const NAMES = { Ipv4Addresses: 'ipv4Addresses', Ipv6Addresses: 'ipv6Addresses', CredentialsArn: 'credentials', Subnets: 'subnets' } as const;

/** What is different about the endpoints to the activation servers. */
function settingsToChange(
  { Directory, Product, Settings: wanted }: Declared, former: Declared | undefined, { Settings: found }: IdentityProviderSummary,
): Update['settings'] {
  const subnets = new Set(found?.Subnets);
  if (wanted === undefined) {
    if (former?.Settings !== undefined && subnets.size > 0) {
      throw new Refusal(`the activation endpoints of ${Directory} for ${Product} cannot be taken away: License Manager keeps them until the `
        + 'directory is deregistered. Declare activationEndpoints again, or take the IdentityProvider out');
    }
    return undefined;
  }
  const settings = {
    AddSubnets: [...new Set(wanted.Subnets)].filter(subnet => !subnets.has(subnet)),
    RemoveSubnets: [...subnets].filter(subnet => !wanted.Subnets.includes(subnet)),
    SecurityGroupId: found?.SecurityGroupId === wanted.SecurityGroupId ? undefined : wanted.SecurityGroupId,
  };
  const isSame = settings.AddSubnets.length === 0 && settings.RemoveSubnets.length === 0 && settings.SecurityGroupId === undefined;
  return isSame ? undefined : settings;
}

function whyFailed({ Status, FailureMessage }: IdentityProviderSummary): string {
  const why = `${Status}${FailureMessage ? `: ${withoutStop(FailureMessage)}` : ''}`;
  return MISSING_ROLE.test(FailureMessage ?? '')
    ? `${why}. Declare ServiceLinkedRole with LicenseManagerFeature.USER_SUBSCRIPTIONS in the stack, or run "aws iam create-service-linked-role --aws-service-name`
    + ' license-manager-user-subscriptions.amazonaws.com", then deploy again'
    : why;
}
