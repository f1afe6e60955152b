/**
 * Learns to tell clothes apart: the TinyVGG of the course's chapter on computer vision, on FashionMNIST.
 *
 *     npm run quickstart
 *     npm run quickstart -- --epochs 5 --device cuda
 *
 * Writes the trained weights and two pictures: some predictions, and what is mistaken for what.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import torch, { nn, optim, type Tensor } from 'tstorch';
import * as plt from 'tstorch/pyplot';
import { enumerate, len, print, range } from 'tstorch/python';
import { datasets, transforms } from 'tstorch/torchvision';
import { tqdm } from 'tstorch/tqdm';
import { DataLoader } from 'tstorch/utils/data';

const help = `Trains TinyVGG on FashionMNIST.

  --epochs N        how often to go through the images (3)
  --batch-size N    images in a batch (32)
  --device NAME     cpu or cuda (cpu)
  --data DIR        where the images are, or are put (data)
  --output DIR      where weights and pictures are put (examples/output)
  --seed N          what random numbers begin with (42)
  --help            this text`;

function read_options(): { [name in 'epochs' | 'batch-size' | 'device' | 'data' | 'output' | 'seed']: string } & {
  help: boolean;
} {
  try {
    const { values } = parseArgs({
      options: {
        'epochs': { type: 'string', default: '3' },
        'batch-size': { type: 'string', default: '32' },
        'device': { type: 'string', default: 'cpu' },
        'data': { type: 'string', default: 'data' },
        'output': { type: 'string', default: join('examples', 'output') },
        'seed': { type: 'string', default: '42' },
        'help': { type: 'boolean', default: false },
      },
    });
    return values as ReturnType<typeof read_options>;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    process.exit(1);
  }
}

const options = read_options();

/** An option that has to be a whole number from `least` on. */
function whole(name: 'epochs' | 'batch-size' | 'seed', least: number): number {
  const value = Number(options[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} has to be a whole number, ${least} or more, not '${options[name]}'`);
}

// A small convolutional network: two blocks that look at the image, one layer that decides.
class TinyVGG extends nn.Module {
  block_1: nn.Sequential;
  block_2: nn.Sequential;
  classifier: nn.Sequential;

  constructor(input_shape: number, hidden_units: number, output_shape: number) {
    super();
    this.block_1 = new nn.Sequential(
      new nn.Conv2d({ in_channels: input_shape, out_channels: hidden_units, kernel_size: 3, stride: 1, padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d({ in_channels: hidden_units, out_channels: hidden_units, kernel_size: 3, stride: 1, padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d({ kernel_size: 2, stride: 2 }),
    );
    this.block_2 = new nn.Sequential(
      new nn.Conv2d(hidden_units, hidden_units, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d(hidden_units, hidden_units, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
    );
    this.classifier = new nn.Sequential(
      new nn.Flatten(),
      new nn.Linear({ in_features: hidden_units * 7 * 7, out_features: output_shape }),
    );
  }

  forward(x: Tensor): Tensor {
    x = this.block_1(x);
    x = this.block_2(x);
    x = this.classifier(x);
    return x;
  }
}

/** How many percent of the predictions are right. */
function accuracy_fn(y_true: Tensor, y_pred: Tensor): number {
  const correct = torch.eq(y_true, y_pred).sum().item() as number;
  return (correct / len(y_pred)) * 100;
}

type Loader = DataLoader<[Tensor, number], [Tensor, Tensor]>;

interface Score {
  loss: number;
  accuracy: number;
}

function train_step(
  model: TinyVGG,
  data_loader: Loader,
  loss_fn: nn.Module,
  optimizer: optim.Optimizer,
  device: string,
): Score {
  let [train_loss, train_acc, batches] = [0, 0, 0];
  model.train();
  const bar = tqdm(data_loader, { desc: '  train', leave: false });
  for (let [X, y] of bar) {
    X = X.to(device);
    y = y.to(device);

    // 1. Forward pass
    const y_pred = model(X);

    // 2. Loss and accuracy of this batch
    const loss = loss_fn(y_pred, y) as Tensor;
    train_loss += loss.item() as number;
    train_acc += accuracy_fn(y, y_pred.argmax({ dim: 1 }));

    // 3. Backward pass, 4. step of the optimizer
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();

    if (++batches % 50 === 0) bar.set_postfix({ loss: train_loss / batches }, false);
  }
  return { loss: train_loss / len(data_loader), accuracy: train_acc / len(data_loader) };
}

function test_step(model: TinyVGG, data_loader: Loader, loss_fn: nn.Module, device: string): Score {
  let [test_loss, test_acc] = [0, 0];
  model.eval();
  torch.inference_mode(() => {
    for (let [X, y] of tqdm(data_loader, { desc: '  test', leave: false })) {
      X = X.to(device);
      y = y.to(device);
      const test_pred = model(X);
      test_loss += (loss_fn(test_pred, y) as Tensor).item() as number;
      test_acc += accuracy_fn(y, test_pred.argmax({ dim: 1 }));
    }
  });
  return { loss: test_loss / len(data_loader), accuracy: test_acc / len(data_loader) };
}

/** The class that the model finds most likely for every image. */
function predict(model: TinyVGG, data_loader: Loader, device: string): number[] {
  model.eval();
  return torch.inference_mode(() => {
    const predictions: number[] = [];
    for (const [X] of data_loader) predictions.push(...(model(X.to(device)).argmax({ dim: 1 }).tolist() as number[]));
    return predictions;
  });
}

/** Images with what was predicted for them, in green where it is right and in red where not. */
function plot_predictions(
  images: Tensor,
  predicted: readonly number[],
  truth: readonly number[],
  class_names: readonly string[],
): void {
  plt.figure({ figsize: [12, 9] });
  for (const i of range(24)) {
    plt.subplot(4, 6, i + 1);
    plt.imshow(images[i]!, { cmap: 'gray' });
    const right = predicted[i] === truth[i];
    const text = `${class_names[predicted[i]!]}${right ? '' : `\nis: ${class_names[truth[i]!]}`}`;
    plt.title(text, { fontsize: 10, c: right ? 'g' : 'r' });
    plt.axis(false);
  }
}

/** How often each class (rows) was taken for each (columns): the darker, the more. */
function plot_confusion_matrix(
  predicted: readonly number[],
  truth: readonly number[],
  class_names: readonly string[],
): void {
  const counts = class_names.map(() => class_names.map(() => 0));
  for (const [i, label] of enumerate(truth)) counts[label]![predicted[i]!]!++;
  plt.figure({ figsize: [10, 7] });
  plt.imshow(counts, { cmap: plt.cm.Blues });
  const most = Math.max(...counts.flat());
  for (const [row, of_class] of enumerate(counts)) {
    for (const [column, count] of enumerate(of_class)) {
      const color = count > most / 2 ? 'white' : 'black';
      if (count > 0) plt.text(column, row, count, { ha: 'center', va: 'center', color });
    }
  }
  plt.xticks([...range(class_names.length)], class_names, { rotation: 45 });
  plt.yticks([...range(class_names.length)], class_names);
  plt.xlabel('predicted label');
  plt.ylabel('true label');
  plt.tight_layout();
}

function main(): void {
  const [epochs, batch_size, seed] = [whole('epochs', 1), whole('batch-size', 1), whole('seed', 0)];
  const { device, data, output } = options;

  // Images and labels
  const transform = new transforms.ToTensor();
  const train_data = new datasets.FashionMNIST(data, { train: true, download: true, transform });
  const test_data = new datasets.FashionMNIST(data, { train: false, download: true, transform });
  const class_names = train_data.classes;
  print(train_data);

  torch.manual_seed(seed);
  const train_dataloader = new DataLoader(train_data, { batch_size, shuffle: true });
  const test_dataloader = new DataLoader(test_data, { batch_size, shuffle: false });
  print(`${len(train_dataloader)} batches of ${batch_size} to train with, ${len(test_dataloader)} to test with`);

  // Model, loss and optimizer
  torch.manual_seed(seed);
  const model = new TinyVGG(1, 10, len(class_names)).to(device);
  const loss_fn = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  print(model);

  // Training
  const start = performance.now();
  for (const epoch of range(epochs)) {
    const train = train_step(model, train_dataloader, loss_fn, optimizer, device);
    const test = test_step(model, test_dataloader, loss_fn, device);
    print(
      `Epoch ${epoch + 1}: train loss ${train.loss.toFixed(5)}, train accuracy ${train.accuracy.toFixed(2)}% | ` +
        `test loss ${test.loss.toFixed(5)}, test accuracy ${test.accuracy.toFixed(2)}%`,
    );
  }
  print(`Trained for ${((performance.now() - start) / 1000).toFixed(1)} s on ${device}`);

  // What the model makes of the test images
  const predictions = predict(model, test_dataloader, device);
  const labels = (test_data.targets as Tensor).tolist() as number[];

  mkdirSync(output, { recursive: true });
  const pictures = { predictions: join(output, 'predictions.svg'), confusion: join(output, 'confusion_matrix.svg') };
  plot_predictions(test_data.data, predictions, labels, class_names);
  plt.savefig(pictures.predictions);
  plot_confusion_matrix(predictions, labels, class_names);
  plt.savefig(pictures.confusion);
  const weights = join(output, 'tiny_vgg.pth');
  torch.save(model.state_dict(), weights);
  print(`Weights:          ${weights}`);
  print(`Predictions:      ${pictures.predictions}`);
  print(`Confusion matrix: ${pictures.confusion}`);
}

if (options.help) {
  print(help);
} else {
  try {
    main();
  } catch (error) {
    // What went wrong is said in a sentence; whoever looks for the place asks for it.
    console.error(process.env['DEBUG'] === undefined ? `${(error as Error).name}: ${(error as Error).message}` : error);
    process.exitCode = 1;
  }
}
