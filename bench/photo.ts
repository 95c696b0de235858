/**
 * A printed label as a phone sees it, made worse in the ways that labels get worse: seeded, so that
 * a run can be repeated. A synthetic photograph is kinder than a real one: no curved bags, no tape.
 */
import type { Bitmap } from "../src/label/bitmap.ts";

export interface Photo {
  readonly width: number;
  readonly height: number;
  /** A byte a point, 255 is white. */
  readonly grey: Uint8ClampedArray;
}

export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
}

function photoOf(width: number, height: number): Photo {
  return { width, height, grey: new Uint8ClampedArray(width * height).fill(255) };
}

/** The dots with a white margin around them, as a picture of one point a dot. */
function paper(page: Bitmap, margin: number): Photo {
  const photo = photoOf(page.widthDots + 2 * margin, page.heightDots + 2 * margin);
  for (let y = 0; y < page.heightDots; y += 1)
    for (let x = 0; x < page.widthDots; x += 1)
      if (((page.bits[y * page.rowBytes + (x >> 3)] ?? 0) << (x & 7)) & 128)
        photo.grey[(y + margin) * photo.width + x + margin] = 0;
  return photo;
}

function at(photo: Photo, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= photo.width || y >= photo.height) return 255;
  return photo.grey[y * photo.width + x] ?? 255;
}

/** Bilinear, as a lens with a sensor behind it roughly does. */
function sample(photo: Photo, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const upper = at(photo, left, top) * (1 - fx) + at(photo, left + 1, top) * fx;
  const lower = at(photo, left, top + 1) * (1 - fx) + at(photo, left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

type Move = (x: number, y: number) => readonly [number, number];

function moved(photo: Photo, size: { width: number; height: number }, from: Move): Photo {
  const { width, height } = size;
  const out = photoOf(width, height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) out.grey[y * width + x] = sample(photo, ...from(x, y));
  return out;
}

export function scaled(photo: Photo, factor: number): Photo {
  const size = {
    width: Math.round(photo.width * factor),
    height: Math.round(photo.height * factor),
  };
  return moved(photo, size, (x, y) => [(x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5]);
}

export function rotated(photo: Photo, degrees: number): Photo {
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const side = Math.ceil(Math.hypot(photo.width, photo.height));
  const [midX, midY] = [photo.width / 2, photo.height / 2];
  return moved(photo, { width: side, height: side }, (x, y) => {
    const [dx, dy] = [x - side / 2, y - side / 2];
    return [midX + dx * cos + dy * sin, midY - dx * sin + dy * cos];
  });
}

/** Gaussian, one direction after the other. */
export function blurred(photo: Photo, sigma: number): Photo {
  const reach = Math.ceil(sigma * 3);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, index) =>
    Math.exp(-((index - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const pass = (source: Photo, isAcross: boolean): Photo => {
    const out = photoOf(source.width, source.height);
    for (let y = 0; y < source.height; y += 1)
      for (let x = 0; x < source.width; x += 1) {
        let value = 0;
        for (let index = 0; index < weights.length; index += 1) {
          const step = index - reach;
          value +=
            (weights[index] ?? 0) * (isAcross ? at(source, x + step, y) : at(source, x, y + step));
        }
        out.grey[y * source.width + x] = value / sum;
      }
    return out;
  };
  return pass(pass(photo, true), false);
}

/** Stretches what is there over black to white, leaving a percent at either end out. */
export function normalised(photo: Photo): Photo {
  const sorted = photo.grey.toSorted();
  const low = sorted[Math.floor(sorted.length * 0.01)] ?? 0;
  const high = sorted[Math.floor(sorted.length * 0.99)] ?? 255;
  const span = Math.max(1, high - low);
  return { ...photo, grey: photo.grey.map((value) => ((value - low) * 255) / span) };
}

export function sharpened(photo: Photo, sigma: number): Photo {
  const soft = blurred(photo, sigma).grey;
  return { ...photo, grey: photo.grey.map((value, index) => 3 * value - 2 * (soft[index] ?? 0)) };
}

/** What a thermal head makes of dots: they bleed, some fail, one element in two hundred is dead. */
function thermal(photo: Photo, random: Random): Photo {
  const dead = new Set(
    Array.from({ length: photo.width }, (_, x) => x).filter(() => random() < 0.005),
  );
  const grey = photo.grey.map((value, index) => {
    const isBurnt = value === 0 && !dead.has(index % photo.width) && random() > 0.01;
    return isBurnt ? 25 + random() * 30 : 235 + random() * 20;
  });
  return blurred({ ...photo, grey }, 0.45);
}

/** Folds across the label: a bright or dark ridge, and the paper behind it shifted. */
function creased(photo: Photo, random: Random): Photo {
  const folds = Array.from({ length: 3 }, () => ({
    angle: random() * Math.PI,
    place: (0.2 + 0.6 * random()) * photo.height,
    shift: 1 + random() * 2.5,
    shade: random() < 0.5 ? -70 : 90,
  }));
  const distances = (x: number, y: number): number[] =>
    folds.map(
      ({ angle, place }) => (x - photo.width / 2) * Math.sin(angle) + (y - place) * Math.cos(angle),
    );
  const out = moved(photo, photo, (x, y) => {
    let [fromX, fromY] = [x, y];
    distances(x, y).forEach((distance, index) => {
      const fade = Math.exp(-Math.abs(distance) / 12) * (folds[index]?.shift ?? 0);
      fromX += fade * Math.sin(folds[index]?.angle ?? 0);
      fromY += fade * Math.cos(folds[index]?.angle ?? 0);
    });
    return [fromX, fromY];
  });
  const grey = out.grey.map((value, index) => {
    const [x, y] = [index % photo.width, Math.floor(index / photo.width)];
    const ridges = distances(x, y).map(
      (distance, fold) => Math.exp(-((distance / 3) ** 2)) * (folds[fold]?.shade ?? 0),
    );
    return ridges.reduce((shade, ridge) => shade + ridge, value);
  });
  return { ...out, grey };
}

function dimmed(photo: Photo, random: Random): Photo {
  return { ...photo, grey: photo.grey.map((value) => 30 + value * 0.22 + normal(random) * 9) };
}

/** Points a millimetre: a phone of 12 megapixels that sees a label of 76 mm from 30 cm. */
const PHOTO_POINTS_PER_MM = 11.2;
const SMALL_POINTS_PER_MM = 5.7;

export type Harm = (photo: Photo, random: Random) => Photo;

interface HarmRow {
  readonly pointsPerMm: number;
  readonly harm: Harm;
}

function harmed(harm: Harm, pointsPerMm = PHOTO_POINTS_PER_MM): HarmRow {
  return { pointsPerMm, harm };
}

/** What is done to a photograph; the strengths are those at which plain reading begins to fail. */
export const HARMS = {
  print: harmed((photo) => photo),
  blur: harmed((photo) => blurred(photo, 2.6)),
  crease: harmed(creased),
  "low light": harmed(dimmed),
  rotated: harmed((photo, random) => rotated(photo, 15 + 15 * random())),
  small: harmed((photo) => photo, SMALL_POINTS_PER_MM),
} as const satisfies Readonly<Record<string, HarmRow>>;

/** A printed page, photographed and harmed. */
export function photograph(
  page: Bitmap,
  name: keyof typeof HARMS,
  printer: { readonly dotsPerMm: number; readonly random: Random },
): Photo {
  const { pointsPerMm, harm } = HARMS[name];
  const printed = thermal(paper(page, 40), printer.random);
  return harm(scaled(printed, pointsPerMm / printer.dotsPerMm), printer.random);
}
