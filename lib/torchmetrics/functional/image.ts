/** The scores of one batch of images: what the metrics of the same names give of it. */
import * as metrics from '../image/index.ts';
import { batch_function } from './batch.ts';

const PSNR = ['data_range', ['base', 10], ['reduction', 'elementwise_mean'], ['dim', null]] as const;

/**
 * What `PeakSignalNoiseRatio` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/image/peak_signal_noise_ratio.html
 */
export const peak_signal_noise_ratio = batch_function<metrics.PeakSignalNoiseRatioArguments, typeof PSNR>(
  'peak_signal_noise_ratio', PSNR, (options) => new metrics.PeakSignalNoiseRatio(options),
);
