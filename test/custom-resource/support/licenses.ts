/*
 * What the tests put into the account, and how they ask for it.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateLicenseConfigurationCommand,
  type CreateLicenseConfigurationRequest,
  CreateLicenseCommand,
  CreateLicenseManagerReportGeneratorCommand,
  LicenseManagerClient,
  type Tag,
  UpdateLicenseSpecificationsForResourceCommand,
} from '@aws-sdk/client-license-manager';
import { BundleRuntime, CustomResourceFunction, type Runtime, SourceRuntime } from './function';
import { DEFINITIONS } from '../../../src/custom-resource/contract/definitions';
import { DISASSOCIATE_ON_DELETE } from '../../../src/custom-resource/contract/tags';
import { LocalAws, type Seed } from '../../local-aws/local-aws';
import { callJson } from '../../support/requests';

export const ACCEPTANCE = DEFINITIONS.grantAcceptance.type;
export const ASSOCIATION = DEFINITIONS.licenseConfigurationAssociation.type;
export const DISASSOCIATION = DEFINITIONS.licenseConfigurationDisassociation.type;
export const IDENTITY_PROVIDER = DEFINITIONS.identityProvider.type;
export const LICENSE = DEFINITIONS.licenseConfiguration.type;
export const MANAGED_RULE_SET = DEFINITIONS.awsManagedLicenseAssetRuleSet.type;
export const PROTECTION = DEFINITIONS.licenseConfigurationProtection.type;
export const REPORT = DEFINITIONS.reportGenerator.type;
export const REPORT_LOCATION = DEFINITIONS.reportGeneratorLocation.type;
export const STATUS = DEFINITIONS.licenseConfigurationStatus.type;
export const SUBSCRIPTION = DEFINITIONS.productSubscription.type;
export const TOKEN = DEFINITIONS.licenseToken.type;
export const USER_ASSOCIATION = DEFINITIONS.userAssociation.type;

/** Of a license whose construct has disassociateResourcesOnDelete. */
export const RELEASED = { Tags: [DISASSOCIATE_ON_DELETE] };

export const NOTHING_CREATED = 'cdk-license-manager:nothing-created';

/** Who grants: an account of no other test file, as what an account has been granted is kept with who has granted it. */
const GRANTER = String(randomInt(100_000_000_000, 200_000_000_000));
/** The grant that `receive()` puts into the account. */
export const GRANT = `arn:aws:license-manager::${GRANTER}:grant:g-0123456789abcdef0123456789abcdef`;

/** The properties of a usage report on a license. */
export function reportOn(license: string, more: object = {}) {
  return {
    ReportGeneratorName: 'monthly',
    ReportType: ['LicenseConfigurationSummaryReport'],
    ReportContext: { LicenseConfigurationArns: [license] },
    ReportFrequency: { Period: 'MONTH', Value: 1 },
    ...more,
  };
}

const template = (resources: object) => JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' }, ...resources } });

/** An account in the local AWS with the function in it. */
export class Bench {
  public readonly localAws: LocalAws;
  public readonly function: CustomResourceFunction;
  /** The secret that `issue()` has made last. */
  public secret?: string;
  private readonly client: LicenseManagerClient;

  constructor(runtime: Runtime) {
    this.localAws = LocalAws.shared();
    this.function = new CustomResourceFunction(runtime, this.localAws);
    this.client = new LicenseManagerClient(this.localAws.clientConfig);
  }

  public image(number = 1): string {
    return `arn:aws:ec2:${this.localAws.region}::image/ami-0000000000000000${number}`;
  }

  public instance(number = 1): string {
    return `arn:aws:ec2:${this.localAws.region}:${this.localAws.account}:instance/i-0000000000000000${number}`;
  }

  public host(number = 1): string {
    return `arn:aws:ec2:${this.localAws.region}:${this.localAws.account}:dedicated-host/h-0000000000000000${number}`;
  }

  /** An empty account but for these resources. */
  public async reset(...resources: string[]): Promise<void> {
    await this.localAws.reset();
    await this.localAws.seed({ resources: (resources.length > 0 ? resources : [this.image(), this.instance()]).map((arn) => ({ arn })) });
  }

  /** Creates a license, behind the function's back. */
  public async license(request: Partial<CreateLicenseConfigurationRequest> = {}): Promise<string> {
    const { LicenseConfigurationArn } = await this.client.send(new CreateLicenseConfigurationCommand({
      Name: 'windows-server', LicenseCountingType: 'vCPU', ...request,
    }));
    await this.localAws.clearCalls();
    return LicenseConfigurationArn!;
  }

  /** Creates a usage report on a license, behind the function's back: what reportOn() declares. */
  public async report(license: string, tags: Tag[] = []): Promise<string> {
    const { LicenseManagerReportGeneratorArn } = await this.client.send(new CreateLicenseManagerReportGeneratorCommand({
      ReportGeneratorName: 'monthly',
      Type: ['LicenseConfigurationSummaryReport'],
      ReportContext: { licenseConfigurationArns: [license] },
      ReportFrequency: { period: 'MONTH', value: 1 },
      ClientToken: randomUUID(),
      Tags: tags,
    }));
    await this.localAws.clearCalls();
    return LicenseManagerReportGeneratorArn!;
  }

