/** Transforms of samples beside Python's: what they draw, give and print (scripts/fixtures/torchvision_transforms_v2.py). */
import torch, { type Tensor } from 'tstorch';
import { Image, transforms, tv_tensors } from 'tstorch/torchvision';
import * as v2 from 'tstorch/torchvision/transforms/v2';
import { beforeAll, describe, expect, test } from 'vitest';
import { error_of, evaluate, read_fixture } from '../expected.ts';
import { expect_outcome, type Outcome, picture as drawing, tensor } from './pictures.ts';

type Case = [description: string, digest: [number[], number[]], labels: unknown, next: number];
type Results = [input: string, outcomes: Outcome[], next: number][];
const {
  samples: cases,
  transforms: calls,
  structures,
  functions,
} = read_fixture<{
  samples: Record<string, Case>;
  transforms: [call: string, description: string, results: Results | string][];
  structures: [call: string, expected: Outcome, next: number][];
  functions: [call: string, expected: Outcome][];
}>('torchvision_transforms_v2');

const scope = {
  v2,
  F: v2.functional,
  torch,
  drawing,
  tensor,
  floats: (channels: number): Tensor => tensor(channels, 30, 20, torch.float32),
  policy: (name: string): string => name,
};

/** Classes without their modules, as messages name them here, and nothing of where LibTorch was in C++. */
const plain = (message: string): string =>
  message.replace(/<class '(?:\w+\.)*(\w+)'>/g, '$1').split('\nException raised')[0]!;

beforeAll(() => torch.set_num_threads(1));

type Apply = (...parts: unknown[]) => unknown;

function picture(): Tensor {
  return torch.arange(3 * 20 * 24).mul(7).remainder(256).to(torch.uint8).view(3, 20, 24);
}

function digest(x: Tensor): [number[], number[]] {
  const step = Math.max(1, Math.floor(x.numel() / 40));
  return [[...x.shape], (x.double().flatten().tolist() as number[]).filter((_, i) => i % step === 0)];
}

const recipe = (): unknown =>
  new v2.Compose([
    new v2.ToImage(),
    new v2.RandomResizedCrop(8),
    new v2.RandomHorizontalFlip(),
    new v2.ToDtype(torch.float32, { scale: true }),
    new v2.Normalize([0.5, 0.4, 0.3], [0.2, 0.25, 0.5]),
  ] as Apply[]);

const single: Record<string, () => unknown> = {
  recipe,
  flip: () => new v2.RandomHorizontalFlip(0.9),
  vertical: () => new v2.RandomVerticalFlip({ p: 0.9 }),
  crop: () => new v2.CenterCrop([7, 30]),
  resized: () => new v2.RandomResizedCrop([8, 11], { scale: [0.5, 0.75], ratio: [0.5, 1.5] }),
  resize: () => new v2.Resize(9),
  resize_both: () => new v2.Resize([7, 12]),
  rotation: () => new v2.RandomRotation(30),
  grey: () => new v2.Grayscale(3),
  random_grey: () => new v2.RandomGrayscale(0.9),
  dtype: () => new v2.ToDtype(torch.float32),
  scaled: () => new v2.ToDtype(torch.float32, { scale: true }),
};
const mixed: Record<string, () => unknown> = {
  mixup: () => new v2.MixUp({ num_classes: 4 }),
  mixup_alpha: () => new v2.MixUp({ alpha: 0.2, num_classes: 4 }),
  cutmix: () => new v2.CutMix({ num_classes: 4 }),
  cutmix_alpha: () => new v2.CutMix({ alpha: 0.5, num_classes: 5 }),
};

