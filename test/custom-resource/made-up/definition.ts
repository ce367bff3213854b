import { SECRET } from '../../../src/custom-resource/contract/arn';
import { define, ON_ANYTHING } from '../../../src/custom-resource/contract/definition';
import { arn, flag, list, object, oneOf, optional, secret, text } from '../../../src/custom-resource/contract/shape';

/**
 * A type that nobody needs and that is everything at once: of another service, one of an account and a Region, waited for, and with a secret.
 */
export const madeUp = define({
  type: 'Custom::LicenseManagerMadeUp',
  properties: object({
    LinuxSubscriptionsDiscovery: oneOf('Enabled', 'Disabled'),
    SourceRegions: optional(list(text)),
    SecretArn: optional(arn({ kinds: [SECRET] })),
    Token: optional(secret),
    OverwriteExistingSettings: optional(flag),
    TurnOffOnDelete: optional(flag),
  }),
  identity: { by: [], as: 'made-up' },
  singleton: 'region',
  timeoutInMinutes: 30,
  waits: true,
  takesAway: true,
  actions: {
    'license-manager-linux-subscriptions:GetServiceSettings': ON_ANYTHING,
    'license-manager-linux-subscriptions:UpdateServiceSettings': ON_ANYTHING,
    'secretsmanager:PutSecretValue': { of: SECRET, arns: ({ SecretArn }) => SecretArn },
    'secretsmanager:DescribeSecret': { of: SECRET, arns: ({ SecretArn }) => SecretArn },
  },
  hints: [{ codes: ['ValidationException'], about: /^UpdateServiceSettings/, hint: 'Name Regions that there are' }],
});
