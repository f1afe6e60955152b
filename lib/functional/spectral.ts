/** The short-time Fourier transform. */
import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

/** @internal */
export interface StftOptions {
  n_fft: number;
  hop_length?: number | null;
  win_length?: number | null;
  window?: Tensor | null;
  center?: boolean;
  pad_mode?: 'reflect' | 'constant' | 'replicate' | 'circular';
  normalized?: boolean;
  onesided?: boolean | null;
  return_complex?: boolean | null;
  align_to_window?: boolean | null;
}

interface StftParameters extends StftOptions {
  input: Tensor;
}

/** @internal The order of the parameters after `input`. */
export type StftNames = [
  'n_fft',
  'hop_length',
  'win_length',
  'window',
  'center',
  'pad_mode',
  'normalized',
  'onesided',
  'return_complex',
  'align_to_window',
];

const stft_arguments = signature<StftParameters>('stft', [
  'input',
  'n_fft',
  ['hop_length', null],
  ['win_length', null],
  ['window', null],
  ['center', true],
  ['pad_mode', 'reflect'],
  ['normalized', false],
  ['onesided', null],
  ['return_complex', null],
  ['align_to_window', null],
]);

/**
 * The Fourier transforms of overlapping windows of a signal (L) or of a batch of them (B, L).
 *
 * @param n_fft the size of a transform
 * @param hop_length how far apart windows start; a quarter of `n_fft` by default
 * @param win_length the size of a window; `n_fft` by default
 * @param window what the samples of a window are multiplied with; ones by default
 * @param center pad the signal at both ends, as `pad_mode` says, so that the t-th window is centred at t * hop_length
 * @param onesided give only half of the frequencies, which is all there is to a real signal; by default for these
 * @param return_complex give a complex tensor; has to be said for real signals
 * @returns (B?, N, T), N frequencies and T windows
 * @throws RuntimeError for a signal that is too short, or if `return_complex` is needed
 * @see https://docs.pytorch.org/docs/stable/generated/torch.stft.html
 */
export function stft(...args: Arguments<StftParameters, ['input', ...StftNames]>): Tensor {
  const given = stft_arguments(args);
  return aten.stft(
    given.input,
    given.n_fft,
    given.hop_length,
    given.win_length,
    given.window,
    given.center,
    given.pad_mode,
    given.normalized,
    given.onesided,
    given.return_complex,
    given.align_to_window,
  );
}
