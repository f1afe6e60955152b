/**
 * What is measured, and how much of Python's time each may take. The code of a group's cases is in cases/, twice: once
 * in JavaScript and once in Python, under the same names; here is only what concerns their comparison.
 *
 * A target holds for the cases whose name matches its pattern; the first that matches counts, and a case that none
 * matches is only reported. `settings` are found in the same way and change how a case is measured. `provide` is called
 * before the group's processes start. `label` is the group's name in the chart.
 */
import { provide_cuda } from './runner/cuda.mjs';
import { provide_images, provide_photos } from './runner/images.mjs';
import { measure_import } from './runner/import_time.mjs';
import { measure_peers } from './runner/peers.mjs';
import { measure_rounds } from './runner/rounds.mjs';
import { measure_soak } from './runner/soak.mjs';

export const GROUPS = {
  operators: {
    title: 'Operators on 4 x 4 float32 tensors',
    label: 'Small operators',
    measure: measure_rounds,
    targets: [
      [/\{/, 1.3],
      [/^a\.(add|mul|matmul|sum|reshape)\(|^a\[0\]|^s\.item/, 1.0],
    ],
  },
  modules: {
    title: 'Small modules: a linear layer, and an MLP of three',
    label: 'Small modules',
    measure: measure_rounds,
    targets: [
      [/step, Adam/, null],
      [/step/, 0.5],
      [/./, 0.4],
    ],
  },
  sequences: {
    title: 'Recurrent layers and attention, batch x length',
    label: 'Recurrent layers, attention',
    measure: measure_rounds,
    targets: [[/./, 1.0]],
  },
  models: {
    title: 'Whole models',
    label: 'Whole models',
    measure: measure_rounds,
    targets: [
      [/course.*training/, 0.4],
      [/./, 1.0],
    ],
  },
  serialization: {
    title: 'State dicts: saving, loading, and handing them to a model',
    label: 'Saving and loading',
    measure: measure_rounds,
    targets: [[/./, 1.0]],
  },
  tinyvgg: {
    title: 'TinyVGG on 28 x 28 images',
    label: 'TinyVGG',
    measure: measure_rounds,
    provide: provide_images,
    targets: [[/./, 1.0]],
    settings: [
      // Long enough to be measured one at a time, and to need no warm-up.
      [/epoch.*all threads/, { iterations: 1, rounds: 3, threads: 'all' }],
      [/epoch/, { iterations: 1, rounds: 3 }],
    ],
  },
  data: {
    title: 'DataLoader: 6,400 images of 28 x 28, shuffled',
    label: 'DataLoader',
    measure: measure_rounds,
    provide: provide_images,
    targets: [[/./, 0.67]],
    settings: [[/./, { iterations: 1, rounds: 7 }]],
  },
  photos: {
    title: 'ImageFolder: 2,000 JPEG files of 500 x 375, Resize, TrivialAugmentWide, ToTensor',
    label: 'Photographs',
    measure: measure_rounds,
    provide: provide_photos,
    targets: [[/./, 0.83]],
    settings: [[/./, { iterations: 1, rounds: 5 }]],
  },
  optim: {
    title: 'A step of an optimizer over 100 parameters of 4 x 4, with its defaults',
    label: 'Optimizers',
    measure: measure_rounds,
    targets: [
      [/^(SGD|Adam|AdamW)$/, 0.35],
      [/./, 1.0],
    ],
  },
  memory: {
    title: 'a.add(b) in a synchronous loop, by the size of its result',
    label: 'Large results in a loop',
    measure: measure_rounds,
    targets: [[/./, 1.15]],
  },
  peers: {
    title: 'Beside libraries that TypeScript has today',
    measure: measure_peers,
    python: false,
    targets: [[/./, 0.1]],
    // A step of the convolutional network takes it many seconds.
    settings: [[/TinyVGG.* tfjs/, { iterations: 1, rounds: 1 }]],
  },
  cuda_operators: {
    title: 'What starting operators on a GPU takes',
    label: 'Operators on a GPU',
    measure: measure_rounds,
    provide: provide_cuda,
    targets: [[/./, 1.0]],
  },
  cuda_training: {
    title: 'Training steps on a GPU',
    label: 'Training on a GPU',
    measure: measure_rounds,
    provide: provide_cuda,
    targets: [[/./, 1.0]],
  },
  import: {
    title: 'A fresh process that imports the package',
    label: 'Import',
    measure: measure_import,
    targets: [[/./, 0.35]],
  },
  soak: {
    title: 'Resident memory of long synchronous loops (no Python beside it)',
    measure: measure_soak,
    python: false,
  },
};

/** The first entry of a list of `[pattern, value]` pairs whose pattern matches. */
export function first_match(pairs, name) {
  return pairs?.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
