/** Characters that nobody sees: joiners, marks of direction, fillers. A name may hold them. */

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u;
const ALL_INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;

export interface SeenText {
  /** The text without what is invisible. */
  readonly text: string;
  /** For each UTF-16 unit of it, where it stands in the whole; empty when nothing is left out. */
  readonly places: readonly number[];
}

/** `text` as it is seen. Linear; never throws. */
export function withoutInvisible(text: string): SeenText {
  if (!INVISIBLE.test(text)) return { text, places: [] };
  const places: number[] = [];
  let from = 0;
  for (const match of text.matchAll(ALL_INVISIBLE)) {
    for (let at = from; at < match.index; at += 1) places.push(at);
    from = match.index + match[0].length;
  }
  for (let at = from; at < text.length; at += 1) places.push(at);
  return { text: text.replaceAll(ALL_INVISIBLE, ""), places };
}
