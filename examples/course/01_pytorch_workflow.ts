/**
 * 01. The workflow: data, model, training, predictions, saving.
 *
 * A line is learned from points on it. After the second notebook of "Learn PyTorch for Deep Learning"
 * (learnpytorch.io), cell by cell; python/01_pytorch_workflow.py has the same cells in Python.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import torch, { nn, type Tensor } from 'tstorch';
import { len, print, range } from 'tstorch/python';
import plt from 'tstorch/pyplot';
import { output, plot_predictions } from './helper_functions.ts';

// %% A straight line as data
let weight = 0.7;
let bias = 0.3;
let start = 0;
let end = 1;
let step = 0.02;
let X = torch.arange(start, end, step).unsqueeze({ dim: 1 });
let y = X.mul(weight).add(bias);
print(X[':10'], y[':10']);

// %% Training and test set
let train_split = Math.trunc(0.8 * len(X));
let [X_train, y_train] = [X[`:${train_split}`]!, y[`:${train_split}`]!];
let [X_test, y_test] = [X[`${train_split}:`]!, y[`${train_split}:`]!];
print(len(X_train), len(y_train), len(X_test), len(y_test));
plot_predictions(X_train, y_train, X_test, y_test);
plt.savefig(output('01_data.svg'));

// %% A model
class LinearRegressionModel extends nn.Module {
  weights = new nn.Parameter(torch.randn(1, { dtype: torch.float }), { requires_grad: true });
  bias = new nn.Parameter(torch.randn(1, { dtype: torch.float }), { requires_grad: true });

  forward(x: Tensor): Tensor {
    return this.weights.mul(x).add(this.bias);
  }
}

// %% What is in it
torch.manual_seed(42);
const model_0 = new LinearRegressionModel();
print([...model_0.parameters()]);
print(model_0.state_dict());

// %% Predictions before training
let y_preds = torch.inference_mode(() => model_0(X_test));
print(`Number of testing samples: ${len(X_test)}`);
print(`Number of predictions made: ${len(y_preds)}`);
print(`Predicted values:\n${y_preds}`);
plot_predictions(X_train, y_train, X_test, y_test, { predictions: y_preds });
plt.savefig(output('01_before_training.svg'));
print(y_test.sub(y_preds));

// %% Loss function and optimizer
let loss_fn = new nn.L1Loss();
let optimizer = new torch.optim.SGD({ params: model_0.parameters(), lr: 0.01 });

// %% Training
torch.manual_seed(42);
let epochs = 100;
const train_loss_values: number[] = [];
const test_loss_values: number[] = [];
const epoch_count: number[] = [];
for (const epoch of range(epochs)) {
  model_0.train();
  const y_pred = model_0(X_train);
  const loss = loss_fn(y_pred, y_train);
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_0.eval();
  torch.inference_mode(() => {
    const test_pred = model_0(X_test);
    const test_loss = loss_fn(test_pred, y_test.type(torch.float));
    if (epoch % 10 === 0) {
      epoch_count.push(epoch);
      train_loss_values.push(loss.item());
      test_loss_values.push(test_loss.item());
      print(`Epoch: ${epoch} | MAE Train Loss: ${loss} | MAE Test Loss: ${test_loss} `);
    }
  });
}

// %% Loss curves
plt.figure();
plt.plot(epoch_count, train_loss_values, { label: 'Train loss' });
plt.plot(epoch_count, test_loss_values, { label: 'Test loss' });
plt.title('Training and test loss curves');
plt.ylabel('Loss');
plt.xlabel('Epochs');
plt.legend();
plt.savefig(output('01_loss_curves.svg'));

// %% What was learned
print('The model learned the following values for weights and bias:');
print(model_0.state_dict());
print('\nAnd the original values for weights and bias are:');
print(`weights: ${weight}, bias: ${bias}`);

// %% Predictions after training
model_0.eval();
y_preds = torch.inference_mode(() => model_0(X_test));
print(y_preds);
plot_predictions(X_train, y_train, X_test, y_test, { predictions: y_preds });
plt.savefig(output('01_after_training.svg'));

// %% Saving and loading
const MODEL_PATH = 'models';
mkdirSync(output(MODEL_PATH), { recursive: true });
let MODEL_NAME = '01_pytorch_workflow_model_0.pth';
let MODEL_SAVE_PATH = join(MODEL_PATH, MODEL_NAME);
print(`Saving model to: ${MODEL_SAVE_PATH}`);
torch.save({ obj: model_0.state_dict(), f: output(MODEL_SAVE_PATH) });
const loaded_model_0 = new LinearRegressionModel();
print(loaded_model_0.load_state_dict(torch.load({ f: output(MODEL_SAVE_PATH) })));
loaded_model_0.eval();
const loaded_model_preds = torch.inference_mode(() => loaded_model_0(X_test));
print(y_preds.eq(loaded_model_preds));

// %% All of it again, on any device: the data
const device = torch.cuda.is_available() ? 'cuda' : 'cpu';
weight = 0.7;
bias = 0.3;
start = 0;
end = 1;
step = 0.02;
X = torch.arange(start, end, step).unsqueeze({ dim: 1 });
y = X.mul(weight).add(bias);
print(X[':10'], y[':10']);
train_split = Math.trunc(0.8 * len(X));
[X_train, y_train] = [X[`:${train_split}`]!, y[`:${train_split}`]!];
[X_test, y_test] = [X[`${train_split}:`]!, y[`${train_split}:`]!];
print(len(X_train), len(y_train), len(X_test), len(y_test));

// %% The model, of a layer this time
class LinearRegressionModelV2 extends nn.Module {
  linear_layer = new nn.Linear({ in_features: 1, out_features: 1 });

  forward(x: Tensor): Tensor {
    return this.linear_layer(x);
  }
}

torch.manual_seed(42);
const model_1 = new LinearRegressionModelV2();
print(model_1, model_1.state_dict());

// %% Training
print([...model_1.parameters()][0]!.device);
model_1.to(device);
loss_fn = new nn.L1Loss();
optimizer = new torch.optim.SGD({ params: model_1.parameters(), lr: 0.01 });
torch.manual_seed(42);
epochs = 1000;
X_train = X_train.to(device);
X_test = X_test.to(device);
y_train = y_train.to(device);
y_test = y_test.to(device);
for (const epoch of range(epochs)) {
  model_1.train();
  const y_pred = model_1(X_train);
  const loss = loss_fn(y_pred, y_train);
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  model_1.eval();
  const test_loss = torch.inference_mode(() => {
    const test_pred = model_1(X_test);
    return loss_fn(test_pred, y_test);
  });
  if (epoch % 100 === 0)
    print(`Epoch: ${epoch} | Train loss: ${loss} | Test loss: ${test_loss}`);
}

// %% What was learned
print('The model learned the following values for weights and bias:');
print(model_1.state_dict());
print('\nAnd the original values for weights and bias are:');
print(`weights: ${weight}, bias: ${bias}`);

// %% Predictions
model_1.eval();
y_preds = torch.inference_mode(() => model_1(X_test));
print(y_preds);
plot_predictions(X_train.cpu(), y_train.cpu(), X_test.cpu(), y_test.cpu(), { predictions: y_preds.cpu() });
plt.savefig(output('01_model_1.svg'));

// %% Saving and loading
MODEL_NAME = '01_pytorch_workflow_model_1.pth';
MODEL_SAVE_PATH = join(MODEL_PATH, MODEL_NAME);
print(`Saving model to: ${MODEL_SAVE_PATH}`);
torch.save({ obj: model_1.state_dict(), f: output(MODEL_SAVE_PATH) });
const loaded_model_1 = new LinearRegressionModelV2();
loaded_model_1.load_state_dict(torch.load(output(MODEL_SAVE_PATH)));
loaded_model_1.to(device);
print(`Loaded model:\n${loaded_model_1}`);
print(`Model on device:\n${[...loaded_model_1.parameters()][0]!.device}`);
loaded_model_1.eval();
const loaded_model_1_preds = torch.inference_mode(() => loaded_model_1(X_test));
print(y_preds.eq(loaded_model_1_preds));
