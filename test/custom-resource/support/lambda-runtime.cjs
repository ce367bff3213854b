/*
 * Runs a handler as Lambda does: a process of its own, with the environment of a function, one event after the other.
 *
 * Started by bundle.ts with the path of the handler. Each message of the parent is { event, context }; the answer is { error? }.
 * Time runs faster, see clock.cjs.
 */
'use strict';

const { faster } = require('./clock.cjs');

globalThis.setTimeout = faster(globalThis.setTimeout);

const { handler } = require(process.argv[2]);

process.on('message', async ({ event, context }) => {
  const { remaining, ...plain } = context;
  const started = Date.now();
  try {
    await handler(event, { invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', ...plain, getRemainingTimeInMillis: () => remaining - (Date.now() - started) });
    process.send({});
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.send({ ready: true });
