import { spawnSync } from 'node:child_process';
import { cacheFolder } from '../../../src/command/local/cache';
import { applied, environmentOf, shellText } from '../../../src/command/local/environment';

const CALLER = { endpoint: 'http://127.0.0.1:4000', account: '222233334444', region: 'eu-west-1' };
const ENV = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4000',
  AWS_ACCESS_KEY_ID: '222233334444',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  CDK_DEFAULT_ACCOUNT: '222233334444',
  CDK_DEFAULT_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};
/** What somebody has set who works with AWS. */
const AROUND = {
  PATH: '/bin', AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'secret', AWS_ACCESS_KEY_ID: 'AKIA', AWS_ENDPOINT_URL_S3: 'https://s3.example.com', AWS_CA_BUNDLE: '/ca.pem',
};

test('the environment of a caller leads to the local AWS, and takes nothing from elsewhere', () => {
  expect(applied(environmentOf(CALLER, AROUND), AROUND)).toEqual({ ...ENV, PATH: '/bin', AWS_CA_BUNDLE: '/ca.pem' });
});

test.each([
  [{ HTTPS_PROXY: 'http://proxy:3128' }, '127.0.0.1'],
  [{ http_proxy: 'http://proxy:3128', NO_PROXY: 'a.example.com,b.example.com', no_proxy: 'a.example.com,b.example.com' }, 'a.example.com,b.example.com,127.0.0.1'],
  [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' }, '127.0.0.1'],
])('a proxy is not asked for it: %j', (around, expected) => {
  expect(environmentOf(CALLER, around).env).toEqual({ ...ENV, NO_PROXY: expected, no_proxy: expected });
});

test('a shell takes it over, whatever the values are', () => {
  const region = "it's $HOME `here`";
  const text = shellText(environmentOf({ ...CALLER, region }, AROUND));
  const { stdout } = spawnSync('sh', ['-c', 'eval "$1"; env', 'sh', text], { encoding: 'utf8', env: AROUND });
  const variables = Object.fromEntries(stdout.trim().split('\n').map(line => line.split(/=(.*)/s)));
  expect(variables).toMatchObject({ ...ENV, AWS_REGION: region, AWS_DEFAULT_REGION: region, CDK_DEFAULT_REGION: region });
  expect(Object.keys(variables)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^AWS_(PROFILE|SESSION_TOKEN|ENDPOINT_URL_.*)$/)]));
});

test.each<[env: { [name: string]: string }, platform: NodeJS.Platform, folder: string]>([
  [{ HOME: '/home/jane' }, 'linux', '/home/jane/.cache/cdk-license-manager'],
  [{ HOME: '/Users/jane' }, 'darwin', '/Users/jane/Library/Caches/cdk-license-manager'],
  [{ HOME: '/home/jane', XDG_CACHE_HOME: '/var/cache' }, 'linux', '/var/cache/cdk-license-manager'],
  [{ HOME: '/Users/jane', XDG_CACHE_HOME: '/var/cache' }, 'darwin', '/var/cache/cdk-license-manager'],
])('what is kept of %j on %s is in %s', (env, platform, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder);
});
