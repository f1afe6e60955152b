/** What the methods of `SummaryWriter` take, by position and by name. */
import { signature } from '../../arguments.ts';
import type { Module } from '../../nn/modules/module.ts';
import type { Figure } from '../../pyplot/pyplot.ts';
import type { Tensor } from '../../tensor.ts';
import type { Metadata } from './embedding.ts';
import type { HparamValue } from './hparams.ts';
import type { TensorLike } from './values.ts';

export interface SummaryWriterOptions {
  /** Where to write; `runs/Nov25_12-00-00_hostname` where nothing is said. */
  log_dir?: string | null;
  /** Put behind the name of that folder. */
  comment?: string;
  /** A step from which on what was logged before is forgotten. */
  purge_step?: number | null;
  /** Taken for Python's sake: events are written at once. */
  max_queue?: number;
  /** Taken for Python's sake: events are written at once. */
  flush_secs?: number;
  /** Put behind the names of files. */
  filename_suffix?: string;
}

/** When something happened: a step of the training, and a time in seconds since 1970. */
export interface When {
  global_step?: number | null;
  walltime?: number | null;
}

export interface Tagged extends When {
  tag: string;
}

export interface ScalarParameters extends Tagged {
  scalar_value: TensorLike;
  new_style?: boolean;
  double_precision?: boolean;
}

export interface ScalarsParameters extends When {
  main_tag: string;
  tag_scalar_dict: Readonly<Record<string, TensorLike>>;
}

export interface HistogramParameters extends Tagged {
  values: TensorLike;
  bins?: 'tensorflow' | number | TensorLike;
  max_bins?: number | null;
}

export interface RawHistogramParameters extends Tagged {
  min: number;
  max: number;
  num: number;
  sum: number;
  sum_squares: number;
  bucket_limits: readonly number[];
  bucket_counts: readonly number[];
}

export interface ImageParameters extends Tagged {
  img_tensor: TensorLike;
  dataformats?: string;
}

export interface BoxesParameters extends ImageParameters {
  box_tensor: TensorLike;
  rescale?: 1;
  labels?: null;
}

export interface FigureParameters extends Tagged {
  figure: Figure | readonly Figure[];
  close?: boolean;
}

export interface AudioParameters extends Tagged {
  snd_tensor: TensorLike;
  sample_rate?: number;
}

export interface GraphParameters {
  model: Module;
  input_to_model?: unknown;
  verbose?: boolean;
  use_strict_trace?: boolean;
}

export interface HparamsParameters {
  hparam_dict: Readonly<Record<string, HparamValue>>;
  metric_dict: Readonly<Record<string, TensorLike>>;
  hparam_domain_discrete?: Readonly<Record<string, readonly HparamValue[]>> | null;
  run_name?: string | null;
  global_step?: number | null;
}

export interface EmbeddingParameters {
  mat: TensorLike;
  metadata?: Metadata | null;
  label_img?: Tensor | null;
  global_step?: number | null;
  tag?: string;
  metadata_header?: readonly string[] | null;
}

export interface CurveParameters extends Tagged {
  labels: TensorLike;
  predictions: TensorLike;
  num_thresholds?: number;
  weights?: TensorLike | null;
}

export interface RawCurveParameters extends Tagged {
  true_positive_counts: TensorLike;
  false_positive_counts: TensorLike;
  true_negative_counts: TensorLike;
  false_negative_counts: TensorLike;
  precision: TensorLike;
  recall: TensorLike;
  num_thresholds?: number;
  weights?: TensorLike | null;
}

export interface MeshParameters extends Tagged {
  vertices: TensorLike;
  colors?: TensorLike | null;
  faces?: TensorLike | null;
  config_dict?: Readonly<Record<string, unknown>> | null;
}

export interface ChartParameters {
  tags: readonly string[];
  category?: string;
  title?: string;
}

const CHART = ['tags', ['category', 'default'], ['title', 'untitled']] as const;
const STEP = ['global_step', null] as const;
const TIME = ['walltime', null] as const;

export const SCALARS = ['main_tag', 'tag_scalar_dict', 'global_step', 'walltime'];
export const HPARAMS = ['hparam_dict', 'metric_dict', 'hparam_domain_discrete', 'run_name', 'global_step'];

