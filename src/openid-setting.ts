/** The settings of the provider to sign in at. Looks at no environment itself: see config.ts. */
import path from "node:path";
import { Failure } from "./rules/failure.ts";

export interface OpenidChoice {
  readonly issuer: string;
  readonly clientId: string;
  /** File that the client's secret stands in. */
  readonly secretFile: string;
}

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const OPENID_SETTINGS = [
  { name: "MIDAN_OPENID_ISSUER", what: "OpenID Connect provider to sign in at", unset: "none" },
  { name: "MIDAN_OPENID_CLIENT", what: "our client id there", unset: "none" },
  { name: "MIDAN_OPENID_SECRET_FILE", what: "file of the client's secret", unset: "none" },
] as const;

type OpenidSettingName = (typeof OPENID_SETTINGS)[number]["name"];

const ISSUER = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])\S+$/;

/** All three settings of the provider, or none of them. Throws SETTING_INVALID. */
export function parseOpenid(reader: {
  readonly text: (name: OpenidSettingName) => string | undefined;
  readonly workingDir: string;
}): OpenidChoice | null {
  const { text, workingDir } = reader;
  const issuer = text("MIDAN_OPENID_ISSUER");
  const clientId = text("MIDAN_OPENID_CLIENT");
  const secretFile = text("MIDAN_OPENID_SECRET_FILE");
  if (issuer === undefined && clientId === undefined && secretFile === undefined) return null;
  if (issuer === undefined || !ISSUER.test(issuer))
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_OPENID_ISSUER" });
  if (clientId === undefined)
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_OPENID_CLIENT" });
  if (secretFile === undefined)
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_OPENID_SECRET_FILE" });
  return { issuer, clientId, secretFile: path.resolve(workingDir, secretFile) };
}
