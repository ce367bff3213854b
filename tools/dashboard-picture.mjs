// npm run picture: draws docs/images/license-dashboard.svg, from the dashboard as it is synthesized and deployed to the local AWS, and from the values that its
// expressions have there. With --check it fails if the picture is not up to date.
//
// CloudWatch knows the last two weeks, so that values are put into these; what is drawn has a clock of its own, and is the same every day.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { LocalAws } from '../test/local-aws/local-aws.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PICTURE = join(ROOT, 'docs', 'images', 'license-dashboard.svg');
const require = createRequire(import.meta.url);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 13;
/** The last value, at the beginning of a day: and the day that the picture has for it. */
const BASE = Math.floor(Date.now() / DAY) * DAY;
const SHOWN = Date.parse('2027-11-30T00:00:00Z');

const NAME = 'licenses';
const USAGE = 'AWSLicenseManager/licenseUsage';
const UNKNOWN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0a1b2c3d4e5f60718293a4b5c6d7e8f9';

function synthesize() {
  const { App, Expiration, Stack } = require('aws-cdk-lib');
  const { CfnStateMachine } = require('aws-cdk-lib/aws-stepfunctions');
  const { LicenseAlarms, LicenseConfiguration, LicenseCounting, LicenseDashboard, LinuxSubscription } = require(join(ROOT, 'lib'));
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Licenses', { env: { account: '111122223333', region: 'us-east-1' } });
  LicenseAlarms.of(stack).configure({ alarmNamePrefix: 'licenses-', actions: [] });
  const license = (licenseConfigurationName, licenseCounting, licenseCount, expiresInDays) => new LicenseConfiguration(stack, licenseConfigurationName, {
    licenseConfigurationName, licenseCounting, licenseCount, licenseExpiry: Expiration.atDate(new Date(BASE + expiresInDays * DAY)),
  });
  const windows = license('windows-server', LicenseCounting.cores(), 96, 212);
  const sql = license('sql-server', LicenseCounting.vcpus(), 64, 31);
  windows.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90, alarmName: 'windows-server: 90% in use' });
  windows.addHeadroomAlarm('NoRoomForAHost', { licensesLeft: 8, alarmName: 'windows-server: no room for a host' });
  sql.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90, alarmName: 'sql-server: 90% in use' });
  LicenseAlarms.of(stack).addCompositeAlarm('Any', { compositeAlarmName: 'any license', actions: [] });
  const conversions = new CfnStateMachine(stack, 'Conversions', {
    roleArn: 'arn:aws:iam::111122223333:role/conversions',
    definitionString: JSON.stringify({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } }),
  });
  new LicenseDashboard(stack, 'Dashboard', {
    dashboardName: NAME,
    licenseConfigurations: [windows, sql],
    linuxSubscriptions: [LinuxSubscription.RHEL, LinuxSubscription.UBUNTU_PRO],
    stateMachines: [conversions],
  });
  return app.synth().getStackArtifact(stack.artifactId).template;
}

/** Values of each hour, by the same rule every time: a trend with the hours of the day on it. */
const growing = (from, to, daily) => Array.from({ length: DAYS * 24 + 1 }, (_, hour) =>
  Math.round(from + (to - from) * hour / (DAYS * 24) + daily * Math.sin(hour / 24 * 2 * Math.PI) * (1 - hour / (DAYS * 24))));
const steady = (value) => growing(value, value, 0);

async function emit(cloudWatch, resources) {
  const license = async (LicenseConfigurationArn, LicenseConfigurationType, total, used) => {
    const dimensions = { LicenseConfigurationArn, LicenseConfigurationType };
    await put(cloudWatch, USAGE, 'TotalLicenseConfigurationUsageCount', dimensions, steady(total));
    await put(cloudWatch, USAGE, 'LicenseConfigurationUsageCount', dimensions, used);
    await put(cloudWatch, USAGE, 'LicenseConfigurationUsagePercentage', dimensions, used.map((value) => value / total * 100));
  };
  await license(resources.windows, 'Core', 96, growing(48, 76, 6));
  await license(resources.sql, 'vCPU', 64, growing(36, 60, 4));
  await license(UNKNOWN, 'Instance', 40, growing(12, 14, 2));
  for (const [SubscriptionName, values] of [['Red Hat Enterprise Linux Server', growing(22, 31, 3)], ['Ubuntu Pro', growing(9, 8, 1)]]) {
    await put(cloudWatch, 'AWS/LicenseManager/LinuxSubscriptions', 'RunningInstancesCount', { SubscriptionName }, values);
  }
  for (const metric of ['ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut']) {
    await put(cloudWatch, 'AWS/States', metric, { StateMachineArn: resources.conversions },
      steady(0).map((value, hour) => metric === 'ExecutionsFailed' && hour % 96 === 60 ? 1 : value));
  }
}

