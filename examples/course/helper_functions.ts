/** What several chapters use; python/helper_functions.py has the same functions in Python. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import torch, { nn, type Tensor } from 'tstorch';
import plt from 'tstorch/pyplot';
import { format, len, print, range } from 'tstorch/python';

/** Where a chapter puts a picture or a model: in the folder that `--output` names, or examples/output/course. */
export function output(name: string): string {
  const path = join(process.env['TSTORCH_COURSE_OUTPUT'] ?? join('examples', 'output', 'course'), name);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

export function plot_predictions(
  train_data: Tensor,
  train_labels: Tensor,
  test_data: Tensor,
  test_labels: Tensor,
  { predictions = null }: { predictions?: Tensor | null } = {},
): void {
  plt.figure({ figsize: [10, 7] });
  plt.scatter(train_data, train_labels, { c: 'b', s: 4, label: 'Training data' });
  plt.scatter(test_data, test_labels, { c: 'g', s: 4, label: 'Testing data' });
  if (predictions !== null)
    plt.scatter(test_data, predictions, { c: 'r', s: 4, label: 'Predictions' });
  plt.legend({ prop: { size: 14 } });
}

export function plot_decision_boundary(model: nn.Module, X: Tensor, y: Tensor): void {
  model.to('cpu');
  [X, y] = [X.to('cpu'), y.to('cpu')];
  const [x_min, x_max] = [X[':, 0']!.min().sub(0.1).item(), X[':, 0']!.max().add(0.1).item()];
  const [y_min, y_max] = [X[':, 1']!.min().sub(0.1).item(), X[':, 1']!.max().add(0.1).item()];
  const [xx, yy] = torch.meshgrid(torch.linspace(x_min, x_max, 101), torch.linspace(y_min, y_max, 101), { indexing: 'xy' });
  const X_to_pred_on = torch.stack([xx!.ravel(), yy!.ravel()], { dim: 1 });
  model.eval();
  const y_logits: Tensor = torch.inference_mode(() => model(X_to_pred_on));
  let y_pred: Tensor;
  if (len(torch.unique(y)) > 2)
    y_pred = torch.softmax(y_logits, { dim: 1 }).argmax({ dim: 1 });
  else
    y_pred = torch.round(torch.sigmoid(y_logits));
  y_pred = y_pred.reshape(xx!.shape);
  plt.contourf(xx!, yy!, y_pred, { cmap: plt.cm.RdYlBu, alpha: 0.7 });
  plt.scatter(X[':, 0']!, X[':, 1']!, { c: y, s: 40, cmap: plt.cm.RdYlBu });
  plt.xlim(x_min, x_max);
  plt.ylim(y_min, y_max);
}

/** The numbers of each epoch. */
export interface Results {
  train_loss: number[];
  train_acc: number[];
  test_loss: number[];
  test_acc: number[];
}

export function plot_loss_curves(results: Results): void {
  const epochs = [...range(len(results['train_loss']))];
  plt.figure({ figsize: [15, 7] });
  plt.subplot(1, 2, 1);
  plt.plot(epochs, results['train_loss'], { label: 'train_loss' });
  plt.plot(epochs, results['test_loss'], { label: 'test_loss' });
  plt.title('Loss');
  plt.xlabel('Epochs');
  plt.legend();
  plt.subplot(1, 2, 2);
  plt.plot(epochs, results['train_acc'], { label: 'train_accuracy' });
  plt.plot(epochs, results['test_acc'], { label: 'test_accuracy' });
  plt.title('Accuracy');
  plt.xlabel('Epochs');
  plt.legend();
}

export function accuracy_fn({ y_true, y_pred }: { y_true: Tensor; y_pred: Tensor }): number {
  const correct = torch.eq(y_true, y_pred).sum().item();
  const acc = (correct / len(y_pred)) * 100;
  return acc;
}

export function print_train_time(start: number, end: number, { device = null }: { device?: string | null } = {}): number {
  const total_time = end - start;
  print(`~ Train time on ${device}: ${format(total_time, '.3f')} seconds`);
  return total_time;
}

export function set_seeds(seed = 42): void {
  torch.manual_seed(seed);
}
