/** The course's convolutional network, for images of 28 x 28. */
import { nn } from 'tstorch';

export class TinyVGG extends nn.Module {
  constructor(hidden = 10) {
    super();
    const block = (channels) =>
      new nn.Sequential(
        new nn.Conv2d(channels, hidden, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.Conv2d(hidden, hidden, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
      );
    this.block_1 = block(1);
    this.block_2 = block(hidden);
    this.classifier = new nn.Sequential(new nn.Flatten(), new nn.Linear(hidden * 7 * 7, 10));
  }

  forward(x) {
    return this.classifier(this.block_2(this.block_1(x)));
  }
}
