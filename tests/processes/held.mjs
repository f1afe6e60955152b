// Holds tensors in every way there is while garbage is made and collected around them, and looks at them in the end.
import torch from 'tstorch';

const COUNT = 300;
const make = (i) => torch.full([8], i).float();

class Holder {
  #tensor;
  constructor(tensor) {
    this.#tensor = tensor;
  }
  get() {
    return this.#tensor;
  }
}

const WAYS = {
  array: (i) => [make(i)],
  map: (i) => new Map([['x', make(i)]]),
  closure: (i) =>
    (
      (x) => () =>
        x
    )(make(i)),
  private_field: (i) => new Holder(make(i)),
  view: (i) => make(i).add(0).view(2, 4)[1],
  array_buffer: (i) => make(i).numpy(),
  typed_array: (i) => torch.from_numpy(new Float32Array(8).fill(i)),
  graph: (i) => {
    const w = make(i).requires_grad_();
    return { w, loss: w.mul(w).sum() };
  },
  gradient: (i) => {
    const w = make(i).requires_grad_();
    w.mul(w).sum().backward();
    return w;
  },
  list: (i) => make(i).split(4),
  generator: (i) => new torch.Generator().manual_seed(i),
};

const READ = {
  array: ([x]) => x.sum().item() / 8,
  map: (map) => map.get('x').sum().item() / 8,
  closure: (f) => f().sum().item() / 8,
  private_field: (holder) => holder.get().sum().item() / 8,
  view: (x) => x.sum().item() / 4,
  array_buffer: (array) => array.reduce((a, b) => a + b) / 8,
  typed_array: (x) => x.sum().item() / 8,
  graph: ({ w, loss }) => {
    loss.backward();
    return w.grad.sum().item() / 16;
  },
  gradient: (w) => w.grad.sum().item() / 16,
  list: ([a, b]) => a.add(b).sum().item() / 8,
  generator: (generator) => generator.initial_seed(),
};

const held = Object.entries(WAYS).map(([name, way]) => [name, Array.from({ length: COUNT }, (_, i) => way(i))]);
for (let round = 0; round < 4; round++) {
  // Young garbage, old garbage, and memory that is written to by whoever gets it.
  for (let i = 0; i < 6000; i++) torch.full([8], -1);
  const older = Array.from({ length: 3000 }, () => torch.full([8], -2));
  torch.memory.collect();
  older.length = 0;
  await new Promise((resolve) => setImmediate(resolve));
}
const wrong = {};
for (const [name, items] of held) {
  const bad = items.findIndex((item, i) => READ[name](item) !== i);
  if (bad >= 0) wrong[name] = [bad, READ[name](items[bad])];
}
held.length = 0;
await new Promise((resolve) => setImmediate(resolve));
torch.memory.collect();
torch.memory.collect();
const { live_tensors, minor_collections, full_collections } = torch.memory.stats();
console.log(JSON.stringify({ wrong, live_tensors, minor_collections, full_collections }));
