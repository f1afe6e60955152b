/**
 * Drawn pictures of pizza, steak and sushi, for when the photographs are not there: `train` and `test` folders with a
 * folder for each class.
 *
 *     node build/examples/course/drawn_food.js DIR
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { range } from 'tstorch/python';
import { Random } from 'tstorch/python/random';
import { Image } from 'tstorch/torchvision';

type Colour = readonly [number, number, number];

/** The colour of a point, whose coordinates go from -1 to 1 across the plate. */
type Painter = (x: number, y: number) => Colour | null;

function pizza(random: Random): Painter {
  const slices = Array.from(range(9), () => [random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)] as const);
  return (x, y) => {
    if (slices.some(([a, b]) => (x - a) ** 2 + (y - b) ** 2 < 0.02)) return [190, 40, 30];
    const r = x * x + y * y;
    return r < 0.65 ? [240, 200, 90] : r < 0.85 ? [190, 130, 60] : null;
  };
}

function steak(random: Random): Painter {
  const tilt = random.uniform(-0.6, 0.6);
  return (x, y) => {
    const r = (x + tilt * y) ** 2 / 0.7 + y * y / 0.35;
    if (r > 1) return null;
    return Math.abs(((x + y) * 4) % 1) < 0.2 ? [70, 35, 20] : r > 0.8 ? [225, 190, 160] : [130, 60, 40];
  };
}

function sushi(random: Random): Painter {
  const shift = random.uniform(-0.3, 0.3);
  return (x, y) => {
    for (const middle of [-0.5, 0, 0.5]) {
      const r = (x - middle) ** 2 + (y - shift * middle) ** 2;
      if (r < 0.012) return [250, 120, 70];
      if (r < 0.04) return [245, 245, 240];
      if (r < 0.058) return [20, 50, 30];
    }
    return null;
  };
}

function draw(painter: Painter, random: Random): Image {
  const [width, height] = [random.randint(72, 112), random.randint(72, 112)];
  const [cx, cy, scale] = [random.uniform(-0.2, 0.2), random.uniform(-0.2, 0.2), random.uniform(0.9, 1.4)];
  const table: Colour = [random.randint(90, 210), random.randint(90, 210), random.randint(90, 210)];
  const light = random.uniform(0.7, 1.1);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = painter(((2 * x) / width - 1 + cx) * scale, ((2 * y) / height - 1 + cy) * scale) ?? table;
      for (const value of colour) data[at++] = Math.max(0, Math.min(255, Math.round(value * light + random.uniform(-12, 12))));
    }
  }
  return new Image('RGB', width, height, data);
}

const painters = { pizza, steak, sushi };

/** Draws the pictures, unless they are there. */
export function draw_food(folder: string, { train = 75, test = 25 }: { train?: number; test?: number } = {}): void {
  if (existsSync(join(folder, 'test', 'sushi'))) return;
  const random = new Random(42);
  for (const [split, count] of Object.entries({ train, test })) {
    for (const [name, painter] of Object.entries(painters)) {
      mkdirSync(join(folder, split, name), { recursive: true });
      for (const i of range(count)) draw(painter(random), random).save(join(folder, split, name, `${String(i).padStart(3, '0')}.jpg`));
    }
  }
}

if (process.argv[1]?.endsWith('drawn_food.js') && process.argv[2] !== undefined) draw_food(process.argv[2]);
