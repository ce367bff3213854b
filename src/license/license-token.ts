import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IKey, IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CfnSecret, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic, TopicGrants } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { licenseToken } from '../custom-resource/contract/types/license-token';
import { acknowledge, acknowledgeStandards } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';
import { brand, isBranded } from '../private/identity/copies';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { knownToDiffer, regionOf, resourceBehind } from '../private/identity/reference';
import { FIFO_SUFFIX } from '../private/license/notice-topic';
import { keyBehind } from '../private/secret/key';
import { acknowledgeUnrotated, checkEncryptionKey, writeDefaultKey } from '../private/secret/secret';
import { ANYTHING, construct, DURATION, givenProps, listOf, needed, NUMBER, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkSize, checkWholeNumber, counted, isKnown, lit, refuse } from '../private/validation/validation';

/**
 * Properties of a token.
 */
export interface LicenseTokenProps {
  /**
   * The license that the token is for: one that the account has issued, or one that it has received with the right to make tokens.
   *
   * **A change makes another token**, and takes the former one back.
   */
  readonly license: ILicenseRef;

  /**
   * The roles that who has the token may take: `LicenseConsumptionRole`. They may be of another account.
   *
   * License Manager writes their ARNs into the token and does not look whether they are there.
   *
   * **A change makes another token**, and takes the former one back.
   *
   * @default - none is named in the token
   */
  readonly roles?: IRoleRef[];

  /**
   * For how long the token is valid: a whole number of days, at least 1. License Manager has no documented maximum.
   *
   * Nothing renews a token by itself: raise `generation` before it ends, which `notificationTopic` is told of.
   *
   * **A change makes another token**, and takes the former one back.
   *
   * Throws a `ValidationError` for less than a day, and for parts of days.
   *
   * @default - 365 days, by License Manager
   */
  readonly expiration?: Duration;

  /**
   * What the token says of itself, such as `edition=one`; at most 3. Who has the token can read them, and roles may ask for them by the claim `amr`.
   *
   * **A change makes another token**, and takes the former one back.
   *
   * Throws a `ValidationError` for more than 3.
   *
   * @default - nothing
   */
  readonly tokenProperties?: string[];

  /**
   * Which token it is: another number makes another token. The secret has it from then on, and the former one is taken back at the end of the deployment.
   *
   * Throws a `ValidationError` unless it is a whole number of at least 1.
   *
   * @default 1
   */
  readonly generation?: number;

  /**
   * The name of the secret that has the token.
   *
   * **A change replaces the secret**, and makes another token.
   *
   * @default - a name that CloudFormation generates
   */
  readonly secretName?: string;

  /**
   * The key that the secret is encrypted with.
   *
   * Throws a `ValidationError` for a key of another Region, one that does not encrypt, such as that which signs licenses, and an alias whose key is not known.
   *
   * @default - the key `aws/secretsmanager` of the account
   */
  readonly encryptionKey?: IKeyRef;

  /**
   * The topic that is told before the token ends. A FIFO topic, and one of another Region, cause a warning: nothing would reach them.
   *
   * @default - nobody is told, of which a finding says so
   */
  readonly notificationTopic?: ITopicRef;

  /**
   * How long before the end of the token the topic is told: a whole number of days, at least 1. Of a token that ends sooner it is told an hour after it is made.
   *
   * Throws a `ValidationError` for less than a day, and for parts of days.
   *
   * @default Duration.days(30)
   */
  readonly notificationTime?: Duration;

