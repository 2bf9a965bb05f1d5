import type { Ip, Protocol } from "@seenas/core";
import { parseIp } from "@seenas/core/address";
import type { Endpoint, LogRow } from "../row.ts";

/** Why a row is not kept. Stable words, as the file of rejects has them. */
export type Reason =
  | "not-json"
  | "no-time"
  | "no-address"
  | "fields"
  | "another-log"
  | "cut-short"
  | "too-long"
  | "not-evidence";

/** What one record of a log says: rows, or why there is none. `nothing`: it says itself that it holds none. */
export type Record =
  | { readonly kind: "rows"; readonly rows: readonly LogRow[] }
  | { readonly kind: "rejected"; readonly reason: Reason }
  | { readonly kind: "nothing" };

export const rejected = (reason: Reason): Record => ({ kind: "rejected", reason });

/** A member deep inside a value that may be anything; undefined where the path ends early. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Members)[key];
  }
  return current;
}

type Members = { readonly [key: string]: unknown };

export const textAt = (value: unknown, ...path: readonly string[]): string => {
  const found = member(value, ...path);
  return typeof found === "string" ? found : "";
};

/** Exports write numbers as text, too. */
export function portOf(value: unknown): number | null {
  const port = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof port === "number" && Number.isInteger(port) && port >= 0 && port < 65_536 ? port : null;
}

export const addressOf = (value: unknown): Ip | null => (typeof value === "string" ? (parseIp(value) ?? null) : null);

/** Null: no such end is shown. */
export function endOf(address: unknown, port: unknown): Endpoint | null {
  const ip = addressOf(address);
  return ip === null ? null : { address: ip, port: portOf(port) };
}

/** IANA numbers, https://www.iana.org/assignments/protocol-numbers, names, and the letters of Azure's NSG flow logs. */
const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ["6", "tcp"],
  ["17", "udp"],
  ["1", "icmp"],
  ["58", "icmp"],
  ["tcp", "tcp"],
  ["udp", "udp"],
  ["icmp", "icmp"],
  ["t", "tcp"],
  ["u", "udp"],
]);

export const protocolOf = (value: unknown): Protocol | null =>
  typeof value === "string" || typeof value === "number" ? (PROTOCOLS.get(String(value).toLowerCase()) ?? null) : null;
