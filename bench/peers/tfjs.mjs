/**
 * TensorFlow.js in the form that installs everywhere, the one that computes in JavaScript. Its Node binding downloads a
 * binary when it is installed.
 */
import { createRequire } from 'node:module';

// Its greeting would stand in the answers.
console.log = () => {};
console.warn = () => {};
const require = createRequire(process.env.TSTORCH_BENCH_PEERS);
const tf = require('@tensorflow/tfjs');

function training(model, optimizer, x, y) {
  return () => {
    const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })), true);
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
}

const classes = (count, of) => tf.oneHot(tf.randomUniform([count], 0, of, 'int32'), of);

export const cases = {
  'MLP, training step, Adam': () => {
    const dense = (units, options) => tf.layers.dense({ units, ...options });
    const model = tf.sequential({
      layers: [dense(16, { inputShape: [8], activation: 'relu' }), dense(16, { activation: 'relu' }), dense(4)],
    });
    return training(model, tf.train.adam(0.001), tf.randomUniform([8, 8]), classes(8, 4));
  },
  'TinyVGG, training step, batch of 32': () => {
    const conv = (options) =>
      tf.layers.conv2d({ filters: 10, kernelSize: 3, padding: 'same', activation: 'relu', ...options });
    const pool = () => tf.layers.maxPooling2d({ poolSize: 2 });
    const model = tf.sequential({
      layers: [
        conv({ inputShape: [28, 28, 1] }), conv(), pool(), conv(), conv(), pool(), tf.layers.flatten(),
        tf.layers.dense({ units: 10 }),
      ],
    });
    return training(model, tf.train.sgd(0.1), tf.randomUniform([32, 28, 28, 1]), classes(32, 10));
  },
};
