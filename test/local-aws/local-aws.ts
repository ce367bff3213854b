/*
 * Starts the local AWS (a Python program, see docs/local-aws.md) and talks to its control API. Needs nothing but Node, and is written
 * so that Node can run it as it is, without a compiler.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** How to start a server. */
export interface LocalAwsOptions {
  /** Evaluate IAM policies on every call. Default: false. */
  readonly auth?: boolean;
  /** The account of the stacks. Default: 111122223333. */
  readonly account?: string;
  /** The Region. Default: us-east-1. */
  readonly region?: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Where to write the server's log. Default: no log. */
  readonly logFile?: string;
  /** A module that the functions load before their code. Default: none. */
  readonly preload?: string;
}

/** What goes wrong, with which call. */
export interface Fault {
  /** Operation of the API, `*` for any. `PutResponse` of the service `cloudformation-response`: a custom resource's answer. */
  readonly operation: string;
  /** Default: license-manager. `*` for any. */
  readonly service?: string;
  readonly kind: FaultKind;
  /** The first call to be hit, counted from when the fault is set. Default: 1. */
  readonly nth?: number;
  /** How many calls in a row are hit; null: all. Default: 1. */
  readonly times?: number | null;
  /** After how many calls it begins anew with those `times` calls. Default: never. */
  readonly every?: number;
  /** For `cut-before`: after how many further calls of the account it is done. Default: 1. */
  readonly calls?: number;
  /** For an error: it is done all the same, as if somebody else had done it a moment before. Default: false. */
  readonly done?: boolean;
  /** For `late` and `stall`: when the answer, or the rest of it, comes at last if the client still waits, in milliseconds. Default: 60000. */
  readonly delayMs?: number;
  /** For `error`, or instead of what another kind answers. */
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
  /** The `Reason` of an error of AWS Organizations. */
  readonly reason?: string;
  /** A text that the request's path contains. */
  readonly path?: string;
  /** Default: any Region. */
  readonly region?: string;
}

/**
 * throttle, server-error, access-denied, conflict, not-found: what the service itself answers then; License Manager's throttling is HTTP 400,
 * RateLimitExceededException. error: `code`, `message` and `status` of the fault. cut: the connection is closed before anything is done. cut-after: it is done, then the
 * connection is closed without an answer. cut-before: the connection is closed, and it is done after the next `calls` of the account. late: it is done,
 * and the answer is held back until the client gives it up. stall: the same with the second half of the answer.
 */
export type FaultKind =
  'throttle' | 'server-error' | 'access-denied' | 'conflict' | 'not-found' | 'error' | 'cut' | 'cut-after' | 'cut-before' | 'late' | 'stall';

