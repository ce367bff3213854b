/*
 * Secrets that pass through the function: to where they are kept, and nowhere else.
 */
import { Refusal } from '../../contract/refusal';
import type { Secret } from '../../contract/secret';
import type { Caller } from '../clients/caller';
import { describeSecret, putSecretValue } from '../operations/aws';

/** Who keeps a secret: a request, whose token makes what is kept the same version when it is kept twice. */
interface Keeper {
  readonly token: string;
  readonly aws: Caller<'secretsmanager:PutSecretValue' | 'secretsmanager:DescribeSecret'>;
}

/**
 * Makes a value the current one of a secret of AWS Secrets Manager.
 */
export async function keep({ aws, token }: Keeper, secretArn: string, value: Secret): Promise<void> {
  await aws.call(putSecretValue, { SecretId: secretArn, ClientRequestToken: token, SecretString: value.reveal() });
}

/**
 * Whether this very request has kept its value already: nothing else of a secret is ever read.
 */
export async function isKept({ aws, token }: Keeper, secretArn: string): Promise<boolean> {
  const { VersionIdsToStages } = await aws.call(describeSecret, { SecretId: secretArn });
  return Object.keys(VersionIdsToStages ?? {}).includes(token);
}

/**
 * Keeps what a service has issued, or has it taken back: what nobody can read any more must not stay valid.
 *
 * @param issued its id, for messages, and the secret
 * @param revoke takes it back
 */
export async function keepIssued(
  keeper: Keeper, secretArn: string, issued: { readonly id: string; readonly value: Secret }, revoke: () => Promise<unknown>,
): Promise<void> {
  try {
    await keep(keeper, secretArn, issued.value);
  } catch (error) {
    try {
      await revoke();
    } catch (again) {
      throw new Refusal(`${(error as Error).message}. Nobody has ${issued.id}, and it is valid: taking it back failed, too: ${(again as Error).message}.`
        + ' Take it back by hand');
    }
    throw error;
  }
}
