import { type Cidr, familyOfCidr, type Range, rangeOf } from "./cidr.ts";
import { bitsOf, type Family, type Ip, ipFromNumber } from "./ip.ts";

/**
 * A step function over destination space: for every address one value, changing only at the edges of known prefixes.
 * One flow is a look-up in it (`at`); the map of a whole estate is the walk over its pieces (`piecesOf`).
 */
export interface DestinationMap<T> {
  at(destination: Ip): T;
  /** Prefixes at whose edges the value may change; duplicates are allowed. */
  readonly edges: readonly Cidr[];
}

export interface Piece<T> {
  readonly range: Range;
  readonly value: T;
}

/** @param edges must hold every prefix at which `at` can change its value. */
export const destinationMap = <T>(edges: readonly Cidr[], at: (destination: Ip) => T): DestinationMap<T> => ({
  at,
  edges,
});

/** The whole space of one family, cut into the fewest ranges that each have one value. */
export function piecesOf<T>(
  map: DestinationMap<T>,
  family: Family,
  same: (a: T, b: T) => boolean,
): readonly Piece<T>[] {
  const end = (1n << BigInt(bitsOf(family))) - 1n;
  const starts = new Set<bigint>([0n]);
  for (const edge of map.edges) {
    if (familyOfCidr(edge) !== family) continue;
    const { first, last } = rangeOf(edge);
    starts.add(first);
    if (last < end) starts.add(last + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const pieces: Piece<T>[] = [];
  for (const [index, first] of sorted.entries()) {
    const next = sorted[index + 1];
    const last = next === undefined ? end : next - 1n;
    const value = map.at(ipFromNumber(family, first));
    const previous = pieces.at(-1);
    if (previous !== undefined && same(previous.value, value))
      pieces[pieces.length - 1] = { range: { ...previous.range, last }, value: previous.value };
    else pieces.push({ range: { family, first, last }, value });
  }
  return pieces;
}