  /**
   * What happens to the token, and its secret, when it is taken out of the app. With `RemovalPolicy.RETAIN` the token stays valid until it expires.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - the token is taken back; credentials that somebody has got by it last for two more hours at most
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A token by which software that runs without an AWS account checks a license out.
 *
 * It is a secret: whoever has it gets access to the license, without any other credentials. So it goes from License Manager into a secret of AWS Secrets
 * Manager and nowhere else; it is in no template, output, log or message. Give it to your customer from there.
 *
 * A token cannot be changed. What changes of it makes another one, which the secret has from then on, and takes the former one back: your customer has to
 * get it again. A deployment that is rolled back makes the former one the current one again.
 *
 * **Another path of the construct makes another token and another secret, too**, and takes the former ones back: the service chooses the id of a token, and CloudFormation
 * knows it by the construct's logical id. Keep the path of a token that customers have, or override the logical ids of what is below it.
 *
 * The account needs the service-linked role of License Manager (`ServiceLinkedRole`). The custom resource has a function, whose code is an asset: a stack
 * that takes no assets refuses it with a `ValidationError`. It may delete every token of the account: AWS knows no permission on a single one.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { License, LicenseConsumptionRole, LicenseManagerTopic, LicenseToken } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Customers');
 * const license = License.fromLicenseArn(stack, 'License', 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef');
 * new LicenseToken(stack, 'Token', {
 *   license,
 *   roles: [new LicenseConsumptionRole(stack, 'Role')],
 *   notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/isv-customers-no-aws-account.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateToken.html
 */
@propertyInjectable
export class LicenseToken extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseToken';

  /**
   * Whether the given object is a `LicenseToken`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseToken(x: any): x is LicenseToken {
    return isBranded(x, 'LicenseToken');
  }

  /**
   * The secret that has the token, as it stands. Let those read it who give it to the customer.
   */
  public readonly secret: ISecret;

  /**
   * The id of the token, by which it can be found and taken back.
   */
  public readonly tokenId: string;

  /**
   * When the token ends, in ISO 8601.
   */
  public readonly expirationTime: string;

  /**
   * Makes a token.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(scope: Construct, id: string, props: LicenseTokenProps) {
    super(scope, id);
    brand(this, 'LicenseToken');
    props = givenProps(this, props, PROPS);
    const { license, roles, tokenProperties, generation, encryptionKey, secretName, notificationTopic, removalPolicy } = props;
    checkNoSnapshot(this, removalPolicy, 'token');
    checkSize(this, lit`LicenseTokenProperties`, { property: 'tokenProperties', value: tokenProperties, minimum: 0, maximum: 3 });
    checkWholeNumber(this, lit`LicenseTokenGeneration`, { property: 'generation', value: generation, minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
    const expiration = this.days('expiration', props.expiration);
    const key = encryptionKey && this.keyOf(encryptionKey);
    const notification = this.days('notificationTime', props.notificationTime ?? Duration.days(30))!;

    this.secret = this.makeSecret(secretName, encryptionKey, removalPolicy);
    const { resource } = new ManagedResource(this, 'Resource', {
      definition: licenseToken,
      properties: {
        LicenseArn: license.licenseRef.licenseArn,
        HomeRegion: (license as { readonly homeRegion?: string }).homeRegion,
        RoleArns: roles?.map(role => role.roleRef.roleArn),
        TokenProperties: tokenProperties,
        ExpirationInDays: expiration,
        Generation: generation,
        SecretArn: this.secret.secretArn,
        KeyArn: key?.keyRef.keyArn,
        NoticeInDays: notificationTopic && notification,
      },
      removalPolicy,
    });
    needs(resource, Prerequisite.ROLE);
    this.tokenId = resource.getAtt('TokenId').toString();
    this.expirationTime = resource.getAtt('ExpirationTime').toString();
    if (notificationTopic) {
      this.tell(notificationTopic, resource.getAtt('NoticeTime').toString());
    } else {
      Annotations.of(this).addInfoV2('cdk-license-manager:tokenExpiresUnnoticed',
        `The token ends after ${counted(expiration ?? 365, 'day')}, and nobody is told of it before. Set notificationTopic, or acknowledge this finding.`);
    }
  }

  private days(property: string, duration: Duration | undefined): number | undefined {
    if (duration === undefined || duration.isUnresolved()) {
      return duration?.toDays();
    }
    const days = duration.toDays({ integral: false });
    if (!Number.isInteger(days) || days < 1) {
      refuse(this, lit`LicenseTokenDays`, `${property} is ${days} days: it has to be a whole number of at least 1. Correct it.`);
    }
    return days;
  }

  /** The key that the function may use: IAM takes no alias for one. */
  private keyOf(given: IKeyRef): IKeyRef {
    if (!keyBehind(given)) {
      refuse(this, lit`LicenseTokenKeyUnknown`,
        `encryptionKey '${given.node.path}' is an alias whose key is not known: the function that puts the token into the secret can be permitted the use of a key, `
        + 'and not that of an alias. Use the key (Key.fromKeyArn()).');
    }
    return checkEncryptionKey(this, given);
  }

