/**
 * The regularised incomplete beta function and its inverse: the exact law behind counts of
 * successes. Pure arithmetic; good to about ten digits for counts up to ten million.
 */

/** Lanczos coefficients for g = 7, nine terms (Press et al., Numerical Recipes, section 6.1). */
const LANCZOS_G = 7;
const LANCZOS_FIRST = 0.99999999999980993;
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The fraction needs about the square root of the larger parameter; this is far above that. */
const FRACTION_STEPS_MAX = 20_000;
const FRACTION_EPSILON = 1e-15;
/** Stands in for a zero divisor in Lentz's method. */
const TINY = 1e-300;
/** A double has 53 bits between 0 and 1; more halvings change nothing. */
const BISECTIONS = 60;

/** Natural logarithm of the gamma function for `x` of at least 0.5. */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const sum = LANCZOS.reduce(
    (total, coefficient, at) => total + coefficient / (shifted + at + 1),
    LANCZOS_FIRST,
  );
  const t = shifted + LANCZOS_G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Keeps Lentz's method from dividing by zero. */
function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** The continued fraction of the incomplete beta function by Lentz's method (NR section 6.4). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= FRACTION_STEPS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < FRACTION_EPSILON) break;
  }
  return h;
}

/** I_x(a, b) for x in 0..1 and a, b of at least 1: the share of a Beta(a, b) law below x. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  // The fraction converges fast below the mean only; above it the mirrored one is used.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The x at which I_x(a, b) reaches `share` (0..1), by halving: slow, and never astray. */
export function betaQuantile(share: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
