/**
 * 02. Classification: which of two circles, which of four blobs?
 *
 * After the third notebook of "Learn PyTorch for Deep Learning" (learnpytorch.io), cell by cell;
 * python/02_pytorch_classification.py has the same cells in Python.
 */
import torch, { nn, type Tensor } from 'tstorch';
import plt from 'tstorch/pyplot';
import { format, len, print, range } from 'tstorch/python';
import { make_blobs, make_circles } from 'tstorch/sklearn/datasets';
import { train_test_split } from 'tstorch/sklearn/model_selection';
import { Accuracy } from 'tstorch/torchmetrics';
import { accuracy_fn, output, plot_decision_boundary, plot_predictions } from './helper_functions.ts';

// %% Two circles. Arrays of numbers come as typed arrays with a shape, which a tensor makes easy to look at.
const n_samples = 1000;
const [X_array, y_array] = make_circles(n_samples, { noise: 0.03, random_state: 42 });
print(`First 5 X features:\n${torch.from_numpy(X_array)[':5']}`);
print(`\nFirst 5 y labels:\n${torch.from_numpy(y_array)[':5']}`);
plt.figure();
plt.scatter(torch.from_numpy(X_array)[':, 0'], torch.from_numpy(X_array)[':, 1'], { c: y_array, cmap: plt.cm.RdYlBu });
plt.savefig(output('02_circles.svg'));

// %% Shapes
print(new torch.Size(X_array.shape), new torch.Size(y_array.shape));
const X_sample = torch.from_numpy(X_array)[0]!;
const y_sample = y_array[0];
print(`Values for one sample of X: ${X_sample} and the same for y: ${y_sample}`);
print(`Shapes for one sample of X: ${X_sample.shape} and the same for y: torch.Size([])`);

// %% Tensors, training and test set
let X = torch.from_numpy(X_array).type(torch.float);
let y = torch.from_numpy(y_array).type(torch.float);
print(X[':5'], y[':5']);
let [X_train, X_test, y_train, y_test] = train_test_split(X, y, { test_size: 0.2, random_state: 42 });
print(len(X_train), len(X_test), len(y_train), len(y_test));
const device = torch.cuda.is_available() ? 'cuda' : 'cpu';

// %% A model of two linear layers
class CircleModelV0 extends nn.Module {
  layer_1 = new nn.Linear({ in_features: 2, out_features: 5 });
  layer_2 = new nn.Linear({ in_features: 5, out_features: 1 });

  forward(x: Tensor): Tensor {
    return this.layer_2(this.layer_1(x));
  }
}

torch.manual_seed(42);
let model_0: nn.Module = new CircleModelV0().to(device);
print(model_0);

// %% The same as a sequence
model_0 = new nn.Sequential(
  new nn.Linear({ in_features: 2, out_features: 5 }),
  new nn.Linear({ in_features: 5, out_features: 1 }),
).to(device);
print(model_0);
const untrained_preds: Tensor = model_0(X_test.to(device));
print(`Length of predictions: ${len(untrained_preds)}, Shape: ${untrained_preds.shape}`);
print(`Length of test samples: ${len(y_test)}, Shape: ${y_test.shape}`);
print(`\nFirst 10 predictions:\n${untrained_preds[':10']}`);
print(`\nFirst 10 test labels:\n${y_test[':10']}`);

// %% Loss function and optimizer
let loss_fn: nn.BCEWithLogitsLoss | nn.L1Loss | nn.CrossEntropyLoss = new nn.BCEWithLogitsLoss();
let optimizer = new torch.optim.SGD({ params: model_0.parameters(), lr: 0.1 });

// %% From logits to labels
let y_logits: Tensor = model_0(X_test.to(device))[':5'];
print(y_logits);
let y_pred_probs = torch.sigmoid(y_logits);
print(y_pred_probs);
let y_preds = torch.round(y_pred_probs);
const y_pred_labels = torch.round(torch.sigmoid(model_0(X_test.to(device))[':5']));
print(torch.eq(y_preds.squeeze(), y_pred_labels.squeeze()));
print(y_preds.squeeze());
print(y_test[':5']);