  private makeSecret(secretName: string | undefined, encryptionKey: IKeyRef | undefined, removalPolicy: RemovalPolicy | undefined): Secret {
    const secret = new Secret(this, 'Secret', {
      secretName,
      // The L2 of aws-cdk-lib lets who reads the secret use the key, if it is an L2, too.
      encryptionKey: encryptionKey && ('keyArn' in encryptionKey ? encryptionKey as IKey : Key.fromKeyArn(this, 'Key', encryptionKey.keyRef.keyArn)),
      removalPolicy,
      description: 'Token for a license of AWS License Manager, for software without an AWS account',
    });
    const resource = secret.node.defaultChild as CfnSecret;
    // The L2 of aws-cdk-lib generates a password, which somebody could take for the token.
    resource.generateSecretString = undefined;
    writeDefaultKey(resource);
    acknowledgeUnrotated(resource, 'Who has the token has to get the new one from its issuer: it is changed by generation, and not by a schedule.');
    return secret;
  }

  private tell(topic: ITopicRef, time: string): void {
    const { topicArn } = topic.topicRef;
    const made = resourceBehind(topic, CfnTopic.isCfnTopic);
    if (made?.fifoTopic === true || (isKnown(topicArn) && topicArn.endsWith(FIFO_SUFFIX))) {
      Annotations.of(this).addWarningV2('cdk-license-manager:tokenTopicFifo',
        `topic '${topic.node.path}' is a FIFO topic, which takes no message without a group id, and EventBridge Scheduler gives none: nobody is told that the token ends. `
        + 'Name a standard topic.');
    }
    const region = regionOf(topic, topicArn);
    if (knownToDiffer(region, Stack.of(this).region)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:tokenTopicInAnotherRegion',
        `topic '${topic.node.path}' is in Region '${region}', and the schedule in '${Stack.of(this).region}', whose topics it reaches: nobody is told that the token ends. `
        + `Name a topic of '${Stack.of(this).region}'.`);
    }
    const role = new Role(this, 'NotificationRole', {
      // IAM takes few characters here, and a path may have any.
      description: 'Tells that a token of AWS License Manager ends',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    const granted = TopicGrants.fromTopic(topic).publish(role);
    acknowledge(role, 'Annotation::AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      'aws-cdk-lib lets who publishes to a topic use the key of the topic so, and that key alone.');
    acknowledgeStandards(role, {
      IAMNoInlinePolicy: 'The policy is for this role and the one topic that it tells: nobody else is to have it, which a managed policy would make possible.',
    });
    const schedule = new CfnSchedule(this, 'Notification', {
      description: `The token of ${this.node.path} ends`,
      scheduleExpression: `at(${time})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: topic.topicRef.topicArn,
        roleArn: role.roleArn,
        input: `Token ${this.tokenId} of AWS License Manager ends at ${this.expirationTime}. Raise the generation of ${this.node.path}, deploy, and give the new `
          + 'token to who has it.',
      },
    });
    // Its role may publish when it is made.
    granted.applyBefore(schedule);
    acknowledgeCheckov(schedule, {
      CKV_AWS_297: 'It has the id of the token and the time when it ends, and no secret.',
    });
  }
}

const PROPS: Shape<LicenseTokenProps> = {
  license: needed(reference('a license', 'licenseRef')),
  roles: listOf(reference('a role', 'roleRef')),
  expiration: DURATION,
  tokenProperties: listOf(TEXT),
  generation: NUMBER,
  secretName: TEXT,
  encryptionKey: construct('a key', 'keyRef'),
  notificationTopic: construct('a topic', 'topicRef'),
  notificationTime: DURATION,
  removalPolicy: ANYTHING,
};
