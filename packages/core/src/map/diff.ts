import type { Cidr } from "../address/cidr.ts";
import { joinSteps, type StepFunction } from "../address/step-function.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption } from "../model/outcome.ts";
import { identityKey } from "../resolve/combine.ts";
import { type Cut, cut, type Profiled } from "./cut.ts";
import type { EgressMap, MapAnswer } from "./egress-map.ts";
import type { EstateMap, InterfaceMap, SourceMap } from "./estate-map.ts";
import { shownFor } from "./own.ts";
import type { Partner, PartnerTarget } from "./partners.ts";
import { insideOf, isAsked, mergedTargets, trafficOf } from "./pieces.ts";
import { commonTraffic, type TrafficClass, type TrafficShown } from "./traffic.ts";

/** What became of an answer. `identity`: other addresses, another kind, another translator. */
export type Change = "new" | "gone" | "identity" | "stability" | "certainty";

export interface Side {
  readonly answer: EgressIdentity;
  /** The same for all who differ in their own addresses alone: those stand in it as numbered places. */
  readonly shared: EgressIdentity;
  readonly certainty: MapAnswer["certainty"];
  readonly rule: string | null;
  /** Why it is not certain; empty when it is. */
  readonly open: readonly Assumption[];
}

/** All destinations and traffic for which one sender's answer changes in one way. */
export interface DiffPiece extends TrafficShown {
  readonly interface: string;
  readonly name: string;
  /** The address or block inside; null for the interface's primary address. */
  readonly source: Cidr | null;
  readonly partner: string | null;
  readonly destinations: readonly Cidr[];
  readonly change: Change;
  /** Null when the interface is new, or gone. */
  readonly before: Side | null;
  readonly after: Side | null;
}

/** What changes for whom, towards what. Nothing: the two estates are seen alike. */
export function* diffOf(
  before: EstateMap,
  after: EstateMap,
  partners: readonly Partner[] | null = null,
): Generator<DiffPiece> {
  const overlays = new Overlays();
  for (const [old, now] of paired(before, after)) {
    for (const [one, other] of sourcesPaired(old, now)) {
      const from = other ?? one;
      const named = now ?? old;
      if (from === null || named === null) continue;
      for (const { partner, piece, sides } of overlays.between(one, other, partners))
        yield {
          interface: named.interface.id,
          name: `${named.host.name}/${named.interface.name}`,
          source: from.from.role === "primary" ? null : from.from.cidr,
          partner,
          destinations: piece.destinations,
          protocol: piece.protocol,
          ports: piece.ports,
          change: changeOf(sides),
          ...sides,
        };
    }
  }
}

type Pair<T> = readonly [before: T | null, after: T | null];

/** By id, else by name where that means one thing on both sides: a plan and an export name resources differently. */
function paired(before: EstateMap, after: EstateMap): readonly Pair<InterfaceMap>[] {
  const left = new Map(before.interfaces.map((one) => [one.interface.id, one]));
  const named = uniqueByName(before);
  const unique = uniqueByName(after);
  const taken = new Set<InterfaceMap>();
  const pairs = after.interfaces.map((one): Pair<InterfaceMap> => {
    const name = nameOf(one);
    const found = left.get(one.interface.id) ?? (unique.has(name) ? named.get(name) : undefined) ?? null;
    if (found !== null && !taken.has(found)) {
      taken.add(found);
      return [found, one];
    }
    return [null, one];
  });
  return [...pairs, ...before.interfaces.flatMap((one): Pair<InterfaceMap>[] => (taken.has(one) ? [] : [[one, null]]))];
}

const nameOf = ({ host, interface: one }: InterfaceMap): string => `${host.name}/${one.name}`;

function uniqueByName({ interfaces }: EstateMap): ReadonlyMap<string, InterfaceMap> {
  const found = new Map<string, InterfaceMap | null>();
  for (const one of interfaces) found.set(nameOf(one), found.has(nameOf(one)) ? null : one);
  return new Map([...found].flatMap(([name, one]) => (one === null ? [] : [[name, one] as const])));
}

/** A primary address with the primary of the other side, whatever it is now; the others by themselves. */
function sourcesPaired(old: InterfaceMap | null, now: InterfaceMap | null): readonly Pair<SourceMap>[] {
  const keyOf = ({ from }: SourceMap): string =>
    from.role === "primary" ? `primary ${from.family}` : `${from.role} ${from.cidr}`;
  const before = new Map((old?.sources ?? []).map((one) => [keyOf(one), one]));
  const after = new Map((now?.sources ?? []).map((one) => [keyOf(one), one]));
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => [
    before.get(key) ?? null,
    after.get(key) ?? null,
  ]);
}

interface Sides {
  readonly before: Side | null;
  readonly after: Side | null;
}

function changeOf({ before, after }: Sides): Change {
  if (before === null) return "new";
  if (after === null) return "gone";
  const same = { ...before.answer, stability: after.answer.stability };
  if (identityKey(same) !== identityKey(after.answer)) return "identity";
  return before.answer.stability === after.answer.stability ? "certainty" : "stability";
}

interface Found {
  readonly partner: string | null;
  readonly piece: Omit<Cut, "answers">;
  readonly sides: Sides;
}