describe('transforms.v2 does what torchvision does', () => {
  test('the namespace is the module', () => expect(transforms.v2.MixUp).toBe(v2.MixUp));

  test.each(Object.keys(single))('%s', (name) => {
    const transform = single[name]!() as Apply;
    torch.manual_seed(3);
    const [image, label] = transform(picture(), torch.tensor(3)) as [Tensor, Tensor];
    expect([String(transform), digest(image), label.item(), torch.rand(1).item()]).toEqual(cases[name]);
  });

  test.each(Object.keys(mixed))('%s', (name) => {
    const transform = mixed[name]!() as Apply;
    torch.manual_seed(3);
    const batch = torch.stack([picture().div(255), picture().flip(0).div(255)]);
    const [images, labels] = transform(batch, torch.tensor([1, 3])) as [Tensor, Tensor];
    expect([String(transform), digest(images), labels.double().tolist(), torch.rand(1).item()]).toEqual(cases[name]);
  });

  test('images in memory become tensors that say so, labels stay', () => {
    const [tensor, label] = new v2.ToImage()(new Image('L', 2, 1, Uint8Array.of(5, 6)), 7);
    expect([tensor.tolist(), label]).toEqual([[[[5, 6]]], 7]);
    const image: tv_tensors.Image = tensor;
    expect(image).toBeInstanceOf(tv_tensors.Image);
    expect(v2.functional.hflip(image)).toBeInstanceOf(tv_tensors.Image);
    expect(image.add(1)).not.toBeInstanceOf(tv_tensors.Image);
    expect(new v2.ToPureTensor()(image).constructor).toBe(torch.Tensor);
  });

  test('tensors that say what they are', () => {
    const x = torch.tensor([[1, 2]]);
    const image = new tv_tensors.Image(x);
    expect([image.tolist(), image.data_ptr() === x.data_ptr()]).toEqual([[[[1, 2]]], true]);
    expect(new tv_tensors.Image(x, { dtype: torch.float64, requires_grad: true }).requires_grad).toBe(true);
    expect(() => new tv_tensors.Image([1, 2])).toThrow('Tensor must be 2D or higher, got 1D tensor.');
    expect(() => new tv_tensors.Video(x)).toThrow('Tensor must be 4D or higher, got 2D tensor.');
    expect(tv_tensors.wrap(x.unsqueeze(0), { like: image })).toBeInstanceOf(tv_tensors.Image);
    expect(tv_tensors.wrap(x, { like: x })).toBe(x);
  });

  test('arrays that know their shape become images', () => {
    const array = torch.tensor([[[1], [2], [3]]], { dtype: torch.uint8 }).numpy();
    expect(new v2.ToImage()(array).tolist()).toEqual([[[1, 2, 3]]]);
  });

  test('maps and objects are samples, and keep their kind', () => {
    const sample = new Map<string, unknown>([['image', torch.tensor([[[1, 2]]])], ['more', { label: 3 }]]);
    const result = new v2.RandomHorizontalFlip(1)(sample);
    expect(result).toBeInstanceOf(Map);
    expect((result.get('image') as Tensor).tolist()).toEqual([[[2, 1]]]);
    expect(result.get('more')).toEqual({ label: 3 });
    expect((sample.get('image') as Tensor).tolist()).toEqual([[[1, 2]]]);
  });

  test('dtypes and colours by class', () => {
    const image = new tv_tensors.Image(torch.ones(1, 1, 1));
    const dtypes = new Map<typeof torch.Tensor | typeof tv_tensors.Image | 'others', torch.dtype | null>([
      [tv_tensors.Image, torch.float64],
      ['others', null],
    ]);
    expect(new v2.ToDtype(dtypes)([image, torch.ones(2)]).map((x) => x.dtype)).toEqual([torch.float64, torch.float32]);
    expect(() => new v2.ToDtype(new Map([[torch.Tensor, torch.float64]]))(image)).toThrow(
      'No dtype was specified for type Image',
    );
    expect(() => new v2.ToDtype(new Map([[tv_tensors.Image, torch.float64]]))(torch.ones(1))).toThrow(
      'No dtype was specified for type Tensor',
    );
    const fill = new Map<typeof tv_tensors.Image | 'others', number>([[tv_tensors.Image, 5], ['others', 6]]);
    expect(new v2.Pad([1, 0], fill)(image).tolist()).toEqual([[[5, 1, 5]]]);
    expect(new v2.Pad([1, 0], fill)(torch.ones(1, 1, 1)).tolist()).toEqual([[[6, 1, 6]]]);
  });

  test('functions as transforms', () => {
    const double = (x: Tensor): Tensor => x.mul(2);
    const ofTensors = new v2.Lambda(double, torch.Tensor);
    const [first, second, name] = ofTensors([torch.tensor([1]), torch.tensor([2]), 'name']);
    expect([first!.tolist(), second!.tolist(), name]).toEqual([[2], [4], 'name']);
    expect(String(ofTensors)).toBe("Lambda(double, types=['Tensor'])");
    const all = new v2.Lambda((x: unknown) => typeof x);
    expect(all({ a: 1, b: ['x'] })).toEqual({ a: 'number', b: ['string'] });
    expect(String(new v2.Lambda((x: unknown) => x))).toBe("Lambda(<lambda>, types=['object'])");
  });

  test('transforms of your own', () => {
    class Shift extends v2.Transform<{ by: number }> {
      most: number;

      constructor(most: number) {
        super();
        this.most = most;
      }

      override make_params(flat_inputs: readonly unknown[]): { by: number } {
        const [, width] = v2.query_size(flat_inputs);
        return { by: Math.min(this.most, width - 1) };
      }

      override transform(inpt: Tensor, { by }: { by: number }): Tensor {
        return inpt.roll(by, -1);
      }
    }
    const [image, label] = new Shift(5)(torch.tensor([[[1, 2, 3]]]), torch.tensor([1, 2]));
    expect([image.tolist(), label.tolist()]).toEqual([[[[2, 3, 1]]], [1, 2]]);
    expect(String(new Shift(5))).toBe('Shift(most=5)');
  });

  test('arguments by name', () => {
    const image = torch.arange(12).view(1, 3, 4);
    const { crop, resize } = v2.functional;
    expect(crop(image, 1, 2, { height: 2, width: 1 }).tolist()).toEqual([[[6], [10]]]);
    expect(resize(image, { size: [1, 2], interpolation: 'nearest' }).tolist()).toEqual([[[0, 2]]]);
    expect(() => crop(image, 1, 2, { height: 2 } as never)).toThrow("crop() missing 1 required positional argument: 'width'");
    expect(() => crop(3 as never, 1, 2, 3, 4)).toThrow('Functional F.crop supports inputs of type Tensor and Image, but got int instead.');
  });

  test('labels that are indices need the number of classes', () => {
    expect(() => new v2.MixUp()(torch.zeros(2, 1, 2, 2), torch.tensor([0, 1]))).toThrow(
      'num_classes must be passed if the labels are index-based (1D)',
    );
  });
});

