/**
 * 03. Computer vision: which piece of clothing is it?
 *
 * After the fourth notebook of "Learn PyTorch for Deep Learning" (learnpytorch.io), cell by cell;
 * python/03_pytorch_computer_vision.py has the same cells in Python.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import torch, { nn, type Tensor } from 'tstorch';
import plt from 'tstorch/pyplot';
import { default_timer as timer, enumerate, format, len, print, range } from 'tstorch/python';
import { ConfusionMatrix } from 'tstorch/torchmetrics';
import { datasets } from 'tstorch/torchvision';
import { ToTensor } from 'tstorch/torchvision/transforms';
import { DataLoader, Subset } from 'tstorch/utils/data';
import { accuracy_fn, output, print_train_time } from './helper_functions.ts';

// %% FashionMNIST
const train_data = new datasets.FashionMNIST({ root: 'data', train: true, download: true, transform: new ToTensor(), target_transform: null });
const test_data = new datasets.FashionMNIST({ root: 'data', train: false, download: true, transform: new ToTensor() });
let [image, label] = train_data[0]!;
print(image.shape, label);
print(len(train_data.data), len(train_data.targets), len(test_data.data), len(test_data.targets));
const class_names = train_data.classes;
print(class_names);
print(train_data.class_to_idx);

// %% Pictures of it
print(`Image shape: ${image.shape}`);
plt.figure();
plt.imshow(image.squeeze());
plt.title(label);
plt.savefig(output('03_image.svg'));
plt.figure();
plt.imshow(image.squeeze(), { cmap: 'gray' });
plt.title(class_names[label]!);
plt.savefig(output('03_image_gray.svg'));
torch.manual_seed(42);
const fig = plt.figure({ figsize: [9, 9] });
const [rows, cols] = [4, 4];
for (const i of range(1, rows * cols + 1)) {
  const random_idx = torch.randint(0, len(train_data), { size: [1] }).item();
  const [img, label] = train_data[random_idx]!;
  fig.add_subplot(rows, cols, i);
  plt.imshow(img.squeeze(), { cmap: 'gray' });
  plt.title(class_names[label]!);
  plt.axis(false);
}
plt.savefig(output('03_images.svg'));

// %% Loaders. All images take some minutes; a part of them shows the same.
const SAMPLES = Number(process.env['TSTORCH_COURSE_SAMPLES'] ?? 3200);
const BATCH_SIZE = 32;
const train_dataloader = new DataLoader(new Subset(train_data, [...range(SAMPLES)]), { batch_size: BATCH_SIZE, shuffle: true });
const test_dataloader = new DataLoader(new Subset(test_data, [...range(Math.trunc(SAMPLES / 4))]), { batch_size: BATCH_SIZE, shuffle: false });
print(`Length of train dataloader: ${len(train_dataloader)} batches of ${BATCH_SIZE}`);
print(`Length of test dataloader: ${len(test_dataloader)} batches of ${BATCH_SIZE}`);
torch.manual_seed(42);
const [[train_features_batch, train_labels_batch]] = train_dataloader as Iterable<[Tensor, Tensor]> as unknown as [[Tensor, Tensor]];
print(train_features_batch.shape, train_labels_batch.shape);
const random_idx = torch.randint(0, len(train_features_batch), { size: [1] }).item();
const [img, batch_label] = [train_features_batch[random_idx]!, train_labels_batch[random_idx]!];
plt.figure();
plt.imshow(img.squeeze(), { cmap: 'gray' });
plt.title(class_names[batch_label.item()]!);
plt.axis('off');
plt.savefig(output('03_batch.svg'));
print(`Image size: ${img.shape}`);
print(`Label: ${batch_label}, label size: ${batch_label.shape}`);

// %% Flattening
const flatten_model = new nn.Flatten();
const x = train_features_batch[0]!;
const flat = flatten_model(x);
print(`Shape before flattening: ${x.shape} -> [color_channels, height, width]`);
print(`Shape after flattening: ${flat.shape} -> [color_channels, height*width]`);

/** What the models of this chapter are made of. */
interface Sizes {
  input_shape: number;
  hidden_units: number;
  output_shape: number;
}

// %% A baseline
class FashionMNISTModelV0 extends nn.Module {
  layer_stack: nn.Sequential;

  constructor({ input_shape, hidden_units, output_shape }: Sizes) {
    super();
    this.layer_stack = new nn.Sequential(
      new nn.Flatten(),
      new nn.Linear({ in_features: input_shape, out_features: hidden_units }),
      new nn.Linear({ in_features: hidden_units, out_features: output_shape }),
    );
  }

  forward(x: Tensor): Tensor {
    return this.layer_stack(x);
  }
}

