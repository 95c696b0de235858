/** The certificate of destruction from a real key store's tombstone and the log. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeEntry } from "../../src/access/entry.ts";
import { openFonts } from "../../src/main.ts";
import { serialText } from "../../src/keystore/compartment-record.ts";
import { destroyedLeafId } from "../../src/keystore/tombstone.ts";
import { certificatePdf } from "../../src/oversight/certificate-pdf.ts";
import { certificateOf, issueCertificate } from "../../src/oversight/certificate.ts";
import type { Office } from "../../src/oversight/office.ts";
import { countLeaves } from "../../src/store/audit-leaf.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { day, failure, withOffice } from "./fresh-office.ts";
import { signedIn } from "../support/actor.ts";

const BEGIN = "2026-03-02T02:00:00.000Z";

const DEATH = day("2026-03-01");
/** Makes a compartment, destroys its key, and lets the log tell of it as shredding does. */
async function destroyed(office: Office): Promise<string> {
  const { keys, tenant } = office;
  const { record } = await keys.lease({
    tenant: tenant.id,
    dayOfDeath: DEATH,
    suite: 1,
  });
  const compartment = serialText(record.serial);
  const tombstone = await keys.destroy(record.serial, office.now());
  await transaction(office.database, async (connection) =>
    writeEntry(office, connection, {
      type: "compartment-destroyed",
      actor: "system",
      id: destroyedLeafId(tombstone),
      compartment,
      dayOfDeath: DEATH,
      count: 0,
    }),
  );
  return compartment;
}

test("P7: what was not destroyed is not certified", async (context) => {
  await withOffice(context, async (office) => {
    for (const compartment of [serialText(1), "not a serial", ""]) {
      await assert.rejects(certificateOf(office, compartment), failure("CERTIFICATE_ABSENT"));
    }
  });
});

test("P9: the certificate says when each part was gone, and its bound", async (context) => {
  await withOffice(
    context,
    async (office, clock) => {
      const compartment = await destroyed(office);
      const living = await certificateOf(office, compartment);
      assert.equal(living.partiesGoneAt, "2026-03-02 10:00");
      assert.equal(living.indexGoneAt, null);
      assert.deepEqual(living.bound, { filesDueOn: "2026-03-09", foldersOpen: true, listed: 0 });
      clock.now = new Date("2026-03-04T02:00:00.000Z");
      await transaction(office.database, async (connection) =>
        writeEntry(office, connection, {
          type: "index-destroyed",
          actor: "system",
          week: living.indexWeek,
        }),
      );
      const issued = await issueCertificate(office, compartment, signedIn("officer"));
      assert.equal(issued.indexWeek, "2026-02-23");
      assert.equal(issued.indexGoneAt, "2026-03-04 10:00");
      assert.notEqual(issued.entries.index, null);
      const leaves = await connected(office.database, countLeaves);
      assert.equal(leaves.get("document-issued"), 1);
      const options = { fonts: openFonts(), createdAt: new Date(0) };
      const pdf = Buffer.from(await certificatePdf(issued, options)).toString("latin1");
      assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1);
    },
    BEGIN,
  );
});
