// Draws media/icon.png: a lens over a line of code, with a tick in it.
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 256;
const INK = [238, 242, 247];
const GROUND = [28, 58, 94];
const TICK = [120, 214, 156];

/** How far a point is from the segment between two others. */
function toSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function colourAt(x, y) {
  const point = [x, y];
  const corner = Math.hypot(
    Math.max(0, Math.abs(x - 128) - 88),
    Math.max(0, Math.abs(y - 128) - 88),
  );
  if (corner > 36) {
    return [0, 0, 0, 0];
  }
  const tick = Math.min(
    toSegment(point, [84, 112], [106, 136]),
    toSegment(point, [106, 136], [148, 84]),
  );
  const lens = Math.abs(Math.hypot(x - 114, y - 110) - 66);
  const handle = toSegment(point, [166, 162], [206, 204]);
  if (tick < 10) {
    return [...TICK, 255];
  }
  return [...(lens < 9 || handle < 12 ? INK : GROUND), 255];
}

/** The mean of sixteen points of a pixel, so that edges are smooth. */
function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let part = 0; part < 16; part++) {
    const colour = colourAt(
      column + ((part % 4) + 0.5) / 4,
      row + (Math.floor(part / 4) + 0.5) / 4,
    );
    colour.forEach((value, index) => {
      sum[index] += index < 3 ? (value * colour[3]) / 255 : value;
    });
  }
  const opacity = sum[3] / 255;
  return [...sum.slice(0, 3).map((value) => (opacity ? value / opacity : 0)), sum[3] / 16];
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const rows = Array.from({ length: SIZE }, (_, row) =>
  Buffer.from([0, ...Array.from({ length: SIZE }, (__, column) => pixel(column, row)).flat()]),
);
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8);
writeFileSync(
  new URL('../media/icon.png', import.meta.url),
  Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]),
);
