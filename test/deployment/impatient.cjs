/*
 * Preloaded into the CDK CLI, and into the functions of stacks, by the deployment tests. The CLI asks CloudFormation every two and every five seconds how far it is,
 * and the function of the custom resources asks services every five seconds, which is kind to the real ones and a waste of time with those on the same machine. Nothing
 * else of them is touched.
 */
'use strict';

const { promisify } = require('node:util');

const wait = globalThis.setTimeout;
const POLLING = [2_000, 5_000];

globalThis.setTimeout = (callback, ms, ...args) => wait(callback, POLLING.includes(ms) ? 100 : ms, ...args);
globalThis.setTimeout[promisify.custom] = wait[promisify.custom];
