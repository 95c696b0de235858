/** Reads what a scorer prints: blocks that begin with `== name`, each with lines and tables. */

/** Cells of a printed table by row and column heading. */
export type Cells = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface Block {
  readonly name: string;
  readonly text: string;
  readonly cells: Cells;
}

const BLOCK = /^== ([\w-]+)/;
const COLUMN_GAP = / {2,}/;

/** The blocks of a report; what stands before the first heading is a block without a name. */
export function readReport(report: string): readonly Block[] {
  const blocks: { name: string; lines: string[] }[] = [{ name: "", lines: [] }];
  for (const line of report.split("\n")) {
    const heading = BLOCK.exec(line);
    if (heading !== null) blocks.push({ name: heading[1] ?? "", lines: [] });
    blocks.at(-1)?.lines.push(line);
  }
  return blocks.map(({ name, lines }) => ({
    name,
    text: lines.join("\n"),
    cells: readTables(lines),
  }));
}

/**
 * A row with fewer cells than the headings begins a new table, with its headings; one with more has
 * wide blanks inside its name. Headings that begin with blanks have none over the rows' names.
 */
function readTables(lines: readonly string[]): Cells {
  const cells = new Map<string, ReadonlyMap<string, string>>();
  let headings: readonly string[] = [];
  for (const line of lines) {
    const row = line.trim().split(COLUMN_GAP);
    if (headings.length === 0 && line.startsWith("  ")) row.unshift("");
    if (row.length < 2) continue;
    if (headings.length === 0 || row.length < headings.length) headings = row;
    else addRow(cells, headings, row);
  }
  return cells;
}

function addRow(
  cells: Map<string, ReadonlyMap<string, string>>,
  headings: readonly string[],
  row: readonly string[],
): void {
  const extra = row.length - headings.length;
  const name = row.slice(0, extra + 1).join(" ");
  cells.set(name, new Map(headings.map((head, at) => [head, row[at + extra] ?? ""])));
}

/** The number of a cell such as `99.41%`; null for `n/a` and for what is not there. */
export function numberIn(text: string | undefined): number | null {
  const found = /^-?\d+(?:\.\d+)?/.exec(text?.trim() ?? "");
  return found === null ? null : Number(found[0]);
}
