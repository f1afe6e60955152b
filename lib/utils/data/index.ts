/**
 * `torch.utils.data`: datasets, samplers and the loader.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html
 */
export {
  ChainDataset,
  ConcatDataset,
  Dataset,
  IterableDataset,
  type MapStyle,
  random_split,
  type RandomSplitArguments,
  StackDataset,
  Subset,
  TensorDataset,
} from './dataset.ts';
export {
  BatchSampler,
  type BatchSamplerArguments,
  RandomSampler,
  type RandomSamplerArguments,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  type SubsetRandomSamplerArguments,
  WeightedRandomSampler,
  type WeightedRandomSamplerArguments,
} from './sampler.ts';
export { DataLoader, type DataLoaderArguments, type DataLoaderOptions } from './dataloader.ts';
export { type Collated, default_collate, default_convert } from './_utils/collate.ts';
export { DistributedSampler } from './distributed/index.ts';
export { get_worker_info, type WorkerInfo } from './_utils/worker.ts';
export * as distributed from './distributed/index.ts';
