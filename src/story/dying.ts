/** The data dies on its day: keys are destroyed, the reveal fails, a certificate is printed. */
import { playedActor } from "../access/actor.ts";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { certificatePdf } from "../oversight/certificate-pdf.ts";
import { issueCertificate } from "../oversight/certificate.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import { isFailure } from "../rules/failure.ts";
import { assign } from "../vault/assign.ts";
import { reveal } from "../vault/reveal.ts";
import { shred } from "../vault/shred.ts";
import type { ShreddedCompartment } from "../vault/shred.ts";
import type { Vault } from "../vault/vault.ts";
import { ACCOUNTS } from "./cast.ts";
import type { DeathFact } from "./facts.ts";
import { staffOf } from "./outlet.ts";
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
  return tryRevealIn(carrier.vault, { carrier, parcel, account });
}

/**
 * Headquarters, which sealed it, puts the parcel on the route of the courier's outlet for today and
 * tomorrow, while it lives.
 */
async function putOnRoute(
  vault: Vault,
  asked: {
    readonly carrier: CarrierStage;
    readonly parcel: Parcel;
    readonly account: string;
    readonly token: string;
  },
): Promise<void> {
  const branch = asked.carrier.outlets[asked.parcel.outlet]?.id ?? "";
  const actor = await playedActor(vault, ACCOUNTS.headquarters);
  const today = dayOf(vault.now(), vault.timeZone);
  try {
    for (const on of [today, addDays(today, 1)]) {
      await assign(vault, { token: asked.token, branch, to: asked.account, on, actor });
    }
  } catch (error) {
    if (!isFailure(error, "DATA_DEAD")) throw error;
  }
}

async function tryRevealIn(
  vault: Vault,
  asked: { readonly carrier: CarrierStage; readonly parcel: Parcel; readonly account: string },
): Promise<string> {
  const token = asked.carrier.tokens.get(asked.parcel.order.waybillNumber) ?? "";
  await putOnRoute(vault, { ...asked, token });
  const outlet = asked.carrier.outlets[asked.parcel.outlet]?.id ?? "";
  const courier = await staffOf(asked.carrier, outlet, { name: asked.account, role: "courier" });
  const actor = { ...courier, device: `${asked.account}-phone` };
  const request = { token, fields: "phone", purpose: "contact", actor, reason: null };
  try {
    await reveal(vault, request);
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
  const actor = await playedActor(vault, ACCOUNTS.headquarters);
  const certificate = await issueCertificate(vault, compartment.serial, actor);
  await stage.records.leaf(certificate.entry);
  const { fonts, clock, dir } = stage;
  const pdf = await certificatePdf(certificate, { fonts, createdAt: clock.now() });
  await writeFile(path.join(dir, name), pdf, { mode: FILE_MODE });
  stage.records.file(name, { zh: "销毁证明", en: "Certificate of destruction" }, pdf);
  return name;
}

interface Doomed {
  readonly carrier: CarrierStage;
  readonly parcel: Parcel;
  readonly account: string;
  /** What a reveal ended in on the day before the day of death. */
  readonly before: string;
}

const DAY_MS = 86_400_000;

async function doomedOf(
  stage: Stage,
  carrier: CarrierStage,
  opener: (carrier: CarrierStage) => string,
): Promise<Doomed> {
  const [parcel] = dyingParcels(stage, carrier);
  if (parcel === undefined) throw new RangeError("something is due in every story");
  const asked = { carrier, parcel, account: opener(carrier) };
  // On the day of death nothing opens any more, so the reveal that opens is the day before's.
  const yesterday = (): Date => new Date(stage.clock.now().getTime() - DAY_MS);
  const before = await tryRevealIn({ ...carrier.vault, now: yesterday }, asked);
  return { ...asked, before };
}

async function deathOf(
  stage: Stage,
  doomed: Doomed,
  of: { readonly compartment: ShreddedCompartment; readonly serial: number },
): Promise<DeathFact> {
  const { carrier, parcel, account, before } = doomed;
  const { serial, dayOfDeath, waybills, entry } = of.compartment;
  return {
    carrier: carrier.cast.name,
    compartment: serial,
    dayOfDeath,
    waybills,
    revealBefore: before,
    revealAfter: await tryReveal(carrier, parcel, account),
    certificate: await printCertificate(stage, carrier, of),
    ref: await stage.records.leaf(entry ?? ""),
  };
}

/**
 * Shreds what is due of every carrier, in one run. `opener` is an account with valid training, so
 * that the same reveal opens before and fails after for no other reason than that the data is dead.
 */
export async function letDie(
  stage: Stage,
  opener: (carrier: CarrierStage) => string,
): Promise<DeathFact[]> {
  const doomed = new Map<string, Doomed>();
  for (const carrier of stage.carriers) {
    doomed.set(carrier.vault.tenant.id, await doomedOf(stage, carrier, opener));
  }
  const [first] = stage.carriers;
  if (first === undefined) throw new RangeError("a story has carriers");
  const { today } = stage.clock;
  const report = await shred(first.vault, { on: today, dryRun: false, sharePercentMax: null });
  const deaths: DeathFact[] = [];
  for (const compartment of report.compartments) {
    const one = doomed.get(compartment.tenant);
    if (one === undefined) continue;
    deaths.push(await deathOf(stage, one, { compartment, serial: deaths.length + 1 }));
  }
  return deaths;
}
