/**
 * 04. Custom datasets: pizza, steak or sushi?
 *
 *     node build/examples/course/04_pytorch_custom_datasets.js [--data DIR | --download]
 *
 * After the fifth notebook of "Learn PyTorch for Deep Learning" (learnpytorch.io), cell by cell;
 * python/04_pytorch_custom_datasets.py has the same cells in Python. With `--download` the photographs of the notebook
 * are fetched, `--data` names a folder of one's own; else pictures are drawn, so that it runs anywhere.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import torch, { nn, optim, type Tensor } from 'tstorch';
import plt from 'tstorch/pyplot';
import { default_timer as timer, enumerate, format, len, print, range } from 'tstorch/python';
import * as random from 'tstorch/python/random';
import { summary } from 'tstorch/torchinfo';
import { datasets, Image, transforms } from 'tstorch/torchvision';
import { tqdm } from 'tstorch/tqdm/auto';
import { DataLoader, Dataset } from 'tstorch/utils/data';
import { draw_food } from './drawn_food.ts';
import { output, plot_loss_curves, type Results } from './helper_functions.ts';

const { values: options } = parseArgs({ options: { data: { type: 'string' }, download: { type: 'boolean' } } });

// %% The data: a folder for each class
const device = torch.cuda.is_available() ? 'cuda' : 'cpu';
let image_path = options.data ?? process.env['TSTORCH_COURSE_DATA'] ?? join('data', 'drawn_food');
if (options.download) {
  image_path = join('data', 'pizza_steak_sushi');
  const url = 'https://github.com/mrdbourke/pytorch-deep-learning/raw/main/data/pizza_steak_sushi.zip';
  datasets.utils.download_and_extract_archive(url, 'data', image_path);
} else if (options.data === undefined) {
  draw_food(image_path);
}

function walk_through_dir(dir_path: string, dirpath = dir_path): void {
  const entries = readdirSync(dirpath, { withFileTypes: true });
  const dirnames = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  print(`There are ${len(dirnames)} directories and ${len(entries) - len(dirnames)} images in '${relative(dir_path, dirpath) || '.'}'.`);
  for (const name of dirnames) walk_through_dir(dir_path, join(dirpath, name));
}

walk_through_dir(image_path);
const train_dir = join(image_path, 'train');
const test_dir = join(image_path, 'test');

/** The images in the folders of a folder, in order. */
function images_in(folder: string): string[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  return folders.flatMap((name) => readdirSync(name).filter((file) => file.endsWith('.jpg')).map((file) => join(name, file))).sort();
}

// %% A random image
random.seed(42);
const image_path_list = [...images_in(test_dir), ...images_in(train_dir)];
const random_image_path = random.choice(image_path_list);
const image_class = basename(dirname(random_image_path));
const picture = Image.open(random_image_path);
print(`Random image: ${basename(random_image_path)}`);
print(`Image class: ${image_class}`);
print(`Image height: ${picture.height}`);
print(`Image width: ${picture.width}`);
plt.figure({ figsize: [10, 7] });
plt.imshow(picture);
plt.title(`Image class: ${image_class} | Image size: ${picture.height} x ${picture.width}`);
plt.axis(false);
plt.savefig(output('04_image.svg'));

// %% Transforms
const data_transform = new transforms.Compose([
  new transforms.Resize({ size: [64, 64] }),
  new transforms.RandomHorizontalFlip({ p: 0.5 }),
  new transforms.ToTensor(),
]);
torch.manual_seed(42);
print(data_transform(picture).shape, data_transform(picture).dtype);

function plot_transformed_images(image_paths: string[], { transform, name, n = 3, seed = 42 }: { transform: (image: Image) => Tensor; name: string; n?: number; seed?: number }): void {
  random.seed(seed);
  const random_image_paths = random.sample(image_paths, n);
  const [, ax] = plt.subplots(n, 2, { figsize: [8, 4 * n] });
  for (const [row, path] of enumerate(random_image_paths)) {
    const f = Image.open(path);
    ax[row]![0]!.imshow(f);
    ax[row]![0]!.set_title(`Original\nSize: ${f.height} x ${f.width}`);
    ax[row]![0]!.axis('off');
    const transformed_image = transform(f).permute(1, 2, 0);
    print(basename(path), transformed_image.shape, format(transformed_image.mean(), '.6f'));
    ax[row]![1]!.imshow(transformed_image);
    ax[row]![1]!.set_title(`Transformed\nSize: ${transformed_image.shape}`);
    ax[row]![1]!.axis('off');
  }
  plt.savefig(output(name));
}