torch.manual_seed(42);
const model_0 = new FashionMNISTModelV0({ input_shape: 784, hidden_units: 10, output_shape: len(class_names) });
print(model_0);
let loss_fn = new nn.CrossEntropyLoss();
let optimizer = new torch.optim.SGD({ params: model_0.parameters(), lr: 0.1 });

// %% Training in batches
torch.manual_seed(42);
const train_time_start_on_cpu = timer();
let epochs = 3;
for (const epoch of range(epochs)) {
  print(`Epoch: ${epoch}\n-------`);
  let train_loss = 0;
  for (const [batch, [X, y]] of enumerate(train_dataloader)) {
    model_0.train();
    const y_pred = model_0(X);
    const loss = loss_fn(y_pred, y);
    train_loss += loss.item();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (batch % 50 === 0)
      print(`Looked at ${batch * len(X)}/${len(train_dataloader.dataset)} samples`);
  }
  train_loss /= len(train_dataloader);
  let [test_loss, test_acc] = [0, 0];
  model_0.eval();
  torch.inference_mode(() => {
    for (const [X, y] of test_dataloader) {
      const test_pred = model_0(X);
      test_loss += loss_fn(test_pred, y).item();
      test_acc += accuracy_fn({ y_true: y, y_pred: test_pred.argmax({ dim: 1 }) });
    }
    test_loss /= len(test_dataloader);
    test_acc /= len(test_dataloader);
  });
  print(`\nTrain loss: ${format(train_loss, '.5f')} | Test loss: ${format(test_loss, '.5f')}, Test acc: ${format(test_acc, '.2f')}%\n`);
}
const train_time_end_on_cpu = timer();
print_train_time(train_time_start_on_cpu, train_time_end_on_cpu, { device: 'cpu' });

/** A loader of images and labels. */
type Loader = Iterable<[Tensor, Tensor]> & { length: number };

/** What an evaluation gives. */
interface Evaluation {
  model_name: string;
  model_loss: number;
  model_acc: number;
}

type Accuracy = typeof accuracy_fn;

// %% Evaluation
function eval_model(model: nn.Module, data_loader: Loader, loss_fn: nn.CrossEntropyLoss, accuracy_fn: Accuracy, device: string): Evaluation {
  let [loss, acc] = [0, 0];
  model.eval();
  torch.inference_mode(() => {
    for (let [X, y] of data_loader) {
      [X, y] = [X.to(device), y.to(device)];
      const y_pred: Tensor = model(X);
      loss += loss_fn(y_pred, y).item();
      acc += accuracy_fn({ y_true: y, y_pred: y_pred.argmax({ dim: 1 }) });
    }
    loss /= len(data_loader);
    acc /= len(data_loader);
  });
  return { model_name: model.constructor.name, model_loss: loss, model_acc: acc };
}

const device = torch.cuda.is_available() ? 'cuda' : 'cpu';
torch.manual_seed(42);
const model_0_results = eval_model(model_0.to(device), test_dataloader, loss_fn, accuracy_fn, device);
print(model_0_results);

