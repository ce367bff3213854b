import { Names, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { CfnKey, IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { acknowledgeCheckov } from '../private/finding/checkov';
import { brand, isBranded } from '../private/identity/copies';
import { admitPublishers, FIFO_SUFFIX, warnOfTopicName } from '../private/license/notice-topic';
import { NAME_PREFIX } from '../private/license/report-bucket';
import { ANYTHING, construct, givenProps, pathBelow, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkPattern, isKnown, lit, refuse } from '../private/validation/validation';

/**
 * Properties of a topic for License Manager.
 */
export interface LicenseManagerTopicProps {
  /**
   * The name of the topic: 1 to 256 letters, digits, hyphens and underscores. License Manager takes names that begin with
   * `aws-license-manager-service-`; another one causes a warning.
   *
   * Throws a `ValidationError` for a name of another form. That of a FIFO topic (`.fifo`) is one: License Manager gives its messages no group id, as far as
   * is documented.
   *
   * **A change replaces the topic.**
   *
   * @default - `aws-license-manager-service-` and a name made from the path of the construct
   */
  readonly topicName?: string;

  /**
   * The name that mails and text messages begin with.
   *
   * @default - none
   */
  readonly displayName?: string;

  /**
   * The key that messages are encrypted with. Its policy gets what License Manager and CloudWatch need, if the app makes the key; an imported one causes
   * a warning.
   *
   * @default - a key of its own, which is billed; its policy lets License Manager and CloudWatch use it for the topic
   */
  readonly masterKey?: IKey;

  /**
   * What happens to the topic, and to the key that is made for it, when it is taken out of the app.
   *
   * License Manager cannot be told to forget a topic: with another policy than `RemovalPolicy.RETAIN`, settings that name the topic cause a warning.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An Amazon SNS topic that License Manager takes for its notices: licenses that expire, soft limits that are exceeded, results of discovery.
 *
 * The account's service-linked role of License Manager may publish to it, and so may alarms of CloudWatch. Messages are encrypted, and callers without
 * TLS are refused. The form of License Manager's messages is not documented: subscribe people, and no parsers.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
 * import { LicenseManagerTopic, ServiceSettings } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Settings');
 * const topic = new LicenseManagerTopic(stack, 'Notices');
 * topic.addSubscription(new EmailSubscription('licenses@example.com'));
 * new ServiceSettings(stack, 'Settings', { topic });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html
 * @resource AWS::SNS::Topic
 */
@propertyInjectable
export class LicenseManagerTopic extends Topic {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseManagerTopic';

  /**
   * Whether the given object is a `LicenseManagerTopic`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseManagerTopic(x: any): x is LicenseManagerTopic {
    return isBranded(x, 'LicenseManagerTopic');
  }

  /**
   * Makes a topic.
   *
   * Throws a `ValidationError` for what Amazon SNS would refuse, and for the name of a FIFO topic: the properties say what.
   */
  constructor(scope: Construct, id: string, props: LicenseManagerTopicProps = {}) {
    // Before aws-cdk-lib makes an error of its own of it, or takes a name without a character for none.
    const path = pathBelow(scope, id);
    props = givenProps(path, props, PROPS);
    checkName(path, props.topicName);
    checkNoSnapshot(path, props.removalPolicy, 'topic');
    super(scope, id, { topicName: props.topicName, displayName: props.displayName, masterKey: props.masterKey, enforceSSL: true });
    brand(this, 'LicenseManagerTopic');
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const resource = this.node.defaultChild as CfnTopic;
    const topicName = props.topicName
      ?? `${NAME_PREFIX}${Names.uniqueResourceName(this, { maxLength: 256 - NAME_PREFIX.length, separator: '-' })}`;
    resource.topicName = topicName;
    resource.applyRemovalPolicy(removalPolicy);
    warnOfTopicName(this, topicName);
    if (!props.masterKey) {
      this.encrypt(resource, removalPolicy);
    }
    admitPublishers(this, resource);
  }

  private encrypt(resource: CfnTopic, removalPolicy: RemovalPolicy): void {
    const key = new Key(this, 'Key', { description: `Messages of ${this.node.path}`, enableKeyRotation: true, removalPolicy });
    resource.kmsMasterKeyId = key.keyArn;
    acknowledgeCheckov(key.node.defaultChild as CfnKey, {
      CKV_AWS_33: 'A policy can name no role that is not there yet: its conditions admit the service-linked role of License Manager in this account alone.',
    });
    // The L2 lets publishers use the key that it knows.
    (this as { masterKey?: IKey }).masterKey = key;
  }
}

const PROPS: Shape<LicenseManagerTopicProps> = {
  topicName: TEXT,
  displayName: TEXT,
  masterKey: construct('a key', 'keyArn', 'Use the L2 of a key, or import one.'),
  removalPolicy: ANYTHING,
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
function checkName(path: string, topicName: string | undefined): void {
  const property = 'topicName';
  if (isKnown(topicName) && topicName.endsWith(FIFO_SUFFIX)) {
    refuse(path, lit`NoticeTopicFifo`,
      `${property} is '${topicName}', the name of a FIFO topic, which takes no message without a group id, and License Manager gives none, as far as is ` +
      `documented: notices would be lost. Leave '${FIFO_SUFFIX}' out.`);
  }
  checkPattern(path, lit`NoticeTopicName`, {
    property, value: topicName, pattern: /^[A-Za-z0-9_-]{1,256}$/, expected: 'consist of 1 to 256 letters, digits, hyphens and underscores',
  });
}
