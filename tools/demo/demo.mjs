// npm run demo: an empty account that gets ready, the user guide's operating-system license, and then one of everything, deployed by the real CDK CLI to a
// local AWS.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askAuditor } from './audit.mjs';
import { convertServers, seedServers, terminateServers } from './conversions.mjs';
import { Inventory } from './inventory.mjs';
import { LocalAws } from '../../test/local-aws/local-aws.ts';

const SETTINGS = 'LicenseSettings';
const LICENSE = 'LicenseExample';
const ESTATE = 'LicenseEstate';
const DESKTOP = { instanceId: 'i-0abcdef1234567890', directoryId: 'd-0123456789', products: ['REMOTE_DESKTOP_SERVICES'] };
const GRANT = 'arn:aws:license-manager::777788889999:grant:g-0abcdef1234567890abcdef123456789';
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const keep = process.argv.includes('--keep');
const started = Date.now();

const children = new Set();
let localAws;
let stopping;

main().then(
  () => stop(0),
  (error) => {
    // What breaks because everything is being stopped is no news.
    if (!stopping) {console.error(`\n${error.message ?? error}`);}
    return stop(1);
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => void stop(130));
}

async function main() {
  heading('Start the local AWS');
  localAws = await LocalAws.start({ auth: true });
  console.log(`License Manager, CloudFormation, Lambda and the rest answer at ${localAws.endpoint}`);
  const inventory = new Inventory(localAws);
  const images = await prepare();

  heading('Bootstrap it, as any account');
  await cdk(['bootstrap', `aws://${localAws.account}/${localAws.region}`], { cwd: folder('bootstrap') });

  heading('Make the empty account ready: roles, settings, the organization');
  await deploy(SETTINGS, {});
  const settings = await inventory.readSettings();
  settings.print();

  heading('Deploy the license: 96 cores, 8 to 16 a server, Dedicated Hosts, no launch over the limit');
  await deploy(LICENSE, { imageId: images.golden });
  const deployed = await inventory.read();
  deployed.print();

  heading('Deploy a change: 128 cores, another golden image');
  await deploy(LICENSE, { imageId: images.next, licenseCount: 128 });
  const changed = await inventory.read();
  changed.printDifference(deployed);

  heading('Deploy what License Manager refuses: an image that does not exist');
  const refusal = await deploy(LICENSE, { imageId: images.missing, licenseCount: 160 }, { mayFail: true });
  if (refusal.code === 0) {throw new Error('License Manager should have refused this deployment.');}
  const rolledBack = await inventory.read();
  rolledBack.printDifference(changed);
  rolledBack.assertEqual(changed, 'The rollback should have left everything as it was.');
  console.log('Rolled back: everything is as it was before.');

  heading('Deploy one of everything: hosts, asset groups, reports, licenses sold and bought, subscriptions of Linux and of users, what watches over all that');
  await deploy(ESTATE, { imageId: images.next });
  (await inventory.read()).printDifference(rolledBack);

  heading('Export the usage of a day, and ask an auditor\'s question of it');
  await askAuditor(localAws, ESTATE);

  heading('Convert servers from Windows Server BYOL to license included: two are converted, one is refused');
  await seedServers(localAws);
  await convertServers(localAws, ESTATE);
  await terminateServers(localAws);

  if (keep) {
    printHowToUse();
    await new Promise(() => {}); // until Ctrl-C
  }

  heading('Destroy, when the instance is terminated on which the directory\'s users have worked');
  await localAws.seed({ userSubscriptionInstances: [{ ...DESKTOP, health: 'terminated' }] });
  await cdk(['destroy', '--force', ESTATE, LICENSE, SETTINGS, '--app', app(), '--output', folder('destroy'), ...context({ imageId: images.next })]);
  (await inventory.read()).assertEmpty();
  (await inventory.readSettings()).assertEqual(settings, 'The settings belong to the account, and should have stayed as they were.');
  console.log('Nothing is left but the settings, on which others may rely.');
}

/** What the examples name: a golden image, its successor, and one that nobody has ever built; a grant; a directory, an instance of its users, and the group of its controllers. */
async function prepare() {
  const images = {
    golden: 'ami-0abcdef1234567890',
    next: 'ami-0fedcba9876543210',
    missing: 'ami-00000000000000bad',
  };
  const arn = (id) => `arn:aws:ec2:${localAws.region}::image/${id}`;
  await localAws.seed({
    resources: [{ arn: arn(images.golden) }, { arn: arn(images.next) }],
    receivedGrants: [{ grantArn: GRANT }],
    settings: {
      // An account at the head of an organization, in which nobody has ever opened License Manager.
      organizationManagementAccount: localAws.account,
      organizationAccounts: ['444455556666', '777788889999'],
      serviceLinkedRoles: [],
      linuxSubscriptionsDiscovery: false,
      directories: { [DESKTOP.directoryId]: { users: ['jane'] } },
      securityGroups: ['sg-0abcdef1234567890'],
    },
    userSubscriptionInstances: [DESKTOP],
  });
  return images;
}

function deploy(stack, values, options = {}) {
  return cdk([
    'deploy', stack, '--require-approval', 'never', '--progress', 'events',
    '--app', app(), '--output', folder('assembly'), ...context(values),
  ], options);
}

function app() {
  return 'ts-node --prefer-ts-exts bin/license-example.ts';
}

function context(values) {
  return Object.entries({ localAws: true, organizationArn: `arn:aws:organizations::${localAws.account}:organization/o-${localAws.account}`, ...values }).flatMap(([name, value]) => ['--context', `${name}=${value}`]);
}

async function cdk(args, { cwd = join(ROOT, 'examples', 'typescript'), mayFail = false } = {}) {
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices', '--ci'], {
    cwd,
    env: { ...process.env, ...localAws.env(), CDK_DISABLE_CLI_TELEMETRY: 'true', FORCE_COLOR: '0', TS_NODE_TRANSPILE_ONLY: 'true' },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true, // a group of its own: what the CLI starts ends with it
  });
  children.add(child);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  children.delete(child);
  if (code !== 0 && !mayFail && !stopping) {throw new Error(`cdk ${args[0]} failed with exit code ${code}`);}
  return { code };
}

const folders = new Map();
function folder(name) {
  if (!folders.has(name)) {folders.set(name, mkdtempSync(join(tmpdir(), `license-demo-${name}-`)));}
  return folders.get(name);
}

function printHowToUse() {
  heading('The local AWS stays up until you press Ctrl-C');
  console.log('In another shell, for the AWS CLI, an SDK or the CDK CLI:\n');
  // An empty AWS_PROFILE is a profile that does not exist.
  for (const [name, value] of Object.entries(localAws.env())) {console.log(value === '' ? `unset ${name}` : `export ${name}=${value}`);}
  console.log('\naws license-manager list-license-configurations');
}

function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 90 - text.length))} ${Math.round((Date.now() - started) / 1000)} s\n`);
}

/** Ends everything that was started, once, whatever the reason. */
function stop(code) {
  stopping ??= (async () => {
    for (const child of children) {
      try { process.kill(-child.pid, 'SIGTERM'); } catch { /* gone already */ }
    }
    await localAws?.stop();
    for (const path of folders.values()) {rmSync(path, { recursive: true, force: true });}
    console.log(`\n${code === 0 ? 'Done' : 'Stopped'} after ${Math.round((Date.now() - started) / 1000)} s, nothing is left running.`);
    process.exit(code);
  })();
  return stopping;
}
