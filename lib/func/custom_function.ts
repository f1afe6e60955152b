/**
 * Calls of a `torch.autograd.Function` within the transforms of `torch.func`: each transform has its own way with the
 * function, and leaves what is inside of it to the next one.
 */
import { is_array, is_instance } from '../arguments.ts';
import { apply_function, backward_of, derivatives_of, type FunctionClass, FunctionCtx, type VmapInfo } from '../autograd/function/index.ts';
import { with_fwd_grad } from '../autograd/forward_ad.ts';
import { enable_grad } from '../autograd/grad_mode.ts';
import { RuntimeError } from '../errors.ts';
import { native } from '../native.ts';
import { Tensor } from '../tensor.ts';
import { broadcast_to_and_flatten, tree_flatten, tree_map, tree_unflatten } from '../utils/pytree.ts';
import { within_vmap } from './vmap.ts';

const HELP = 'For more details, please see https://pytorch.org/docs/main/notes/extending.func.html';

/** @internal One call, within at least one transform. */
export function apply_in_transforms(Class: FunctionClass, args: readonly unknown[]): unknown {
  if (Class.setup_context === undefined) {
    throw new RuntimeError(
      `In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must override the setup_context staticmethod. ${HELP}`,
    );
  }
  return call_at_level(Class, args);
}

function call_at_level(Class: FunctionClass, args: readonly unknown[]): unknown {
  const transform = native.transform();
  if (transform === null) return apply_function(Class, args);
  const [kind, level, batch_size, randomness] = transform;
  if (kind !== 'vmap') return apply_function(at_level(Class, level), args);
  return apply_to_batch(Class, args, level, { batch_size, randomness: randomness as VmapInfo['randomness'] });
}

/** Runs `body` outside of the innermost transform. */
function lowered<T>(body: () => T): T {
  native.lower_transform();
  try {
    return body();
  } finally {
    native.raise_transform();
  }
}

/** The function as a level of differentiation sees it: its forward is a call in what is around, the rest is the same. */
function at_level(Class: FunctionClass, level: number): FunctionClass {
  return {
    name: `${Class.name}Generated`,
    forward: (...operands) => {
      const inside = operands.map((one) => (is_instance(one, Tensor) ? unwrapped(one, level) : one));
      const output = enable_grad(() => with_fwd_grad(true, () => lowered(() => call_at_level(Class, inside))));
      // What the function gives back of its arguments has to stay the very same.
      return tree_map((leaf) => {
        if (!is_instance(leaf, Tensor)) return leaf;
        const position = inside.indexOf(leaf);
        return position >= 0 ? operands[position] : new Tensor(native.wrap_for_grad(leaf._h, level));
      }, output);
    },
    setup_context: (ctx, inputs, output) => Class.setup_context!(ctx, inputs, output),
    ...derivatives_of(Class),
  };
}

function unwrapped(tensor: Tensor, level: number): Tensor {
  return new Tensor(native.unwrap_for_grad(tensor._h, level));
}

/** The tensors of a tree without the batch of a level, and which dimension that was of each. */
function unbatched(tree: unknown, level: number): [tree: unknown, dims: unknown] {
  const [leaves, spec] = tree_flatten(tree);
  const parts = leaves.map((leaf): [unknown, number | null] => {
    if (!is_instance(leaf, Tensor)) return [leaf, null];
    const inside = native.wrapped(leaf._h);
    if (inside === null || inside[1] !== level || inside[2] < 0) return [leaf, null];
    return [new Tensor(inside[0]), inside[2]];
  });
  return [tree_unflatten(parts.map(([one]) => one), spec), tree_unflatten(parts.map(([, dim]) => dim), spec)];
}

/** The tensors of a tree as a batch of a level along `dims`. */
function batched(tree: unknown, dims: unknown, level: number): unknown {
  const [leaves, spec] = tree_flatten(tree);
  const flat = broadcast_to_and_flatten(dims, spec);
  if (flat === undefined) {
    throw new RuntimeError('The dimensions that a vmap staticmethod gives have to have the form of its outputs');
  }
  const wrapped = leaves.map((leaf, i) => {
    const dim = flat[i];
    if (typeof dim !== 'number' || !is_instance(leaf, Tensor)) return leaf;
    return new Tensor(native.add_batch_dim(leaf._h, dim, level));
  });
  return tree_unflatten(wrapped, spec);
}

