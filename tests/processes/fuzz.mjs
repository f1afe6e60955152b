// Calls everything in `torch`, in a namespace of it or of its classes with random arguments, most of them wrong. What
// it calls is written to standard error before the call, so that a crash has a name. The last line is a report.
import { writeSync } from 'node:fs';
import torch from 'tstorch';
import { make_random } from './random.mjs';

const [seed, rounds] = process.argv.slice(2).map(Number);

const random = make_random();
const pick = (list) => list[random(list.length)];

const disposed = torch.ones(2);
disposed.dispose();
const cycle = [1];
cycle[0] = cycle;
const cycle_of_tensors = [torch.ones(1)];
cycle_of_tensors.push(cycle_of_tensors);
const revoke = (target) => {
  const { proxy, revoke: end } = Proxy.revocable(target, {});
  end();
  return proxy;
};
const throwing = {
  get() {
    throw new Error('thrown on purpose');
  },
};
// An external of Node's own, which is none of ours.
const external = (process.stdout._handle ?? process.stderr._handle)?._externalStream;
class Mine {}

const PLAIN = [0, 1, 2, -1, 3, 1, 0, 0.5, true, false, null, undefined, [1], [1, 2], [0], [2, 3], -2];
const JUNK = [
  () => NaN,
  () => Infinity,
  () => -0,
  () => 2 ** 53,
  () => 2 ** 40,
  () => -(2 ** 40),
  () => 1e308,
  () => 2.5,
  () => 5n,
  () => 2n ** 63n,
  () => -(2n ** 70n),
  () => '',
  () => 'abc',
  () => 'mean',
  () => 'cpu',
  () => 'cuda',
  () => 'a\0b',
  () => '\ud800',
  () => Symbol('s'),
  () => () => 1,
  () => class A {},
  () => new Mine(),
  () => new Date(),
  () => /x/,
  () => new Map([[1, 2]]),
  () => new Set(),
  () => Promise.resolve(1),
  () => new Float32Array(3),
  () => new ArrayBuffer(4),
  () => new DataView(new ArrayBuffer(4)),
  () => ({}),
  () => ({ dim: 0 }),
  () => ({ foo: 1 }),
  () => ({ dtype: torch.float64 }),
  () => ({ dtype: 'x' }),
  () => ({ out: torch.empty(0) }),
  () => ({ out: [torch.empty(0), torch.empty(0)] }),
  () => ({ out: 5 }),
  () => ({ keepdim: true }),
  () => ({ device: 'cuda' }),
  () => ({ device: 'meta' }),
  () => ({ layout: torch.sparse_coo }),
  () => ({ requires_grad: 1 }),
  () => ({ generator: 5 }),
  () => ({ input: torch.ones(2) }),
  () => Object.create(null),
  () => Object.create({ real: 1, imag: 2 }),
  () => ({ real: 1, imag: 2 }),
  () => ({ _h: 5 }),
  () => ({ _h: external }),
  () => external,
  () => new Proxy({}, {}),
  () => new Proxy([1, 2], {}),
  () => new Proxy({}, throwing),
  () => new Proxy([], throwing),
  () => revoke({}),
  () => revoke([]),
  () => new Proxy(torch.ones(2), {}),
  () => ({
    get real() {
      throw new Error('thrown on purpose');
    },
  }),
  () => ({
    get dim() {
      throw new Error('thrown on purpose');
    },
  }),
  () => [],
  () => [1.5],
  () => ['a'],
  () => [null],
  () => [undefined, 1],
  () => [true],
  () => [[1], [2]],
  () => cycle,
  () => cycle_of_tensors,
  () => [, 1],
  () => new Array(5),
  () => new Array(2 ** 32 - 1),
  () => [2 ** 40, 2 ** 40],
  () => [Symbol('s')],
  () => [torch.ones(2), torch.ones(2)],
  () => [torch.ones(2), null],
  () => [torch.ones(2), disposed],
  () => [new torch.Complex(1, 2)],
  () => Object.defineProperty([1, 2], 1, throwing),
  () => torch.float32,
  () => torch.int64,
  () => torch.complex64,
  () => torch.strided,
  () => torch.sparse_coo,
  () => torch.channels_last,
  () => new torch.device('cpu'),
  () => new torch.device('meta'),
  () => torch.default_generator,
  () => new torch.Complex(1, 2),
  () => disposed,
  () => torch.slice(1),
  () => torch.Tensor,
  () => torch,
];
const TENSORS = [
  () => torch.ones(2, 3),
  () => torch.rand(3, 3),
  () => torch.tensor(1.5),
  () => torch.tensor([1, 2, 0]),
  () => torch.rand(2, 3, 4, 4),
  () => torch.tensor([]),
  () => torch.empty(0, 3),
  () => torch.ones(2, { dtype: torch.complex64 }),
  () => torch.tensor([true, false]),
  () => torch.ones(3, { requires_grad: true }),
  () => torch.tensor(NaN),
  () => torch.rand(3, 3).t(),
  () => torch.rand(3, 1).expand(3, 5),
  () => torch.empty(2, 2, { device: 'meta' }),
  () => torch.tensor([-1, 7, 100]),
  () => torch.ones(2, { dtype: torch.float16 }),
  () => torch.ones(2, { dtype: torch.uint8 }),
  () => torch.rand(2, 3).to_sparse(),
  () => torch.zeros(2, 2, 2, 2, 2),
  () => torch.tensor(5),
  () => torch.ones(4, { dtype: torch.bfloat16 }),
  () => torch.tensor([2n ** 62n]),
  () => torch.inference_mode(() => torch.ones(2)),
];

