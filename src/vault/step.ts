/** The steps of work that a crash may interrupt, by name: tests stop at each of them. */
export type Step =
  | "hold-pending"
  | "hold-kept"
  | "hold-told"
  | "release-ending"
  | "release-let-go"
  | "release-told"
  | "erase-intent"
  | "erase-punctured"
  | "erase-told"
  | "shred-intent"
  | "shred-destroyed"
  | "shred-told"
  | "keys-held"
  | "keys-renewed"
  | "keys-told"
  | "keys-retired"
  | "restore-put-back"
  | "restore-held"
  | "restore-destroyed"
  | "restore-given-up"
  | "restore-erased"
  | "restore-told"
  | "signing-noted"
  | "signing-announced"
  | "signing-used"
  | "signing-retired"
  | "signing-told";

/** Called when a step is done and durable; the work goes on when it resolves. */
export type Reached = (step: Step) => Promise<void>;

export const PASS: Reached = async () => Promise.resolve();