async function put(cloudWatch, Namespace, MetricName, dimensions, values) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricData = values.map((Value, hour) => ({ MetricName, Dimensions, Value, Timestamp: new Date(BASE - (DAYS * 24 - hour) * HOUR) }));
  // What alarms look at; of the hour after the picture, unless that has just begun.
  MetricData.push({ MetricName, Dimensions, Value: values.at(-1), Timestamp: new Date() });
  await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
}

async function deploy(cloudFormation, template) {
  // What the CDK CLI looks at, and nothing else.
  const { Parameters, Rules, ...rest } = template;
  await cloudFormation.send(new CreateStackCommand({ StackName: 'Licenses', TemplateBody: JSON.stringify({
    ...rest,
    Outputs: {
      windows: { Value: { 'Fn::GetAtt': [idOf(template, 'windowsserver'), 'LicenseConfigurationArn'] } },
      sql: { Value: { 'Fn::GetAtt': [idOf(template, 'sqlserver'), 'LicenseConfigurationArn'] } },
      conversions: { Value: { Ref: 'Conversions' } },
    },
  }) }));
  for (;;) {
    const { Stacks: [{ StackStatus, StackStatusReason, Outputs = [] }] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'Licenses' }));
    if (StackStatus === 'CREATE_COMPLETE') {
      return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    }
    if (StackStatus !== 'CREATE_IN_PROGRESS') {throw new Error(`${StackStatus}: ${StackStatusReason}`);}
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const idOf = ({ Resources }, start) => Object.keys(Resources).find((id) =>
  id.startsWith(start) && Resources[id].Type === 'AWS::LicenseManager::LicenseConfiguration');

/** The lines of a widget, as GetMetricData has them. */
async function linesOf(cloudWatch, { metrics }) {
  const queries = metrics.map((metric, index) => {
    const options = typeof metric.at(-1) === 'object' ? metric.at(-1) : {};
    const Id = options.id ?? `q${index}`;
    const common = { Id, Label: options.label, ReturnData: options.visible !== false };
    if (options.expression) {return { ...common, Expression: options.expression };}
    const [Namespace, MetricName, ...dimensions] = metric.filter((part) => typeof part === 'string');
    const Dimensions = dimensions.flatMap((Name, at) => at % 2 === 0 ? [{ Name, Value: dimensions[at + 1] }] : []);
    return { ...common, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: options.period, Stat: options.stat } };
  });
  const { MetricDataResults } = await cloudWatch.send(new GetMetricDataCommand({
    MetricDataQueries: queries, StartTime: new Date(BASE - DAYS * DAY), EndTime: new Date(BASE + HOUR),
  }));
  return MetricDataResults.map(({ Id, Label, Timestamps, Values }) => ({
    label: labelOf(Label),
    color: metrics.map((metric) => metric.at(-1)).find(({ id }, index) => (id ?? `q${index}`) === Id)?.color,
    points: Timestamps.map((at, index) => [(at.getTime() - BASE) / HOUR, Values[index]]).sort(([a], [b]) => a - b),
  }));
}

/** What a search finds is named by its dimensions: of an ARN the end is enough. */
let names = {};
const labelOf = (label) => label.replace(/^arn:\S+:(lic-\w+) (\w+)$/, (_, id, type) => names[id] ?? `${id.slice(0, 12)}… (${type})`);

// --- drawing ---------------------------------------------------------------

