import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient, DescribeStackEventsCommand, DescribeStackResourcesCommand, DescribeStacksCommand, StackEvent,
} from '@aws-sdk/client-cloudformation';
import {
  GetLicenseConfigurationCommand, LicenseManagerClient, ListAssociationsForLicenseConfigurationCommand, ListLicenseConfigurationsCommand,
} from '@aws-sdk/client-license-manager';
import { App, AppProps, CliCredentialsStackSynthesizer, Stack, StackProps } from 'aws-cdk-lib';
import { LocalAws } from '../local-aws/local-aws';

const CDK = join(__dirname, '..', '..', 'node_modules', '.bin', 'cdk');
const IMPATIENT = join(__dirname, 'impatient.cjs');

const LICENSE_TYPES = ['AWS::LicenseManager::LicenseConfiguration', 'Custom::LicenseManagerLicenseConfiguration'];

/** What License Manager is asked to change. */
const WRITES = /^(Create|Update|Delete|Tag|Untag)/;

/** What the CDK CLI said. */
export interface CliResult {
  readonly succeeded: boolean;
  readonly output: string;
}

/** How a test deploys. */
export interface DeployOptions {
  /** Of the app that is synthesized. */
  readonly app?: AppProps;
  /** What happens to the app before the stack is made. */
  readonly prepare?: (app: App) => void;
  /** Makes a stack of a class of its own. */
  readonly make?: (app: App, stackName: string, props: StackProps) => Stack;
  /** More options of the CLI. */
  readonly flags?: string[];
}

/**
 * A deployment for the tests of a file: it starts before them and stops after them.
 *
 * @returns what stands for it: the deployment itself exists only while the tests run
 */
export function useDeployment(): Deployment {
  let deployment: Deployment | undefined;
  beforeAll(async () => {
    deployment = await Deployment.start();
  });
  afterAll(() => deployment?.stop());
  return new Proxy({} as Deployment, {
    get(_, property) {
      const value = Reflect.get(deployment!, property, deployment);
      return typeof value === 'function' ? value.bind(deployment) : value;
    },
  });
}

/**
 * A local AWS of its own and the real CDK CLI to deploy to it, with IAM policies evaluated.
 */
