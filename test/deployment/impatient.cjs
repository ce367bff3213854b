/*
 * Preloaded into the CDK CLI by the deployment tests. The CLI asks CloudFormation every two and every five seconds how far it is, which is kind to the
 * real one and a waste of time with one on the same machine. Nothing else of the CLI is touched.
 */
'use strict';

const { promisify } = require('node:util');

const wait = globalThis.setTimeout;
const POLLING = [2_000, 5_000];

globalThis.setTimeout = (callback, ms, ...args) => wait(callback, POLLING.includes(ms) ? 100 : ms, ...args);
globalThis.setTimeout[promisify.custom] = wait[promisify.custom];
