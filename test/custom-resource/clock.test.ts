/*
 * The time that the handler is tested in: what the tests prove of timeouts, waits and repetitions is worth what this clock is.
 */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from './support/function';
import { LocalAws } from '../local-aws/local-aws';

const localAws = LocalAws.shared();
const realTimeout = setTimeout;
const HOUR = 3_600_000;
const NOW = Date.UTC(2030, 0, 1);

/** Runs something with the clock in the place of the real one. */
async function run<Result>(
  work: (left: () => number) => Promise<Result>, remaining = 900_000, clock = new Clock(localAws.endpoint),
): Promise<Result> {
  clock.install();
  try {
    return await clock.run(work, remaining, NOW);
  } finally {
    clock.uninstall();
  }
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Puts an answer to the local AWS and gives it up after a while, as a handler does. */
function put(patience: number, url = localAws.responseUrl('clock')): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'PUT' }, (response) => {
      clearTimeout(timer);
      response.resume().on('end', () => resolve(`HTTP status ${response.statusCode}`));
    });
    const timer = setTimeout(() => {
      sent.destroy();
      resolve(`given up after ${patience}`);
    }, patience);
    sent.on('error', () => {}).end('{}');
  });
}

afterEach(() => localAws.clearFaults());

test('a wait takes no time but that of the clock', async () => {
  const began = Date.now();
  const seen = await run(async (left) => {
    const before = [Date.now(), left()];
    await wait(HOUR);
    return [...before, Date.now(), left(), new Date().toISOString(), Date().includes('2030'), new Date() instanceof Date, new Date(0).getTime()];
  }, 2 * HOUR);
  expect(seen).toEqual([NOW, 2 * HOUR, NOW + HOUR, HOUR, '2030-01-01T01:00:00.000Z', true, true, 0]);
  expect(Date.now() - began).toBeLessThan(HOUR);
});

test('timers come in their order, and one that is cleared does not come', async () => {
  const order = await run(async () => {
    const came: string[] = [];
    const timer = setTimeout(() => came.push('cleared'), 1500);
    setTimeout((name: string) => came.push(`${name} at ${Date.now() - NOW}`), 2000, 'second');
    setTimeout(() => came.push(`first at ${Date.now() - NOW}`), 1000);
    setTimeout(() => came.push('third'), 2000);
    clearTimeout(timer);
    await wait(3000);
    return came;
  });
  expect(order).toEqual(['first at 1000', 'second at 2000', 'third']);
});

test('a slow answer is waited for, however impatient the handler is', async () => {
  const server: Server = createServer((_request, response) => {
    realTimeout(() => response.end(), 200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await run(async () => [await put(60, url), Date.now() - NOW])).toEqual(['HTTP status 200', 50]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('an answer that is held back is given up, at the time that the handler has for it', async () => {
  await localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'late' });
  expect(await run(async () => [await put(10_000), Date.now() - NOW, await put(10_000)])).toEqual(['given up after 10000', 10_000, 'HTTP status 200']);
  // It was done all the same.
  expect(await localAws.response('clock')).toEqual({});
  expect((await localAws.calls({ service: 'cloudformation-response' })).map(({ status, fault }) => [status, fault])).toEqual([[200, 'late'], [200, null]]);
  while ((await localAws.held()).length > 0) {
    await wait(5);
  }
});

test('time stands still while one of two answers is only slow', async () => {
  await localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'late' });
  const server: Server = createServer((_request, response) => {
    realTimeout(() => response.end(), 200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await run(() => Promise.all([put(10_000), put(10_000, url)]))).toEqual(['given up after 10000', 'HTTP status 200']);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('who does not end is ended, as Lambda does', async () => {
  await expect(run(() => new Promise(() => {}), 3000)).rejects.toThrow('Task timed out after 3.00 seconds');
  await expect(run(async (left) => {
    while (left() > 0) {
      await put(10_000);
    }
    await new Promise(() => {});
  }, 3000)).rejects.toThrow('Task timed out after 3.00 seconds');
});

test('what a run leaves behind goes on in the next one', async () => {
  const clock = new Clock(localAws.endpoint);
  const came: number[] = [];
  await run(async () => {
    setTimeout(() => came.push(Date.now() - NOW), 5000);
    await wait(1000);
  }, 900_000, clock);
  expect(came).toEqual([]);
  await run(() => wait(6000), 900_000, clock);
  expect(came).toEqual([5000]);
});
