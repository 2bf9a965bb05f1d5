import type { StepFunction } from "../address/step-function.ts";
import type { Estate, Host, Interface } from "../model/estate.ts";
import { type EgressMap, Mapper } from "./egress-map.ts";
import { Interned } from "./interned.ts";
import type { Kind } from "./kinds.ts";
import { type MapSource, type Own, ownOf, sourcesOf } from "./own.ts";

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
  const alike = new Alike(spoiled);
  const interfaces: InterfaceMap[] = [];
  for (const host of estate.hosts)
    for (const one of host.interfaces)
      if (wanted === undefined || wanted(host, one)) interfaces.push(alike.mapped(host, one));
  return { interfaces, computed: alike.computed, classes: alike.classes };
}

/** What interfaces share whose sources are of the same kinds. */
interface Shared {
  readonly class: number;
  readonly maps: readonly Pick<SourceMap, "map" | "class">[];
}

/** Maps of what is alike, each made once. */
class Alike {
  readonly #mapper: Mapper;
  readonly #contents = new Contents();
  /** By the numbers of kinds. */
  readonly #maps = new Map<number, Pick<SourceMap, "map" | "class">>();
  readonly #shared = new Map<number, Shared>();
  /** Of interfaces with one source, which nearly all are. */
  readonly #alone: Shared[] = [];
  readonly #chains = new Interned(1);
  readonly #classes = new Map<string, number>();
  readonly #kindOf = (from: MapSource): Kind => this.#mapper.kindOf(from);

  constructor(spoiled: boolean) {
    this.#mapper = new Mapper(spoiled);
  }

  get computed(): number {
    return this.#maps.size;
  }

  get classes(): number {
    return this.#classes.size;
  }

  mapped(host: Host, one: Interface): InterfaceMap {
    const sources = sourcesOf(host, one);
    const [first] = sources;
    if (sources.length === 1 && first !== undefined) {
      const kind = this.#kindOf(first);
      const place = kind.id * ROLES + ROLE[first.role];
      const shared = this.#alone[place] ?? this.#share(sources, [kind]);
      this.#alone[place] = shared;
      return new Mapped(host, one, shared, kind.more.length === 0 ? null : [kind.more]);
    }
    const kinds = sources.map(this.#kindOf);
    let chain = NO_SOURCE;
    for (let index = 0; index < kinds.length; index += 1)
      chain = this.#chains.pairOf(chain, (kinds[index]?.id ?? 0) * ROLES + ROLE[sources[index]?.role ?? "primary"]);
    const shared = this.#shared.get(chain) ?? this.#share(sources, kinds);
    this.#shared.set(chain, shared);
    return new Mapped(host, one, shared, kinds.every(hasNoMore) ? null : kinds.map(({ more }) => more));
  }

  #share(sources: readonly MapSource[], kinds: readonly Kind[]): Shared {
    const maps = sources.flatMap((from, index) => {
      const kind = kinds[index];
      return kind === undefined ? [] : [this.#mapOf(from, kind)];
    });
    const key = sources.map(({ role }, index) => `${role} ${maps[index]?.class}`).join();
    const number = this.#classes.get(key) ?? this.#classes.size;
    this.#classes.set(key, number);
    return { class: number, maps };
  }

  #mapOf(from: MapSource, kind: Kind): Pick<SourceMap, "map" | "class"> {
    const known = this.#maps.get(kind.id);
    if (known !== undefined) return known;
    const map = this.#mapper.mapOf(from, kind);
    const made = { map, class: this.#contents.classOf(map) };
    this.#maps.set(kind.id, made);
    return made;
  }
}

const hasNoMore = ({ more }: Kind): boolean => more.length === 0;

const ROLE = { primary: 0, secondary: 1, range: 2 } as const;
const ROLES = 3;
/** Pairs are numbered from one. */
const NO_SOURCE = 0;

/** Of a hundred thousand most are only counted: what is said of each source is made when it is asked for. */
class Mapped implements InterfaceMap {
  readonly host: Host;
  readonly interface: Interface;
  readonly #shared: Shared;
  /** What of each source's offers is its own; null: nothing, of none. */
  readonly #more: readonly (readonly string[])[] | null;

  constructor(host: Host, one: Interface, shared: Shared, more: readonly (readonly string[])[] | null) {
    this.host = host;
    this.interface = one;
    this.#shared = shared;
    this.#more = more;
  }

  get class(): number {
    return this.#shared.class;
  }

  get sources(): readonly SourceMap[] {
    const { maps } = this.#shared;
    return sourcesOf(this.host, this.interface).flatMap((from, index) => {
      const known = maps[index];
      return known === undefined ? [] : [{ from, own: ownOf(from, this.#more?.[index] ?? []), ...known }];
    });
  }
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
