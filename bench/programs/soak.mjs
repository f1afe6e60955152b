/**
 * A long synchronous loop that never returns to the event loop and frees nothing by hand: a forward pass, a backward
 * pass and an update of one parameter. Arguments: `large` (4 MB tensors) or `small`, and the number of threads. Prints
 * what became of the memory.
 */
import torch from 'tstorch';

const LOOPS = {
  large: { name: '2,000 steps on 4 MB tensors', steps: 2000, size: [1024, 1024] },
  small: { name: '100,000 steps on 64-byte tensors', steps: 100_000, size: [4, 4] },
};
/** How often resident memory is looked at. */
const LOOKS = 400;

const { name, steps, size } = LOOPS[process.argv[2]];
const megabytes = (bytes) => bytes / 2 ** 20;
const resident = () => megabytes(process.memoryUsage.rss());

torch.set_num_threads(Number(process.argv[3]));
torch.manual_seed(0);
const input = torch.rand(size);
const target = torch.rand(size);
const weight = torch.rand(size).requires_grad_();

function step() {
  const loss = input.mul(weight).add(1).relu().sub(target).pow(2).mean();
  loss.backward();
  torch.no_grad(() => weight.sub_(weight.grad, { alpha: 0.1 }));
  weight.grad = null;
}

/** Tensors that are alive once everything unreachable is gone. */
function reachable_tensors() {
  torch.memory.collect();
  return torch.memory.stats().live_tensors;
}

/** The middle one of numbers: where memory swings with each collection, the highest says little. */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

const tensors_at_start = reachable_tensors();
const quarters = [[], [], [], []];
const start_mb = resident();
const start = process.hrtime.bigint();
for (let i = 0; i < steps; i++) {
  step();
  if (i % (steps / LOOKS) === 0) quarters[Math.floor((4 * i) / steps)].push(resident());
}
const nanoseconds = Number(process.hrtime.bigint() - start) / steps;

process.stdout.write(
  JSON.stringify({
    name,
    nanoseconds,
    start_mb,
    // The highest that the system has seen, not only where we looked.
    peak_mb: process.resourceUsage().maxRSS / 1024 - start_mb,
    growth_mb: median(quarters[3]) - median(quarters[0]),
    tensors_left: reachable_tensors() - tensors_at_start,
  }),
);
