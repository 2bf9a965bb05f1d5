import { type Cidr, EVERY_IPV4, EVERY_IPV6, familyOfCidr } from "../address/cidr.ts";
import type { Family } from "../address/ip.ts";
import { largestOf, largestWhere } from "../address/largest.ts";
import { coverSteps, joinSteps, prefixesWhere, type StepFunction } from "../address/step-function.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption } from "../model/outcome.ts";
import { identityKey } from "../resolve/combine.ts";
import { BLOCKED } from "../resolve/packet.ts";
import { noAddressOfFamily } from "../resolve/rules.ts";
import { cut } from "./cut.ts";
import type { EgressMap, MapAnswer } from "./egress-map.ts";
import type { InterfaceMap, SourceMap } from "./estate-map.ts";
import { shownFor } from "./own.ts";
import type { Partner, PartnerTarget } from "./partners.ts";
import type { TrafficClass, TrafficShown } from "./traffic.ts";

/** All destinations and all traffic for which one sender shows one answer. */
export interface MapPiece extends TrafficShown {
  readonly interface: string;
  /** As a person would name it: `vm1/nic0`. */
  readonly name: string;
  readonly class: number;
  /** The address or block inside; null for the interface's primary address. */
  readonly source: Cidr | null;
  /** Whose destinations these are; null where no partners were named. */
  readonly partner: string | null;
  readonly destinations: readonly Cidr[];
  readonly answer: EgressIdentity;
  readonly certainty: MapAnswer["certainty"];
  /** Why it is not certain; empty when it is. */
  readonly open: readonly Assumption[];
  /** The rules that decide, the one for most of the destinations first. */
  readonly rules: readonly string[];
}

/** What a piece says, before it is said of one sender. */
export interface PieceOfMap extends TrafficShown {
  readonly destinations: readonly Cidr[];
  readonly answer: MapAnswer;
  readonly rules: readonly string[];
}

/** The pieces of one interface, source by source, the largest first; then what it has no address for. */
export function* piecesOf(one: InterfaceMap, partners: readonly Partner[] | null = null): Generator<MapPiece> {
  const { sources } = one;
  for (const source of sources)
    for (const { partner, pieces } of narrowedTo(source.map, partners))
      for (const piece of pieces) yield pieceFor(one, source, partner, piece);
  for (const family of [4, 6] as const)
    if (!sources.some(({ from }) => from.role === "primary" && from.family === family))
      yield* withoutAddress(one, family, partners);
}

/** Nothing of a family leaves an interface that has no address of it. */
function* withoutAddress(one: InterfaceMap, family: Family, partners: readonly Partner[] | null): Generator<MapPiece> {
  const everything: readonly Partner[] = [
    { name: "", targets: [{ cidr: family === 4 ? EVERY_IPV4 : EVERY_IPV6, protocol: null, port: null }] },
  ];
  for (const { name, targets } of partners ?? everything)
    for (const { cidr, protocol, port } of targets)
      if (familyOfCidr(cidr) === family)
        yield {
          interface: one.interface.id,
          name: `${one.host.name}/${one.interface.name}`,
          class: one.class,
          source: null,
          partner: partners === null ? null : name,
          destinations: [cidr],
          protocol,
          ports: port === null ? null : `${port}`,
          answer: BLOCKED,
          certainty: "predicted",
          open: [],
          rules: [noAddressOfFamily.id],
        };
}

function pieceFor(one: InterfaceMap, source: SourceMap, partner: string | null, piece: PieceOfMap): MapPiece {
  const { destinations, protocol, ports, answer, rules } = piece;
  return {
    interface: one.interface.id,
    name: `${one.host.name}/${one.interface.name}`,
    class: one.class,
    source: source.from.role === "primary" ? null : source.from.cidr,
    partner,
    destinations,
    protocol,
    ports,
    answer: shownFor(answer.identity, source.own),
    certainty: answer.certainty,
    open: answer.open,
    rules,
  };
}

interface Narrowed {
  readonly partner: string | null;
  readonly pieces: readonly PieceOfMap[];
}

const whole = new WeakMap<EgressMap, readonly Narrowed[]>();
const narrowed = new WeakMap<readonly Partner[], WeakMap<EgressMap, readonly Narrowed[]>>();

