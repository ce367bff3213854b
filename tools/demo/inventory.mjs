// What License Manager, RAM and CloudWatch hold, asked through the AWS SDK.
import { deepStrictEqual } from 'node:assert';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetLicenseConfigurationCommand, LicenseManagerClient, ListAssociationsForLicenseConfigurationCommand, ListLicenseConfigurationsCommand,
} from '@aws-sdk/client-license-manager';
import { GetResourceSharesCommand, ListPrincipalsCommand, RAMClient } from '@aws-sdk/client-ram';

export class Inventory {
  #licenseManager;
  #ram;
  #cloudWatch;

  constructor(localAws) {
    const options = localAws.clientConfig;
    this.#licenseManager = new LicenseManagerClient(options);
    this.#ram = new RAMClient(options);
    this.#cloudWatch = new CloudWatchClient(options);
  }

  async read() {
    const rows = [];
    for (const { LicenseConfigurationArn } of await this.#licenses()) {
      rows.push(...await this.#describe(LicenseConfigurationArn));
    }
    const { resourceShares = [] } = await this.#ram.send(new GetResourceSharesCommand({ resourceOwner: 'SELF' }));
    for (const share of resourceShares.filter(({ status }) => status === 'ACTIVE')) {
      const { principals = [] } = await this.#ram.send(new ListPrincipalsCommand({ resourceOwner: 'SELF', resourceShareArns: [share.resourceShareArn] }));
      rows.push(['Share', share.name], ...principals.map(({ id }) => ['  with', id]));
    }
    const { MetricAlarms = [] } = await this.#cloudWatch.send(new DescribeAlarmsCommand({}));
    for (const alarm of MetricAlarms) {
      rows.push(['Alarm', `${alarm.MetricName} ${OPERATORS[alarm.ComparisonOperator] ?? alarm.ComparisonOperator} ${alarm.Threshold}`]);
      rows.push(['  notifies', (alarm.AlarmActions ?? []).join(', ')]);
    }
    return new Snapshot(rows);
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
