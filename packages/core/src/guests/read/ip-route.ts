import { type Cidr, EVERY_IPV4, EVERY_IPV6, familyOfCidr, parseCidr } from "../../address/cidr.ts";
import { type Family, type Ip, parseIp } from "../../address/ip.ts";
import type { GuestHop, GuestRoute, RouteGet, RouteType } from "../guest.ts";
import { ROUTE_TYPES } from "../guest.ts";
import { type Command, tableAsked } from "./command.ts";
import { deviceName, type Line, readNumber, tableName } from "./part.ts";

/** Words that stand alone: https://github.com/iproute2/iproute2/blob/main/ip/iproute.c (`print_rt_flags`) */
const FLAGS = new Set(
  "onlink linkdown dead pervasive offload notify trap rt_offload rt_trap offload_failed unresolved cache".split(" "),
);

export interface RouteWords {
  readonly type: RouteType;
  readonly destination: string;
  readonly values: ReadonlyMap<string, string>;
  readonly flags: readonly string[];
  /** `via inet6 …` on an IPv4 route. */
  readonly viaFamily: string | null;
}

const asType = (word: string | undefined): RouteType | undefined => ROUTE_TYPES.find((type) => type === word);

/** Splits one line of `ip route` into its words; undefined when it does not begin like a route, or is cut. */
export function routeWords(text: string): RouteWords | undefined {
  const words = text.replaceAll("\\", " ").trim().split(/\s+/);
  const type = asType(words[0]);
  const start = type === undefined ? 0 : 1;
  const destination = words[start];
  if (destination === undefined) return undefined;
  const rest = keyValues(words.slice(start + 1));
  return rest === undefined ? undefined : { type: type ?? "unicast", destination, ...rest };
}

/** Words whose value decides where a packet goes, or of which call the line speaks. */
const DECIDING = new Set("from tos dsfield via dev table src metric weight pref nhid uid mark iif".split(" "));

/** undefined: a word that decides has no value, so the line is cut. */
export function keyValues(words: readonly string[]): Omit<RouteWords, "type" | "destination"> | undefined {
  const values = new Map<string, string>();
  const flags: string[] = [];
  let viaFamily: string | null = null;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    index = word === "encap" ? encapEnd(words, index) : index;
    const next = words[index + 1];
    // A word that is not known may stand alone: what decides is not its value.
    if (FLAGS.has(word) || word === "encap" || (!DECIDING.has(word) && (next === undefined || DECIDING.has(next)))) {
      flags.push(word);
      continue;
    }
    index += isBeforeValue(word, next) ? 2 : 1;
    if (word === "via" && isBeforeValue(word, next)) viaFamily = next ?? null;
    const value = words[index];
    if (value === undefined || (DECIDING.has(word) && DECIDING.has(value))) return undefined;
    // The first one counts: an `encap` behind the next hop repeats words such as `src`.
    if (!values.has(word)) values.set(word, value);
  }
  return { values, flags, viaFamily };
}

/** `via inet6 ADDRESS`, `mtu lock NUMBER`: https://github.com/iproute2/iproute2/blob/main/ip/iproute.c (`print_route`) */
const isBeforeValue = (word: string, next: string | undefined): boolean =>
  word === "via" ? next === "inet" || next === "inet6" : next === "lock" && !DECIDING.has(word);

/** `encap ip id 0 src … dst … ttl 0 tos 0` stands before the next hop, with words of its own: its last one. */
function encapEnd(words: readonly string[], start: number): number {
  const hop = words.findIndex((word, index) => index > start && (word === "via" || word === "dev"));
  return hop < 0 ? start : hop - 1;
}

const addressIn = (values: ReadonlyMap<string, string>, key: string): Ip | null | undefined => {
  const text = values.get(key);
  return text === undefined ? null : parseIp(text);
};

const everything = (family: Family): Cidr => (family === 4 ? EVERY_IPV4 : EVERY_IPV6);

/** An IPv6 route prints its preference, and a gateway of its own family; an IPv4 route may go `via inet6`. */
function familyOfWords(words: RouteWords, command: Command): Family {
  const prefix = parseCidr(words.destination, true);
  if (prefix !== undefined) return familyOfCidr(prefix);
  if (command.family !== null) return command.family;
  if (words.viaFamily === "inet6") return 4;
  const hint = words.values.get("via") ?? words.values.get("src") ?? words.values.get("from");
  if (hint !== undefined) return hint.includes(":") ? 6 : 4;
  return words.values.has("pref") ? 6 : 4;
}

