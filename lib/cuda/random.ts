/**
 * Random numbers on GPUs: each has a generator. Without a GPU, seeding does nothing, as in PyTorch.
 * @see https://docs.pytorch.org/docs/stable/cuda.html#random-number-generator
 */
import type { DeviceLike } from '../device.ts';
import { Generator, type Seed } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { cuda_index, device_count, is_available } from './device.ts';

function generator(device?: DeviceLike | null): Generator {
  return Generator.default_of(`cuda:${cuda_index(device)}`);
}

function indices(): number[] {
  return Array.from({ length: device_count() }, (_, index) => index);
}

/** Seeds the current GPU. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.manual_seed.html */
export function manual_seed(seed: Seed): void {
  if (is_available()) generator().manual_seed(seed);
}

/** Seeds all GPUs. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.manual_seed_all.html */
export function manual_seed_all(seed: Seed): void {
  for (const index of indices()) generator(index).manual_seed(seed);
}

/** Seeds the current GPU at random. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.seed.html */
export function seed(): void {
  if (is_available()) generator().seed();
}

/** Seeds all GPUs at random, with the same number. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.seed_all.html */
export function seed_all(): void {
  if (!is_available()) return;
  const drawn = generator(0).seed();
  for (const index of indices()) generator(index).manual_seed(drawn);
}

/** The seed of the current GPU. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.initial_seed.html */
export function initial_seed(): Seed {
  return generator().initial_seed();
}

/** The state of a GPU's generator. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_rng_state.html */
export function get_rng_state(device: DeviceLike = 'cuda'): Tensor {
  return generator(device).get_state();
}

/** The states of all GPUs' generators. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_rng_state_all.html */
export function get_rng_state_all(): Tensor[] {
  return indices().map((index) => generator(index).get_state());
}

/** Restores the state of a GPU's generator. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.set_rng_state.html */
export function set_rng_state(new_state: Tensor, device: DeviceLike = 'cuda'): void {
  generator(device).set_state(new_state);
}

/** Restores the states of all GPUs' generators. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.set_rng_state_all.html */
export function set_rng_state_all(new_states: readonly Tensor[]): void {
  new_states.forEach((state, index) => set_rng_state(state, index));
}
