import type { Endpoint, LogRow } from "../row.ts";

/**
 * How many different rows there are that begin in a time; null: in any. A hash only says which rows to compare, so the
 * count is exact.
 */
export function countDistinct(
  rows: readonly LogRow[],
  time: { readonly firstUs: number; readonly lastUs: number } | null,
): number {
  const size = 2 ** Math.ceil(Math.log2(rows.length * 2 + 2));
  const table: Table = { places: new Int32Array(size).fill(-1), hashes: new Int32Array(size), rows };
  let count = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    if (row === undefined || (time !== null && (row.atUs < time.firstUs || row.atUs > time.lastUs))) continue;
    if (add(table, index, row)) count += 1;
  }
  return count;
}

interface Table {
  /** Of rows; -1: free. */
  readonly places: Int32Array;
  /** Beside them, since a row itself is far away in memory. */
  readonly hashes: Int32Array;
  readonly rows: readonly LogRow[];
}

/** @returns false: an equal row is there. */
function add({ places, hashes, rows }: Table, index: number, row: LogRow): boolean {
  const mask = places.length - 1;
  const hash = hashOf(row);
  let slot = hash & mask;
  for (let place = places[slot] ?? -1; place !== -1; place = places[slot] ?? -1) {
    if (hashes[slot] === hash && isSame(rows[place], row)) return false;
    slot = (slot + 1) & mask;
  }
  places[slot] = index;
  hashes[slot] = hash;
  return true;
}

/** What differs from row to row in most logs; the finish of MurmurHash3. */
function hashOf({ atUs, before, seen, destination }: LogRow): number {
  let hash = Math.imul(atUs | 0, 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 15) ^ (before?.port ?? 77), 0x1b873593);
  hash = Math.imul((hash ^ (hash >>> 15)) + ((seen?.port ?? 99) << 16) + (destination?.port ?? 55), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const isSame = (a: LogRow | undefined, b: LogRow): boolean =>
  a !== undefined &&
  a.atUs === b.atUs &&
  a.untilUs === b.untilUs &&
  a.kind === b.kind &&
  a.strength === b.strength &&
  a.event === b.event &&
  a.workload === b.workload &&
  a.reporter === b.reporter &&
  a.protocol === b.protocol &&
  isSameEnd(a.before, b.before) &&
  isSameEnd(a.seen, b.seen) &&
  isSameEnd(a.destination, b.destination);

const isSameEnd = (a: Endpoint | null, b: Endpoint | null): boolean =>
  a === null || b === null ? a === b : a.address === b.address && a.port === b.port;
