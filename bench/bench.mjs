// npm run bench: what this library costs on top of what it stands on. Prints medians of ratios, measured in one run, warmed up.
import { runSynthesis } from './synthesis.mjs';
import { runLoading } from './loading.mjs';
import { runHandler } from './handler.mjs';
import { runExport } from './export.mjs';
import { runTransitions } from './transitions.mjs';

const results = [
  ...await runSynthesis(), ...await runLoading(), ...await runHandler(), ...runTransitions(), ...await runExport(),
];

const width = Math.max(...results.map(({ what }) => what.length));
console.log();
for (const { what, ours, base, unit, value, limit } of results) {
  const ok = value <= limit;
  const figures = base === undefined ? '' : `   ${ours.toFixed(1)} ${unit} against ${base.toFixed(1)} ${unit}`;
  const judgement = limit === Infinity ? '' : `(at most ${limit.toFixed(2)})  ${ok ? 'ok' : 'TOO MUCH'}`;
  console.log(`${what.padEnd(width)}  ${value.toFixed(2).padStart(7)}  ${judgement.padEnd(26)}${figures}`);
}
