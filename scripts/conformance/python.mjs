/** A Python that has PyTorch. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../setup/run.mjs';

const ASK = 'import torch, numpy, sys; print(torch.__version__, sys.version.split()[0])';

function* candidates() {
  if (process.env.TSTORCH_PYTHON) {
    yield process.env.TSTORCH_PYTHON;
    return;
  }
  for (const variable of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = process.env[variable];
    if (!prefix) continue;
    const path = process.platform === 'win32' ? join(prefix, 'Scripts', 'python.exe') : join(prefix, 'bin', 'python');
    if (existsSync(path)) yield path;
  }
  yield* process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
}

/** The first Python with PyTorch `version`: its command and versions. TSTORCH_PYTHON names one. */
export function find_python(version) {
  const seen = [];
  for (const command of candidates()) {
    const { status, stdout } = spawnSync(command, ['-c', ASK], { encoding: 'utf8', windowsHide: true });
    if (status !== 0) continue;
    const [torch, python] = stdout.trim().split(' ');
    if (torch.split('+')[0] === version) return { command, torch, python };
    seen.push(`${command} has ${torch}`);
  }
  const found = seen.length > 0 ? ` (${seen.join(', ')})` : '';
  throw new SetupError(
    `No Python with PyTorch ${version} and numpy was found${found}: set TSTORCH_PYTHON to one, made by ` +
      `python -m venv … and pip install torch==${version} numpy expecttest.`,
  );
}
