import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import type { AppProps, StackProps } from 'aws-cdk-lib';
import type { CliResult, Deployment } from './deployment';

/** What `cdk init` of the CLI writes into the context of a new app: asked of the CLI, so that what it writes tomorrow is tested tomorrow. */
export async function contextOfNewApp(aws: Deployment): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(aws.folder, 'init-'));
  const { succeeded, output } = await aws.cdk(['init', 'app', '--language', 'typescript', '--generate-only'], folder);
  if (!succeeded) {throw new Error(output);}
  return JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')).context;
}

/** Synthesizes an app of several stacks, here and now, and lets the CLI do something with it: 'deploy' or 'destroy'. */
export async function withApp(
  aws: Deployment, command: readonly string[], app: AppProps, define: (app: App, props: StackProps) => void,
): Promise<CliResult> {
  const made = new App({ ...app, outdir: mkdtempSync(join(aws.folder, 'app-')), analyticsReporting: false });
  define(made, {
    env: { account: aws.localAws.account, region: aws.localAws.region },
    // The CLI's own credentials: the default synthesizer's roles are those of a real bootstrap stack's account.
    synthesizer: new CliCredentialsStackSynthesizer(),
  });
  return aws.cdk([...command, '--app', made.synth().directory]);
}
