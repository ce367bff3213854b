import { createHash } from 'node:crypto';
import { CfnResource, Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Ground, waitFor } from './ground';
import { typeName } from './policies';
import { followCondition } from '../../private/identity/condition';
import { declareOnce, Reach } from '../../private/identity/environment';
import { needs, Prerequisite } from '../../private/identity/prerequisites';
import { byPath, fromIdentity, identityInTemplate } from '../../private/identity/template-identity';
import { lit, refuse } from '../../private/validation/validation';
import type { Definition, PropertiesOf } from '../contract/definition';
import type { Declared } from '../contract/shape';

/**
 * Properties of a `ManagedResource`.
 */
export interface ManagedResourceProps<D extends Definition> {
  /** The type. */
  readonly definition: D;
  /** The properties as CloudFormation sees them; tokens anywhere. Absent values are left out. */
  readonly properties: Declared<PropertiesOf<D>>;
  /** Whether it is known what the resource is: what has still to be looked up has a made-up name, the same for all. */
  readonly identified?: boolean;
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - the type's own; at most 1 hour */
  readonly serviceTimeout?: Duration;
}

/**
 * A custom resource of this library, for what CloudFormation has no type for: brings up the stack's one function at its first use.
 *
 * The logical id of what is known by what it is does not depend on the construct's path: when constructs are renamed, reordered or moved within
 * the stack nothing changes. With another logical id CloudFormation would make the same thing again, and then delete it under the old one.
 */
export class ManagedResource<D extends Definition = Definition> extends Construct {
  public readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: ManagedResourceProps<D>) {
    const { definition, properties, identified = true, removalPolicy = RemovalPolicy.DESTROY, serviceTimeout = timeoutOf(definition) } = props;
    const ground = Ground.of(scope, definition);
    super(scope, id);
    this.resource = new CfnResource(this, 'Default', {
      type: definition.type,
      properties: { ServiceToken: ground.serviceToken, ServiceTimeout: seconds(serviceTimeout), ...properties },
    });
    this.resource.applyRemovalPolicy(removalPolicy);
    if (id === 'Resource') {
      // As the L1 of any other L2, where users look for it to override something.
      scope.node.defaultChild = this.resource;
    }
    followCondition(this.resource, properties);
    waitFor(this.resource, ground.permit(definition, properties));
    if (definition.identity && identified) {
      const identify = identityInTemplate(this, known(definition, properties));
      refuseTwin(scope, definition, identify(byPath));
      const produce = fromIdentity(identify, identity => `${typeName(definition.type)}${hashed(identity)}`);
      this.resource.overrideLogicalId(Lazy.uncachedString({ produce }));
    }
  }
}

/**
 * Has a resource of a native type provisioned through the API: the same L1 with the custom type, so that everything that is done to it (Aspects,
 * mixins, overrides, tags) is done to both, and its attributes have the same names.
 *
 * @param resource   the L1
 * @param definition the type
 * @param named      the properties that name what its actions are on
 */
export function provisionThroughApi<D extends Definition>(
  resource: CfnResource, definition: D, named: Partial<Declared<PropertiesOf<D>>> = {},
): void {
  const ground = Ground.of(resource);
  resource.addOverride('Type', definition.type);
  resource.addPropertyOverride('ServiceToken', ground.serviceToken);
  resource.addPropertyOverride('ServiceTimeout', seconds(timeoutOf(definition)));
  waitFor(resource, ground.permit(definition, named));
}

/**
 * The custom resource that asks a question: one for all in a stack who ask the same.
 *
 * @param scope      who asks
 * @param definition the type
 * @param properties the question
 */
export function ask<D extends Definition>(scope: Construct, definition: D, properties: Declared<PropertiesOf<D>>): ManagedResource<D> {
  // What refuses the function, names who asks.
  Ground.of(scope);
  const stack = Stack.of(scope);
  const id = `CdkLicenseManager${typeName(definition.type)}s`;
  const questions = stack.node.tryFindChild(id) as Construct | undefined ?? new Construct(stack, id);
  const key = hashed(identityInTemplate(scope, known(definition, properties))());
  const asked = questions.node.tryFindChild(key) as ManagedResource<D> | undefined;
  if (asked) {
    return asked;
  }
  const question = new ManagedResource(questions, key, { definition, properties });
  // License Manager, whom all questions are put to, answers none before.
  needs(question.resource, Prerequisite.ROLE);
  return question;
}

/** What a resource is known by. A token is compared as it stands. */
function known({ identity }: Definition, properties: object): string[] {
  const { by, comparable = value => value } = identity!;
  return by.map(name => String((properties as { readonly [name: string]: unknown })[name]))
    .map(value => Token.isUnresolved(value) ? value : comparable(value));
}

function timeoutOf({ timeoutInMinutes = 5 }: Definition): Duration {
  return Duration.minutes(timeoutInMinutes);
}

/** As aws-cdk-lib writes it: in the properties of a custom resource everything is a text. */
function seconds(duration: Duration): string {
  return duration.toSeconds().toString();
}

/**
 * Two of the same would have one logical id, and each would overwrite or delete what is the other's. Of a singleton there is one in all stacks.
 *
 * @param owner the user's construct, which has the resource
 */
function refuseTwin(owner: Construct, { type, singleton, takesAway, ifTwice = 'Leave one of the two out' }: Definition, identity: string): void {
  const where = singleton ? '' : ` in ${Stack.of(owner).node.path}`;
  const { before, environment } = declareOnce(owner, `${type}${where}`, identity, singleton === 'account' ? Reach.ACCOUNT : Reach.REGION);
  if (before !== undefined) {
    const why = takesAway ? 'the removal of one of the two would remove both' : 'a second one repeats it, or overwrites it';
    refuse(owner, lit`DeclaredTwice`,
      `'${before}' declares it already, and there is one of it${singleton ? ` in ${environment}` : ''}: ${why}. ${ifTwice}.`);
  }
}

function hashed(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 16).toUpperCase();
}
