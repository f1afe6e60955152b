/** Layers called with their arguments by name, which are Python's (scripts/fixtures/nn_forwards.py). */
import torch, { nn } from 'tstorch';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { read_fixture, thrown_by } from '../expected.ts';
import { fixtures, make_inputs, make_module, outputs_of, title } from './fixtures.ts';
import type { ModuleCase } from './fixtures.ts';

interface Forward {
  names: string[];
  required: number;
  missing: string;
  unexpected: string;
}

const forwards = read_fixture<Record<string, Forward>>('nn_forwards');
/** One case of each class. */
const cases = new Map(fixtures.modules.filter(({ name }) => name in forwards).map((of) => [of.name, of]));
/** They hand on whatever they are given, objects of other names, too. */
const TAKES_ANYTHING = ['Identity', 'Sequential'];

beforeAll(() => {
  process.removeAllListeners('warning');
});

type Call = (...args: unknown[]) => unknown;

/** What a module made for a case gives for a call. */
function call(of: ModuleCase, arguments_for: (inputs: unknown[]) => unknown[]): number[][] {
  torch.manual_seed(fixtures.seed);
  const module = make_module(of);
  const inputs = make_inputs(of.inputs);
  const outputs = (module as unknown as Call)(...arguments_for(inputs));
  return outputs_of(outputs).map((output) => output.detach().flatten().tolist() as number[]);
}

describe('by name', () => {
  test.each([...cases.values()].map((of) => [title(of), of] as const))('%s', (_, of) => {
    const { names } = forwards[of.name]!;
    const given = of.inputs.length;
    const expected = call(of, (inputs) => inputs);
    for (let by_position = 0; by_position < given; by_position++) {
      const got = call(of, (inputs) => [
        ...inputs.slice(0, by_position),
        // In another order than that of the parameters.
        Object.fromEntries(
          inputs
            .map((input, i) => [names[i]!, input] as const)
            .slice(by_position)
            .reverse(),
        ),
      ]);
      expect(got).toEqual(expected);
    }
  });

  test('all classes are there', () => {
    expect(Object.keys(forwards).filter((name) => !cases.has(name))).toEqual(['Sequential']);
  });
});

describe('errors', () => {
  test.each([...cases.values()].map((of) => [of.name, of] as const))('%s', (name, of) => {
    const module = make_module(of) as unknown as Call;
    const { missing, unexpected, required, names } = forwards[name]!;
    // It is another method of theirs that looks at the input first.
    const method = name.startsWith('Lazy') ? 'initialize_parameters' : 'forward';
    expect(thrown_by(() => module()), 'nothing').toMatchObject({
      name: 'TypeError',
      message: missing.replace('forward', method),
    });
    if (name.startsWith('Lazy') || TAKES_ANYTHING.includes(name)) return;
    expect(thrown_by(() => module({ surprise: 1 })), 'a name too many').toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining(unexpected) as string,
    });
    const inputs = Array.from({ length: required }, () => torch.ones(1));
    expect(thrown_by(() => module(...inputs, { [names[0]!]: inputs[0] })), 'one twice').toMatchObject({
      message: `forward() got multiple values for argument '${names[0]!}'`,
    });
  });
});

describe('modules of the user', () => {
  class Scaled extends nn.Linear {
    override forward(x: torch.Tensor, { scale = 1 }: { scale?: number } = {}): torch.Tensor {
      return super.forward(x).mul(scale);
    }
  }

  test('keep their options', () => {
    const layer = new Scaled(2, 2);
    const x = torch.ones(1, 2);
    expect(layer(x, { scale: 2 }).tolist()).toEqual(layer(x).mul(2).tolist());
  });

  test('can hand a layer to map', () => {
    const layer = new nn.ReLU();
    expect([torch.tensor(-1), torch.tensor(1)].map(layer).map((x) => x.item())).toEqual([0, 1]);
  });

  test('hooks see names apart', () => {
    const layer = new nn.Linear(2, 2);
    const seen: unknown[] = [];
    layer.register_forward_pre_hook((_, args, kwargs) => void seen.push(args.length, Object.keys(kwargs)), {
      with_kwargs: true,
    });
    const x = torch.ones(1, 2);
    expect(layer({ input: x }).tolist()).toEqual(layer.forward(x).tolist());
    expect(seen).toEqual([0, ['input']]);
  });

  test('types', () => {
    const layer = new nn.Linear(2, 2);
    layer.register_forward_hook((_, [input], output) => {
      expectTypeOf(input).toEqualTypeOf<torch.Tensor>();
      return output;
    });
    const x = torch.ones(1, 2);
    // @ts-expect-error there is no such parameter
    expect(() => layer({ x })).toThrow("unexpected keyword argument 'x'");
    // @ts-expect-error an input has to be given
    expect(() => layer()).toThrow('missing');
    expectTypeOf(new nn.LSTM(2, 2)({ input: x })).toEqualTypeOf<[output: torch.Tensor, state: nn.LSTMState]>();
  });
});

describe('anything', () => {
  test('an object is an input of a chain like any other', () => {
    const chain = new nn.Sequential(new nn.Identity()) as unknown as Call;
    expect(chain({ a: 1 })).toEqual({ a: 1 });
    expect(chain({ input: 1 })).toBe(1);
  });

  test('a lazy layer', () => {
    const layer = new nn.LazyLinear(3);
    expect([...layer({ input: torch.ones(2, 5) }).shape]).toEqual([2, 3]);
    expect(layer.in_features).toBe(5);
  });
});
