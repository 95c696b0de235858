/**
 * Exports as jobs (导出): asked for, made beside the requests, and to be downloaded for a day by who
 * asked for it and nobody else. That it was made is an entry (`bundle-made`, `export-made`), and so
 * is the download (`export`, src/vault/export-take.ts), durable before a byte leaves (P11).
 */
import { randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { startOfDay } from "../rules/calendar.ts";
import { errorKind } from "../rules/error-kind.ts";
import { Failure, isFailure, isOfStorage } from "../rules/failure.ts";
import type { InspectionFacts } from "../rules/inspection.ts";
import { beatExport, insertExport, setExportFailed, setExportReady } from "../store/export.ts";
import type { ExportRow } from "../store/export.ts";
import { connected, transaction } from "../store/pool.ts";
import { ordered } from "./export-asked.ts";
import type { ExportAsked, ExportOrder } from "./export-asked.ts";
import { EXPORTS_MAX, keptSince, seen } from "./export-own.ts";
import type { SeenExport } from "./export-own.ts";
import { EXPORT_BYTES_MAX, ExportParts } from "./export-parts.ts";
import type { WrittenFile } from "./export-parts.ts";
import { makeBundle } from "./inspector-bundle.ts";
import { makeEntries } from "./log-export.ts";
import { makeMaskedList } from "./masked-list.ts";
import { makeStatements } from "./statement-export.ts";
import type { Vault } from "./vault.ts";

/** What a bundle holds beside the log's own, and how its files become one. */
export interface BundleKit {
  readonly page: () => Promise<Uint8Array>;
  readonly witnessPolicy: () => Promise<Uint8Array | null>;
  readonly draw: (facts: InspectionFacts) => Promise<ReadonlyMap<string, Uint8Array>>;
  readonly pack: (files: ReadonlyMap<string, Uint8Array>) => Uint8Array;
}

const RETRY_SECONDS = 10;
const BEAT_MS = 10_000;

/** What a job begins as. */
const BEGUN = {
  endedAt: null,
  state: "making",
  failure: null,
  bytes: null,
  sha256: null,
  rows: null,
  entry: null,
  takenEntry: null,
} as const;

/** What came of a job. */
interface Made {
  /** Null where what is kept is no file. */
  readonly file: WrittenFile | null;
  readonly rows: number | null;
  /** Id of the organisation that it is about; null for the whole tenant. */
  readonly organisation: string | null;
  /** The entry that tells of it, hex; null where none was written yet. */
  readonly entry: string | null;
}

/** From the beginning of the first day on, before the other instant. */
function periodOf({ timeZone }: Vault, { from, to }: Pick<ExportAsked, "from" | "to">) {
  return { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) };
}

function personOf(actor: Actor): string {
  if (actor.accountId === null) throw new Failure("PERSON_REQUIRED");
  return actor.accountId;
}

function draftOf(id: string, { actor, kind: mode, purpose }: ExportOrder) {
  return { type: "export-made", actor, request: id, mode, purpose } as const;
}

/** Makes exports beside the requests, one at a time in each server: a bundle lies in memory. */
export class ExportDesk implements AsyncDisposable {
  readonly #vault: Vault;
  readonly #kit: BundleKit;
  #making: Promise<void> | null = null;
  #current: string | null = null;

  constructor(vault: Vault, kit: BundleKit) {
    this.#vault = vault;
    this.#kit = kit;
  }

  /**
   * Begins one. Throws as `ordered`, PERSON_REQUIRED, EXPORTS_MAX for who has ten, and EXPORT_BUSY
   * while another is being made here. How it goes is told by the job.
   */
  async begin(asked: ExportAsked): Promise<SeenExport> {
    const vault = this.#vault;
    const order = await ordered(vault, asked);
    personOf(order.actor);
    if (this.#making !== null)
      throw new Failure("EXPORT_BUSY", { retryAfterSeconds: RETRY_SECONDS });
    const id = randomUUID();
    const made = Promise.withResolvers<void>();
    this.#making = made.promise;
    this.#current = id;
    try {
      const row = await this.#written(id, order);
      void this.#run(id, order).finally(() => this.#end(id, made.resolve));
      return seen(vault, row);
    } catch (error) {
      this.#end(id, made.resolve);
      throw error;
    }
  }

  async #written(id: string, order: ExportOrder): Promise<ExportRow> {
    const vault = this.#vault;
    const { actor, kind, format, purpose, organisation } = order;
    const whose = { accountId: personOf(actor), standing: actor.organisationId };
    const about = { kind, format, purpose, organisation, ...periodOf(vault, order) };
    const madeAt = vault.now();
    const row = { id, tenantId: vault.tenant.id, ...whose, ...about, madeAt };
    const isTaken = await transaction(vault.database, async (connection) =>
      insertExport(connection, row, { after: keptSince(vault), limit: EXPORTS_MAX }),
    );
    if (!isTaken) throw new Failure("EXPORTS_MAX");
    return { ...row, ...BEGUN, beatAt: madeAt };
  }

