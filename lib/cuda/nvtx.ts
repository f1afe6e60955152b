/**
 * Marks that NVIDIA's profilers show.
 * @see https://docs.pytorch.org/docs/stable/cuda.html#nvidia-tools-extension-nvtx
 */
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import { native } from '../native.ts';

/** Marks this moment. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.nvtx.mark.html */
export function mark(msg: string): void {
  native.nvtx_mark(msg);
}

/** Begins a range inside those that are open. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.nvtx.range_push.html */
export function range_push(msg: string): void {
  native.nvtx_range_push(msg);
}

/** Ends the range that began last. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.nvtx.range_pop.html */
export function range_pop(): void {
  native.nvtx_range_pop();
}

/** A range around a callback, or the block of a `using`. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.nvtx.range.html */
export function range(msg: string): Guard;
export function range<T>(msg: string, callback: () => T): T;
export function range<T>(msg: string, callback?: () => T): T | Guard {
  return scoped(
    'range',
    () => {
      range_push(msg);
      return range_pop;
    },
    callback,
  );
}
