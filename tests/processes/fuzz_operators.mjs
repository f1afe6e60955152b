// Calls operators of LibTorch's `aten` library, each overload with arguments made from its schema: mostly of the right
// types, mostly of shapes that fit together, with odd ones in between. What it calls is written to standard error before
// the call, so that a crash has a name. The last line is a report.
//
// Arguments: a seed, how often each overload is called, the first and the last of the overloads that are called, and
// the round to begin with.
import { writeSync } from 'node:fs';
import torch from 'tstorch';
import { load_addon } from '../../build/setup/loader.js';
import { make_random } from './random.mjs';

const [seed, rounds, first = 0, last = Infinity, first_round = 0] = process.argv.slice(2).map(Number);
const random = make_random();
const pick = (list) => list[random(list.length)];
/** True in `percent` of a hundred cases. */
const sometimes = (percent) => random(100) < percent;

const SHAPES = [[], [1], [3], [2, 3], [3, 3], [4, 2], [2, 3, 4], [1, 2, 4, 4], [2, 4, 4, 4], [1, 2, 3, 4, 4], [0], [0, 3], [2, 0, 3]];
const DTYPES = ['float64', 'complex64', 'int64', 'int32', 'bool', 'uint8', 'float16', 'bfloat16', 'int8', 'complex128'];
const ENUMS = ['mean', 'sum', 'none', 'reflect', 'zeros', 'linear', 'ij', 'xy', 'floor', 'trunc', 'tanh', 'abc', '', 'constant', 'right', 'left', 'prod', 'amax', 'abs', 'gesvd', 'N', 'L', 'U', 'fro', 'nuc', 'bilinear', 'gelsd', 'reduced', 'a\0b'];
const NUMBERS = [0, 1, 2, 3, 1, 2, 0, -1, -2, 4, 5, 7, 16, 100];
const FAR = [2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 40, -(2 ** 40), 2 ** 53 - 1, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)];
const REALS = [0.5, 0, 1, -1, 2.5, 1e-5, 0.1, NaN, Infinity, -Infinity, 1e308, -0.3];

let shape = [];
let floating = 'float32';

function tensor() {
  const kind = random(100);
  if (kind < 55) return torch.rand(shape).to(torch[floating]);
  if (kind < 67) return torch.rand(pick(SHAPES)).to(torch[floating]);
  if (kind < 77) return torch.randint(-1, 4, sometimes(60) ? shape : pick(SHAPES));
  if (kind < 86) return torch.rand(sometimes(60) ? shape : pick(SHAPES)).mul(3).to(torch[pick(DTYPES)]);
  if (kind < 89) return torch.rand(shape, { requires_grad: true });
  if (kind < 91) return torch.empty(shape, { device: 'meta' });
  if (kind < 93) return torch.rand(shape).to_sparse();
  if (kind < 94) return torch.rand(3, 3).to_sparse_csr();
  if (kind < 95) return torch.tensor([2n ** 62n, -(2n ** 62n), 7n]);
  if (kind < 96) return torch.rand(3, 1).expand(3, 5);
  if (kind < 97) return torch.rand(shape).transpose(0, -1);
  if (kind < 98) return torch.tensor([[0, 5, -7], [1000, 2, 3]]);
  if (kind < 99) return torch.quantize_per_tensor(torch.rand(shape), 0.1, 2, torch.quint8);
  return torch.tensor(NaN);
}
const integer = () => (sometimes(92) ? pick(NUMBERS) : pick(FAR));
const list = (item, length) => Array.from({ length: length ?? random(5) }, item);

const MAKERS = {
  Tensor: tensor,
  int: integer,
  SymInt: integer,
  float: () => (sometimes(70) ? pick(REALS) : integer()),
  bool: () => sometimes(50),
  str: () => pick(ENUMS),
  Scalar: () => pick([integer, () => pick(REALS), () => sometimes(50), () => new torch.Complex(1, -2)])(),
  number: () => pick([integer, () => pick(REALS), () => sometimes(50), () => new torch.Complex(1, -2)])(),
  ScalarType: () => torch[pick([...DTYPES, 'float32', 'quint8'])],
  Layout: () => pick([torch.strided, torch.strided, torch.sparse_coo, torch.sparse_csr, torch.sparse_bsr]),
  Device: () => pick(['cpu', 'cpu', 'meta', 'cuda']),
  MemoryFormat: () => pick([torch.contiguous_format, torch.preserve_format, torch.channels_last, torch.channels_last_3d]),
  Generator: () => null,
};

