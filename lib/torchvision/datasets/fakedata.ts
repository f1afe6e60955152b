/** Images of noise. */
import { type Arguments, signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { IndexError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { get_rng_state, manual_seed, set_rng_state } from '../../random.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import type { Image } from '../image.ts';
import { to_pil_image } from '../transforms/functional.ts';
import { VisionDataset } from './vision.ts';

/** The arguments of `FakeData`. */
export interface FakeDataArguments<X = Image, Y = number> {
  /** How many images there are (default: 1000). */
  size?: number;
  /** Their channels, height and width (default: 3, 224, 224). */
  image_size?: readonly number[];
  /** (default: 10) */
  num_classes?: number;
  /** A function of each image. */
  transform?: ((image: Image) => X) | null;
  /** A function of each label, which is a tensor. */
  target_transform?: ((target: Tensor) => Tensor) | null;
  /** What is added to the index to make the seed of an image (default: 0). */
  random_offset?: number;
}
const parse = signature<FakeDataArguments<unknown>>('FakeData', [
  ['size', 1000],
  ['image_size', [3, 224, 224]],
  ['num_classes', 10],
  ['transform', null],
  ['target_transform', null],
  ['random_offset', 0],
]);

/**
 * Images and labels at random, the same ones each time: a sample is an `[image, label]` pair.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.FakeData.html
 */
export class FakeData<X = Image> extends VisionDataset<[X, number]> {
  size: number;
  num_classes: number;
  image_size: readonly number[];
  random_offset: number;

  constructor(
    ...args: Arguments<
      FakeDataArguments<X>,
      readonly ['size', 'image_size', 'num_classes', 'transform', 'target_transform', 'random_offset']
    >
  ) {
    const { size, image_size, num_classes, transform, target_transform, random_offset } = parse(args);
    super({ transform, target_transform });
    this.size = size;
    this.num_classes = num_classes;
    this.image_size = image_size;
    this.random_offset = random_offset;
  }

  __len__(): number {
    return this.size;
  }

  override __getitem__(index: number): [X, number] {
    if (index >= this.size) throw new IndexError(`${type_name(this)} index out of range`);
    const state = get_rng_state();
    manual_seed(index + this.random_offset);
    const noise = aten.randn([...this.image_size]);
    const label = aten.randint(0, this.num_classes, [1], { dtype: int64 });
    set_rng_state(state);
    const image = to_pil_image(noise);
    const target: Tensor = aten.select(label, 0, 0);
    return [
      (this.transform === null ? image : this.transform(image)) as X,
      (this.target_transform === null ? target : (this.target_transform(target) as Tensor)).item() as number,
    ];
  }
}