// %% Functions for training and testing
function train_step(model: nn.Module, data_loader: Loader, loss_fn: nn.CrossEntropyLoss, optimizer: torch.optim.Optimizer, accuracy_fn: Accuracy, device: string): void {
  let [train_loss, train_acc] = [0, 0];
  model.train();
  for (let [X, y] of data_loader) {
    [X, y] = [X.to(device), y.to(device)];
    const y_pred: Tensor = model(X);
    const loss = loss_fn(y_pred, y);
    train_loss += loss.item();
    train_acc += accuracy_fn({ y_true: y, y_pred: y_pred.argmax({ dim: 1 }) });
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
  train_loss /= len(data_loader);
  train_acc /= len(data_loader);
  print(`Train loss: ${format(train_loss, '.5f')} | Train accuracy: ${format(train_acc, '.2f')}%`);
}

function test_step(data_loader: Loader, model: nn.Module, loss_fn: nn.CrossEntropyLoss, accuracy_fn: Accuracy, device: string): void {
  let [test_loss, test_acc] = [0, 0];
  model.eval();
  torch.inference_mode(() => {
    for (let [X, y] of data_loader) {
      [X, y] = [X.to(device), y.to(device)];
      const test_pred: Tensor = model(X);
      test_loss += loss_fn(test_pred, y).item();
      test_acc += accuracy_fn({ y_true: y, y_pred: test_pred.argmax({ dim: 1 }) });
    }
    test_loss /= len(data_loader);
    test_acc /= len(data_loader);
  });
  print(`Test loss: ${format(test_loss, '.5f')} | Test accuracy: ${format(test_acc, '.2f')}%\n`);
}

// %% With activations in between
class FashionMNISTModelV1 extends nn.Module {
  layer_stack: nn.Sequential;

  constructor({ input_shape, hidden_units, output_shape }: Sizes) {
    super();
    this.layer_stack = new nn.Sequential(
      new nn.Flatten(),
      new nn.Linear({ in_features: input_shape, out_features: hidden_units }),
      new nn.ReLU(),
      new nn.Linear({ in_features: hidden_units, out_features: output_shape }),
      new nn.ReLU(),
    );
  }

  forward(x: Tensor): Tensor {
    return this.layer_stack(x);
  }
}

torch.manual_seed(42);
const model_1 = new FashionMNISTModelV1({ input_shape: 784, hidden_units: 10, output_shape: len(class_names) }).to(device);
print(model_1);
loss_fn = new nn.CrossEntropyLoss();
optimizer = new torch.optim.SGD({ params: model_1.parameters(), lr: 0.1 });
torch.manual_seed(42);
const train_time_start_on_gpu = timer();
epochs = 3;
for (const epoch of range(epochs)) {
  print(`Epoch: ${epoch}\n---------`);
  train_step(model_1, train_dataloader, loss_fn, optimizer, accuracy_fn, device);
  test_step(test_dataloader, model_1, loss_fn, accuracy_fn, device);
}
const train_time_end_on_gpu = timer();
print_train_time(train_time_start_on_gpu, train_time_end_on_gpu, { device });
torch.manual_seed(42);
const model_1_results = eval_model(model_1, test_dataloader, loss_fn, accuracy_fn, device);
print(model_1_results);

// %% A convolutional network
class FashionMNISTModelV2 extends nn.Module {
  block_1: nn.Sequential;
  block_2: nn.Sequential;
  classifier: nn.Sequential;

  constructor({ input_shape, hidden_units, output_shape }: Sizes) {
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

torch.manual_seed(42);
const model_2 = new FashionMNISTModelV2({ input_shape: 1, hidden_units: 10, output_shape: len(class_names) }).to(device);
print(model_2);

// %% Stepping through a convolution and a pooling layer
torch.manual_seed(42);
const images = torch.randn({ size: [32, 3, 64, 64] });
const test_image = images[0]!;
print(`Image batch shape: ${images.shape} -> [batch_size, color_channels, height, width]`);
print(`Single image shape: ${test_image.shape} -> [color_channels, height, width]`);
print(`Single image pixel values:\n${test_image}`);
torch.manual_seed(42);
const conv_layer = new nn.Conv2d({ in_channels: 3, out_channels: 10, kernel_size: 3, stride: 1, padding: 0 });
print(conv_layer(test_image).shape);
const conv_layer_2 = new nn.Conv2d({ in_channels: 3, out_channels: 10, kernel_size: [5, 5], stride: 2, padding: 0 });
print(conv_layer_2(test_image.unsqueeze({ dim: 0 })).shape);
print(conv_layer_2.state_dict().get('weight')!.shape, conv_layer_2.state_dict().get('bias')!.shape);
print(`Test image original shape: ${test_image.shape}`);
print(`Test image with unsqueezed dimension: ${test_image.unsqueeze({ dim: 0 }).shape}`);
const max_pool_layer = new nn.MaxPool2d({ kernel_size: 2 });
const test_image_through_conv = conv_layer(test_image.unsqueeze({ dim: 0 }));
print(`Shape after going through conv_layer(): ${test_image_through_conv.shape}`);
const test_image_through_conv_and_max_pool = max_pool_layer(test_image_through_conv);
print(`Shape after going through conv_layer() and max_pool_layer(): ${test_image_through_conv_and_max_pool.shape}`);
torch.manual_seed(42);
const random_tensor = torch.randn({ size: [1, 1, 2, 2] });
const max_pool_tensor = new nn.MaxPool2d({ kernel_size: 2 })(random_tensor);
print(random_tensor, max_pool_tensor, max_pool_tensor.shape);

// %% Training it
loss_fn = new nn.CrossEntropyLoss();
optimizer = new torch.optim.SGD({ params: model_2.parameters(), lr: 0.1 });
torch.manual_seed(42);
const train_time_start_model_2 = timer();
epochs = 3;
for (const epoch of range(epochs)) {
  print(`Epoch: ${epoch}\n---------`);
  train_step(model_2, train_dataloader, loss_fn, optimizer, accuracy_fn, device);
  test_step(test_dataloader, model_2, loss_fn, accuracy_fn, device);
}
const train_time_end_model_2 = timer();
print_train_time(train_time_start_model_2, train_time_end_model_2, { device });
const model_2_results = eval_model(model_2, test_dataloader, loss_fn, accuracy_fn, device);
print(model_2_results);

// %% Comparing the models
for (const results of [model_0_results, model_1_results, model_2_results])
  print(`${results['model_name']} ${format(results['model_loss'], '.5f')} ${format(results['model_acc'], '.2f')}`);
plt.figure();
plt.barh(['V0', 'V1', 'V2'], [model_0_results['model_acc'], model_1_results['model_acc'], model_2_results['model_acc']]);
plt.xlabel('accuracy (%)');
plt.ylabel('model');
plt.savefig(output('03_comparison.svg'));

// %% Predictions
function make_predictions({ model, data, device }: { model: nn.Module; data: Tensor[]; device: string }): Tensor {
  const pred_probs: Tensor[] = [];
  model.eval();
  torch.inference_mode(() => {
    for (let sample of data) {
      sample = torch.unsqueeze(sample, { dim: 0 }).to(device);
      const pred_logit: Tensor = model(sample);
      const pred_prob = torch.softmax(pred_logit.squeeze(), { dim: 0 });
      pred_probs.push(pred_prob.cpu());
    }
  });
  return torch.stack(pred_probs);
}

torch.manual_seed(42);
const test_samples: Tensor[] = [];
const test_labels: number[] = [];
for (const i of torch.randint(0, len(test_data), { size: [9] }).tolist() as number[]) {
  const [sample, label] = test_data[i]!;
  test_samples.push(sample);
  test_labels.push(label);
}
print(`Test sample image shape: ${test_samples[0]!.shape}\nTest sample label: ${test_labels[0]} (${class_names[test_labels[0]!]})`);
const pred_probs = make_predictions({ model: model_2, data: test_samples, device: device });
print(pred_probs[':2']);
const pred_classes = pred_probs.argmax({ dim: 1 });
print(pred_classes);
print(test_labels, pred_classes);
plt.figure({ figsize: [9, 9] });
const nrows = 3;
const ncols = 3;
for (const [i, sample] of enumerate(test_samples)) {
  plt.subplot(nrows, ncols, i + 1);
  plt.imshow(sample.squeeze(), { cmap: 'gray' });
  const pred_label = class_names[pred_classes[i]!.item()];
  const truth_label = class_names[test_labels[i]!];
  const title_text = `Pred: ${pred_label} | Truth: ${truth_label}`;
  if (pred_label === truth_label)
    plt.title(title_text, { fontsize: 10, c: 'g' });
  else
    plt.title(title_text, { fontsize: 10, c: 'r' });
  plt.axis(false);
}
plt.savefig(output('03_predictions.svg'));

// %% A confusion matrix
const y_preds: Tensor[] = [];
const targets: Tensor[] = [];
model_2.eval();
torch.inference_mode(() => {
  for (let [X, y] of test_dataloader as Loader) {
    [X, y] = [X.to(device), y.to(device)];
    const y_logit = model_2(X);
    const y_pred = torch.softmax(y_logit, { dim: 1 }).argmax({ dim: 1 });
    y_preds.push(y_pred.cpu());
    targets.push(y.cpu());
  }
});
const y_pred_tensor = torch.cat(y_preds);
const target_tensor = torch.cat(targets);
print(y_pred_tensor[':10'], len(y_pred_tensor));
const confmat = new ConfusionMatrix({ num_classes: len(class_names), task: 'multiclass' });
const confmat_tensor = confmat(y_pred_tensor, target_tensor);
print(confmat_tensor);
plt.figure({ figsize: [10, 7] });
plt.imshow(confmat_tensor, { cmap: 'Blues' });
plt.xticks([...range(len(class_names))], [...class_names], { rotation: 45 });
plt.yticks([...range(len(class_names))], [...class_names]);
plt.xlabel('predicted label');
plt.ylabel('true label');
plt.savefig(output('03_confusion_matrix.svg'));

// %% Saving and loading
const MODEL_PATH = 'models';
mkdirSync(output(MODEL_PATH), { recursive: true });
const MODEL_NAME = '03_pytorch_computer_vision_model_2.pth';
const MODEL_SAVE_PATH = join(MODEL_PATH, MODEL_NAME);
print(`Saving model to: ${MODEL_SAVE_PATH}`);
torch.save({ obj: model_2.state_dict(), f: output(MODEL_SAVE_PATH) });
let loaded_model_2 = new FashionMNISTModelV2({ input_shape: 1, hidden_units: 10, output_shape: 10 });
loaded_model_2.load_state_dict(torch.load({ f: output(MODEL_SAVE_PATH) }));
loaded_model_2 = loaded_model_2.to(device);
torch.manual_seed(42);
const loaded_model_2_results = eval_model(loaded_model_2, test_dataloader, loss_fn, accuracy_fn, device);
print(loaded_model_2_results);
print(torch.isclose(torch.tensor(model_2_results['model_loss']), torch.tensor(loaded_model_2_results['model_loss']), { atol: 1e-8, rtol: 0.0001 }));
