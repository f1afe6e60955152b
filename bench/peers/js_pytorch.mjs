/** js-pytorch, which is written in JavaScript. It has no convolutions. */
import { createRequire } from 'node:module';

const require = createRequire(process.env.TSTORCH_BENCH_PEERS);
const { torch } = require('js-pytorch');
const { nn, optim } = torch;

class MLP extends nn.Module {
  constructor() {
    super();
    this.first = new nn.Linear(8, 16);
    this.second = new nn.Linear(16, 16);
    this.third = new nn.Linear(16, 4);
    this.relu = new nn.ReLU();
  }

  forward(x) {
    return this.third.forward(this.relu.forward(this.second.forward(this.relu.forward(this.first.forward(x)))));
  }
}

export const cases = {
  'MLP, training step, Adam': () => {
    const model = new MLP();
    const loss_fn = new nn.CrossEntropyLoss();
    const optimizer = new optim.Adam(model.parameters(), 0.001);
    const x = torch.randn([8, 8]);
    const y = torch.randint(0, 4, [8]);
    return () => {
      const loss = loss_fn.forward(model.forward(x), y);
      loss.backward();
      optimizer.step();
      optimizer.zero_grad();
      return loss.data[0];
    };
  },
};
