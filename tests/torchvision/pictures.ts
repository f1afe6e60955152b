/** The small pictures of the fixtures (scripts/fixtures/torchvision_pictures.py), and what is expected of results. */
import { createHash } from 'node:crypto';
import torch, { type dtype, type Tensor } from 'tstorch';
import { Image, type ImageData, type ImageMode } from 'tstorch/torchvision';
import { expect } from 'vitest';

export type Outcome =
  | { image: [mode: string, width: number, height: number, digest: string] }
  | { tensor: [dtype: string, shape: number[], digest: string] }
  | { floats: [dtype: string, shape: number[], samples: (number | string)[]] }
  | { items: Outcome[] }
  | { entries: [string, Outcome][] }
  | { value: unknown }
  | { error: [name: string, message: string] };

function values(width: number, height: number, channels: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(width * height * channels);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const rough = (x * x * (y + 3) + 29 * c * x + y * y * 7) % 97;
        data[at++] = (x * 5 + y * 9 + c * 71 + rough) % 256;
      }
    }
  }
  return data;
}

export function picture(mode: ImageMode, width = 30, height = 20): Image {
  const data = values(width, height, Image.new(mode, [1, 1]).channels);
  let all: ImageData = data;
  if (mode === 'I') all = Int32Array.from(data, (value) => value * 300);
  if (mode === 'F') all = Float32Array.from(data, (value) => value * 0.5);
  if (mode === '1') all = data.map((value) => (value > 120 ? 255 : 0));
  return new Image(mode, width, height, all);
}

export function tensor(channels: number, width = 30, height = 20, type: dtype = torch.uint8): Tensor {
  const bytes = torch.from_numpy(values(width, height, channels)).view(height, width, channels);
  const data = bytes.permute(2, 0, 1).contiguous();
  return type.is_floating_point ? data.to(type).div(255) : data.to(type);
}

function digest(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** A result as the fixtures write it, floats apart. */
export function expect_outcome(actual: unknown, expected: Outcome): void {
  if ('items' in expected) {
    const items = [...(actual as Iterable<unknown>)];
    expect(items).toHaveLength(expected.items.length);
    expected.items.forEach((one, i) => expect_outcome(items[i], one));
  } else if ('entries' in expected) {
    for (const [key, one] of expected.entries) expect_outcome((actual as Record<string, unknown>)[key], one);
  } else if ('image' in expected) {
    expect(actual).toBeInstanceOf(Image);
    const { mode, width, height, data } = actual as Image;
    expect([mode, width, height, digest(data)]).toEqual(expected.image);
  } else if ('tensor' in expected) {
    expect(actual).toBeInstanceOf(torch.Tensor);
    const whole = (actual as Tensor).contiguous();
    const kind = [String(whole.dtype).replace('torch.', ''), [...whole.shape]];
    expect([...kind, digest(whole.numpy())]).toEqual(expected.tensor);
  } else if ('floats' in expected) {
    const [type, shape, wanted] = expected.floats;
    const floats = actual as Tensor;
    expect([String(floats.dtype).replace('torch.', ''), [...floats.shape]]).toEqual([type, shape]);
    const all = floats.detach().to(torch.float64).flatten().tolist() as number[];
    const step = Math.max(1, Math.floor(all.length / 7));
    wanted.forEach((value, i) => {
      const number = all[i * step]!;
      expect(Math.abs(number - Number(value)), `${number} for ${value}`).toBeLessThan(
        1e-6 + 2e-6 * Math.abs(Number(value)),
      );
    });
  } else if ('value' in expected) {
    expect(actual).toEqual(expected.value);
  } else {
    expect.unreachable(`Python refuses: ${expected.error.join(': ')}`);
  }
}

/** Calls and compares, or expects the error that Python ends with. */
export function expect_call(call: () => unknown, expected: Outcome): void {
  if ('error' in expected) {
    let thrown: unknown = null;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect([(thrown as Error).name, (thrown as Error).message]).toEqual(expected.error);
    return;
  }
  expect_outcome(call(), expected);
}
