import { type Cidr, cidrsOfRange, pushCidrs4 } from "./cidr.ts";
import { type Family, type Ip, ipFromNumber } from "./ip.ts";
import { inNumbers, type Nested, nested, type Position, type PositionList } from "./nested.ts";
import { giveBack, roomFor, signed } from "./room.ts";

export type { Position } from "./nested.ts";

/**
 * One small number for every address of a family: `ids[i]` holds from `starts[i]` up to the next start. The first start
 * is zero, neighbours differ.
 */
export interface StepFunction {
  readonly family: Family;
  readonly starts: ArrayLike<Position>;
  readonly ids: ArrayLike<number>;
}

export const constantSteps = (family: Family, id: number): StepFunction => ({
  family,
  starts: family === 4 ? Uint32Array.of(0) : [0n],
  ids: Int32Array.of(id),
});

export const addressAt = (family: Family, position: Position): Ip => ipFromNumber(family, BigInt(position));

/** Collects steps in ascending order, joining neighbours that are alike. */
class StepBuilder {
  readonly #family: Family;
  readonly #room: Uint32Array;
  readonly #starts: PositionList;
  readonly #ids: Uint32Array;
  #count = 0;
  #last = 0;

  /** @param most there will be no more steps than these */
  constructor(family: Family, most: number) {
    this.#family = family;
    this.#room = roomFor(most);
    this.#starts = family === 4 ? this.#room : [];
    this.#ids = roomFor(most);
  }

