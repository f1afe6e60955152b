// Runs out of memory again and again, and goes on.
import torch from 'tstorch';

const HALF_GB = 2 ** 27;
// No collection of its own accord: only running out of memory brings one about.
torch.memory.set_budgets({ bytes: 2 ** 50, tensors: 10 ** 9 });
let made = 0;
for (let i = 0; i < 30; i++) {
  torch.empty(HALF_GB);
  made++;
}
const kept = [];
const errors = [];
for (let i = 0; i < 3; i++) {
  try {
    for (;;) kept.push(torch.empty(HALF_GB));
  } catch (error) {
    errors.push(error.name);
  }
}
const most = kept.length;
kept.length = 0;
const again = torch.empty(HALF_GB).numel();
console.log(
  JSON.stringify({
    made,
    collections: torch.memory.stats().full_collections,
    errors,
    most,
    again,
    sum: torch.ones(3).sum().item(),
  }),
);
