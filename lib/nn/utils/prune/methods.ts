import { signature } from '../../../arguments.ts';
import type { Arguments } from '../../../arguments.ts';
import { AssertionError } from '../../../errors.ts';
import { norm } from '../../../functional/index.ts';
import { contiguous_format } from '../../../layout.ts';
import { aten } from '../../../ops.ts';
import type { Tensor } from '../../../tensor.ts';
import type { Module } from '../../modules/module.ts';
import { check_amount, check_channels, elements_to_prune } from './amounts.ts';
import { BasePruningMethod, apply_method } from './method.ts';

export interface UnstructuredOptions {
  amount: number;
}
export interface RandomStructuredOptions {
  amount: number;
  dim?: number;
}
export interface LnStructuredOptions {
  amount: number;
  n: number | 'fro' | 'nuc';
  dim?: number;
}
export interface CustomFromMaskOptions {
  mask: Tensor;
}
type WithScores<P> = P & { importance_scores?: Tensor | null };

const random_unstructured_arguments = signature<UnstructuredOptions>('RandomUnstructured', ['amount']);
const l1_unstructured_arguments = signature<UnstructuredOptions>('L1Unstructured', ['amount']);
const l1_unstructured_apply_arguments = signature<WithScores<UnstructuredOptions>>('apply', [
  'amount',
  ['importance_scores', null],
]);
const random_structured_arguments = signature<RandomStructuredOptions>('RandomStructured', ['amount', ['dim', -1]]);
const ln_structured_arguments = signature<LnStructuredOptions>('LnStructured', ['amount', 'n', ['dim', -1]]);
const ln_structured_apply_arguments = signature<WithScores<Required<LnStructuredOptions>>>('apply', [
  'amount',
  'n',
  'dim',
  ['importance_scores', null],
]);
const custom_from_mask_arguments = signature<CustomFromMaskOptions>('CustomFromMask', ['mask']);

/** The mask with zeros for an amount of the elements of `t` too; `choose` gives their places in the flattened tensor. */
function without_some(
  t: Tensor,
  default_mask: Tensor,
  amount: number,
  choose: (count: number) => Tensor,
): Tensor {
  const count = elements_to_prune(amount, t.numel());
  const mask = default_mask.clone({ memory_format: contiguous_format });
  if (count > 0) mask.view(-1).index_fill_(0, choose(count), 0);
  return mask;
}

/** A mask like `t` with ones in some channels only, and only where there are ones already. */
function channels_of(t: Tensor, dim: number, channels: Tensor, default_mask: Tensor): Tensor {
  const mask = aten.zeros_like(t).index_fill_(dim, channels, 1);
  return mask.mul_(default_mask.to(mask.dtype));
}

/**
 * Prunes nothing: only sets up what pruning needs.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.Identity.html
 */
export class Identity extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    void t;
    return default_mask;
  }
}

/**
 * Prunes single elements at random.
 *
 * As everywhere in this module, `amount` is a number of elements if it is whole, and a share of them if it is not:
 * Python's `1.0`, everything, cannot be told from `1`, one element.
 * @throws ValueError for an amount that is negative, or neither whole nor at most 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.RandomUnstructured.html
 */
export class RandomUnstructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';
  readonly amount: number;

  constructor(...args: Arguments<UnstructuredOptions, ['amount']>) {
    super();
    const { amount } = random_unstructured_arguments(args);
    check_amount(amount);
    this.amount = amount;
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    return without_some(t, default_mask, this.amount, (count) => aten.topk(aten.rand_like(t).view(-1), count).indices);
  }
}

/**
 * Prunes the single elements of the smallest absolute value; `amount` as in {@link RandomUnstructured}.
 * @throws ValueError for an amount that is negative, or neither whole nor at most 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.L1Unstructured.html
 */
export class L1Unstructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';
  readonly amount: number;

  constructor(...args: Arguments<UnstructuredOptions, ['amount']>) {
    super();
    const { amount } = l1_unstructured_arguments(args);
    check_amount(amount);
    this.amount = amount;
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const smallest = (count: number): Tensor => aten.topk(t.detach().abs().view(-1), count, -1, false).indices;
    return without_some(t, default_mask, this.amount, smallest);
  }

  /** As {@link BasePruningMethod.apply}, with `amount` and `importance_scores` by position or by name. */
  static override apply(module: Module, name: string, ...args: unknown[]): BasePruningMethod {
    const { amount, importance_scores } = l1_unstructured_apply_arguments(args);
    return apply_method(module, name, () => new L1Unstructured(amount), importance_scores);
  }
}

/**
 * Prunes whole channels at random.
 * @param amount a number of channels if it is whole, a share of them if it is not
 * @param dim the dimension that counts the channels (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.RandomStructured.html
 */
export class RandomStructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';
  readonly amount: number;
  readonly dim: number;

  constructor(...args: Arguments<RandomStructuredOptions, ['amount', 'dim']>) {
    super();
    const { amount, dim } = random_structured_arguments(args);
    check_amount(amount);
    this.amount = amount;
    this.dim = dim;
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    check_channels(t, this.dim);
    const channels = t.size(this.dim);
    const count = elements_to_prune(this.amount, channels);
    if (count === 0) return default_mask;
    const draws = aten.rand([channels]);
    const threshold = aten.kthvalue(draws, count).values;
    return channels_of(t, this.dim, draws.gt(threshold).nonzero().squeeze(1), default_mask);
  }
}

/**
 * Prunes the whole channels of the smallest norm.
 * @param amount a number of channels if it is whole, a share of them if it is not
 * @param n which norm, as `p` of `torch.norm`
 * @param dim the dimension that counts the channels (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.LnStructured.html
 */
export class LnStructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';
  readonly amount: number;
  readonly n: number | 'fro' | 'nuc';
  readonly dim: number;

  constructor(...args: Arguments<LnStructuredOptions, ['amount', 'n', 'dim']>) {
    super();
    const { amount, n, dim } = ln_structured_arguments(args);
    check_amount(amount);
    this.amount = amount;
    this.n = n;
    this.dim = dim;
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    check_channels(t, this.dim);
    const channels = t.size(this.dim);
    const count = elements_to_prune(this.amount, channels);
    const place = this.dim < 0 ? this.dim + t.dim() : this.dim;
    const others = [...t.shape.keys()].filter((dim) => dim !== place);
    const norms = norm({ input: t.detach(), p: this.n, dim: others });
    const kept = aten.topk(norms, channels - count).indices;
    return count === 0 ? default_mask : channels_of(t, this.dim, kept, default_mask);
  }

  /** As {@link BasePruningMethod.apply}, with all arguments, `importance_scores` as well, by position or by name. */
  static override apply(module: Module, name: string, ...args: unknown[]): BasePruningMethod {
    const { amount, n, dim, importance_scores } = ln_structured_apply_arguments(args);
    return apply_method(module, name, () => new LnStructured(amount, n, dim), importance_scores);
  }
}

/**
 * Prunes where a mask is 0.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.CustomFromMask.html
 */
export class CustomFromMask extends BasePruningMethod {
  readonly PRUNING_TYPE = 'global';
  readonly mask: Tensor;

  constructor(...args: Arguments<CustomFromMaskOptions, ['mask']>) {
    super();
    this.mask = custom_from_mask_arguments(args).mask;
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    void t;
    if (!default_mask.shape.equals(this.mask.shape)) {
      throw new AssertionError(
        `default_mask shape ${String(default_mask.shape)} must match self.mask shape ${String(this.mask.shape)}`,
      );
    }
    return default_mask.mul(this.mask.to(default_mask.dtype));
  }
}