  /** @param start above the last one */
  add(start: Position, id: number): void {
    const count = this.#count;
    if (count > 0 && this.#last === id) return;
    this.#starts[count] = start;
    this.#ids[count] = id;
    this.#last = id;
    this.#count += 1;
  }

  /** Nothing is added any more. */
  done(): StepFunction {
    const count = this.#count;
    const steps = { family: this.#family, starts: this.#starts.slice(0, count), ids: signed(this.#ids, count) };
    giveBack(this.#room, this.#ids);
    return steps;
  }
}

/** @param ids inside each prefix of a table, by its number */
export function stepsOf(
  family: Family,
  { starts, owners }: Nested,
  outside: number,
  ids: ArrayLike<number>,
): StepFunction {
  const steps = new StepBuilder(family, starts.length);
  for (let index = 0; index < starts.length; index += 1) {
    const owner = owners[index] ?? -1;
    steps.add(starts[index] ?? 0, owner < 0 ? outside : (ids[owner] ?? 0));
  }
  return steps.done();
}

/** One id inside any of the prefixes, another outside. */
export function coverSteps(family: Family, cidrs: readonly Cidr[], inside = 1, outside = 0): StepFunction {
  const table = nested(cidrs, (cidr) => cidr, family);
  return stepsOf(family, table, outside, new Int32Array(table.count).fill(inside));
}

/** Something that holds in places, over whatever is below it. */
export interface Layer {
  /** 1 where it holds. */
  readonly where: StepFunction;
  readonly over: (below: number) => number;
}

/** Layers over one another, on a ground that is the same everywhere; the first is the lowest. */
export function layered(family: Family, ground: number, layers: readonly Layer[]): StepFunction {
  const starts = family === 4 ? allStarts4(layers) : allStarts6(layers);
  const ids = new Int32Array(starts.length).fill(ground);
  for (const { where, over } of layers) {
    let at = 0;
    for (let index = 0; index < where.starts.length; index += 1) {
      if (where.ids[index] !== 1) continue;
      at = indexAtLeast(starts, where.starts[index] ?? 0, at);
      const next = where.starts[index + 1];
      for (; at < starts.length && (next === undefined || (starts[at] ?? 0) < next); at += 1)
        ids[at] = over(ids[at] ?? 0);
    }
  }
  const steps = new StepBuilder(family, starts.length);
  for (let index = 0; index < starts.length; index += 1) steps.add(starts[index] ?? 0, ids[index] ?? 0);
  return steps.done();
}

function allStarts4(layers: readonly Layer[]): Uint32Array {
  const all = layers.map(({ where }) => inNumbers(where.starts));
  const starts = new Uint32Array(all.reduce((sum, { length }) => sum + length, 1));
  let filled = 1;
  for (const one of all) {
    starts.set(one, filled);
    filled += one.length;
  }
  starts.sort();
  let count = 1;
  for (const start of starts)
    if (start !== starts[count - 1]) {
      starts[count] = start;
      count += 1;
    }
  return starts.subarray(0, count);
}

function allStarts6(layers: readonly Layer[]): readonly Position[] {
  const starts = new Set(layers.reduce<Position[]>((all, { where }) => all.concat(Array.from(where.starts)), [0n]));
  return [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** @param from no start before this index is looked at */
function indexAtLeast(starts: ArrayLike<Position>, position: Position, from: number): number {
  let low = from;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What holds where two functions hold each their own.
 *
 * @param join what two ids come to, wherever they meet; called in ascending order, not for every place
 */
export function joinSteps(
  a: StepFunction,
  b: StepFunction,
  join: (a: number, b: number, start: Position) => number,
): StepFunction {
  if (a.family === 4) return joinSteps4(a, b, join);
  const steps = new StepBuilder(a.family, a.starts.length + b.starts.length);
  let i = 0;
  let j = 0;
  while (i < a.starts.length || j < b.starts.length) {
    const atA = a.starts[i];
    const atB = b.starts[j];
    const start = atB === undefined || (atA !== undefined && atA <= atB) ? atA : atB;
    if (start === undefined) break;
    if (atA === start) i += 1;
    if (atB === start) j += 1;
    steps.add(start, join(a.ids[i - 1] ?? 0, b.ids[j - 1] ?? 0, start));
  }
  return steps.done();
}

/** The same where positions are numbers, which is most of the work of a map. Few pairs meet, in many places. */
function joinSteps4(
  a: StepFunction,
  b: StepFunction,
  join: (a: number, b: number, start: number) => number,
): StepFunction {
  const [startsA, startsB] = [inNumbers(a.starts), inNumbers(b.starts)];
  const [idsA, idsB] = [a.ids, b.ids];
  const [countA, countB] = [startsA.length, startsB.length];
  const steps = new StepBuilder(4, countA + countB);
  const met = new Int32Array(3 * MET).fill(NEVER);
  let i = 0;
  let j = 0;
  while (i < countA || j < countB) {
    const atA = i < countA ? (startsA[i] ?? 0) : END_OF_IPV4;
    const atB = j < countB ? (startsB[j] ?? 0) : END_OF_IPV4;
    const start = atA < atB ? atA : atB;
    if (atA === start) i += 1;
    if (atB === start) j += 1;
    const one = (idsA[i - 1] ?? 0) | 0;
    const other = (idsB[j - 1] ?? 0) | 0;
    const place = 3 * ((one + 31 * other) & (MET - 1));
    if (met[place] !== one || met[place + 1] !== other) {
      met[place] = one;
      met[place + 1] = other;
      met[place + 2] = join(one, other, start);
    }
    steps.add(start, met[place + 2] ?? 0);
  }
  return steps.done();
}

/** How many pairs are remembered while two functions are joined. */
const MET = 256;
/** No id. */
const NEVER = -(2 ** 31);
const END_OF_IPV4 = 2 ** 32;

/** The fewest prefixes that hold exactly the addresses whose id is wanted, ascending. */
export function prefixesWhere(steps: StepFunction, isWanted: (id: number) => boolean): readonly Cidr[] {
  const prefixes: Cidr[] = [];
  for (const { first, last } of runsWhere(steps, isWanted))
    if (typeof first === "number") pushCidrs4(prefixes, first, Number(last));
    else prefixes.push(...cidrsOfRange({ family: 6, first, last: BigInt(last) }));
  return prefixes;
}

/** From the first to the last address of every stretch whose ids are wanted, ascending: numbers of IPv4, bigints of IPv6. */
export function* runsWhere(
  { family, starts, ids }: StepFunction,
  isWanted: (id: number) => boolean,
): Generator<{ readonly first: Position; readonly last: Position }> {
  for (let index = 0; index < starts.length; index += 1) {
    if (!isWanted(ids[index] ?? 0)) continue;
    const first = starts[index] ?? 0;
    while (index + 1 < starts.length && isWanted(ids[index + 1] ?? 0)) index += 1;
    const next = starts[index + 1];
    if (family === 4) yield { first, last: Number(next ?? END_OF_IPV4) - 1 };
    else yield { first, last: BigInt(next ?? END_OF_IPV6) - 1n };
  }
}

const END_OF_IPV6 = 1n << 128n;

/** The id at an address. */
export function stepAt(steps: StepFunction, position: Position): number {
  const { starts, ids } = steps;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as Position) <= position) low = middle;
    else high = middle - 1;
  }
  return ids[low] ?? 0;
}
