import type { IConstruct } from 'constructs';
import type { Meaning } from './templates';

/** What is known of an image. */
export interface Image {
  /** The same for two names of one image. */
  readonly key?: unknown;
  readonly id?: string;
  readonly parameter?: string;
  readonly name?: string;
  /** Whose images were looked up. */
  readonly owners?: readonly string[];
}

const PARAMETER_TYPE = /^AWS::SSM::Parameter::Value</;

/** Where a parameter of AWS Systems Manager is: it has a name there, and another value elsewhere. */
interface Place {
  readonly account?: string;
  readonly region?: string;
}

/**
 * What a value stands for as an image.
 *
 * @param meaning what it stands for
 * @param place   of the template that it is in
 * @param found   the images that were looked up
 */
export function imageOf(meaning: Meaning | undefined, place: Place, found: ReadonlyMap<string, Image>): Image | undefined {
  if (meaning === undefined || 'entry' in meaning) {
    return meaning && { key: meaning.entry };
  }
  if ('parameter' in meaning) {
    const isName = PARAMETER_TYPE.test(meaning.type ?? '') && typeof meaning.default === 'string';
    return isName ? { key: keyOfParameter(meaning.default, meaning.in), parameter: meaning.default } : { key: `${meaning.in.path} ${meaning.parameter}` };
  }
  const text = typeof meaning.value === 'string' ? meaning.value : undefined;
  // As a dynamic reference, and as EC2 takes it in launch templates; a version, or a label, may follow.
  const [, parameter, version = ''] = /^(?:\{\{)?resolve:ssm:([^:}]+)(:[^}]*)?/.exec(text ?? '') ?? [];
  return parameter !== undefined ? { key: keyOfParameter(`${parameter}${version}`, place), parameter }
    : text === undefined ? undefined : { key: text, id: text, ...found.get(text) };
}

/** The same for one parameter by whichever name, in one account and Region. */
function keyOfParameter(name: string, { account, region }: Place): string {
  return `${account}/${region} ${name}`;
}

/**
 * The images that the CDK CLI has looked up for the app: by the name that was looked for, or by a parameter.
 *
 * @param root the app, which has what was found in its context
 */
export function imagesIn(root: IConstruct): Map<string, Image> {
  const found = new Map<string, Image>();
  for (const [key, id] of Object.entries(root.node.getAllContext() as { readonly [key: string]: unknown })) {
    if (typeof id !== 'string' || !id.startsWith('ami-')) {
      continue;
    }
    const [, name] = /:filters\.name\.0=([^:]*)/.exec(key) ?? [];
    const [, parameter] = /:parameterName=([^:]*)/.exec(key) ?? [];
    if (key.startsWith('ami:') && name !== undefined) {
      found.set(id, { name, owners: [...key.matchAll(/:owners\.\d+=([^:]*)/g)].map(([, owner]) => owner) });
    } else if (key.startsWith('ssm:') && parameter !== undefined) {
      found.set(id, { parameter });
    }
  }
  return found;
}
