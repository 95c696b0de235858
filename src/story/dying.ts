/** The data dies on its day: keys are destroyed, the reveal fails, a certificate is printed. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { certificatePdf } from "../oversight/certificate-pdf.ts";
import { issueCertificate } from "../oversight/certificate.ts";
import { isFailure } from "../rules/failure.ts";
import { reveal } from "../vault/reveal.ts";
import { shred } from "../vault/shred.ts";
import type { ShreddedCompartment } from "../vault/shred.ts";
import { ACCOUNTS } from "./cast.ts";
import type { DeathFact } from "./facts.ts";
import type { CarrierStage, Parcel, Stage } from "./stage.ts";

const FILE_MODE = 0o600;

/** Parcels that are sealed early enough to die on the last day: the first of every outlet. */
export function dyingParcels(stage: Stage, carrier: CarrierStage): Parcel[] {
  const { perOutlet, dyingPerOutlet } = stage.sizes;
  return carrier.parcels.filter((_, at) => at % perOutlet < dyingPerOutlet);
}

export function lastingParcels(stage: Stage, carrier: CarrierStage): Parcel[] {
  const { perOutlet, dyingPerOutlet } = stage.sizes;
  return carrier.parcels.filter((_, at) => at % perOutlet >= dyingPerOutlet);
}

/** What a reveal of the phone by `account` ends in: OPENED, or the code of its failure. */
export async function tryReveal(
  carrier: CarrierStage,
  parcel: Parcel,
  account: string,
): Promise<string> {
  const token = carrier.tokens.get(parcel.order.waybillNumber) ?? "";
  const request = { token, fields: "phone", purpose: "deliver", account, reason: null };
  try {
    await reveal(carrier.vault, request);
    return "OPENED";
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
}

/** `certificate.pdf` for the first carrier, `certificate-2.pdf` and so on for the others. */
async function printCertificate(
  stage: Stage,
  carrier: CarrierStage,
  of: { readonly compartment: ShreddedCompartment; readonly serial: number },
): Promise<string> {
  const { compartment, serial } = of;
  const name = serial === 1 ? "certificate.pdf" : `certificate-${serial}.pdf`;
  const { vault } = carrier;
  const certificate = await issueCertificate(vault, compartment.serial, ACCOUNTS.headquarters);
  await stage.records.leaf(certificate.entry);
  const { fonts, clock, dir } = stage;
  const pdf = await certificatePdf(certificate, { fonts, createdAt: clock.now() });
  await writeFile(path.join(dir, name), pdf, { mode: FILE_MODE });
  stage.records.file(name, { zh: "销毁证明", en: "Certificate of destruction" }, pdf);
  return name;
}

/**
 * Shreds what is due of every carrier. `opener` is an account with valid training, so that the same
 * reveal opens before and fails after for no other reason than that the data is dead.
 */
export async function letDie(
  stage: Stage,
  opener: (carrier: CarrierStage) => string,
): Promise<DeathFact[]> {
  const deaths: DeathFact[] = [];
  for (const carrier of stage.carriers) {
    const [parcel] = dyingParcels(stage, carrier);
    if (parcel === undefined) throw new RangeError("something is due in every story");
    const account = opener(carrier);
    const revealBefore = await tryReveal(carrier, parcel, account);
    const { today } = stage.clock;
    const report = await shred(carrier.vault, { on: today, dryRun: false, sharePercentMax: null });
    const revealAfter = await tryReveal(carrier, parcel, account);
    for (const compartment of report.compartments) {
      const { serial, dayOfDeath, waybills, entry } = compartment;
      const of = { compartment, serial: deaths.length + 1 };
      const certificate = await printCertificate(stage, carrier, of);
      deaths.push({
        carrier: carrier.cast.name,
        compartment: serial,
        dayOfDeath,
        waybills,
        revealBefore,
        revealAfter,
        certificate,
        ref: await stage.records.leaf(entry ?? ""),
      });
    }
  }
  return deaths;
}
