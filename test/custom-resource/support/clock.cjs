'use strict';

/** How long the handler waits for an answer, in milliseconds, and how long it does so in the tests. */
const TIMEOUTS = new Map([[10_000, 250], [3_000, 250]]);

/** Whoever waits before a retry waits the five hundredth part. */
exports.faster = (setTimeout) => (callback, delay, ...args) => setTimeout(callback, TIMEOUTS.get(delay) ?? delay / 500, ...args);
