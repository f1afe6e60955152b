/**
 * Files in which Python has saved the states of models and of their optimizers, loaded and saved again
 * (scripts/fixtures/state_dicts.py).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import torch, { nn, type optim, type Tensor } from 'tstorch';
import { afterAll, describe, expect, test } from 'vitest';
import { evaluate, expect_result, read_fixture, type ExpectedTensor } from '../expected.ts';
import { outputs_of } from './fixtures.ts';

interface Case {
  name: string;
  model: string;
  inputs: string[];
  optimizer: string;
  keys: string[];
  outputs: ExpectedTensor[];
  outputs_after_more_training: ExpectedTensor[];
}

const fixture = read_fixture<{ seed: number; cases: Case[] }>('state_dicts/index');
const folder = mkdtempSync(join(tmpdir(), 'tstorch-state-dicts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function path_of(name: string): string {
  return fileURLToPath(new URL(`../fixtures/state_dicts/${name}.pt`, import.meta.url));
}

/** The bytes of a file up to its fingerprint, which is computed in another way. */
function beginning(path: string, before: string): string {
  const bytes = readFileSync(path);
  const end = bytes.indexOf(before);
  expect(end).toBeGreaterThan(1000);
  return bytes.subarray(0, end - 30).toString('base64');
}

/** Parameters, modules and buffers that are held in all ways there are, as in the script. */
class Members extends nn.Module {
  scales = new nn.ParameterDict({ first: torch.ones(4), second: torch.zeros(4) });
  shifts = new nn.ParameterList([torch.zeros(4), torch.ones(4)]);
  blocks = new nn.ModuleDict({ wide: new nn.Linear(4, 6), narrow: new nn.Linear(6, 4) });
  layers = new nn.ModuleList([new nn.PReLU(4), new nn.Tanh()]);
  declare steps: Tensor;
  declare mean: Tensor;

  constructor() {
    super();
    this.register_buffer('steps', torch.tensor(0));
    this.register_buffer('mean', torch.zeros(4, { dtype: torch.float64 }));
    this.register_buffer('unsaved', torch.zeros(2), { persistent: false });
  }

  override forward(input: Tensor): Tensor {
    this.steps.add_(1);
    let x = input.mul(this.scales.__getitem__('first')).add(this.shifts[0]!);
    const blocks = ['wide', 'narrow'].map((name) => this.blocks.__getitem__(name)) as [nn.Linear, nn.Linear];
    const [activation, tanh] = [...this.layers] as [nn.PReLU, nn.Tanh];
    x = activation(blocks[1](tanh(blocks[0](x))));
    x = x.mul(this.scales.__getitem__('second')).add(this.shifts[1]!);
    if (this.training) this.mean.add_(x.detach().mean(0));
    return x.add(this.mean.float());
  }
}

/** A model and its inputs, drawn as the script draws them. */
function make({ model, inputs }: Case): { model: nn.Module; inputs: unknown[] } {
  torch.manual_seed(fixture.seed);
  return {
    model: evaluate(model, { Members }) as nn.Module,
    inputs: inputs.map((input) => evaluate(input, {})),
  };
}

function make_optimizer({ optimizer }: Case, model: nn.Module): optim.Optimizer {
  return evaluate(optimizer, { parameters: model.parameters() }) as optim.Optimizer;
}

describe.each(fixture.cases.map((one) => [one.name, one] as const))('%s', (name, expected) => {
  test('gives what it gave in Python, once its state is loaded', () => {
    const { model, inputs } = make(expected);
    const state = torch.load(path_of(name)) as Map<string, Tensor>;
    expect([...state.keys()]).toEqual(expected.keys);
    expect(String(model.load_state_dict(state))).toBe('<All keys matched successfully>');
    model.eval();
    const outputs = torch.no_grad(() => outputs_of(model(...inputs)));
    expect(outputs).toHaveLength(expected.outputs.length);
    outputs.forEach((output, i) => expect_result(output, expected.outputs[i]!));
  });

  test('is saved in the file that Python writes', () => {
    const { model, inputs } = make(expected);
    model.load_state_dict(torch.load(path_of(name)) as Map<string, Tensor>);
    const path = join(folder, `${name}.pt`);
    torch.save(model.state_dict(), path);
    const before = `${name}/.data/serialization_id`;
    expect(beginning(path, before)).toBe(beginning(path_of(name), before));

    const other = make(expected).model.eval();
    other.load_state_dict(torch.load(path) as Map<string, Tensor>);
    const outputs = torch.no_grad(() => outputs_of(other(...inputs)));
    outputs.forEach((output, i) => expect_result(output, expected.outputs[i]!));
  });

  test('is trained further as in Python, once the state of its optimizer is loaded', () => {
    const { model, inputs } = make(expected);
    model.load_state_dict(torch.load(path_of(name)) as Map<string, Tensor>);
    const optimizer = make_optimizer(expected, model);
    optimizer.load_state_dict(torch.load(path_of(`${name}_optimizer`)) as optim.OptimizerStateDict);
    for (let step = 0; step < 3; step++) {
      optimizer.zero_grad();
      let loss = torch.tensor(0);
      for (const output of outputs_of(model(...inputs))) loss = loss.add(output.square().mean());
      loss.backward();
      optimizer.step();
    }
    model.eval();
    const outputs = torch.no_grad(() => outputs_of(model(...inputs)));
    outputs.forEach((output, i) => expect_result(output, expected.outputs_after_more_training[i]!));
  });

  test("and its optimizer's state is saved in the file that Python writes", () => {
    const optimizer = make_optimizer(expected, make(expected).model);
    optimizer.load_state_dict(torch.load(path_of(`${name}_optimizer`)) as optim.OptimizerStateDict);
    const path = join(folder, `${name}_optimizer.pt`);
    torch.save(optimizer.state_dict(), path);
    const before = `${name}_optimizer/.data/serialization_id`;
    expect(beginning(path, before)).toBe(beginning(path_of(`${name}_optimizer`), before));
  });
});
