/**
 * Modules, functions and initializers against PyTorch's: fresh parameters by seed, what is printed, outputs, gradients,
 * buffers, and where the random stream stands afterwards (scripts/fixtures/nn.py).
 */
import torch, { nn, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  arguments_of,
  expect_numbers,
  fixtures,
  make_inputs,
  make_module,
  outputs_of,
  title,
  type InferenceCase,
  type Numbers,
} from './fixtures.ts';
import { thrown_by } from '../expected.ts';

type AnyFunction = (...args: unknown[]) => unknown;

beforeAll(() => {
  // Some cases take arguments that are deprecated.
  process.removeAllListeners('warning');
  torch.set_num_threads(1);
});

function expect_each(
  actual: Map<string, Tensor>,
  expected: Record<string, Numbers | string>,
  what: string,
  exact: boolean,
): void {
  expect([...actual.keys()], what).toEqual(Object.keys(expected));
  for (const [name, tensor] of actual) {
    const wanted = expected[name]!;
    if (typeof wanted === 'string') expect(tensor.__repr__()).toBe(wanted);
    else expect_numbers(tensor, wanted, `${what} ${name}`, exact);
  }
}

/** The number that the script differentiates: the outputs, weighted from -1 to 1. */
function loss_of(outputs: readonly Tensor[]): Tensor | null {
  const terms = outputs
    .filter((x) => x.is_floating_point())
    .map((x) => x.mul(torch.linspace(-1, 1, x.numel()).reshape(x.shape)).sum());
  return terms.reduce((sum, term) => sum.add(term));
}

describe('modules', () => {
  test.each(fixtures.modules.map((expected) => [title(expected), expected] as const))('%s', (_, expected) => {
    torch.manual_seed(fixtures.seed);
    const module = make_module(expected);
    expect(String(module)).toBe(expected.repr);
    expect_each(module.state_dict(), expected.initial, 'initial', true);

    const inputs = make_inputs(expected.inputs);
    const outputs = outputs_of(module(...inputs));
    expect(outputs).toHaveLength(expected.outputs.length);
    outputs.forEach((x, i) => expect_numbers(x, expected.outputs[i]!, `output ${i}`));

    if (expected.became !== undefined) {
      expect(String(module)).toBe(expected.became);
      expect_each(new Map(module.named_parameters()), expected.drawn!, 'drawn', true);
    }

    const loss = loss_of(outputs);
    expect(loss?.requires_grad ?? false).toBe(expected.input_grads !== undefined);
    if (expected.input_grads !== undefined) {
      loss!.backward();
      const given = outputs_of(inputs);
      expect(given).toHaveLength(expected.input_grads.length);
      expected.input_grads.forEach((grad, i) => {
        const x = given[i] as unknown;
        const actual = x instanceof torch.Tensor && x.is_leaf ? x.grad : null;
        if (grad === null) expect(actual).toBeNull();
        else expect_numbers(actual!, grad, `gradient of input ${i}`);
      });
      const grads = module
        .named_parameters()
        .filter(([, param]) => param.grad !== null)
        .map(([name, param]) => [name, param.grad!] as const);
      expect_each(new Map(grads), expected.grads!, 'gradient of', false);
    }
    expect_each(new Map(module.named_buffers()), expected.buffers ?? {}, 'buffer', false);

    if (expected.evaluated !== undefined) {
      module.eval();
      const evaluated = torch.no_grad(() => outputs_of(module(...inputs)));
      evaluated.forEach((x, i) => expect_numbers(x, expected.evaluated![i]!, `evaluated output ${i}`));
    }
    expect(torch.rand([]).item()).toBe(expected.after);
  });
});

describe('inference: nested tensors and mixed precision', () => {
  const titled = fixtures.inference.map((expected) => {
    const { inputs, autocast, train, grad } = expected;
    return [`${title(expected)} of ${JSON.stringify(inputs)}, ${JSON.stringify({ autocast, train, grad })}`, expected];
  });
  test.each(titled as [string, InferenceCase][])('%s', (_, expected) => {
    torch.manual_seed(fixtures.seed);
    const module = make_module(expected).train(expected.train);
    const inputs = make_inputs(expected.inputs);
    const run = () => {
      torch.set_autocast_enabled('cpu', expected.autocast);
      try {
        return outputs_of(expected.grad ? module(...inputs) : torch.no_grad(() => module(...inputs) as unknown));
      } finally {
        torch.set_autocast_enabled('cpu', false);
        torch.clear_autocast_cache();
      }
    };
    if (expected.outputs === undefined) {
      const error = thrown_by(run) as Error;
      expect([error.name, error.message]).toEqual([expected.error, expected.message]);
      return;
    }
    const outputs = run();
    expect(outputs).toHaveLength(expected.outputs.length);
    outputs.forEach((x, i) => {
      expect_numbers(x.is_nested ? torch.ops.aten.to_padded_tensor(x, 0) : x, expected.outputs![i]!, `output ${i}`);
    });
  });
});

describe('errors', () => {
  test.each(
    fixtures.errors.map((expected) => [`${title(expected)} of ${JSON.stringify(expected.inputs)}`, expected] as const),
  )(
    '%s',
    (_, expected) => {
      torch.manual_seed(fixtures.seed);
      const use = (): unknown => {
        const module = make_module(expected);
        if (expected.inputs === null) throw new Error('making the module should have failed');
        return module(...make_inputs(expected.inputs));
      };
      let error: unknown;
      try {
        use();
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(Error);
      expect([(error as Error).name, (error as Error).message]).toEqual([expected.error, expected.message]);
    },
  );
});

describe('init', () => {
  test.each(
    fixtures.inits.map((expected) => [`${title(expected)} of ${JSON.stringify(expected.shape)}`, expected] as const),
  )(
    '%s',
    (_, expected) => {
      torch.manual_seed(fixtures.seed);
      const dtype = expected.dtype === 'float64' ? torch.float64 : torch.float32;
      // A parameter, to see that nothing is recorded.
      const tensor = new nn.Parameter(torch.zeros(expected.shape, { dtype }));
      const initialize = nn.init[expected.name as 'uniform_'] as unknown as AnyFunction;
      expect(initialize(tensor, ...arguments_of(expected))).toBe(tensor);
      expect(tensor.requires_grad && tensor.is_leaf).toBe(true);
      // The QR decomposition may round differently elsewhere; everything else is drawn.
      expect_numbers(tensor, expected.result, expected.name, expected.name !== 'orthogonal_');
      expect(torch.rand([]).item()).toBe(expected.after);
    },
  );
});

describe('functional', () => {
  test.each(fixtures.functions.map((expected) => [title(expected), expected] as const))('%s', (_, expected) => {
    torch.manual_seed(fixtures.seed);
    const inputs = make_inputs(expected.inputs);
    const fn = nn.functional[expected.name as 'softmax'] as unknown as AnyFunction;
    const outputs = outputs_of(fn(...inputs, ...arguments_of(expected)));
    expect(outputs).toHaveLength(expected.outputs.length);
    outputs.forEach((x, i) => expect_numbers(x, expected.outputs[i]!, `output ${i}`));
    expect(torch.rand([]).item()).toBe(expected.after);
  });
});
