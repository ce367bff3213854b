import {
  CreateLicenseConfigurationCommand,
  type CreateLicenseConfigurationRequest,
  CreateLicenseManagerReportGeneratorCommand,
  type CreateLicenseManagerReportGeneratorRequest,
  DeleteLicenseConfigurationCommand,
  DeleteLicenseManagerReportGeneratorCommand,
  GetLicenseConfigurationCommand,
  type GetLicenseConfigurationResponse,
  GetLicenseManagerReportGeneratorCommand,
  type LicenseAssetRuleset,
  type LicenseConfiguration,
  type LicenseConfigurationAssociation,
  LicenseManagerClient,
  type LicenseOperationFailure,
  type LicenseSpecification,
  ListAssociationsForLicenseConfigurationCommand,
  ListFailuresForLicenseConfigurationOperationsCommand,
  ListLicenseAssetRulesetsCommand,
  ListLicenseConfigurationsCommand,
  ListLicenseManagerReportGeneratorsCommand,
  ListLicenseSpecificationsForResourceCommand,
  ListTagsForResourceCommand,
  type ReportGenerator,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateLicenseConfigurationCommand,
  type UpdateLicenseConfigurationRequest,
  UpdateLicenseManagerReportGeneratorCommand,
  type UpdateLicenseManagerReportGeneratorRequest,
  UpdateLicenseSpecificationsForResourceCommand,
} from '@aws-sdk/client-license-manager';
import { OperationFailed, Refusal } from './errors';
import type { Log } from './log';
import { Retries } from './retries';

/*
 * License Manager answers within a second. A connection that hangs is given up and tried again, and six tries of a call still end well before
 * CloudFormation gives up.
 */
const REQUEST_HANDLER = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/**
 * The operations of License Manager that the resource types need.
 *
 * Failures are `OperationFailed`. Lists, for which the SDK has no paginator, are read to their end.
 */
export class LicenseManager {
  private readonly client: LicenseManagerClient;
  private readonly onceClient: LicenseManagerClient;
  private readonly retries: Retries;
  private readonly onceRetries: Retries;

  constructor(private readonly log: Log, private readonly remaining: () => number) {
    this.retries = new Retries(remaining, false);
    this.onceRetries = new Retries(remaining, true);
    this.client = clientWith(this.retries);
    this.onceClient = clientWith(this.onceRetries);
  }

  public get(arn: string): Promise<GetLicenseConfigurationResponse> {
    return this.call('GetLicenseConfiguration', arn, (client) => client.send(new GetLicenseConfigurationCommand({ LicenseConfigurationArn: arn })));
  }

  /**
   * Creates a license. The operation takes no client token, so that only refused calls are tried again: the caller has to look for what a call
   * without an answer has left.
   */
  public async create(request: CreateLicenseConfigurationRequest): Promise<string> {
    const { LicenseConfigurationArn } = await this.call('CreateLicenseConfiguration', `'${request.Name}'`,
      (client) => client.send(new CreateLicenseConfigurationCommand(request)), true);
    return LicenseConfigurationArn!;
  }

  public async update(request: UpdateLicenseConfigurationRequest): Promise<void> {
    await this.call('UpdateLicenseConfiguration', request.LicenseConfigurationArn!,
      (client) => client.send(new UpdateLicenseConfigurationCommand(request)));
  }

  public async delete(arn: string): Promise<void> {
    await this.call('DeleteLicenseConfiguration', arn, (client) => client.send(new DeleteLicenseConfigurationCommand({ LicenseConfigurationArn: arn })));
  }

  public licenseConfigurations(): AsyncGenerator<LicenseConfiguration> {
    return this.pages('ListLicenseConfigurations', 'the account', async (client, NextToken) => {
      const page = await client.send(new ListLicenseConfigurationsCommand({ NextToken }));
      return { items: page.LicenseConfigurations, next: page.NextToken };
    });
  }

  /**
   * The license asset rulesets of the account.
   *
   * @param awsManaged whether to list those that AWS manages
   */
  public licenseAssetRulesets(awsManaged: boolean): AsyncGenerator<LicenseAssetRuleset> {
    return this.pages('ListLicenseAssetRulesets', 'the account', async (client, NextToken) => {
      const page = await client.send(new ListLicenseAssetRulesetsCommand({ ShowAWSManagedLicenseAssetRulesets: awsManaged, NextToken }));
      return { items: page.LicenseAssetRulesets, next: page.NextToken };
    });
  }

  public async tags(arn: string): Promise<Tag[]> {
    const { Tags } = await this.call('ListTagsForResource', arn, (client) => client.send(new ListTagsForResourceCommand({ ResourceArn: arn })));
    return Tags ?? [];
  }

  public async tag(arn: string, tags: Tag[]): Promise<void> {
    await this.call('TagResource', arn, (client) => client.send(new TagResourceCommand({ ResourceArn: arn, Tags: tags })));
  }

