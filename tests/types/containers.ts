/** Containers know what they hold. */
import torch, { nn, type Tensor } from 'tstorch';
import * as copy from 'tstorch/copy';

class Block extends nn.Module {
  scale = new nn.Linear(4, 4);
  override forward(x: Tensor, times: number): Tensor {
    return this.scale(x).mul(times);
  }
}

const x = torch.rand(2, 4);

const blocks = new nn.ModuleList(Array.from({ length: 2 }, () => new Block()));
blocks satisfies nn.ModuleList<Block>;
for (const block of blocks) block(x, 2) satisfies Tensor;
blocks[0]!.scale.weight satisfies Tensor;
blocks['1:'].append(new Block());
// @ts-expect-error: it holds blocks
blocks.append(new nn.ReLU());
const untyped: nn.ModuleList = blocks;
untyped.append(new nn.ReLU());

const mixed = new nn.ModuleList([new nn.Linear(4, 4), new nn.ReLU(), new nn.Dropout(0.5)]);
let y: Tensor = x;
for (const layer of mixed) y = layer(y);
const later = new nn.ModuleList();
later.append(new nn.Linear(4, 4)).append(new Block());

const layers = new nn.ModuleDict({ linear: new nn.Linear(4, 4), blocks, act: new nn.ReLU() });
layers['linear'](x) satisfies Tensor;
layers.linear.weight satisfies Tensor;
for (const block of layers.blocks) block(x, 1);
layers.get('act') satisfies nn.ReLU;
layers.get('pool') satisfies nn.Module | undefined;
// @ts-expect-error: no such module
void layers['pool'];
for (const [name, module] of layers.items()) void [name.length, module.training];
const from_pairs: nn.ModuleDict = new nn.ModuleDict([['a', new nn.ReLU()]]);
from_pairs.update({ b: new Block() });
const any_dict: nn.ModuleDict = layers;
void any_dict;

class Choice extends nn.ModuleDict {
  extra = 3;
  override forward(value: Tensor): Tensor {
    for (const module of this.values()) value = module(value) as Tensor;
    return value;
  }
}
new Choice({ a: new nn.ReLU() })(x) satisfies Tensor;

class Net extends nn.Module {
  declare dict: nn.ModuleDict<{ a: nn.Linear }>;
  constructor() {
    super();
    this.dict = new nn.ModuleDict({ a: new nn.Linear(1, 1) });
  }
}
void new Net().dict.a.in_features.toFixed();

const weights = new nn.ParameterDict({ left: torch.rand(2), right: new nn.Parameter(torch.rand(2)) });
weights.left satisfies nn.Parameter;
weights['right'].requires_grad satisfies boolean;

copy.deepcopy(layers).linear.bias satisfies Tensor | null;
copy.deepcopy({ epoch: 1, state: x }).state satisfies Tensor;
