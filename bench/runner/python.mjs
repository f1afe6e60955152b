/** The Python to compare with: one whose PyTorch has the version of the LibTorch that tstorch runs on. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../../scripts/setup/paths.mjs';
import { announce, run, SetupError } from '../../scripts/setup/run.mjs';

const OWN = join(BUILD, 'bench-python');
const OWN_PYTHON = process.platform === 'win32' ? join(OWN, 'Scripts', 'python.exe') : join(OWN, 'bin', 'python');
const SYSTEM = process.platform === 'win32' ? 'python' : 'python3';

/** The version of a Python's PyTorch without what the build adds to it ('2.13.0+cpu'); null if it has none. */
function torch_of(python) {
  const program = 'from importlib.metadata import version; print(version("torch"))';
  const { status, stdout } = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('+')[0] : null;
}

/** @param libtorch the version of tstorch's LibTorch */
export function find_python(libtorch) {
  const wanted = libtorch.split('+')[0];
  const chosen = process.env.TSTORCH_PYTHON;
  if (chosen) {
    const version = torch_of(chosen);
    if (version === wanted) return chosen;
    const has = version === null ? 'has no PyTorch' : `has PyTorch ${version}`;
    throw new SetupError(`TSTORCH_PYTHON (${chosen}) ${has}; it takes ${wanted} to compare with.`);
  }
  for (const python of [SYSTEM, OWN_PYTHON]) if (torch_of(python) === wanted) return python;

  announce(`Making a Python environment with PyTorch ${wanted} in ${OWN}`);
  const remedy = `set TSTORCH_PYTHON to a Python that has PyTorch ${wanted}.`;
  if (!existsSync(OWN_PYTHON)) run(SYSTEM, ['-m', 'venv', OWN], `The environment could not be made: ${remedy}`);
  const install = ['-m', 'pip', 'install', '--quiet', `torch==${wanted}`, 'numpy'];
  run(OWN_PYTHON, install, `PyTorch could not be installed: ${remedy}`);
  return OWN_PYTHON;
}
