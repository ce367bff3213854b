import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  GetLicenseConfigurationCommand, LicenseManagerClient, ListAssociationsForLicenseConfigurationCommand, ListLicenseConfigurationsCommand,
} from '@aws-sdk/client-license-manager';
import { App, AppProps, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { LocalAws } from '../local-aws/local-aws';

const CDK = join(__dirname, '..', '..', 'node_modules', '.bin', 'cdk');

/** What the CDK CLI said. */
export interface CliResult {
  readonly succeeded: boolean;
  readonly output: string;
}

/**
 * A local AWS of its own and the real CDK CLI to deploy to it, with IAM policies evaluated.
 */
export class Deployment {
  public static async start(): Promise<Deployment> {
    const localAws = await LocalAws.start({ auth: true });
    const deployment = new Deployment(localAws);
    const bootstrap = await deployment.cdk(['bootstrap', `aws://${localAws.account}/${localAws.region}`]);
    if (!bootstrap.succeeded) {throw new Error(bootstrap.output);}
    return deployment;
  }

  public readonly licenseManager: LicenseManagerClient;
  private readonly cloudFormation: CloudFormationClient;
  private readonly folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  private assemblies = 0;

  private constructor(public readonly localAws: LocalAws) {
    const options = localAws.clientConfig;
    this.licenseManager = new LicenseManagerClient(options);
    this.cloudFormation = new CloudFormationClient(options);
  }

  /** Synthesizes a stack, here and now, and lets the CLI deploy it. */
  public async deploy(stackName: string, define: (stack: Stack) => void, props: AppProps = {}): Promise<CliResult> {
    return this.cdk(['deploy', stackName, '--app', this.synthesize(stackName, define, props), '--require-approval', 'never', '--progress', 'events']);
  }

  /** Lets the CLI destroy a stack. */
  public async destroy(stackName: string): Promise<CliResult> {
    return this.cdk(['destroy', stackName, '--force', '--app', this.synthesize(stackName, (stack) => void stack)]);
  }

  /** The cloud assembly of a stack, as a folder. */
  public synthesize(stackName: string, define: (stack: Stack) => void, props: AppProps = {}): string {
    const outdir = join(this.folder, `${stackName}-${++this.assemblies}`);
    const app = new App({ outdir, analyticsReporting: false, ...props });
    define(new Stack(app, stackName, {
      env: { account: this.localAws.account, region: this.localAws.region },
      // The CLI's own credentials: the default synthesizer's roles are those of a real bootstrap stack's account.
      synthesizer: new CliCredentialsStackSynthesizer(),
    }));
    app.synth();
    return outdir;
  }

  public async cdk(args: string[], cwd = this.folder): Promise<CliResult> {
    const child = spawn(CDK, [...args, '--no-notices', '--ci'], { cwd, env: { ...process.env, ...this.localAws.env(), FORCE_COLOR: '0' } });
    let output = '';
    child.stdout.on('data', (chunk) => { output += chunk; });
    child.stderr.on('data', (chunk) => { output += chunk; });
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { succeeded: code === 0, output };
  }

  /** The status of a stack, or undefined when there is none. */
  public async stackStatus(stackName: string): Promise<string | undefined> {
    try {
      const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
      return Stacks[0]?.StackStatus;
    } catch (error) {
      if (/does not exist/.test(String(error))) {return undefined;}
      throw error;
    }
  }

  /** The outputs of a stack, by logical id. */
  public async outputs(stackName: string): Promise<{ [name: string]: string }> {
    const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    return Object.fromEntries((Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  }

  /** The reasons that CloudFormation gives for what failed. */
  public async failures(stackName: string): Promise<string[]> {
    const { StackEvents = [] } = await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackName }));
    return StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).map(({ ResourceStatusReason }) => ResourceStatusReason ?? '');
  }

  /** The only license that there is. */
  public async onlyLicense() {
    const { LicenseConfigurations = [] } = await this.licenseManager.send(new ListLicenseConfigurationsCommand({}));
    expect(LicenseConfigurations).toHaveLength(1);
    return this.licenseManager.send(new GetLicenseConfigurationCommand({ LicenseConfigurationArn: LicenseConfigurations[0].LicenseConfigurationArn }));
  }

  /** How many licenses there are. */
  public async licenseCount(): Promise<number> {
    return (await this.licenseManager.send(new ListLicenseConfigurationsCommand({}))).LicenseConfigurations?.length ?? 0;
  }

  /** The ARNs of the resources that a license is on. */
  public async associations(licenseConfigurationArn: string): Promise<string[]> {
    const { LicenseConfigurationAssociations = [] } = await this.licenseManager.send(
      new ListAssociationsForLicenseConfigurationCommand({ LicenseConfigurationArn: licenseConfigurationArn }));
    return LicenseConfigurationAssociations.map(({ ResourceArn }) => ResourceArn!).sort();
  }

  public async stop() {
    await this.localAws.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
