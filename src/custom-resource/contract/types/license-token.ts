import { ISSUED_LICENSE, KEY, SECRET } from '../arn';
import { define, ON_ANYTHING } from '../definition';
import { arn, integer, list, object, optional, text } from '../shape';

/** The key of the secret, through AWS Secrets Manager only. */
const key = {
  of: KEY,
  arns: ({ KeyArn }: { readonly KeyArn?: string }) => KeyArn,
  conditions: ({ region }: { readonly region: string }) => ({ StringLike: { 'kms:ViaService': `secretsmanager.${region}.*` } }),
};

/**
 * A refresh token of a seller-issued license, which is kept in a secret of AWS Secrets Manager and nowhere else. Whatever changes makes another token.
 *
 * Attributes (Fn::GetAtt): TokenId, ExpirationTime; and NoticeTime, as EventBridge Scheduler has it.
 */
export const licenseToken = define({
  type: 'Custom::LicenseManagerLicenseToken',
  properties: object({
    LicenseArn: arn({ kinds: [ISSUED_LICENSE] }),
    /** Where tokens are made and taken back. */
    HomeRegion: optional(text),
    RoleArns: optional(list(text)),
    TokenProperties: optional(list(text)),
    ExpirationInDays: optional(integer),
    /** Another number makes another token. */
    Generation: optional(integer),
    SecretArn: arn({ kinds: [SECRET] }),
    /** That of the secret, unless it is AWS's own. */
    KeyArn: optional(text),
    /** How many days before its end somebody is told. */
    NoticeInDays: optional(integer),
  }),
  // The one that was replaced is still there when a deployment is rolled back.
  oneWay: true,
  actions: {
    'license-manager:CreateToken': { of: ISSUED_LICENSE, arns: ({ LicenseArn }) => LicenseArn },
    // Of tokens the service authorization reference knows no resource type: who may delete one, may delete all of the account.
    'license-manager:DeleteToken': ON_ANYTHING,
    'license-manager:ListTokens': ON_ANYTHING,
    'secretsmanager:DescribeSecret': { of: SECRET, arns: ({ SecretArn }) => SecretArn },
    'secretsmanager:PutSecretValue': { of: SECRET, arns: ({ SecretArn }) => SecretArn },
    'secretsmanager:UpdateSecretVersionStage': { of: SECRET, arns: ({ SecretArn }) => SecretArn },
  },
  dependentActions: { 'kms:Decrypt': key, 'kms:GenerateDataKey': key },
  hints: [
    {
      codes: ['ResourceLimitExceededException'],
      about: /^CreateToken/,
      hint: 'A license can have so many tokens only: delete those that nobody uses (aws license-manager list-tokens), or ask AWS for a higher quota',
    },
    {
      codes: ['RedirectException', 'ValidationException'],
      about: /home region|redirect/i,
      hint: 'Tokens are made in the home Region of the license: import the license with its homeRegion',
    },
  ],
});