/** A call that the server saw. */
export interface Call {
  readonly id: number;
  readonly service: string;
  readonly operation: string;
  readonly parameters: { readonly [name: string]: any };
  readonly account: string;
  readonly region: string;
  /** HTTP status; null when the connection was cut. */
  readonly status: number | null;
  /** The code of the error that was answered. */
  readonly error: string | null;
  /** The fault that hit the call. */
  readonly fault: FaultKind | null;
  readonly userAgent: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** What a test puts into an account and Region. */
export interface Seed {
  readonly settings?: {
    /** The most that a list operation returns at once. Default: 50. */
    readonly pageSize?: number;
    /** Every list starts with an empty page that has a token. Default: false. */
    readonly emptyPages?: boolean;
    readonly licenseConfigurationsPerRegion?: number;
    readonly licenseConfigurationsPerResource?: number;
    readonly reportGeneratorsPerRegion?: number;
    /** Ids of security groups that EC2 itself does not hold, for rules that a stack adds to them. */
    readonly securityGroups?: string[];
    readonly awsManagedRulesets?: string[];
    /** Whether the account may share with its organization. Default: false. */
    readonly sharingWithOrganization?: boolean;
    /** How many attempts to share are refused after the API has enabled sharing with the organization. Default: 0. */
    readonly sharingWithOrganizationDelay?: number;
    /** The accounts of the organization. */
    readonly organizationAccounts?: string[];
    /**
     * The management account of the organization that the account is in. The other settings of an organization are set in that account. Default: none;
     * an account that has `organizationAccounts` counts as a management account then, and others are in no organization.
     */
    readonly organizationManagementAccount?: string;
    /** Default: ALL. */
    readonly organizationFeatures?: 'ALL' | 'CONSOLIDATED_BILLING';
    /** Service principals that have trusted access, beside those that calls give it. */
    readonly organizationServiceAccess?: string[];
    /** Service principal to the accounts that are its delegated administrators. */
    readonly organizationDelegatedAdministrators?: { readonly [servicePrincipal: string]: string[] };
    /** Default: 1. */
    readonly delegatedAdministratorsPerService?: number;
    /** Service principals of License Manager whose service-linked role the account has; `[]` for none. Default: all six. */
    readonly serviceLinkedRoles?: string[];
    /** How many uses of a service-linked role that a call has made do not see it yet. Default: 0. */
    readonly serviceLinkedRoleDelay?: number;
    /** The code of License Manager's "Service role not found". Default: AuthorizationException. */
    readonly serviceRoleNotFound?: 'AccessDeniedException' | 'AuthorizationException';
    /** Whether subscription providers can be registered while nobody has set discovery of Linux subscriptions. Default: true. */
    readonly linuxSubscriptionsDiscovery?: boolean;
    /** How many reads see a change of the settings of Linux subscriptions in progress. Default: 1. */
    readonly linuxSubscriptionsReads?: number;
    /** How such a change ends well: Completed or Successful. Default: Completed. */
    readonly linuxSubscriptionsStatus?: string;
    /** Why such a change fails, such as `Service-linked role not present`. Default: it does not. */
    readonly linuxSubscriptionsFailure?: string;
    /** The instances that run in the account, of which the metrics of Linux subscriptions tell: subscription to Region to how many. */
    readonly linuxInstances?: { readonly [subscription: string]: { readonly [region: string]: number } };
    /** How many reads of whoever has a new grant of this account do not see it. Default: 0. */
    readonly grantDelay?: number;
    /** How many reads see a new grant of this account in `PENDING_WORKFLOW`. Default: 0. */
    readonly grantWorkflowReads?: number;
    /** How many reads see a deleted grant of this account in `PENDING_DELETE`. Default: 0. */
    readonly grantDeletionReads?: number;
    /** Why the distribution of the account's grants fails (`FAILED_WORKFLOW`). Default: it does not. */
    readonly grantFailure?: string;
    readonly grantsPerLicense?: number;
    /** Default: 10. */
    readonly tokensPerLicense?: number;
    /** The id of an organizational unit to the accounts that are in it. Set in the management account. */
    readonly organizationalUnits?: { readonly [unit: string]: string[] };
    /** ARNs of identity providers that license server endpoints take beside those that calls have registered. */
    readonly identityProviders?: string[];
    /** Directories for user-based subscriptions, by their ids. Default: every directory that is named is there, with every user. */
    readonly directories?: { readonly [directoryId: string]: Directory };
    /** The products with an active subscription in AWS Marketplace. Default: all. */
    readonly userSubscriptionProducts?: UserSubscriptionProduct[];
    /** How many reads see something of user-based subscriptions in progress. Default: 1. */
    readonly userSubscriptionsReads?: number;
    /** Why an operation fails after it was answered, by its name, or by the name, a slash and a user: `AssociateUser/anna`. */
    readonly userSubscriptionsFailures?: { readonly [operation: string]: string };
    /** Other words of statuses, by the phase: registering, registered, registrationFailed, subscribing, … (see docs/local-aws.md). */
    readonly userSubscriptionsWords?: { readonly [phase: string]: string };
    /** Default: 25. */
    readonly instancesPerUser?: number;
    /** How many reads see a license type conversion in progress. Default: 1. */
    readonly conversionReads?: number;
    /** Instance to the message with which its conversion fails. Default: none. */
    readonly conversionFailures?: { readonly [instanceId: string]: string };
    /** How many reads of an instance by its id see it stopping. Default: 0. */
    readonly instanceStopReads?: number;
    /** How many instances a page of DescribeInstances has. Default: 1000. */
    readonly instancesPerPage?: number;
    /** Whether ListResourceInventory finds an inventory. Default: true. */
    readonly resourceInventory?: boolean;
    /** How many hundredths of the waits of state machines are waited. Default: 100. */
    readonly stateMachineWaitPercent?: number;
    /** What GetServiceSettings answers: what somebody set before; UpdateServiceSettings changes it. */
    readonly serviceSettings?: { readonly [name: string]: unknown };
  };
  /** AMIs, instances and Dedicated Hosts that License Manager is to find, by ARN. */
  readonly resources?: Array<{
    readonly arn: string;
    /** available, running, stopped, terminated, deregistered, … Default: available. */
    readonly state?: string;
    /** Default: m5.large. */
    readonly instanceType?: string;
    /** default, dedicated or host. */
    readonly tenancy?: string;
    readonly vcpus?: number;
    readonly cores?: number;
    readonly sockets?: number;
    readonly owner?: string;
  }>;
  /** Associations that exist; those of the types SYSTEMS_MANAGER_MANAGED_INSTANCE (default) and RDS are automated discovery's. */
  readonly associations?: Array<{
    readonly licenseConfigurationArn: string;
    readonly resourceArn: string;
    readonly resourceType?: string;
    readonly resourceOwnerId?: string;
    readonly amiAssociationScope?: string;
    readonly consumedLicenses?: number;
    readonly discovered?: boolean;
    /** Seconds since 1970. Default: now. */
    readonly associationTime?: number;
  }>;
  /** What ListFailuresForLicenseConfigurationOperations tells. */
  readonly failures?: Array<{
    readonly licenseConfigurationArn: string;
    readonly resourceArn: string;
    readonly errorMessage: string;
    readonly resourceType?: string;
    readonly resourceOwnerId?: string;
    readonly operationName?: string;
    /** Seconds since 1970. */
    readonly failureTime?: number;
  }>;
  /** The next association of the resource is answered with success, does not come about, and is listed as a failure. */
  readonly lateFailures?: Array<{ readonly resourceArn: string; readonly errorMessage: string }>;
  /** Grants that somebody else has given the account. */
  readonly receivedGrants?: Array<{
    /** Its account is who grants: `arn:aws:license-manager::888877776666:grant:g-<32 hexadecimal digits>`. */
    readonly grantArn: string;
    /** It is made unless it is there. Default: the ARN of the grant with `license:l-`. */
    readonly licenseArn?: string;
    readonly grantName?: string;
    /** Default: PENDING_ACCEPT. */
    readonly status?: 'PENDING_ACCEPT' | 'REJECTED' | 'ACTIVE' | 'FAILED_WORKFLOW' | 'DELETED' | 'PENDING_DELETE' | 'DISABLED';
    readonly statusReason?: string;
    /** Default: the Region of the seed. */
    readonly homeRegion?: string;
    readonly productSku?: string;
    /** `AWS/Marketplace` makes it a license of AWS Marketplace. Default: issuer. */
    readonly issuer?: string;
    readonly allowedOperations?: string[];
    /** The account itself may not accept it. Default: false. */
    readonly acceptedByOrganization?: boolean;
    /** How many reads do not see it. Default: 0. */
    readonly delay?: number;
    /** How many reads see it in `PENDING_WORKFLOW`. Default: 0. */
    readonly workflowReads?: number;
  }>;
  /** Instances that provide products of user-based subscriptions. */
  readonly userSubscriptionInstances?: Array<{
    readonly instanceId: string;
    readonly directoryId: string;
    readonly products: UserSubscriptionProduct[];
    /** The next housekeeping terminates one that is unhealthy. Default: active. */
    readonly health?: 'pending' | 'active' | 'unhealthy' | 'terminated';
    readonly statusMessage?: string;
    /** How many reads see it pending before that. Default: 0. */
    readonly reads?: number;
  }>;
  /** Dedicated Hosts that were allocated a while ago: a Mac cannot be released in the first 24 hours. */
  readonly hosts?: Array<{ readonly id: string; readonly hoursSinceAllocation: number }>;
  /**
   * What License Manager does from time to time: it drops the associations of resources that are gone, asks subscription providers, and puts a datum of
   * each metric of Linux subscriptions into CloudWatch; and it terminates unhealthy instances of user-based subscriptions.
   */
  readonly housekeeping?: boolean;
  /** Instances of EC2, as license type conversion sees them. They take the place of those that have their ids. */
  readonly instances?: InstanceSeed[];
}

/** An instance of EC2. */
export interface InstanceSeed {
  readonly instanceId: string;
  /** Default: stopped. */
  readonly state?: 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
  /** Default: m5.xlarge, with 4 vCPUs. */
  readonly instanceType?: string;
  /** Default: RunInstances. */
  readonly usageOperation?: string;
  /** Of AWS Marketplace. Default: none. */
  readonly productCodes?: string[];
  /** Default: default. */
  readonly tenancy?: 'default' | 'dedicated' | 'host';
  readonly imageId?: string;
  /** Default: false. */
  readonly stopProtection?: boolean;
  /** Whether AWS Systems Manager has an inventory of it. Default: true. */
  readonly inventory?: boolean;
  readonly tags?: { readonly [key: string]: string };
}

/** What License Manager holds: as GetLicenseConfiguration answers, with the associations, and as the other Get operations answer. */
export interface LicenseManagerState {
  readonly settings: Required<NonNullable<Seed['settings']>>;
  readonly licenseConfigurations: Array<{ readonly [name: string]: any }>;
  readonly reportGenerators: Array<{ readonly [name: string]: any }>;
  /** As GetLicense and GetGrant answer; received ones also before the account sees them. */
  readonly licenses: Array<{ readonly [name: string]: any }>;
  readonly grants: Array<{ readonly [name: string]: any }>;
  readonly receivedGrants: Array<{ readonly [name: string]: any }>;
  /** As ListTokens answers, without the secrets. */
  readonly tokens: Array<{ readonly [name: string]: any }>;
  /** What is checked out: licenseConsumptionToken, licenseArn, entitlements, checkoutType, beneficiary, nodeId, issuedAt, expiration. */
  readonly checkouts: Array<{ readonly [name: string]: any }>;
  readonly subscriptionProviders: Array<{ readonly [name: string]: any }>;
  /** The settings of Linux subscriptions, as their GetServiceSettings answers. */
  readonly linuxSubscriptions: { readonly [name: string]: any };
  readonly licenseServerEndpoints: Array<{ readonly [name: string]: any }>;
  /** As the lists of user-based subscriptions answer. */
  readonly identityProviders: Array<{ readonly [name: string]: any }>;
  readonly productSubscriptions: Array<{ readonly [name: string]: any }>;
  readonly userSubscriptionInstances: Array<{ readonly [name: string]: any }>;
  readonly userAssociations: Array<{ readonly [name: string]: any }>;
}

/** A directory, as far as user-based subscriptions need it. */
export interface Directory {
  /** The account that shares it with this one, and its id there. Default: it is the account's own. */
  readonly owner?: string;
  readonly ownerDirectoryId?: string;
  readonly domain?: string;
  /** Default: whoever is named. */
  readonly users?: string[];
}

/** What users are subscribed to. */
export type UserSubscriptionProduct =
  'VISUAL_STUDIO_ENTERPRISE' | 'VISUAL_STUDIO_PROFESSIONAL' | 'OFFICE_PROFESSIONAL_PLUS' | 'OFFICE_STANDARD' | 'REMOTE_DESKTOP_SERVICES';

const DEFAULTS = { account: '111122223333', region: 'us-east-1' };
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const ENDPOINT_VARIABLE = 'LOCAL_AWS_ENDPOINT';

/** The server gives up a connection that is kept for some seconds: while a test keeps its process busy, nobody notices, and the next request fails. */
const ON_ITS_OWN = { connection: 'close' };

/** A local AWS, seen from one account and Region: faults, calls and state are those of the account. */
export class LocalAws {
  /** Starts a server. It ends with `stop()`, and by itself when this process ends. */
  public static async start(options: LocalAwsOptions = {}): Promise<LocalAws> {
    const root = join(home(), '..', '..');
    setUpPython(root);
    const flags = ['port', 'account', 'region'] as const;
    const args = ['-m', 'local_aws', ...flags.flatMap((flag) => options[flag] === undefined ? [] : [`--${flag}`, String(options[flag])])];
    if (options.auth) {args.push('--auth');}
    if (options.logFile) {args.push('--log-file', options.logFile);}
    const server = spawn(join(root, '.venv', 'bin', 'python'), args, {
      cwd: home(),
      // A group of its own: Ctrl-C in a terminal reaches this process, which then decides when the server ends.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      // The server runs functions with the first `node` in the path: the project's, of the version that Lambda has.
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
        ...options.preload === undefined ? {} : { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(options.preload)}` },
      },
    });
    const { endpoint } = await ready(server);
    return new LocalAws(endpoint, options.account ?? DEFAULTS.account, options.region ?? DEFAULTS.region, server);
  }

  /** A server that runs already, from the eyes of an account. */
  public static connect(endpoint: string, account = DEFAULTS.account, region = DEFAULTS.region): LocalAws {
    return new LocalAws(endpoint, account, region);
  }

  /** The server that Jest's global setup started, with an account that no other test has. */
  public static shared(region = DEFAULTS.region): LocalAws {
    const endpoint = process.env[ENDPOINT_VARIABLE];
    if (!endpoint) {
      throw new Error(`${ENDPOINT_VARIABLE} is not set: is test/local-aws/global-setup.ts Jest's globalSetup?`);
    }
    return new LocalAws(endpoint, String(randomInt(200_000_000_000, 999_999_999_999)), region);
  }

  public readonly endpoint: string;
  public readonly account: string;
  public readonly region: string;
  private readonly server?: ChildProcess;

  private constructor(endpoint: string, account: string, region: string, server?: ChildProcess) {
    this.endpoint = endpoint;
    this.account = account;
    this.region = region;
    this.server = server;
  }

  /** The process id of the server, if this object started it. */
  public get pid(): number | undefined {
    return this.server?.pid;
  }

  /** What an SDK client takes: endpoint, Region and credentials. */
  public get clientConfig() {
    return { endpoint: this.endpoint, region: this.region, credentials: { accessKeyId: this.account, secretAccessKey: 'test' } };
  }

  /** The same server from another account or Region. */
  public as(account: string, region = this.region): LocalAws {
    return new LocalAws(this.endpoint, account, region);
  }

  /** The environment that makes the AWS CLI, an SDK or the CDK CLI talk to this server. */
  public env(): { [name: string]: string } {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      // ministack, and with it this server, takes an access key of twelve digits for the account's root user.
      AWS_ACCESS_KEY_ID: this.account,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      CDK_DEFAULT_ACCOUNT: this.account,
      CDK_DEFAULT_REGION: this.region,
      // No look-up of credentials at an instance's metadata address.
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** Orders a failure. */
  public async fault(fault: Fault): Promise<void> {
    await this.control('POST', 'faults', { account: this.account, ...fault });
  }

  public async clearFaults(): Promise<void> {
    await this.control('DELETE', `faults?account=${this.account}`);
  }

  /** The faults that were ordered, with how many calls matched (`seen`) and were hit (`hits`). */
  public async faults(): Promise<Array<Fault & { readonly seen: number; readonly hits: number }>> {
    return (await this.control('GET', 'faults')).filter((fault: { account: string }) => fault.account === this.account);
  }

  /**
   * Lets the whole server, for all accounts, stand still for a while at random moments. Default: 100 times 500 milliseconds, with a probability of
   * 0.005 before a request is read and before each part of its answer is sent.
   */
  public async stall(stalls: { readonly count?: number; readonly milliseconds?: number; readonly probability?: number } = {}): Promise<void> {
    await this.control('POST', 'stalls', stalls);
  }

  /** How often it has stood still, and how often it is still to do so. */
  public async stalls(): Promise<{ readonly happened: number; readonly count: number }> {
    return this.control('GET', 'stalls');
  }

  /** The calls whose answers a fault of the kind `late` holds back at this moment, with the ports that their clients called from. */
  public async held(): Promise<Array<{ readonly service: string; readonly operation: string; readonly account: string; readonly port: number }>> {
    return this.control('GET', `held?account=${this.account}`);
  }

  /** The calls of the account, oldest first. Default: those of License Manager. */
  public async calls(filter: { readonly service?: string; readonly operation?: string; readonly region?: string } = {}): Promise<Call[]> {
    return this.control('GET', `calls?${new URLSearchParams({ service: 'license-manager', ...filter, account: this.account })}`);
  }

  /** The calls of every service, in their order. */
  public async callsOfAllServices(): Promise<Call[]> {
    return this.control('GET', `calls?${new URLSearchParams({ account: this.account })}`);
  }

  public async clearCalls(): Promise<void> {
    await this.control('DELETE', `calls?account=${this.account}`);
  }

  /** Puts things into the account that no API call makes. */
  public async seed(seed: Seed): Promise<void> {
    await this.control('POST', 'state', { account: this.account, region: this.region, ...seed });
  }

  /** What License Manager holds, without a call that is logged. */
  public async state(): Promise<LicenseManagerState> {
    return this.control('GET', `state?${new URLSearchParams({ account: this.account, region: this.region })}`);
  }

  /** Forgets what this account has in License Manager and RAM, its faults and its calls. */
  public async reset(): Promise<void> {
    await this.control('POST', 'reset', { account: this.account });
  }

  /** Forgets everything, in all services and accounts. */
  public async resetAll(): Promise<void> {
    await this.control('POST', 'reset', {});
  }

  /** A ResponseURL for a custom resource's event; faults on `PutResponse` of `cloudformation-response` hit it. */
  public responseUrl(id: string): string {
    return `${this.endpoint}/_local-aws/responses/${this.account}/${encodeURIComponent(id)}`;
  }

  /** What was put to the ResponseURL, or undefined. */
  public async response(id: string): Promise<any> {
    const answer = await fetch(this.responseUrl(id), { headers: ON_ITS_OWN });
    return answer.status === 404 ? undefined : answer.json();
  }

  /** Ends the server and the functions that it runs. */
  public async stop(): Promise<void> {
    const server = this.server;
    if (!server || server.exitCode !== null || server.signalCode !== null) {return;}
    const exit = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    const timer = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
    server.stdin?.end();
    await exit;
    clearTimeout(timer);
  }

  private async control(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(`${this.endpoint}/_local-aws/${path}`, {
      method, headers: ON_ITS_OWN, body: body === undefined ? undefined : JSON.stringify(body),
    });
    const value: any = await answer.json();
    if (!answer.ok) {
      throw new Error(`The local AWS refused: ${value.message}`);
    }
    return value;
  }
}

/** The folder of the Python program. Node runs this file as a module of either kind, and only one of them knows its folder. */
function home(): string {
  if (typeof __dirname === 'string') {return __dirname;}
  for (const start of [process.argv[1], process.cwd()]) {
    for (let folder = start; folder && folder !== dirname(folder); folder = dirname(folder)) {
      const candidate = join(folder, 'test', 'local-aws');
      if (existsSync(join(candidate, 'local_aws', '__main__.py'))) {return candidate;}
    }
  }
  throw new Error('The folder test/local-aws was not found.');
}

function setUpPython(root: string): void {
  const result = spawnSync(process.execPath, [join(root, 'tools', 'setup-venv.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) {
    throw new Error('The Python environment of the local AWS could not be set up: see the message above.');
  }
}

/** Waits for the line that says where the server listens. */
async function ready(server: ChildProcess): Promise<{ endpoint: string }> {
  let output = '';
  let errors = '';
  server.stderr?.on('data', (chunk) => { errors = (errors + chunk).slice(-4000); });
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      server.kill('SIGKILL');
      reject(new Error(`The local AWS did not start: ${reason}\n${errors}`));
    };
    const timer = setTimeout(() => fail(`nothing heard for ${START_TIMEOUT_MS / 1000} seconds`), START_TIMEOUT_MS);
    server.once('error', (error) => fail(error.message));
    server.once('exit', (code) => fail(`it ended with code ${code}`));
    server.stdout?.on('data', (chunk) => {
      output += chunk;
      if (!output.includes('\n')) {return;}
      clearTimeout(timer);
      server.removeAllListeners('exit');
      server.stdout?.removeAllListeners('data').resume();
      resolve(JSON.parse(output.slice(0, output.indexOf('\n'))));
    });
  });
}