function apply_to_batch(Class: FunctionClass, args: readonly unknown[], level: number, info: VmapInfo): unknown {
  const own_rule = Class.vmap !== undefined;
  if (Class.generate_vmap_rule && own_rule) {
    throw new RuntimeError(
      `You tried to vmap over ${Class.name}, but it has both generate_vmap_rule=True and an overridden vmap staticmethod. Please set generate_vmap_rule=False or delete the overridden vmap staticmethod to avoid ambiguity. ${HELP}`,
    );
  }
  if (!Class.generate_vmap_rule && !own_rule) {
    throw new RuntimeError(
      `You tried to vmap over ${Class.name}, but it does not have vmap support. Please override and implement the vmap staticmethod or set generate_vmap_rule=True. ${HELP}`,
    );
  }
  const [inside, dims] = unbatched(args, level) as [unknown[], (number | null)[]];
  if (tree_flatten(dims)[0].every((dim) => dim === null)) return lowered(() => call_at_level(Class, inside));
  if (own_rule) {
    const result: unknown = lowered(() => Class.vmap!(info, dims, ...inside));
    if (!is_array(result) || result.length !== 2) {
      throw new RuntimeError(
        `Expected the vmap staticmethod to have two returns, an output and out_dims with pytree structure compatible with the output.`,
      );
    }
    return batched(result[0], result[1], level);
  }
  const rule = new GeneratedRule(Class, dims, info);
  const output = lowered(() => call_at_level(rule.as_class(), inside));
  return batched(output, rule.out_dims, level);
}

/** Calls `func` for a batch along `dims`; gives its results, and the dimension of the batch in each. */
function for_batch(
  func: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
  dims: readonly unknown[],
  info: VmapInfo,
): [output: unknown, dims: unknown] {
  return within_vmap(info.batch_size, info.randomness, (level) => {
    const inside = args.map((one, i) => batched(one, dims[i], level));
    return unbatched(func(...inside), level);
  });
}

/** A context whose saved tensors are a batch's: what is saved through it is kept without the batch. */
class BatchCtx {
  constructor(ctx: FunctionCtx, dims: { saved: unknown[] }, level: number) {
    return new Proxy(ctx, {
      get(target, name) {
        if (name === 'save_for_backward') {
          return (...tensors: readonly (Tensor | null)[]) => {
            const [inside, saved] = unbatched(tensors, level) as [Tensor[], unknown[]];
            dims.saved = saved;
            target.save_for_backward(...inside);
          };
        }
        if (name === 'saved_tensors') return batched(target.saved_tensors, dims.saved, level);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    }) as unknown as BatchCtx;
  }
}

/** The function for a batch, out of the function for one element. */
class GeneratedRule {
  out_dims: unknown = null;
  readonly #Class: FunctionClass;
  readonly #in_dims: readonly (number | null)[];
  readonly #info: VmapInfo;
  readonly #saved: { saved: unknown[] } = { saved: [] };

  constructor(Class: FunctionClass, in_dims: readonly (number | null)[], info: VmapInfo) {
    this.#Class = Class;
    this.#in_dims = in_dims;
    this.#info = info;
  }

  as_class(): FunctionClass {
    const Class = this.#Class;
    const name = `Vmapped${Class.name}`;
    return {
      ...derivatives_of(Class),
      name,
      forward: (...operands) => {
        const [output, dims] = for_batch((...args) => Class.forward(...args), operands, this.#in_dims, this.#info);
        this.out_dims = dims;
        return output;
      },
      setup_context: (ctx, inputs, output) => {
        within_vmap(this.#info.batch_size, this.#info.randomness, (level) => {
          const args = inputs.map((one, i) => batched(one, this.#in_dims[i], level));
          const context = new BatchCtx(ctx, this.#saved, level) as unknown as FunctionCtx;
          Class.setup_context!(context, args, batched(output, this.out_dims, level));
        });
      },
      backward: (ctx, ...gradients) => {
        const dims = is_array(this.out_dims) ? this.out_dims : [this.out_dims];
        const [results, result_dims] = within_vmap(this.#info.batch_size, this.#info.randomness, (level) => {
          const inside = gradients.map((one, i) => batched(one, dims[i], level)) as (Tensor | null)[];
          const context = new BatchCtx(ctx, this.#saved, level) as unknown as FunctionCtx;
          const output = backward_of(Class)(context, ...inside);
          return unbatched(is_array(output) ? output : [output], level) as [(Tensor | null)[], (number | null)[]];
        });
        return results.map((one, i) => this.#reduced(one, result_dims[i] ?? null, this.#in_dims[i] ?? null));
      },
    };
  }

  /** A gradient as the argument wants it: summed over the batch where all elements shared the argument. */
  #reduced(gradient: Tensor | null, dim: number | null, wanted: number | null): Tensor | null {
    if (!is_instance(gradient, Tensor)) return null;
    if (wanted === null) return dim === null ? gradient : gradient.sum(dim);
    if (dim !== null) return gradient.movedim(dim, wanted);
    // Each element has this gradient.
    const shape: number[] = [...gradient.shape];
    shape.splice(wanted, 0, this.#info.batch_size);
    return gradient.unsqueeze(wanted).expand(shape);
  }
}
