/** What may be said of an error that nobody foresaw. */

const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{1,40}$/;

/** Its system code or its class, and never its message, which may quote input (P9). */
export function errorKind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" && SYSTEM_CODE.test(code) ? code : error.name;
}