const COLUMN = 40;
const ROW = 30;
const GAP = 8;
const PALETTE = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b'];

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
const rounded = (number) => String(Math.round(number * 10) / 10);
const text = (x, y, value, style = '') => `<text x="${rounded(x)}" y="${rounded(y)}"${style ? ` ${style}` : ''}>${escaped(value)}</text>`;
const rect = (x, y, width, height, style) => `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" ${style}/>`;
const cut = (value, length) => value.length > length ? `${value.slice(0, Math.max(1, Math.floor(length) - 1))}…` : value;
const heading = (title, { x, y, width }) => text(x + 12, y + 20, cut(title, (width - 20) / 7), 'class="b"');

function drawText({ markdown }, { x, y }) {
  let at = y + 24;
  return markdown.split('\n').filter((line) => line !== '' && !/^\| -/.test(line)).map((line) => {
    const plain = line.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\d{4}-\d\d-\d\d/g, (date) =>
      new Date(Date.parse(date) - BASE + SHOWN).toISOString().slice(0, 10));
    const drawn = line.startsWith('|')
      ? plain.slice(1, -1).split('|').map((cell, index) => text(x + 12 + index * 150, at, cell.trim(), /License \|/.test(line) ? 'class="b"' : '')).join('')
      : text(x + 12, at, plain.replace(/^#+ /, ''), line.startsWith('#') ? 'class="h"' : '');
    at += line.startsWith('#') ? 22 : 19;
    return drawn;
  }).join('');
}

async function drawAlarms(cloudWatch, { title, alarms }, { x, y, width }) {
  const { MetricAlarms, CompositeAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  const order = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 };
  const found = [...CompositeAlarms, ...MetricAlarms].filter(({ AlarmArn }) => alarms.includes(AlarmArn))
    .sort((a, b) => order[a.StateValue] - order[b.StateValue] || a.AlarmName.localeCompare(b.AlarmName));
  const tile = (width - 24) / Math.max(found.length, 4);
  return text(x + 12, y + 20, title, 'class="b"') + found.map(({ AlarmName, StateValue }, index) => {
    const left = x + 12 + index * tile;
    const color = { ALARM: '#d13212', OK: '#1d8102', INSUFFICIENT_DATA: '#687078' }[StateValue];
    return rect(left, y + 32, tile - 8, 40, `fill="${color}" rx="3"`)
      + text(left + 10, y + 49, cut(AlarmName, (tile - 28) / 6.8), 'fill="#fff" class="b"') + text(left + 10, y + 64, StateValue.replace('_', ' '), 'fill="#fff"');
  }).join('');
}

/** Every sixth value is enough for the width; the last is drawn in any case, and peaks are. */
const thinned = (points) => points.filter(([hour, value], index) =>
  hour % 6 === 0 || index === points.length - 1 || (index > 0 && value > points[index - 1][1] && value > (points[index + 1]?.[1] ?? value)));

function path(points, across, up) {
  return thinned(points).map(([hour, value], index) => `${index === 0 ? 'M' : 'L'}${rounded(across(hour))} ${rounded(up(value))}`).join('');
}

function drawGraph({ title, legend }, lines, { x, y, width, height }) {
  const right = legend?.position === 'right' ? 170 : 0;
  const bottom = right ? 22 : 40;
  const frame = { left: x + 40, top: y + 34, right: x + width - 14 - right, bottom: y + height - bottom };
  const most = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const unit = 10 ** Math.floor(Math.log10(most));
  const top = [1, 1.2, 1.5, 2, 3, 4, 5, 8, 10].map((factor) => factor * unit).find((value) => value >= most * 1.02) ?? most;
  const across = (hour) => frame.left + (hour + DAYS * 24) / (DAYS * 24) * (frame.right - frame.left);
  const up = (value) => frame.bottom - value / top * (frame.bottom - frame.top);
  const grid = [0, top / 2, top].map((value) => `<path d="M${rounded(frame.left)} ${rounded(up(value))}H${rounded(frame.right)}" class="g"/>`
    + text(frame.left - 6, up(value) + 4, rounded(value), 'class="a" text-anchor="end"')).join('');
  const days = [-12, -9, -6, -3, 0].map((day) => text(across(day * 24), frame.bottom + 14, new Date(SHOWN + day * DAY).toISOString().slice(5, 10).replace('-', '/'),
    `class="a" text-anchor="${day === 0 ? 'end' : 'middle'}"`)).join('');
  const drawn = lines.map(({ points, color }, index) => `<path d="${path(points, across, up)}" class="l" stroke="${color ?? PALETTE[index % PALETTE.length]}"/>`).join('');
  let at = frame.left;
  const room = right ? Infinity : (frame.right - frame.left) / lines.length / 6.1 - 4.5;
  const legends = lines.map(({ label: whole, color }, index) => {
    const label = cut(whole, room);
    const [left, line] = right ? [frame.right + 14, frame.top + 8 + index * 18] : [at, y + height - 10];
    at += 26 + label.length * 6.1;
    return rect(left, line - 9, 10, 10, `fill="${color ?? PALETTE[index % PALETTE.length]}"`) + text(left + 15, line, label, 'class="a"');
  }).join('');
  return heading(title, { x, y, width }) + grid + days + drawn + legends;
}

function drawNumber({ title, sparkline }, [{ label, points }], { x, y, width, height }) {
  const value = points.at(-1)?.[1];
  const [low, high] = [Math.min(...points.map(([, it]) => it)), Math.max(...points.map(([, it]) => it))];
  const line = sparkline ? `<path d="${path(points, (hour) => x + 12 + (hour + DAYS * 24) / (DAYS * 24) * (width - 24),
    (it) => y + height - 14 - (it - low) / Math.max(1, high - low) * (height / 3))}" class="l" stroke="#1f77b4"/>` : '';
  return heading(title, { x, y, width }) + text(x + 12, y + 74, value === undefined ? '--' : rounded(value), 'class="n"')
    + text(x + 12, y + 92, label, 'class="a"') + line;
}

async function draw(cloudWatch, widgets) {
  const drawn = [];
  let bottom = 0;
  for (const { type, x, y, width, height, properties } of widgets) {
    const box = { x: x * COLUMN + GAP / 2, y: y * ROW + GAP / 2, width: width * COLUMN - GAP, height: height * ROW - GAP };
    bottom = Math.max(bottom, (y + height) * ROW);
    const card = rect(box.x, box.y, box.width, box.height, 'class="c"');
    const content = type === 'text' ? drawText(properties, box)
      : type === 'alarm' ? await drawAlarms(cloudWatch, properties, box)
        : properties.view === 'singleValue' ? drawNumber(properties, await linesOf(cloudWatch, properties), box)
          : drawGraph(properties, await linesOf(cloudWatch, properties), box);
    drawn.push(`<g>${card}${content}</g>`);
  }
  const [width, height] = [24 * COLUMN, bottom];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A dashboard of licenses">`,
    '<style>text{font:12px "Helvetica Neue",Helvetica,Arial,sans-serif;fill:#16191f}text[fill]{fill:#fff}.c{fill:#fff;stroke:#d5dbdb}.h{font-size:16px;font-weight:700}'
      + '.b{font-weight:700}.a{font-size:11px;fill:#545b64}.n{font-size:40px}.g{stroke:#eaeded}.l{fill:none;stroke-width:1.5}</style>',
    rect(0, 0, width, height, 'fill="#f2f3f3"'),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

async function main() {
  const template = synthesize();
  const localAws = await LocalAws.start();
  try {
    const [cloudFormation, cloudWatch] = [CloudFormationClient, CloudWatchClient].map((Client) => new Client(localAws.clientConfig));
    const resources = await deploy(cloudFormation, template);
    // Those that License Manager gives are other ones every time.
    names = { [idIn(resources.windows)]: 'lic-5d3f8a1c… (Core)', [idIn(resources.sql)]: 'lic-c07e94b2… (vCPU)' };
    await emit(cloudWatch, resources);
    const { DashboardBody } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: NAME }));
    return await draw(cloudWatch, JSON.parse(DashboardBody).widgets);
  } finally {
    await localAws.stop();
  }
}

const idIn = (arn) => arn.split(':').at(-1);

const svg = await main();
if (process.argv.includes('--check')) {
  if (readFileSync(PICTURE, 'utf8') !== svg) {
    console.error('docs/images/license-dashboard.svg is not up to date: npm run picture');
    process.exit(1);
  }
} else {
  writeFileSync(PICTURE, svg);
  console.log(`docs/images/license-dashboard.svg: ${(svg.length / 1024).toFixed(1)} KB`);
}
