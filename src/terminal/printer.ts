/** The printers (打印机) that an agent stands beside: how bytes get there, and what they say. */

/** What a printer says of itself. `detail` names what is wrong in the words of its own standard. */
export interface PrinterStatus {
  readonly isReady: boolean;
  readonly detail: string;
}

/**
 * How a job went over. `refused`: not a byte was taken, so it may be sent again. `unsure`: it broke
 * off, and only somebody who looks knows whether a label came out.
 */
export type Sent =
  | { readonly outcome: "printed" }
  | { readonly outcome: "accepted"; readonly job: string }
  | { readonly outcome: "refused" | "unsure" | "failed"; readonly detail: string };

/** One job. Its name is random and says nothing. */
export interface Job {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Printer {
  readonly name: string;
  readonly language: PrinterKindLanguage;
  status(): Promise<PrinterStatus>;
  send(job: Job): Promise<Sent>;
  /** What became of a job that it accepted; null while it is not done. */
  outcomeOf(job: string): Promise<Sent | null>;
  /** What became of a job whose sending a crash broke off; null where it can be sent anew. */
  recover(name: string): Promise<Sent | null>;
}

export const AGENT_LANGUAGES = ["zpl", "tspl", "cpcl", "pdf", "png"] as const;
export type PrinterKindLanguage = (typeof AGENT_LANGUAGES)[number];
