import { spawnSync } from 'node:child_process';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Milliseconds of processor time that something takes. What else the machine does would be a part of the time on the clock.
 *
 * @returns the milliseconds, and what it returns
 */
export function timed(work) {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { milliseconds: (user + system) / 1e3, result };
}

/**
 * Runs two things in turns, so that what else the machine does hits both alike.
 *
 * @returns the medians, and the median of the ratios of each pair
 */
export function compare(ours, base, { warmUps, repetitions }) {
  const times = { ours: [], base: [] };
  for (let i = -warmUps; i < repetitions; i++) {
    const pair = i % 2 ? [['ours', ours], ['base', base]] : [['base', base], ['ours', ours]];
    for (const [name, measure] of pair) {
      const time = measure();
      if (i >= 0) {times[name].push(time);}
    }
  }
  return {
    ours: median(times.ours),
    base: median(times.base),
    ratio: median(times.ours.map((time, i) => time / times.base[i])),
  };
}

/** Milliseconds that a script reports for itself, in a process of its own: on the clock, because reading files is part of loading. */
export function inFreshProcess(script) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', `
    const start = process.hrtime.bigint();
    ${script};
    process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));
  `], { encoding: 'utf8' });
  if (status !== 0) {throw new Error(stderr);}
  return Number(stdout);
}
