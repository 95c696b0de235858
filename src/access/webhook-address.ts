/**
 * Where a webhook may lead: to the public network by https, and into the installation's own
 * networks only where it says so. An address is judged when it is registered, again each time its
 * name is resolved, and once more on the connection that was made, so that no name and no redirect
 * leads a server to what only it can reach (SSRF, CWE-918).
 */
import { lookup } from "node:dns";
import { lookup as lookUp } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { Failure } from "../rules/failure.ts";

const URL_CHARACTERS_MAX = 500;

/** Not globally reachable (IANA IPv4 Special-Purpose Address Registry), and multicast. */
const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;

/** The only part of IPv6 that is global unicast (RFC 4291 2.4); mapped IPv4 lies outside of it. */
const GLOBAL_IPV6 = "2000::/3";
/** Within it: protocol assignments with Teredo, documentation, 6to4, which carries an IPv4. */
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"] as const;

const PREFIX = /^(.+)\/(\d{1,3})$/;

function addNetwork(list: BlockList, network: string): void {
  const [, address = "", bits = ""] = PREFIX.exec(network) ?? [];
  list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  return list;
}

const SPECIAL_4 = listOf(SPECIAL_IPV4);
const SPECIAL_6 = listOf(SPECIAL_IPV6);
const GLOBAL_6 = listOf([GLOBAL_IPV6]);

/** Networks of the installation's own to which webhooks may lead, also without TLS. */
export class OwnNetworks {
  readonly #list: BlockList;

  /** `networks` as `10.1.0.0/16`; throws SETTING_INVALID for what is none. */
  constructor(networks: readonly string[]) {
    try {
      this.#list = listOf(networks);
    } catch {
      throw new Failure("SETTING_INVALID", { setting: "MIDAN_WEBHOOK_NETWORKS" });
    }
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 6 ? "ipv6" : "ipv4");
  }
}

/** Whether `address` is one that the whole network reaches. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL_4.check(address, "ipv4");
    case 6:
      return GLOBAL_6.check(address, "ipv6") && !SPECIAL_6.check(address, "ipv6");
    default:
      return false;
  }
}

/** Where a webhook leads, as far as its text can tell. */
export interface Target {
  readonly url: URL;
  /** Without TLS, which only the own networks are for. */
  readonly isPlain: boolean;
}

export function mayConnect(own: OwnNetworks, target: Target, address: string): boolean {
  return own.has(address) || (!target.isPlain && isPublicAddress(address));
}

/** The host of an address, an IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

/** Reads the address of a webhook. Throws WEBHOOK_ADDRESS. */
export function parseTarget(text: string): Target {
  const refused = new Failure("WEBHOOK_ADDRESS");
  const url = text.length <= URL_CHARACTERS_MAX ? URL.parse(text) : null;
  if (url === null || !["https:", "http:"].includes(url.protocol)) throw refused;
  const hasMore = url.username !== "" || url.password !== "" || url.hash !== "";
  if (hasMore || url.hostname === "" || url.href.length > URL_CHARACTERS_MAX) throw refused;
  return { url, isPlain: url.protocol === "http:" };
}

/** Throws WEBHOOK_ADDRESS unless every address of the target's name may be connected to now. */
export async function requireReachable(own: OwnNetworks, target: Target): Promise<void> {
  const found = await lookUp(hostOf(target.url), { all: true, verbatim: true }).catch(() => []);
  const isFit = found.length > 0 && found.every(({ address }) => mayConnect(own, target, address));
  if (!isFit) throw new Failure("WEBHOOK_ADDRESS");
}

/** Whether the host is an address itself that may not be connected to: no name is resolved then. */
export function isRefusedLiteral(own: OwnNetworks, target: Target): boolean {
  const host = hostOf(target.url);
  return isIP(host) !== 0 && !mayConnect(own, target, host);
}

/** Resolves names for a connection, and gives it only addresses that it may have. */
export function guardedLookup(own: OwnNetworks, target: Target): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true, verbatim: true }, (error, found) => {
      const fit = (found ?? []).filter(({ address }) => mayConnect(own, target, address));
      const [first] = fit;
      if (error !== null || first === undefined) {
        const refusal = error ?? Object.assign(new Error("refused"), { code: "EREFUSED" });
        callback(refusal, "", 0);
      } else if (options.all === true) callback(null, fit);
      else callback(null, first.address, first.family);
    });
  };
}