  public async untag(arn: string, keys: string[]): Promise<void> {
    await this.call('UntagResource', arn, (client) => client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: keys })));
  }

  /** The licenses of a resource. */
  public specifications(resourceArn: string): AsyncGenerator<LicenseSpecification> {
    return this.pages('ListLicenseSpecificationsForResource', resourceArn, async (client, NextToken) => {
      const page = await client.send(new ListLicenseSpecificationsForResourceCommand({ ResourceArn: resourceArn, NextToken }));
      return { items: page.LicenseSpecifications, next: page.NextToken };
    });
  }

  public async updateSpecifications(resourceArn: string, change: { add?: LicenseSpecification; remove?: LicenseSpecification }): Promise<void> {
    await this.call('UpdateLicenseSpecificationsForResource', resourceArn, (client) => client.send(new UpdateLicenseSpecificationsForResourceCommand({
      ResourceArn: resourceArn,
      AddLicenseSpecifications: change.add && [change.add],
      RemoveLicenseSpecifications: change.remove && [change.remove],
    })));
  }

  /** The resources of a license. */
  public associations(arn: string): AsyncGenerator<LicenseConfigurationAssociation> {
    return this.pages('ListAssociationsForLicenseConfiguration', arn, async (client, NextToken) => {
      const page = await client.send(new ListAssociationsForLicenseConfigurationCommand({ LicenseConfigurationArn: arn, NextToken }));
      return { items: page.LicenseConfigurationAssociations, next: page.NextToken };
    });
  }

  /** What failed after License Manager had answered. */
  public failures(arn: string): AsyncGenerator<LicenseOperationFailure> {
    return this.pages('ListFailuresForLicenseConfigurationOperations', arn, async (client, NextToken) => {
      const page = await client.send(new ListFailuresForLicenseConfigurationOperationsCommand({ LicenseConfigurationArn: arn, NextToken }));
      return { items: page.LicenseOperationFailureList, next: page.NextToken };
    });
  }

  public async reportGenerator(arn: string): Promise<ReportGenerator> {
    const { ReportGenerator: found } = await this.call('GetLicenseManagerReportGenerator', arn,
      (client) => client.send(new GetLicenseManagerReportGeneratorCommand({ LicenseManagerReportGeneratorArn: arn })));
    return found!;
  }

  public async createReportGenerator(request: CreateLicenseManagerReportGeneratorRequest): Promise<string> {
    const { LicenseManagerReportGeneratorArn } = await this.call('CreateLicenseManagerReportGenerator', `'${request.ReportGeneratorName}'`,
      (client) => client.send(new CreateLicenseManagerReportGeneratorCommand(request)));
    return LicenseManagerReportGeneratorArn!;
  }

  public async updateReportGenerator(request: UpdateLicenseManagerReportGeneratorRequest): Promise<void> {
    await this.call('UpdateLicenseManagerReportGenerator', request.LicenseManagerReportGeneratorArn!,
      (client) => client.send(new UpdateLicenseManagerReportGeneratorCommand(request)));
  }

  public async deleteReportGenerator(arn: string): Promise<void> {
    await this.call('DeleteLicenseManagerReportGenerator', arn,
      (client) => client.send(new DeleteLicenseManagerReportGeneratorCommand({ LicenseManagerReportGeneratorArn: arn })));
  }

  public reportGenerators(): AsyncGenerator<ReportGenerator> {
    return this.pages('ListLicenseManagerReportGenerators', 'the account', async (client, NextToken) => {
      const page = await client.send(new ListLicenseManagerReportGeneratorsCommand({ NextToken }));
      return { items: page.ReportGenerators, next: page.NextToken };
    });
  }

  /** A page without items is not the end, a page without a token is. */
  private async *pages<Item>(
    operation: string,
    resource: string,
    read: (client: LicenseManagerClient, token?: string) => Promise<{ items?: Item[]; next?: string }>,
  ): AsyncGenerator<Item> {
    let token: string | undefined;
    do {
      if (this.remaining() <= 0) {
        throw new Refusal(`${operation} of ${resource} has more pages than can be read in the time of the function`);
      }
      const page = await this.call(operation, resource, (client) => read(client, token));
      yield* page.items ?? [];
      token = page.next;
    } while (token);
  }

  private async call<Output>(
    operation: string,
    resource: string,
    send: (client: LicenseManagerClient) => Promise<Output>,
    once: boolean = false,
  ): Promise<Output> {
    const started = Date.now();
    try {
      const output = await send(once ? this.onceClient : this.client);
      this.log.info(operation, { resource, milliseconds: Date.now() - started });
      return output;
    } catch (error) {
      const { name, message, $metadata, code: systemCode } = error as Error & {
        code?: string; $metadata?: { requestId?: string; attempts?: number; httpStatusCode?: number };
      };
      // Errors of the connection have the name Error and a code of the system.
      const code = $metadata?.httpStatusCode === undefined && systemCode ? 'NetworkingError' : name;
      this.log.warn(operation, {
        resource, milliseconds: Date.now() - started, error: code, text: message, attempts: $metadata?.attempts, awsRequestId: $metadata?.requestId,
      });
      const { uncertain } = once ? this.onceRetries : this.retries;
      throw new OperationFailed(operation, resource, code, message, $metadata?.requestId, uncertain);
    }
  }
}

function clientWith(retryStrategy: Retries): LicenseManagerClient {
  return new LicenseManagerClient({
    region: process.env.AWS_REGION,
    // In Lambda the credentials of the role are in the environment. The SDK's default chain would look in many other places, too, and is three
    // quarters of the SDK's code.
    credentials: async () => ({
      accessKeyId: process.env.AWS_ACCESS_KEY_ID!,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY!,
      sessionToken: process.env.AWS_SESSION_TOKEN,
    }),
    requestHandler: REQUEST_HANDLER,
    retryStrategy,
  });
}