function argument() {
  const kind = random(100);
  return kind < 40 ? pick(TENSORS)() : kind < 60 ? pick(PLAIN) : pick(JUNK)();
}

/** These change what later calls see, or wait for something. */
const SKIP = new Set([
  'set_num_interop_threads',
  'set_num_threads',
  'set_printoptions',
  'set_default_device',
  'set_default_dtype',
  'set_default_tensor_type',
  'set_budgets',
  'from_file',
  'save',
  'load',
  'OrderedDict',
  'Size',
  'set_rng_state',
  'set_grad_enabled',
  'inference_mode',
  'no_grad',
  'enable_grad',
  'detect_anomaly',
  'set_detect_anomaly',
]);

const is_class = (value) => /^class\b/.test(Function.prototype.toString.call(value));
const targets = [];
function add_functions(name, holder) {
  for (const key of Object.keys(holder)) {
    if (typeof holder[key] !== 'function' || SKIP.has(key) || holder[key].prototype instanceof Error) continue;
    targets.push(
      is_class(holder[key])
        ? [`new ${name}.${key}`, (_, args) => new holder[key](...args)]
        : [`${name}.${key}`, (_, args) => holder[key](...args)],
    );
  }
}
add_functions('torch', torch);
for (const name of ['autograd', 'linalg', 'fft', 'special', 'sparse', 'nested', 'masked', 'testing']) {
  add_functions(name, torch[name]);
}
add_functions('windows', torch.signal.windows);
add_functions('F', torch.nn.functional);
add_functions('init', torch.nn.init);
add_functions('rnn', torch.nn.utils.rnn);
add_functions('memory', torch.memory);
for (const name of Object.getOwnPropertyNames(torch.Tensor.prototype)) {
  const { value, get, set } = Object.getOwnPropertyDescriptor(torch.Tensor.prototype, name);
  if (name === 'constructor' || name === '_h') continue;
  if (typeof value === 'function') targets.push([`x.${name}`, (x, args) => value.apply(x, args)]);
  if (get) targets.push([`x.${name}`, (x) => get.call(x)]);
  if (set) targets.push([`x.${name} =`, (x, args) => set.call(x, args[0])]);
}
for (const name of Object.getOwnPropertyNames(torch.Generator.prototype)) {
  const { value } = Object.getOwnPropertyDescriptor(torch.Generator.prototype, name);
  if (typeof value === 'function' && name !== 'constructor')
    targets.push([`generator.${name}`, (_, args) => value.apply(new torch.Generator(), args)]);
}

const TYPED = new Set(
  Object.values(torch).filter((value) => typeof value === 'function' && value.prototype instanceof Error),
);
const untyped = {};
let calls = 0;
let returned = 0;
for (const [i, [name, call]] of targets.entries()) {
  writeSync(2, `${name}\n`);
  for (let round = 0; round < rounds; round++) {
    random.seed(seed * 7919 + i * 104729 + round * 1299709);
    const x = pick(TENSORS)();
    const args = Array.from({ length: random(5) }, argument);
    calls++;
    try {
      call(x, args);
      returned++;
    } catch (error) {
      // What the user's own code throws is the user's.
      if (!TYPED.has(error?.constructor) && error?.message !== 'thrown on purpose')
        untyped[name] = `${error?.constructor?.name}: ${error?.message} (round ${round})`;
    }
  }
}
console.log(
  JSON.stringify({ targets: targets.length, calls, returned, untyped, sum: torch.ones(3).add(1).sum().item() }),
);
