/**
 * What is done to an image before a model of `torchvision.models` sees it.
 *
 * @see https://docs.pytorch.org/vision/stable/models.html#using-the-pre-trained-models
 */
import { type Arguments, signature } from '../../arguments.ts';
import { float32 } from '../../dtype.ts';
import { Module } from '../../nn/modules/module.ts';
import { float_str, list_repr, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import type { Image } from '../image.ts';
import * as F from './functional.ts';
import type { InterpolationMode } from './interpolation.ts';

/** Arguments of {@link ImageClassification}. */
export interface ImageClassificationOptions {
  /** The height and width of the square that is cut out of the middle. */
  crop_size: number;
  /** What the shorter side is brought to first (default: 256). */
  resize_size?: number;
  /** What is taken off each channel. */
  mean?: readonly number[];
  /** What each channel is then divided by. */
  std?: readonly number[];
  /** How the size is changed: `'bilinear'`, `'bicubic'`, `'nearest'` (default: `'bilinear'`). */
  interpolation?: InterpolationMode;
  /** Smooth while making smaller (default: true)? */
  antialias?: boolean;
}

const parse = signature<ImageClassificationOptions>(
  'ImageClassification',
  [],
  [
    'crop_size',
    ['resize_size', 256],
    ['mean', [0.485, 0.456, 0.406]],
    ['std', [0.229, 0.224, 0.225]],
    ['interpolation', 'bilinear'],
    ['antialias', true],
  ],
);

/**
 * Changes the size of an image, cuts its middle out, turns it into floats from 0 to 1 and normalizes them: what models
 * that tell what is in an image were trained and measured with. Takes an `Image`, or a tensor of shape (..., C, H, W).
 */
export class ImageClassification extends Module {
  crop_size: readonly number[];
  resize_size: readonly number[];
  mean: readonly number[];
  std: readonly number[];
  interpolation: InterpolationMode;
  antialias: boolean;

  constructor(...args: Arguments<ImageClassificationOptions, readonly []>) {
    super();
    const { crop_size, resize_size, mean, std, interpolation, antialias } = parse(args);
    this.crop_size = [crop_size];
    this.resize_size = [resize_size];
    this.mean = mean;
    this.std = std;
    this.interpolation = interpolation;
    this.antialias = antialias;
  }

  override forward(img: Tensor | Image): Tensor {
    const { interpolation, antialias } = this;
    const resized = F.resize(img, this.resize_size, { interpolation, antialias });
    const cropped = F.center_crop(resized, this.crop_size);
    const pixels = cropped instanceof Tensor ? cropped : F.pil_to_tensor(cropped);
    return F.normalize(F.convert_image_dtype(pixels, float32), this.mean, this.std);
  }

  override __repr__(): string {
    const floats = (values: readonly number[]): string => `[${values.map(float_str).join(', ')}]`;
    return [
      `${type_name(this)}(`,
      `    crop_size=${list_repr(this.crop_size)}`,
      `    resize_size=${list_repr(this.resize_size)}`,
      `    mean=${floats(this.mean)}`,
      `    std=${floats(this.std)}`,
      `    interpolation=InterpolationMode.${this.interpolation.toUpperCase()}`,
      ')',
    ].join('\n');
  }
}
