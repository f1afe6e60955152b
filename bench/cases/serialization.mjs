/** Writing and reading state dicts, in memory and in files, and handing them to a model. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch from 'tstorch';
import { models } from 'tstorch/torchvision';

const folder = mkdtempSync(join(tmpdir(), 'tstorch-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What is saved, and one of its keys. */
const STATES = {
  'ResNet-18': () => [models.resnet18().state_dict(), 'fc.weight'],
  '1,000 tensors of 4 x 4': () => [
    new Map(Array.from({ length: 1000 }, (_, i) => [`tensors.${i}`, torch.rand(4, 4)])),
    'tensors.999',
  ],
};

export const cases = {};
Object.entries(STATES).forEach(([name, make], i) => {
  cases[`${name}, save to memory`] = () => {
    const [state] = make();
    return () => torch.save(state).length;
  };
  cases[`${name}, load from memory`] = () => {
    const [state, key] = make();
    const bytes = torch.save(state);
    return () => torch.load(bytes).get(key);
  };
  cases[`${name}, save to a file`] = () => {
    const [state] = make();
    return () => torch.save(state, join(folder, `saved_${i}.pth`));
  };
  cases[`${name}, load from a file`] = () => {
    const [state, key] = make();
    const path = join(folder, `loaded_${i}.pth`);
    torch.save(state, path);
    return () => torch.load(path).get(key);
  };
});

cases['ResNet-18, state_dict()'] = () => {
  const model = models.resnet18();
  return () => model.state_dict().get('fc.weight');
};
cases['ResNet-18, load_state_dict()'] = () => {
  const model = models.resnet18();
  const state = models.resnet18().state_dict();
  return () => {
    model.load_state_dict(state);
    return model.fc.weight;
  };
};
