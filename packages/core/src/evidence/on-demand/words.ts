import { isAddress, parseObserved } from "../masked.ts";
import type { ObservedAddress } from "../observation.ts";

/** The address that a word is, in canonical text, or masked; null for a name or anything else. */
export function addressIn(word: string | null | undefined): ObservedAddress | null {
  if (word === null || word === undefined || word === "" || word === "-") return null;
  const observed = parseObserved(word);
  if (!isAddress(observed)) return null;
  return observed.ip === null ? observed : { ...observed, text: observed.ip };
}

export function portIn(word: string | null | undefined): number | null {
  if (word === null || word === undefined || !/^\d{1,5}$/.test(word)) return null;
  const port = Number(word);
  return port < 65_536 ? port : null;
}

/** `203.0.113.7:25`, `[2001:db8::7]:25`, `2001:db8::7.25`, or an address alone. Null when it is none. */
export function endpointIn(word: string | null | undefined) {
  if (word === null || word === undefined) return null;
  const bracketed = /^\[([^\]]{2,45})\](?::(\d{1,5}))?$/.exec(word);
  const [, inside, insidePort] = bracketed ?? [];
  if (inside !== undefined) return endpoint(inside, insidePort);
  const alone = addressIn(word);
  const at = word.lastIndexOf(":");
  // A whole IPv6 address has colons of its own; what has a port behind it has brackets, or four octets.
  if (alone !== null) return { address: alone, port: null };
  return at < 0 ? null : endpoint(word.slice(0, at), word.slice(at + 1));
}

function endpoint(host: string, port: string | undefined) {
  const address = addressIn(host.startsWith("::ffff:") ? host.slice(7) : host);
  return address === null ? null : { address, port: portIn(port) };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `22/Nov/2026:01:33:36 +0000` and, without its zone, `22/Nov/2026:01:33:36.947`: null then. */
export function webTime(text: string): string | null {
  const found = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d)(?:\.\d{1,9})? ([-+]\d\d)(\d\d)$/.exec(text);
  if (found === null) return null;
  const [, day, name = "", year, clock, hours, minutes] = found;
  const month = MONTHS.indexOf(name) + 1;
  return month === 0 ? null : `${year}-${String(month).padStart(2, "0")}-${day}T${clock}${hours}:${minutes}`;
}

/** `key=value key="a value"`, as FortiGate, logfmt and many others write; the first of each name counts. */
export function pairsIn(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const [, key = "", quoted, bare] of text.matchAll(
    /([A-Za-z_][\w.-]{0,40})=(?:"([^"]{0,400})"|([^\s,"]{0,400}))/g,
  ))
    if (!pairs.has(key)) pairs.set(key, quoted ?? bare ?? "");
  return pairs;
}

/** A record of comma separated values; a quoted one may hold commas, and two quotes are one. RFC 4180. */
export function csvFields(text: string): readonly string[] {
  if (!text.includes('"')) return text.split(",");
  const fields: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const isQuoted = text.charCodeAt(at) === 34;
    const end = isQuoted ? closingQuote(text, at + 1) : at;
    const next = text.indexOf(",", end);
    const stop = next < 0 ? text.length : next;
    fields.push(isQuoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, stop));
    at = stop + 1;
  }
  return fields;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === 34) at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}