/** Reads the arguments of the writer's methods. */
export const read = {
  writer: signature<SummaryWriterOptions>('SummaryWriter.__init__', [
    ['log_dir', null],
    ['comment', ''],
    ['purge_step', null],
    ['max_queue', 10],
    ['flush_secs', 120],
    ['filename_suffix', ''],
  ]),
  scalar: signature<ScalarParameters>('SummaryWriter.add_scalar', [
    'tag',
    'scalar_value',
    STEP,
    TIME,
    ['new_style', false],
    ['double_precision', false],
  ]),
  scalars: signature<ScalarsParameters>('SummaryWriter.add_scalars', ['main_tag', 'tag_scalar_dict', STEP, TIME]),
  hparams: signature<HparamsParameters>('SummaryWriter.add_hparams', [
    'hparam_dict',
    'metric_dict',
    ['hparam_domain_discrete', null],
    ['run_name', null],
    STEP,
  ]),
  tensor: signature<Tagged & { tensor: Tensor }>('SummaryWriter.add_tensor', ['tag', 'tensor', STEP, TIME]),
  histogram: signature<HistogramParameters>('SummaryWriter.add_histogram', [
    'tag',
    'values',
    STEP,
    ['bins', 'tensorflow'],
    TIME,
    ['max_bins', null],
  ]),
  histogram_raw: signature<RawHistogramParameters>('SummaryWriter.add_histogram_raw', [
    'tag',
    'min',
    'max',
    'num',
    'sum',
    'sum_squares',
    'bucket_limits',
    'bucket_counts',
    STEP,
    TIME,
  ]),
  image: signature<ImageParameters>('SummaryWriter.add_image', [
    'tag',
    'img_tensor',
    STEP,
    TIME,
    ['dataformats', 'CHW'],
  ]),
  images: signature<ImageParameters>('SummaryWriter.add_images', [
    'tag',
    'img_tensor',
    STEP,
    TIME,
    ['dataformats', 'NCHW'],
  ]),
  boxes: signature<BoxesParameters>('SummaryWriter.add_image_with_boxes', [
    'tag',
    'img_tensor',
    'box_tensor',
    STEP,
    TIME,
    ['rescale', 1],
    ['dataformats', 'CHW'],
    ['labels', null],
  ]),
  figure: signature<FigureParameters>('SummaryWriter.add_figure', ['tag', 'figure', STEP, ['close', true], TIME]),
  audio: signature<AudioParameters>('SummaryWriter.add_audio', [
    'tag',
    'snd_tensor',
    STEP,
    ['sample_rate', 44100],
    TIME,
  ]),
  text: signature<Tagged & { text_string: string }>('SummaryWriter.add_text', ['tag', 'text_string', STEP, TIME]),
  graph: signature<GraphParameters>('SummaryWriter.add_graph', [
    'model',
    ['input_to_model', null],
    ['verbose', false],
    ['use_strict_trace', true],
  ]),
  embedding: signature<EmbeddingParameters>('SummaryWriter.add_embedding', [
    'mat',
    ['metadata', null],
    ['label_img', null],
    STEP,
    ['tag', 'default'],
    ['metadata_header', null],
  ]),
  curve: signature<CurveParameters>('SummaryWriter.add_pr_curve', [
    'tag',
    'labels',
    'predictions',
    STEP,
    ['num_thresholds', 127],
    ['weights', null],
    TIME,
  ]),
  curve_raw: signature<RawCurveParameters>('SummaryWriter.add_pr_curve_raw', [
    'tag',
    'true_positive_counts',
    'false_positive_counts',
    'true_negative_counts',
    'false_negative_counts',
    'precision',
    'recall',
    STEP,
    ['num_thresholds', 127],
    ['weights', null],
    TIME,
  ]),
  multiline_chart: signature<ChartParameters>('SummaryWriter.add_custom_scalars_multilinechart', CHART),
  margin_chart: signature<ChartParameters>('SummaryWriter.add_custom_scalars_marginchart', CHART),
  mesh: signature<MeshParameters>('SummaryWriter.add_mesh', [
    'tag',
    'vertices',
    ['colors', null],
    ['faces', null],
    ['config_dict', null],
    STEP,
    TIME,
  ]),
};
