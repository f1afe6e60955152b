/**
 * `torch.utils.tensorboard`: logs that TensorBoard shows.
 *
 *     import { SummaryWriter } from 'tstorch/utils/tensorboard';
 *
 * @see https://docs.pytorch.org/docs/stable/tensorboard.html
 */
export { FileWriter } from './event_file.ts';
export type { HparamValue } from './hparams.ts';
export type { Metadata } from './embedding.ts';
export type { ScalarsLayout } from './summary.ts';
export type { TensorLike } from './values.ts';
export { SummaryWriter, type SummaryWriterOptions } from './writer.ts';
