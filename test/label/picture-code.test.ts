/** Tickets out of pictures that somebody took of a harmed label. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { photograph, seeded } from "../../bench/photo.ts";
import type { Photo } from "../../bench/photo.ts";
import { burn } from "../../src/label/page.ts";
import { ticketsIn } from "../../src/label/picture-code.ts";
import { printedList } from "../../src/label/printed-list.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { qrCodesIn } from "./codes.ts";
import { FONTS, printable, ticketOf } from "./sample.ts";

/** A portable grey map, which the decoder takes as it takes PNG. */
function fileOf({ width, height, grey }: Photo): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, "latin1"), Buffer.from(grey)]);
}

const ticket = ticketOf(180);
const page = burn(printedList(printable({ ticket, size: "76x130" }), FONTS), 203, FONTS);

test("P11: a harmed label's ticket is read where one look at the picture reads none", async () => {
  const harms = ["crease", "low light", "small"] as const;
  const count = { pictures: 0, once: 0, rescued: 0 };
  for (const harm of harms)
    for (let seed = 1; seed <= 6; seed += 1) {
      const printer = { dotsPerMm: 8, random: seeded(seed) };
      const file = fileOf(photograph(page, harm, printer));
      count.pictures += 1;
      if ((await qrCodesIn(file)).includes(ticket)) count.once += 1;
      const found = await ticketsIn(file);
      for (const text of found) assert.equal(text, ticket);
      if (found.length > 0) count.rescued += 1;
    }
  assert.equal(count.pictures, 18);
  assert.ok(count.once < count.rescued, JSON.stringify(count));
  assert.ok(count.rescued >= 17, JSON.stringify(count));
});

test("P11: a picture without a code gives no ticket; what is no picture is refused", async () => {
  const bare = burn(printedList(printable(), FONTS), 203, FONTS);
  const printer = { dotsPerMm: 8, random: seeded(1) };
  assert.deepEqual(await ticketsIn(fileOf(photograph(bare, "print", printer))), []);
  await assert.rejects(ticketsIn(Buffer.from("no picture")), (error) =>
    isFailure(error, "PICTURE_UNREADABLE"),
  );
});
