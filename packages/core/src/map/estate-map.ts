import type { StepFunction } from "../address/step-function.ts";
import type { Estate, Host, Interface } from "../model/estate.ts";
import { type EgressMap, Mapper } from "./egress-map.ts";
import { type MapSource, type Own, sourcesOf } from "./own.ts";

/** The map of one source of an interface: shared with every sender of its kind. */
export interface SourceMap {
  readonly from: MapSource;
  readonly map: EgressMap;
  /** What stands in the numbered places of the map. */
  readonly own: Own;
  /** Equal maps, equal numbers. */
  readonly class: number;
}

export interface InterfaceMap {
  readonly host: Host;
  readonly interface: Interface;
  /** Interfaces with equal maps share a number. */
  readonly class: number;
  readonly sources: readonly SourceMap[];
}

export interface EstateMap {
  readonly interfaces: readonly InterfaceMap[];
  /** How many maps were computed, and how many of them differ. */
  readonly computed: number;
  readonly classes: number;
}

export interface MapOptions {
  /** A configuration file had an error: nothing is more than possible. */
  readonly spoiled: boolean;
  /** Absent: all interfaces are mapped. */
  readonly wanted?: (host: Host, one: Interface) => boolean;
}

/** The egress map of every interface. Interfaces that differ in their own addresses alone are computed once. */
export function mapEstate(estate: Estate, { spoiled, wanted }: MapOptions): EstateMap {
  const mapper = new Mapper(spoiled);
  const computed = new Map<string, Pick<SourceMap, "map" | "class">>();
  const contents = new Contents();
  const classes = new Map<string, number>();
  const mapOf = (from: MapSource): SourceMap => {
    const kind = mapper.kindOf(from);
    let known = computed.get(kind.key);
    if (known === undefined) {
      const map = mapper.mapOf(from, kind);
      known = { map, class: contents.classOf(map) };
      computed.set(kind.key, known);
    }
    return { from, own: kind.own, ...known };
  };
  const interfaces: InterfaceMap[] = [];
  for (const host of estate.hosts)
    for (const one of host.interfaces) {
      if (wanted !== undefined && !wanted(host, one)) continue;
      const sources = sourcesOf(host, one).map(mapOf);
      const key = sources.map((source) => `${source.from.role} ${source.class}`).join();
      const number = classes.get(key) ?? classes.size;
      classes.set(key, number);
      interfaces.push({ host, interface: one, class: number, sources });
    }
  return { interfaces, computed: computed.size, classes: classes.size };
}

interface Known {
  readonly steps: StepFunction;
  readonly class: number;
}

/** Maps by what they say: those of one mapper number their profiles alike. */
class Contents {
  readonly #byHash = new Map<string, Known[]>();
  #count = 0;

  classOf({ traffic, steps }: EgressMap): number {
    const hash = `${traffic.map(({ protocol, ports }) => `${protocol}${ports?.first}`).join()} ${hashOf(steps)}`;
    const alike = this.#byHash.get(hash) ?? [];
    this.#byHash.set(hash, alike);
    const found = alike.find((one) => sameSteps(one.steps, steps));
    if (found !== undefined) return found.class;
    alike.push({ steps, class: this.#count });
    this.#count += 1;
    return this.#count - 1;
  }
}

/** FNV-1a over the upper bits of the starts and the ids; only to find candidates. */
function hashOf({ family, starts, ids }: StepFunction): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < starts.length; index += 1) {
    const start = starts[index] ?? 0;
    const part = typeof start === "number" ? start : Number(start >> 64n);
    hash = Math.imul(hash ^ (part | 0), 0x01000193);
    hash = Math.imul(hash ^ (ids[index] ?? 0), 0x01000193);
  }
  return `${family} ${starts.length} ${hash >>> 0}`;
}

function sameSteps(a: StepFunction, b: StepFunction): boolean {
  if (a.starts.length !== b.starts.length) return false;
  for (let index = 0; index < a.starts.length; index += 1)
    if (a.starts[index] !== b.starts[index] || a.ids[index] !== b.ids[index]) return false;
  return true;
}
