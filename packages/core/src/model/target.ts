import { type Ip, parseIp } from "../address/ip.ts";
import type { Protocol } from "./flow.ts";

/** What `--to` names. Exactly one of `address` and `name` is set. */
export interface Target {
  readonly address: Ip | null;
  readonly name: string | null;
  readonly port: number | null;
  readonly protocol: Protocol;
}

/** https://www.iana.org/assignments/service-names-port-numbers */
const SCHEME_PORTS: Readonly<Record<string, number>> = {
  smtp: 25,
  smtps: 465,
  submission: 587,
  http: 80,
  https: 443,
  ssh: 22,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  redis: 6379,
  ldap: 389,
  ldaps: 636,
  ftp: 21,
  dns: 53,
};
const NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const PROTOCOL = /\/(tcp|udp|icmp)$/i;

/**
 * Reads `ADDRESS`, `ADDRESS:PORT`, `[V6]:PORT`, `HOST:PORT`, each with an optional `/tcp`, `/udp`, `/icmp`, or
 * `scheme://HOST[:PORT]`. Undefined: none of these.
 */
export function parseTarget(text: string): Target | undefined {
  const scheme = /^([a-z]+):\/\/([^/?#]+)/i.exec(text);
  if (scheme !== null) return parseUrl(scheme[1] ?? "", scheme[2] ?? "");
  const protocol = PROTOCOL.exec(text);
  const rest = protocol === null ? text : text.slice(0, protocol.index);
  const place = parsePlace(rest);
  if (place === undefined) return undefined;
  const named = protocol?.[1]?.toLowerCase() as Protocol | undefined;
  if (named === "icmp" && place.port !== null) return undefined;
  return { ...place, protocol: named ?? "tcp" };
}

function parseUrl(scheme: string, authority: string): Target | undefined {
  const place = parsePlace(authority.slice(authority.lastIndexOf("@") + 1));
  const usual = SCHEME_PORTS[scheme.toLowerCase()];
  if (place === undefined || usual === undefined) return undefined;
  return { ...place, port: place.port ?? usual, protocol: scheme.toLowerCase() === "dns" ? "udp" : "tcp" };
}

function parsePlace(text: string): Omit<Target, "protocol"> | undefined {
  const bare = parseIp(text);
  if (bare !== undefined) return { address: bare, name: null, port: null };
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^:[\]]+)(?::(\d+))?$/.exec(text);
  const host = bracketed?.[1] ?? plain?.[1];
  const port = portOf(bracketed === null ? plain?.[2] : bracketed[2]);
  if (host === undefined || port === undefined) return undefined;
  const address = parseIp(host);
  if (address !== undefined) return { address, name: null, port };
  // All digits and dots but no address: a typing mistake, not a name (010.0.0.1, 10.0.0.256).
  if (bracketed !== null || /^[\d.]+$/.test(host) || !NAME.test(host)) return undefined;
  return { address: null, name: host.replace(/\.$/, "").toLowerCase(), port };
}

function portOf(digits: string | undefined): number | null | undefined {
  if (digits === undefined) return null;
  const port = Number(digits);
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? port : undefined;
}
