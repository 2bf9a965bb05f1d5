import type { StepFunction } from "../address/step-function.ts";
import type { Estate, Host, Interface } from "../model/estate.ts";
import { identityKey } from "../resolve/combine.ts";
import { type EgressMap, egressMapFrom } from "./egress-map.ts";
import { kindOf, type MapSource, type Own, shownFor, sourcesOf } from "./own.ts";

/** The map of one source of an interface: shared with every sender of its kind. */
export interface SourceMap {
  readonly from: MapSource;
  readonly map: EgressMap;
  /** What of the map is the sender's own: as it was computed, and as it is for this one. */
  readonly computed: Own;
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
  /** Interfaces to leave out; absent: all are mapped. */
  readonly wanted?: (host: Host, one: Interface) => boolean;
}

/** The egress map of every interface. Interfaces that differ in their own addresses alone are computed once. */
export function mapEstate(estate: Estate, { spoiled, wanted }: MapOptions): EstateMap {
  const kinds = new Map<string, Computed>();
  const contents = new Contents();
  const classes = new Map<string, number>();
  const interfaces: InterfaceMap[] = [];
  for (const host of estate.hosts)
    for (const one of host.interfaces) {
      if (wanted !== undefined && !wanted(host, one)) continue;
      const sources = sourcesOf(host, one).map((from): SourceMap => {
        const { key, own } = kindOf(from);
        const known = kinds.get(key) ?? computedFor(from, own, spoiled, contents);
        kinds.set(key, known);
        return { ...known, from, own };
      });
      const key = sources.map((source) => `${source.from.role} ${source.class}`).join();
      const number = classes.get(key) ?? classes.size;
      classes.set(key, number);
      interfaces.push({ host, interface: one, class: number, sources });
    }
  return { interfaces, computed: kinds.size, classes: classes.size };
}

type Computed = Pick<SourceMap, "map" | "computed" | "class">;

function computedFor(from: MapSource, own: Own, spoiled: boolean, contents: Contents): Computed {
  const map = egressMapFrom(from, spoiled);
  return { map, computed: own, class: contents.classOf(map, own) };
}

/** Maps by what they say, with numbered places where a sender's own stands. */
class Contents {
  readonly #byHash = new Map<string, { readonly steps: StepFunction; readonly id: number }[]>();
  #count = 0;

  classOf(map: EgressMap, own: Own): number {
    const places = { computed: [], shown: own.computed.map((_, index) => `$${index}`) };
    const traffic = map.traffic.map(({ protocol, ports }) => `${protocol} ${ports?.first}`).join();
    const answers = map.answers.map(
      ({ identity, certainty, rule }) => `${identityKey(shownFor(identity, own, places))} ${certainty} ${rule}`,
    );
    const said = map.profiles.map((profile) => profile.map((index) => answers[index]).join("\n"));
    const hash = `${traffic} ${said.join("\f")} ${hashOf(map.steps)}`;
    const alike = this.#byHash.get(hash) ?? [];
    this.#byHash.set(hash, alike);
    const found = alike.find((one) => sameSteps(one.steps, map.steps));
    if (found !== undefined) return found.id;
    alike.push({ steps: map.steps, id: this.#count });
    this.#count += 1;
    return this.#count - 1;
  }
}

/** FNV-1a over the starts' low bits and the ids; only to find candidates. */
function hashOf({ family, starts, ids }: StepFunction): string {
  let hash = 0x811c9dc5;
  for (const [index, start] of starts.entries()) {
    const low = typeof start === "number" ? start : Number(start >> 64n);
    hash = Math.imul(hash ^ (low | 0), 0x01000193);
    hash = Math.imul(hash ^ (ids[index] ?? 0), 0x01000193);
  }
  return `${family} ${starts.length} ${hash >>> 0}`;
}

const sameSteps = (a: StepFunction, b: StepFunction): boolean =>
  a.starts.length === b.starts.length &&
  a.starts.every((start, index) => start === b.starts[index] && a.ids[index] === b.ids[index]);
