/** Reads tests/fixtures/functional.json (scripts/fixtures/functional.py), and makes the inputs that its calls name. */
import torch, { nn, type Tensor } from 'tstorch';
import { read_fixture, type Element } from '../expected.ts';

export type Numbers = [dtype: string, shape: number[], values: Element[]];
export type Case =
  | [call: string, results: Numbers[], grads: (Element[] | null)[], after: number]
  | [call: string, error: string, message: string];

export const fixture = read_fixture<{ seed: number; warnings: string[]; cases: Case[] }>('functional');

/** Makes the inputs of a call as the script does, and remembers those with a gradient. */
export function make_scope(): { leaves: Tensor[]; scope: Record<string, unknown> } {
  const leaves: Tensor[] = [];
  const by_name = new Map<string, Tensor>();
  const leaf = (tensor: Tensor): Tensor => {
    leaves.push(tensor.requires_grad_());
    return tensor;
  };
  const scope = {
    F: nn.functional,
    rnn: nn.utils.rnn,
    LinearCrossEntropyOptions: (kwargs = {}) => new nn.LinearCrossEntropyOptions(kwargs),
    randn: (...shape: number[]) => leaf(torch.randn(shape)),
    rand: (...shape: number[]) => leaf(torch.rand(shape)),
    double: (...shape: number[]) => leaf(torch.randn(shape, { dtype: torch.float64 })),
    logp: (...shape: number[]) => leaf(torch.randn(shape).log_softmax(-1)),
    ints: (high: number, ...shape: number[]) => torch.randint(0, high, shape),
    signs: (...shape: number[]) => torch.randint(0, 2, shape).mul(2).sub(1).float(),
    mask: (...shape: number[]) => torch.rand(shape).gt(0.6),
    size: (...shape: number[]) => new torch.Size(shape),
    named: (name: string, ...shape: number[]) => {
      if (!by_name.has(name)) by_name.set(name, leaf(torch.randn(shape)));
      return by_name.get(name)!;
    },
    manhattan: (x: Tensor, y: Tensor) => x.sub(y).abs().sum(-1),
  };
  return { leaves, scope };
}