  /** Only who began it may say that it is over. */
  #end(id: string, over: () => void): void {
    over();
    if (this.#current !== id) return;
    this.#making = null;
    this.#current = null;
  }

  /** Never throws: what fails is written down with the job, or found lost a minute later. */
  async #run(id: string, order: ExportOrder): Promise<void> {
    const vault = this.#vault;
    const beat = setInterval(() => {
      const at = vault.now();
      connected(vault.database, async (c) => beatExport(c, id, at)).catch(() => undefined);
    }, BEAT_MS);
    try {
      await this.#keep(id, order, await this.#make(id, order));
    } catch (error) {
      await this.#fail(id, order, error).catch(() => undefined);
    } finally {
      clearInterval(beat);
    }
  }

  /** A bundle that fails was never made; every other try is told, since it looked. */
  async #fail(id: string, order: ExportOrder, error: unknown): Promise<void> {
    const vault = this.#vault;
    const failure = isFailure(error) ? error.code : errorKind(error);
    const isTold = order.kind !== "inspector-bundle" && isFailure(error) && !isOfStorage(error);
    await transaction(vault.database, async (connection) => {
      if (isTold) await writeEntry(vault, connection, { ...draftOf(id, order), count: 0, failure });
      await setExportFailed(connection, id, { at: vault.now(), failure });
    });
  }

  async #keep(id: string, order: ExportOrder, made: Made): Promise<void> {
    const vault = this.#vault;
    const { file, rows, organisation } = made;
    const digest = file === null ? {} : { digest: Buffer.from(file.sha256).toString("hex") };
    const whose = organisation === null ? {} : { organisation };
    const draft = { ...draftOf(id, order), count: rows ?? 0, ...digest, ...whose };
    await transaction(vault.database, async (connection) => {
      const entry = made.entry ?? (await writeEntry(vault, connection, draft));
      const isKept = await setExportReady(connection, id, { at: vault.now(), file, rows, entry });
      // Given up meanwhile: the entry that it was made goes back with the transaction.
      if (!isKept) throw new Failure("EXPORT_LOST");
    });
  }

  async #make(id: string, order: ExportOrder): Promise<Made> {
    const vault = this.#vault;
    const parts = new ExportParts(vault, id);
    const { kind } = order;
    switch (kind) {
      case "inspector-bundle":
        return this.#bundle(order, parts);
      case "masked-waybills":
        return { ...(await makeMaskedList(vault, order, parts)), file: null, entry: null };
      case "log-entries":
        return { ...(await makeEntries(vault, order, parts)), entry: null };
      case "statements":
        return { ...(await makeStatements(vault, order, parts)), entry: null };
      default:
        return kind satisfies never;
    }
  }

  async #bundle(order: ExportOrder, parts: ExportParts): Promise<Made> {
    const vault = this.#vault;
    const { page, witnessPolicy, draw, pack } = this.#kit;
    const period = periodOf(vault, order);
    const request = {
      ...order,
      ...period,
      page: await page(),
      witnessPolicy: await witnessPolicy(),
    };
    const { files, entry } = await makeBundle(vault, request, draw);
    const packed = pack(files);
    if (packed.length > EXPORT_BYTES_MAX)
      throw new Failure("BUNDLE_TOO_LARGE", { bytesMax: EXPORT_BYTES_MAX });
    await parts.write(packed);
    return { file: await parts.end(), rows: null, organisation: null, entry };
  }

  /** What is being made then is lost, and its job says so. */
  async [Symbol.asyncDispose](): Promise<void> {
    const id = this.#current;
    if (id === null) return;
    const at = this.#vault.now();
    await connected(this.#vault.database, async (connection) =>
      setExportFailed(connection, id, { at, failure: "EXPORT_LOST" }),
    ).catch(() => undefined);
    await this.#making;
  }
}
