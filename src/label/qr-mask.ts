/**
 * Which of the eight masks a QR code gets: ISO/IEC 18004, 7.8.3, has the encoder take the one with
 * the fewest penalty points. Counted here over 32 modules at once, because the encoder's own search
 * takes ten times as long as all the rest of encoding.
 */

/** A symbol at level M of exactly `version`, under mask `mask`; the text does not matter. */
export type Specimen = (version: number, mask: number) => Modules;
export type Modules = readonly (readonly boolean[])[];

const MASKS = 8;

/** ISO/IEC 18004, table 11: a run of five costs 3, and one more for each module beyond. */
const RUN_POINTS = 2;
const BLOCK_POINTS = 3;
const FINDER_POINTS = 40;
const BALANCE_POINTS = 10;

/** Light lines before and after, as far as a look for a finder reaches in 65 modules. */
const MARGIN = 40;

/**
 * A symbol as lines of bits, so that a run is looked for in 32 places at once, across the lines.
 */
interface Plane {
  readonly bits: Int32Array;
  readonly size: number;
  /** Words of 32 bits to the line. */
  readonly words: number;
}

function emptyPlane(size: number): Plane {
  const words = Math.ceil(size / 32);
  return { bits: new Int32Array((size + 2 * MARGIN) * words), size, words };
}

/** The rows as lines, and the columns as lines. */
type Planes = readonly [rows: Plane, columns: Plane];

function setBit({ bits, words }: Plane, line: number, place: number): void {
  const at = (MARGIN + line) * words + (place >> 5);
  bits[at] = (bits[at] ?? 0) | (1 << (place & 31));
}

function planesOf(modules: Modules): Planes {
  const [rows, columns] = [emptyPlane(modules.length), emptyPlane(modules.length)];
  modules.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (!isDark) return;
      setBit(rows, y, x);
      setBit(columns, x, y);
    }),
  );
  return [rows, columns];
}

/** How many bits of a word are set (Warren, Hacker's Delight, figure 5-2). */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Runs of five and more across the lines of one column of words. */
function runPoints({ bits, size, words }: Plane, word: number): number {
  const places = size - 32 * word;
  const inside = places >= 32 ? -1 : (1 << places) - 1;
  let [points, before] = [0, 0];
  for (let line = 0; line + 4 < size; line += 1) {
    const at = (MARGIN + line) * words + word;
    const [a = 0, b = 0, c = 0] = [bits[at], bits[at + words], bits[at + 2 * words]];
    const [d = 0, e = 0] = [bits[at + 3 * words], bits[at + 4 * words]];
    const five = ((a & b & c & d & e) | ~(a | b | c | d | e)) & inside;
    points += ones(five) + RUN_POINTS * ones(five & ~before);
    before = five;
  }
  return points;
}

/** Of the places `seen`, those that are dark, or are light, in all lines of the look. */
function keep(
  plane: Plane,
  seen: number,
  look: { readonly from: number; readonly to: number; readonly isDark: boolean },
): number {
  const { bits, words } = plane;
  let left = seen;
  const flip = look.isDark ? 0 : -1;
  for (let at = look.from; at < look.to && left !== 0; at += words) left &= (bits[at] ?? 0) ^ flip;
  return left;
}

/** Finders of `unit` modules that begin at word `at`: 1:1:3:1:1, four light on one side or both. */
function findersAt(plane: Plane, at: number, unit: number): number {
  const u = unit * plane.words;
  let seen = keep(plane, -1, { from: at, to: at + u, isDark: true });
  seen = keep(plane, seen, { from: at + u, to: at + 2 * u, isDark: false });
  seen = keep(plane, seen, { from: at + 2 * u, to: at + 5 * u, isDark: true });
  seen = keep(plane, seen, { from: at + 5 * u, to: at + 6 * u, isDark: false });
  seen = keep(plane, seen, { from: at + 6 * u, to: at + 7 * u, isDark: true });
  seen = keep(plane, seen, { from: at - u, to: at, isDark: false });
  seen = keep(plane, seen, { from: at + 7 * u, to: at + 8 * u, isDark: false });
  if (seen === 0) return 0;
  const before = keep(plane, seen, { from: at - 4 * u, to: at, isDark: false });
  const after = keep(plane, seen, { from: at + 7 * u, to: at + 11 * u, isDark: false });
  return ones(before) + ones(after);
}

