/**
 * Gradients through steps that are recorded, beside Python's, for every optimizer that records them and each of its
 * settings (scripts/fixtures/optim_differentiable.py).
 */
import torch, { optim, type Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of, read_fixture } from '../expected.ts';

type Numbers = number | Numbers[];
type Written = null | number | boolean | { tensor: number } | Written[];

interface Case {
  name: string;
  options: Record<string, Written>;
  lr: boolean;
  betas: boolean;
  error?: [name: string, message: string];
  param: Numbers;
  grads: Record<string, Numbers | null>;
}

const { start, steps, cases } = read_fixture<{ start: number[][]; steps: number; cases: Case[] }>(
  'optim_differentiable',
);

type Constructor = new (params: Tensor[], options: Record<string, unknown>) => optim.Optimizer;

function read(value: Written): unknown {
  if (Array.isArray(value)) return value.map(read);
  return typeof value === 'object' && value !== null ? torch.tensor(value.tensor) : value;
}

const double = (value: unknown): Tensor =>
  torch.tensor(value as number[], { dtype: torch.float64, requires_grad: true });

/** As `run` of the script. */
function run({ name, options, lr, betas }: Case): { param: Tensor; inputs: Record<string, Tensor> } {
  const leaf = double(start);
  const param = leaf.clone();
  const given: Record<string, unknown> = { differentiable: true };
  for (const [key, value] of Object.entries(options)) given[key] = read(value);
  const inputs: Record<string, Tensor> = { leaf };
  if (lr) given['lr'] = inputs['lr'] = double(0.125);
  if (betas) given['betas'] = [(inputs['beta1'] = double(0.875)), (inputs['beta2'] = double(0.96875))];
  const optimizer = new (optim as unknown as Record<string, Constructor>)[name]!([param], given);
  for (let step = 0; step < steps; step++) {
    const here = param.clone();
    param.grad = here
      .mul(leaf)
      .mul(step + 1)
      .add(leaf.sin())
      .sub(here.mul(0.25));
    optimizer.step();
  }
  param.mul(torch.arange(1, 7).reshape([2, 3])).sum().backward();
  return { param, inputs };
}

function expect_close(actual: Tensor | null, expected: Numbers | null, what: string): void {
  if (expected === null || actual === null) return expect(actual, what).toBe(expected);
  torch.testing.assert_close(actual.detach(), torch.tensor(expected as number[], { dtype: torch.float64 }), {
    rtol: 1e-9,
    atol: 1e-11,
    msg: (text: string) => `${what}: ${text}`,
  });
}

describe('gradients through three steps', () => {
  const titled = cases.map((expected) => {
    const { name, options, lr, betas } = expected;
    return [`${name} ${JSON.stringify({ ...options, ...(lr && { lr }), ...(betas && { betas }) })}`, expected] as const;
  });

  test.each(titled)('%s', (_, expected) => {
    if (expected.error !== undefined) return expect(error_of(() => run(expected))).toEqual(expected.error);
    const { param, inputs } = run(expected);
    expect_close(param, expected.param, 'the parameter');
    for (const [name, grad] of Object.entries(expected.grads)) expect_close(inputs[name]!.grad, grad, `of ${name}`);
  });
});