const ODD = [null, 'abc', {}, [], NaN, true, -1, [null], [[1]], Symbol('s'), () => 1, 2n ** 70n, new Map(), torch.float32];

/** A value for a parameter; undefined leaves it out. */
function argument({ type, name, fixed_size, default: otherwise }) {
  if (otherwise !== undefined && sometimes(55)) return undefined;
  if (sometimes(2)) return pick(ODD);
  const optional = type.endsWith('?');
  if (optional && sometimes(30)) return null;
  const kind = optional ? type.slice(0, -1) : type;
  if (name === 'dtype' || name === 'out_dtype') return MAKERS.ScalarType();
  if (name === 'layout') return MAKERS.Layout();
  if (name === 'memory_format') return MAKERS.MemoryFormat();
  const of_list = /^(?:List\[)?(.*?)(?:\[\d*\]|\])$/.exec(kind);
  if (of_list === null) return MAKERS[kind]?.() ?? null;
  const inner = of_list[1].replace(/\?$/, '').replace(/^Optional\[(.*)\]?$/, '$1');
  const make = MAKERS[inner] ?? (() => null);
  if (inner === 'Tensor') return list(() => (/\?|Optional/.test(of_list[1]) && sometimes(30) ? null : make()), sometimes(80) ? 1 + random(3) : undefined);
  const length = fixed_size > 0 && sometimes(90) ? fixed_size : sometimes(50) ? shape.length : undefined;
  return sometimes(40) && /Int|int/.test(inner) ? [...shape] : list(make, length);
}

/** These wait, end the process, write files or change what later calls see. */
const SKIP = /::(_?print|from_file|warn|_assert.*|sleep|save|__|_?test_|_cuda|set_|is_|IsInstance|format|backward$|manual_seed|_debug|_dimI|_dimV|Delete)/;

const overloads = load_addon()
  .schemas()
  .filter(({ name }) => name.startsWith('aten::') && !SKIP.test(name))
  .map(({ name, overload, parameters }) => ({ name, overload: overload || 'default', parameters }))
  .sort((a, b) => (`${a.name}.${a.overload}` < `${b.name}.${b.overload}` ? -1 : 1));

const TYPED = new Set(
  Object.values(torch).filter((value) => typeof value === 'function' && value.prototype instanceof Error),
);
const is_typed = (error) => TYPED.has(error?.constructor);
const untyped = {};
let calls = 0;
let returned = 0;

function run({ name, overload, parameters }, index, round) {
  random.seed(seed * 7919 + index * 104729 + round * 1299709);
  torch.manual_seed(round);
  shape = pick(SHAPES);
  floating = sometimes(85) ? 'float32' : pick(DTYPES);
  const args = [];
  const kwargs = {};
  let by_name = false;
  for (const parameter of parameters) {
    const value = argument(parameter);
    by_name ||= value === undefined || parameter.keyword_only;
    if (value === undefined) continue;
    if (by_name) kwargs[parameter.name] = value;
    else args.push(value);
  }
  const call = torch.ops.aten[name.slice(6)][overload];
  calls++;
  try {
    call(...args, kwargs);
    returned++;
  } catch (error) {
    if (!is_typed(error)) untyped[`${name}.${overload}`] = `${error?.constructor?.name}: ${error?.message} (round ${round})`;
  }
}

for (const [index, one] of overloads.entries()) {
  if (index < first || index > last) continue;
  for (let round = index === first ? first_round : 0; round < rounds; round++) {
    writeSync(2, `${one.name}.${one.overload} ${index} ${round}\n`);
    run(one, index, round);
  }
}
console.log(JSON.stringify({ overloads: overloads.length, calls, returned, untyped, sum: torch.ones(3).add(1).sum().item() }));
