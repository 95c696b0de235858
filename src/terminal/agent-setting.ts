/** What an agent is told in its `agent.json`: printers, pages that may use it, ports. */
import { Failure } from "../rules/failure.ts";
import { folderPrinter } from "./folder-printer.ts";
import { ippPrinter } from "./ipp-printer.ts";
import { AGENT_LANGUAGES } from "./printer.ts";
import type { Printer, PrinterKindLanguage } from "./printer.ts";
import { rawPrinter } from "./raw-printer.ts";

const PRINTERS_MAX = 32;
const ORIGINS_MAX = 100;
const NAME = /^[^\p{Cc}]{1,100}$/u;
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;
export const PORT_PLAIN = 13_528;
export const PORT_TLS = 13_529;

export interface AgentSetting {
  readonly printers: readonly Printer[];
  /** Exact origins of pages that may use it. */
  readonly origins: readonly string[];
  readonly port: number;
  /** Files of certificate and key; null for no TLS. */
  readonly tls: {
    readonly port: number;
    readonly certificate: string;
    readonly key: string;
  } | null;
}

type Members = Readonly<Record<string, unknown>>;

function refuse(field: string): never {
  throw new Failure("AGENT_SETTING", { field });
}

function membersOf(value: unknown, field: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(field);
  // Any object that is no list may be read as a record of unknown members.
  return value as Members;
}

function listOf(value: unknown, field: string, max: number): readonly unknown[] {
  return Array.isArray(value) && value.length <= max ? value : refuse(field);
}

function text(value: unknown, field: string): string {
  return typeof value === "string" && NAME.test(value) ? value : refuse(field);
}

function portOf(value: unknown, field: string, unset: number): number {
  if (value === undefined) return unset;
  const isPort = typeof value === "number" && Number.isInteger(value) && value >= 0;
  return isPort && value <= 65_535 ? value : refuse(field);
}

function languageOf(value: unknown): PrinterKindLanguage {
  const found = AGENT_LANGUAGES.find((language) => language === value);
  return found ?? refuse("language");
}

function printerOf(value: unknown): Printer {
  const members = membersOf(value, "printers");
  const [name, language] = [text(members["name"], "name"), languageOf(members["language"])];
  switch (members["kind"]) {
    case "folder":
      return folderPrinter({ name, language, folder: text(members["folder"], "folder") });
    case "raw": {
      const port = portOf(members["port"], "port", 9100);
      return rawPrinter({ name, language, host: text(members["host"], "host"), port });
    }
    case "ipp": {
      const uri = text(members["uri"], "uri");
      return /^ipps?:\/\//.test(uri) ? ippPrinter({ name, language, uri }) : refuse("uri");
    }
    default:
      return refuse("kind");
  }
}

function originOf(value: unknown): string {
  return typeof value === "string" && ORIGIN.test(value) ? value : refuse("origins");
}

/** Reads the text of `agent.json`. Throws AGENT_SETTING, which names the field. */
export function readAgentSetting(json: string): AgentSetting {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    refuse("json");
  }
  const members = membersOf(value, "json");
  const printers = listOf(members["printers"], "printers", PRINTERS_MAX).map(printerOf);
  const names = new Set(printers.map(({ name }) => name));
  if (printers.length === 0 || names.size < printers.length) refuse("printers");
  const origins = listOf(members["origins"], "origins", ORIGINS_MAX).map(originOf);
  const tls = members["tls"] === undefined ? null : membersOf(members["tls"], "tls");
  return {
    printers,
    origins,
    port: portOf(members["port"], "port", PORT_PLAIN),
    tls:
      tls === null
        ? null
        : {
            port: portOf(tls["port"], "tls.port", PORT_TLS),
            certificate: text(tls["certificate"], "tls.certificate"),
            key: text(tls["key"], "tls.key"),
          },
  };
}