// %% Training
torch.manual_seed(42);
let epochs = 100;
[X_train, y_train] = [X_train.to(device), y_train.to(device)];
[X_test, y_test] = [X_test.to(device), y_test.to(device)];
for (const epoch of range(epochs)) {
  model_0.train();
  const y_logits: Tensor = model_0(X_train).squeeze();
  const y_pred = torch.round(torch.sigmoid(y_logits));
  const loss = loss_fn(y_logits, y_train);
  const acc = accuracy_fn({ y_true: y_train, y_pred: y_pred });
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_0.eval();
  const [test_loss, test_acc] = torch.inference_mode(() => {
    const test_logits: Tensor = model_0(X_test).squeeze();
    const test_pred = torch.round(torch.sigmoid(test_logits));
    return [loss_fn(test_logits, y_test), accuracy_fn({ y_true: y_test, y_pred: test_pred })];
  });
  if (epoch % 10 === 0)
    print(`Epoch: ${epoch} | Loss: ${format(loss, '.5f')}, Accuracy: ${format(acc, '.2f')}% | Test loss: ${format(test_loss, '.5f')}, Test acc: ${format(test_acc, '.2f')}%`);
}

// %% A straight line cannot part circles
plt.figure({ figsize: [12, 6] });
plt.subplot(1, 2, 1);
plt.title('Train');
plot_decision_boundary(model_0, X_train, y_train);
plt.subplot(1, 2, 2);
plt.title('Test');
plot_decision_boundary(model_0, X_test, y_test);
plt.savefig(output('02_model_0.svg'));

// %% More layers, more units, longer
class CircleModelV1 extends nn.Module {
  layer_1 = new nn.Linear({ in_features: 2, out_features: 10 });
  layer_2 = new nn.Linear({ in_features: 10, out_features: 10 });
  layer_3 = new nn.Linear({ in_features: 10, out_features: 1 });

  forward(x: Tensor): Tensor {
    return this.layer_3(this.layer_2(this.layer_1(x)));
  }
}

torch.manual_seed(42);
const model_1 = new CircleModelV1().to(device);
print(model_1);
loss_fn = new nn.BCEWithLogitsLoss();
optimizer = new torch.optim.SGD(model_1.parameters(), { lr: 0.1 });
epochs = 1000;
for (const epoch of range(epochs)) {
  const y_logits = model_1(X_train).squeeze();
  const y_pred = torch.round(torch.sigmoid(y_logits));
  const loss = loss_fn(y_logits, y_train);
  const acc = accuracy_fn({ y_true: y_train, y_pred: y_pred });
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_1.eval();
  const [test_loss, test_acc] = torch.inference_mode(() => {
    const test_logits = model_1(X_test).squeeze();
    const test_pred = torch.round(torch.sigmoid(test_logits));
    return [loss_fn(test_logits, y_test), accuracy_fn({ y_true: y_test, y_pred: test_pred })];
  });
  if (epoch % 100 === 0)
    print(`Epoch: ${epoch} | Loss: ${format(loss, '.5f')}, Accuracy: ${format(acc, '.2f')}% | Test loss: ${format(test_loss, '.5f')}, Test acc: ${format(test_acc, '.2f')}%`);
}

// %% Can such a model learn a straight line?
const weight = 0.7;
const bias = 0.3;
const X_regression = torch.arange(0, 1, 0.01).unsqueeze({ dim: 1 });
const y_regression = X_regression.mul(weight).add(bias);
print(len(X_regression));
print(X_regression[':5'], y_regression[':5']);
const train_split = Math.trunc(0.8 * len(X_regression));
const [X_train_regression, y_train_regression] = [X_regression[`:${train_split}`]!, y_regression[`:${train_split}`]!];
const [X_test_regression, y_test_regression] = [X_regression[`${train_split}:`]!, y_regression[`${train_split}:`]!];
print(len(X_train_regression), len(y_train_regression), len(X_test_regression), len(y_test_regression));
torch.manual_seed(42);
const model_2 = new nn.Sequential(
  new nn.Linear({ in_features: 1, out_features: 10 }),
  new nn.Linear({ in_features: 10, out_features: 10 }),
  new nn.Linear({ in_features: 10, out_features: 1 }),
).to(device);
print(model_2);
loss_fn = new nn.L1Loss();
optimizer = new torch.optim.SGD(model_2.parameters(), { lr: 0.1 });
epochs = 1000;
for (const epoch of range(epochs)) {
  const y_pred = model_2(X_train_regression);
  const loss = loss_fn(y_pred, y_train_regression);
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_2.eval();
  const test_loss = torch.inference_mode(() => {
    const test_pred = model_2(X_test_regression);
    return loss_fn(test_pred, y_test_regression);
  });
  if (epoch % 100 === 0)
    print(`Epoch: ${epoch} | Train loss: ${format(loss, '.5f')}, Test loss: ${format(test_loss, '.5f')}`);
}
model_2.eval();
y_preds = torch.inference_mode(() => model_2(X_test_regression));
plot_predictions(X_train_regression, y_train_regression, X_test_regression, y_test_regression, { predictions: y_preds });
plt.savefig(output('02_model_2.svg'));

