import type { LicenseManagerClient, LicenseManagerClientResolvedConfig } from '@aws-sdk/client-license-manager';
import { Command } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import type { StaticOperationSchema, StaticSchema, StaticStructureSchema } from '@smithy/types';
import type { Details, Operation } from './operation';
import { NAMESPACE, type Service } from './service';

/*
 * The forms of requests and answers for which the SDK has no commands here, as its own commands have them: see
 * node_modules/@aws-sdk/client-license-manager/dist-es/schemas. What a form does not have is left out of a request without a word, so that
 * a test sends every member.
 */

/** The form of a value, and where in a request it stands. */
export interface Form<T> {
  readonly schema: number | (() => StaticSchema);
  readonly traits?: { readonly httpLabel?: 1; readonly httpQuery?: string; readonly httpHeader?: string; readonly httpPayload?: 1 };
  /** There for the compiler only. */
  readonly type?: T;
}

type Members = { readonly [name: string]: Form<any> };
type Structure<M extends Members> = { [N in keyof M]?: M[N] extends Form<infer T> ? T : never };

export const STRING: Form<string> = { schema: 0 };
export const NUMBER: Form<number> = { schema: 1 };
export const BOOLEAN: Form<boolean> = { schema: 2 };
export const BLOB: Form<Uint8Array> = { schema: 21 };

/** Added to the number of a scalar. What is a list or a map itself has a form of its own. */
const LIST = 64;
const MAP = 128;

export function listOf<T>({ schema }: Form<T>): Form<T[]> {
  return { schema: isScalar(schema) ? LIST + schema : () => [1, NAMESPACE, 'List', 0, schema] };
}

export function mapOf<T>({ schema }: Form<T>): Form<{ [key: string]: T }> {
  return { schema: isScalar(schema) ? MAP + schema : () => [2, NAMESPACE, 'Map', 0, 0, schema] };
}

function isScalar(schema: Form<unknown>['schema']): schema is number {
  return typeof schema === 'number' && schema < LIST;
}

export function structure<M extends Members>(members: M): Form<Structure<M>> {
  const schema: StaticStructureSchema = [3, NAMESPACE, 'Structure', 0, Object.keys(members), Object.values(members).map(memberSchema)];
  return { schema: () => schema };
}

/** In the path. */
export function label<T>(form: Form<T>): Form<T> {
  return { ...form, traits: { httpLabel: 1 } };
}

/** In the query. */
export function inQuery<T>(name: string, form: Form<T>): Form<T> {
  return { ...form, traits: { httpQuery: name } };
}

/** In a header. */
export function inHeader<T>(name: string, form: Form<T>): Form<T> {
  return { ...form, traits: { httpHeader: name } };
}

/** As the whole body. */
export function body<T>(form: Form<T>): Form<T> {
  return { ...form, traits: { httpPayload: 1 } };
}

function memberSchema({ schema, traits }: Form<unknown>): any {
  return traits ? [schema, traits] : schema;
}

/**
 * An operation that is called by the forms of its request and its answer.
 */
export interface SchemaDetails<I extends Members, O extends Members> extends Details<Structure<I>, Structure<O>> {
  readonly input: I;
  readonly output: O;
  /** Where the protocol has it: `POST /subscription/GetServiceSettings`. */
  readonly http?: string;
  /** As the API calls it, if IAM's action has another name. */
  readonly name?: string;
}

export function bySchema<const Action extends string, I extends Members, O extends Members>(
  service: Service, action: Action, { input, output, http, name = action.split(':')[1], ...details }: SchemaDetails<I, O>,
): Operation<Action, Structure<I>, Structure<O>> {
  // Made when it is called: most functions call few of them, and all start with all of them.
  const make = () => {
    const [method, path] = http?.split(' ') ?? [];
    const [sent, received] = [structure(input), structure(output)].map(({ schema }) => schema as () => StaticStructureSchema);
    const schema: StaticOperationSchema = [9, NAMESPACE, name, http === undefined ? 0 : { http: [method, path, 200] }, sent, received];
    return Command
      .classBuilder<Structure<I>, Structure<O> & { $metadata: object }, LicenseManagerClientResolvedConfig>()
      .ep(ENDPOINT)
      .m((CommandCtor, _clientStack, config) => [getEndpointPlugin(config, CommandCtor.getEndpointParameterInstructions())])
      .s(NAMESPACE, name, {})
      .n('LicenseManagerClient', `${name}Command`)
      .sc(schema)
      .build();
  };
  let Sent: ReturnType<typeof make> | undefined;
  return {
    service,
    action,
    name,
    ...details,
    send: (client: LicenseManagerClient, request) => client.send(new (Sent ??= make())(request) as Sendable) as Promise<any>,
  };
}

/** The client is typed for its own service. */
type Sendable = Parameters<LicenseManagerClient['send']>[0];

/** The endpoint of the environment, if it has one; the service knows its own. */
const ENDPOINT = { Endpoint: { type: 'builtInParams', name: 'endpoint' } } as const;
