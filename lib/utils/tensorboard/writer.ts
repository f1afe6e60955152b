/**
 * The writer of TensorBoard's logs.
 *
 * @see https://docs.pytorch.org/docs/stable/tensorboard.html
 */
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Arguments, is_array, is_kwargs } from '../../arguments.ts';
import { stack } from '../../generated/functions.ts';
import { AssertionError, TypeError, ValueError } from '../../errors.ts';
import { close as close_figure, type Figure } from '../../pyplot/pyplot.ts';
import { as_tensor } from '../../creation.ts';
import type { Tensor } from '../../tensor.ts';
import { write_embedding } from './embedding.ts';
import { event, FileWriter, now } from './event_file.ts';
import { graph } from './graph.ts';
import { hparams } from './hparams.ts';
import { image, image_with_boxes } from './images.ts';
import { mesh } from './mesh.ts';
import { pr_curve, pr_curve_raw } from './pr_curve.ts';
import {
  audio,
  custom_scalars,
  histogram,
  histogram_raw,
  scalar,
  type ScalarsLayout,
  tensor_proto,
  text,
} from './summary.ts';
import { type TensorLike, to_tensor } from './values.ts';
import {
  type AudioParameters,
  type BoxesParameters,
  type ChartParameters,
  type CurveParameters,
  type EmbeddingParameters,
  type FigureParameters,
  type GraphParameters,
  type HistogramParameters,
  HPARAMS,
  type HparamsParameters,
  type ImageParameters,
  type MeshParameters,
  type RawCurveParameters,
  type RawHistogramParameters,
  read,
  type ScalarParameters,
  SCALARS,
  type ScalarsParameters,
  type SummaryWriterOptions,
  type Tagged,
  type When,
} from './writer_arguments.ts';

export type { SummaryWriterOptions } from './writer_arguments.ts';

/** `Nov25_12-00-00`. */
function time_stamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][time.getMonth()]!;
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join('-');
  return `${month}${two(time.getDate())}_${clock}`;
}

/** The edges of the bins that TensorFlow counts into: from 1e-12 each a tenth larger, both signs, and 0. */
function tensorflow_bins(): Float64Array {
  const positive: number[] = [];
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge);
  return Float64Array.from([...positive.map((edge) => -edge).reverse(), 0, ...positive]);
}

let default_bins: Float64Array | undefined;

/**
 * Arguments that may end with a plain object which is none of names: unless all its keys are, an empty one is put
 * behind it, so that it is taken for what it is.
 */
function with_names(args: readonly unknown[], names: readonly string[]): readonly unknown[] {
  const last = args.at(-1);
  const named =
    is_kwargs(last) && Object.keys(last).length > 0 && Object.keys(last).every((key) => names.includes(key));
  return named ? args : [...args, {}];
}

/**
 * Writes what happens in a training to files that TensorBoard shows.
 *
 *     const writer = new SummaryWriter();              // runs/Nov25_12-00-00_hostname
 *     writer.add_scalar('loss/train', loss, epoch);
 *     writer.close();
 *
 * @see https://docs.pytorch.org/docs/stable/tensorboard.html#torch.utils.tensorboard.writer.SummaryWriter
 */
export class SummaryWriter {
  readonly log_dir: string;
  readonly max_queue: number;
  readonly flush_secs: number;
  readonly filename_suffix: string;
  purge_step: number | null;
  /** The files by their folders; null when they are closed. */
  #writers: Map<string, FileWriter> | null = null;
  #projector = '';

  /** @throws OSError if the folder cannot be written to */
  constructor(
    ...args: Arguments<
      SummaryWriterOptions,
      ['log_dir', 'comment', 'purge_step', 'max_queue', 'flush_secs', 'filename_suffix']
    >
  ) {
    const { log_dir, comment, purge_step, max_queue, flush_secs, filename_suffix } = read.writer(args);
    this.log_dir = log_dir ? String(log_dir) : join('runs', `${time_stamp(new Date())}_${hostname()}${comment}`);
    this.purge_step = purge_step;
    this.max_queue = max_queue;
    this.flush_secs = flush_secs;
    this.filename_suffix = filename_suffix;
    this.#writer();
  }

