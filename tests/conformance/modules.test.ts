/**
 * PyTorch's own data base of modules, replayed: a selection of its samples (scripts/conformance/module_db.py), each
 * module one test. `node scripts/conformance/run.mjs modules` replays all of them.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Entry, type ModuleSample, read_bundle } from './bundle.ts';
import { MODULE_EXCLUSIONS, module_exclusion_of } from './exclusions.ts';
import { CHECKS, replay_module } from './modules.ts';

const bundle = read_bundle<ModuleSample>(fileURLToPath(new URL('fixtures/modules', import.meta.url)));

/** The most failures of one module that are printed. */
const MOST_SHOWN = 5;

function replay(module: Entry<ModuleSample>): void {
  const failures: string[] = [];
  const excluded = new Map((MODULE_EXCLUSIONS[module.name] ?? []).map((one) => [one, 0]));
  for (const [number, sample] of module.samples.entries()) {
    const outcome = replay_module(bundle, sample);
    for (const check of CHECKS) {
      const verdict = outcome[check];
      // Of an error the message counts too.
      if (verdict === null || (verdict.passed && (verdict.exact || sample.error === undefined))) continue;
      const exclusion = module_exclusion_of(module.name, sample, check);
      if (exclusion !== undefined) excluded.set(exclusion, excluded.get(exclusion)! + 1);
      else failures.push(`sample ${number} (${sample.dtype}, ${sample.mode}, ${check}): ${verdict.reason!}`);
    }
  }
  const shown = failures.slice(0, MOST_SHOWN).join('\n');
  expect(failures.length, `${failures.length} failures in ${module.samples.length} samples:\n${shown}\n`).toBe(0);
  for (const [{ reason }, failed] of excluded) {
    expect(failed, `"${reason}" in exclusions.ts: nothing fails for it any more`).toBeGreaterThan(0);
  }
}

test.each(bundle.ops.map((module) => [module.name, module] as const))('%s', (_, module) => replay(module));

test('exclusions name modules that there are', () => {
  const names = new Set(bundle.ops.map(({ name }) => name));
  expect(Object.keys(MODULE_EXCLUSIONS).filter((name) => !names.has(name))).toEqual([]);
});

test('the fixtures hold all modules, gradients and errors', () => {
  expect(bundle.ops.filter(({ samples }) => samples.length > 0).length).toBeGreaterThan(110);
  const samples = bundle.ops.flatMap((module) => module.samples);
  expect(samples.length).toBeGreaterThan(1200);
  expect(samples.filter((sample) => sample.gradient !== undefined).length).toBeGreaterThan(1000);
  expect(samples.filter((sample) => sample.error !== undefined).length).toBeGreaterThan(75);
});
