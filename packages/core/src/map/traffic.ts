import type { Ip } from "../address/ip.ts";
import type { Egress } from "../model/egress.ts";
import { type Match, meansDestination, type PortRange, type Protocol } from "../model/flow.ts";
import { reachableFrom } from "./reachable.ts";

/** Packets that no filter, route or offer of an egress tells apart. Ports null: the protocol has none. */
export interface TrafficClass {
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
}

/** What asks for more of a packet than its addresses. */
export interface TrafficMatches {
  /** Of the filters of an egress, and of all that its routes lead to. */
  readonly inside: readonly Match[];
  /** Those, and of its way to the internet. */
  readonly all: readonly Match[];
}

export function trafficMatchesOf({ filters, internet, routes }: Egress): TrafficMatches {
  const inside = [...filters.map(({ match }) => match), ...reachableFrom(routes).matches].filter(asksForTraffic);
  const out = [...internet.filters, ...internet.offers].map(({ match }) => match).filter(asksForTraffic);
  return { inside, all: [...inside, ...out] };
}

const asksForTraffic = ({ protocols, ports }: Match): boolean => protocols !== undefined || ports !== undefined;

/**
 * Classes that fit the same of the matches which mean a destination are asked once: the index of the first of each one's
 * like. A match that does not mean it is never met, whatever the protocol and the port.
 */
export class Likes {
  readonly #matches: readonly Match[];
  readonly #classes: readonly TrafficClass[];
  /** By the indexes of the matches that mean a destination: few of all there could be. */
  readonly #known = new Map<string, readonly number[]>();

  constructor(matches: readonly Match[], classes: readonly TrafficClass[]) {
    this.#matches = matches;
    this.#classes = classes;
  }

  at(destination: Ip): readonly number[] {
    let meant = "";
    for (let index = 0; index < this.#matches.length; index += 1)
      if (meansDestination(this.#matches[index] as Match, destination)) meant += `${index} `;
    const known = this.#known.get(meant) ?? this.#of(this.#matches.filter((one) => meansDestination(one, destination)));
    this.#known.set(meant, known);
    return known;
  }

  #of(meant: readonly Match[]): readonly number[] {
    const firsts = new Map<string, number>();
    return this.#classes.map((one, index) => {
      const key = meant.map((match) => fitOf(match, one)).join("");
      const like = firsts.get(key) ?? index;
      firsts.set(key, like);
      return like;
    });
  }
}

/** `?`: a packet without a port, which a filter for ports may mean. */
function fitOf({ protocols, ports }: Match, { protocol, ports: own }: TrafficClass): "y" | "n" | "?" {
  if (protocols?.includes(protocol) === false) return "n";
  if (ports === undefined) return "y";
  if (own === null) return "?";
  return ports.some(({ first, last }) => first <= own.first && own.last <= last) ? "y" : "n";
}

const FIRST_PORT = 1;
const LAST_PORT = 65_535;

/** The fewest classes of traffic, in order of protocol and port. */
export const trafficClassesOf = ({ all }: TrafficMatches): readonly TrafficClass[] => [
  ...portClasses("tcp", all),
  ...portClasses("udp", all),
  { protocol: "icmp", ports: null },
];

function portClasses(protocol: Protocol, matches: readonly Match[]): readonly TrafficClass[] {
  const starts = new Set([FIRST_PORT]);
  for (const { protocols, ports } of matches) {
    if (ports === undefined || protocols?.includes(protocol) === false) continue;
    for (const { first, last } of ports) {
      if (first > FIRST_PORT && first <= LAST_PORT) starts.add(first);
      if (last >= FIRST_PORT && last < LAST_PORT) starts.add(last + 1);
    }
  }
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((first, index) => ({
    protocol,
    ports: { first, last: (sorted[index + 1] ?? LAST_PORT + 1) - 1 },
  }));
}

/** How some of the classes read: `protocol` null and `ports` null where they make no difference. */
export interface TrafficShown {
  readonly protocol: Protocol | null;
  /** `25`, `1-24,26-65535` */
  readonly ports: string | null;
}

/** @param has whether a class is among those to show, by its index */
export function shownTraffic(
  classes: readonly TrafficClass[],
  has: (index: number) => boolean,
): readonly TrafficShown[] {
  if (classes.every((_, index) => has(index))) return [{ protocol: null, ports: null }];
  return (["tcp", "udp", "icmp"] as const).flatMap((protocol): readonly TrafficShown[] => {
    const all = classes.flatMap((one, index) => (one.protocol === protocol ? [{ one, index }] : []));
    const shown = all.filter(({ index }) => has(index));
    if (shown.length === 0) return [];
    const ports = shown.length === all.length ? null : joined(shown.flatMap(({ one }) => one.ports ?? []));
    return [{ protocol, ports }];
  });
}

/** Neighbouring ranges are one. */
function joined(ranges: readonly PortRange[]): string {
  const merged: PortRange[] = [];
  for (const range of ranges) {
    const previous = merged.at(-1);
    if (previous !== undefined && previous.last + 1 === range.first)
      merged[merged.length - 1] = { first: previous.first, last: range.last };
    else merged.push(range);
  }
  return merged.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join();
}

/** A class of two maps at once, by its index in each; -1 where a map has no classes at all. */
export interface CommonClass {
  readonly shown: TrafficClass;
  readonly before: number;
  readonly after: number;
}

/** The fewest classes that both maps can tell apart. */
export function commonTraffic(before: readonly TrafficClass[], after: readonly TrafficClass[]): readonly CommonClass[] {
  return (["tcp", "udp", "icmp"] as const).flatMap((protocol): readonly CommonClass[] => {
    const starts = new Set([...before, ...after].flatMap((one) => (one.protocol === protocol ? [startOf(one)] : [])));
    const sorted = [...starts].sort((a, b) => a - b);
    return sorted.map((first, index) => ({
      shown: {
        protocol,
        ports: protocol === "icmp" ? null : { first, last: (sorted[index + 1] ?? LAST_PORT + 1) - 1 },
      },
      before: indexAt(before, protocol, first),
      after: indexAt(after, protocol, first),
    }));
  });
}

const startOf = ({ ports }: TrafficClass): number => ports?.first ?? FIRST_PORT;

const indexAt = (classes: readonly TrafficClass[], protocol: Protocol, port: number): number =>
  classes.findLastIndex((one) => one.protocol === protocol && startOf(one) <= port);
