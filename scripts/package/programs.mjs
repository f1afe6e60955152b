/** The program that a new user runs first, as each kind of module, and what it has to print. */

const TRAINING = `
torch.manual_seed(42);
const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const X = torch.rand(64, 2);
const y = X.sum({ dim: 1, keepdim: true });
let loss = torch.zeros(1);
for (let epoch = 0; epoch < 100; epoch++) {
  loss = nn.functional.mse_loss(model(X), y);
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
}
const data = new DataLoader(new TensorDataset(X, y), { batch_size: 16 });
console.log((loss.item() as number).toFixed(4), data.length);
`;

const plain = TRAINING.replace(' as number', '');
const imports = "import torch, { nn, optim } from 'tstorch';\nimport { DataLoader, TensorDataset } from 'tstorch/utils/data';\n";
const requires =
  "const { torch, nn, optim } = require('tstorch');\nconst { DataLoader, TensorDataset } = require('tstorch/utils/data');\n";

/** Files by name. */
export const PROGRAMS = {
  'esm.mjs': imports + plain,
  'commonjs.cjs': requires + plain,
  // In a folder whose package.json says nothing of modules this one is CommonJS, however it is written.
  'typescript.ts': imports + TRAINING,
  'module.mts': imports + TRAINING,
  'both.cjs': `${requires}${plain}
import('tstorch').then((imported) => {
  if (imported.Tensor !== torch.Tensor || imported.default !== torch) throw new Error('two libraries in one process');
});
`,
};

/** What Python's PyTorch computes, and the number of batches. */
export const EXPECTED = '0.0018 4';
