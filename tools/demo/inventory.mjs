// What License Manager, RAM and CloudWatch hold, asked through the AWS SDK.
import { deepStrictEqual } from 'node:assert';
import { CloudFormationClient, DescribeStackResourcesCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetLicenseConfigurationCommand, GetServiceSettingsCommand, LicenseManagerClient, ListAssociationsForLicenseConfigurationCommand, ListDistributedGrantsCommand,
  ListLicenseAssetGroupsCommand, ListLicenseAssetRulesetsCommand, ListLicenseConfigurationsCommand, ListLicenseManagerReportGeneratorsCommand,
  ListLicensesCommand, ListReceivedGrantsCommand, ListTokensCommand,
} from '@aws-sdk/client-license-manager';
import { GetResourceSharesCommand, ListPrincipalsCommand, RAMClient } from '@aws-sdk/client-ram';

export class Inventory {
  #licenseManager;
  #ram;
  #cloudWatch;
  #cloudFormation;

  constructor(localAws) {
    const options = localAws.clientConfig;
    this.#licenseManager = new LicenseManagerClient(options);
    this.#ram = new RAMClient(options);
    this.#cloudWatch = new CloudWatchClient(options);
    this.#cloudFormation = new CloudFormationClient(options);
  }

  async read() {
    const rows = [];
    for (const { LicenseConfigurationArn } of await this.#licenses()) {
      rows.push(...await this.#describe(LicenseConfigurationArn));
    }
    const { resourceShares = [] } = await this.#ram.send(new GetResourceSharesCommand({ resourceOwner: 'SELF' }));
    // License Manager's own belongs to the settings.
    for (const share of resourceShares.filter(({ name, status }) => status === 'ACTIVE' && !name.startsWith('licenseManagerResourceShare-'))) {
      const { principals = [] } = await this.#ram.send(new ListPrincipalsCommand({ resourceOwner: 'SELF', resourceShareArns: [share.resourceShareArn] }));
      rows.push(['Share', share.name], ...principals.map(({ id }) => ['  with', id]));
    }
    const { MetricAlarms = [] } = await this.#cloudWatch.send(new DescribeAlarmsCommand({}));
    for (const alarm of MetricAlarms) {
      rows.push(['Alarm', `${alarm.MetricName} ${OPERATORS[alarm.ComparisonOperator] ?? alarm.ComparisonOperator} ${alarm.Threshold}`]);
      rows.push(['  notifies', (alarm.AlarmActions ?? []).join(', ')]);
    }
    rows.push(...await this.#estate(), ...await this.#ofOtherServices());
    return new Snapshot(rows);
  }

  /** The settings of the account in the Region. */
  async readSettings() {
    const { S3BucketArn, SnsTopicArn, OrganizationConfiguration, CrossRegionDiscoverySourceRegions } = await this.#licenseManager.send(new GetServiceSettingsCommand({}));
    return new Snapshot([
      ['Reports go to', S3BucketArn],
      ['Notices go to', SnsTopicArn],
      ['Organization', OrganizationConfiguration?.EnableIntegration ? 'linked' : 'not linked'],
      ['Discovery in', (CrossRegionDiscoverySourceRegions ?? []).join(', ')],
    ]);
  }

  /** What License Manager holds besides self-managed licenses. */
  async #estate() {
    const send = (Command) => this.#licenseManager.send(new Command({}));
    const { LicenseAssetRulesets = [] } = await send(ListLicenseAssetRulesetsCommand);
    const { LicenseAssetGroups = [] } = await send(ListLicenseAssetGroupsCommand);
    const { ReportGenerators = [] } = await send(ListLicenseManagerReportGeneratorsCommand);
    const { Licenses = [] } = await send(ListLicensesCommand);
    const { Grants = [] } = await send(ListDistributedGrantsCommand);
    const { Tokens = [] } = await send(ListTokensCommand);
    const { Grants: Received = [] } = await send(ListReceivedGrantsCommand);
    return [
      ...LicenseAssetRulesets.map(({ Name, Rules = [] }) => ['Asset ruleset', `${Name}, ${Rules.length} rules`]),
      ...LicenseAssetGroups.map(({ Name, AssociatedLicenseAssetRulesetARNs = [] }) => ['Asset group', `${Name}, ${AssociatedLicenseAssetRulesetARNs.length} rulesets`]),
      ...ReportGenerators.map(({ ReportGeneratorName, ReportType, ReportFrequency }) =>
        ['Report', `${ReportGeneratorName}, ${ReportType.join(' and ')}, ${ReportFrequency.period}`]),
      ...Licenses.filter(({ Status }) => lives(Status)).map(({ ProductName, Beneficiary, Version }) =>
        ['Seller-issued license', `${ProductName} for ${Beneficiary}, version ${Version}`]),
      ...Grants.filter(({ GrantStatus }) => lives(GrantStatus)).map(({ GranteePrincipalArn, GrantStatus }) => ['  granted to', `${GranteePrincipalArn}, ${GrantStatus}`]),
      ...Tokens.filter(({ Status }) => lives(Status)).map(({ ExpirationTime }) => ['  token', `until ${ExpirationTime}`]),
      // An accepted grant stays, and is deactivated.
      ...Received.filter(({ GrantStatus }) => GrantStatus === 'ACTIVE').map(({ GrantArn }) => ['Granted license', `${GrantArn}, ACTIVE`]),
    ];
  }

  /** What belongs to other services, as CloudFormation has it. */
  async #ofOtherServices() {
    const { StackSummaries = [] } = await this.#cloudFormation.send(new ListStacksCommand({}));
    const rows = [];
    for (const { StackName } of StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')) {
      const { StackResources = [] } = await this.#cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
      for (const { ResourceType, PhysicalResourceId } of StackResources) {
        // Some are called by more than one ARN: the last one is their own. Users are told by what they are of.
        if (ResourceType in OF_OTHER_SERVICES) {rows.push([OF_OTHER_SERVICES[ResourceType], PhysicalResourceId.replace(/^.*\|(?=arn:)/, '')]);}
      }
    }
    return rows;
  }

