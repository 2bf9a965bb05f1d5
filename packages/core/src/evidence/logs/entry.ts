import type { Protocol } from "../../model/flow.ts";
import type { Origin } from "../../problem.ts";
import { rfc3339 } from "../time.ts";

/** One entry of a log export, not yet checked. */
export interface LogEntry {
  readonly origin: Origin;
  readonly value: unknown;
}

/** A member deep inside a value that may be anything; undefined where the path ends early. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[key];
  }
  return current;
}

export const textAt = (value: unknown, ...path: readonly string[]): string | null => {
  const found = member(value, ...path);
  return typeof found === "string" ? found : null;
};

/** Exports write 64-bit numbers as text. */
export function portAt(value: unknown, ...path: readonly string[]): number | null {
  const found = member(value, ...path);
  const port = typeof found === "string" && /^\d{1,5}$/.test(found) ? Number(found) : found;
  return typeof port === "number" && Number.isInteger(port) && port >= 0 && port < 65_536 ? port : null;
}

/** IANA numbers, https://www.iana.org/assignments/protocol-numbers; Google's own examples also write the name. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = { 6: "tcp", 17: "udp", 1: "icmp", 58: "icmp" };

export function protocolAt(value: unknown, ...path: readonly string[]): Protocol | null {
  const found = member(value, ...path);
  if (typeof found !== "string" && typeof found !== "number") return null;
  const written = String(found).toLowerCase();
  if (written === "tcp" || written === "udp" || written === "icmp") return written;
  return Object.hasOwn(PROTOCOLS, written) ? (PROTOCOLS[written] ?? null) : null;
}

export const timeAt = (value: unknown, key: string): string | null => rfc3339(textAt(value, key) ?? "");

/** The part of a log entry that a report quotes. */
export function quoteOfEntry(parts: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(parts);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** Keeps of each key the last one in time, in order of first appearance, with how many there were. */
export function newestOf<T>(
  all: readonly T[],
  key: (item: T) => string,
  at: (item: T) => string | null,
): readonly { readonly item: T; readonly count: number }[] {
  const groups = new Map<string, { item: T; count: number }>();
  for (const item of all) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), { item, count: 1 });
    else {
      group.count += 1;
      if ((at(item) ?? "") >= (at(group.item) ?? "")) group.item = item;
    }
  }
  return [...groups.values()];
}