/** What a map says, whoever its sender is: what is a sender's own stands in numbered places. */
export interface Outlined {
  readonly answer: MapAnswer;
  /** The largest prefixes for which it holds. */
  readonly towards: readonly Cidr[];
}

/** Every piece of a map with no more than so many of its destinations. */
export function outlineOf(map: EgressMap, partners: readonly Partner[] | null, count: number): readonly Outlined[] {
  const pieces =
    partners === null
      ? cutMap(
          map,
          () => true,
          (steps, isWanted) => largestWhere(steps, isWanted, count),
        )
      : narrowedTo(map, partners).flatMap((one) => one.pieces);
  return pieces.map(({ answer, destinations }) => ({ answer, towards: largestOf(destinations, count) }));
}

/** Made once for a map, however many senders share it. */
function narrowedTo(map: EgressMap, partners: readonly Partner[] | null): readonly Narrowed[] {
  const known = partners === null ? whole : (narrowed.get(partners) ?? new WeakMap());
  if (partners !== null) narrowed.set(partners, known);
  const before = known.get(map);
  if (before !== undefined) return before;
  const made =
    partners === null
      ? [{ partner: null, pieces: cutMap(map, () => true) }]
      : partners.map((partner) => ({ partner: partner.name, pieces: piecesTowards(map, partner) }));
  known.set(map, made);
  return made;
}

/** A destination outside the family of the map has no piece in it. */
const piecesTowards = (map: EgressMap, { targets }: Partner): readonly PieceOfMap[] =>
  mergedTargets(
    targets.flatMap((target) => {
      const pieces = cutMap({ ...map, steps: insideOf(map.steps, target) }, (one) => isAsked(one, target));
      return pieces.map((piece) => ({ ...piece, ...trafficOf(target, piece) }));
    }),
    ({ answer }) => `${identityKey(answer.identity)} ${answer.certainty}`,
  );

/** Several targets of one partner that read alike are one piece. */
export function mergedTargets<P extends TrafficShown & { readonly destinations: readonly Cidr[] }>(
  pieces: readonly P[],
  readsAs: (piece: P) => string,
): readonly P[] {
  const merged = new Map<string, P>();
  for (const piece of pieces) {
    const key = `${piece.protocol} ${piece.ports} ${readsAs(piece)}`;
    const before = merged.get(key);
    const destinations = [...new Set([...(before?.destinations ?? []), ...piece.destinations])];
    merged.set(key, { ...(before ?? piece), destinations });
  }
  return [...merged.values()];
}

/** Everything outside the target is left out. */
export const insideOf = (steps: StepFunction, { cidr }: PartnerTarget): StepFunction =>
  joinSteps(steps, coverSteps(steps.family, [cidr]), (id, covered) => (covered === 1 ? id : OUTSIDE));

const OUTSIDE = -1;

export const isAsked = (one: TrafficClass, { protocol, port }: PartnerTarget): boolean =>
  (protocol === null || one.protocol === protocol) &&
  (port === null || (one.ports !== null && one.ports.first <= port && port <= one.ports.last));

/** What the user asked for is said, even where it makes no difference. */
export const trafficOf = ({ protocol, port }: PartnerTarget, shown: TrafficShown): TrafficShown => ({
  protocol: protocol ?? shown.protocol,
  ports: port === null ? shown.ports : `${port}`,
});

function cutMap(
  map: EgressMap,
  asked: (one: TrafficClass) => boolean,
  prefixes = prefixesWhere,
): readonly PieceOfMap[] {
  const readsAs = (id: number): string | null => {
    const answer = map.answers[id];
    return answer === undefined ? null : `${identityKey(answer.identity)} ${answer.certainty}`;
  };
  return cut(map, asked, readsAs, prefixes).flatMap(({ answers, ...piece }) => {
    const alike = answers.flatMap((id) => map.answers[id] ?? []);
    const [answer] = alike;
    const rules = [...new Set(alike.flatMap(({ rule }) => rule ?? []))];
    return answer === undefined ? [] : [{ ...piece, answer, rules }];
  });
}
