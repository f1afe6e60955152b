/**
 * A program: the thread of a loader's worker. It says that it has begun before it imports anything of the package, so
 * that whoever waits for it learns of whatever goes wrong.
 */
import { workerData } from 'node:worker_threads';
import { BEGUN, FIRST_STATUS, type WorkerSettings } from './messages.ts';

const settings = workerData as WorkerSettings;
Atomics.store(settings.control, FIRST_STATUS + settings.id, BEGUN);
void import('./worker_loop.ts').then(({ run_worker }) => run_worker(settings));