  /** The file of this folder; a new one after `close`. */
  #writer(): FileWriter {
    const open = this.#writers?.get(this.log_dir);
    if (open !== undefined) return open;
    const writer = new FileWriter(this.log_dir, this.filename_suffix);
    this.#writers = new Map([[this.log_dir, writer]]);
    if (this.purge_step !== null) {
      writer.add_event([event.file_version('brain.Event:2')], this.purge_step, null);
      writer.add_event([event.session_start()], this.purge_step, null);
      this.purge_step = null;
    }
    return writer;
  }

  #add(summary: Uint8Array, { global_step = null, walltime = null }: When): void {
    this.#writer().add_event([event.summary(summary)], global_step, walltime);
  }

  /** Where the files are. */
  get_logdir(): string {
    return this.log_dir;
  }

  /**
   * A number: a point of a curve.
   * @throws AssertionError if it is more than one
   */
  add_scalar(
    ...args: Arguments<
      ScalarParameters,
      ['tag', 'scalar_value', 'global_step', 'walltime', 'new_style', 'double_precision']
    >
  ): void {
    const given = read.scalar(args);
    this.#add(scalar(given.tag, given.scalar_value, given.new_style, given.double_precision), given);
  }

  /**
   * Numbers whose curves share a chart. Each has a folder of its own.
   *
   *     writer.add_scalars('loss', { train: 0.3, test: 0.4 }, step);
   */
  add_scalars(
    ...args:
      | [
          main_tag: string,
          tag_scalar_dict: Readonly<Record<string, TensorLike>>,
          global_step?: number | null,
          walltime?: number | null,
        ]
      | [main_tag: string, tag_scalar_dict: Readonly<Record<string, TensorLike>>, when: When]
      | [ScalarsParameters]
  ): void {
    const given = read.scalars(with_names(args, SCALARS));
    if (!is_kwargs(given.tag_scalar_dict)) throw new TypeError('tag_scalar_dict should be a dictionary');
    const walltime = given.walltime ?? now();
    const folder = this.#writer().get_logdir();
    for (const [tag, value] of Object.entries(given.tag_scalar_dict)) {
      const path = `${folder}/${given.main_tag.replaceAll('/', '_')}_${tag}`;
      let writer = this.#writers!.get(path);
      if (writer === undefined) {
        writer = new FileWriter(path, this.filename_suffix);
        this.#writers!.set(path, writer);
      }
      writer.add_event([event.summary(scalar(given.main_tag, value, false, false))], given.global_step, walltime);
    }
  }

  /** A tensor as it is. */
  add_tensor(...args: Arguments<Tagged & { tensor: Tensor }, ['tag', 'tensor', 'global_step', 'walltime']>): void {
    const given = read.tensor(args);
    this.#add(tensor_proto(given.tag, given.tensor), given);
  }

  /**
   * How values are distributed.
   * @throws ValueError if there are none
   */
  add_histogram(
    ...args: Arguments<HistogramParameters, ['tag', 'values', 'global_step', 'bins', 'walltime', 'max_bins']>
  ): void {
    const given = read.histogram(args);
    let bins: number | Float64Array;
    if (given.bins === 'tensorflow') bins = default_bins ??= tensorflow_bins();
    else if (typeof given.bins === 'number') bins = given.bins;
    else if (typeof given.bins === 'string')
      throw new ValueError(`${String(given.bins)} is not a valid estimator for \`bins\``);
    else bins = Float64Array.from(to_tensor(given.bins).flatten().tolist() as number[], Number);
    this.#add(histogram(given.tag, given.values, bins, given.max_bins), given);
  }

  /** A distribution that has been counted already. */
  add_histogram_raw(
    ...args: Arguments<
      RawHistogramParameters,
      ['tag', 'min', 'max', 'num', 'sum', 'sum_squares', 'bucket_limits', 'bucket_counts', 'global_step', 'walltime']
    >
  ): void {
    const given = read.histogram_raw(args);
    if (given.bucket_limits.length !== given.bucket_counts.length) {
      throw new ValueError('len(bucket_limits) != len(bucket_counts), see the document.');
    }
    this.#add(histogram_raw(given.tag, given), given);
  }

  /** An image: `dataformats` says what its dimensions are, `'CHW'`, `'HWC'` or `'HW'`. */
  add_image(
    ...args: Arguments<ImageParameters, ['tag', 'img_tensor', 'global_step', 'walltime', 'dataformats']>
  ): void {
    const given = read.image(args);
    this.#add(image(given.tag, given.img_tensor, given.dataformats), given);
  }

  /** A batch of images, `'NCHW'` or `'NHWC'`, as one picture with eight of them in a row. */
  add_images(
    ...args: Arguments<ImageParameters, ['tag', 'img_tensor', 'global_step', 'walltime', 'dataformats']>
  ): void {
    const given = read.images(args);
    this.#add(image(given.tag, given.img_tensor, given.dataformats), given);
  }

  /** An image with boxes (N, 4) in it: left, top, right, bottom. Labels are not drawn. */
  add_image_with_boxes(
    ...args: Arguments<
      BoxesParameters,
      ['tag', 'img_tensor', 'box_tensor', 'global_step', 'walltime', 'rescale', 'dataformats', 'labels']
    >
  ): void {
    const given = read.boxes(args);
    this.#add(image_with_boxes(given.tag, given.img_tensor, given.box_tensor, given.dataformats), given);
  }

  /**
   * A figure of pyplot, or several, as an image; they are closed unless `close` is false.
   * @throws RuntimeError if '@resvg/resvg-js', which draws it, is not installed
   */
  add_figure(...args: Arguments<FigureParameters, ['tag', 'figure', 'global_step', 'close', 'walltime']>): void {
    const given = read.figure(args);
    const draw = (figure: Figure): Tensor => {
      const { width, height, data } = figure.to_pixels();
      if (given.close) close_figure(figure);
      return as_tensor(Uint8Array.from(data)).reshape([height, width, 4]).narrow(2, 0, 3).permute([2, 0, 1]);
    };
    if (is_array(given.figure))
      this.#add(image(given.tag, stack((given.figure as readonly Figure[]).map(draw)), 'NCHW'), given);
    else this.#add(image(given.tag, draw(given.figure as Figure), 'CHW'), given);
  }

  /** A sound: numbers from -1 to 1. */
  add_audio(
    ...args: Arguments<AudioParameters, ['tag', 'snd_tensor', 'global_step', 'sample_rate', 'walltime']>
  ): void {
    const given = read.audio(args);
    this.#add(audio(given.tag, given.snd_tensor, given.sample_rate), given);
  }

  /** A text, read as Markdown. */
  add_text(
    ...args: Arguments<Tagged & { text_string: string }, ['tag', 'text_string', 'global_step', 'walltime']>
  ): void {
    const given = read.text(args);
    this.#add(text(given.tag, String(given.text_string)), given);
  }

  /**
   * The graph of a model, which is run once on `input_to_model`: its modules, and what goes from one to the other.
   * @throws whatever the model throws for that input
   */
  add_graph(...args: Arguments<GraphParameters, ['model', 'input_to_model', 'verbose', 'use_strict_trace']>): void {
    const { model, input_to_model, verbose } = read.graph(args);
    const [content, metadata] = graph(model, input_to_model, verbose);
    const writer = this.#writer();
    writer.add_event([event.graph(content)], null, null);
    writer.add_event([event.run_metadata('step1', metadata)], null, null);
  }

  /**
   * Hyperparameters and what came of them, in a folder of their own.
   *
   *     writer.add_hparams({ lr: 0.1, batch: 32 }, { 'hparam/accuracy': 0.9 });
   *
   * @throws TypeError if these are no plain objects
   */
  add_hparams(
    ...args:
      | [
          hparam_dict: HparamsParameters['hparam_dict'],
          metric_dict: HparamsParameters['metric_dict'],
          hparam_domain_discrete?: HparamsParameters['hparam_domain_discrete'],
          run_name?: string | null,
          global_step?: number | null,
        ]
      | [
          hparam_dict: HparamsParameters['hparam_dict'],
          metric_dict: HparamsParameters['metric_dict'],
          options: Omit<HparamsParameters, 'hparam_dict' | 'metric_dict'>,
        ]
      | [HparamsParameters]
  ): void {
    const given = read.hparams(with_names(args, HPARAMS));
    const { hparam_dict, metric_dict, global_step } = given;
    if (!is_kwargs(hparam_dict) || !is_kwargs(metric_dict)) {
      throw new TypeError('hparam_dict and metric_dict should be dictionary.');
    }
    const summaries = hparams(hparam_dict, metric_dict, given.hparam_domain_discrete ?? {});
    const writer = new SummaryWriter(join(this.#writer().get_logdir(), given.run_name || String(now())));
    try {
      for (const one of summaries) writer.#add(one, { global_step });
      for (const [tag, value] of Object.entries(metric_dict)) writer.add_scalar(tag, value, global_step);
    } finally {
      writer.close();
    }
  }

  /**
   * Points (N, D) for the projector, with a label and an image each.
   * @throws AssertionError if these are not as many as the points
   */
  add_embedding(
    ...args: Arguments<EmbeddingParameters, ['mat', 'metadata', 'label_img', 'global_step', 'tag', 'metadata_header']>
  ): void {
    const { mat, metadata, label_img, global_step, tag, metadata_header } = read.embedding(args);
    const folder = this.#writer().get_logdir();
    this.#projector += write_embedding(
      folder,
      to_tensor(mat),
      metadata,
      label_img,
      global_step ?? 0,
      tag,
      metadata_header,
    );
    writeFileSync(join(folder, 'projector_config.pbtxt'), this.#projector);
  }

  /** Precision over recall, for labels that are 0 or 1 and predictions from 0 to 1. */
  add_pr_curve(
    ...args: Arguments<
      CurveParameters,
      ['tag', 'labels', 'predictions', 'global_step', 'num_thresholds', 'weights', 'walltime']
    >
  ): void {
    const given = read.curve(args);
    this.#add(pr_curve(given.tag, given.labels, given.predictions, given.num_thresholds, given.weights), given);
  }

  /** A curve that has been computed already. */
  add_pr_curve_raw(
    ...args: Arguments<
      RawCurveParameters,
      [
        'tag',
        'true_positive_counts',
        'false_positive_counts',
        'true_negative_counts',
        'false_negative_counts',
        'precision',
        'recall',
        'global_step',
        'num_thresholds',
        'weights',
        'walltime',
      ]
    >
  ): void {
    const given = read.curve_raw(args);
    const rows = [
      given.true_positive_counts,
      given.false_positive_counts,
      given.true_negative_counts,
      given.false_negative_counts,
      given.precision,
      given.recall,
    ];
    this.#add(pr_curve_raw(given.tag, rows, given.num_thresholds), given);
  }

  /** Scalars that share a chart. */
  add_custom_scalars_multilinechart(...args: Arguments<ChartParameters, ['tags', 'category', 'title']>): void {
    const { tags, category, title } = read.multiline_chart(args);
    this.add_custom_scalars({ [category]: { [title]: ['Multiline', tags] } });
  }

  /**
   * Three scalars as a line between a lower and an upper one.
   * @throws AssertionError if they are not three
   */
  add_custom_scalars_marginchart(...args: Arguments<ChartParameters, ['tags', 'category', 'title']>): void {
    const { tags, category, title } = read.margin_chart(args);
    if (tags.length !== 3) throw new AssertionError(`Expected 3 tags, got ${tags.length}.`);
    this.add_custom_scalars({ [category]: { [title]: ['Margin', tags] } });
  }

  /** Which scalars share charts, by category and title. */
  add_custom_scalars(layout: ScalarsLayout): void {
    this.#add(custom_scalars(layout), {});
  }

  /** Vertices (B, N, 3), with their colours, and the faces between them. */
  add_mesh(
    ...args: Arguments<MeshParameters, ['tag', 'vertices', 'colors', 'faces', 'config_dict', 'global_step', 'walltime']>
  ): void {
    const given = read.mesh(args);
    this.#add(mesh(given.tag, given.vertices, given.colors, given.faces, given.config_dict), given);
  }

  /** Brings to the disk what the system still holds. */
  flush(): void {
    for (const writer of this.#writers?.values() ?? []) writer.flush();
  }

  /** Closes the files. What is added later begins a new one. */
  close(): void {
    for (const writer of this.#writers?.values() ?? []) writer.close();
    this.#writers = null;
  }

  /** `using writer = new SummaryWriter()` closes it at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }
}
