import type { AddressNumber } from "../address-number.ts";
import { type EndColumn, NO_END, type RowColumns } from "../columns.ts";
import type { Workspace } from "../pack.ts";
import { EVENTS, KINDS } from "../words.ts";
import { type Order, SPAN_US } from "./format.ts";
import type { Segment } from "./manifest.ts";

/** Addresses in the workspace of the columns of one end. */
export interface PlacedEnd {
  readonly v4: number;
  readonly port: number;
  /** By every row of the batch. */
  readonly isShown: boolean;
}

const DROPPED = EVENTS.indexOf("dropped");

type Numbers = "atUs" | "lastedUs" | "workload" | "reporter" | "kind" | "strength" | "event" | "protocol";

/** What the rows of a file have in common. */
export interface Summary extends Pick<Segment, "rows" | "sinceUs" | "lastAtUs" | "untilUs" | "kinds"> {
  /** The greatest `untilUs - atUs`. */
  readonly longestUs: number;
}

/** Columns of a batch as they lie in a workspace. A key is the address of a number of 32 bits for each row. */
export class PlacedBatch {
  readonly space: Workspace;
  readonly columns: RowColumns;
  readonly at: Readonly<Record<Numbers, number>>;
  readonly before: PlacedEnd;
  readonly seen: PlacedEnd;
  readonly destination: PlacedEnd;

  constructor(space: Workspace, columns: RowColumns) {
    const { length } = columns;
    const put = (name: Numbers): number => space.put(columns[name].subarray(0, length));
    const putEnd = (end: EndColumn): PlacedEnd => {
      const [v4, port] = [space.put(end.v4.subarray(0, length)), space.put(end.port.subarray(0, length))];
      return { v4, port, isShown: space.pack.areShown(port, length) !== 0 };
    };
    this.space = space;
    this.columns = columns;
    this.at = {
      ...{ atUs: put("atUs"), lastedUs: put("lastedUs"), workload: put("workload"), reporter: put("reporter") },
      ...{ kind: put("kind"), strength: put("strength"), event: put("event"), protocol: put("protocol") },
    };
    this.before = putEnd(columns.before);
    this.seen = putEnd(columns.seen);
    this.destination = putEnd(columns.destination);
  }

  /** Hours or days since the first of the batch. */
  spanKey(order: Order): number {
    const { length } = this.columns;
    const key = this.#key();
    this.space.pack.spanKeys(this.at.atUs, length, SPAN_US[order], key);
    return key;
  }

  /** Ports, of which `NO_END` is the least. */
  portKey({ port }: PlacedEnd): number {
    const key = this.#key();
    this.space.pack.shifted(port, this.columns.length, -NO_END, key);
    return key;
  }

  /** Addresses as two keys: which family, and in which order within it. */
  addressKeys(which: "before" | "seen" | "destination"): readonly [family: number, value: number] {
    const { length } = this.columns;
    const { six } = this.columns[which];
    const { v4, port } = this[which];
    const [family, value] = [this.#key(), this.#key()];
    this.space.pack.endKeys(v4, port, length, family, value);
    const [families, values] = [this.space.words(family, length), this.space.words(value, length)];
    const ranks = ranksOf(six);
    for (const [row, { hi, lo }] of six) {
      families[row] = 2;
      values[row] = ranks.get(`${hi} ${lo}`) ?? 0;
    }
    return [family, value];
  }

  /** Where no source before translation is shown, the one that was seen comes first in the sort, as if it were it. */
  sourceKeys(): readonly [family: number, value: number] {
    const { length, before } = this.columns;
    const [family, value] = this.addressKeys("before");
    if (this.before.isShown) return [family, value];
    const other = this.addressKeys("seen");
    const [families, values] = [this.space.words(family, length), this.space.words(value, length)];
    const [otherFamilies, otherValues] = other.map((key) => this.space.words(key, length));
    for (let row = 0; row < length; row += 1)
      if (before.port[row] === NO_END) {
        families[row] = otherFamilies?.[row] ?? 0;
        values[row] = otherValues?.[row] ?? 0;
      }
    return [family, value];
  }

  /** Parts of rows that are sorted by a key, first of all: those that agree in it. */
  runsOf(sorted: Uint32Array, key: number): readonly Uint32Array[] {
    const keys = this.space.words(key, this.columns.length);
    const of = (at: number): number | undefined => keys[sorted[at] ?? 0];
    const runs: Uint32Array[] = [];
    for (let from = 0; from < sorted.length; ) {
      let [last, behind] = [from, sorted.length];
      while (behind - last > 1) {
        const middle = Math.floor((last + behind) / 2);
        if (of(middle) === of(from)) last = middle;
        else behind = middle;
      }
      runs.push(sorted.subarray(from, behind));
      from = behind;
    }
    return runs;
  }

  /** Those of which it is known with what source they left. */
  shownOf(rows: Uint32Array): Uint32Array {
    const { space, at, seen } = this;
    const { mark } = space;
    const places = space.put(rows);
    const count = space.pack.shownRows(seen.port, at.event, DROPPED, places, rows.length);
    space.release(mark);
    return space.words(places, count).slice();
  }

  summaryOf(rows: Uint32Array): Summary {
    const { space, at } = this;
    const { mark } = space;
    const [places, out] = [space.put(rows), space.room(32)];
    space.pack.boundsOf(at.atUs, at.lastedUs, places, rows.length, out);
    const [sinceUs = 0, lastAtUs = 0, untilUs = 0, longestUs = 0] = space.doubles(out, 4);
    const found = space.pack.bytesIn(at.kind, places, rows.length);
    const kinds = KINDS.filter((_, code) => ((found >> BigInt(code)) & 1n) === 1n).sort();
    space.release(mark);
    return { rows: rows.length, sinceUs, lastAtUs, untilUs, kinds, longestUs };
  }

  #key(): number {
    return this.space.room(this.columns.length * 4);
  }
}

function ranksOf(six: ReadonlyMap<number, AddressNumber>): ReadonlyMap<string, number> {
  const all = new Map([...six.values()].map((address) => [`${address.hi} ${address.lo}`, address]));
  const sorted = [...all].sort(([, a], [, b]) => (a.hi === b.hi ? Number(a.lo > b.lo) * 2 - 1 : a.hi > b.hi ? 1 : -1));
  return new Map(sorted.map(([text], rank) => [text, rank]));
}
