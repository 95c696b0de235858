/** The templates of the installation, each read when it is first asked for. */
import { readFileSync } from "node:fs";
import type { LabelSize } from "./label-size.ts";
import { parseTemplate } from "./template-file.ts";
import type { LabelTemplate } from "./template.ts";

const read = new Map<LabelSize, LabelTemplate>();

/** The template for a paper. Fails only where the installation is broken. */
export function templateOf(size: LabelSize): LabelTemplate {
  const known = read.get(size);
  if (known !== undefined) return known;
  const place = new URL(`../../assets/templates/${size}.json`, import.meta.url);
  const template = parseTemplate(readFileSync(place, "utf8"));
  read.set(size, template);
  return template;
}

/** How a statement names the layout of a label (P14). */
export function layoutName(size: LabelSize): string {
  const { name, revision } = templateOf(size);
  return `${name}/${revision}`;
}