plot_transformed_images(image_path_list, { transform: data_transform, n: 3, name: '04_transformed.svg' });

// %% ImageFolder
const train_data = new datasets.ImageFolder({ root: train_dir, transform: data_transform, target_transform: null });
const test_data = new datasets.ImageFolder({ root: test_dir, transform: data_transform });
const class_names = train_data.classes;
print(class_names);
print(train_data.class_to_idx);
print(len(train_data), len(test_data));
let [img, label] = [train_data[0]![0], train_data[0]![1]];
print(`Image tensor:\n${img}`);
print(`Image shape: ${img.shape}`);
print(`Image datatype: ${img.dtype}`);
print(`Image label: ${label}`);
const img_permute = img.permute(1, 2, 0);
print(`Original shape: ${img.shape} -> [color_channels, height, width]`);
print(`Image permute shape: ${img_permute.shape} -> [height, width, color_channels]`);
plt.figure({ figsize: [10, 7] });
plt.imshow(img_permute);
plt.axis('off');
plt.title(class_names[label]!, { fontsize: 14 });
plt.savefig(output('04_tensor.svg'));

/** The first batch of a loader. */
function first<B>(loader: Iterable<B>): B {
  for (const batch of loader) return batch;
  throw new Error('the loader is empty');
}

// %% Loaders
const train_dataloader = new DataLoader({ dataset: train_data, batch_size: 1, num_workers: 0, shuffle: true });
const test_dataloader = new DataLoader({ dataset: test_data, batch_size: 1, num_workers: 0, shuffle: false });
print(len(train_dataloader), len(test_dataloader));
const [img_loaded, label_loaded] = first(train_dataloader) as [Tensor, Tensor];
print(`Image shape: ${img_loaded.shape} -> [batch_size, color_channels, height, width]`);
print(`Label shape: ${label_loaded.shape}`);

// %% A dataset of our own
function find_classes(directory: string): [classes: string[], class_to_idx: Record<string, number>] {
  const classes = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  if (classes.length === 0)
    throw new Error(`Couldn't find any classes in ${directory}.`);
  const class_to_idx = Object.fromEntries(classes.map((cls_name, i) => [cls_name, i]));
  return [classes, class_to_idx];
}

print(find_classes(train_dir)[0], find_classes(train_dir)[1]);

class ImageFolderCustom extends Dataset<[Tensor, number]> {
  paths: string[];
  transform: (image: Image) => Tensor;
  classes: string[];
  class_to_idx: Record<string, number>;

  constructor({ targ_dir, transform }: { targ_dir: string; transform: (image: Image) => Tensor }) {
    super();
    this.paths = images_in(targ_dir);
    this.transform = transform;
    [this.classes, this.class_to_idx] = find_classes(targ_dir);
  }

  load_image(index: number): Image {
    const image_path = this.paths[index]!;
    return Image.open(image_path);
  }

  __len__(): number {
    return len(this.paths);
  }

  override __getitem__(index: number): [Tensor, number] {
    const img = this.load_image(index);
    const class_name = basename(dirname(this.paths[index]!));
    const class_idx = this.class_to_idx[class_name]!;
    return [this.transform(img), class_idx];
  }
}

const train_transforms = new transforms.Compose([
  new transforms.Resize([64, 64]),
  new transforms.RandomHorizontalFlip({ p: 0.5 }),
  new transforms.ToTensor(),
]);
const test_transforms = new transforms.Compose([
  new transforms.Resize([64, 64]),
  new transforms.ToTensor(),
]);
const train_data_custom = new ImageFolderCustom({ targ_dir: train_dir, transform: train_transforms });
const test_data_custom = new ImageFolderCustom({ targ_dir: test_dir, transform: test_transforms });
print(len(train_data_custom), len(test_data_custom));
print(len(train_data_custom) === len(train_data) && len(test_data_custom) === len(test_data));
print(String(train_data_custom.classes) === String(train_data.classes) && String(test_data_custom.classes) === String(test_data.classes));

