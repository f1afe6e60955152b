/** What the sessions of scripts/fixtures/nn_utils.py use, defined there in Python. */
import torch, { nn, type Tensor } from 'tstorch';
import type { Scope } from '../../sessions.ts';

const { prune, parametrize, parametrizations } = nn.utils;

class Symmetric extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).T);
  }

  right_inverse(x: Tensor): Tensor {
    return x.triu();
  }
}

class Skew extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.tril(-1).sub(x.tril(-1).T);
  }
}

class RankOne extends nn.Module {
  override forward(x: Tensor, y: Tensor): Tensor {
    return x.unsqueeze(-1).matmul(y.unsqueeze(-2));
  }

  right_inverse(z: Tensor): [Tensor, Tensor] {
    return [z.select(1, 0).clone(), z.select(0, 0).clone()];
  }
}

/** A parametrization that gives what it is told to, whatever comes. */
class Returns extends nn.Module {
  value: unknown;
  declare right_inverse?: (value: Tensor) => Tensor;

  constructor(value: unknown, inverse?: unknown) {
    super();
    this.value = value;
    if (inverse !== undefined) this.right_inverse = () => inverse as Tensor;
  }

  override forward(): unknown {
    return this.value;
  }
}

class EveryOther extends prune.BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  override compute_mask(_: Tensor, default_mask: Tensor): Tensor {
    const mask = default_mask.clone();
    mask.view(-1).index_put_([torch.slice(null, null, 2)], 0);
    return mask;
  }
}

class Tied extends nn.Module {
  first = new nn.Linear(2, 2);
  second = new nn.Linear(2, 2);
  declare scale: Tensor;

  constructor() {
    super();
    this.second.weight = this.first.weight;
    this.register_buffer('scale', torch.tensor([1.5]));
  }

  override forward(x: Tensor, options: boolean | { twice?: boolean } = false): Tensor {
    const twice = typeof options === 'boolean' ? options : options.twice;
    const y = this.second(this.first(x)).mul(this.scale);
    return twice ? y.mul(2) : y;
  }
}

/** Looks at its own members. */
class Norms extends nn.Module {
  linear = new nn.Linear(2, 1);
  list = new nn.ParameterList([torch.ones(1), torch.ones(2)]);

  constructor() {
    super();
    this.register_buffer('shift', torch.ones(1));
  }

  override forward(): [string[], Tensor] {
    const members = [...this.named_parameters(), ...this.named_buffers()];
    const sums = members.map(([, tensor]) => tensor.sum());
    return [members.map(([name]) => name), sums.reduce((sum, one) => sum.add(one), torch.zeros([]))];
  }
}

/** The module with gradients, the same each time. */
function with_grads(module: nn.Module, scale = 1): nn.Module {
  for (const [i, param] of module.parameters().entries()) {
    param.grad = torch
      .arange(param.numel(), { dtype: torch.float32 })
      .view(param.shape)
      .sub(i + 1)
      .mul(scale);
  }
  return module;
}

type Dict = Map<string, unknown> | Record<string, unknown>;

export function make_scope(): Scope {
  return {
    symmetric: () => new Symmetric(),
    skew: () => new Skew(),
    rank_one: () => new RankOne(),
    returns: (value: unknown, inverse?: unknown) => new Returns(value, inverse),
    every_other: (module: nn.Module, name: string) => EveryOther.apply(module, name),
    tied: () => new Tied(),
    norms: () => new Norms(),
    with_grads,
    grads: (module: nn.Module) => module.parameters().map(({ grad }) => grad),
    names: (pairs: [string, unknown][]) => pairs.map(([name]) => name),
    keys: (state: Dict) => (state instanceof Map ? [...state.keys()] : Object.keys(state)),
    params: (module: nn.Module) => Object.fromEntries(module.named_parameters()),
    get: (state: Dict, key: string) => (state instanceof Map ? state.get(key) : state[key]),
    name_of: (module: nn.Module) => module.constructor.name,
    deepcopy: (module: nn.Module) => module.__deepcopy__(),
    text: String,
    same: (a: unknown, b: unknown) => a === b,
    utils: nn.utils,
    prune,
    parametrize,
    parametrizations,
    nn,
  };
}