  /** Associates a license, behind the function's back. */
  public async associate(licenseConfigurationArn: string, resourceArn: string, amiAssociationScope?: string): Promise<void> {
    await this.client.send(new UpdateLicenseSpecificationsForResourceCommand({
      ResourceArn: resourceArn,
      AddLicenseSpecifications: [{ LicenseConfigurationArn: licenseConfigurationArn, AmiAssociationScope: amiAssociationScope }],
    }));
    await this.localAws.clearCalls();
  }

  /** Receives a grant, and no other. */
  public async receive(grant: Partial<NonNullable<Seed['receivedGrants']>[number]> = {}): Promise<void> {
    await this.localAws.as(GRANTER, this.localAws.region).reset();
    await this.localAws.seed({ receivedGrants: [{ grantArn: GRANT, ...grant }] });
  }

  /** Issues a license, and returns what a token of it declares, for a secret that has none yet. */
  public async issue(): Promise<{ readonly LicenseArn: string; readonly SecretArn: string }> {
    const { LicenseArn } = await this.client.send(new CreateLicenseCommand({
      LicenseName: 'Example',
      ProductName: 'Example',
      ProductSKU: 'example',
      Issuer: { Name: 'issuer' },
      HomeRegion: this.localAws.region,
      Beneficiary: 'all',
      Validity: { Begin: '2026-01-01T00:00:00Z' },
      Entitlements: [{ Name: 'Seats', Unit: 'Count', MaxCount: 10 }],
      ConsumptionConfiguration: { RenewType: 'None', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } },
      ClientToken: randomUUID(),
    }));
    const { ARN } = await callJson(this.localAws, 'secretsmanager', 'CreateSecret', { Name: `token-${randomUUID()}`, SecretString: 'nothing yet' });
    this.secret = ARN as string;
    await this.localAws.clearCalls();
    return { LicenseArn: LicenseArn!, SecretArn: this.secret };
  }

  /** A token that the function has made. */
  public async token(): Promise<{ readonly properties: object; readonly physicalId: string }> {
    const properties = await this.issue();
    const { answer } = await this.function.request({ resourceType: TOKEN, properties });
    await this.localAws.clearCalls();
    return { properties, physicalId: answer!.PhysicalResourceId };
  }

  /** `<resource ARN> <scope>` of all associations of a license. */
  public async associations(licenseConfigurationArn: string): Promise<string[]> {
    const found = (await this.licenses()).find(({ LicenseConfigurationArn: arn }) => arn === licenseConfigurationArn);
    return found?.Associations.map((each: any) => [each.resource_arn, each.ami_association_scope].filter(Boolean).join(' ')) ?? [];
  }

  public async licenses(): Promise<{ readonly [name: string]: any }[]> {
    return (await this.localAws.state()).licenseConfigurations;
  }

  public async reports(): Promise<{ readonly [name: string]: any }[]> {
    return (await this.localAws.state()).reportGenerators;
  }

  /** A stack with the resource `Topic`. */
  public async stack(StackName = `stack-${randomUUID()}`): Promise<string> {
    const client = new CloudFormationClient(this.localAws.clientConfig);
    const { StackId } = await client.send(new CreateStackCommand({ StackName, TemplateBody: template({}) }));
    return StackId!;
  }

  /** A stack that CloudFormation has rolled back, as far as the function can see. */
  public async rolledBackStack(): Promise<string> {
    const client = new CloudFormationClient(this.localAws.clientConfig);
    const StackName = `stack-${randomUUID()}`;
    await this.stack(StackName);
    await client.send(new UpdateStackCommand({
      StackName, TemplateBody: template({ License: { Type: 'AWS::LicenseManager::LicenseConfiguration', Properties: { Name: 'x', LicenseCountingType: 'Nothing' } } }),
    })).catch(() => {});
    for (;;) {
      const [{ StackId, StackStatus }] = (await client.send(new DescribeStacksCommand({ StackName }))).Stacks!;
      if (!StackStatus!.endsWith('_IN_PROGRESS')) {
        expect(StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        await this.localAws.clearCalls();
        return StackId!;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The operations that the function called. */
  public async operations(): Promise<string[]> {
    return (await this.localAws.calls()).map(({ operation }) => operation);
  }

  /** The operations of License Manager, and those of other services with their names, that the function called: each once, as they came. */
  public async called(): Promise<string[]> {
    const calls = await Promise.all(['license-manager', 'license-manager-user-subscriptions', 'secretsmanager'].map((service) => this.localAws.calls({ service })));
    const inOrder = calls.flat().sort((one, other) => one.id - other.id);
    return [...new Set(inOrder.map(({ service, operation }) => service === 'license-manager' ? operation : `${service}:${operation}`))];
  }

  public async writes(): Promise<string[]> {
    return (await this.operations()).filter((operation) => !/^(List|Get)/.test(operation));
  }
}

/** The same tests for the bundle, as Lambda runs it, and for the sources, whose coverage is measured; mutants are in the sources alone. */
export function describeFunction(
  name: string, define: (bench: Bench) => void, runtimes: Runtime[] = [new BundleRuntime(), new SourceRuntime()],
): void {
  const wanted = process.env.FUNCTION_RUNTIME;
  describe.each(runtimes.filter((runtime) => [undefined, runtime.name].includes(wanted)))(`${name} ($name)`, (runtime) => {
    const bench = new Bench(runtime);
    beforeAll(() => bench.function.start());
    afterAll(() => bench.function.stop());
    beforeEach(() => bench.reset());
    define(bench);
  });
}