// %% A model that can bend its lines
class CircleModelV2 extends nn.Module {
  layer_1 = new nn.Linear({ in_features: 2, out_features: 10 });
  layer_2 = new nn.Linear({ in_features: 10, out_features: 10 });
  layer_3 = new nn.Linear({ in_features: 10, out_features: 1 });
  relu = new nn.ReLU();

  forward(x: Tensor): Tensor {
    return this.layer_3(this.relu(this.layer_2(this.relu(this.layer_1(x)))));
  }
}

torch.manual_seed(42);
const model_3 = new CircleModelV2().to(device);
print(model_3);
loss_fn = new nn.BCEWithLogitsLoss();
optimizer = new torch.optim.SGD(model_3.parameters(), { lr: 0.1 });
epochs = 1000;
for (const epoch of range(epochs)) {
  const y_logits = model_3(X_train).squeeze();
  const y_pred = torch.round(torch.sigmoid(y_logits));
  const loss = loss_fn(y_logits, y_train);
  const acc = accuracy_fn({ y_true: y_train, y_pred: y_pred });
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_3.eval();
  const [test_loss, test_acc] = torch.inference_mode(() => {
    const test_logits = model_3(X_test).squeeze();
    const test_pred = torch.round(torch.sigmoid(test_logits));
    return [loss_fn(test_logits, y_test), accuracy_fn({ y_true: y_test, y_pred: test_pred })];
  });
  if (epoch % 100 === 0)
    print(`Epoch: ${epoch} | Loss: ${format(loss, '.5f')}, Accuracy: ${format(acc, '.2f')}% | Test Loss: ${format(test_loss, '.5f')}, Test Accuracy: ${format(test_acc, '.2f')}%`);
}

// %% Predictions
model_3.eval();
y_preds = torch.inference_mode(() => torch.round(torch.sigmoid(model_3(X_test))).squeeze());
print(y_preds[':10'], y_test[':10']);
plt.figure({ figsize: [12, 6] });
plt.subplot(1, 2, 1);
plt.title('Train');
plot_decision_boundary(model_1, X_train, y_train);
plt.subplot(1, 2, 2);
plt.title('Test');
plot_decision_boundary(model_3, X_test, y_test);
plt.savefig(output('02_model_3.svg'));

// %% Activation functions by hand
const A = torch.arange(-10, 10, 1, { dtype: torch.float32 });
print(A);
plt.figure();
plt.plot(A);
plt.savefig(output('02_linear.svg'));

function relu(x: Tensor): Tensor {
  return torch.maximum(torch.tensor(0), x);
}

print(relu(A));
plt.figure();
plt.plot(relu(A));
plt.savefig(output('02_relu.svg'));

function sigmoid(x: Tensor): Tensor {
  return torch.exp(x.neg()).add(1).reciprocal();
}

print(sigmoid(A));
plt.figure();
plt.plot(sigmoid(A));
plt.savefig(output('02_sigmoid.svg'));

// %% Several classes
const NUM_CLASSES = 4;
const NUM_FEATURES = 2;
const RANDOM_SEED = 42;
const [X_blob_array, y_blob_array] = make_blobs({ n_samples: 1000, n_features: NUM_FEATURES, centers: NUM_CLASSES, cluster_std: 1.5, random_state: RANDOM_SEED });
const X_blob = torch.from_numpy(X_blob_array).type(torch.float);
const y_blob = torch.from_numpy(y_blob_array).type(torch.LongTensor);
print(X_blob[':5'], y_blob[':5']);
let [X_blob_train, X_blob_test, y_blob_train, y_blob_test] = train_test_split(X_blob, y_blob, { test_size: 0.2, random_state: RANDOM_SEED });
plt.figure({ figsize: [10, 7] });
plt.scatter(X_blob[':, 0'], X_blob[':, 1'], { c: y_blob, cmap: plt.cm.RdYlBu });
plt.savefig(output('02_blobs.svg'));

