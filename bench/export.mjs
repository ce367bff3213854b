// The function of the usage export: how fast it writes what it reads, against reading alone, and whether its memory stays flat over many records.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { options } from '../tools/bundle.mjs';
import { median } from './measure.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'assets', 'usage-export', 'index.js');

const FEW = 10_000;
const MANY = 100_000;
const PAGE = 100;
const REPETITIONS = 3;

export async function runExport() {
  console.log('Exporting usage');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const { server, endpoint } = await serve();
  try {
    const reader = join(folder, 'index.js');
    await build({ ...options, outfile: reader, write: true, stdin: { contents: READ_ONLY, resolveDir: root, loader: 'js' } });
    const runs = { ours: [], base: [] };
    for (let i = -1; i < REPETITIONS; i++) {
      for (const [name, file] of i % 2 ? [['ours', bundle], ['base', reader]] : [['base', reader], ['ours', bundle]]) {
        const milliseconds = await inLambda(file, endpoint, MANY);
        if (i >= 0) {runs[name].push(milliseconds);}
      }
    }
    const [few, many] = [await liveMegabytes(endpoint, FEW), await liveMegabytes(endpoint, MANY)];
    const [ours, base] = ['ours', 'base'].map((name) => median(runs[name]));
    return [
      {
        what: `export of ${MANY.toLocaleString('en')} records against reading them`, ours, base, unit: 'ms', limit: 2.00,
        value: median(runs.ours.map((milliseconds, i) => milliseconds / runs.base[i])),
      },
      { what: 'records a second of the export, thousands', value: MANY / ours, limit: Infinity },
      { what: `memory in use for ${MANY.toLocaleString('en')} records against ${FEW.toLocaleString('en')}`, ours: many, base: few, unit: 'MB', value: many / few, limit: 1.25 },
    ];
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** License Manager and Amazon S3, as fast as they can be: what they answer is there already. */
export async function serve() {
  const page = (records, NextToken) => JSON.stringify({
    LicenseConfigurationUsageList: Array.from({ length: records }, (_, index) => ({
      ResourceArn: `arn:aws:ec2:us-east-1:111122223333:instance/i-${String(index).padStart(17, '0')}`, ResourceType: 'EC2_INSTANCE', ResourceStatus: 'running',
      ResourceOwnerId: '111122223333', AssociationTime: 1_780_000_000, ConsumedLicenses: 4,
    })), NextToken,
  });
  const full = page(PAGE, 'TOKEN');
  const server = createServer((request, response) => {
    let body = '';
    const isLicenseManager = 'x-amz-target' in request.headers;
    request.on('data', (chunk) => { body += isLicenseManager ? chunk : ''; });
    request.on('end', () => {
      if (!isLicenseManager) {
        response.writeHead(200, { 'Content-Type': 'application/xml', 'ETag': '"e"' });
        response.end(request.method === 'POST' ? '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>' : '');
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' });
      if (request.headers['x-amz-target'].endsWith('.GetLicenseConfiguration')) {
        response.end('{"Name":"windows"}');
        return;
      }
      // How many there are is in the license, and how many have come in the token.
      const { LicenseConfigurationArn, NextToken = '0' } = JSON.parse(body);
      const come = Number(NextToken) + PAGE;
      response.end(come < Number(LicenseConfigurationArn.split('-').pop()) ? full.replace('TOKEN', String(come)) : page(PAGE));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, endpoint: `http://127.0.0.1:${server.address().port}` };
}

/** The milliseconds on the clock that an export takes in a process of its own, since it waits for answers. */
export async function inLambda(file, endpoint, records) {
  return (await run(file, endpoint, records)).milliseconds;
}

/** The most memory that an export has in use. What it no longer uses is no growth, and how long that lies about is V8's affair: it is collected before each look. */
async function liveMegabytes(endpoint, records) {
  return (await run(bundle, endpoint, records, ['--expose-gc'])).megabytes;
}

function run(file, endpoint, records, flags = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, '-e', `
        const { handler } = require(${JSON.stringify(file)});
        (async () => {
          let bytes = 0;
          const look = () => {
            gc();
            const { heapUsed, external } = process.memoryUsage();
            bytes = Math.max(bytes, heapUsed + external);
          };
          const looks = globalThis.gc && setInterval(look, 50);
          const start = process.hrtime.bigint();
          await handler({
            subject: 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${records}', scheduledTime: new Date().toISOString(), run: 'run',
            settings: { bucket: 'bucket', bucketRegion: 'us-east-1', prefix: '', timeZone: 'Etc/UTC', tables: ['usage'] },
          }, { awsRequestId: 'a', invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', getRemainingTimeInMillis: () => 900_000 });
          const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
          clearInterval(looks);
          process.send({ milliseconds, megabytes: bytes / 1e6 }, () => process.exit());
        })().catch((error) => { console.error(error); process.exit(1); });
      `], {
      env: { ...process.env, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', resolve).once('error', reject).once('exit', (code) => code && reject(new Error(`The export ended with ${code}`)));
  });
}

/** Reads the same pages with the same client, and writes nothing. */
const READ_ONLY = `
  import { LicenseManagerClient, ListUsageForLicenseConfigurationCommand } from '@aws-sdk/client-license-manager';
  const client = new LicenseManagerClient({ credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  export async function handler({ subject: LicenseConfigurationArn }) {
    let NextToken;
    do {
      ({ NextToken } = await client.send(new ListUsageForLicenseConfigurationCommand({ LicenseConfigurationArn, NextToken })));
    } while (NextToken);
  }
`;