/** undefined: a value that decides is not readable (masked digits, a cut line). */
export function routeOf(words: RouteWords, command: Command, line: Line): GuestRoute | undefined {
  const { values } = words;
  const family = familyOfWords(words, command);
  const prefix = words.destination === "default" ? everything(family) : parseCidr(words.destination, true);
  const hop = hopOf(words.values, words.flags);
  const source = addressIn(values, "src");
  const fromText = values.get("from");
  const from = fromText === undefined ? null : parseCidr(fromText, true);
  const metric = values.has("metric") ? readNumber(values.get("metric")) : null;
  const tosText = values.get("tos") ?? values.get("dsfield");
  if (prefix === undefined || hop === undefined || source === undefined || from === undefined) return undefined;
  const tos = tosText === undefined ? null : readTos(tosText);
  if (metric === undefined || tos === undefined) return undefined;
  return {
    family,
    table: tableName(values.get("table") ?? tableAsked(command)),
    type: words.type,
    prefix,
    from,
    hops: hop.device === null && hop.gateway === null ? [] : [hop],
    metric,
    metricKind: "whole",
    tos,
    scope: values.get("scope") ?? "global",
    source,
    nexthopObject: values.has("nhid"),
    preference: preferenceOf(values.get("pref")),
    protocol: values.get("proto") ?? null,
    detail: "full",
    origin: line.origin,
  };
}

export function hopOf(values: ReadonlyMap<string, string>, flags: readonly string[]): GuestHop | undefined {
  const gateway = addressIn(values, "via");
  if (gateway === undefined) return undefined;
  const device = values.get("dev");
  const weight = values.has("weight") ? readNumber(values.get("weight")) : 1;
  if (weight === undefined) return undefined;
  return {
    device: device === undefined ? null : deviceName(device),
    deviceIndex: null,
    interfaceAddress: null,
    gateway,
    weight,
    flags: flags.filter((flag) => flag === "linkdown" || flag === "dead" || flag === "onlink"),
  };
}

export const preferenceOf = (text: string | undefined): GuestRoute["preference"] =>
  text === "high" || text === "low" ? text : "medium";

/** Names of the type-of-service byte: https://github.com/iproute2/iproute2/blob/main/etc/iproute2/rt_dsfield */
const TOS_NAMES: Readonly<Record<string, number>> = {
  lowdelay: 0x10,
  throughput: 0x08,
  reliability: 0x04,
  CS1: 0x20,
  CS2: 0x40,
  CS3: 0x60,
  CS4: 0x80,
  CS5: 0xa0,
  CS6: 0xc0,
  CS7: 0xe0,
  AF41: 0x88,
  EF: 0xb8,
};

export const readTos = (text: string): number | undefined => TOS_NAMES[text] ?? readNumber(text);

/** True when the words are an answer of `ip route get` and not a line of a table. */
export function isRouteGet(words: RouteWords, command: Command): boolean {
  if (command.name === "route-get") return true;
  const { values, destination } = words;
  if (values.has("uid")) return true;
  const from = values.get("from");
  return from !== undefined && !from.includes("/") && !destination.includes("/") && destination !== "default";
}

/** @see https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in (`ip route get`) */
export function routeGetOf(words: RouteWords, line: Line): RouteGet | undefined {
  const { values } = words;
  const destination = parseIp(words.destination);
  const gateway = addressIn(values, "via");
  const chosen = addressIn(values, "src");
  const fromText = values.get("from");
  const from = fromText === undefined || fromText === "::" ? null : parseIp(fromText);
  if (destination === undefined || gateway === undefined || chosen === undefined || from === undefined)
    return undefined;
  const device = values.get("dev");
  return {
    os: "linux",
    destination,
    from,
    device: device === undefined ? null : deviceName(device),
    gateway,
    // With `from` the kernel's `src` may be another address: what was asked for is the source.
    source: from ?? chosen,
    table: values.has("table") ? tableName(values.get("table") ?? "") : null,
    type: words.type,
    mark: readNumber(values.get("mark")) ?? 0,
    uid: readNumber(values.get("uid")) ?? null,
    inDevice: values.get("iif") ?? null,
    origin: line.origin,
  };
}

/** True when the line begins as a line of `ip route` does. */
export function looksLikeRoute(text: string): boolean {
  if (!/^\S/.test(text)) return false;
  const words = text.trim().split(/\s+/, 4);
  const type = asType(words[0]);
  const [first, next] = type === undefined ? words : words.slice(1);
  if (first === undefined || !(first === "default" || LIKE_ADDRESS.test(first))) return false;
  // A type says enough; a prefix alone on its line is the head of a route with several next hops.
  return type !== undefined || (next === undefined ? first === "default" || first.includes("/") : LEADS.has(next));
}

const LEADS = new Set("via dev src from table proto scope metric nhid tos dsfield encap nexthop \\".split(" "));

/** Masked and cut addresses too: they must be told, not passed over. */
const LIKE_ADDRESS = /^([0-9a-fxX*]*\.[0-9xX*.]+|[0-9a-fxX*]*:[0-9a-fxX*:.]*)(\/\d+)?$/i;
