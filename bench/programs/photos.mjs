/** Writes JPEG files like photographs, 500 x 375, of three classes, into a folder, the argument. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Image } from 'tstorch/torchvision';

const [WIDTH, HEIGHT, COUNT] = [500, 375, 2000];
const CLASSES = ['pizza', 'steak', 'sushi'];

/** Numbers from 0 to 1, the same each time. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Soft colours, things with edges in front of them, and the noise of a sensor. */
function photograph(seed) {
  const next = numbers(seed);
  const waves = Array.from({ length: 9 }, (_, i) => [next() / 40, next() / 40, next() * 6, 10 + next() * 30, i % 3]);
  const discs = Array.from({ length: 12 }, () => ({
    x: next() * WIDTH,
    y: next() * HEIGHT,
    size: (10 + next() * 80) ** 2,
    colour: [next(), next(), next()].map((part) => part * 120 - 60),
  }));
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      const colour = [128, 118, 108];
      for (const [across, down, start, strength, c] of waves) {
        colour[c] += strength * Math.sin(across * x + down * y + start);
      }
      for (const disc of discs) {
        if ((x - disc.x) ** 2 + (y - disc.y) ** 2 < disc.size) disc.colour.forEach((part, c) => (colour[c] += part));
      }
      const grain = (next() + next() + next() - 1.5) * 14;
      for (let c = 0; c < 3; c++) data[at + c] = Math.min(Math.max(colour[c] + grain, 0), 255);
    }
  }
  return new Image('RGB', WIDTH, HEIGHT, data);
}

const root = process.argv[2];
for (const name of CLASSES) mkdirSync(join(root, name), { recursive: true });
for (let i = 0; i < COUNT; i++) {
  const path = join(root, CLASSES[i % CLASSES.length], `${String(i).padStart(4, '0')}.jpg`);
  photograph(i + 1).save(path, 'JPEG', { quality: [75, 85, 90][i % 3] });
}
