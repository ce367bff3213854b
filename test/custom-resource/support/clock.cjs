/*
 * The time of the function, which no real time gets into.
 *
 * Timers do not run: when the function waits for nothing but timers, the clock jumps to the next one. While an HTTP request is on its way, no
 * time passes, however slow the machine is, unless the local AWS says that it holds the answer back (a fault of the kind `late`): then the
 * request is one of the things that the function waits for in vain, and the next timer is the one that gives it up. So whether a timeout
 * occurs is decided by what a test has ordered, and a wait of an hour takes no time.
 *
 * A call takes CALL milliseconds of this time, so that a function that does nothing but calls runs out of it as well.
 */
'use strict';

const { subscribe, unsubscribe } = require('node:diagnostics_channel');

/** How long a call takes, in milliseconds. */
const CALL = 50;

/** How many turns of the event loop without anything happening mean that nothing will, but for timers. */
const TURNS = 10;

/** How often the local AWS is asked whether it holds an answer back, in real milliseconds. */
const ASK = 20;

const STARTED = 'http.client.request.start';

class Clock {
  /**
   * @param endpoint where the local AWS is
   * @param scope    what has setTimeout, clearTimeout and Date: the global object
   */
  constructor(endpoint, scope = globalThis) {
    this.endpoint = endpoint;
    this.scope = scope;
    this.real = { setTimeout: scope.setTimeout, clearTimeout: scope.clearTimeout, Date: scope.Date };
    this.timers = new Map();
    this.ids = 0;
    this.time = this.real.Date.now();
    this.requests = new Set();
    this.running = false;
    this.driving = false;
    this.quiet = 0;
    this.started = ({ request }) => this.track(request);
  }

  /** Takes the place of the timers and of the date. */
  install() {
    const clock = this;
    this.scope.setTimeout = (callback, delay, ...args) => this.add(callback, delay, args);
    this.scope.clearTimeout = (timer) => this.timers.delete(Number(timer));
    this.scope.Date = new Proxy(this.real.Date, {
      construct: (target, args, as) => Reflect.construct(target, args.length > 0 ? args : [clock.time], as === clock.scope.Date ? target : as),
      apply: () => new clock.real.Date(clock.time).toString(),
      get: (target, name) => name === 'now' ? () => clock.time : Reflect.get(target, name),
    });
    subscribe(STARTED, this.started);
  }

  uninstall() {
    Object.assign(this.scope, this.real);
    unsubscribe(STARTED, this.started);
  }

  /**
   * Runs a function until it is done, or its time is up, as Lambda does.
   *
   * Between two runs nothing happens: timers that are left behind go on in the next one.
   *
   * @param work      is given how many milliseconds are left
   * @param remaining how many milliseconds it has
   * @param now       when it begins: by default now, in real time
   */
  async run(work, remaining, now = this.real.Date.now()) {
    this.time = now;
    this.running = true;
    const end = now + remaining;
    let timer;
    const timeout = new Promise((_resolve, reject) => {
      timer = this.add(() => reject(Object.assign(new Error(`Task timed out after ${(remaining / 1000).toFixed(2)} seconds`), { timedOut: true })),
        remaining, []);
    });
    try {
      return await Promise.race([work(() => end - this.time), timeout]);
    } finally {
      this.timers.delete(Number(timer));
      this.running = false;
    }
  }

  add(callback, delay, args) {
    const id = ++this.ids;
    this.timers.set(id, { at: this.time + Math.max(1, Number(delay) || 1), callback, args });
    this.happened();
    const timer = { ref: () => timer, unref: () => timer, hasRef: () => true, [Symbol.toPrimitive]: () => id };
    return timer;
  }

  track(request) {
    this.time += CALL;
    this.requests.add(request);
    this.happened();
    request.once('close', () => {
      this.requests.delete(request);
      this.happened();
    });
  }

  /** Something has happened, so that more of it is to be expected. */
  happened() {
    this.quiet = 0;
    if (!this.driving) {
      this.driving = true;
      setImmediate(() => this.drive());
    }
  }

  async drive() {
    while (this.running && this.timers.size > 0) {
      if (this.requests.size > 0) {
        await new Promise((resolve) => this.real.setTimeout.call(this.scope, resolve, ASK));
        // What is held stays so until the function gives it up.
        if (this.requests.size > 0 && await this.holdsAll([...this.requests]) && this.running) {
          this.fire();
        }
      } else if (this.quiet < TURNS || isBusy()) {
        this.quiet++;
        await new Promise((resolve) => setImmediate(resolve));
      } else {
        this.fire();
      }
    }
    this.driving = false;
  }

  /** Whether the local AWS holds back the answers to all of these requests. */
  async holdsAll(requests) {
    // Over a connection of its own: see local-aws.ts.
    const response = await fetch(`${this.endpoint}/_local-aws/held`, { headers: { connection: 'close' } });
    const ports = (await response.json()).map(({ port }) => port);
    return requests.every(({ socket }) => ports.includes(socket?.localPort))
      // Another one may have been made in the meantime.
      && [...this.requests].every((request) => requests.includes(request));
  }

  fire() {
    let next;
    for (const [id, { at }] of this.timers) {
      if (next === undefined || at < this.timers.get(next).at) {
        next = id;
      }
    }
    const { at, callback, args } = this.timers.get(next);
    this.timers.delete(next);
    this.time = Math.max(this.time, at);
    this.quiet = 0;
    callback(...args);
  }
}

/** Whether the process waits for something that is neither a timer nor a connection, such as a file. */
function isBusy() {
  return process.getActiveResourcesInfo().some((name) => /Req|Job/.test(name));
}

module.exports = { Clock };