// %% A model for them
class BlobModel extends nn.Module {
  linear_layer_stack: nn.Sequential;

  constructor({ input_features, output_features, hidden_units = 8 }: { input_features: number; output_features: number; hidden_units?: number }) {
    super();
    this.linear_layer_stack = new nn.Sequential(
      new nn.Linear({ in_features: input_features, out_features: hidden_units }),
      new nn.Linear({ in_features: hidden_units, out_features: hidden_units }),
      new nn.Linear({ in_features: hidden_units, out_features: output_features }),
    );
  }

  forward(x: Tensor): Tensor {
    return this.linear_layer_stack(x);
  }
}

torch.manual_seed(RANDOM_SEED);
const model_4 = new BlobModel({ input_features: NUM_FEATURES, output_features: NUM_CLASSES, hidden_units: 8 }).to(device);
print(model_4);
loss_fn = new nn.CrossEntropyLoss();
optimizer = new torch.optim.SGD(model_4.parameters(), { lr: 0.1 });

// %% From logits to classes
[X_blob_train, y_blob_train] = [X_blob_train.to(device), y_blob_train.to(device)];
[X_blob_test, y_blob_test] = [X_blob_test.to(device), y_blob_test.to(device)];
print(model_4(X_blob_train)[':5']);
print(model_4(X_blob_train)[0]!.shape, NUM_CLASSES);
y_logits = model_4(X_blob_test);
y_pred_probs = torch.softmax(y_logits, { dim: 1 });
print(y_logits[':5']);
print(y_pred_probs[':5']);
print(torch.sum(y_pred_probs[0]!));
print(y_pred_probs[0]);
print(torch.argmax(y_pred_probs[0]!));

// %% Training
torch.manual_seed(RANDOM_SEED);
epochs = 100;
for (const epoch of range(epochs)) {
  model_4.train();
  const y_logits = model_4(X_blob_train);
  const y_pred = torch.softmax(y_logits, { dim: 1 }).argmax({ dim: 1 });
  const loss = loss_fn(y_logits, y_blob_train);
  const acc = accuracy_fn({ y_true: y_blob_train, y_pred: y_pred });
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_4.eval();
  const [test_loss, test_acc] = torch.inference_mode(() => {
    const test_logits = model_4(X_blob_test);
    const test_pred = torch.softmax(test_logits, { dim: 1 }).argmax({ dim: 1 });
    return [loss_fn(test_logits, y_blob_test), accuracy_fn({ y_true: y_blob_test, y_pred: test_pred })];
  });
  if (epoch % 10 === 0)
    print(`Epoch: ${epoch} | Loss: ${format(loss, '.5f')}, Acc: ${format(acc, '.2f')}% | Test Loss: ${format(test_loss, '.5f')}, Test Acc: ${format(test_acc, '.2f')}%`);
}

// %% Predictions
model_4.eval();
y_logits = torch.inference_mode(() => model_4(X_blob_test));
print(y_logits[':10']);
y_pred_probs = torch.softmax(y_logits, { dim: 1 });
y_preds = y_pred_probs.argmax({ dim: 1 });
print(`Predictions: ${y_preds[':10']}\nLabels: ${y_blob_test[':10']}`);
print(`Test accuracy: ${format(accuracy_fn({ y_true: y_blob_test, y_pred: y_preds }), '.1f')}%`);
plt.figure({ figsize: [12, 6] });
plt.subplot(1, 2, 1);
plt.title('Train');
plot_decision_boundary(model_4, X_blob_train, y_blob_train);
plt.subplot(1, 2, 2);
plt.title('Test');
plot_decision_boundary(model_4, X_blob_test, y_blob_test);
plt.savefig(output('02_model_4.svg'));

// %% More metrics
const torchmetrics_accuracy = new Accuracy({ task: 'multiclass', num_classes: 4 }).to(device);
print(torchmetrics_accuracy(y_preds, y_blob_test));
