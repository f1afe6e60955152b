/** `torchvision.models`: the networks as torchvision makes them, how they begin, what they give, and their weights. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import torch, { nn, type Tensor } from 'tstorch';
import { models } from 'tstorch/torchvision';
import { describe, expect, test } from 'vitest';

interface Numbers {
  first: number[];
  scale: number;
  mean: number;
}
interface Run {
  arguments: Record<string, unknown>;
  sizes: [number, number];
  checksum: string;
  next: number;
  eval: Numbers[];
  train: Numbers[];
  gradient: number;
  after: number;
}
interface Fixture {
  structure: Record<string, { tensors: number; shapes: string; repr: string; num_params: number }>;
  run: Record<string, Run>;
  weights: Record<
    string,
    {
      model: string;
      default: boolean;
      url: string;
      transforms: string;
      meta: Record<string, unknown>;
      categories: string | null;
    }
  >;
}
const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/torchvision_models.json', import.meta.url), 'utf8'),
) as Fixture;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

describe('every model', () => {
  test('there are the same ones', () => {
    expect(models.list_models()).toEqual(Object.keys(fixture.structure));
    expect(models.list_models({ module: models })).toEqual(models.list_models());
  });

  test.each(Object.entries(fixture.structure))('%s has the same parameters and description', (name, expected) => {
    const options = name === 'googlenet' || name === 'inception_v3' ? { init_weights: true } : {};
    const model = torch.set_default_device('meta', () => models.get_model(name, options));
    const lines = [...model.state_dict()].map(([key, tensor]) => `${key} [${[...tensor.shape].join(', ')}]`);
    const num_params = [...model.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0);
    expect({
      tensors: lines.length,
      shapes: digest(lines.join('\n')),
      repr: digest(String(model)),
      num_params,
    }).toEqual(expected);
  });
});

/** All bytes of what is in the state dict. */
function checksum(model: nn.Module): string {
  const sha = createHash('sha256');
  for (const tensor of model.state_dict().values()) {
    const { buffer, byteOffset, byteLength } = tensor.detach().contiguous().numpy() as Float32Array<ArrayBuffer>;
    sha.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return sha.digest('hex').slice(0, 16);
}

/** Convolutions sum in another order on another processor; what a whole network makes of that is the tolerance. */
function expect_numbers(output: unknown, expected: Numbers[], tolerance: number): void {
  const outputs = (output instanceof torch.Tensor ? [output] : [...(output as Iterable<Tensor>)]) as Tensor[];
  expect(outputs.length).toBe(expected.length);
  outputs.forEach((out, i) => {
    const { first, scale, mean } = expected[i]!;
    const values = torch.select(out, 0, 0).tolist() as number[];
    first.forEach((value, j) => expect(Math.abs(values[j]! - value)).toBeLessThanOrEqual(tolerance * scale));
    expect(Math.abs((out.abs().max().item() as number) - scale)).toBeLessThanOrEqual(tolerance * scale);
    expect(Math.abs((out.double().mean().item() as number) - mean)).toBeLessThanOrEqual(tolerance * scale);
  });
}

describe('some models with a seed', () => {
  test.each(Object.entries(fixture.run))('%s begins and computes as in Python', (name, expected) => {
    torch.manual_seed(0);
    const model = models.get_model(name, expected.arguments);
    expect(checksum(model)).toBe(expected.checksum);
    expect(torch.rand(1).item()).toBe(expected.next);
    if (name === 'vit_b_32') nn.init.normal_(model.get_parameter('heads.head.weight'));
    const [eval_size, train_size] = expected.sizes;
    const image = torch.randn(1, 3, eval_size, eval_size);
    expect_numbers(torch.no_grad(() => model.eval()(image)), expected.eval, 1e-4);
    const batch = torch.randn(2, 3, train_size, train_size);
    const output = model.train()(batch) as Tensor | Iterable<Tensor>;
    expect_numbers(output, expected.train, 1e-3);
    const first = output instanceof torch.Tensor ? output : [...(output as Iterable<Tensor>)][0]!;
    first.square().mean().backward();
    const [parameter] = model.parameters();
    const gradient = parameter!.grad!.double().norm().item() as number;
    expect(Math.abs(gradient - expected.gradient)).toBeLessThanOrEqual(0.01 * expected.gradient);
    expect(torch.rand(1).item()).toBe(expected.after);
  });
});

/** NaN, which JSON does not have, as null. */
const without_nan = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('weights', () => {
  test.each(Object.entries(fixture.weights))('%s', (name, expected) => {
    const weights = models.get_weight(name);
    const all = models.get_model_weights(expected.model);
    const { categories, ...meta } = weights.meta;
    expect({
      model: expected.model,
      default: all.__members__.get('DEFAULT') === weights,
      url: weights.url,
      transforms: String(weights.transforms()),
      meta: without_nan(meta),
      categories: categories === null ? null : digest(categories.join('\n')),
    }).toEqual(expected);
    expect([...all]).toContain(weights);
    expect(String(weights)).toBe(name);
  });

  test('are properties of their enum', () => {
    expect(models.ResNet50_Weights.DEFAULT).toBe(models.ResNet50_Weights.IMAGENET1K_V2);
    expect([...models.ResNet50_Weights].map(({ name }) => name)).toEqual(['IMAGENET1K_V1', 'IMAGENET1K_V2']);
    expect(models.ResNet50_Weights.length).toBe(2);
    expect(models.resnet50.weights).toBe(models.ResNet50_Weights);
    expect(models.get_model_weights(models.resnet50)).toBe(models.ResNet50_Weights);
    expect(models.ResNet18_Weights.DEFAULT.meta.categories!.slice(0, 2)).toEqual(['tench', 'goldfish']);
  });

  test('wrong ones are refused', () => {
    // What torchvision says to the same.
    const error = (call: () => unknown): string => {
      try {
        call();
      } catch (thrown) {
        return `${(thrown as Error).name}: ${(thrown as Error).message}`;
      }
      return 'nothing';
    };
    const given = (weights: unknown): (() => unknown) => {
      return () => models.resnet18({ weights: weights as string });
    };
    expect(error(given('nothing'))).toBe("KeyError: 'nothing'");
    expect(error(given(models.ResNet50_Weights.DEFAULT))).toBe(
      'TypeError: Invalid Weight class provided; expected ResNet18_Weights but received ResNet50_Weights.',
    );
    expect(error(given(3))).toBe(
      'TypeError: Invalid Weight class provided; expected ResNet18_Weights but received int.',
    );
    expect(error(() => models.resnet18({ weights: 'DEFAULT', num_classes: 10 }))).toBe(
      "ValueError: The parameter 'num_classes' expected value 1000 but got 10 instead.",
    );
    expect(error(() => models.googlenet({ weights: 'DEFAULT', aux_logits: false }))).toBe(
      "ValueError: The parameter 'aux_logits' expected value True but got False instead.",
    );
    expect(error(() => models.resnext50_32x4d({ groups: 3 }))).toBe(
      "ValueError: The parameter 'groups' expected value 32 but got 3 instead.",
    );
    expect(error(() => models.get_model('resnet19'))).toBe('ValueError: Unknown model resnet19');
    expect(error(() => models.get_weight('ResNet18_Weights'))).toBe(
      "ValueError: Invalid weight name provided: 'ResNet18_Weights'.",
    );
    expect(error(() => models.get_weight('ResNet19_Weights.DEFAULT'))).toBe(
      "ValueError: The weight enum 'ResNet19_Weights' for the specific method couldn't be retrieved.",
    );
    expect(error(() => models.get_weight('ResNet18_Weights.V3'))).toBe("KeyError: 'V3'");
    expect(error(() => models.resnet18({ colour: 'red' } as object))).toContain("unexpected keyword argument 'colour'");
  });
});

test('names are found by patterns', () => {
  expect(models.list_models({ include: 'resnet*' })).toEqual([
    'resnet101',
    'resnet152',
    'resnet18',
    'resnet34',
    'resnet50',
  ]);
  expect(models.list_models({ include: ['vit_?_1[46]', 'alexnet'], exclude: '*h*' })).toEqual([
    'alexnet',
    'vit_b_16',
    'vit_l_16',
  ]);
  expect(models.list_models({ include: 'vgg1[!69]' })).toEqual(['vgg11', 'vgg13']);
});

describe('models of their own', () => {
  test('other classes, other normalizations, other blocks', () => {
    const model = models.resnet18({ num_classes: 3, norm_layer: (size: number) => new nn.GroupNorm(4, size) });
    expect(model.bn1).toBeInstanceOf(nn.GroupNorm);
    expect([...model(torch.zeros(2, 3, 32, 32)).shape]).toEqual([2, 3]);
    const { BasicBlock, ResNet } = models.resnet;
    const small = new ResNet(BasicBlock, [1, 1, 1, 1], { num_classes: 2 });
    expect(String(small.layer1.length)).toBe('1');
    model.fc = new nn.Linear(model.fc.in_features, 7);
    expect([...model(torch.zeros(1, 3, 32, 32)).shape]).toEqual([1, 7]);
    expect(() => models.resnet18({ replace_stride_with_dilation: [true] })).toThrow(
      'replace_stride_with_dilation should be None or a 3-element tuple',
    );
    expect(() => models.resnet18({ norm_layer: 'batch' as never })).toThrow(torch.TypeError);
  });

  test('what GoogLeNet gives in training has names', () => {
    const model = models.googlenet({ init_weights: false, num_classes: 2 }).train();
    const output = model(torch.randn(2, 3, 64, 64));
    if (!('logits' in output)) throw new Error('no outputs by name');
    const [logits, aux2, aux1] = output;
    expect(logits).toBe(output.logits);
    expect(aux2).toBe(output.aux_logits2);
    expect(aux1).toBe(output.aux_logits1);
    expect(String(output)).toMatch(/^GoogLeNetOutputs\(logits=tensor\(/);
  });

  test('positions of another size', () => {
    const state = new Map(Object.entries({ 'encoder.pos_embedding': torch.randn(1, 5, 4), 'heads.a': torch.zeros(1) }));
    const { interpolate_embeddings } = models.vision_transformer;
    const result = interpolate_embeddings(48, 16, state as never, 'bicubic', true);
    expect([...result.keys()]).toEqual(['encoder.pos_embedding']);
    expect([...result.get('encoder.pos_embedding')!.shape]).toEqual([1, 10, 4]);
  });
});