export class Deployment {
  public static async start(): Promise<Deployment> {
    const localAws = await LocalAws.start({ auth: true, preload: IMPATIENT });
    const deployment = new Deployment(localAws, mkdtempSync(join(tmpdir(), 'deployment-')));
    try {
      await deployment.bootstrap();
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  public readonly licenseManager: LicenseManagerClient;
  public readonly cloudFormation: CloudFormationClient;
  private assemblies = 0;
  private readonly lastAssembly = new Map<string, string>();

  private constructor(public readonly localAws: LocalAws, public readonly folder: string) {
    const options = localAws.clientConfig;
    this.licenseManager = new LicenseManagerClient(options);
    this.cloudFormation = new CloudFormationClient(options);
  }

  /** The same AWS in another account or Region, ready to be deployed to. */
  public async in({ account = this.localAws.account, region = this.localAws.region }: { account?: string; region?: string }): Promise<Deployment> {
    const other = new Deployment(this.localAws.as(account, region), this.folder);
    await other.bootstrap();
    return other;
  }

  /** Synthesizes a stack, here and now, and lets the CLI deploy it. */
  public async deploy(stackName: string, define: (stack: Stack) => void, options: DeployOptions = {}): Promise<CliResult> {
    return this.cdk([
      'deploy', stackName, '--app', this.synthesize(stackName, define, options), '--require-approval', 'never', '--progress', 'events',
      ...options.flags ?? [],
    ]);
  }

  /** Lets the CLI destroy a stack, as it was synthesized last. */
  public async destroy(stackName: string): Promise<CliResult> {
    return this.cdk(['destroy', stackName, '--force', '--app', this.lastAssembly.get(stackName)!]);
  }

  /** The cloud assembly of a stack, as a folder. */
  public synthesize(stackName: string, define: (stack: Stack) => void, options: DeployOptions = {}): string {
    const outdir = join(this.folder, `${stackName}-${this.localAws.region}-${++this.assemblies}`);
    const app = new App({
      outdir,
      analyticsReporting: false,
      ...options.app,
      // What aws-cdk-lib's own validator finds is an error.
      context: { '@aws-cdk/core:validateAgainstDefaultRules': true, ...options.app?.context },
    });
    options.prepare?.(app);
    const make = options.make ?? ((...args) => new Stack(...args));
    define(make(app, stackName, {
      env: { account: this.localAws.account, region: this.localAws.region },
      // The CLI's own credentials: the default synthesizer's roles are those of a real bootstrap stack's account.
      synthesizer: new CliCredentialsStackSynthesizer(),
    }));
    app.synth();
    this.lastAssembly.set(stackName, outdir);
    return outdir;
  }

  public async cdk(args: string[], cwd = this.folder): Promise<CliResult> {
    const child = spawn(CDK, [...args, '--no-notices', '--ci'], {
      cwd,
      env: {
        ...process.env,
        ...this.localAws.env(),
        FORCE_COLOR: '0',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // It is started hundreds of times.
        NODE_COMPILE_CACHE: join(__dirname, '..', '..', '.cache', 'node'),
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(IMPATIENT)}`,
      },
    });
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

  /** What happened to a stack since it was last deployed or destroyed, oldest first. */
  public async events(stackName: string): Promise<StackEvent[]> {
    const { StackEvents = [] } = await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackName }));
    const begin = StackEvents.findIndex(({ LogicalResourceId, ResourceStatus }) =>
      LogicalResourceId === stackName && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(ResourceStatus ?? ''));
    return StackEvents.slice(0, begin < 0 ? undefined : begin + 1).reverse();
  }

  /** The reasons that CloudFormation gives for what failed since the stack was last deployed or destroyed. */
  public async failures(stackName: string): Promise<string[]> {
    return (await this.events(stackName))
      .filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).map(({ ResourceStatusReason }) => ResourceStatusReason ?? '');
  }

  /** The physical ids of a stack's resources of some types. */
  public async physicalIds(stackName: string, ...types: string[]): Promise<string[]> {
    const { StackResources = [] } = await this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stackName }));
    return StackResources.filter(({ ResourceType }) => types.includes(ResourceType!)).map(({ PhysicalResourceId }) => PhysicalResourceId!);
  }

  /** The only license that a stack has. */
  public async licenseOf(stackName: string) {
    const arns = await this.physicalIds(stackName, ...LICENSE_TYPES);
    expect(arns).toHaveLength(1);
    return this.license(arns[0]);
  }

  /** The only license that there is. */
  public async onlyLicense() {
    const licenses = await this.licenses();
    expect(licenses).toHaveLength(1);
    return this.license(licenses[0]);
  }

  /** A license, without its time and request id. */
  public async license(arn: string) {
    const { $metadata, ...license } = await this.licenseManager.send(new GetLicenseConfigurationCommand({ LicenseConfigurationArn: arn }));
    return license;
  }

  /** The ARNs of all licenses. */
  public async licenses(): Promise<string[]> {
    const { LicenseConfigurations = [] } = await this.licenseManager.send(new ListLicenseConfigurationsCommand({}));
    return LicenseConfigurations.map(({ LicenseConfigurationArn }) => LicenseConfigurationArn!);
  }

  /** The ARNs of the resources that a license is on. */
  public async associations(licenseConfigurationArn: string): Promise<string[]> {
    const { LicenseConfigurationAssociations = [] } = await this.licenseManager.send(
      new ListAssociationsForLicenseConfigurationCommand({ LicenseConfigurationArn: licenseConfigurationArn }));
    return LicenseConfigurationAssociations.map(({ ResourceArn }) => ResourceArn!).sort();
  }

  /** The operations that changed something in License Manager since the calls were cleared, in their order. */
  public async writes(): Promise<string[]> {
    return (await this.localAws.calls()).map(({ operation }) => operation).filter((operation) => WRITES.test(operation));
  }

  public async stop() {
    await this.localAws.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async bootstrap(): Promise<void> {
    const { succeeded, output } = await this.cdk(['bootstrap', `aws://${this.localAws.account}/${this.localAws.region}`]);
    if (!succeeded) {throw new Error(output);}
  }
}