// %% Random images of a dataset
function display_random_images(dataset: Dataset<[Tensor, number]>, { classes = null, n = 10, display_shape = true, seed = null }: { classes?: readonly string[] | null; n?: number; display_shape?: boolean; seed?: number | null }): void {
  if (n > 10) {
    n = 10;
    display_shape = false;
  }
  if (seed !== null)
    random.seed(seed);
  const random_samples_idx = random.sample([...range(len(dataset))], n);
  print(random_samples_idx);
  plt.figure({ figsize: [16, 8] });
  for (const [i, targ_sample] of enumerate(random_samples_idx)) {
    const [targ_image, targ_label] = [dataset[targ_sample]![0], dataset[targ_sample]![1]];
    const targ_image_adjust = targ_image.permute(1, 2, 0);
    plt.subplot(1, n, i + 1);
    plt.imshow(targ_image_adjust);
    plt.axis('off');
    let title = '';
    if (classes !== null) {
      title = `class: ${classes[targ_label]}`;
      if (display_shape)
        title = title + `\nshape: ${targ_image_adjust.shape}`;
    }
    plt.title(title);
  }
  plt.savefig(output(`04_random_${dataset.constructor.name}.svg`));
}

display_random_images(train_data, { n: 5, classes: class_names, seed: 42 });
display_random_images(train_data_custom, { n: 5, classes: class_names, seed: 42 });

// %% Its loaders
const train_dataloader_custom = new DataLoader({ dataset: train_data_custom, batch_size: 1, num_workers: 0, shuffle: true });
const test_dataloader_custom = new DataLoader({ dataset: test_data_custom, batch_size: 1, num_workers: 0, shuffle: false });
print(len(train_dataloader_custom), len(test_dataloader_custom));
const [img_custom, label_custom] = first(train_dataloader_custom) as [Tensor, Tensor];
print(`Image shape: ${img_custom.shape} -> [batch_size, color_channels, height, width]`);
print(`Label shape: ${label_custom.shape}`);

// %% Augmentation
const augment_transforms = new transforms.Compose([
  new transforms.Resize([224, 224]),
  new transforms.TrivialAugmentWide({ num_magnitude_bins: 31 }),
  new transforms.ToTensor(),
]);
plot_transformed_images(image_path_list, { transform: augment_transforms, n: 3, name: '04_augmented.svg' });

// %% TinyVGG without augmentation: the data
const simple_transform = new transforms.Compose([
  new transforms.Resize([64, 64]),
  new transforms.ToTensor(),
]);
const train_data_simple = new datasets.ImageFolder({ root: train_dir, transform: simple_transform });
const test_data_simple = new datasets.ImageFolder({ root: test_dir, transform: simple_transform });
const BATCH_SIZE = 32;
const train_dataloader_simple = new DataLoader(train_data_simple, { batch_size: BATCH_SIZE, shuffle: true, num_workers: 0 });
const test_dataloader_simple = new DataLoader(test_data_simple, { batch_size: BATCH_SIZE, shuffle: false, num_workers: 0 });
print(len(train_dataloader_simple), len(test_dataloader_simple));

// %% The model
class TinyVGG extends nn.Module {
  conv_block_1: nn.Sequential;
  conv_block_2: nn.Sequential;
  classifier: nn.Sequential;

