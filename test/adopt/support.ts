import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { stackClassIn } from './generated';
import { ACCOUNT, REGION } from './samples';
import { run } from '../../src/adopt/command';

const folders: string[] = [];
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

/** What the command did. */
export interface Outcome {
  readonly code: number;
  readonly said: string;
  readonly complained: string;
  readonly files: { readonly [name: string]: string };
  readonly folder: string;
}

/** A folder that is gone after the tests of the file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'adopt-'));
  folders.push(folder);
  return folder;
}

/** What is around the command. */
export interface CommandOptions {
  /** What is piped into it. Default: it is called from a terminal. */
  readonly input?: string | Uint8Array;
  /** Default: a new one. */
  readonly folder?: string;
  /** Files of the folder. */
  readonly files?: { readonly [name: string]: string };
}

/** Runs the command in a folder, with what is piped into it. */
export function command(args: string[], { input, folder = newFolder(), files = {} }: CommandOptions = {}): Outcome {
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
  const said: string[] = [];
  const complained: string[] = [];
  const code = run(args, {
    print: text => said.push(text),
    warn: text => complained.push(text),
    readInput: () => typeof input === 'string' ? Buffer.from(input) : input,
    folder,
  });
  const output = join(folder, 'adopted-licenses');
  const written = existsSync(output) ? readdirSync(output) : [];
  return {
    code, said: said.join(''), complained: complained.join(''), folder, files: Object.fromEntries(written.map(name => [name, readFileSync(join(output, name), 'utf8')])),
  };
}

/** A stack that was adopted and synthesized. */
export interface Adopted {
  readonly source: string;
  readonly mapping: { readonly [logicalId: string]: { readonly [property: string]: string } };
  readonly resources: { readonly [logicalId: string]: any };
  readonly template: Template;
  /** The findings of the synthesis. */
  readonly errors: string[];
}

/** Adopts what an input tells of, in TypeScript, and synthesizes it. */
export function adopt(input: string, ...options: string[]): Adopted {
  const outcome = command(['adopt', ...options], { input });
  expect(outcome).toMatchObject({ code: 0, complained: '' });
  const source = outcome.files['adopted-licenses-stack.ts'];
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  const StackClass = stackClassIn(source);
  const stack = new StackClass(app, 'AdoptedLicenses', { env: { account: ACCOUNT, region: REGION } });
  const template = Template.fromStack(stack);
  const { Resources: resources = {} } = template.toJSON();
  return {
    source,
    mapping: JSON.parse(outcome.files['import-map.json']),
    resources,
    template,
    errors: Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ entry }) => String(entry.data)),
  };
}

/** The properties of what is imported by an identifier. */
export function imported({ mapping, resources }: Adopted, identifier: string): any {
  const [logicalId] = Object.entries(mapping).find(([, it]) => Object.values(it).includes(identifier)) ?? [];
  expect(logicalId).toBeDefined();
  expect(Object.keys(resources)).toContain(logicalId);
  return resources[logicalId!].Properties;
}
