/** Two pictures as SVG files that need nothing beside them: a grid of images, and a confusion matrix. */
import { crc32, deflateSync } from 'node:zlib';

const font = 'font-family="Helvetica, Arial, sans-serif"';

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function svg(width: number, height: number, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
    `<rect width="100%" height="100%" fill="white"/>\n${parts.join('\n')}\n</svg>\n`
  );
}

/** Grey pixels as a PNG file. */
function png(pixels: Uint8Array, width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const result = Buffer.alloc(body.length + 8);
    result.writeUInt32BE(data.length, 0);
    body.copy(result, 4);
    result.writeUInt32BE(crc32(body), body.length + 4);
    return result;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits for each pixel; colour type 0, which follows, is grey
  // Each row begins with the number of a filter: none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface Prediction {
  /** Grey values, row by row. */
  pixels: Uint8Array;
  predicted: string;
  truth: string;
}

/** Images with what was predicted for them, in green where it is right and in red where not. */
export function image_grid_svg(
  predictions: readonly Prediction[],
  { size, columns }: { size: number; columns: number },
): string {
  const [cell, edge, line] = [160, 120, 16];
  const height = edge + 2 * line + 22;
  const parts = predictions.map(({ pixels, predicted, truth }, i) => {
    const x = (i % columns) * cell;
    const y = Math.floor(i / columns) * height + 8;
    const right = predicted === truth;
    const text = (content: string, row: number, colour: string): string =>
      `<text x="${x + cell / 2}" y="${y + edge + line * (row + 1)}" text-anchor="middle" font-size="13" ${font} ` +
      `fill="${colour}">${escape(content)}</text>`;
    return (
      `<image x="${x + (cell - edge) / 2}" y="${y}" width="${edge}" height="${edge}" ` +
      `style="image-rendering: pixelated" ` +
      `href="data:image/png;base64,${png(pixels, size, size).toString('base64')}"/>\n` +
      text(predicted, 0, right ? '#15803d' : '#b91c1c') +
      (right ? '' : `\n${text(`is: ${truth}`, 1, '#6b7280')}`)
    );
  });
  return svg(columns * cell, Math.ceil(predictions.length / columns) * height + 8, parts);
}

/** How often each class (rows) was taken for each (columns): the darker, the more. */
export function confusion_matrix_svg(
  labels: readonly number[],
  predictions: readonly number[],
  class_names: readonly string[],
): string {
  const [cell, left, top] = [56, 130, 100];
  const counts = class_names.map(() => class_names.map(() => 0));
  labels.forEach((label, i) => counts[label]![predictions[i]!]!++);

  const parts: string[] = [];
  const text = (x: number, y: number, content: string, attributes: string): void => {
    parts.push(`<text x="${x}" y="${y}" font-size="13" ${font} ${attributes}>${escape(content)}</text>`);
  };
  class_names.forEach((name, i) => {
    const middle = (i + 0.5) * cell + 5;
    text(left - 8, top + middle, name, 'text-anchor="end"');
    text(left + middle, top - 8, name, `transform="rotate(-45 ${left + middle} ${top - 8})"`);
  });
  counts.forEach((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0) || 1;
    row.forEach((count, predicted) => {
      const [x, y, share] = [left + predicted * cell, top + truth * cell, count / total];
      // From white to a dark blue.
      const colour = [255 - 247 * share, 255 - 207 * share, 255 - 148 * share].map(Math.round).join(', ');
      parts.push(`<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="rgb(${colour})" stroke="#e5e7eb"/>`);
      const shade = share > 0.5 ? 'white' : '#374151';
      if (count > 0) text(x + cell / 2, y + cell / 2 + 5, String(count), `text-anchor="middle" fill="${shade}"`);
    });
  });
  const side = class_names.length * cell;
  text(left + side / 2, top + side + 24, 'predicted', 'text-anchor="middle" font-weight="bold"');
  text(
    18,
    top + side / 2,
    'true',
    `text-anchor="middle" font-weight="bold" transform="rotate(-90 18 ${top + side / 2})"`,
  );
  return svg(left + side + 48, top + side + 40, parts);
}
