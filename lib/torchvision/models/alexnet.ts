/** AlexNet, in the version of "One weird trick for parallelizing convolutional neural networks" (Krizhevsky, 2014). */
import { type Arguments, signature } from '../../arguments.ts';
import * as nn from '../../nn/index.ts';
import type { Tensor } from '../../tensor.ts';
import { type Builder, builder } from './_builder.ts';
import { AlexNet_Weights } from './weights/alexnet.ts';

/** Arguments of {@link AlexNet}. */
export interface AlexNetOptions {
  /** (default: 1000) */
  num_classes?: number;
  /** (default: 0.5) */
  dropout?: number;
}
const parse = signature<AlexNetOptions>('AlexNet', [
  ['num_classes', 1000],
  ['dropout', 0.5],
]);

/**
 * Five convolutions and three fully connected layers: (N, 3, H, W) to (N, num_classes), for images from 63 x 63 on.
 * @see https://docs.pytorch.org/vision/stable/models/alexnet.html
 */
export class AlexNet extends nn.Module {
  features: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  classifier: nn.Sequential;

  constructor(...args: Arguments<AlexNetOptions, ['num_classes', 'dropout']>) {
    super();
    const { num_classes, dropout } = parse(args);
    const relu = (): nn.ReLU => new nn.ReLU(true);
    const pool = (): nn.MaxPool2d => new nn.MaxPool2d(3, 2);
    this.features = new nn.Sequential(
      new nn.Conv2d(3, 64, 11, 4, 2),
      relu(),
      pool(),
      new nn.Conv2d(64, 192, 5, 1, 2),
      relu(),
      pool(),
      new nn.Conv2d(192, 384, 3, 1, 1),
      relu(),
      new nn.Conv2d(384, 256, 3, 1, 1),
      relu(),
      new nn.Conv2d(256, 256, 3, 1, 1),
      relu(),
      pool(),
    );
    this.avgpool = new nn.AdaptiveAvgPool2d([6, 6]);
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(256 * 6 * 6, 4096),
      relu(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      relu(),
      new nn.Linear(4096, num_classes),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)).flatten(1));
  }
}

/**
 * An {@link AlexNet}.
 * @see https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.alexnet.html
 */
export const alexnet: Builder<AlexNetOptions, AlexNet, 'IMAGENET1K_V1'> = builder('alexnet', AlexNet_Weights, {
  make: (options) => new AlexNet(options),
});

export { AlexNet_Weights };