/** Two maps laid over each other, once for all senders that share both. */
class Overlays {
  readonly #known = new Map<EgressMap, Map<EgressMap, Overlay>>();

  between(one: SourceMap | null, other: SourceMap | null, partners: readonly Partner[] | null): readonly Found[] {
    const before = one?.map ?? NOTHING;
    const after = other?.map ?? NOTHING;
    const overlay = this.#overlayOf(before, after);
    // Answers are compared as they read for this sender; senders that keep their addresses read alike.
    const sidesOf = (pair: number): Sides => {
      const [left, right] = overlay.pairs[pair] ?? [-1, -1];
      return { before: sideOf(one, left), after: sideOf(other, right) };
    };
    const key = alikeKey(one, other);
    const readsAs = (pair: number): string | null => {
      const { before: was, after: is } = sidesOf(pair);
      const [left, right] = [readingOf(was), readingOf(is)];
      // A new interface from which nothing leaves changes nothing for anybody.
      if ((was ?? is)?.answer.kind === "blocked" && (was === null || is === null)) return null;
      return left === right ? null : `${left}\n${right}`;
    };
    const pieces = overlay.cutFor(key, partners, readsAs);
    return pieces.map(({ partner, piece: { answers, ...piece } }) => ({
      partner,
      piece,
      sides: sidesOf(answers[0] ?? -1),
    }));
  }

  #overlayOf(before: EgressMap, after: EgressMap): Overlay {
    const known = this.#known.get(before) ?? new Map<EgressMap, Overlay>();
    this.#known.set(before, known);
    const overlay = known.get(after) ?? new Overlay(before, after);
    known.set(after, overlay);
    return overlay;
  }
}

/** Which of the two senders' own places hold the same: all that the comparison of their answers depends on. */
function alikeKey(one: SourceMap | null, other: SourceMap | null): string {
  const before = one?.own.shown ?? [];
  const after = other?.own.shown ?? [];
  return `${before.map((text) => after.indexOf(text)).join()} ${after.length}`;
}

const sideOf = (source: SourceMap | null, id: number): Side | null => {
  const found = source?.map.answers[id];
  if (source === null || found === undefined) return null;
  return {
    answer: shownFor(found.identity, source.own),
    shared: found.identity,
    certainty: found.certainty,
    rule: found.rule,
    open: found.open,
  };
};

const readingOf = (side: Side | null): string => (side === null ? "" : `${identityKey(side.answer)} ${side.certainty}`);

interface Pieces {
  readonly partner: string | null;
  readonly piece: Cut;
}

class Overlay {
  readonly pairs: (readonly [number, number])[] = [];
  readonly #profiled: Profiled;
  readonly #cuts = new Map<string, readonly Pieces[]>();

  constructor(before: EgressMap, after: EgressMap) {
    const ids = new Map<string, number>();
    const pairOf = (one: number, other: number): number => {
      const key = `${one} ${other}`;
      const known = ids.get(key) ?? this.pairs.length;
      if (known === this.pairs.length) this.pairs.push([one, other]);
      ids.set(key, known);
      return known;
    };
    const traffic = commonTraffic(before.traffic, after.traffic);
    const profiles: number[][] = [];
    const byPair = new Map<string, number>();
    const steps = joinSteps(spread(before, after), spread(after, before), (one, other) => {
      const key = `${one} ${other}`;
      const known = byPair.get(key);
      if (known !== undefined) return known;
      byPair.set(key, profiles.length);
      const [left, right] = [before.profiles[one], after.profiles[other]];
      profiles.push(traffic.map(({ before: was, after: is }) => pairOf(left?.[was] ?? -1, right?.[is] ?? -1)));
      return profiles.length - 1;
    });
    this.#profiled = { traffic: traffic.map(({ shown }) => shown), steps, profiles };
  }

  cutFor(
    key: string,
    partners: readonly Partner[] | null,
    readsAs: (pair: number) => string | null,
  ): readonly Pieces[] {
    const known = this.#cuts.get(key);
    if (known !== undefined) return known;
    const made =
      partners === null
        ? cut(this.#profiled, () => true, readsAs).map((piece) => ({ partner: null, piece }))
        : partners.flatMap(({ name, targets }) =>
            mergedTargets(
              targets.flatMap((target) => this.#towards(target, readsAs)),
              ({ answers }) => readsAs(answers[0] ?? -1) ?? "",
            ).map((piece) => ({ partner: name, piece })),
          );
    this.#cuts.set(key, made);
    return made;
  }

  #towards(target: PartnerTarget, readsAs: (pair: number) => string | null): readonly Cut[] {
    const inside = { ...this.#profiled, steps: insideOf(this.#profiled.steps, target) };
    const asked = (one: TrafficClass): boolean => isAsked(one, target);
    return cut(inside, asked, readsAs).map((piece) => ({ ...piece, ...trafficOf(target, piece) }));
  }
}

/** A side that is not there has one piece without an answer, of the other's family. */
const NOTHING: EgressMap = {
  traffic: [],
  steps: { family: 4, starts: [0], ids: [-1] },
  profiles: [],
  answers: [],
};

const spread = (map: EgressMap, other: EgressMap): StepFunction =>
  map === NOTHING && other.steps.family === 6 ? { family: 6, starts: [0n], ids: [-1] } : map.steps;