/** Finders larger than a module are rare: they are looked for where six dark follow two light. */
function largeFindersAt(plane: Plane, at: number): number {
  const { size, words } = plane;
  let seen = keep(plane, -1, { from: at, to: at + 6 * words, isDark: true });
  seen = keep(plane, seen, { from: at - 2 * words, to: at, isDark: false });
  if (seen === 0) return 0;
  let found = 0;
  for (let unit = 2; unit * 7 <= size; unit += 1)
    found += findersAt(plane, at - 2 * unit * words, unit);
  return found;
}

function linePoints(plane: Plane): number {
  const { size, words } = plane;
  let finders = 0;
  for (let at = MARGIN * words; at < (MARGIN + size) * words; at += 1)
    finders += findersAt(plane, at, 1) + largeFindersAt(plane, at);
  let points = FINDER_POINTS * finders;
  for (let word = 0; word < words; word += 1) points += runPoints(plane, word);
  return points;
}

/** Blocks of two by two, all dark or all light; `word` names the column of words they begin in. */
function blockPoints({ bits, size, words }: Plane, word: number): number {
  const places = size - 1 - 32 * word;
  const inside = places >= 32 ? -1 : (1 << places) - 1;
  let blocks = 0;
  for (let line = 0; line + 1 < size; line += 1) {
    const at = (MARGIN + line) * words + word;
    const [above = 0, below = 0] = [bits[at], bits[at + words]];
    const isLast = word + 1 === words;
    const [nextAbove, nextBelow] = isLast ? [0, 0] : [bits[at + 1] ?? 0, bits[at + words + 1] ?? 0];
    const right = (above >>> 1) | (nextAbove << 31);
    const rightBelow = (below >>> 1) | (nextBelow << 31);
    const dark = above & below & right & rightBelow;
    blocks += ones((dark | ~(above | below | right | rightBelow)) & inside);
  }
  return BLOCK_POINTS * blocks;
}

/** Ten points for each whole 5 % that the dark modules are away from half. */
function balancePoints({ bits, size }: Plane): number {
  let dark = 0;
  for (const word of bits) dark += ones(word);
  const total = size * size;
  return BALANCE_POINTS * Math.max(0, Math.ceil(Math.abs(dark * 20 - total * 10) / total) - 1);
}

function pointsOf([rows, columns]: Planes): number {
  let points = linePoints(rows) + linePoints(columns) + balancePoints(rows);
  for (let word = 0; word < rows.words; word += 1) points += blockPoints(rows, word);
  return points;
}

/** The penalty points of a whole symbol. */
export function maskPoints(modules: Modules): number {
  return pointsOf(planesOf(modules));
}

/** What each mask turns over in a symbol under mask 0, format bits included, by version. */
const turned = new Map<number, Turned>();

type Turned = readonly { readonly modules: Modules; readonly planes: Planes }[];

/** The text takes no part: two symbols of one text differ only by their masks. */
function turnedBy(version: number, specimen: Specimen): Turned {
  const known = turned.get(version);
  if (known !== undefined) return known;
  const zero = specimen(version, 0);
  const made = Array.from({ length: MASKS }, (_, mask) => {
    const modules = specimen(version, mask).map((row, y) =>
      row.map((isDark, x) => isDark !== zero[y]?.[x]),
    );
    return { modules, planes: planesOf(modules) };
  });
  turned.set(version, made);
  return made;
}

function turnOver(into: Plane, from: Plane, turns: Plane): void {
  for (let at = 0; at < into.bits.length; at += 1)
    into.bits[at] = (from.bits[at] ?? 0) ^ (turns.bits[at] ?? 0);
}

/**
 * The symbol under the mask with the fewest points, the lowest of equals, given the symbol of
 * `version` under mask 0.
 */
export function bestMasked(zero: Modules, version: number, specimen: Specimen): Modules {
  const [rows, columns] = planesOf(zero);
  const tried: Planes = [emptyPlane(zero.length), emptyPlane(zero.length)];
  let best: { readonly points: number; readonly turns: Modules } = { points: Infinity, turns: [] };
  for (const { modules, planes } of turnedBy(version, specimen)) {
    turnOver(tried[0], rows, planes[0]);
    turnOver(tried[1], columns, planes[1]);
    const points = pointsOf(tried);
    if (points < best.points) best = { points, turns: modules };
  }
  return zero.map((row, y) => {
    const turns = best.turns[y];
    return row.map((isDark, x) => isDark !== turns?.[x]);
  });
}
