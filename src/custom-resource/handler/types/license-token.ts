import { createHash } from 'node:crypto';
import type { TokenData } from '@aws-sdk/client-license-manager';
import { Refusal } from '../../contract/refusal';
import { Secret } from '../../contract/secret';
import { licenseToken as definition } from '../../contract/types/license-token';
import { OperationFailed } from '../errors';
import { sameMembers } from '../kinds/owned';
import { keepIssued } from '../kinds/secret';
import type { ManagedType, Subject } from '../managed-type';
import { describeSecret, updateSecretVersionStage } from '../operations/aws';
import { createToken, deleteToken, listTokens } from '../operations/license-manager';

type TokenSubject = Subject<typeof definition>;
type Declared = NonNullable<TokenSubject['declared']>;

/** The token that has to be the current one again, and the one that the secret has instead. */
interface Restored {
  readonly from?: string;
  readonly to: string;
  /** Whether CloudFormation knows nothing of the one that the secret has, so that nobody else takes it back. */
  readonly revoke?: boolean;
}

interface State {
  readonly token: TokenData;
  readonly restored?: Restored;
}

type Change = { readonly create: true } | { readonly restore: Restored } | { readonly delete: string };

const PREFIX = 'license-token|';
const ATTEMPTS = 3;
const DAY = 86_400_000;
/** How long before somebody can be told of anything, in milliseconds. */
const SOON = 3_600_000;

/**
 * A refresh token. Its text is kept in the secret and in nothing else; which token a version of the secret has, the id of the version says.
 *
 * So a token is found whose answer got lost, and that of a deployment that is rolled back is made the current one again, without anybody reading the secret.
 *
 * The physical id has the id of the token, and a digest of what it was made for: License Manager does not tell that, and what was declared before is, in a
 * roll-back, what has failed, so that it does not tell which of the two the token is.
 */
export const licenseToken: ManagedType<typeof definition, State, Change> = {
  definition,

  check({ ExpirationInDays }) {
    if (ExpirationInDays !== undefined && ExpirationInDays < 1) {
      throw new Refusal(`ExpirationInDays is ${ExpirationInDays}. Expected: at least 1`);
    }
  },

  identify: (declared, state, { region }) => state && idOf(state.token.TokenId!, declared, region),

  recognizes: physicalId => tokenIdOf(physicalId) !== undefined,

  async read(subject) {
    const { declared, physicalId = '', place, rollsBack } = subject;
    const known = tokenIdOf(physicalId);
    if (!declared) {
      const token = await available(subject, known);
      return token && { token };
    }
    const { current, previous } = await kept(subject, declared.SecretArn);
    const find = async (tokenId: string | undefined) => {
      const token = await available(subject, tokenId);
      return token && matches(token, declared) ? token : undefined;
    };
    if (known !== undefined && physicalId === idOf(known, declared, place.region)) {
      const token = await find(known);
      if (token && (current === known || !isVersion(known))) {
        return { token };
      }
      // Another one has got into the secret, by an update that has failed.
      return token && previous === known ? { token, restored: { from: current, to: known, revoke: true } } : undefined;
    }
    if (current !== known) {
      // Made by this request when it came before.
      const token = await find(current);
      return token && { token };
    }
    const token = await find(previous);
    return token && await rollsBack() ? { token, restored: { from: current, to: previous! } } : undefined;
  },

  compare({ declared }, state) {
    if (!declared) {
      return state && { delete: state.token.TokenId! };
    }
    return !state ? { create: true } : state.restored && { restore: state.restored };
  },

  async write(subject, change) {
    if ('delete' in change) {
      await giveWay(subject, change.delete);
      await revoke(subject, change.delete);
      return undefined;
    }
    const declared = subject.declared!;
    const { SecretArn } = declared;
    if ('restore' in change) {
      await restore(subject, SecretArn, change.restore);
      return undefined;
    }
    const { id, value } = await issue(subject, declared);
    await keepIssued({ aws: subject.aws, token: versionOf(id, subject.token) }, SecretArn, { id: `the token ${id}`, value }, () => revoke(subject, id));
    return idOf(id, declared, subject.place.region);
  },

  async readBack(subject, physicalId) {
    const token = await available(subject, tokenIdOf(physicalId));
    return token && { token };
  },

  async findUnanswered(subject) {
    const { former, place } = subject;
    const token = former && await available(subject, (await kept(subject, former.SecretArn)).current);
    return token ? [idOf(token.TokenId!, former, place.region)] : [];
  },

  attributes(physicalId, { declared }, state) {
    const { ExpirationTime = '' } = state?.token ?? {};
    const noticed = Math.max(Date.parse(ExpirationTime) - (declared?.NoticeInDays ?? 0) * DAY, Date.now() + SOON);
    return {
      TokenId: tokenIdOf(physicalId)!,
      ExpirationTime,
      // A time that cannot be read is told of at once.
      NoticeTime: new Date(noticed || Date.now() + SOON).toISOString().slice(0, 19),
    };
  },
};

/**
 * The token that was replaced is the current one again if the one that has replaced it is taken back: a deployment is rolled back, and CloudFormation need
 * not say so to the former one.
 */
async function giveWay(subject: TokenSubject, tokenId: string): Promise<void> {
  const SecretId = subject.former?.SecretArn;
  if (SecretId === undefined) {
    return;
  }
  try {
    const { current, previous } = await kept(subject, SecretId);
    if (current === tokenId && await available(subject, previous)) {
      await restore(subject, SecretId, { from: current, to: previous! });
    }
  } catch (error) {
    // Most often there is nothing before it, and the secret goes, too.
    subject.log.warn('Not known whether the secret had another token before', { error: (error as Error).message });
  }
}

