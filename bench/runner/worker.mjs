/**
 * The two processes that are compared. Each lives as long as its group is measured, so that both are warm, and sits
 * still while the other is asked: a request is a line of JSON on its input, the answer a line on its output.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../scripts/setup/paths.mjs';

const WORKERS = join(ROOT, 'bench', 'workers');

export class Worker {
  #process;
  #answers;

  /**
   * @param name how the side is called in the figures
   * @param env further environment variables
   */
  constructor(name, command, args, env) {
    this.name = name;
    this.#process = spawn(command, args, {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Asks for something and waits for the answer; what goes wrong in the worker is an error here. */
  async ask(request) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the ${this.name} process has ended`);
    const answer = JSON.parse(value);
    if (answer.error !== undefined) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  close() {
    this.#process.stdin.end();
  }
}

export function tstorch_worker(env = {}) {
  return new Worker('tstorch', process.execPath, [join(WORKERS, 'worker.mjs')], env);
}

export function python_worker(python, env = {}) {
  return new Worker('Python', python, [join(WORKERS, 'worker.py')], env);
}

/** A library of JavaScript, one of bench/peers. */
export function peer_worker(name, env) {
  return new Worker(name, process.execPath, [join(WORKERS, 'peer.mjs'), name], env);
}

/** The version of the LibTorch that tstorch finds; the runner itself never loads it. */
export async function libtorch_version() {
  const worker = tstorch_worker();
  try {
    return (await worker.ask({ action: 'version' })).version;
  } finally {
    worker.close();
  }
}
