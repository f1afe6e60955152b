/** The models of the course's first chapters, trained for a few steps: PyTorch's losses, to the last digit or nearly. */
import torch, { nn, optim, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => torch.set_num_threads(1));

class LinearRegressionModel extends nn.Module {
  weights = new nn.Parameter(torch.randn(1, { dtype: torch.float }), { requires_grad: true });
  bias = new nn.Parameter(torch.randn(1, { dtype: torch.float }), { requires_grad: true });

  override forward(x: Tensor): Tensor {
    return this.weights.mul(x).add(this.bias);
  }
}

describe('chapter 1: linear regression', () => {
  test('losses and parameters', () => {
    const X = torch.arange(0, 1, 0.02).unsqueeze(1);
    const y = X.mul(0.7).add(0.3);
    const [X_train, y_train] = [X[':40']!, y[':40']!];
    const [X_test, y_test] = [X['40:']!, y['40:']!];

    torch.manual_seed(42);
    const model = new LinearRegressionModel();
    expect(String(model.state_dict())).toBe(
      "OrderedDict([('weights', tensor([0.3367])), ('bias', tensor([0.1288]))])",
    );
    const loss_fn = new nn.L1Loss();
    const optimizer = new optim.SGD({ params: model.parameters(), lr: 0.01 });
    const train_losses: number[] = [];
    const test_losses: number[] = [];
    for (let epoch = 0; epoch < 200; epoch++) {
      model.train();
      const loss = loss_fn(model(X_train), y_train);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      model.eval();
      const test_loss = torch.inference_mode(() => loss_fn(model(X_test), y_test));
      if (epoch % 20 === 0) {
        train_losses.push(loss.item());
        test_losses.push(test_loss.item());
      }
    }
    expect(train_losses).toEqual([
      0.31288138031959534, 0.08908725529909134, 0.04543796554207802, 0.03818932920694351, 0.03132382780313492,
      0.024458957836031914, 0.01758546568453312, 0.010716589167714119, 0.0038517764769494534, 0.008932482451200485,
    ]);
    expect(test_losses).toEqual([
      0.48106518387794495, 0.21729660034179688, 0.11360953003168106, 0.08886633068323135, 0.07232122868299484,
      0.05646304413676262, 0.04060482233762741, 0.024059748277068138, 0.008201557211577892, 0.005023092031478882,
    ]);
    expect(model.parameters().map((param) => param.item())).toEqual([0.6990308165550232, 0.3093104660511017]);
  });
});

describe('chapter 2: classification', () => {
  test('a small network with Adam', () => {
    torch.manual_seed(42);
    const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
    const loss_fn = new nn.BCEWithLogitsLoss();
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
    const X = torch.randn(16, 2);
    const y = X.square().sum(1).gt(1).float();
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) {
      const loss = loss_fn(model(X).squeeze(), y);
      losses.push(loss.item());
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    const expected = [
      0.7473242282867432, 0.728489875793457, 0.7106398344039917, 0.6937959790229797, 0.6781879663467407,
    ];
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 5));
  });
});

describe('chapter 3: computer vision', () => {
  class TinyVGG extends nn.Module {
    block_1: nn.Sequential;
    block_2: nn.Sequential;
    classifier: nn.Sequential;

    constructor(input_shape: number, hidden_units: number, output_shape: number) {
      super();
      this.block_1 = new nn.Sequential(
        new nn.Conv2d({ in_channels: input_shape, out_channels: hidden_units, kernel_size: 3, stride: 1, padding: 1 }),
        new nn.ReLU(),
        new nn.Conv2d(hidden_units, hidden_units, 3, { padding: 1 }),
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
      this.classifier = new nn.Sequential(new nn.Flatten(), new nn.Linear(hidden_units * 7 * 7, output_shape));
    }

    override forward(x: Tensor): Tensor {
      return this.classifier(this.block_2(this.block_1(x)));
    }
  }

  test('TinyVGG', () => {
    torch.manual_seed(42);
    const model = new TinyVGG(1, 10, 10);
    expect(model.parameters().reduce((count, param) => count + param.numel(), 0)).toBe(7740);
    const loss_fn = new nn.CrossEntropyLoss();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const X = torch.randn(8, 1, 28, 28);
    const y = torch.randint(0, 10, [8]);
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) {
      const loss = loss_fn(model(X), y);
      losses.push(loss.item());
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    const expected = [2.3154191970825195, 2.26253604888916, 2.2177326679229736, 2.1619155406951904, 2.07975697517395];
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 5));
  });
});
