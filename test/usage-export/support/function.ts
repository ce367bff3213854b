/*
 * The function of the usage export, as the tests run it: see test/custom-resource/support/function.ts.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CreateLicenseConfigurationCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import type { ExportRequest, ExportSettings } from '../../../src/usage-export/contract/request';
import { handler } from '../../../src/usage-export/handler';
import { BundleRuntime, type Run, type Runtime, SECRETS, SourceRuntime } from '../../custom-resource/support/function';
import { LocalAws } from '../../local-aws/local-aws';
import { read } from '../../support/requests';

export const BUNDLE = join(__dirname, '..', '..', '..', 'assets', 'usage-export', 'index.js');

/** What the function is asked for, besides its subject. */
export interface Asked {
  readonly subject: string;
  readonly scheduledTime?: string;
  readonly settings?: Partial<ExportSettings>;
  readonly progress?: ExportRequest['progress'];
  /** How many milliseconds Lambda gives the function: a call takes 50 of them. */
  readonly remaining?: number;
  readonly now?: number;
}

export class ExportBench {
  public localAws!: LocalAws;
  public bucket = '';
  private client!: LicenseManagerClient;

  constructor(private readonly runtime: Runtime) {}

  public async start(): Promise<void> {
    this.localAws = LocalAws.shared();
    this.client = new LicenseManagerClient(this.localAws.clientConfig);
    await this.runtime.start({
      AWS_ENDPOINT_URL: this.localAws.endpoint,
      AWS_REGION: this.localAws.region,
      AWS_ACCESS_KEY_ID: this.localAws.account,
      AWS_SECRET_ACCESS_KEY: SECRETS.secretAccessKey,
      AWS_SESSION_TOKEN: SECRETS.sessionToken,
    });
  }

  public stop(): Promise<void> {
    return this.runtime.stop();
  }

  /** A bucket of its own for each test, and nothing in License Manager. */
  public async reset(): Promise<void> {
    await this.localAws.reset();
    this.bucket = `export-${randomUUID()}`;
    await this.s3('PUT', '');
    await this.localAws.clearCalls();
  }

  public async license(name = 'windows'): Promise<string> {
    const { LicenseConfigurationArn } = await this.client.send(new CreateLicenseConfigurationCommand({
      Name: name, LicenseCountingType: 'vCPU', LicenseCount: 10, LicenseRules: ['#minimumVcpus=2'], Description: 'A license', Tags: [{ Key: 'team', Value: 'a' }],
    }));
    await this.localAws.clearCalls();
    return LicenseConfigurationArn!;
  }

  /** Puts a license on many nodes. */
  public async use(licenseConfigurationArn: string, many: number, more: object = {}): Promise<void> {
    await this.localAws.seed({
      associations: Array.from({ length: many }, (_, index) => ({
        licenseConfigurationArn, resourceArn: `arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-${index}`, consumedLicenses: 1, ...more,
      })),
    });
  }

  public async export({ subject, scheduledTime, settings, progress, remaining = 900_000, now }: Asked): Promise<Run> {
    return this.runtime.run({
      subject,
      scheduledTime: scheduledTime ?? new Date().toISOString(),
      run: 'arn:aws:states:us-east-1:111122223333:execution:machine:run',
      settings: {
        bucket: this.bucket, bucketRegion: this.localAws.region, prefix: '', timeZone: 'Etc/UTC', tables: ['usage', 'associations', 'failures'], ...settings,
      },
      progress,
    }, { awsRequestId: randomUUID(), remaining, now });
  }

  /** Invocations, as the state machine makes them, until it is exported. */
  public async exportAll(asked: Asked): Promise<Run & { readonly invocations: number }> {
    let run = await this.export(asked);
    let invocations = 1;
    for (; run.result?.progress; invocations++) {
      run = await this.export({ ...asked, progress: JSON.parse(JSON.stringify(run.result.progress)) });
    }
    return { ...run, invocations };
  }

  public async keys(): Promise<string[]> {
    return [...(await read(this.localAws, 's3', `/${this.bucket}?list-type=2`)).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key).sort();
  }

  /** Uploads that nobody has completed or given up. */
  public async uploads(): Promise<string[]> {
    return [...(await read(this.localAws, 's3', `/${this.bucket}?uploads`)).matchAll(/<UploadId>([^<]+)<\/UploadId>/g)].map(([, id]) => id);
  }

  public async text(key: string): Promise<string> {
    return read(this.localAws, 's3', `/${this.bucket}/${key}`);
  }

  public async lines(table: string): Promise<any[]> {
    const key = (await this.keys()).find((it) => it.startsWith(`${table}/`));
    return (await this.text(key!)).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The operations that the function called, as they came. */
  public async operations(): Promise<string[]> {
    return (await this.localAws.calls({ service: 'license-manager,s3' })).map(({ operation }) => operation);
  }

  public async s3(method: string, key: string): Promise<void> {
    const { endpoint, account, region } = this.localAws;
    const response = await fetch(`${endpoint}/${this.bucket}${key && `/${key}`}`, {
      method, headers: { Authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/s3/aws4_request, SignedHeaders=host, Signature=0` },
    });
    await response.text();
  }
}

/** The same tests for the bundle and for the sources. */
export function describeExport(name: string, define: (bench: ExportBench) => void): void {
  const wanted = process.env.FUNCTION_RUNTIME;
  const runtimes: Runtime[] = [new BundleRuntime(BUNDLE), new SourceRuntime(handler)];
  describe.each(runtimes.filter((runtime) => [undefined, runtime.name].includes(wanted)))(`${name} ($name)`, (runtime) => {
    const bench = new ExportBench(runtime);
    beforeAll(() => bench.start());
    afterAll(() => bench.stop());
    beforeEach(() => bench.reset());
    define(bench);
  });
}
