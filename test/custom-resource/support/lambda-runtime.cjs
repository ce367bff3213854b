/*
 * Runs a handler as Lambda does: a process of its own, with the environment of a function, one event after the other.
 *
 * Started by function.ts with the path of the handler. Each message of the parent is { event, context }; the answer is { result?, error?, errorName?, ended }. After it
 * comes END on the standard output and on the standard error: they come by other pipes than the message. The time is that of clock.cjs.
 */
'use strict';

const { Clock } = require('./clock.cjs');

const END = '\n\0end\n';

const clock = new Clock(process.env.AWS_ENDPOINT_URL);
clock.install();

const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:f';

const { handler } = require(process.argv[2]);

process.on('message', async ({ event, context }) => {
  const { remaining, now, ...plain } = context;
  const answer = {};
  try {
    answer.result = await clock.run((left) => handler(event, { invokedFunctionArn: FUNCTION, ...plain, getRemainingTimeInMillis: left }), remaining, now);
  } catch (error) {
    Object.assign(answer, { error: error.message, errorName: error.name, timedOut: error.timedOut });
  }
  process.stdout.write(END);
  process.stderr.write(END);
  process.send({ ...answer, ended: clock.time });
});
// What the SDK loads with its first call is loaded now.
import('node:http').then(() => process.send({ ready: true }));