async function restore(subject: TokenSubject, SecretId: string, { from, to, revoke: isNobodys }: Restored): Promise<void> {
  const { aws, token } = subject;
  await aws.call(updateSecretVersionStage, {
    SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: versionOf(to, token), RemoveFromVersionId: from && versionOf(from, token),
  });
  // Somebody may have put something else into the secret.
  if (isNobodys && await available(subject, from)) {
    await revoke(subject, from!);
  }
}

interface Issued {
  readonly id: string;
  readonly value: Secret;
}

/** Makes a token. One whose text nobody has seen is taken back. */
async function issue(subject: TokenSubject, declared: Declared): Promise<Issued> {
  const { LicenseArn, RoleArns, TokenProperties, ExpirationInDays } = declared;
  const before = new Set((await all(subject, { LicenseArn })).map(({ TokenId }) => TokenId));
  for (let attempt = 1; ; attempt++) {
    try {
      const { TokenId, Token } = await home(subject).call(createToken, {
        LicenseArn, RoleArns, TokenProperties, ExpirationInDays, ClientToken: `${subject.token}-${attempt}`,
      });
      if (Token !== undefined) {
        return { id: TokenId!, value: new Secret(Token) };
      }
      await revoke(subject, TokenId!);
    } catch (error) {
      if (!(error instanceof OperationFailed && error.uncertain)) {
        throw error;
      }
      await revokeNewcomer(subject, declared, before);
      if (attempt === ATTEMPTS) {
        throw error;
      }
    }
    if (attempt === ATTEMPTS) {
      throw new Refusal(`License Manager has made tokens of ${LicenseArn} without telling them, which were taken back. Deploy again`);
    }
  }
}

/** Takes back what a call without an answer has made. */
async function revokeNewcomer(subject: TokenSubject, declared: Declared, before: ReadonlySet<string | undefined>): Promise<void> {
  const newcomers = (await all(subject, declared)).filter(token => !before.has(token.TokenId) && matches(token, declared));
  if (newcomers.length > 1) {
    throw new Refusal(`it is not known which of these tokens was made without an answer: ${newcomers.map(({ TokenId }) => TokenId).join(', ')}. `
      + 'Delete those that nobody has (aws license-manager delete-token), and deploy again');
  }
  for (const { TokenId } of newcomers) {
    await revoke(subject, TokenId!);
  }
}

async function revoke(subject: TokenSubject, TokenId: string): Promise<void> {
  try {
    await home(subject).call(deleteToken, { TokenId });
  } catch (error) {
    if (!(error instanceof OperationFailed && error.code === 'ResourceNotFoundException')) {
      throw error;
    }
  }
}

/** Tokens are made, looked for and taken back in the home Region of their license. */
function home({ aws, declared, former, place }: TokenSubject) {
  return aws.in((declared ?? former)?.HomeRegion ?? place.region);
}

/** The tokens of a license that have not been taken back. */
async function all(subject: TokenSubject, { LicenseArn }: Pick<Declared, 'LicenseArn'>): Promise<TokenData[]> {
  const found: TokenData[] = [];
  for await (const token of home(subject).list(listTokens, { Filters: [{ Name: 'LicenseArns', Values: [LicenseArn] }] })) {
    if (token.Status !== 'DELETED') {
      found.push(token);
    }
  }
  return found;
}

/** A token that has not been taken back. */
async function available(subject: TokenSubject, tokenId: string | undefined): Promise<TokenData | undefined> {
  if (tokenId === undefined) {
    return undefined;
  }
  for await (const token of home(subject).list(listTokens, { TokenIds: [tokenId] })) {
    if (token.TokenId === tokenId && token.Status !== 'DELETED') {
      return token;
    }
  }
  return undefined;
}

function matches({ LicenseArn, RoleArns, TokenProperties }: TokenData, declared: Declared): boolean {
  return LicenseArn === declared.LicenseArn && sameMembers(RoleArns, declared.RoleArns) && sameMembers(TokenProperties, declared.TokenProperties);
}

/** The tokens that the secret has, and had before. */
async function kept({ aws }: TokenSubject, SecretId: string): Promise<{ readonly current?: string; readonly previous?: string }> {
  const { VersionIdsToStages = {} } = await aws.call(describeSecret, { SecretId });
  const at = (stage: string) => {
    const [version] = Object.entries(VersionIdsToStages).find(([, stages]) => stages?.includes(stage)) ?? [];
    return version?.replace(/-+$/, '');
  };
  return { current: at('AWSCURRENT'), previous: at('AWSPREVIOUS') };
}

/** The id of a token as that of a version, which has 32 to 64 characters: AWS does not say what ids of tokens are like. */
function versionOf(tokenId: string, otherwise: string): string {
  return isVersion(tokenId) ? tokenId.padEnd(32, '-') : otherwise;
}

function isVersion(tokenId: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(tokenId);
}

/** The physical id of a token that was made for what is declared: when somebody is told of its end, and the key of the secret, are not about it. */
function idOf(tokenId: string, declared: Declared, region: string): string {
  const { LicenseArn, HomeRegion, RoleArns, TokenProperties, ExpirationInDays, Generation = 1, SecretArn } = declared;
  const terms = [LicenseArn, HomeRegion ?? region, inOrder(RoleArns), inOrder(TokenProperties), ExpirationInDays, Generation, SecretArn];
  return `${PREFIX}${tokenId}|${createHash('sha256').update(JSON.stringify(terms)).digest('hex').slice(0, 16)}`;
}

function inOrder(members: readonly string[] = []): string[] {
  return [...members].sort();
}

/** The id of the token in a physical id; nothing if it is none of this type. */
function tokenIdOf(physicalId: string): string | undefined {
  return /^license-token\|(.+)\|[0-9a-f]{16}$/.exec(physicalId)?.[1];
}
