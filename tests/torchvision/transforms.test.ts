import torch, { nn, type Tensor } from 'tstorch';
import { Image, transforms } from 'tstorch/torchvision';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';

afterEach(() => torch.set_default_dtype(torch.float32));

// Red, green and blue of four pixels: 0, 20, 40 to 180, 200, 220.
const colours = new Image(
  'RGB',
  2,
  2,
  Uint8Array.from({ length: 12 }, (_, i) => i * 20),
);
const greys = new Image('L', 2, 2, Uint8Array.of(0, 60, 120, 180));

describe('ToTensor', () => {
  const to_tensor = new transforms.ToTensor();

  test('bytes become what LibTorch makes of them, to the last digit', () => {
    const image = new Image(
      'L',
      16,
      16,
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    const tensor = to_tensor(image);
    expect([tensor.dtype, [...tensor.shape]]).toEqual([torch.float32, [1, 16, 16]]);
    expect(torch.equal(tensor, torch.arange(256).to(torch.uint8).to(torch.float32).div(255).view(1, 16, 16))).toBe(
      true,
    );
  });

  test('channels come first', () => {
    expect(to_tensor(colours).tolist()).toEqual([
      [
        [0.0, 0.23529411852359772],
        [0.47058823704719543, 0.7058823704719543],
      ],
      [
        [0.0784313753247261, 0.3137255012989044],
        [0.5490196347236633, 0.7843137383460999],
      ],
      [
        [0.1568627506494522, 0.3921568691730499],
        [0.6274510025978088, 0.8627451062202454],
      ],
    ]);
  });

  test('the default dtype counts', () => {
    torch.set_default_dtype(torch.float64);
    expect(to_tensor(greys).tolist()).toEqual([
      [
        [0.0, 0.23529411764705882],
        [0.47058823529411764, 0.7058823529411765],
      ],
    ]);
  });

  test('numbers other than bytes stay what they are', () => {
    const floats = to_tensor(new Image('F', 2, 1, Float32Array.of(-3, 300.5)));
    expect([floats.dtype, floats.tolist()]).toEqual([torch.float32, [[[-3, 300.5]]]]);
    const integers = to_tensor(new Image('I', 1, 2, Int32Array.of(7, 70000)));
    expect([integers.dtype, integers.tolist()]).toEqual([torch.int32, [[[7], [70000]]]]);
  });

  test('typed arrays with a shape', () => {
    const pixels = torch.arange(6).to(torch.uint8).mul(51).view(1, 2, 3).numpy() as never;
    expect(to_tensor(pixels).mul(5).round().tolist()).toEqual([[[0, 3]], [[1, 4]], [[2, 5]]]);
    expect(() => to_tensor(torch.arange(6).to(torch.uint8).numpy() as never)).toThrow(
      'pic should be 2/3 dimensional. Got 1 dimensions.',
    );
  });

  test('the image stays as it is, whatever happens to the tensor', () => {
    to_tensor(greys).zero_();
    new transforms.PILToTensor()(greys).zero_();
    expect([...greys.data]).toEqual([0, 60, 120, 180]);
  });

  test('anything else is an error', () => {
    expect(() => to_tensor(torch.ones(2, 2) as never)).toThrow('pic should be PIL Image or ndarray. Got Tensor');
    expect(() => to_tensor(null as never)).toThrow(torch.TypeError);
  });
});

test('PILToTensor', () => {
  const tensor = new transforms.PILToTensor()(colours);
  expect([tensor.dtype, tensor.tolist()]).toEqual([
    torch.uint8,
    [
      [
        [0, 60],
        [120, 180],
      ],
      [
        [20, 80],
        [140, 200],
      ],
      [
        [40, 100],
        [160, 220],
      ],
    ],
  ]);
});

test('ToPILImage', () => {
  const to_image = new transforms.ToPILImage();
  const grey = to_image(
    torch.tensor([
      [
        [0, 0.5],
        [0.999, 1],
      ],
    ]),
  );
  expect([grey.mode, grey.size, [...grey.data]]).toEqual(['L', [2, 2], [0, 127, 254, 255]]);
  const colour = to_image(torch.arange(12).to(torch.uint8).view(3, 2, 2));
  expect([colour.mode, colour.getpixel([1, 0]), [...colour.data]]).toEqual([
    'RGB',
    [1, 5, 9],
    [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
  ]);
  expect(() => to_image(torch.ones(5, 2, 2))).toThrow('pic should not have > 4 channels. Got 5 channels.');
  expect(() => to_image(torch.ones(2))).toThrow('pic should be 2/3 dimensional. Got 1 dimensions.');
  expect(() => new transforms.ToPILImage('RGB')(torch.ones(1, 2, 2))).toThrow('Should be L');
  // There and back again.
  expect([...to_image(new transforms.ToTensor()(colours)).data]).toEqual([...colours.data]);
});

describe('Normalize', () => {
  const x = (): Tensor =>
    torch.tensor([
      [
        [0.25, 0.5],
        [1.0, 0.0],
      ],
      [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    ]);

  test('per channel, out of place unless asked', () => {
    const image = x();
    const normalize = new transforms.Normalize([0.5, 0.25], { std: [0.5, 0.1] });
    expect(normalize).toBeInstanceOf(nn.Module);
    const expected = [
      [
        [-0.5, 0.0],
        [1.0, -1.0],
      ],
      [
        [-1.5, -0.4999999701976776],
        [0.5000001192092896, 1.5],
      ],
    ];
    expect(normalize(image).tolist()).toEqual(expected);
    expect(torch.equal(image, x())).toBe(true);
    expect(new transforms.Normalize([0.5, 0.25], [0.5, 0.1], true)(image)).toBe(image);
    expect(image.tolist()).toEqual(expected);
  });

  test('what it refuses', () => {
    const normalize = new transforms.Normalize([0.5], [0.5]);
    expect(() => normalize(torch.ones(1, 2, 2).to(torch.uint8))).toThrow(
      'Input tensor should be a float tensor. Got torch.uint8.',
    );
    expect(() => normalize(torch.ones(2, 2))).toThrow('Got tensor.size() = torch.Size([2, 2])');
    expect(() => new transforms.Normalize([0.5], [0])(x())).toThrow(
      'std evaluated to zero after conversion to torch.float32',
    );
    expect(() => normalize(greys as never)).toThrow('img should be Tensor Image. Got Image');
  });
});

test('Compose, Lambda, and how they print', () => {
  const both = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.5], [0.5])]);
  expect(both(greys).tolist()[0]![0]![0]).toBe(-1);
  expectTypeOf(both(greys)).toEqualTypeOf<Tensor>();
  expect(String(both)).toBe('Compose(\n    ToTensor()\n    Normalize(mean=[0.5], std=[0.5])\n)');
  expect(
    [new transforms.ToPILImage(), new transforms.ToPILImage('L'), new transforms.PILToTensor()].map(String),
  ).toEqual(['ToPILImage()', 'ToPILImage(mode=L)', 'PILToTensor()']);
  const lambda = new transforms.Lambda((x: number) => x + 1);
  expect([lambda(2), String(lambda)]).toEqual([3, 'Lambda()']);
  expect(() => new transforms.Lambda(3 as never)).toThrow("Argument lambd should be callable, got 'int'");
  expect(new transforms.Compose([])(5 as never)).toBe(5);
});

test('an image knows its size', () => {
  expect(String(greys)).toBe('<Image mode=L size=2x2>');
  expect([greys.size, greys.getpixel([0, 1]), colours.getbands()]).toEqual([[2, 2], 120, ['R', 'G', 'B']]);
  expect(() => greys.getpixel([2, 0])).toThrow(torch.IndexError);
  expect(() => new Image('L', 2, 2, new Uint8Array(3))).toThrow('an image of 2 x 2 in mode L has 4 values, not 3');
  expect(() => new Image('XYZ' as never, 1, 1, new Uint8Array(3))).toThrow('unrecognized image mode: XYZ');
});
