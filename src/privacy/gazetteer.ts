/** Which province, city, county and town an address lies in. */

import { foldAddress } from "./address-fold.ts";
import { readChain, type DivisionChain } from "./gazetteer-chain.ts";
import { indexDivisions, type DivisionIndex } from "./gazetteer-index.ts";

/** The table of divisions, indexed; build it once and pass it to every masker. */
export type Gazetteer = DivisionIndex;

export interface ResolvedDivision {
  /** Six digits of a county, or four or two when no finer division is certain (GB/T 2260). */
  readonly code: string;
  /** Official names; "" for what is not known. */
  readonly prov: string;
  readonly city: string;
  readonly district: string;
  readonly town: string;
  /** First unit of the address after its divisions. */
  readonly end: number;
}

const ADDRESS_HEAD_MAX_CHARS = 300;

/**
 * Builds the gazetteer from the text of assets/divisions/divisions.tsv (code, level and name
 * between tabs, one division a line). Lines of another shape are skipped; takes about 30 ms.
 */
export function buildGazetteer(tsv: string): Gazetteer {
  return indexDivisions(tsv);
}

/**
 * Resolves the divisions at the beginning of `text`, or at the first place where a chain of two or
 * more begins. Null when no division is certain; the caller keeps the region empty. Never throws.
 */
export function resolveDivision(text: string, gazetteer: Gazetteer): ResolvedDivision | null {
  const folded = foldAddress(text.slice(0, ADDRESS_HEAD_MAX_CHARS));
  const chain = firstChain(folded, gazetteer);
  return chain === null ? null : nameParts(chain, gazetteer);
}

function firstChain(folded: string, gazetteer: Gazetteer): DivisionChain | null {
  const atStart = readChain(folded, 0, gazetteer);
  if (atStart.code !== "") return atStart;
  for (let at = 1; at < folded.length; at += 1) {
    if (!gazetteer.lengths.has(folded.charCodeAt(at))) continue;
    const chain = readChain(folded, at, gazetteer);
    if (chain.code !== "" && chain.parts.length > 1) return chain;
  }
  return null;
}

function nameParts(chain: DivisionChain, gazetteer: Gazetteer): ResolvedDivision {
  const code = onlyCounty(chain.code, gazetteer);
  const nameOf = (digits: number): string =>
    code.length < digits ? "" : (gazetteer.byCode.get(code.slice(0, digits))?.name ?? "");
  return {
    code,
    prov: nameOf(2),
    city: nameOf(4),
    district: nameOf(6),
    town: chain.town,
    end: chain.end,
  };
}

/** A city without counties, such as 东莞, is its own county. */
function onlyCounty(code: string, gazetteer: Gazetteer): string {
  const counties = code.length === 4 ? gazetteer.countiesOf(code) : [];
  return counties.length === 1 ? (counties[0] ?? code) : code;
}