describe.each(calls.filter(([, , results]) => Array.isArray(results)))('%s', (call, description, results) => {
  test('prints', () => expect(String(evaluate(call, scope))).toBe(description));

  test.each(results as Results)('%s', (input, outcomes, next) => {
    const x = evaluate(input, scope);
    const transform = evaluate(call, scope) as Apply;
    torch.manual_seed(7);
    for (const one of outcomes) {
      if ('error' in one) expect(error_of(() => transform(x))).toEqual([one.error[0], plain(one.error[1])]);
      else expect_outcome(transform(x), one);
    }
    expect(torch.rand([]).item()).toBe(next);
  });
});

test.each(calls.filter(([, , results]) => !Array.isArray(results)))('refuses %s', (call, name, message) => {
  expect(error_of(() => evaluate(call, scope))).toEqual([name, plain(message as string)]);
});

test.each(structures)('%s', (call, expected, next) => {
  torch.manual_seed(7);
  const act = (): unknown => evaluate(call, { ...scope, tv_tensors, RECIPE: recipe(), str: String });
  if ('error' in expected) expect(error_of(act)).toEqual([expected.error[0], plain(expected.error[1])]);
  else expect_outcome(act(), expected);
  expect(torch.rand([]).item()).toBe(next);
});

describe('transforms.v2.functional', () => {
  test.each(functions)('%s', (call, expected) => {
    if ('error' in expected) {
      expect(error_of(() => evaluate(call, scope))).toEqual([expected.error[0], plain(expected.error[1])]);
    } else {
      expect_outcome(evaluate(call, scope), expected);
    }
  });
});