  constructor({ input_shape, hidden_units, output_shape }: { input_shape: number; hidden_units: number; output_shape: number }) {
    super();
    this.conv_block_1 = new nn.Sequential(
      new nn.Conv2d({ in_channels: input_shape, out_channels: hidden_units, kernel_size: 3, stride: 1, padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d({ in_channels: hidden_units, out_channels: hidden_units, kernel_size: 3, stride: 1, padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d({ kernel_size: 2, stride: 2 }),
    );
    this.conv_block_2 = new nn.Sequential(
      new nn.Conv2d(hidden_units, hidden_units, { kernel_size: 3, padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d(hidden_units, hidden_units, { kernel_size: 3, padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
    );
    this.classifier = new nn.Sequential(
      new nn.Flatten(),
      new nn.Linear({ in_features: hidden_units * 16 * 16, out_features: output_shape }),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier(this.conv_block_2(this.conv_block_1(x)));
  }
}

torch.manual_seed(42);
let model_0 = new TinyVGG({ input_shape: 3, hidden_units: 10, output_shape: len(train_data.classes) }).to(device);
print(model_0);

// %% One image through it
const [img_batch, label_batch] = first(train_dataloader_simple) as [Tensor, Tensor];
const [img_single, label_single] = [img_batch[0]!.unsqueeze({ dim: 0 }), label_batch[0]!];
print(`Single image shape: ${img_single.shape}\n`);
model_0.eval();
const pred = torch.inference_mode(() => model_0(img_single.to(device)));
print(`Output logits:\n${pred}\n`);
print(`Output prediction probabilities:\n${torch.softmax(pred, { dim: 1 })}\n`);
print(`Output prediction label:\n${torch.argmax(torch.softmax(pred, { dim: 1 }), { dim: 1 })}\n`);
print(`Actual label:\n${label_single}`);

// %% Its summary
print(summary(model_0, { input_size: [1, 3, 64, 64], verbose: 0 }));

/** A loader of images and labels. */
type Loader = Iterable<[Tensor, Tensor]> & { length: number };

// %% Functions for training
function train_step(model: nn.Module, dataloader: Loader, loss_fn: nn.CrossEntropyLoss, optimizer: optim.Optimizer): [number, number] {
  model.train();
  let [train_loss, train_acc] = [0, 0];
  for (let [X, y] of dataloader) {
    [X, y] = [X.to(device), y.to(device)];
    const y_pred: Tensor = model(X);
    const loss = loss_fn(y_pred, y);
    train_loss += loss.item();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    const y_pred_class = torch.argmax(torch.softmax(y_pred, { dim: 1 }), { dim: 1 });
    train_acc += y_pred_class.eq(y).sum().item() / len(y_pred);
  }
  train_loss = train_loss / len(dataloader);
  train_acc = train_acc / len(dataloader);
  return [train_loss, train_acc];
}

function test_step(model: nn.Module, dataloader: Loader, loss_fn: nn.CrossEntropyLoss): [number, number] {
  model.eval();
  let [test_loss, test_acc] = [0, 0];
  torch.inference_mode(() => {
    for (let [X, y] of dataloader) {
      [X, y] = [X.to(device), y.to(device)];
      const test_pred_logits: Tensor = model(X);
      const loss = loss_fn(test_pred_logits, y);
      test_loss += loss.item();
      const test_pred_labels = test_pred_logits.argmax({ dim: 1 });
      test_acc += test_pred_labels.eq(y).sum().item() / len(test_pred_labels);
    }
  });
  test_loss = test_loss / len(dataloader);
  test_acc = test_acc / len(dataloader);
  return [test_loss, test_acc];
}

function train(model: nn.Module, train_dataloader: Loader, test_dataloader: Loader, optimizer: optim.Optimizer, loss_fn: nn.CrossEntropyLoss, { epochs = 5 } = {}): Results {
  const results: Results = { train_loss: [], train_acc: [], test_loss: [], test_acc: [] };
  for (const epoch of tqdm(range(epochs))) {
    const [train_loss, train_acc] = train_step(model, train_dataloader, loss_fn, optimizer);
    const [test_loss, test_acc] = test_step(model, test_dataloader, loss_fn);
    print(`Epoch: ${epoch + 1} | train_loss: ${format(train_loss, '.4f')} | train_acc: ${format(train_acc, '.4f')} | test_loss: ${format(test_loss, '.4f')} | test_acc: ${format(test_acc, '.4f')}`);
    results['train_loss'].push(train_loss);
    results['train_acc'].push(train_acc);
    results['test_loss'].push(test_loss);
    results['test_acc'].push(test_acc);
  }
  return results;
}

// %% Training model 0
torch.manual_seed(42);
const NUM_EPOCHS = 5;
model_0 = new TinyVGG({ input_shape: 3, hidden_units: 10, output_shape: len(train_data.classes) }).to(device);
const loss_fn = new nn.CrossEntropyLoss();
let optimizer = new optim.Adam({ params: model_0.parameters(), lr: 0.001 });
let start_time = timer();
const model_0_results = train(model_0, train_dataloader_simple, test_dataloader_simple, optimizer, loss_fn, { epochs: NUM_EPOCHS });
let end_time = timer();
print(`~ Total training time: ${format(end_time - start_time, '.3f')} seconds`);
plot_loss_curves(model_0_results);
plt.savefig(output('04_model_0.svg'));

// %% With augmentation
const train_transform_trivial_augment = new transforms.Compose([
  new transforms.Resize([64, 64]),
  new transforms.TrivialAugmentWide({ num_magnitude_bins: 31 }),
  new transforms.ToTensor(),
]);
const train_data_augmented = new datasets.ImageFolder(train_dir, { transform: train_transform_trivial_augment });
torch.manual_seed(42);
const train_dataloader_augmented = new DataLoader(train_data_augmented, { batch_size: BATCH_SIZE, shuffle: true, num_workers: 0 });
torch.manual_seed(42);
const model_1 = new TinyVGG({ input_shape: 3, hidden_units: 10, output_shape: len(train_data_augmented.classes) }).to(device);
optimizer = new optim.Adam({ params: model_1.parameters(), lr: 0.001 });
start_time = timer();
const model_1_results = train(model_1, train_dataloader_augmented, test_dataloader_simple, optimizer, loss_fn, { epochs: NUM_EPOCHS });
end_time = timer();
print(`~ Total training time: ${format(end_time - start_time, '.3f')} seconds`);
plot_loss_curves(model_1_results);
plt.savefig(output('04_model_1.svg'));

// %% Comparing the models
plt.figure({ figsize: [15, 10] });
for (const [i, name] of enumerate(['train_loss', 'test_loss', 'train_acc', 'test_acc'] as const)) {
  plt.subplot(2, 2, i + 1);
  plt.plot([...range(NUM_EPOCHS)], model_0_results[name], { label: 'Model 0' });
  plt.plot([...range(NUM_EPOCHS)], model_1_results[name], { label: 'Model 1' });
  plt.title(name);
  plt.xlabel('Epochs');
  plt.legend();
}
plt.savefig(output('04_comparison.svg'));

// %% A custom image
function pred_and_plot_image(model: nn.Module, image_path: string, class_names: readonly string[], transform: (image: Tensor) => Tensor | Image): void {
  let target_image = transforms.functional.pil_to_tensor(Image.open(image_path)).type(torch.float32);
  target_image = target_image.div(255);
  print(`Custom image shape: ${target_image.shape}, mean: ${format(target_image.mean(), '.6f')}`);
  target_image = transform(target_image) as Tensor;
  model.eval();
  const target_image_pred: Tensor = torch.inference_mode(() => {
    target_image = target_image.unsqueeze({ dim: 0 });
    return model(target_image.to(device));
  });
  const target_image_pred_probs = torch.softmax(target_image_pred, { dim: 1 });
  const target_image_pred_label = torch.argmax(target_image_pred_probs, { dim: 1 });
  plt.figure();
  plt.imshow(target_image.squeeze().permute(1, 2, 0));
  const title = `Pred: ${class_names[target_image_pred_label.cpu().item()]} | Prob: ${format(target_image_pred_probs.max().cpu(), '.3f')}`;
  print(title);
  plt.title(title);
  plt.axis(false);
  plt.savefig(output('04_prediction.svg'));
}

const custom_image_transform = new transforms.Compose([new transforms.Resize([64, 64])]);
pred_and_plot_image(model_1, image_path_list[0]!, class_names, custom_image_transform);
