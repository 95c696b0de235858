/** `npm run bench -- mask`: what hiding costs, in microseconds for each text of a kind. */
import { parseArgs } from "node:util";
import { openGazetteer } from "../src/main.ts";
import { maskAddress } from "../src/privacy/address.ts";
import { maskText } from "../src/privacy/free-text.ts";
import { maskLine } from "../src/privacy/line.ts";
import { profileOf } from "../src/privacy/mask-profile.ts";
import { maskName } from "../src/privacy/name.ts";
import { maskParty } from "../src/privacy/party.ts";
import { maskPhone } from "../src/privacy/phone.ts";
import { parseParty } from "../src/privacy/plain.ts";
import { machineLines, median } from "./machine.ts";
import { orderCells } from "./order-file.ts";
import type { OrderCells } from "./order-file.ts";

const ROWS = 20_000;
const ROWS_MAX = 1_000_000;
const ROUNDS = 3;

const AT = { name: 4, phone: 5, division: 6, address: 9, remark: 14 };

/** The whole address, as the order reader joins it. */
function addressIn(cells: OrderCells): string {
  return cells.slice(AT.division, AT.address + 1).join("");
}

function lineIn(cells: OrderCells): string {
  return `${cells[AT.name] ?? ""} ${cells[AT.phone] ?? ""} ${addressIn(cells)}`;
}

function kinds() {
  const profile = profileOf("gb41833");
  const gazetteer = openGazetteer();
  const party = (cells: OrderCells): number => {
    const raw = {
      name: cells[AT.name] ?? "",
      phone: cells[AT.phone] ?? "",
      address: addressIn(cells),
    };
    const parsed = parseParty(raw);
    if (!parsed.ok) throw new RangeError("orders of the bench are whole");
    return maskParty(parsed.party, profile, gazetteer).address.length;
  };
  return {
    name: (cells: OrderCells) => maskName(cells[AT.name] ?? "", profile).masked.length,
    phone: (cells: OrderCells) => maskPhone(cells[AT.phone] ?? "", profile).length,
    address: (cells: OrderCells) => maskAddress(addressIn(cells), profile, gazetteer).masked.length,
    party,
    line: (cells: OrderCells) => maskLine(lineIn(cells), profile, gazetteer).masked.length,
    text: (cells: OrderCells) => maskText(lineIn(cells), profile, gazetteer).masked.length,
  };
}

/** Microseconds for each row. The lengths are added up so that no work can be left out. */
function measure(rows: readonly OrderCells[], work: (cells: OrderCells) => number): number {
  let characters = 0;
  const began = performance.now();
  for (const cells of rows) characters += work(cells);
  const micros = ((performance.now() - began) * 1000) / rows.length;
  if (characters === 0) throw new RangeError("nothing was masked");
  return micros;
}

/** Prints the median of three rounds after one that is not counted. */
export async function benchMasks(words: readonly string[], stop: AbortSignal): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { rows: { type: "string" } } });
  const count = Math.min(Number(values.rows ?? ROWS), ROWS_MAX);
  const rows = [...orderCells({ rows: count, seed: 7 })];
  for (const line of machineLines()) console.log(line);
  for (const [kind, work] of Object.entries(kinds())) {
    measure(rows, work);
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      stop.throwIfAborted();
      rounds.push(measure(rows, work));
    }
    console.log(`${kind.padEnd(8)} ${median(rounds).toFixed(1).padStart(7)} µs`);
  }
}
