import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';

/**
 * A template that can be in a stack set, as a text: of an app of its own, so that it neither has nor names anything of another stack, and without assets,
 * which the other accounts could not read.
 *
 * @param description what the template is for
 * @param define      makes what is in it
 */
export function stackSetTemplate(description: string, define: (stack: Stack) => void): string {
  // App makes its folder at once.
  const outdir = mkdtempSync(join(tmpdir(), 'license-manager-stack-set-'));
  try {
    const app = new App({ outdir, autoSynth: false, analyticsReporting: false, treeMetadata: false, postCliContext: { 'aws:cdk:enable-path-metadata': false } });
    const stack = new Stack(app, 'Member', { description, synthesizer: new BootstraplessSynthesizer() });
    define(stack);
    return JSON.stringify(app.synth().getStackArtifact(stack.artifactId).template);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
