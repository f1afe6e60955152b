/**
 * PyTorch's own data base of operators, replayed: a selection of its samples (scripts/conformance/op_db.py), each
 * operator one test. `node scripts/conformance/run.mjs` replays all of them.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Operator, read_bundle, type Sample } from './bundle.ts';
import { EXCLUSIONS, exclusion_of } from './exclusions.ts';
import { replay, type Verdict } from './replay.ts';

const bundle = read_bundle(fileURLToPath(new URL('fixtures/operators', import.meta.url)));

/** The part of the namespace that an operator is in. */
function namespace_of({ name }: Operator): string {
  return /^(nn\.functional|linalg|special|fft|signal\.windows|masked|sparse)\./.exec(name)?.[1] ?? 'torch';
}

/** What stands before the reason of a failure. */
function title(sample: Sample, what: string): string {
  return `${sample.calls.at(-1)!.f} (${sample.kind}, ${sample.dtype}, ${what})`;
}

/** The most failures of one operator that are printed. */
const MOST_SHOWN = 5;

function replay_operator(operator: Operator): void {
  const failures: string[] = [];
  const excluded = new Map((EXCLUSIONS[operator.name] ?? []).map((one) => [one, { passed: 0, failed: 0 }]));
  const judge = (sample: Sample, what: 'result' | 'gradient', verdict: Verdict | null) => {
    if (verdict === null) return;
    const counts = excluded.get(exclusion_of(operator.name, sample, what)!);
    if (counts !== undefined) counts[verdict.passed ? 'passed' : 'failed']++;
    else if (!verdict.passed) failures.push(`${title(sample, what)}: ${verdict.reason!}`);
  };
  for (const sample of operator.samples) {
    const { result, gradient } = replay(bundle, sample);
    judge(sample, 'result', result);
    judge(sample, 'gradient', gradient);
  }
  const shown = failures.slice(0, MOST_SHOWN).join('\n');
  expect(failures.length, `${failures.length} of ${operator.samples.length} samples:\n${shown}\n`).toBe(0);
  for (const [{ reason, some }, { passed, failed }] of excluded) {
    expect(failed, `"${reason}" in exclusions.ts: nothing fails for it any more`).toBeGreaterThan(0);
    if (some !== true) expect(passed, `"${reason}" in exclusions.ts: some of it passes`).toBe(0);
  }
}

const operators = bundle.ops.filter((operator) => operator.samples.length > 0);
const namespaces = new Set(operators.map(namespace_of));

describe.each([...namespaces])('%s', (namespace) => {
  test.each(operators.filter((one) => namespace_of(one) === namespace).map((one) => [one.name, one] as const))(
    '%s',
    (_, operator) => replay_operator(operator),
  );
});

test('exclusions name operators that there are', () => {
  const names = new Set(operators.map(({ name }) => name));
  expect(Object.keys(EXCLUSIONS).filter((name) => !names.has(name))).toEqual([]);
});

test('the fixtures hold most operators, and gradients', () => {
  expect(operators.length).toBeGreaterThan(680);
  const samples = operators.flatMap((operator) => operator.samples);
  expect(samples.length).toBeGreaterThan(8000);
  expect(samples.filter((sample) => sample.gradient !== undefined).length).toBeGreaterThan(4000);
});