  async #licenses() {
    const licenses = [];
    let NextToken;
    do {
      const page = await this.#licenseManager.send(new ListLicenseConfigurationsCommand({ NextToken }));
      licenses.push(...page.LicenseConfigurations ?? []);
      NextToken = page.NextToken;
    } while (NextToken);
    return licenses;
  }

  async #describe(LicenseConfigurationArn) {
    const license = await this.#licenseManager.send(new GetLicenseConfigurationCommand({ LicenseConfigurationArn }));
    const rows = [
      ['License', license.Name],
      ['  ARN', license.LicenseConfigurationArn],
      ['  status', license.Status],
      ['  counted by', license.LicenseCountingType],
      ['  licenses', `${license.LicenseCount}, ${license.LicenseCountHardLimit ? 'hard' : 'soft'} limit, ${license.ConsumedLicenses ?? 0} in use`],
      ...(license.LicenseRules ?? []).map((rule) => ['  rule', rule]),
    ];
    let NextToken;
    do {
      const page = await this.#licenseManager.send(new ListAssociationsForLicenseConfigurationCommand({ LicenseConfigurationArn, NextToken }));
      for (const { ResourceType, ResourceArn } of page.LicenseConfigurationAssociations ?? []) {rows.push([`  on ${ResourceType}`, ResourceArn]);}
      NextToken = page.NextToken;
    } while (NextToken);
    return rows;
  }
}

const OF_OTHER_SERVICES = {
  'AWS::ResourceGroups::Group': 'Host resource group',
  'AWS::EC2::Host': 'Dedicated Host',
  'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider': 'Linux subscriptions',
  'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint': 'License server',
  'Custom::LicenseManagerIdentityProvider': 'Directory',
  'Custom::LicenseManagerProductSubscription': '  subscribed users',
  'Custom::LicenseManagerUserAssociation': '  users of an instance',
};

/** Licenses and grants are to be seen for some time after their end. */
function lives(status) {
  return !status.includes('DELETE');
}

const OPERATORS = { GreaterThanOrEqualToThreshold: '>=', GreaterThanThreshold: '>' };

class Snapshot {
  #rows;

  constructor(rows) {
    this.#rows = rows;
  }

  print() {
    if (this.#rows.length === 0) {throw new Error('License Manager holds nothing.');}
    this.#table(this.#rows.map((row) => ['', ...row]));
  }

  printDifference(before) {
    const was = before.#rows.map(String);
    const is = this.#rows.map(String);
    const gone = before.#rows.filter((row) => !is.includes(String(row))).map((row) => ['-', ...row]);
    const come = this.#rows.filter((row) => !was.includes(String(row))).map((row) => ['+', ...row]);
    if (gone.length + come.length > 0) {this.#table([...gone, ...come]);}
  }

  assertEqual(other, message) {
    deepStrictEqual(this.#rows, other.#rows, message);
  }

  assertEmpty() {
    deepStrictEqual(this.#rows, [], 'Something was left behind.');
  }

  #table(rows) {
    const width = Math.max(...rows.map(([, name]) => name.length));
    for (const [sign, name, value] of rows) {console.log(`${sign.padEnd(2)}${name.padEnd(width)} │ ${value}`);}
  }
}
