/** Images, transforms, data sets and models of torchvision together: what they give for a drawn image in Python. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch from 'tstorch';
import { datasets, Image, io, models, transforms, utils } from 'tstorch/torchvision';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'tstorch-torchvision-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A picture with soft colours of 300 x 280 pixels. */
function drawn(): Image {
  const [width, height] = [300, 280];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) data[at++] = (x * (c + 1) + 2 * y + 80 * c) % 256;
  }
  return new Image('RGB', width, height, data);
}

describe('a drawn image', () => {
  test("as a model's weights prepare it, and through the model", () => {
    const prepared = models.ResNet18_Weights.IMAGENET1K_V1.transforms()(drawn());
    expect(String(prepared.shape)).toBe('torch.Size([3, 224, 224])');
    expect(prepared.double().mean().item()).toBeCloseTo(0.2241317441840309, 12);
    torch.manual_seed(0);
    const model = models.resnet18().eval();
    const output = torch.no_grad(() => model(prepared.unsqueeze(0)));
    expect(output.double().sum().item()).toBeCloseTo(61.059298327192664, 3);
  });

  test('from a folder of files, written and read again', () => {
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, 'set', name), { recursive: true });
      drawn().save(join(folder, 'set', name, 'x.jpg'));
    }
    const transform = new transforms.Compose([new transforms.Resize([64, 64]), new transforms.ToTensor()]);
    const set = new datasets.ImageFolder(join(folder, 'set'), { transform });
    const [image, label] = set[1]!;
    expect([set.classes, set.length, label]).toEqual([['a', 'b'], 2, 1]);
    expect(image.double().mean().item()).toBeCloseTo(0.49844644651739145, 12);
  });

  test('save_image writes what read_image reads', () => {
    const image = transforms.functional.to_tensor(drawn());
    utils.save_image(image, join(folder, 'image.png'));
    const read = io.read_image(join(folder, 'image.png'));
    expect(torch.equal(read, transforms.functional.pil_to_tensor(drawn()))).toBe(true);
  });
});
